"""``/api/v1/components/{id}/lease``: two officers never hold the same component."""

from __future__ import annotations

from fastapi import APIRouter, Response

from digitize_api.auth.principal import Reviews
from digitize_api.context import InContext
from digitize_api.problems import documents
from digitize_api.review import service
from digitize_api.review.schemas import LeaseIn, LeaseOut
from models.errors import Forbidden, HeldByAnother, NotAuthenticated, NotFound

router = APIRouter(prefix="/api/v1/components/{component_id}/lease", tags=["review"])


@router.put(
    "",
    summary="Hold a component to review it, or renew that",
    description=(
        "While it holds, nobody else may correct the component or take it on (`409 HELD_BY_ANOTHER`). It ends by itself after three "
        "minutes; renew it every minute. `take_over` takes it from whoever has it: their next renewal is refused with your name."
    ),
    responses=documents(NotAuthenticated, Forbidden, NotFound, HeldByAnother),
)
def put_lease(component_id: str, asked: LeaseIn, principal: Reviews, context: InContext) -> LeaseOut:
    return LeaseOut.of(service.take(context, principal, component_id, over=asked.take_over))


@router.delete(
    "",
    status_code=204,
    summary="Let a component go",
    description="Ends your own lease and nobody else's.",
    responses=documents(NotAuthenticated, Forbidden, NotFound),
)
def delete_lease(component_id: str, principal: Reviews, context: InContext) -> Response:
    service.release(context, principal, component_id)
    return Response(status_code=204)
