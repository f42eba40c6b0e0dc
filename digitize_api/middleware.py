"""What happens around every request: an id, one log line, security headers, a limit on the body.

Plain ASGI (no ``BaseHTTPMiddleware``): streams pass through untouched, and a client that goes away is seen at once.
Personal data stay out of the log: no query string, no header, no body is ever written to it.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import anyio
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digitize_api import problems
from models.errors import TooLarge

log = structlog.get_logger("digitize_api.access")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

# Pages load everything from us and nothing inline; fonts and scripts are self-hosted.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
# A browser's own PDF viewer is a page of its own making, which a stricter policy breaks.
PDF_POLICY = "frame-ancestors 'self'"

# Pages get no device at all; one that needs the camera says so itself, for itself alone.
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
CAMERA_PERMISSIONS = PERMISSIONS.replace("camera=()", "camera=(self)")

# A refused upload still sends: reading a little of it lets the client read the answer instead of a reset connection.
DRAIN_BYTES = 16 * 1024 * 1024
DRAIN_SECONDS = 2.0
DRAIN_IDLE_SECONDS = 0.25

Observe = Callable[[str, str, int, float], None]


def _policy(media_type: str) -> str:
    if media_type.startswith("text/html"):
        return PAGE_POLICY
    return PDF_POLICY if media_type.startswith("application/pdf") else DATA_POLICY


def _secure(headers: MutableHeaders, *, https: bool) -> None:
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "SAMEORIGIN")
    headers.setdefault("Permissions-Policy", PERMISSIONS)
    headers.setdefault("Content-Security-Policy", _policy(headers.get("content-type", "")))
    headers.setdefault("Cache-Control", "private, no-store")
    if https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _route(scope: Scope) -> str:
    """The route's template, so that metrics have one series a route and not one a dossier."""
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "-"


class RequestContext:
    """Gives the request its id, logs it once, adds the headers, and turns our defects into a problem."""

    def __init__(self, app: ASGIApp, observe: Observe) -> None:
        self.app = app
        self.observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                _secure(headers, https=scope.get("scheme") == "https")
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            status = status or 499  # nobody is left to answer; the number is nginx's
        except Exception as error:  # noqa: BLE001 - the last line of defence: whatever it is, the client gets a problem
            response = problems.unexpected(Request(scope), error)
            if status == 0:
                await response(scope, receive, send_with_headers)
        finally:
            seconds = time.perf_counter() - started
            self.observe(scope["method"], _route(scope), status, seconds)
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                route=_route(scope),
                status=status,
                ms=round(seconds * 1000, 1),
                who=state.get("who"),
                code=state.get("problem"),
            )
            structlog.contextvars.clear_contextvars()


class BodyLimit:
    """Refuses bodies over ``limit_of`` the request (``None``: it has its own, streaming, limit) and lets a refused sender hear why."""

    def __init__(self, app: ASGIApp, limit_of: Callable[[Scope], int | None]) -> None:
        self.app = app
        self.limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self.limit_of(scope)
        has_body = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
        waiting = headers.get("expect", "").lower() == "100-continue"  # the sender holds back until we ask
        body = _Body(receive, limit, open_=has_body, waiting=waiting)

        async def send_after_drain(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400:
                await body.drain()
            await send(message)

        announced = headers.get("content-length", "")
        if limit is not None and announced.isdecimal() and int(announced) > limit:
            response = problems.respond(Request(scope), TooLarge(f"The body is over {limit} bytes."))
            await response(scope, body.receive, send_after_drain)
            return
        await self.app(scope, body.receive, send_after_drain)


class _Body:
    """``receive`` that counts, stops at the limit, and can swallow a bounded rest."""

    def __init__(self, receive: Receive, limit: int | None, *, open_: bool, waiting: bool) -> None:
        self._receive = receive
        self._limit = limit
        self._open = open_
        self._waiting = waiting
        self._taken = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._waiting = False
        if message["type"] == "http.request":
            self._taken += len(message.get("body", b""))
            self._open = message.get("more_body", False)
            if self._limit is not None and self._taken > self._limit:
                raise TooLarge(f"The body is over {self._limit} bytes.")
        else:
            self._open = False
        return message

    def _ended(self) -> bool:
        return not self._open

    async def drain(self) -> None:
        if not self._open or self._waiting:
            return
        self._limit = None
        stop = self._taken + DRAIN_BYTES
        with anyio.move_on_after(DRAIN_SECONDS):
            while self._taken < stop and not self._ended():
                taken = self._taken
                with anyio.move_on_after(DRAIN_IDLE_SECONDS):
                    await self.receive()
                if self._taken == taken:
                    return  # it isn't sending just now, so it can read
