"""``/api/v1/dossiers/{code}/scans`` and ``/api/v1/scans``."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse
from starlette.types import Scope

from digitize_api.audit import record_look
from digitize_api.auth.principal import PostsScans, Principal, ReadsPapers, ReadsScans
from digitize_api.auth.rights import Right
from digitize_api.components.serve import Servable, serve
from digitize_api.context import Context, InContext
from digitize_api.problems import FieldError, FieldsInvalid, documents
from digitize_api.scans import live, service
from digitize_api.scans.multipart import ONE_FILE
from digitize_api.scans.receive import receive_upload
from digitize_api.scans.schemas import ScanOut
from models.entities import Role
from models.errors import (
    ChecksumMismatch,
    DigitizeError,
    EmptyFile,
    Forbidden,
    IdempotencyConflict,
    NotAuthenticated,
    NotFound,
    NotReady,
    RangeNotSatisfiable,
    TooLarge,
    Unavailable,
    UnsupportedType,
    UploadIncomplete,
)
from workers.names import Queue

router = APIRouter(prefix="/api/v1", tags=["scans"])

_UPLOAD_PATH = re.compile(r"/api/v1/dossiers/[^/]+/scans")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
REPLAYED = "Idempotent-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def is_upload(scope: Scope) -> bool:
    """Whether the body of this request is a file, which has a limit of its own."""
    return scope["method"] == "POST" and _UPLOAD_PATH.fullmatch(scope["path"]) is not None


def _checked_headers(principal: Principal, key: str | None, sha256: str | None) -> None:
    errors = []
    if key is None and principal.role is Role.STATION:
        errors.append(FieldError(field="header.Idempotency-Key", message="Thiếu mục này. / This is missing."))
    if key is not None and _KEY.fullmatch(key) is None:
        errors.append(
            FieldError(
                field="header.Idempotency-Key", message="1-200 ký tự ASCII, không dấu cách. / 1-200 ASCII, no spaces."
            )
        )
    if sha256 is not None and _SHA256.fullmatch(sha256) is None:
        errors.append(FieldError(field="header.X-Content-SHA256", message="64 chữ số hex. / 64 hex digits."))
    if errors:
        raise FieldsInvalid(*errors)


@router.post(
    "/dossiers/{code}/scans",
    status_code=202,
    summary="Post a scanned file",
    description=(
        "The file is streamed to the store while it is hashed; `202` means that it is durable and will be read. The same bytes "
        "in the same dossier answer `200` with the scan that exists. A station sends an `Idempotency-Key` (a new one for each "
        "file, the same one for a retry); a browser may. `Idempotent-Replayed: true` beside a `200` says that the scan was made by an "
        "earlier try with this very key, whose answer may have been lost. An upload that stops half-way leaves nothing behind. Kind and size are "
        "checked here; pages, pixels and locks by the worker before it decodes anything: such a scan ends as `refused`."
    ),
    response_model=ScanOut,
    responses={
        200: {
            "model": ScanOut,
            "description": "These bytes were in this dossier already",
            "headers": {
                REPLAYED: {
                    "description": "`true` when an earlier try with this `Idempotency-Key` made the scan",
                    "schema": {"type": "string", "const": "true"},
                }
            },
        },
        **documents(
            NotAuthenticated,
            Forbidden,
            NotFound,
            EmptyFile,
            UnsupportedType,
            TooLarge,
            ChecksumMismatch,
            UploadIncomplete,
            IdempotencyConflict,
            Unavailable,
        ),
    },
    openapi_extra=ONE_FILE,
)
async def post_scan(
    *,
    code: str,
    request: Request,
    response: Response,
    principal: PostsScans,
    context: InContext,
    queue: Annotated[
        Literal["counter", "backscan"], Query(description="backscan: never before a counter's")
    ] = "counter",
    idempotency_key: Annotated[str | None, Header()] = None,
    x_content_sha256: Annotated[str | None, Header()] = None,
) -> ScanOut:
    try:
        scan, created, replayed = await _receive(
            request, context, principal, code, queue=Queue(queue), key=idempotency_key, sha256=x_content_sha256
        )
    except DigitizeError as error:
        context.metrics.uploads.labels(error.code).inc()
        raise
    context.metrics.uploads.labels("created" if created else "repeated").inc()
    context.metrics.upload_bytes.inc(scan.bytes)
    response.headers["Location"] = scan.links["self"]
    if not created:
        response.status_code = 200
    if replayed:
        response.headers[REPLAYED] = "true"
    return scan


async def _receive(
    request: Request,
    context: Context,
    principal: Principal,
    code: str,
    *,
    queue: Queue,
    key: str | None,
    sha256: str | None,
) -> tuple[ScanOut, bool, bool]:
    """The scan, whether it is new, and whether an earlier try with this key made it."""
    if queue is Queue.BACKSCAN:
        principal.demand(Right.POST_BACKSCAN)
    _checked_headers(principal, key, sha256)
    in_thread = anyio.to_thread.run_sync
    dossier = await in_thread(service.find_dossier, context, principal, code)
    received = await receive_upload(
        request,
        context.store,
        max_bytes=context.settings.max_upload_bytes,
        stall_seconds=context.settings.upload_stall_seconds,
        limiter=context.uploads,
        expected_sha256=sha256.lower() if sha256 else None,
        check=partial(service.check_key, context, principal, dossier, key),
    )
    accept = partial(service.accept, context, principal, dossier, received, key=key, queue=queue)
    scan, created = await in_thread(accept)
    _, timeline = await in_thread(service.load, context, principal, scan.id)
    replayed = not created and key is not None and (scan.actor, scan.idempotency_key) == (principal.actor, key)
    return ScanOut.full(scan, dossier.code, timeline), created, replayed


@router.get(
    "/scans/{scan_id}",
    summary="A scan: state, pages, warnings, components, timeline",
    responses=documents(NotAuthenticated, Forbidden, NotFound),
)
def get_scan(scan_id: str, principal: ReadsScans, context: InContext) -> ScanOut:
    scan, timeline = service.load(context, principal, scan_id)
    return ScanOut.full(scan, scan.dossier.code, timeline)


@router.head("/scans/{scan_id}/pages/{number}.jpg", include_in_schema=False)
@router.get(
    "/scans/{scan_id}/pages/{number}.jpg",
    summary="A page as soon as it is read",
    description="The straightened page as JPEG; pages count from 1 within the scan. `409` while it is being read.",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}}, "description": "The image"},
        304: {"description": "The caller has these bytes"},
        **documents(NotAuthenticated, Forbidden, NotFound, NotReady, RangeNotSatisfiable, Unavailable),
    },
)
def get_page_image(
    scan_id: str,
    number: Annotated[int, Path(ge=1, le=100_000)],
    request: Request,
    principal: ReadsPapers,
    context: InContext,
) -> Response:
    scan, page, key = service.load_page(context, principal, scan_id, number)
    other = {} if page.source_number == page.number else {"source_number": page.source_number}
    record_look(context, principal, "page", scan=scan, page=page.number, more=other)
    info = context.store.stat(key)
    name = f"{scan.dossier.code}-{page.number}.jpg"
    return serve(request, context.store, Servable(info.key, info.size, info.sha256, "image/jpeg", name))


@router.get(
    "/scans/{scan_id}/events",
    summary="A scan's events, live",
    description=(
        "Server-sent events `state`, `page`, `warning`, `done`, from the first one (or after `Last-Event-ID`), ending after "
        "`done`. `id` is the resume point. `204` when the scan has ended and the caller has heard so: stop reconnecting."
    ),
    response_class=Response,
    responses={
        200: {"content": service.event_examples(), "description": "The stream"},
        204: {"description": "Nothing is left to hear"},
        **documents(NotAuthenticated, Forbidden, NotFound),
    },
)
def follow_scan(
    scan_id: str,
    principal: ReadsScans,
    context: InContext,
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[int, Query(ge=0, description="as Last-Event-ID, for a first connection")] = 0,
) -> Response:
    scan, _ = service.load(context, principal, scan_id)
    last_id = service.resume_point(last_event_id) or after
    if service.nothing_left(context, scan, last_id):
        return Response(status_code=204)
    return EventSourceResponse(
        live.stream(context.hub, scan_id, last_id, context.settings.sse_heartbeat_seconds),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
