"""What a component looks like from outside, and what a reviewer may send back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from digitize_api.dossiers.schemas import HolderOut
from digitize_api.scans.schemas import FailureOut, GradeOut, PaperType, RegionOut, component_links, paper_type_of
from models.catalog import Exclusion, ScopeClass, default_catalog
from models.entities import Component, ComponentState, ComponentVersion, Page
from models.fields import DATE_FIELDS, FIELD_NAMES, left_open, with_values
from models.rules.reasons import Reason

MAX_VALUE = 1000


def known_field(name: str) -> str:
    """One of Điều 9, or of a paper type of the catalog; ``ValueError``."""
    if name not in FIELD_NAMES and name not in _catalog_fields():
        raise ValueError("no such field")
    return name


@cache
def _catalog_fields() -> frozenset[str]:
    return frozenset(field.name for paper in default_catalog().paper_types.values() for field in paper.fields)


FieldName = Annotated[str, AfterValidator(known_field)]


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
    open_fields: dict[str, Any] = Field(description="why the others are open: {reason, page, box, symbol …}")
    holder: HolderOut | None
    attributes: list[str] = Field(description="bản sao, trích lục, sao y ...: what the page says of itself")
    flags: list[Any] = Field(description="what a person should look at: {code, field, page, box, detail}")
    slot: str | None = Field(description="the procedure's component that it fills")
    scope: dict[str, Any] = Field(
        description="why it is digitised or not (Điều 4): {class | exclusion, reason, compared_by, by}"
    )
    signature: str = Field(description="not_required while the rule set says so", examples=["not_required"])
    code: str | None = Field(description="mã kết quả số hóa")
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
            fields=with_values(component.fields),
            open_fields=left_open(component.fields),
            holder=HolderOut.of(component.dossier.holder) if component.dossier.holder else None,
            attributes=component.attributes,
            flags=component.flags,
            slot=component.slot,
            scope=component.scope,
            signature=component.signature,
            code=component.code,
            state=component.state,
            version=component.version,
            pdf=PdfOut(bytes=component.pdf_bytes, sha256=component.pdf_sha256) if ready else None,
            pages=[ComponentPage.of(page, component) for page in pages],
            created_at=component.created_at,
            links={**component_links(component), "dossier": f"/api/v1/dossiers/{component.dossier.code}"},
        )


class ReasonOut(BaseModel):
    """Why something can't be done. ``code``: stable; ``field``: the field it is about."""

    code: str
    vi: str
    en: str
    field: str | None = None
    since: date | None = None

    @staticmethod
    def of(reason: Reason) -> ReasonOut:
        return ReasonOut(**asdict(reason))


class NextStep(BaseModel):
    to: str = Field(examples=["checked"])
    reasons: list[ReasonOut] = Field(description="empty: the step may be taken")


class StepIn(BaseModel):
    """Take the component on to ``to``, through every state before it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"version": 3, "to": "stored"}]})
    version: int = Field(ge=1, description="of the component that was looked at")
    to: ComponentState


class ScannedAgainIn(BaseModel):
    """Why the paper was scanned though the warehouse held a valid result of it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "bản trong kho thiếu trang sau"}]},
    )
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]


class VersionOut(BaseModel):
    """What the component said at ``version``, until somebody corrected it."""

    version: int
    content: dict[str, Any]
    replaced_at: datetime
    replaced_by: str
    reason: str

    @staticmethod
    def of(version: ComponentVersion) -> VersionOut:
        return VersionOut.model_validate(version, from_attributes=True)


class ScopeIn(BaseModel):
    """Why the paper is digitised (``class``), or is not (``exclusion``), TT 01/2023 Điều 4. ``compared``: the original was shown."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    scope_class: ScopeClass | None = Field(default=None, alias="class")
    exclusion: Exclusion | None = None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] | None = None
    request: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] | None = Field(
        default=None, description="class d: who asked, and when"
    )
    compared: bool | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.scope_class is not None and self.exclusion is not None:
            raise ValueError("a class or an exclusion, not both")
        if self.scope_class is ScopeClass.ON_DEMAND and not self.request:
            raise ValueError("class d needs the request")
        return self


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
    confirmed: list[FieldName] = Field(default=[], description="fields whose doubtful value is right")
    absent: list[FieldName] = Field(default=[], description="fields that the paper does not have")
    slot: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{0,60}$")] | None = None
    scope: ScopeIn | None = None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""

    @field_validator("fields")
    @classmethod
    def _known_fields(cls, value: dict[str, str | None] | None) -> dict[str, str | None] | None:
        for name, text in (value or {}).items():
            known_field(name)
            if name in DATE_FIELDS and text:
                date.fromisoformat(text)
        return value
