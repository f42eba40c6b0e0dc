"""``/livez`` (this process runs), ``/readyz`` (everything it depends on answers), ``/metrics``, ``/errors``."""

from __future__ import annotations

import hmac
import ipaddress
import time

import anyio
import anyio.to_thread
import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import text
from starlette.responses import JSONResponse

from digitize_api.context import Context, InContext, Ping
from digitize_api.problems import documents
from models.errors import NotAuthenticated

log = structlog.get_logger("digitize_api.health")
router = APIRouter(tags=["health"])

# Probes have threads of their own: a pool full of slow requests must not look like a broken database.
_THREADS = anyio.CapacityLimiter(12)


class Check(BaseModel):
    name: str = Field(examples=["database"])
    ok: bool
    ms: float
    error: str | None = Field(default=None, description="the kind of failure; details are in the log")


class Readiness(BaseModel):
    ready: bool
    checks: list[Check]


@router.get("/livez", summary="The process runs")
async def livez() -> dict[str, str]:
    return {"status": "ok"}


def _probes(context: Context) -> dict[str, Ping]:
    def database() -> None:
        with context.reading() as session:
            session.execute(text("SELECT 1 FROM scan LIMIT 1"))

    probes: dict[str, Ping] = {"database": database, "store": context.store.ping}
    if context.broker_ping is not None:
        probes["broker"] = context.broker_ping
    return probes


async def _check(name: str, probe: Ping, timeout_seconds: float) -> Check:
    started = time.perf_counter()
    error: str | None = "timeout"
    with anyio.move_on_after(timeout_seconds):
        try:
            await anyio.to_thread.run_sync(probe, abandon_on_cancel=True, limiter=_THREADS)
            error = None
        except Exception as failure:  # noqa: BLE001 - whatever it is, the dependency isn't usable, and that is the answer
            error = type(failure).__name__
            log.warning("probe_failed", dependency=name, error=error)
    return Check(name=name, ok=error is None, ms=round((time.perf_counter() - started) * 1000, 1), error=error)


@router.get(
    "/readyz",
    summary="Everything it depends on answers",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "At least one dependency does not answer"}},
)
async def readyz(context: InContext) -> Response:
    answer = await readiness(context)
    return JSONResponse(answer.model_dump(exclude_none=True), status_code=200 if answer.ready else 503)


async def readiness(context: Context) -> Readiness:
    """Every dependency asked at once, each within ``probe_timeout_seconds``."""
    probes = _probes(context)
    results: dict[str, Check] = {}

    async def run(name: str, probe: Ping) -> None:
        results[name] = await _check(name, probe, context.settings.probe_timeout_seconds)

    async with anyio.create_task_group() as group:
        for name, probe in probes.items():
            group.start_soon(run, name, probe)
    return Readiness(ready=all(check.ok for check in results.values()), checks=[results[name] for name in probes])


def _may_scrape(request: Request, context: Context) -> bool:
    token = context.settings.metrics_token
    if token is not None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode("latin-1"), token.get_secret_value().encode())
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@router.get(
    "/metrics",
    summary="Prometheus metrics",
    description="With `DIGITIZE_API_METRICS_TOKEN` set: to who sends it as a bearer token. Without: to loopback only.",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}, **documents(NotAuthenticated)},
)
def metrics(request: Request, context: InContext) -> Response:
    if not _may_scrape(request, context):
        raise NotAuthenticated("Metrics are for loopback, or for who has the token.")
    return Response(context.metrics.render(), media_type="text/plain; version=0.0.4; charset=utf-8")
