"""Bytes from the store to the client: whole or a range, never all in memory."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from digitize_api.components.ranges import OutsideObject, etag_matches, parse_range
from digitize_api.problems import respond
from storage.objects import ObjectStore


@dataclass(frozen=True, slots=True)
class Servable:
    """An object with what HTTP says about it. ``filename`` is what a saved copy is called."""

    key: str
    size: int
    sha256: str
    media_type: str
    filename: str


def serve(request: Request, store: ObjectStore, thing: Servable) -> Response:
    """200, 206, 304 or 416, for GET and HEAD; the ETag is the content's SHA-256."""
    etag = f'"{thing.sha256}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(thing.filename, safe='')}",
    }
    if etag_matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    asked = request.headers.get("range")
    if request.headers.get("if-range", etag) != etag:
        asked = None  # the client's part is of other bytes
    try:
        part = parse_range(asked, thing.size) if request.method == "GET" else None
    except OutsideObject as error:
        return respond(request, error, {"Content-Range": f"bytes */{error.size}"})
    start, length = (part.start, part.length) if part else (0, thing.size)
    headers["Content-Length"] = str(length)
    if part is not None:
        headers["Content-Range"] = part.content_range(thing.size)
    if request.method == "HEAD":
        return Response(status_code=200, headers=headers, media_type=thing.media_type)
    body = store.read_range(thing.key, start, length) if length else iter(())
    return StreamingResponse(body, status_code=206 if part else 200, headers=headers, media_type=thing.media_type)
