"""What a component looks like from outside, and what a reviewer may send back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from digitize_api.dossiers.schemas import HolderOut
from digitize_api.scans.schemas import FailureOut, GradeOut, PaperType, RegionOut, component_links, paper_type_of
from models.entities import Component, Page
from models.fields import DATE_FIELDS, FIELD_NAMES

MAX_VALUE = 1000


class ComponentPage(BaseModel):
    """One page of the paper: ``number`` counts from 1 within the component, as in its PDF; ``scan_page`` within the scan."""

    number: int
    scan_page: int
    width: int | None
    height: int | None
    blank: bool
    warnings: list[str]
    warning_regions: list[RegionOut]
    grade: GradeOut | None
    text: str
    failure: FailureOut | None
    links: dict[str, str]

    @staticmethod
    def of(page: Page, component: Component) -> ComponentPage:
        number = page.number - component.first_page + 1
        graded = page.grade_mean is not None and page.grade_low is not None
        links = {"image": f"/api/v1/components/{component.id}/pages/{number}.jpg"} if page.image_key else {}
        return ComponentPage(
            number=number,
            scan_page=page.number,
            width=page.width,
            height=page.height,
            blank=page.blank,
            warnings=page.warnings,
            warning_regions=[RegionOut(**region) for region in page.warning_regions],
            grade=GradeOut(mean=page.grade_mean or 0.0, low=page.grade_low or 0.0) if graded else None,
            text=page.text,
            failure=FailureOut(code=page.failure_code, detail=page.failure_detail or "") if page.failure_code else None,
            links=links,
        )


class PdfOut(BaseModel):
    bytes: int | None
    sha256: str | None


class ComponentOut(BaseModel):
    id: str
    dossier: str
    scan: str
    position: int
    title: str
    paper_type: PaperType | None
    fields: dict[str, Any] = Field(description="by name: {value, confidence, page, box, source}, or null when unread")
    holder: HolderOut | None
    state: str
    version: int = Field(description="send it back with a correction")
    pdf: PdfOut | None
    pages: list[ComponentPage]
    created_at: datetime
    links: dict[str, str]

    @staticmethod
    def of(component: Component, pages: list[Page]) -> ComponentOut:
        ready = component.pdf_key is not None
        return ComponentOut(
            id=component.id,
            dossier=component.dossier.code,
            scan=component.scan_id,
            position=component.position,
            title=component.title,
            paper_type=paper_type_of(component),
            fields=component.fields,
            holder=HolderOut.of(component.dossier.holder) if component.dossier.holder else None,
            state=component.state,
            version=component.version,
            pdf=PdfOut(bytes=component.pdf_bytes, sha256=component.pdf_sha256) if ready else None,
            pages=[ComponentPage.of(page, component) for page in pages],
            created_at=component.created_at,
            links={**component_links(component), "dossier": f"/api/v1/dossiers/{component.dossier.code}"},
        )


class Correction(BaseModel):
    """A reviewer's word on a component. Only what is sent changes; a field set to ``null`` was not there to read."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"version": 1, "paper_type": "quyet_dinh", "fields": {"number": "383/QĐ-UBND", "signer": None}}
            ]
        },
    )
    version: int = Field(ge=1, description="of the component that was looked at")
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] | None = None
    paper_type: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")] | None = None
    fields: dict[str, Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_VALUE)] | None] | None = (
        None
    )

    @field_validator("fields")
    @classmethod
    def _known_fields(cls, value: dict[str, str | None] | None) -> dict[str, str | None] | None:
        for name, text in (value or {}).items():
            if name not in FIELD_NAMES:
                raise ValueError("no such field")
            if name in DATE_FIELDS and text:
                date.fromisoformat(text)
        return value
