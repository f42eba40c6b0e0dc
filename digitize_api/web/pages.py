"""The plain pages. They call the same services as the API; without JavaScript every one but the upload still works."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import ValidationError
from starlette.responses import RedirectResponse

from digitize_api.audit import record_look
from digitize_api.auth import login
from digitize_api.auth.principal import Principal, check_csrf, identify
from digitize_api.auth.rights import Right
from digitize_api.components import service as components
from digitize_api.context import Context, InContext
from digitize_api.dossiers import service as dossiers
from digitize_api.dossiers.schemas import DossierIn, HolderIn
from digitize_api.language import COOKIE as LANGUAGE_COOKIE
from digitize_api.language import LANGUAGES, language_of
from digitize_api.problems import Problem
from digitize_api.results import service as results
from digitize_api.results.schemas import ReuseIn
from digitize_api.scans import service as scans
from digitize_api.web.papers import NeededShown, needed_shown, paper_shown
from digitize_api.web.render import asset, page
from digitize_api.web.words import Words
from models.catalog import Catalog
from models.errors import DigitizeError, InvalidRequest, NotAuthenticated, NotFound, catalogue

router = APIRouter()

RECENT = 20
RESULTS = 20
YEAR = 365 * 24 * 3600


class SignInFirst(Exception):
    """Nobody is signed in; ``back`` is where to return to."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back


def _person(request: Request, context: Context, right: Right | None = None) -> Principal:
    """Who is signed in; pages are for people, so a missing session leads to the sign-in page."""
    try:
        principal = identify(request, context)
    except NotAuthenticated as error:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        raise SignInFirst(back if request.method == "GET" else "/") from error
    if right is not None:
        principal.demand(right)
    return principal


async def sign_in_first(_request: Request, where: Exception) -> Response:
    """The handler of ``SignInFirst``."""
    back = where.back if isinstance(where, SignInFirst) else "/"
    return RedirectResponse(f"/login?next={quote(back, safe='')}", status_code=303)


def _catalog(context: Context) -> Catalog:
    with context.reading() as session:
        return context.catalog.get(session)


def _own_path(target: str) -> str:
    """A path of ours, whatever was asked for (no open redirect)."""
    parts = urlsplit(target)
    ours = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if ours and not any(ord(char) < 32 for char in target) else "/"


@router.get("/login")
def login_form(request: Request, next_: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> Response:
    return page(request, "login.html", next=_own_path(next_), name="", problem=None)


@router.post("/login")
def login_submit(
    request: Request,
    context: InContext,
    name: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=500)] = "",
    next_: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    words = Words(language_of(request))
    try:
        made, _ = login.sign_in(request, context, name.strip(), password)
    except DigitizeError as error:
        wrong = isinstance(error, NotAuthenticated)
        problem = words("wrong_password") if wrong else " ".join(words.error(error.code))
        return page(
            request, "login.html", status_code=error.status, next=_own_path(next_), name=name.strip(), problem=problem
        )
    response = RedirectResponse(_own_path(next_), status_code=303)
    login.set_cookie(request, response, context, made.token)
    return response


@router.post("/logout")
def logout(request: Request, context: InContext, csrf_token: Annotated[str, Form(max_length=100)] = "") -> Response:
    check_csrf(_person(request, context), csrf_token)
    login.sign_out(request, context)
    response = RedirectResponse("/login", status_code=303)
    login.clear_cookie(response)
    return response


@router.get("/language/{language}")
def choose_language(language: str, request: Request, back: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    if language not in LANGUAGES:
        raise NotFound
    response = RedirectResponse(_own_path(back), status_code=303)
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=YEAR, samesite="lax", httponly=True, secure=request.url.scheme == "https"
    )
    return response


@router.get("/")
def counter(request: Request, context: InContext, code: Annotated[str | None, Query(max_length=60)] = None) -> Response:
    principal = _person(request, context, Right.READ_DOSSIER)
    if code:
        return RedirectResponse(f"/dossiers/{quote(code.strip(), safe='')}", status_code=303)
    return _counter(request, context, principal)


