"""What a scan looks like from outside: states, warnings and grades, never the text (that is the component's)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from models.arrangements import done_serial, is_pending
from models.entities import Component, Event, Page, PageState, Scan
from models.neighbours import skew_deviations


class FailureOut(BaseModel):
    code: str = Field(examples=["ENCRYPTED_PDF"])
    detail: str


class GradeOut(BaseModel):
    """Word confidence, 0 to 1: mean, and the 5th percentile."""

    mean: float
    low: float


class RegionOut(BaseModel):
    """Where a warning is about. ``box``: x0, y0, x1, y1 in pixels of the page, of the picture as it came until the page is read."""

    code: str = Field(examples=["BLURRED"])
    box: tuple[int, int, int, int]
    place: str = Field(
        description="top_left | top | top_right | left | middle | right | bottom_left | bottom | bottom_right | page"
    )


class PageOut(BaseModel):
    """One page; ``number`` counts from 1 within the scan, in the order that it is arranged in."""

    number: int
    source_number: int = Field(description="its number in the file that was posted; never changes")
    left_out: bool = Field(description="somebody wants it in no paper: it is not searched and in no PDF")
    state: str = Field(description="pending | read | failed")
    width: int | None
    height: int | None
    dpi: float | None
    origin: str | None = Field(description="raster | text | relayered")
    rotation: int
    skew: float
    skew_from_neighbours: float | None = Field(
        description="degrees that it leans from the pages around it, once all are read"
    )
    blank: bool
    warnings: list[str]
    warning_regions: list[RegionOut]
    grade: GradeOut | None
    engine: str | None
    seconds: dict[str, Any]
    failure: FailureOut | None

    @staticmethod
    def of(page: Page, skew_from_neighbours: float | None) -> PageOut:
        graded = page.grade_mean is not None and page.grade_low is not None
        return PageOut(
            number=page.number,
            source_number=page.source_number,
            left_out=page.left_out,
            state=page.state,
            width=page.width,
            height=page.height,
            dpi=page.dpi,
            origin=page.origin,
            rotation=page.rotation,
            skew=page.skew,
            skew_from_neighbours=skew_from_neighbours,
            blank=page.blank,
            warnings=page.warnings,
            warning_regions=[RegionOut(**region) for region in page.warning_regions],
            grade=GradeOut(mean=page.grade_mean or 0.0, low=page.grade_low or 0.0) if graded else None,
            engine=page.engine,
            seconds=page.seconds,
            failure=FailureOut(code=page.failure_code, detail=page.failure_detail or "") if page.failure_code else None,
        )


class SignatureOut(BaseModel):
    """A digital signature inside the posted file. Whether the signer's authority is to be trusted is not judged."""

    field: str | None = Field(description="its name in the PDF's form; null: signed in a way that can't be understood")
    signer: str | None = Field(description="common name in the signer's certificate", examples=["UBND TỈNH MẪU"])
    organization: str | None
    signed_at: datetime | None = Field(description="as the signer says it")
    timestamp: datetime | None = Field(description="as a time-stamping authority says it")
    intact: bool | None = Field(description="the signed bytes are unchanged; null: can't be checked, see problem")
    valid: bool | None = Field(description="the signature is the certificate's")
    covers: str | None = Field(description="file | revision (more was added later) | part")
    problem: str | None


class PaperType(BaseModel):
    id: str = Field(examples=["quyet_dinh"])
    score: float | None
    alternatives: list[Any] = Field(default_factory=list)


class ComponentRef(BaseModel):
    """One paper found in the scan. ``pages``: page numbers of the scan."""

    id: str
    position: int
    pages: list[int]
    title: str
    paper_type: PaperType | None
    state: str
    version: int
    links: dict[str, str]

    @staticmethod
    def of(component: Component) -> ComponentRef:
        return ComponentRef(
            id=component.id,
            position=component.position,
            pages=list(range(component.first_page, component.last_page + 1)),
            title=component.title,
            paper_type=paper_type_of(component),
            state=component.state,
            version=component.version,
            links=component_links(component),
        )


