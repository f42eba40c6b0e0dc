"""``/tra-cuu`` and a found page with its hits boxed. Everything works without JavaScript; with it results come while somebody types."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qsl, quote

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from pydantic import ValidationError
from starlette.responses import RedirectResponse

from digitize_api.audit import record_look
from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right
from digitize_api.components import service as components
from digitize_api.components.page_words import boxes_of, read_words
from digitize_api.components.schemas import ReasonOut
from digitize_api.context import Context, InContext
from digitize_api.language import language_of
from digitize_api.results import service as results
from digitize_api.results.schemas import ResultOut, ReuseIn
from digitize_api.web.papers import paper_shown
from digitize_api.web.render import page
from digitize_api.web.search_page.shown import FARTHEST, PATH, Search, Validity, badge
from digitize_api.web.session import person, sender
from digitize_api.web.words import Words
from models.entities import Page
from models.errors import DigitizeError, Hindered, InvalidRequest, NotFound
from models.paper_facts import date_of
from models.search.query import Term, parse
from models.search.snippets import places
from models.vietnamese import nfc

router = APIRouter(include_in_schema=False)

Given = Annotated[str, Query(max_length=60)]


def _search(
    *,
    q: Annotated[str, Query(max_length=300)] = "",
    paper_type: Given = "",
    agency: Given = "",
    year: Given = "",
    valid_on: Given = "",
    reusable: Given = "",
    dossier: Given = "",
    slot: Given = "",
    offset: Annotated[int, Query(ge=0, le=FARTHEST)] = 0,
) -> Search:
    return Search(
        q=q,
        paper_type=paper_type,
        agency=agency,
        year=year,
        valid_on=valid_on,
        reusable=bool(reusable),
        dossier=dossier.strip(),
        slot=slot,
        offset=offset,
    )


@router.get("/search")
def old_address(request: Request) -> Response:
    """Where search used to be; links that people kept lead on."""
    return RedirectResponse(PATH + (f"?{request.url.query}" if request.url.query else ""), status_code=308)


@router.get(PATH)
def search_page(request: Request, context: InContext, search: Annotated[Search, Depends(_search)]) -> Response:
    principal = person(request, context, Right.SEARCH)
    return _search_page(request, context, principal, search)


def _search_page(
    request: Request,
    context: Context,
    principal: Principal,
    search: Search,
    *,
    problem: DigitizeError | None = None,
) -> Response:
    found = results.search(context, principal, search.asked())
    catalog, words = context.read_catalog(), Words(language_of(request))
    # The script asks for the part that changes; the same address, opened in a browser, is the whole page.
    partial = request.headers.get("hx-request-type") == "partial"
    values: dict[str, Any] = {
        "search": search,
        "found": found,
        "catalog": catalog,
        "badge_of": lambda result: badge(_validity(result), words, catalog),
    }
    if not partial:
        types = ((code, words.paper_type(code, catalog)) for code in catalog.paper_types)
        values["types"] = sorted(types, key=lambda each: each[1])
        values["agencies"] = results.agencies_of(context, principal)
        values["problem"] = _told(problem, words) if problem else None
    template = "search_results.html" if partial else "search.html"
    response = page(request, template, principal, status_code=problem.status if problem else 200, **values)
    response.headers["Vary"] = "HX-Request-Type"
    return response


def _validity(result: ResultOut) -> Validity:
    paper_type = result.paper_type.id if result.paper_type else None
    return Validity(result.why_not, result.valid_until, result.expiry_rule, paper_type, result.issued_on)


def _told(problem: DigitizeError, words: Words) -> tuple[str, str, list[str]]:
    reasons = problem.reasons if isinstance(problem, Hindered) else ()
    return (*words.error(problem.code), [str(reason["vi" if words.language == "vi" else "en"]) for reason in reasons])


@router.post(f"{PATH}/dung-lai")
def reuse_found(
    *,
    request: Request,
    context: InContext,
    csrf_token: Annotated[str, Form(max_length=100)] = "",
    result: Annotated[str, Form(max_length=60)] = "",
    dossier: Annotated[str, Form(max_length=100)] = "",
    slot: Annotated[str, Form(max_length=100)] = "",
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Use the paper again in a dossier, and go there; a refusal is told above the same results."""
    principal = sender(request, context, Right.REUSE, csrf_token)
    try:
        asked = ReuseIn(dossier=dossier, slot=slot)
        results.reuse(context, principal, result, asked)
    except (ValidationError, DigitizeError) as error:
        problem = error if isinstance(error, DigitizeError) else InvalidRequest()
        principal.demand(Right.SEARCH)
        return _search_page(request, context, principal, _search_of(back), problem=problem)
    return RedirectResponse(f"/dossiers/{quote(asked.dossier, safe='')}#needed", status_code=303)


def _search_of(query: str) -> Search:
    """The search of an address that one of our pages was at; nothing where it is none."""
    given = {name: value[:300] for name, value in parse_qsl(query)}
    offset = given.pop("offset", "0")
    known = {name: value for name, value in given.items() if name in Search.__dataclass_fields__ and name != "reusable"}
    far = int(offset) if offset.isascii() and offset.isdigit() and int(offset) <= FARTHEST else 0
    return Search(**known, reusable=bool(given.get("reusable")), offset=far)


@router.get(f"{PATH}/{{component_id}}/{{number}}")
def found_page(
    component_id: str,
    number: int,
    request: Request,
    context: InContext,
    search: Annotated[Search, Depends(_search)],
) -> Response:
    """A page of a paper, as an image, with what was searched boxed on it."""
    principal = person(request, context, Right.READ_PAPER)
    component, pages = components.load(context, principal, component_id)
    if not 1 <= number <= len(pages):
        raise NotFound
    record_look(context, principal, "page", component=component, page=number)
    catalog, words = context.read_catalog(), Words(language_of(request))
    standing = results.standing_of(context, component, search.day)
    reasons = [ReasonOut.of(reason) for reason in standing.reasons]
    issued = date_of(component, "issued_on")
    held = Validity(reasons, standing.valid_until, standing.expiry_rule, component.paper_type, issued)
    marked = _Marked(context, pages, parse(search.q), number)
    # Beside the results there is room for the page alone.
    partial = request.headers.get("hx-request-type") == "partial"
    response = page(
        request,
        "search_beside.html" if partial else "search_paper.html",
        principal,
        search=search,
        component=component,
        paper=paper_shown(component, catalog, words),
        shown=pages[number - 1],
        number=number,
        count=len(pages),
        boxes=marked.boxes,
        with_words=marked.pages,
        badge=badge(held, words, catalog),
        reusable=not reasons,
    )
    response.headers["Vary"] = "HX-Request-Type"
    return response


class _Marked:
    """``pages``: those with the words, counted within the paper; ``boxes``: where they stand on page ``number`` (x, y, width, height).

    One letter may be wrong where no page of the paper has the words as typed.
    """

    def __init__(self, context: Context, pages: list[Page], terms: tuple[Term, ...], number: int) -> None:
        self.pages: list[int] = []
        self.boxes: list[tuple[float, float, float, float]] = []
        if not terms:
            return
        for misread in (False, True):
            self.pages = [at for at, each in enumerate(pages, 1) if places(nfc(each.text), terms, misread=misread)]
            if self.pages:
                break
        if number in self.pages:
            found = boxes_of(read_words(context.store, pages[number - 1]).lines, terms, misread=misread)
            self.boxes = [(float(x0), float(y0), float(x1 - x0), float(y1 - y0)) for x0, y0, x1, y1 in found]
