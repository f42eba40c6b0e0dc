"""``/api/v1/dossiers``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.responses import StreamingResponse

from digitize_api.audit import record_look
from digitize_api.auth.principal import Concludes, CreatesDossiers, ReadsDossiers, ReadsPapers
from digitize_api.context import InContext
from digitize_api.dossiers import service
from digitize_api.dossiers.schemas import (
    CompletenessOut,
    ConclusionIn,
    DossierIn,
    DossierList,
    DossierOut,
    DossierSummary,
)
from digitize_api.problems import documents
from models.errors import Conflict, Forbidden, MissingProgram, NotAuthenticated, NotFound, NotReady, Unavailable

router = APIRouter(prefix="/api/v1/dossiers", tags=["dossiers"])


@router.post(
    "",
    status_code=201,
    summary="Open a dossier",
    description="Gives it its mã số hồ sơ (`<agency>-YYMMDD-NNNN`). Every field may be left out and told later.",
    responses=documents(NotAuthenticated, Forbidden, Conflict),
)
def create_dossier(asked: DossierIn, principal: CreatesDossiers, context: InContext, response: Response) -> DossierOut:
    created = DossierOut.with_scans(service.create(context, principal, asked), [])
    response.headers["Location"] = created.links["self"]
    return created


@router.get(
    "",
    summary="The newest dossiers",
    description="Of the agencies the caller reaches, newest first; holders' numbers are masked.",
    responses=documents(NotAuthenticated, Forbidden),
)
def list_dossiers(
    principal: ReadsDossiers,
    context: InContext,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> DossierList:
    found = service.recent(context, principal, limit, offset)
    return DossierList(dossiers=[DossierSummary.of(dossier) for dossier in found])


@router.get("/{code}", summary="A dossier and its scans", responses=documents(NotAuthenticated, Forbidden, NotFound))
def get_dossier(code: str, principal: ReadsDossiers, context: InContext) -> DossierOut:
    dossier, scans = service.load(context, principal, code)
    record_look(context, principal, "dossier", dossier=dossier)
    return DossierOut.with_scans(dossier, scans)


@router.put(
    "/{code}/conclusion",
    summary="Say that it ended, on which day and with what",
    description="The ratios of results are of dossiers that ended in a period. Said again otherwise, the last word counts.",
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict),
)
def put_conclusion(code: str, asked: ConclusionIn, principal: Concludes, context: InContext) -> DossierSummary:
    return DossierSummary.of(service.conclude(context, principal, code, asked))


@router.delete(
    "/{code}/conclusion",
    summary="It has not ended after all",
    responses=documents(NotAuthenticated, Forbidden, NotFound),
)
def delete_conclusion(code: str, principal: Concludes, context: InContext) -> DossierSummary:
    return DossierSummary.of(service.conclude(context, principal, code, None))


@router.get(
    "/{code}/completeness",
    summary="The dossier against its procedure",
    description="What is there, doubtful, missing, or already in the warehouse (then `offers` says what can be linked instead of scanned).",
    responses=documents(NotAuthenticated, Forbidden, NotFound),
)
def get_completeness(code: str, principal: ReadsPapers, context: InContext) -> CompletenessOut:
    dossier, papers = service.papers(context, principal, code)
    record_look(context, principal, "completeness", dossier=dossier)
    return CompletenessOut.of(dossier, papers)


@router.get(
    "/{code}/supplement-slip.pdf",
    summary="Phiếu yêu cầu bổ sung",
    description="What is missing or doubtful, to print for the citizen; `409` when nothing is.",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}, "description": "The slip, A4"},
        **documents(NotAuthenticated, Forbidden, NotFound, Conflict, MissingProgram),
    },
)
def get_slip(code: str, principal: ReadsPapers, context: InContext) -> Response:
    pdf = service.slip(context, principal, code)
    headers = {"Content-Disposition": f'inline; filename="{code}-bo-sung.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.get(
    "/{code}/papers.zip",
    summary="All its PDFs",
    description=(
        "Streamed. `manifest.json` names each file with its SHA-256, code and version, `SHA256SUMS` is for `sha256sum --check`. Results that "
        "the dossier uses again are in it too."
    ),
    response_class=Response,
    responses={
        200: {"content": {"application/zip": {}}, "description": "The ZIP"},
        **documents(NotAuthenticated, Forbidden, NotFound, NotReady, Unavailable),
    },
)
def get_papers(code: str, principal: ReadsPapers, context: InContext) -> StreamingResponse:
    made = service.download(context, principal, code)
    for paper in made.papers:
        record_look(context, principal, "zip", component=paper)
    headers = {"Content-Disposition": f'attachment; filename="{made.filename}"', "Cache-Control": "private, no-store"}
    return StreamingResponse(made.chunks, media_type="application/zip", headers=headers)
