"""``/api/v1/inventory/exceptions``: papers matched to lines, and what that leaves to people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from digitize_api.auth.principal import KeepsInventory, ReadsInventory
from digitize_api.context import InContext
from digitize_api.inventory import exception_service as service
from digitize_api.inventory.exception_schemas import DecisionIn, ExceptionOut, ExceptionsOut, MatchedOut, MatchIn
from digitize_api.problems import documents
from models.errors import Conflict, Forbidden, NotAuthenticated, NotFound
from models.inventory.decisions import State
from models.inventory.exceptions import Asked
from models.rules.matching import Kind

router = APIRouter(prefix="/api/v1/inventory/exceptions", tags=["inventory"])


@router.get(
    "",
    summary="What matching leaves to people",
    description=(
        "`missing`: reported, not received; `unlisted`: received, not listed; `mismatched`: key or number match, what they say contradicts; "
        "`duplicate`: another paper for a line. Those with the likeliest candidate first. Looking at them is logged."
    ),
    responses=documents(NotAuthenticated, Forbidden),
)
def list_exceptions(
    *,
    principal: ReadsInventory,
    context: InContext,
    agency: Annotated[str, Query(max_length=35, description="one agency alone; default all within reach")] = "",
    kind: Kind | None = None,
    state: State = State.OPEN,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> ExceptionsOut:
    found = service.listed(context, principal, Asked(kind, state, limit, offset), agency=agency)
    shown = [ExceptionOut.of(record, found) for record in found.records]
    return ExceptionsOut(total=found.total, counts=found.counts, exceptions=shown)


@router.post(
    "/match",
    summary="Match papers to the lists",
    description="Ties what is certain and brings the records up to date. Again is the same as once; what a person settled stays settled.",
    responses=documents(NotAuthenticated, Forbidden),
)
def post_match(principal: KeepsInventory, context: InContext, asked: MatchIn) -> list[MatchedOut]:
    return [MatchedOut.of(code, one) for code, one in service.match(context, principal, agency=asked.agency)]


@router.put(
    "/{exception_id}/decision",
    summary="Settle a record",
    description="`tie`, `apart` or `not_ours`, with a reason. The same decision again is the same as once.",
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict),
)
def put_decision(exception_id: str, principal: KeepsInventory, context: InContext, asked: DecisionIn) -> ExceptionOut:
    found = service.settle(context, principal, exception_id, asked.choice())
    return ExceptionOut.of(found.records[0], found)


@router.delete(
    "/{exception_id}/decision",
    summary="Undo a decision",
    description="The record is open again and what it tied is loose. Who had decided what, and why, stays in the log.",
    responses=documents(NotAuthenticated, Forbidden, NotFound),
)
def delete_decision(exception_id: str, principal: KeepsInventory, context: InContext) -> ExceptionOut:
    found = service.undo(context, principal, exception_id)
    return ExceptionOut.of(found.records[0], found)
