"""``/noi-nhan``: subscriptions of other systems, and one of them with what was sent to it. A secret is shown once, on the page that answers the request
that made it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right
from digitize_api.context import Context, InContext
from digitize_api.language import language_of
from digitize_api.problems import FieldsInvalid
from digitize_api.web.render import page
from digitize_api.web.session import person, sender
from digitize_api.web.words import Words
from digitize_api.webhooks import service
from models.errors import Conflict, DigitizeError, InvalidRequest, WebhookTarget
from models.webhooks.tables import DeliveryState, Webhook, WebhookEvent

router = APIRouter(prefix="/noi-nhan", include_in_schema=False)

Short = Annotated[str, Form(max_length=100)]
AT_ONCE: Final = 25
_WHY: Final = {
    "ConnectError": "wb_e_connect",
    "ConnectTimeout": "wb_e_timeout",
    "ReadTimeout": "wb_e_timeout",
    "WriteTimeout": "wb_e_timeout",
    "PoolTimeout": "wb_e_timeout",
    "RemoteProtocolError": "wb_e_answer",
    "ReadError": "wb_e_answer",
    "gaierror": "wb_e_name",
    "the subscription has ended": "wb_e_ended",
    "a name that leads to this machine": "wb_e_inside",
    "our defect": "wb_e_defect",
}
"""What a try ended with, as deliveries keep it, and its words; others (``HTTP 503``) are shown as they are."""
_EVERY: Final = tuple(kind.value for kind in WebhookEvent)


@router.get("")
def webhooks_page(request: Request, context: InContext) -> Response:
    return _list(request, context, person(request, context, Right.ADMINISTER))


def _list(
    request: Request,
    context: Context,
    principal: Principal,
    *,
    url: str = "",
    agency: str = "",
    kinds: Sequence[str] = _EVERY,
    problem: DigitizeError | None = None,
) -> Response:
    found = service.listed(context, principal)
    return page(
        request,
        "webhooks.html",
        principal,
        status_code=problem.status if problem else 200,
        webhooks=sorted(found.webhooks, key=lambda one: not one.active),
        counts=found.counts,
        agencies=found.agencies,
        kinds=_EVERY,
        given={"url": url, "agency": agency or principal.agency.code, "kinds": list(kinds)},
        problem=_said(problem, Words(language_of(request))) if problem else "",
    )


def _said(problem: DigitizeError, words: Words) -> str:
    if isinstance(problem, WebhookTarget):
        title, advice = words.error(problem.code)
        return f"{title}. {advice}"
    if isinstance(problem, Conflict):
        return words("wb_taken")
    return words("wb_no_agency") if isinstance(problem, FieldsInvalid) else words("wb_no_event")


@router.post("")
def add_webhook(
    *,
    request: Request,
    context: InContext,
    csrf_token: Short = "",
    url: Annotated[str, Form(max_length=500)] = "",
    agency: Short = "",
    kinds: Annotated[list[str], Form(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    principal = sender(request, context, Right.ADMINISTER, csrf_token)
    known = [WebhookEvent(one) for one in kinds if one in _EVERY]
    if not known:
        return _list(request, context, principal, url=url, agency=agency, kinds=(), problem=InvalidRequest("no event"))
    try:
        made = service.add(context, principal, url=url.strip(), agency=agency or None, kinds=known)
    except (WebhookTarget, FieldsInvalid, Conflict) as problem:
        return _list(request, context, principal, url=url, agency=agency, kinds=known, problem=problem)
    return _once(request, principal, made)


def _once(request: Request, principal: Principal, webhook: Webhook) -> Response:
    back = f"/noi-nhan/{webhook.id}"
    return page(
        request, "admin_once.html", principal, kind="webhook", name=webhook.url, secret=webhook.secret, back=back
    )


State = Annotated[str, Query(alias="trang-thai", max_length=20)]
First = Annotated[int, Query(alias="tu", ge=0, le=10_000_000)]


@router.get("/{webhook_id}")
def webhook_page(
    *, webhook_id: str, request: Request, context: InContext, state: State = "", first: First = 0
) -> Response:
    principal = person(request, context, Right.ADMINISTER)
    words = Words(language_of(request))
    return page(
        request,
        "webhook.html",
        principal,
        **_values(context, principal, webhook_id, state=state, first=first, words=words),
    )


@router.get("/{webhook_id}/phan")
def webhook_part(
    *, webhook_id: str, request: Request, context: InContext, state: State = "", first: First = 0
) -> Response:
    """What changes of the page while something is on its way."""
    principal = person(request, context, Right.ADMINISTER)
    words = Words(language_of(request))
    return page(
        request,
        "webhook_live.html",
        principal,
        **_values(context, principal, webhook_id, state=state, first=first, words=words),
    )


def _why(error: str, words: Words) -> str:
    if error.startswith("an address"):
        return words("wb_e_inside")
    return words(_WHY[error]) if error in _WHY else error


def _values(
    context: Context, principal: Principal, webhook_id: str, *, state: str, first: int, words: Words
) -> dict[str, Any]:
    wanted = DeliveryState(state) if state in set(DeliveryState) else None
    found = service.one(context, principal, webhook_id, wanted, limit=AT_ONCE, offset=first)
    return {
        "webhook": found.webhook,
        "counts": found.counts,
        "deliveries": found.deliveries,
        "more": found.more,
        "state": wanted.value if wanted else "",
        "states": [one.value for one in DeliveryState],
        "first": first,
        "at_once": AT_ONCE,
        "why": lambda error: _why(error, words),
        "link": lambda chosen="", start=0, part="": _link(webhook_id, chosen, start, part),
    }


def _link(webhook_id: str, state: str = "", first: int = 0, part: str = "") -> str:
    given = {name: value for name, value in (("trang-thai", state), ("tu", first or "")) if value}
    return f"/noi-nhan/{webhook_id}{part}" + (f"?{urlencode(given)}" if given else "")


def _do(
    request: Request,
    context: Context,
    webhook_id: str,
    csrf_token: str,
    change: Callable[[Context, Principal, str], object],
) -> Response:
    """What another tab has done already (it ended meanwhile) is shown, not refused."""
    principal = sender(request, context, Right.ADMINISTER, csrf_token)
    with suppress(Conflict):
        change(context, principal, webhook_id)
    return RedirectResponse(_link(webhook_id), status_code=303)


@router.post("/{webhook_id}/tam-dung")
def pause(webhook_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    return _do(request, context, webhook_id, csrf_token, service.pause)


@router.post("/{webhook_id}/bao-tiep")
def resume(webhook_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    return _do(request, context, webhook_id, csrf_token, service.resume)


@router.post("/{webhook_id}/gui-thu")
def send_trial(webhook_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    return _do(request, context, webhook_id, csrf_token, service.trial)


@router.post("/{webhook_id}/gui-lai")
def resend_all(webhook_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    return _do(request, context, webhook_id, csrf_token, service.resend_all)


@router.post("/{webhook_id}/thoi")
def end(webhook_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    return _do(request, context, webhook_id, csrf_token, service.end)


@router.post("/{webhook_id}/khoa-moi")
def rotate(webhook_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    principal = sender(request, context, Right.ADMINISTER, csrf_token)
    return _once(request, principal, service.rotate(context, principal, webhook_id))


@router.post("/{webhook_id}/gui-lai/{delivery_id}")
def resend(
    *, webhook_id: str, delivery_id: str, request: Request, context: InContext, csrf_token: Short = ""
) -> Response:
    return _do(request, context, webhook_id, csrf_token, lambda here, who, _: service.resend(here, who, delivery_id))
