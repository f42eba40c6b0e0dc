"""``/quay``: opening a dossier with the citizen before the officer, and its working page. Without JavaScript all but sending files works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.sse import EventSourceResponse
from pydantic import ValidationError
from starlette.responses import RedirectResponse

from digitize_api.audit import record_look
from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right
from digitize_api.components import service as components
from digitize_api.components.schemas import ScannedAgainIn
from digitize_api.context import Context, InContext
from digitize_api.dossiers import service as dossiers
from digitize_api.dossiers.schemas import DossierIn, HolderIn
from digitize_api.language import language_of
from digitize_api.middleware import CAMERA_PERMISSIONS
from digitize_api.results import service as results
from digitize_api.results.schemas import ReuseIn
from digitize_api.scans import live
from digitize_api.web.counter.shown import entry_said, held_shown, work_shown
from digitize_api.web.render import page
from digitize_api.web.session import person, sender
from digitize_api.web.words import Words
from models.catalog import Catalog, Procedure
from models.errors import DigitizeError, InvalidRequest
from models.local_time import local_day
from models.vietnamese.dates import parse_date
from models.vietnamese.holder_entry import HolderEntry, read_holder_entry

router = APIRouter(prefix="/quay", include_in_schema=False)

RECENT = 8
PROCEDURES = 12

Given = Annotated[str, Form(max_length=500)]
Token = Annotated[str, Form(max_length=100)]


def _camera(response: Response) -> Response:
    """The camera may be used on this page, by us alone."""
    response.headers["Permissions-Policy"] = CAMERA_PERMISSIONS
    return response


def _entry(text: str, birth: str, catalog: Catalog) -> HolderEntry:
    return read_holder_entry(
        text,
        birth_date=parse_date(birth),
        known_provinces=frozenset(catalog.provinces),
        today=local_day(),
    )


def _written(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


# ---- before a dossier is opened


@router.get("")
def counter(request: Request, context: InContext, code: Annotated[str | None, Query(max_length=60)] = None) -> Response:
    principal = person(request, context, Right.READ_DOSSIER)
    if code:
        return RedirectResponse(f"/quay/{quote(code.strip(), safe='')}", status_code=303)
    return _counter(request, context, principal)


def _counter(
    request: Request,
    context: Context,
    principal: Principal,
    *,
    given: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    problem: DigitizeError | None = None,
) -> Response:
    words = Words(language_of(request))
    given = {
        "procedure": "",
        "procedure_text": "",
        "holder_id": "",
        "holder_name": "",
        "birth_date": "",
        **(given or {}),
    }
    catalog = context.read_catalog()
    entry = _entry(given["holder_id"], given["birth_date"], catalog)
    status = problem.status if problem else InvalidRequest.status if wrong else 200
    return _camera(
        page(
            request,
            "counter_new.html",
            principal,
            status_code=status,
            given=given,
            wrong=wrong or {},
            problem=words.error(problem.code) if problem else None,
            said=entry_said(entry, catalog, words),
            recent=dossiers.recent(context, principal, RECENT),
            held=None,
        )
    )


@router.get("/thu-tuc")
def procedures(request: Request, context: InContext, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The options of the type-ahead."""
    principal = person(request, context)
    found = context.read_catalog().find_procedures(q, local_day())
    shown, more = found[:PROCEDURES], max(0, len(found) - PROCEDURES)
    return page(request, "counter_procedures.html", principal, procedures=shown, more=more)


@router.post("/so-dinh-danh")
def check_number(
    *,
    request: Request,
    context: InContext,
    csrf_token: Token = "",
    holder_id: Given = "",
    birth_date: Given = "",
) -> Response:
    """What the number says, as it is typed; a scanned card also fills in name and date of birth. Nothing is looked up."""
    principal = sender(request, context, Right.CREATE_DOSSIER, csrf_token)
    catalog, words = context.read_catalog(), Words(language_of(request))
    entry = _entry(holder_id, birth_date, catalog)
    said = entry_said(entry, catalog, words)
    return page(request, "counter_number.html", principal, entry=entry, said=said, birth=_written(entry.birth_date))


