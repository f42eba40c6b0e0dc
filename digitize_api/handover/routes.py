"""``GET /api/v1/dossiers/{code}/handover.zip``, ``/api/v1/batches/{batch_id}/handover`` and ``….zip``, ``/api/v1/inventory/handover.zip``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.responses import StreamingResponse

from digitize_api.audit import record_look
from digitize_api.auth.principal import HandsOver, ReadsPapers
from digitize_api.context import InContext
from digitize_api.handover import service
from digitize_api.handover.schemas import PlanOut
from digitize_api.handover.service import Handover
from digitize_api.problems import documents
from models.errors import Forbidden, NotAuthenticated, NotFound, NotReady, Unavailable
from models.handover.steps import PART_MIB

router = APIRouter(prefix="/api/v1")

_PACKAGE = {"content": {"application/zip": {}}, "description": "The package"}
Unfinished = Annotated[
    bool, Query(description="papers that are not in the warehouse yet too (not signed, not confirmed, without code)")
]


@router.get(
    "/dossiers/{code}/handover.zip",
    tags=["dossiers"],
    summary="Hand-over package (BagIt)",
    description=(
        "BagIt 1.0 with SHA-256 manifests, streamed: `data/<mã hồ sơ>.<stt>.pdf`, `metadata/*.json` (`digitize.handover/1`, with the fields of "
        "NĐ 30/2020 Phụ lục VI) and a table for people. The same content gives the same bytes; `digitize handover import` takes it in."
    ),
    response_class=Response,
    responses={200: _PACKAGE, **documents(NotAuthenticated, Forbidden, NotFound, NotReady, Unavailable)},
)
def get_handover(code: str, principal: ReadsPapers, context: InContext) -> StreamingResponse:
    made = service.of_dossier(context, principal, code)
    for paper in made.papers:
        record_look(context, principal, "handover", component=paper)
    return _sent(made)


@router.get(
    "/batches/{batch_id}/handover",
    tags=["batches"],
    summary="What of a batch can be handed over",
    description="Packages of at most `part_mib` MiB of PDFs and 10,000 papers, each with its link; and how many files stay behind, by reason.",
    responses=documents(NotAuthenticated, Forbidden, NotFound),
)
def get_batch_plan(
    *,
    batch_id: str,
    principal: HandsOver,
    context: InContext,
    unfinished: Unfinished = False,
    part_mib: Annotated[int, Query(ge=1, le=60_000)] = PART_MIB,
) -> PlanOut:
    return PlanOut.of(service.plan(context, principal, batch_id, unfinished=unfinished, part_mib=part_mib))


@router.get(
    "/batches/{batch_id}/handover.zip",
    tags=["batches"],
    summary="Hand-over package of a batch (BagIt)",
    description=(
        "As a dossier's; what was confirmed and stored of the batch's files `first` to `last` (default: all). `metadata/danh-sach.csv` tells every one "
        "of these files: its paper's name in the package, or why it is not in it."
    ),
    response_class=Response,
    responses={200: _PACKAGE, **documents(NotAuthenticated, Forbidden, NotFound, NotReady, Unavailable)},
)
def get_batch_handover(
    *,
    batch_id: str,
    principal: HandsOver,
    context: InContext,
    first: Annotated[int | None, Query(ge=1, le=1_000_000_000)] = None,
    last: Annotated[int | None, Query(ge=1, le=1_000_000_000)] = None,
    unfinished: Unfinished = False,
) -> StreamingResponse:
    return _sent(service.of_batch(context, principal, batch_id, (first, last), unfinished=unfinished))


@router.get(
    "/inventory/handover.zip",
    tags=["inventory"],
    summary="Hand-over package of an inventory or a box (BagIt)",
    description=(
        "What the lines of an agency's inventory of a year became, with all agencies below it; `box`: of one box. `metadata/danh-sach.csv` tells every "
        "line. At most 10,000 papers; `digitize handover export` makes several packages."
    ),
    response_class=Response,
    responses={200: _PACKAGE, **documents(NotAuthenticated, Forbidden, NotFound, NotReady, Unavailable)},
)
def get_inventory_handover(
    *,
    principal: HandsOver,
    context: InContext,
    year: Annotated[int, Query(ge=1900, le=2999)],
    agency: Annotated[str | None, Query(max_length=35, description="its code; yours when left out")] = None,
    box: Annotated[str | None, Query(min_length=1, max_length=60)] = None,
) -> StreamingResponse:
    return _sent(service.of_inventory(context, principal, agency, year, box))


def _sent(made: Handover) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{made.filename}"', "Cache-Control": "private, no-store"}
    return StreamingResponse(made.chunks, media_type="application/zip", headers=headers)
