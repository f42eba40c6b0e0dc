"""What a batch looks like from outside."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from digitize_api.batches.check import Difference
from digitize_api.dossiers.schemas import AgencyOut
from digitize_api.scans.schemas import FailureOut
from models.batches.entities import Batch, BatchItem, Duplex, ExistingOutput, Layout, PageFailure
from models.batches.progress import Progress
from models.batches.store import Policies


class PoliciesIn(BaseModel):
    """Policies in OCR-D's words; those left out keep their value (of a new batch: the default)."""

    model_config = ConfigDict(extra="forbid")

    procedure: Annotated[str, Field(max_length=50)] | None = None
    layout: Layout | None = Field(
        default=None, description="paper: one file is one paper; stack: parted at separator sheets"
    )
    duplex: Duplex | None = Field(default=None, description="how two sides scanned one after the other come")
    key_pattern: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="regular expression with (?P<key>…) for file names; empty: the whole name"
    )
    code_pattern: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="the same for barcodes and QR codes on the papers; empty: codes are no keys"
    )
    page_failure: PageFailure | None = None
    existing: ExistingOutput | None = None
    max_failure_share: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None, description="abort above it; null: never"
    )
    failure_floor: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None, description="settled items before the share is asked"
    )
    hours: Annotated[str, Field(max_length=100)] | None = Field(
        default=None, description="at +07:00; empty: always", examples=["19:00-06:00"]
    )
    max_under_way: Annotated[int, Field(ge=1, le=1000)] | None = None
    yields: bool | None = Field(default=None, description="posts nothing while the counter's work waits")
    settle_seconds: Annotated[float, Field(ge=0, le=3600)] | None = None

    def given(self) -> dict[str, Any]:
        """Those that were told; ``null`` is a value of ``max_failure_share`` alone."""
        told = {name: getattr(self, name) for name in self.model_fields_set if name in Policies.__dataclass_fields__}
        return {name: value for name, value in told.items() if value is not None or name == "max_failure_share"}


class BatchIn(PoliciesIn):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "Kết quả 2023, kệ 4", "page_failure": "copy", "hours": "19:00-06:00"}]
        },
    )

    name: Annotated[str, Field(min_length=1, max_length=100)]
    agency: Annotated[str, Field(max_length=35)] | None = Field(
        default=None, description="its code; yours when left out"
    )


class BatchChange(PoliciesIn):
    """``state``: run or pause it."""

    state: Literal["running", "paused"] | None = None


class PoliciesOut(BaseModel):
    procedure: str
    layout: str
    duplex: str
    key_pattern: str
    code_pattern: str
    page_failure: str
    existing: str
    max_failure_share: float | None
    failure_floor: int
    hours: str
    max_under_way: int
    yields: bool
    settle_seconds: float


class ProgressOut(BaseModel):
    """``items``: by state. ``settled`` of ``total`` is the bar. ``pages_per_hour``: over the last hour."""

    items: dict[str, int]
    total: int
    settled: int
    pages: int
    pages_failed: int
    done_today: int
    bytes: int
    pages_per_hour: float | None
    ends_at: datetime | None = Field(description="at this pace, within the batch's hours")
    opens_at: datetime | None = Field(description="it waits for its hours until then")

    @staticmethod
    def of(progress: Progress) -> ProgressOut:
        return ProgressOut(
            items=progress.states,
            total=progress.total,
            settled=progress.settled,
            pages=progress.pages,
            pages_failed=progress.pages_failed,
            done_today=progress.done_today,
            bytes=progress.bytes,
            pages_per_hour=None if progress.per_hour is None else round(progress.per_hour, 1),
            ends_at=progress.ends_at,
            opens_at=progress.opens_at,
        )


class BatchOut(BaseModel):
    id: str
    name: str
    agency: AgencyOut
    state: str = Field(description="new | running | paused | aborted")
    aborted: FailureOut | None = Field(description="why: PAGE_FAILED or FAILURE_SHARE")
    policies: PoliciesOut
    progress: ProgressOut
    created_by: str
    created_at: datetime
    started_at: datetime | None
    links: dict[str, str]

    @staticmethod
    def of(batch: Batch, progress: Progress) -> BatchOut:
        base = f"/api/v1/batches/{batch.id}"
        aborted = FailureOut(code=batch.state_code, detail=batch.state_detail or "") if batch.state_code else None
        return BatchOut(
            id=batch.id,
            name=batch.name,
            agency=AgencyOut(code=batch.agency.code, name=batch.agency.name),
            state=batch.state,
            aborted=aborted,
            policies=PoliciesOut(**asdict(Policies.of(batch))),
            progress=ProgressOut.of(progress),
            created_by=batch.created_by,
            created_at=batch.created_at,
            started_at=batch.started_at,
            links={"self": base, "items": f"{base}/items", "events": f"{base}/events", "report": f"{base}/report.csv"},
        )


class BatchList(BaseModel):
    batches: list[BatchOut]


class ItemOut(BaseModel):
    """One document. ``path``: where it came from; of several files the first."""

    number: int
    path: str
    filename: str
    bytes: int
    sha256: str | None = Field(description="of the document as posted; null for one that was refused")
    key: str | None = Field(description="of the inventory")
    key_from: str | None = Field(description="name | manifest | sheet | code")
    state: str = Field(description="waiting | posted | done | failed | refused | skipped | duplicate | again")
    reason: FailureOut | None
    pages: int | None
    pages_failed: int
    dossier: str | None
    scan: str | None
    components: int
    posted_at: datetime | None
    settled_at: datetime | None

    @staticmethod
    def of(item: BatchItem) -> ItemOut:
        scan = item.scan
        return ItemOut(
            number=item.number,
            path=item.path,
            filename=item.filename,
            bytes=item.bytes,
            sha256=item.sha256,
            key=item.key,
            key_from=item.key_from,
            state=item.state,
            reason=FailureOut(code=item.reason_code, detail=item.reason_detail or "") if item.reason_code else None,
            pages=item.pages,
            pages_failed=item.pages_failed,
            dossier=scan.dossier.code if scan else None,
            scan=scan.id if scan else None,
            components=len(scan.components) if scan else 0,
            posted_at=item.posted_at,
            settled_at=item.settled_at,
        )


class ItemList(BaseModel):
    """``next``: what ``after`` to ask for next; null at the end."""

    items: list[ItemOut]
    next: int | None


class DifferenceOut(BaseModel):
    what: str = Field(
        description="original_missing | original_changed | pdf_missing | pdf_changed | no_pdf | no_scan | not_done | withdrawn | other_bytes"
    )
    path: str
    number: int | None
    detail: str

    @staticmethod
    def of(difference: Difference) -> DifferenceOut:
        return DifferenceOut(**asdict(difference))


class VerificationOut(BaseModel):
    """``differences``: the first of them; ``more``: there are others."""

    differences: list[DifferenceOut]
    more: bool


class AgainOut(BaseModel):
    items: int = Field(description="that are tried again")
    batch: BatchOut