def _counter(
    request: Request,
    context: Context,
    principal: Principal,
    *,
    problem: DigitizeError | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    recent = dossiers.recent(context, principal, RECENT)
    words = Words(language_of(request))
    return page(
        request,
        "counter.html",
        principal,
        status_code=problem.status if problem else 200,
        recent=recent,
        given=given or {"title": "", "procedure": "", "holder_id": "", "holder_name": ""},
        problem=words.error(problem.code) if problem else None,
    )


@router.post("/dossiers")
def create_dossier(
    *,
    request: Request,
    context: InContext,
    csrf_token: Annotated[str, Form(max_length=100)] = "",
    title: Annotated[str, Form()] = "",
    procedure: Annotated[str, Form()] = "",
    holder_id: Annotated[str, Form()] = "",
    holder_name: Annotated[str, Form()] = "",
) -> Response:
    principal = _person(request, context, Right.CREATE_DOSSIER)
    check_csrf(principal, csrf_token)
    given = {"title": title, "procedure": procedure, "holder_id": holder_id, "holder_name": holder_name}
    try:
        holder = HolderIn(id_number=holder_id.strip() or None, name=holder_name) if holder_id or holder_name else None
        asked = DossierIn(title=title, procedure=procedure, holder=holder)
        created = dossiers.create(context, principal, asked)
    except ValidationError:
        return _counter(request, context, principal, problem=InvalidRequest(), given=given)
    except DigitizeError as problem:
        return _counter(request, context, principal, problem=problem, given=given)
    return RedirectResponse(f"/dossiers/{quote(created.code, safe='')}", status_code=303)


@router.get("/dossiers/{code}")
def dossier_page(code: str, request: Request, context: InContext) -> Response:
    principal = _person(request, context, Right.READ_DOSSIER)
    dossier, held = dossiers.load(context, principal, code)
    record_look(context, principal, "dossier", dossier=dossier)
    return page(
        request,
        "dossier.html",
        principal,
        dossier=dossier,
        scans=list(reversed(held)),
        max_bytes=context.settings.max_upload_bytes,
        needed=_needed(request, context, principal, code),
        **_papers(request, context),
    )


def _papers(request: Request, context: Context) -> dict[str, Any]:
    """What a template needs to show a component in words."""
    catalog, words = _catalog(context), Words(language_of(request))
    return {"catalog": catalog, "shown_paper": lambda component: paper_shown(component, catalog, words)}


def _needed(request: Request, context: Context, principal: Principal, code: str) -> NeededShown | None:
    _, found = dossiers.papers(context, principal, code)
    return needed_shown(found, _catalog(context), Words(language_of(request)))


@router.get("/dossiers/{code}/needed")
def needed_part(code: str, request: Request, context: InContext) -> Response:
    """The part of the dossier's page that says what is there and what is missing, for live updates."""
    principal = _person(request, context, Right.READ_PAPER)
    dossier, _ = dossiers.load(context, principal, code)
    record_look(context, principal, "completeness", dossier=dossier)
    needed = _needed(request, context, principal, code)
    return page(request, "needed.html", principal, dossier=dossier, needed=needed)


@router.post("/dossiers/{code}/reuse")
def reuse_result(
    *,
    code: str,
    request: Request,
    context: InContext,
    csrf_token: Annotated[str, Form(max_length=100)] = "",
    result: Annotated[str, Form(max_length=60)] = "",
    slot: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """The warehouse's paper instead of a scan; a refusal says why as a page."""
    principal = _person(request, context, Right.REUSE)
    check_csrf(principal, csrf_token)
    try:
        asked = ReuseIn(dossier=code, slot=slot)
    except ValidationError as error:
        raise InvalidRequest from error
    results.reuse(context, principal, result, asked)
    return RedirectResponse(f"/dossiers/{quote(code, safe='')}#needed", status_code=303)


@router.get("/scans/{scan_id}/card")
def scan_card(scan_id: str, request: Request, context: InContext) -> Response:
    """The part of the dossier's page that shows one scan, for live updates."""
    principal = _person(request, context, Right.READ_SCAN)
    scan, _ = scans.load(context, principal, scan_id)
    if scan.components:  # what they say is part of the dossier's page
        record_look(context, principal, "dossier", dossier=scan.dossier)
    return page(request, "scan_card.html", principal, scan=scan, **_papers(request, context))


@router.get("/search")
def search_page(request: Request, context: InContext, q: Annotated[str, Query(max_length=300)] = "") -> Response:
    principal = _person(request, context, Right.SEARCH)
    found = results.search(context, principal, results.Asked(q=q, limit=RESULTS))
    # htmx asks for the part that changes; the same address, opened in a browser, is the whole page.
    template = "results.html" if request.headers.get("hx-request-type") == "partial" else "search.html"
    response = page(request, template, principal, q=q, found=found, catalog=_catalog(context))
    response.headers["Vary"] = "HX-Request-Type"
    return response


@router.get("/components/{component_id}/pages/{number}")
def component_page(component_id: str, number: int, request: Request, context: InContext) -> Response:
    principal = _person(request, context, Right.READ_PAPER)
    component, pages = components.load(context, principal, component_id)
    if not 1 <= number <= len(pages):
        raise NotFound
    record_look(context, principal, "page", component=component, page=number)
    catalog, words = _catalog(context), Words(language_of(request))
    return page(
        request,
        "paper.html",
        principal,
        component=component,
        paper=paper_shown(component, catalog, words),
        shown=pages[number - 1],
        number=number,
        count=len(pages),
    )


@router.get("/favicon.ico")
def favicon() -> Response:
    """A PDF opened in a tab asks for it."""
    return RedirectResponse(asset("favicon.svg"), status_code=307)


@router.get("/errors")
def errors_page(request: Request) -> Response:
    """What each code means; the ``type`` of every problem points here."""
    return page(request, "errors.html", kinds=catalogue())


def error_page(request: Request, problem: Problem) -> Response:
    """A refusal as a page: what it is and what to do now."""
    return page(request, "error.html", status_code=problem.status, problem=problem)
