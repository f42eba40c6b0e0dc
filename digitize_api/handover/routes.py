"""``GET /api/v1/dossiers/{code}/handover.zip``."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.responses import StreamingResponse

from digitize_api.audit import record_look
from digitize_api.auth.principal import ReadsPapers
from digitize_api.context import InContext
from digitize_api.handover import service
from digitize_api.problems import documents
from models.errors import Forbidden, NotAuthenticated, NotFound, NotReady, Unavailable

router = APIRouter(prefix="/api/v1/dossiers", tags=["dossiers"])


@router.get(
    "/{code}/handover.zip",
    summary="Hand-over package (BagIt)",
    description=(
        "BagIt 1.0 with SHA-256 manifests, streamed: `data/<mã hồ sơ>.<stt>.pdf`, `metadata/*.json` (`digitize.handover/1`, with the fields of "
        "NĐ 30/2020 Phụ lục VI) and a table for people. The same content gives the same bytes; `digitize handover import` takes it in."
    ),
    response_class=Response,
    responses={
        200: {"content": {"application/zip": {}}, "description": "The package"},
        **documents(NotAuthenticated, Forbidden, NotFound, NotReady, Unavailable),
    },
)
def get_handover(code: str, principal: ReadsPapers, context: InContext) -> StreamingResponse:
    made = service.of_dossier(context, principal, code)
    for paper in made.papers:
        record_look(context, principal, "handover", component=paper)
    headers = {"Content-Disposition": f'attachment; filename="{made.filename}"', "Cache-Control": "private, no-store"}
    return StreamingResponse(made.chunks, media_type="application/zip", headers=headers)
