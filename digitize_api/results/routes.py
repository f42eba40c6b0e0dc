"""``/api/v1/results``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from digitize_api.auth.principal import Searches
from digitize_api.context import InContext
from digitize_api.problems import FieldError, FieldsInvalid, documents
from digitize_api.results import service
from digitize_api.results.schemas import ResultsOut
from models.errors import Forbidden, NotAuthenticated

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
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> ResultsOut:
    asked = service.Asked(q, holder_id, paper_type, number, limit, offset)
    if asked.empty:
        raise FieldsInvalid(FieldError(field="query.q", message="Nhập từ cần tìm. / Give something to search for."))
    return service.search(context, principal, asked)