@router.post("/kho")
def warehouse_part(
    *,
    request: Request,
    context: InContext,
    csrf_token: Token = "",
    procedure: Given = "",
    holder_id: Given = "",
    birth_date: Given = "",
) -> Response:
    """What the warehouse holds of this citizen for this procedure, before anything is scanned."""
    principal = sender(request, context, Right.READ_PAPER, csrf_token)
    catalog, words = context.read_catalog(), Words(language_of(request))
    number = _entry(holder_id, birth_date, catalog).number
    held = dossiers.held(context, principal, procedure, number) if number else None
    slots = held_shown(held, catalog, words) if held else None
    return page(request, "counter_held.html", principal, held=slots)


@router.post("")
def open_dossier(
    *,
    request: Request,
    context: InContext,
    csrf_token: Token = "",
    procedure: Given = "",
    procedure_text: Given = "",
    holder_id: Given = "",
    holder_name: Given = "",
    birth_date: Given = "",
    reuse: Annotated[list[str] | None, Form(max_length=50)] = None,
) -> Response:
    """A new dossier, with the warehouse's papers that were chosen linked to it. What is wrong is said beside its field, and nothing is opened."""
    principal = sender(request, context, Right.CREATE_DOSSIER, csrf_token)
    catalog, words = context.read_catalog(), Words(language_of(request))
    entry, born = _entry(holder_id, birth_date, catalog), parse_date(birth_date)
    wrong = {}
    line = _procedure(catalog, procedure, procedure_text)
    if line is None and (procedure or procedure_text).strip():
        wrong["procedure"] = words("quay_choose_procedure")
    if entry.problem is not None:
        wrong["holder_id"] = entry_said(entry, catalog, words).text
    if birth_date.strip() and born is None:
        wrong["birth_date"] = words("quay_birth_wrong")
    given = {
        "procedure": line.code if line else "",
        "procedure_text": line.name if line else procedure_text,
        "holder_id": entry.number or holder_id,
        "holder_name": holder_name or entry.name,
        "birth_date": birth_date or _written(entry.birth_date),
    }
    if wrong:
        return _counter(request, context, principal, given=given, wrong=wrong)
    try:
        name, day = given["holder_name"], entry.birth_date or born
        known = entry.number or name.strip()
        holder = HolderIn(kind=entry.kind, id_number=entry.number, name=name, birth_date=day) if known else None
        asked = DossierIn(procedure=given["procedure"], title=line.name[:300] if line else "", holder=holder)
        made = dossiers.create(context, principal, asked)
    except ValidationError:
        return _counter(request, context, principal, given=given, problem=InvalidRequest())
    except DigitizeError as problem:
        return _counter(request, context, principal, given=given, problem=problem)
    used = _reuse_all(context, principal, made.code, reuse or [])
    return RedirectResponse(_path(made.code) + ("" if used else "?chua-dung-lai=1"), status_code=303)


def _procedure(catalog: Catalog, code: str, text: str) -> Procedure | None:
    """By the code that the list gave, else the one that the text names and no other."""
    if code.strip():
        return catalog.procedure(code, local_day())
    if not text.strip():
        return None
    found = catalog.find_procedures(text, local_day())
    return found[0] if len(found) == 1 else catalog.procedure(text, local_day())


def _reuse_all(context: Context, principal: Principal, code: str, chosen: list[str]) -> bool:
    """Link each ``<slot>:<result>``; whether all could be. One that no longer may be used keeps no dossier from being opened."""
    done = True
    for each in chosen:
        slot, _, result = each.partition(":")
        try:
            principal.demand(Right.REUSE)
            results.reuse(context, principal, result, ReuseIn(dossier=code, slot=slot))
        except (DigitizeError, ValidationError):
            done = False
    return done


# ---- the dossier at the counter


def _path(code: str) -> str:
    return f"/quay/{quote(code, safe='')}"


def _work(request: Request, context: Context, principal: Principal, code: str, look: str) -> dict[str, Any]:
    """What the dossier's templates show; the look is on record before it is shown."""
    dossier, scans = dossiers.load(context, principal, code)
    _, papers = dossiers.papers(context, principal, code)
    record_look(context, principal, look, dossier=dossier)
    catalog, words = context.read_catalog(), Words(language_of(request))
    limit = catalog.scan_limit(local_day())
    work = work_shown(scans, papers, catalog, words, least_dpi=limit.min_dpi if limit else None)
    return {"dossier": dossier, "work": work, "problem": None}


