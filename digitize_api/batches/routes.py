"""``/api/v1/batches``."""

from __future__ import annotations

import re
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.sse import EventSourceResponse
from starlette.responses import StreamingResponse
from starlette.types import Scope

from digitize_api.auth.principal import ReadsBatches, RunsBatches
from digitize_api.batches import live, service
from digitize_api.batches.schemas import (
    AgainOut,
    BatchChange,
    BatchIn,
    BatchList,
    BatchOut,
    DifferenceOut,
    ItemList,
    ItemOut,
    VerificationOut,
)
from digitize_api.context import InContext
from digitize_api.problems import documents
from digitize_api.scans.multipart import ONE_FILE
from digitize_api.scans.receive import receive_upload
from models.batches.entities import ItemState
from models.errors import (
    Conflict,
    EmptyFile,
    Forbidden,
    NotAuthenticated,
    NotFound,
    TooLarge,
    Unavailable,
    UnsupportedType,
    UploadIncomplete,
)

router = APIRouter(prefix="/api/v1/batches", tags=["batches"])

_UPLOAD_PATH = re.compile(r"/api/v1/batches/[^/]+/files")
_SEEN = documents(NotAuthenticated, Forbidden, NotFound)


def is_upload(scope: Scope) -> bool:
    """Whether the body of this request is a file, which has a limit of its own."""
    return scope["method"] == "POST" and _UPLOAD_PATH.fullmatch(scope["path"]) is not None


@router.post(
    "",
    status_code=201,
    summary="Make a batch",
    description=(
        "For a back-scan of an agency. It posts nothing until it is set to `running`. Folders, ZIPs and manifests are added where they lie, by "
        "`digitize batch add`; single files by `POST …/files`."
    ),
    responses=documents(NotAuthenticated, Forbidden, Conflict),
)
def create_batch(asked: BatchIn, principal: RunsBatches, context: InContext, response: Response) -> BatchOut:
    made = service.create(context, principal, asked.name, asked.agency, asked.given())
    batch, progress = service.load(context, principal, made.id)
    created = BatchOut.of(batch, progress)
    response.headers["Location"] = created.links["self"]
    return created


@router.get(
    "",
    summary="Batches",
    description="Of the agencies the caller reaches; those that run first, then the newest.",
    responses=documents(NotAuthenticated, Forbidden),
)
def list_batches(
    principal: ReadsBatches,
    context: InContext,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> BatchList:
    found = service.newest(context, principal, limit, offset)
    return BatchList(batches=[BatchOut.of(batch, progress) for batch, progress in found])


@router.get("/{batch_id}", summary="A batch and how far it is", responses=_SEEN)
def get_batch(batch_id: str, principal: ReadsBatches, context: InContext) -> BatchOut:
    return BatchOut.of(*service.load(context, principal, batch_id))


@router.patch(
    "/{batch_id}",
    summary="Run, pause or change a batch",
    description="What is posted already goes on to its end. A batch that aborted is run again with `POST …/retry` or `state: running`.",
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict),
)
def change_batch(batch_id: str, asked: BatchChange, principal: RunsBatches, context: InContext) -> BatchOut:
    return BatchOut.of(*service.change(context, principal, batch_id, asked.given(), asked.state))


@router.post(
    "/{batch_id}/files",
    status_code=202,
    summary="Send a file into a batch",
    description="`202` means that the file is durable and will be posted when the batch's policies allow. The same bytes again: `200` and the same item.",
    response_model=ItemOut,
    responses={
        200: {"model": ItemOut, "description": "This file was sent before"},
        **documents(
            NotAuthenticated, Forbidden, NotFound, EmptyFile, UnsupportedType, TooLarge, UploadIncomplete, Unavailable
        ),
    },
    openapi_extra=ONE_FILE,
)
async def post_file(
    batch_id: str, request: Request, response: Response, principal: RunsBatches, context: InContext
) -> ItemOut:
    await anyio.to_thread.run_sync(service.load, context, principal, batch_id)
    received = await receive_upload(
        request,
        context.store,
        max_bytes=context.settings.max_upload_bytes,
        stall_seconds=context.settings.upload_stall_seconds,
        limiter=context.uploads,
        expected_sha256=None,
        check=lambda _sha256: None,
    )
    item, new = await anyio.to_thread.run_sync(service.take, context, principal, batch_id, received)
    if not new:
        response.status_code = 200
    return ItemOut.of(item)


@router.get(
    "/{batch_id}/items",
    summary="The documents of a batch",
    description="By number; `after` is the last number seen.",
    responses=_SEEN,
)
def list_items(
    *,
    batch_id: str,
    principal: ReadsBatches,
    context: InContext,
    state: Annotated[list[ItemState] | None, Query(description="only those in one of these states")] = None,
    after: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ItemList:
    found = service.items(context, principal, batch_id, states=state or (), after=after, limit=limit)
    return ItemList(items=[ItemOut.of(item) for item in found], next=found[-1].number if len(found) == limit else None)


@router.post(
    "/{batch_id}/retry",
    summary="Failed files again",
    description="What failed is read again in its own dossier, what was refused is looked at anew when its source is run, and the batch runs.",
    responses=_SEEN,
)
def retry_batch(batch_id: str, principal: RunsBatches, context: InContext) -> AgainOut:
    count, batch, progress = service.again(context, principal, batch_id)
    return AgainOut(items=count, batch=BatchOut.of(batch, progress))


@router.get(
    "/{batch_id}/verification",
    summary="Whether what is done is there",
    description=(
        "Every item's original and, of those that are done, every PDF: there, and noted with the hash that it should have. `digitize batch verify` "
        "hashes them again and looks into the sources too."
    ),
    responses=_SEEN,
)
def verify_batch(batch_id: str, principal: ReadsBatches, context: InContext) -> VerificationOut:
    found, more = service.verify(context, principal, batch_id)
    return VerificationOut(differences=[DifferenceOut.of(one) for one in found], more=more)


@router.get(
    "/{batch_id}/report.csv",
    summary="Every file and what became of it",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "UTF-8 with a mark, for spreadsheets"}, **_SEEN},
)
def get_report(batch_id: str, principal: ReadsBatches, context: InContext) -> StreamingResponse:
    batch, _ = service.load(context, principal, batch_id)
    lines = (line.encode() for line in service.csv_lines(service.rows(context, principal, batch_id)))
    headers = {"Content-Disposition": f'attachment; filename="lo-{batch.id[:8]}.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.get(
    "/{batch_id}/events",
    summary="A batch, live",
    description="Server-sent events `changed`: at once, and whenever something of the batch changed; look anew then.",
    response_class=Response,
    responses={
        200: {
            "content": {
                "text/event-stream": {
                    "schema": {"type": "string"},
                    "example": 'event: changed\ndata: {"at": "2026-11-21T03:04:05.678+00:00"}\n\n',
                }
            },
            "description": "The stream",
        },
        **_SEEN,
    },
)
def follow_batch(batch_id: str, principal: ReadsBatches, context: InContext) -> Response:
    service.load(context, principal, batch_id)
    return EventSourceResponse(
        live.stream(context, batch_id), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
