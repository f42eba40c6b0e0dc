"""``/kiem-tra``: the queue, and a paper's image beside its fields. Works as a plain form; ``review.js`` makes it quick."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.responses import RedirectResponse

from digitize_api.audit import record_look
from digitize_api.auth.principal import Principal, check_csrf
from digitize_api.auth.rights import Right
from digitize_api.components import service as components
from digitize_api.components.page_words import read_words
from digitize_api.components.schemas import StepIn
from digitize_api.context import Context, InContext
from digitize_api.language import language_of
from digitize_api.review import service
from digitize_api.review.service import Seen
from digitize_api.web.papers import paper_shown
from digitize_api.web.render import page
from digitize_api.web.review.form import read_form
from digitize_api.web.review.shown import (
    Typed,
    corrections_shown,
    first_page,
    lines_shown,
    page_shown,
    paper_edit,
)
from digitize_api.web.session import form_fields, person
from digitize_api.web.words import Words
from models.catalog import Catalog
from models.entities import Component, ComponentState, Page, ReviewLease
from models.errors import Conflict, HeldByAnother, Hindered, InvalidRequest, NotFound, StepBlocked
from models.page_record import PageWords
from models.review_queue import Waiting

router = APIRouter(prefix="/kiem-tra", include_in_schema=False)

LISTED = 100
BESIDE = 40
_READ_AT_ONCE = 4  # pages whose words are fetched to show the fields' doubts; the others when they are looked at

Identifier = Annotated[str, Path(max_length=60)]
PageNumber = Annotated[int, Path(ge=1, le=100_000)]


async def _form(request: Request) -> dict[str, str]:
    return await form_fields(request, most=400)


Form = Annotated[Mapping[str, str], Depends(_form)]


@router.get("")
def queue_page(request: Request, context: InContext) -> Response:
    """What waits, the most doubtful first."""
    principal = person(request, context, Right.REVIEW)
    seen, words = service.look(context, principal, LISTED), Words(language_of(request))
    shown = lines_shown(seen, context.read_catalog(), words)
    return page(request, "review.html", principal, lines=shown, **_count(seen))


def _count(seen: Seen) -> dict[str, int]:
    return {"total": seen.queue.total, "weighed": len(seen.queue.waiting)}


@router.get("/tiep")
def next_paper(
    request: Request,
    context: InContext,
    after: Annotated[str, Query(alias="sau", max_length=60)] = "",
) -> Response:
    """On to the next that nobody else has, behind ``sau``; to the queue when there is none."""
    principal = person(request, context, Right.REVIEW)
    before = service.weigh(context, components.load_alone(context, principal, after)) if after else None
    return _onward(context, principal, before)


def _onward(context: Context, principal: Principal, before: Waiting | None, done: str = "") -> Response:
    """``before``: where the reviewer was. ``done``: what they have just verified."""
    following = service.following(service.look(context, principal), before)
    told = f"?xong={quote(done, safe='')}" if done else ""
    return RedirectResponse(f"/kiem-tra/{following.id}{told}" if following else "/kiem-tra", status_code=303)


@router.get("/{component_id}")
def paper_page(
    *,
    component_id: Identifier,
    request: Request,
    context: InContext,
    number: Annotated[int | None, Query(alias="trang", ge=1, le=100_000)] = None,
    done: Annotated[str, Query(alias="xong", max_length=60)] = "",
    saved: Annotated[str, Query(alias="luu", max_length=1)] = "",
) -> Response:
    """The paper, held for whoever opens it; only to be looked at while another officer has it."""
    principal = person(request, context, Right.REVIEW)
    said = {"1": "review_saved", "0": "review_same"}.get(saved, "")
    return _paper(request, context, principal, component_id, number=number, done=done, said=said)


def _hold(
    request: Request, context: Context, principal: Principal, component_id: str, *, over: bool
) -> ReviewLease | HeldByAnother | None:
    """The lease, or why there is none. A browser that only fetches ahead holds nothing."""
    if "prefetch" in request.headers.get("sec-purpose", ""):
        return None
    try:
        return service.take(context, principal, component_id, over=over)
    except HeldByAnother as error:
        return error


@router.post("/{component_id}")
def review_paper(component_id: Identifier, request: Request, context: InContext, form: Form) -> Response:
    """``do``: ``accept`` (and on to the next), ``save``, ``skip``, ``take`` (over from another officer)."""
    principal = person(request, context, Right.REVIEW)
    check_csrf(principal, form.get("csrf_token"))
    do = form.get("do", "accept")
    if do == "skip":
        service.release(context, principal, component_id)
        return RedirectResponse(f"/kiem-tra/tiep?sau={quote(component_id, safe='')}", status_code=303)
    component = components.load_alone(context, principal, component_id)
    words, accept = Words(language_of(request)), do == "accept" and service.is_waiting(component)
    filled = read_form(form, component, words, accept=accept)
    before = service.weigh(context, component)  # what is put right now would stand elsewhere in the queue
    again = partial(_paper, request, context, principal, component_id)
    back = partial(again, typed=filled.typed, version=form.get("version", ""))
    if do == "take":
        return back(over=True)
    if filled.correction is None:
        return back(said="review_wrong", status=422)
    try:
        components.correct(context, principal, component_id, filled.correction)
        changed = components.load_alone(context, principal, component_id)
        if accept:
            asked = StepIn(version=changed.version, to=ComponentState.VERIFIED)
            components.step(context, principal, component_id, asked)
            service.release(context, principal, component_id)
    except HeldByAnother as error:
        return back(status=error.status)
    except StepBlocked as error:
        return again(said="review_blocked", hindered=error, status=error.status)
    except Conflict as error:
        return again(said="review_changed", status=error.status)
    name = quote(component_id, safe="")
    if accept:
        return _onward(context, principal, before, component_id)
    return RedirectResponse(f"/kiem-tra/{name}?luu={int(changed.version != component.version)}", status_code=303)


@router.post("/{component_id}/tha")
def let_go(component_id: Identifier, request: Request, context: InContext, form: Form) -> Response:
    """The page was left: the next officer need not wait for the lease to end (a beacon of the browser sends this)."""
    principal = person(request, context, Right.REVIEW)
    check_csrf(principal, form.get("csrf_token"))
    service.release(context, principal, component_id, until=_instant(form.get("until", "")))
    return Response(status_code=204)


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise InvalidRequest from error


@router.get("/{component_id}/trang/{number}")
def page_part(component_id: Identifier, number: PageNumber, request: Request, context: InContext) -> Response:
    """One page's image with its doubtful words and the fields' places, for turning pages without leaving the form."""
    principal = person(request, context, Right.REVIEW)
    component, pages = components.load(context, principal, component_id)
    if number > len(pages):
        raise NotFound
    record_look(context, principal, "page", component=component, page=number)
    words = Words(language_of(request))
    shown = page_shown(component, pages[number - 1], read_words(context.store, pages[number - 1]), words)
    return page(request, "review_page.html", principal, component=component, shown=shown)


def _paper(
    request: Request,
    context: Context,
    principal: Principal,
    component_id: str,
    *,
    number: int | None = None,
    done: str = "",
    said: str = "",
    over: bool = False,
    hindered: Hindered | None = None,
    typed: Typed | None = None,
    version: str = "",
    status: int = 200,
) -> Response:
    lease = _hold(request, context, principal, component_id, over=over)
    component, pages = components.load(context, principal, component_id)
    catalog, words = context.read_catalog(), Words(language_of(request))
    number = number or first_page(component, catalog)
    if number > len(pages):
        raise NotFound
    record_look(context, principal, "fields", component=component)
    record_look(context, principal, "page", component=component, page=number)
    read = _words_read(context, component, pages, number)
    history = service.corrections_of(context, component)
    seen = service.look(context, principal, BESIDE)
    ahead = service.following(seen, service.weigh(context, component))
    finished = components.load_alone(context, principal, done) if done else None
    return page(
        request,
        "review_paper.html",
        principal,
        status_code=status,
        component=component,
        version=version or component.version,  # what was typed was typed over that one
        waiting=service.is_waiting(component),
        paper=paper_shown(component, catalog, words),
        edit=paper_edit(component, catalog, words, read, history, typed=typed),
        chosen=(typed.kind if typed else "") or component.paper_type,
        kinds=_kinds(component, context, words),
        shown=page_shown(component, pages[number - 1], read.get(pages[number - 1].number, PageWords()), words),
        count=len(pages),
        lines=lines_shown(seen, catalog, words),
        ahead=_image_of(context, principal, ahead, catalog),
        history=corrections_shown(history, catalog, words),
        done=words("review_done", kind=words.paper_type(finished.paper_type, catalog)) if finished else "",
        done_id=done,
        said=words(said) if said else "",
        bad=status >= 400,
        reasons=hindered.reasons if hindered else [],
        held=" ".join(str(reason[words.language]) for reason in lease.reasons)
        if isinstance(lease, HeldByAnother)
        else "",
        kept=typed is not None,
        until=lease.until.isoformat() if isinstance(lease, ReviewLease) else "",
        **_count(seen),
    )


def _image_of(context: Context, principal: Principal, one: Waiting | None, catalog: Catalog) -> str:
    """The image that its page begins with; empty when there is none."""
    if one is None:
        return ""
    first = first_page(components.load_alone(context, principal, one.id), catalog)
    return f"/api/v1/components/{one.id}/pages/{first}.jpg"


def _words_read(context: Context, component: Component, pages: list[Page], number: int) -> dict[int, PageWords]:
    """The words of the page that is shown, and of the first few on which fields stand; by the scan's page number."""
    on = {field.get("page") for field in component.fields.values() if field}
    wanted = [pages[number - 1], *(page for page in pages if page.number in on)]
    few = list(dict.fromkeys(wanted))[:_READ_AT_ONCE]
    return {one.number: read_words(context.store, one) for one in few}


def _kinds(component: Component, context: Context, words: Words) -> dict[str, list[tuple[str, str]]]:
    """Types to choose from: what the machine held likely, and all by name."""
    catalog = context.read_catalog()
    likely = [str(other.get("id")) for other in component.paper_type_alternatives if isinstance(other, dict)]
    everything = sorted(
        ((identifier, words.paper_type(identifier, catalog)) for identifier in catalog.paper_types),
        key=lambda one: one[1],
    )
    likely = [one for one in likely if one != component.paper_type and one in catalog.paper_types]
    return {"likely": [(one, words.paper_type(one, catalog)) for one in likely], "all": everything}
