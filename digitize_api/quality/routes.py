"""``/api/v1/batches/{id}/quality``: how far a batch is checked, what people say of its papers, and what two of them keyed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from digitize_api.auth.principal import ReadsBatches, Reviews, RunsBatches
from digitize_api.context import InContext
from digitize_api.problems import documents
from digitize_api.quality import rescanning, service
from digitize_api.quality.schemas import (
    CheckedOut,
    CheckIn,
    DeviationIn,
    DeviationOut,
    DeviationsOut,
    DrawnOut,
    FoundOut,
    KeyedOut,
    KeyIn,
    KeyingOut,
    NextIn,
    NextOut,
    PlanIn,
    QualityOut,
    RescanOut,
    ReturnedOut,
    WaiverIn,
    WaiverOut,
)
from digitize_api.scans.multipart import ONE_FILE
from models.batches.quality.deviations import Sort
from models.batches.quality.entities import DeviationState
from models.errors import (
    Conflict,
    EmptyFile,
    FileKnown,
    Forbidden,
    HeldByAnother,
    NotAuthenticated,
    NotFound,
    OwnWork,
    PaperKept,
    StepBlocked,
    TooLarge,
    Unavailable,
    UnsupportedType,
    UploadIncomplete,
)

router = APIRouter(prefix="/api/v1/batches/{batch_id}/quality", tags=["quality"])

_SEEN = documents(NotAuthenticated, Forbidden, NotFound)
_SAID = documents(NotAuthenticated, Forbidden, NotFound, Conflict, HeldByAnother, OwnWork)
Identifier = Annotated[str, Path(max_length=60)]


@router.get(
    "",
    summary="How far quality control is",
    description=(
        "Round 1: every paper. Round 2: a sample of those that passed, by another person, stratified by checker, scanning operator and doubt. The "
        "error rate is of papers with a critical fault, with Wilson's 95 % interval."
    ),
    responses=_SEEN,
)
def get_quality(batch_id: str, principal: ReadsBatches, context: InContext) -> QualityOut:
    return QualityOut.of(service.overview(context, principal, batch_id))


@router.put(
    "/plan",
    summary="Change how much is looked at twice",
    description="From now on; what was drawn stays drawn. Fields that nobody has keyed yet and that are no longer chosen are dropped.",
    responses=_SEEN,
)
def put_plan(batch_id: str, asked: PlanIn, principal: RunsBatches, context: InContext) -> QualityOut:
    return QualityOut.of(service.change_plan(context, principal, batch_id, asked.given()))


@router.post(
    "/draw",
    summary="Draw the sample of round 2",
    description="Of all that has passed round 1; again draws of what has been added, and nothing when nothing has. Fields to be keyed are chosen too.",
    responses=_SEEN,
)
def post_draw(batch_id: str, principal: RunsBatches, context: InContext) -> DrawnOut:
    made = service.draw(context, principal, batch_id)
    return DrawnOut(papers=made.papers, strata=made.strata, drawn=made.drawn, new=made.new, seed=made.seed)


@router.put(
    "/strata/{stratum_id}/waiver",
    summary="Let a failed stratum pass",
    description="Papers of it that nobody has looked at again stand as they stood. The decision and its reason stay in the log.",
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict),
)
def put_waiver(
    batch_id: str, stratum_id: Identifier, asked: WaiverIn, principal: RunsBatches, context: InContext
) -> WaiverOut:
    return WaiverOut.of(service.waive(context, principal, batch_id, stratum_id, asked.reason))


@router.post(
    "/next",
    summary="The next paper to work on",
    description="Held for you for three minutes; renew it with `PUT /api/v1/components/{id}/lease`. No two people are given the same paper at once.",
    responses=_SEEN,
)
def post_next(batch_id: str, asked: NextIn, principal: Reviews, context: InContext) -> NextOut:
    return NextOut.of(batch_id, service.take_next(context, principal, batch_id, asked.work, asked.after))


@router.put(
    "/papers/{component_id}/check",
    summary="Accept or return a paper",
    description=(
        "Accepting in round 1 confirms the paper as its review does (`409 STEP_BLOCKED` tells what hinders that). Round 2 is another person's than round "
        "1 (`409 OWN_WORK`), and of drawn papers alone. The same again is the same as once."
    ),
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict, HeldByAnother, OwnWork, StepBlocked),
)
def put_check(
    batch_id: str, component_id: Identifier, asked: CheckIn, principal: Reviews, context: InContext
) -> CheckedOut:
    return CheckedOut.of(service.say(context, principal, batch_id, component_id, asked.check()))


@router.get(
    "/returned",
    summary="Papers that wait to be mended",
    description="In the order in which they were scanned. A correction, or `PUT …/mended`, sends one to round 1 again.",
    responses=_SEEN,
)
def get_returned(
    batch_id: str,
    principal: ReadsBatches,
    context: InContext,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> ReturnedOut:
    found = service.returned(context, principal, batch_id, limit=limit, offset=offset)
    return ReturnedOut(papers=[CheckedOut.returned(one) for one in found])


@router.put(
    "/papers/{component_id}/mended",
    summary="What a paper was returned for is mended",
    description="It is looked at in round 1 again. Of a paper that is not returned nothing changes.",
    responses=documents(NotAuthenticated, Forbidden, NotFound, HeldByAnother),
)
def put_mended(batch_id: str, component_id: Identifier, principal: Reviews, context: InContext) -> CheckedOut:
    return CheckedOut.of(service.mended(context, principal, batch_id, component_id))


@router.post(
    "/papers/{component_id}/rescan",
    status_code=202,
    summary="Scan a returned paper again",
    description=(
        "`202` means that the file is durable and will be read, on the queue that never delays a counter. When it is read it takes the paper's place: the "
        "batch counts the paper once, the old scan is kept out of its dossier, and the new paper waits for round 1. A file that can't be read changes "
        "nothing. The same file again answers `200`."
    ),
    response_model=RescanOut,
    responses={
        200: {"model": RescanOut, "description": "This file was sent for this paper before"},
        **documents(
            NotAuthenticated,
            Forbidden,
            NotFound,
            Conflict,
            HeldByAnother,
            PaperKept,
            FileKnown,
            EmptyFile,
            UnsupportedType,
            TooLarge,
            UploadIncomplete,
            Unavailable,
        ),
    },
    openapi_extra=ONE_FILE,
)
async def post_rescan(
    *,
    batch_id: str,
    component_id: Identifier,
    request: Request,
    response: Response,
    principal: Reviews,
    context: InContext,
) -> RescanOut:
    row, new = await rescanning.take(request, context, principal, batch_id, component_id)
    if not new:
        response.status_code = 200
    return RescanOut.of(row)


@router.post(
    "/deviations",
    summary="Look for pages unlike their neighbours",
    description=(
        "Angle, size and number of pages against the 20 papers or pages of the same type on each side, and marks of the first look. Again is the same as "
        "once. The service does it by itself when a batch has been read, and when a paper of it was scanned again."
    ),
    responses=_SEEN,
)
def post_deviations(batch_id: str, principal: Reviews, context: InContext) -> FoundOut:
    found = service.find_deviations(context, principal, batch_id)
    return FoundOut(open=found.open, new=found.new, gone=found.gone)


@router.get("/deviations", summary="Pages unlike their neighbours", responses=_SEEN)
def get_deviations(
    *,
    batch_id: str,
    principal: ReadsBatches,
    context: InContext,
    state: DeviationState = DeviationState.OPEN,
    what: Annotated[str, Query(max_length=30, description="angle, short_side, long_side, pages, or a warning")] = "",
    sort: Sort = Sort.UNLIKE,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> DeviationsOut:
    asked = service.Asked(state, what, sort, limit, offset)
    return DeviationsOut.of(service.list_deviations(context, principal, batch_id, asked))


@router.put(
    "/deviations/{deviation_id}/decision",
    summary="Say what an odd page is",
    description="`fine`: seen; `rescan`: its paper is returned for it; `open`: not decided after all.",
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict, HeldByAnother),
)
def put_deviation(
    batch_id: str, deviation_id: Identifier, asked: DeviationIn, principal: Reviews, context: InContext
) -> DeviationOut:
    record = service.decide(context, principal, batch_id, deviation_id, asked.decision, words=asked.words)
    path = service.paper(context, principal, batch_id, record.component_id).paper.item.path
    return DeviationOut.of(record, path)


@router.get(
    "/papers/{component_id}/keying",
    summary="A paper's fields that people key",
    description="Without what the machine read, and without what others keyed but for who settles it.",
    responses=_SEEN,
)
def get_keying(batch_id: str, component_id: Identifier, principal: Reviews, context: InContext) -> KeyingOut:
    return KeyingOut.of(service.keying_of(context, principal, batch_id, component_id), principal.actor)


@router.put(
    "/papers/{component_id}/keying",
    summary="Key a paper's fields",
    description=(
        "Blind. The second key of a field settles it where both agree; else a third person does. Until somebody else has keyed a field, your own key "
        "may be put right by sending it again."
    ),
    responses=_SAID,
)
def put_keying(
    batch_id: str, component_id: Identifier, asked: KeyIn, principal: Reviews, context: InContext
) -> KeyedOut:
    return KeyedOut.of(service.key(context, principal, batch_id, component_id, asked.keyed()))


@router.put(
    "/papers/{component_id}/settlement",
    summary="Settle fields that two people keyed differently",
    description="By a third (`409 OWN_WORK` for who keyed one of them). What is settled becomes the field's value.",
    responses=_SAID,
)
def put_settlement(
    batch_id: str, component_id: Identifier, asked: KeyIn, principal: Reviews, context: InContext
) -> KeyedOut:
    return KeyedOut.of(service.key(context, principal, batch_id, component_id, asked.keyed(), settles=True))


@router.get(
    "/report.csv",
    summary="Every paper and what was said of it",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "UTF-8 with a mark, for spreadsheets"}, **_SEEN},
)
def get_report(batch_id: str, principal: RunsBatches, context: InContext) -> StreamingResponse:
    lines = (line.encode() for line in service.report_lines(context, principal, batch_id))
    headers = {
        "Content-Disposition": f'attachment; filename="chat-luong-{batch_id[:8]}.csv"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)