def _is_part(request: Request) -> bool:
    """Whether htmx asks for the part that changes; the same address without it is a whole page."""
    return request.headers.get("hx-request-type") == "partial"


def _done(request: Request, context: Context, principal: Principal, code: str, act: Callable[[], object]) -> Response:
    """Do it and show the dossier as it is then. In the part of an open page a refusal is said there, or files on their way would be lost."""
    if not _is_part(request):
        act()
        return RedirectResponse(_path(code), status_code=303)
    problem = None
    try:
        act()
    except DigitizeError as error:
        problem = Words(language_of(request)).error(error.code)
    shown = _work(request, context, principal, code, "dossier")
    return page(request, "counter_live.html", principal, **shown | {"problem": problem})


@router.get("/{code}")
def work(
    code: str,
    request: Request,
    context: InContext,
    not_reused: Annotated[str | None, Query(alias="chua-dung-lai", max_length=5)] = None,
) -> Response:
    principal = person(request, context, Right.READ_PAPER)
    shown = _work(request, context, principal, code, "dossier")
    settings = {"max_bytes": context.settings.max_upload_bytes, "not_reused": not_reused is not None}
    return _camera(page(request, "counter_work.html", principal, **shown, **settings))


@router.get("/{code}/phan")
def work_part(code: str, request: Request, context: InContext) -> Response:
    """The part of the page that changes while papers arrive and are read."""
    principal = person(request, context, Right.READ_PAPER)
    return page(request, "counter_live.html", principal, **_work(request, context, principal, code, "dossier"))


@router.get("/{code}/su-kien")
def watch(code: str, request: Request, context: InContext) -> Response:
    """``changed`` whenever something happened to the dossier, a station's scan too; for as long as the page is open."""
    principal = person(request, context, Right.READ_PAPER)
    dossier, _ = dossiers.load(context, principal, code)
    return EventSourceResponse(
        live.dossier_stream(context.hub, dossier.id, context.settings.sse_heartbeat_seconds),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.post("/{code}/dung-lai")
def reuse_result(
    *,
    code: str,
    request: Request,
    context: InContext,
    csrf_token: Token = "",
    result: Annotated[str, Form(max_length=60)] = "",
    slot: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """The warehouse's paper instead of a scan."""
    principal = sender(request, context, Right.REUSE, csrf_token)
    try:
        asked = ReuseIn(dossier=code, slot=slot)
    except ValidationError as error:
        raise InvalidRequest from error
    return _done(request, context, principal, code, lambda: results.reuse(context, principal, result, asked))


@router.post("/{code}/thoi-dung-lai")
def undo_reuse(
    *,
    code: str,
    request: Request,
    context: InContext,
    csrf_token: Token = "",
    result: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """The wrong paper was taken from the warehouse."""
    principal = sender(request, context, Right.REUSE, csrf_token)
    return _done(request, context, principal, code, lambda: results.undo_reuse(context, principal, result, code))


@router.post("/{code}/vi-sao")
def explain_scan(
    *,
    code: str,
    request: Request,
    context: InContext,
    csrf_token: Token = "",
    component: Annotated[str, Form(max_length=60)] = "",
    reason: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Why a paper was scanned though the warehouse held it."""
    principal = sender(request, context, Right.KEEP, csrf_token)
    try:
        asked = ScannedAgainIn(reason=reason)
    except ValidationError as error:
        raise InvalidRequest from error
    return _done(request, context, principal, code, lambda: components.explain(context, principal, component, asked))


@router.get("/{code}/xong")
def finish(code: str, request: Request, context: InContext) -> Response:
    """What is here, what is missing, the slip to print, and on to the next citizen."""
    principal = person(request, context, Right.READ_PAPER)
    template = "counter_end.html" if _is_part(request) else "counter_done.html"
    response = page(request, template, principal, **_work(request, context, principal, code, "completeness"))
    response.headers["Vary"] = "HX-Request-Type"
    return response
