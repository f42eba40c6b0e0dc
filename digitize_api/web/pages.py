"""The plain pages. They call the same services as the API; without JavaScript every one but the upload still works."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import ValidationError
from starlette.responses import RedirectResponse

from digitize_api.audit import record_look
from digitize_api.auth import login
from digitize_api.auth.principal import Principal, check_csrf
from digitize_api.auth.rights import Right
from digitize_api.components import service as components
from digitize_api.components.schemas import ScannedAgainIn
from digitize_api.context import Context, InContext
from digitize_api.dossiers import service as dossiers
from digitize_api.dossiers.schemas import ConclusionIn, DossierIn, HolderIn
from digitize_api.language import COOKIE as LANGUAGE_COOKIE
from digitize_api.language import LANGUAGES, language_of
from digitize_api.problems import Problem
from digitize_api.results import service as results
from digitize_api.results.schemas import ReuseIn
from digitize_api.scans import service as scans
from digitize_api.web.event_words import Told, told, who, worth_telling
from digitize_api.web.home.pages import home
from digitize_api.web.papers import again_shown, needed_shown, paper_shown
from digitize_api.web.render import asset, page
from digitize_api.web.session import came_from, own_path, person, sender
from digitize_api.web.words import Words
from models.entities import Dossier
from models.errors import DigitizeError, InvalidRequest, NotAuthenticated, NotFound, catalogue
from models.local_time import local_day

router = APIRouter(include_in_schema=False)

RECENT = 20
YEAR = 365 * 24 * 3600


@router.get("/login")
def login_form(request: Request, next_: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> Response:
    return page(request, "login.html", next=own_path(next_), name="", problem=None)


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
            request, "login.html", status_code=error.status, next=own_path(next_), name=name.strip(), problem=problem
        )
    response = RedirectResponse(own_path(next_), status_code=303)
    login.set_cookie(request, response, context, made.token)
    return response


@router.post("/logout")
def logout(request: Request, context: InContext, csrf_token: Annotated[str, Form(max_length=100)] = "") -> Response:
    check_csrf(person(request, context), csrf_token)
    login.sign_out(request, context)
    response = RedirectResponse("/login", status_code=303)
    login.clear_cookie(response)
    return response


@router.get("/language/{language}")
def choose_language(language: str, request: Request, back: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    if language not in LANGUAGES:
        raise NotFound
    response = RedirectResponse(own_path(back), status_code=303)
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=YEAR, samesite="lax", httponly=True, secure=request.url.scheme == "https"
    )
    return response


@router.get("/")
def first_page(
    request: Request, context: InContext, code: Annotated[str | None, Query(max_length=60)] = None
) -> Response:
    principal = person(request, context, Right.READ_DOSSIER)
    if code:
        return RedirectResponse(f"/dossiers/{quote(code.strip(), safe='')}", status_code=303)
    return home(request, context, principal) or _counter(request, context, principal)


@router.get("/dossiers")
def counter_of_all(request: Request, context: InContext) -> Response:
    """The counter, for those whose first page is another one."""
    return _counter(request, context, person(request, context, Right.READ_DOSSIER))


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
    principal = sender(request, context, Right.CREATE_DOSSIER, csrf_token)
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


@router.get("/ho-so/{code}")
@router.get("/dossiers/{code}")
def dossier_page(code: str, request: Request, context: InContext) -> Response:
    principal = person(request, context, Right.READ_DOSSIER)
    dossier, held = dossiers.load(context, principal, code)
    record_look(context, principal, "dossier", dossier=dossier)
    return page(
        request,
        "dossier.html",
        principal,
        dossier=dossier,
        scans=list(reversed(held)),
        max_bytes=context.settings.max_upload_bytes,
        history=_history(request, context, principal, dossier),
        today=local_day(),
        has_pdf=any(component.pdf_key for scan in held for component in scan.components),
        **_needed(request, context, principal, code),
        **_papers(request, context),
    )


def _history(request: Request, context: Context, principal: Principal, dossier: Dossier) -> list[Told]:
    """The dossier's timeline, newest first, down to its opening."""
    found, names = dossiers.history(context, principal, dossier.code)
    words = Words(language_of(request))
    lines = [told(event, words, names) for event in found if worth_telling(event)]
    by = who(dossier.created_by, words, names) if dossier.created_by else ""
    return [*lines, Told(dossier.created_at, by, words("ev_opened", code=dossier.code))]