class TimelineEntry(BaseModel):
    id: int
    at: datetime
    kind: str
    data: dict[str, Any]

    @staticmethod
    def of(event: Event) -> TimelineEntry:
        return TimelineEntry(id=event.id, at=event.at, kind=event.kind, data=event.data)


class ScanSummary(BaseModel):
    id: str
    dossier: str
    filename: str
    media_type: str
    bytes: int
    sha256: str
    queue: str
    state: str = Field(
        description="received | reading | assembling | done | refused | blocked_secret | failed | withdrawn"
    )
    page_count: int | None
    pages_read: int
    pages_failed: int
    refused: FailureOut | None
    arranging: bool = Field(
        description="a worker is still to move, leave out, part, join or turn its pages as somebody asked"
    )
    arrangement: int = Field(description="which arrangement its page numbers are of, for `as_of`; 0: as they came")
    signatures: list[SignatureOut] | None = Field(
        description="of the posted file, in the order of signing; null: not looked at yet"
    )
    created_at: datetime
    finished_at: datetime | None
    components: list[ComponentRef]
    links: dict[str, str]

    @staticmethod
    def of(scan: Scan, dossier_code: str) -> ScanSummary:
        return ScanSummary(**_common(scan, dossier_code))


class ScanOut(ScanSummary):
    pages: list[PageOut]
    timeline: list[TimelineEntry]

    @staticmethod
    def full(scan: Scan, dossier_code: str, timeline: list[Event]) -> ScanOut:
        return ScanOut(
            **_common(scan, dossier_code),
            pages=_pages(scan.pages),
            timeline=[TimelineEntry.of(event) for event in timeline],
        )


def _pages(pages: Sequence[Page]) -> list[PageOut]:
    read = all(page.state != PageState.PENDING for page in pages)
    # Only pages that were read off their picture were straightened. Neighbours are those of the file, as the feeder took them.
    fed = sorted(pages, key=lambda page: page.source_number)
    skews = [(page.source_number, page.skew if read and page.engine and page.text else None) for page in fed]
    off = skew_deviations(skews)
    return [PageOut.of(page, off.get(page.source_number)) for page in pages]


def component_links(component: Component) -> dict[str, str]:
    base = f"/api/v1/components/{component.id}"
    links = {"self": base, "scan": f"/api/v1/scans/{component.scan_id}"}
    if component.pdf_key is not None:
        links["pdf"] = f"{base}/pdf"
    return links


def paper_type_of(component: Component) -> PaperType | None:
    if component.paper_type is None:
        return None
    return PaperType(
        id=component.paper_type, score=component.paper_type_score, alternatives=component.paper_type_alternatives
    )


def _common(scan: Scan, dossier_code: str) -> dict[str, Any]:
    base = f"/api/v1/scans/{scan.id}"
    refused = FailureOut(code=scan.refused_code, detail=scan.refused_detail or "") if scan.refused_code else None
    return {
        "id": scan.id,
        "dossier": dossier_code,
        "filename": scan.filename,
        "media_type": scan.media_type,
        "bytes": scan.bytes,
        "sha256": scan.sha256,
        "queue": scan.queue,
        "state": scan.state,
        "page_count": scan.page_count,
        "pages_read": sum(page.state == "read" for page in scan.pages),
        "pages_failed": sum(page.state == "failed" for page in scan.pages),
        "refused": refused,
        "arranging": is_pending(scan),
        "arrangement": done_serial(scan),
        "signatures": scan.signatures,
        "created_at": scan.created_at,
        "finished_at": scan.finished_at,
        "components": [ComponentRef.of(component) for component in scan.components],
        "links": {"self": base, "events": f"{base}/events", "dossier": f"/api/v1/dossiers/{dossier_code}"},
    }
