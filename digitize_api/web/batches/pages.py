"""``/so-hoa-lo``: the batches of an agency, and one of them as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right
from digitize_api.batches import service
from digitize_api.context import Context, InContext
from digitize_api.handover import service as handover
from digitize_api.handover.schemas import link
from digitize_api.language import language_of
from digitize_api.problems import FieldsInvalid
from digitize_api.web.batches.shown import batch_shown, item_shown
from digitize_api.web.render import page
from digitize_api.web.session import person, sender
from digitize_api.web.words import Words
from models import administration
from models.batches import store as batches
from models.batches.entities import BatchState, ItemState, Layout, PageFailure
from models.errors import Conflict, DigitizeError, InvalidRequest
from models.handover.steps import LEFT

router = APIRouter(prefix="/so-hoa-lo", include_in_schema=False)

Short = Annotated[str, Form(max_length=200)]
SHOWN: Final = 50
LISTED: Final = 100
_BLANK: Final[Mapping[str, str]] = {
    "name": "",
    "agency": "",
    "layout": Layout.PAPER.value,
    "hours": "",
    "page_failure": PageFailure.COPY.value,
}
_WRONG: Final = (ItemState.FAILED, ItemState.REFUSED, ItemState.SKIPPED, ItemState.DUPLICATE, ItemState.AGAIN)


@router.get("")
def batches_page(request: Request, context: InContext) -> Response:
    return _list(request, context, person(request, context, Right.READ_BATCH))


def _list(
    request: Request,
    context: Context,
    principal: Principal,
    given: Mapping[str, str] = _BLANK,
    problem: DigitizeError | None = None,
) -> Response:
    words = Words(language_of(request))
    found = service.newest(context, principal, SHOWN)
    with context.reading() as session:
        agencies = administration.list_agencies(session, principal.agency_ids)
    return page(
        request,
        "batches.html",
        principal,
        status_code=problem.status if problem else 200,
        batches=[batch_shown(batch, progress, words) for batch, progress in found],
        agencies=agencies,
        given={**given, "agency": given["agency"] or principal.agency.code},
        problem=_said(problem, words) if problem else "",
    )


def _said(problem: DigitizeError, words: Words) -> str:
    if isinstance(problem, FieldsInvalid):
        return words("ba_no_agency")
    return words("ba_taken") if isinstance(problem, Conflict) else words("ba_wrong", what=problem.detail)


@router.post("")
def create_batch(
    *,
    request: Request,
    context: InContext,
    csrf_token: Short = "",
    name: Short = "",
    agency: Short = "",
    layout: Short = Layout.PAPER.value,
    hours: Short = "",
    page_failure: Short = PageFailure.COPY.value,
) -> Response:
    principal = sender(request, context, Right.RUN_BATCH, csrf_token)
    given = {"name": name, "agency": agency, "layout": layout, "hours": hours, "page_failure": page_failure}
    try:
        told: dict[str, Any] = {
            "layout": _one_of(Layout, layout),
            "page_failure": _one_of(PageFailure, page_failure),
            "hours": hours.strip(),
        }
        made = service.create(context, principal, name, agency or None, told)
    except (FieldsInvalid, Conflict, InvalidRequest) as problem:
        return _list(request, context, principal, given, problem)
    return RedirectResponse(f"/so-hoa-lo/{made.id}", status_code=303)


def _one_of(kind: type[Layout | PageFailure], text: str) -> str:
    try:
        return kind(text)
    except ValueError as error:
        raise InvalidRequest(f"not one of {', '.join(kind)}") from error


def _values(context: Context, principal: Principal, batch_id: str, words: Words) -> dict[str, Any]:
    batch, progress = service.load(context, principal, batch_id)
    wrong = service.items(context, principal, batch_id, states=_WRONG, limit=LISTED)
    count = sum(progress.states[state] for state in _WRONG)
    with context.reading() as session:
        sources = batches.sources(session, batch_id)
    return {
        "sources": sources,
        "batch": batch_shown(batch, progress, words),
        "wrong": [item_shown(item, words) for item in wrong],
        "more": count > len(wrong),
    }


@router.get("/{batch_id}")
def batch_page(batch_id: str, request: Request, context: InContext) -> Response:
    principal = person(request, context, Right.READ_BATCH)
    values = _values(context, principal, batch_id, Words(language_of(request)))
    return page(request, "batch.html", principal, **values)


@router.get("/{batch_id}/phan")
def batch_part(batch_id: str, request: Request, context: InContext) -> Response:
    """What changes of the page."""
    principal = person(request, context, Right.READ_BATCH)
    return page(
        request, "batch_live.html", principal, **_values(context, principal, batch_id, Words(language_of(request)))
    )


@router.get("/{batch_id}/ban-giao")
def handover_page(
    batch_id: str,
    request: Request,
    context: InContext,
    ca_do_dang: Annotated[str, Query(alias="ca-do-dang", max_length=10)] = "",
) -> Response:
    """What goes into which package and what stays behind, before anything is fetched."""
    principal = person(request, context, Right.HAND_OVER)
    planned = handover.plan(context, principal, batch_id, unfinished=bool(ca_do_dang))
    words = Words(language_of(request))
    return page(
        request,
        "batch_handover.html",
        principal,
        batch=planned.batch,
        plan=planned,
        parts=[(within, part, link(planned, within)) for within, part in planned.parts],
        left=[(LEFT[left][words.language != "vi"], count) for left, count in planned.left.most_common()],
    )


@router.post("/{batch_id}/chay")
def run_batch(batch_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    return _move(request, context, batch_id, csrf_token, BatchState.RUNNING)


@router.post("/{batch_id}/tam-dung")
def pause_batch(batch_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    return _move(request, context, batch_id, csrf_token, BatchState.PAUSED)


def _move(request: Request, context: Context, batch_id: str, csrf_token: str, state: BatchState) -> Response:
    principal = sender(request, context, Right.RUN_BATCH, csrf_token)
    service.change(context, principal, batch_id, {}, state.value)
    return RedirectResponse(f"/so-hoa-lo/{batch_id}", status_code=303)


@router.post("/{batch_id}/lam-lai")
def retry_batch(batch_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    principal = sender(request, context, Right.RUN_BATCH, csrf_token)
    service.again(context, principal, batch_id)
    return RedirectResponse(f"/so-hoa-lo/{batch_id}", status_code=303)
