"""``/api/v1/results``."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from digitize_api.auth.principal import Cancels, Keeps, ReadsPapers, Reuses, Searches
from digitize_api.context import InContext
from digitize_api.problems import FieldError, FieldsInvalid, documents
from digitize_api.results import service
from digitize_api.results.schemas import CancelIn, CancelOut, EndIn, ResultsOut, ReuseIn, ReuseOut, WarehouseOut
from models.errors import Conflict, Forbidden, NotAuthenticated, NotFound, NotReusable

ValidOn = Annotated[date | None, Query(description="the day that `reusable` is asked for; default today at +07:00")]

router = APIRouter(prefix="/api/v1/results", tags=["results"])


@router.get(
    "",
    summary="Find papers by words, number, type or holder",
    description=(
        'Words match with or without tone marks, marks as typed rank first; `"…"` holds a phrase together; a number such as '
        "`383/KH-UBND` is found whole or by its parts. All that is given must hold, and something must be given."
    ),
    responses=documents(NotAuthenticated, Forbidden),
)
def search_results(
    *,
    principal: Searches,
    context: InContext,
    q: Annotated[str, Query(max_length=300, examples=["uy ban nhan dan 383"])] = "",
    holder_id: Annotated[str | None, Query(max_length=50, description="số định danh, exactly")] = None,
    paper_type: Annotated[str | None, Query(max_length=60)] = None,
    number: Annotated[str | None, Query(max_length=100, description="số, ký hiệu")] = None,
    valid_on: ValidOn = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> ResultsOut:
    asked = service.Asked(q, holder_id, paper_type, number, valid_on, limit, offset)
    if asked.empty:
        raise FieldsInvalid(FieldError(field="query.q", message="Nhập từ cần tìm. / Give something to search for."))
    return service.search(context, principal, asked)


_ONE = documents(NotAuthenticated, Forbidden, NotFound)


@router.get("/{result_id}", summary="A stored result, and whether it may be used again", responses=_ONE)
def get_result(
    result_id: str,
    principal: ReadsPapers,
    context: InContext,
    valid_on: ValidOn = None,
    purpose: Annotated[str | None, Query(max_length=200, description="what it is wanted for")] = None,
) -> WarehouseOut:
    return service.load(context, principal, result_id, valid_on, purpose)


@router.get("/{result_id}/uses", summary="The dossiers that used it", responses=_ONE)
def get_uses(result_id: str, principal: ReadsPapers, context: InContext) -> list[ReuseOut]:
    return service.uses(context, principal, result_id)


@router.post(
    "/{result_id}/reuse",
    status_code=201,
    summary="Use it again in a dossier",
    description="A link, never a copy; the same link asked for again answers `200`. `409 NOT_REUSABLE` tells every reason.",
    responses={
        200: {"description": "It was linked before", "model": ReuseOut},
        **documents(NotAuthenticated, Forbidden, NotFound, Conflict, NotReusable),
    },
)
def post_reuse(result_id: str, asked: ReuseIn, principal: Reuses, context: InContext, response: Response) -> ReuseOut:
    link, new = service.reuse(context, principal, result_id, asked)
    if not new:
        response.status_code = 200
    return link


@router.delete(
    "/{result_id}/reuse",
    status_code=204,
    summary="Use it no longer in a dossier",
    description="Undoes a reuse that was a mistake; asked for again, it is done already. Both timelines keep what happened.",
    responses=_ONE,
)
def delete_reuse(
    result_id: str,
    principal: Reuses,
    context: InContext,
    dossier: Annotated[str, Query(max_length=60, description="mã hồ sơ", examples=["H56.14-261121-0007"])],
) -> Response:
    service.undo_reuse(context, principal, result_id, dossier)
    return Response(status_code=204)


@router.post(
    "/{result_id}/cancel",
    summary="Mark it as without effect",
    description="It stays readable (NĐ 45/2020 Điều 15); the answer lists the dossiers that used it, whose officers are to be told.",
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict),
)
def post_cancel(result_id: str, asked: CancelIn, principal: Cancels, context: InContext) -> CancelOut:
    return service.cancel(context, principal, result_id, asked)


@router.post(
    "/{result_id}/status-end",
    summary="What it certifies has changed",
    description="It held until the day before `ended_on` (a marriage ends the marital status that was certified).",
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict),
)
def post_end(result_id: str, asked: EndIn, principal: Keeps, context: InContext) -> WarehouseOut:
    return service.end(context, principal, result_id, asked)


@router.post("/{result_id}/hand-over", summary="It was handed to its holder", responses=_ONE)
def post_hand_over(result_id: str, principal: Keeps, context: InContext) -> WarehouseOut:
    return service.hand_over(context, principal, result_id)
