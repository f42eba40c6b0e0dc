"""What a search finds."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from digitize_api.dossiers.schemas import HolderOut
from digitize_api.scans.schemas import PaperType, component_links, paper_type_of
from models.entities import Component
from models.search import HIT_END, HIT_START, Hit


class SnippetPart(BaseModel):
    text: str
    hit: bool


class ResultOut(BaseModel):
    """A component and its best page. ``page`` counts within the component, as in its PDF; ``scan_page`` within the scan."""

    component: str
    dossier: str
    title: str
    filename: str = Field(description="of the scan it is in")
    paper_type: PaperType | None
    number: str | None = Field(description="số, ký hiệu, when it could be read")
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
    def of(hit: Hit, component: Component) -> ResultOut:
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


class ResultsOut(BaseModel):
    total: int
    results: list[ResultOut]


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
