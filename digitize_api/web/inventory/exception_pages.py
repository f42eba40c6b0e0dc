"""``/kiem-dem/doi-chieu``: the four lists that matching leaves to people, and plain forms that settle or reopen each record."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right
from digitize_api.context import Context, InContext
from digitize_api.inventory import exception_service as service
from digitize_api.inventory.exception_schemas import ExceptionOut
from digitize_api.language import language_of
from digitize_api.web.event_words import who
from digitize_api.web.render import page
from digitize_api.web.session import person, sender
from digitize_api.web.words import Words
from models import accounts
from models.errors import Conflict, InvalidRequest
from models.inventory.decisions import Decision, State
from models.inventory.exceptions import Asked, Choice
from models.inventory.matching import Matched
from models.rules.matching import POINTS, Field, Kind, Likeness

router = APIRouter(prefix="/kiem-dem/doi-chieu", include_in_schema=False)

AT_ONCE: Final = 25


@router.get("")
def exceptions_page(
    *,
    request: Request,
    context: InContext,
    kind: Annotated[str, Query(alias="loai", max_length=20)] = "",
    state: Annotated[str, Query(alias="trang-thai", max_length=20)] = "open",
    first: Annotated[int, Query(alias="tu", ge=0, le=10_000_000)] = 0,
) -> Response:
    principal = person(request, context, Right.READ_INVENTORY)
    return _page(request, context, principal, kind=kind, state=state, first=first)


@router.post("")
def match_again(
    request: Request, context: InContext, csrf_token: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """Answered with what came of it; sent again it changes nothing."""
    principal = sender(request, context, Right.KEEP_INVENTORY, csrf_token)
    matched = [one for _, one in service.match(context, principal)]
    return _page(request, context, principal, matched=matched)


@router.post("/{exception_id}")
def settle(
    *,
    request: Request,
    context: InContext,
    exception_id: str,
    csrf_token: Annotated[str, Form(max_length=100)] = "",
    decision: Annotated[str, Form(max_length=20)] = "",
    candidate: Annotated[str, Form(max_length=32)] = "",
    number: Annotated[str, Form(max_length=100)] = "",
    reason: Annotated[str, Form(max_length=300)] = "",
    kind: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """``candidate``: the id of the half that the record lacks; a number that was typed goes before it."""
    principal = sender(request, context, Right.KEEP_INVENTORY, csrf_token)
    words = Words(language_of(request))
    half = candidate if candidate and not number.strip() else None
    try:
        choice = Choice(_decision(decision), reason, line=half, paper=half, number=number)
        service.settle(context, principal, exception_id, choice)
    except (Conflict, InvalidRequest) as error:
        why = "ix_w_conflict" if isinstance(error, Conflict) else "ix_w_half" if reason.strip() else "ix_w_reason"
        problem = words("ix_refused", why=words(why))
        return _page(request, context, principal, kind=kind, problem=problem, status=error.status, tried=exception_id)
    return RedirectResponse(_link(kind, State.OPEN.value, 0), status_code=303)


@router.post("/{exception_id}/mo-lai")
def undo(
    request: Request, context: InContext, exception_id: str, csrf_token: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    principal = sender(request, context, Right.KEEP_INVENTORY, csrf_token)
    service.undo(context, principal, exception_id)
    return RedirectResponse(_link("", State.SETTLED.value, 0), status_code=303)


def _decision(text: str) -> Decision:
    if text not in set(Decision):
        raise InvalidRequest("no such decision")
    return Decision(text)


def _link(kind: str, state: str, first: int) -> str:
    given = {"loai": kind if kind in set(Kind) else "", "trang-thai": state, "tu": first or ""}
    return f"/kiem-dem/doi-chieu?{urlencode({name: value for name, value in given.items() if value})}"


def _page(
    request: Request,
    context: Context,
    principal: Principal,
    *,
    kind: str = "",
    state: str = "open",
    first: int = 0,
    matched: list[Matched] | None = None,
    problem: str = "",
    status: int = 200,
    tried: str = "",
) -> Response:
    """``tried``: the record whose decision was refused, whose form stays open."""
    words = Words(language_of(request))
    catalog = context.read_catalog()
    of_kind = Kind(kind) if kind in set(Kind) else None
    of_state = State(state) if state in set(State) else State.OPEN
    found = service.listed(context, principal, Asked(of_kind, of_state, AT_ONCE, first))
    records = [ExceptionOut.of(record, found) for record in found.records]
    with context.reading() as session:
        names = accounts.names_of(session, {one.settled_by for one in records if one.settled_by})
    return page(
        request,
        "inventory_exceptions.html",
        principal,
        status_code=status,
        records=records,
        counts=found.counts,
        every=sum(found.counts.values()),
        total=found.total,
        kinds=[one.value for one in Kind],
        states=[one.value for one in State],
        kind=of_kind.value if of_kind else "",
        state=of_state.value,
        first=first,
        at_once=AT_ONCE,
        link=_link,
        matched=_sum(matched) if matched is not None else None,
        problem=problem,
        tried=tried,
        decisions=[one.value for one in Decision],
        points=lambda field, likeness: POINTS.get((Field(field), Likeness(likeness)), 0),
        who=lambda actor: who(actor, words, names),
        paper_name=lambda code: words.paper_type(code, catalog),
    )


def _sum(matched: list[Matched]) -> dict[str, int]:
    return {
        name: sum(int(getattr(one, name)) for one in matched) for name in ("tied", "loosened", "waiting", "new", "gone")
    }
