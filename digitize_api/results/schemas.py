"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from digitize_api.components.schemas import ReasonOut
from digitize_api.dossiers.schemas import HolderOut
from digitize_api.scans.schemas import PaperType, component_links, paper_type_of
from models.entities import Component, Result, ReuseLink
from models.paper_facts import date_of, value_of
from models.rules.reasons import Reason
from models.search import HIT_END, HIT_START, Hit


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a component may be used again on a day, until when it holds, and what says so (``models.rules.validity``)."""

    reasons: tuple[Reason, ...]
    valid_until: date | None
    expiry_rule: str = "none"


class SnippetPart(BaseModel):
    text: str
    hit: bool


class ResultOut(BaseModel):
    """A component and its best page. ``page`` counts within the component, as in its PDF; ``scan_page`` within the scan."""

    component: str = Field(description="also the result's id once it is stored")
    dossier: str
    title: str
    filename: str = Field(description="of the scan it is in")
    paper_type: PaperType | None
    number: str | None = Field(description="số, ký hiệu, when it could be read")
    issued_on: date | None
    code: str | None = Field(description="mã kết quả số hóa")
    state: str
    valid_until: date | None = Field(description="the last day that it holds; null: no end, or not known")
    expiry_rule: str = Field(description="what set it: `printed`, `none`, or a rule of the catalog")
    reusable: bool = Field(description="on the day asked for (`valid_on`), else today")
    why_not: list[ReasonOut] = Field(description="every reason when it is not reusable")
    holder: HolderOut | None = Field(description="the id number masked")
    page: int
    scan_page: int
    snippet: str = Field(description=f"around the hit, which stands between {HIT_START} and {HIT_END}")
    snippet_parts: list[SnippetPart]
    exact: bool = Field(description="found with the tone marks as typed")
    score: float
    created_at: datetime
    links: dict[str, str]

    @staticmethod
    def of(hit: Hit, component: Component, standing: Standing) -> ResultOut:
        page = hit.page - component.first_page + 1
        holder = component.dossier.holder
        links = component_links(component)
        links["dossier"] = f"/api/v1/dossiers/{component.dossier.code}"
        links["image"] = f"{links['self']}/pages/{page}.jpg"
        links["page"] = f"/components/{component.id}/pages/{page}"
        number = component.fields.get("number") or {}
        return ResultOut(
            component=component.id,
            dossier=component.dossier.code,
            title=component.title,
            filename=component.scan.filename,
            paper_type=paper_type_of(component),
            number=number.get("value"),
            issued_on=date_of(component, "issued_on"),
            code=component.code,
            state=component.state,
            valid_until=standing.valid_until,
            expiry_rule=standing.expiry_rule,
            reusable=not standing.reasons,
            why_not=[ReasonOut.of(reason) for reason in standing.reasons],
            holder=HolderOut.of(holder, masked=True) if holder else None,
            page=page,
            scan_page=hit.page,
            snippet=hit.snippet,
            snippet_parts=split_snippet(hit.snippet),
            exact=hit.exact,
            score=hit.score,
            created_at=component.created_at,
            links=links,
        )


class WarehouseOut(BaseModel):
    """A stored result, with all that became of it."""

    id: str
    component: str
    dossier: str = Field(description="that it came with")
    title: str
    paper_type: str
    number: str | None
    issued_on: date | None
    issuer: str | None
    holder: HolderOut | None
    code: str | None
    version: int
    valid_until: date | None
    expiry_rule: str = Field(description="what set it: `printed`, `none`, or a rule of the catalog")
    scope: str
    signature: str
    stored_at: datetime
    returned_at: datetime | None
    ended_on: date | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    replaced_by: str | None
    reusable: bool
    why_not: list[ReasonOut]
    links: dict[str, str]

    @staticmethod
    def of(result: Result, standing: Standing, *, masked: bool = False) -> WarehouseOut:
        component = result.component
        return WarehouseOut(
            id=result.id,
            component=component.id,
            dossier=component.dossier.code,
            title=component.title,
            paper_type=result.paper_type,
            number=value_of(component, "number"),
            issued_on=result.issued_on,
            issuer=value_of(component, "issuer"),
            holder=HolderOut.of(result.holder, masked=masked) if result.holder else None,
            code=component.code,
            version=component.version,
            valid_until=standing.valid_until,
            expiry_rule=result.expiry_rule,
            scope=result.scope,
            signature=component.signature,
            stored_at=result.stored_at,
            returned_at=result.returned_at,
            ended_on=result.ended_on,
            cancelled_at=result.cancelled_at,
            cancel_reason=result.cancel_reason,
            replaced_by=result.replaced_by_id,
            reusable=not standing.reasons,
            why_not=[ReasonOut.of(reason) for reason in standing.reasons],
            links={
                "self": f"/api/v1/results/{result.id}",
                "uses": f"/api/v1/results/{result.id}/uses",
                **{f"component_{name}": link for name, link in component_links(component).items()},
            },
        )


class ReuseIn(BaseModel):
    """Into which dossier. ``slot``: the procedure's component that it fills; ``purpose``: what it is wanted for."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"dossier": "H56.14-261121-0007", "slot": "ket_hon"}]}
    )
    dossier: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
    slot: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{0,60}$")] = ""
    purpose: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None


class ReuseOut(BaseModel):
    """A result used in a dossier; a link, never a copy."""

    id: str
    result: str
    version: int = Field(description="of the result's component, as it was then")
    dossier: str
    slot: str
    state: str = Field(description="2: used again; 3: the result of another dossier", examples=["3"])
    actor: str
    at: datetime

    @staticmethod
    def of(link: ReuseLink, dossier_code: str) -> ReuseOut:
        return ReuseOut(
            id=link.id,
            result=link.result_id,
            version=link.version,
            dossier=dossier_code,
            slot=link.slot,
            state=link.state,
            actor=link.actor,
            at=link.at,
        )


class CancelIn(BaseModel):
    """Why the result is without effect, and which one stands in its place."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]
    replaced_by: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] | None = None


class CancelOut(BaseModel):
    result: WarehouseOut
    to_notify: list[ReuseOut] = Field(description="the dossiers that used it (R28)")


class EndIn(BaseModel):
    """What the paper certifies changed on that day."""

    model_config = ConfigDict(extra="forbid")
    ended_on: date
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]


class ResultsOut(BaseModel):
    total: int
    results: list[ResultOut]
    at_least: bool = Field(
        default=False, description="there are more than `total`, which were not counted; the newest are shown"
    )
    misread: bool = Field(
        default=False,
        description="no paper has the words as given; these have them but for one wrong letter of one word",
    )


def split_snippet(snippet: str) -> list[SnippetPart]:
    """The snippet as plain and marked parts, so that nobody has to put markup into text."""
    parts: list[SnippetPart] = []
    for index, piece in enumerate(snippet.split(HIT_START)):
        marked, end, plain = piece.partition(HIT_END) if index else ("", "", piece)
        if index and not end:
            marked, plain = "", piece
        parts += [SnippetPart(text=text, hit=hit) for text, hit in ((marked, True), (plain, False)) if text]
    return _joined(parts)


def _joined(parts: list[SnippetPart]) -> list[SnippetPart]:
    """Marked words that only white space parts become one mark, as a reader sees a phrase."""
    joined: list[SnippetPart] = []
    for part in parts:
        if part.hit and len(joined) > 1 and joined[-2].hit and joined[-1].text.isspace():
            space = joined.pop()
            joined[-1] = SnippetPart(text=joined[-1].text + space.text + part.text, hit=True)
        else:
            joined.append(part)
    return joined