def _papers(request: Request, context: Context) -> dict[str, Any]:
    """What a template needs to show a component in words."""
    catalog, words = context.read_catalog(), Words(language_of(request))
    return {"catalog": catalog, "shown_paper": lambda component: paper_shown(component, catalog, words)}


def _needed(request: Request, context: Context, principal: Principal, code: str) -> dict[str, Any]:
    """What ``needed.html`` shows besides the dossier: its components, and what was scanned though the warehouse held it."""
    _, found = dossiers.papers(context, principal, code)
    catalog, words = context.read_catalog(), Words(language_of(request))
    return {"needed": needed_shown(found, catalog, words), "again": again_shown(found, catalog, words)}


@router.get("/dossiers/{code}/needed")
def needed_part(code: str, request: Request, context: InContext) -> Response:
    """The part of the dossier's page that says what is there and what is missing, for live updates."""
    principal = person(request, context, Right.READ_PAPER)
    dossier, _ = dossiers.load(context, principal, code)
    record_look(context, principal, "completeness", dossier=dossier)
    return page(request, "needed.html", principal, dossier=dossier, **_needed(request, context, principal, code))


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
    principal = sender(request, context, Right.REUSE, csrf_token)
    try:
        asked = ReuseIn(dossier=code, slot=slot)
    except ValidationError as error:
        raise InvalidRequest from error
    results.reuse(context, principal, result, asked)
    return RedirectResponse(f"/dossiers/{quote(code, safe='')}#needed", status_code=303)


@router.post("/dossiers/{code}/conclusion")
def conclude_dossier(
    *,
    code: str,
    request: Request,
    context: InContext,
    csrf_token: Annotated[str, Form(max_length=100)] = "",
    do: Annotated[str, Form(max_length=20)] = "",
    finished_on: Annotated[str, Form(max_length=10)] = "",
    form: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """It ended, or has not after all; a refusal says why as a page."""
    principal = sender(request, context, Right.CONCLUDE, csrf_token)
    try:
        said = None if do == "reopen" else ConclusionIn.model_validate({"finished_on": finished_on, "form": form})
    except ValidationError as error:
        raise InvalidRequest from error
    dossiers.conclude(context, principal, code, said)
    return RedirectResponse(f"/dossiers/{quote(code, safe='')}#conclusion", status_code=303)


@router.post("/dossiers/{code}/scanned-again")
def explain_scan(
    *,
    code: str,
    request: Request,
    context: InContext,
    csrf_token: Annotated[str, Form(max_length=100)] = "",
    component: Annotated[str, Form(max_length=60)] = "",
    reason: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Why a paper was scanned though the warehouse held it; a refusal says why as a page."""
    principal = sender(request, context, Right.KEEP, csrf_token)
    try:
        asked = ScannedAgainIn(reason=reason)
    except ValidationError as error:
        raise InvalidRequest from error
    components.explain(context, principal, component, asked)
    return RedirectResponse(f"/dossiers/{quote(code, safe='')}#needed", status_code=303)


@router.get("/scans/{scan_id}/card")
def scan_card(scan_id: str, request: Request, context: InContext) -> Response:
    """The part of the dossier's page that shows one scan, for live updates."""
    principal = person(request, context, Right.READ_SCAN)
    scan, _ = scans.load(context, principal, scan_id)
    if scan.components:  # what they say is part of the dossier's page
        record_look(context, principal, "dossier", dossier=scan.dossier)
    return page(request, "scan_card.html", principal, scan=scan, **_papers(request, context))


@router.get("/components/{component_id}/pages/{number}")
def component_page(component_id: str, number: int, request: Request, context: InContext) -> Response:
    principal = person(request, context, Right.READ_PAPER)
    component, pages = components.load(context, principal, component_id)
    if not 1 <= number <= len(pages):
        raise NotFound
    record_look(context, principal, "page", component=component, page=number)
    catalog, words = context.read_catalog(), Words(language_of(request))
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
    """A refusal as a page: what it is, what to do now, a way back. It asks neither who is there nor the database: that may be what failed."""
    return page(request, "error.html", status_code=problem.status, problem=problem, back=came_from(request))
