"""``/ban-quet/{id}``: the order of a scan's pages, where papers begin, which pages are left out, and which way up they are. A plain form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.responses import RedirectResponse

from digitize_api.arranging import service
from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right
from digitize_api.context import InContext
from digitize_api.language import language_of
from digitize_api.scans import service as scans
from digitize_api.web.arranging.moves import arranged
from digitize_api.web.papers import paper_shown
from digitize_api.web.render import page
from digitize_api.web.session import form_fields, person, sender
from digitize_api.web.words import Words
from models.arrangements import FIXED, TURNS, Wanted, done_serial, is_pending, undoing
from models.catalog import Catalog
from models.entities import Component, Event, Scan, ScanState
from models.errors import Conflict, Hindered, InvalidRequest, PagesMoved

router = APIRouter(prefix="/ban-quet", include_in_schema=False)

Identifier = Annotated[str, Path(max_length=60)]
_TOLD = frozenset({"arranged", "arranging", "arrangement_failed"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page as it is shown. ``place``, ``begins``, ``out``, ``turn``: as they are, or as somebody wanted what was refused.

    ``paper``: the kind of the paper that begins here; ``fixed``: it is of one that is confirmed; ``sheet``: of none, and not left out. ``turns``: it may be
    turned. ``source``: its number in the file.
    """

    number: int
    source: int
    place: int
    begins: bool
    out: bool
    paper: str
    fixed: bool
    sheet: bool
    turns: bool
    turn: int


async def _form(request: Request) -> dict[str, str]:
    return await form_fields(request, most=12_000)


Form = Annotated[Mapping[str, str], Depends(_form)]


@router.get("/{scan_id}")
def arrange_page(
    scan_id: Identifier,
    request: Request,
    context: InContext,
    said: Annotated[str, Query(alias="xong", max_length=1)] = "",
) -> Response:
    """The pages in their order. A scan of another agency is not found."""
    principal = person(request, context, Right.REVIEW)
    scan, timeline = scans.load(context, principal, scan_id)
    told = "arrange_same" if said == "0" else ""
    return _shown(request, context, principal, scan, timeline=timeline, told=told)


@router.post("/{scan_id}")
def arrange_form(scan_id: Identifier, request: Request, context: InContext, form: Form) -> Response:
    """``b-N``: a paper begins at page N; ``t-N``: turn it by so many degrees; ``o-N``: its place from now on; ``x-N``: leave it out.

    ``exact``: the page's script has moved the marks of papers along with the pages. ``undo``: none of it, but back to how it was before the last
    arrangement.
    """
    principal = sender(request, context, Right.REVIEW, form.get("csrf_token", ""))
    wanted = _wanted(form)
    if form.get("undo") == "1":
        back = undoing(scans.load(context, principal, scan_id)[0])
        wanted = replace(back or Wanted(), as_of=wanted.as_of)
    try:
        _, todo = service.arrange(context, principal, scan_id, wanted)
    except (Conflict, InvalidRequest) as error:
        scan, timeline = scans.load(context, principal, scan_id)
        still = None if isinstance(error, PagesMoved) else wanted
        return _shown(
            request,
            context,
            principal,
            scan,
            timeline=timeline,
            problem=error,
            wanted=still,
            status_code=error.status,
        )
    return RedirectResponse(f"/ban-quet/{scan_id}?xong={int(todo)}", status_code=303)


def _wanted(form: Mapping[str, str]) -> Wanted:
    begins = frozenset(_numbered(form, "b-"))
    places = {number: _number(form[f"o-{number}"]) or number for number in _numbered(form, "o-")}
    order, marks = arranged(places, begins)
    as_of = form.get("as_of", "")
    return Wanted(
        begins=marks if order != tuple(sorted(places)) and form.get("exact") != "1" else begins,
        turned={
            number: int(form[f"t-{number}"])
            for number in _numbered(form, "t-")
            if form[f"t-{number}"] in map(str, TURNS)
        },
        order=order or None,
        left_out=frozenset(_numbered(form, "x-")),
        as_of=_number(as_of) if as_of != "0" else 0,
    )


def _number(text: str) -> int | None:
    """A number from 1 of at most six digits, else nothing."""
    text = text.strip()
    return int(text) or None if text.isascii() and text.isdecimal() and len(text) < 7 else None


def _numbered(form: Mapping[str, str], prefix: str) -> list[int]:
    return [int(key[2:]) for key in form if key.startswith(prefix) and key[2:].isascii() and key[2:].isdecimal() and len(key) < 9]  # fmt: skip


def _shown(
    request: Request,
    context: InContext,
    principal: Principal,
    scan: Scan,
    *,
    timeline: list[Event],
    told: str = "",
    problem: Conflict | InvalidRequest | None = None,
    wanted: Wanted | None = None,
    status_code: int = 200,
) -> Response:
    words = Words(language_of(request))
    last = next((event.kind for event in reversed(timeline) if event.kind in _TOLD), "")
    return page(
        request,
        "arrange.html",
        principal,
        status_code=status_code,
        scan=scan,
        leaves=_leaves(scan, wanted, context.read_catalog(), words),
        as_of=done_serial(scan),
        undoable=problem is None and undoing(scan) is not None,
        ready=scan.state == ScanState.DONE,
        pending=is_pending(scan),
        failed=last == "arrangement_failed",
        told=told,
        problem=problem,
        reasons=problem.reasons if isinstance(problem, Hindered) else [],
        language=words.language,
    )


def _leaves(scan: Scan, wanted: Wanted | None, catalog: Catalog, words: Words) -> list[Leaf]:
    """By place."""
    pages = {page.number: page for page in scan.pages}
    papers = {
        number: component
        for component in scan.components
        for number in range(component.first_page, component.last_page + 1)
    }
    begins = {component.first_page for component in scan.components}
    out = {number for number, page in pages.items() if page.left_out}
    sheets = (pages.keys() - papers.keys() - out) if papers else set()
    order: Sequence[int] = tuple(pages)
    turned: Mapping[int, int] = {}
    if wanted is not None:
        begins, out, turned = set(wanted.begins or begins), set(wanted.left_out or ()), wanted.turned
        order = wanted.order if wanted.order and sorted(wanted.order) == list(pages) else order
    return [
        Leaf(
            number=number,
            source=pages[number].source_number,
            place=place,
            begins=number in begins or place == 1,
            out=number in out,
            paper=paper_shown(papers[number], catalog, words).kind if _begins_now(number, papers) else "",
            fixed=number in papers and papers[number].state in FIXED,
            sheet=number in sheets,
            turns=pages[number].origin != "text",
            turn=turned.get(number, 0),
        )
        for place, number in enumerate(order, 1)
    ]


def _begins_now(number: int, papers: Mapping[int, Component]) -> bool:
    return number in papers and papers[number].first_page == number
