"""The application: everything wired, nothing decided."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version

import anyio
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from sqlalchemy import Engine
from starlette.types import Scope

from digitize_api import openapi, problems
from digitize_api.arranging import routes as arranging_routes
from digitize_api.auth import routes as auth_routes
from digitize_api.auth.presence import Presence
from digitize_api.auth.throttle import LoginThrottle
from digitize_api.batches import routes as batch_routes
from digitize_api.catalog import routes as catalog_routes
from digitize_api.components import routes as component_routes
from digitize_api.context import Context, Ping, Ring
from digitize_api.dossiers import routes as dossier_routes
from digitize_api.handover import routes as handover_routes
from digitize_api.health import routes as health_routes
from digitize_api.health.metrics import Metrics
from digitize_api.inventory import exception_routes
from digitize_api.inventory import routes as inventory_routes
from digitize_api.inventory.service import MAX_FORM_BYTES
from digitize_api.middleware import BodyLimit, RequestContext
from digitize_api.quality import rescanning
from digitize_api.quality import routes as quality_routes
from digitize_api.reports import routes as report_routes
from digitize_api.results import routes as result_routes
from digitize_api.review import routes as review_routes
from digitize_api.scans import routes as scan_routes
from digitize_api.scans.live import EventHub
from digitize_api.settings import ApiSettings
from digitize_api.web import STATIC
from digitize_api.web import pages as web_pages
from digitize_api.web.admin import pages as admin_pages
from digitize_api.web.arranging import pages as arranging_pages
from digitize_api.web.assets import Assets
from digitize_api.web.audit_page import pages as audit_pages
from digitize_api.web.batches import pages as batch_pages
from digitize_api.web.counter import pages as counter_pages
from digitize_api.web.inventory import boxes as box_pages
from digitize_api.web.inventory import exception_pages
from digitize_api.web.inventory import pages as inventory_pages
from digitize_api.web.quality import keying_pages
from digitize_api.web.quality import pages as quality_pages
from digitize_api.web.reports import pages as report_pages
from digitize_api.web.review import pages as review_pages
from digitize_api.web.search_page import pages as search_pages
from digitize_api.web.session import SignInFirst, sign_in_first
from digitize_api.web.warehouse import pages as warehouse_pages
from digitize_api.web.webhooks import pages as webhook_pages
from digitize_api.webhooks import routes as webhook_routes
from models.database import make_session_factory
from models.live_catalog import LiveCatalog
from models.review_queue import Weights
from models.search import make_index
from storage.objects import ObjectStore

# Off, all of it: validation failures and stack traces may hold personal data.
_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


def _is_upload(scope: Scope) -> bool:
    return scan_routes.is_upload(scope) or batch_routes.is_upload(scope) or rescanning.is_upload(scope)


def create_app(
    settings: ApiSettings, *, engine: Engine, store: ObjectStore, ring: Ring, broker_ping: Ping | None = None
) -> FastAPI:
    """The front door over a migrated database and a store.

    ``ring(dispatch_id, task, queue)`` sends the task's message after the commit; it may fail, the sweeper makes up for it.
    ``broker_ping`` raises when the broker can't be used; ``/readyz`` reports it as ``broker``.
    """
    sessions = make_session_factory(engine)
    context = Context(
        settings=settings,
        engine=engine,
        sessions=sessions,
        store=store,
        ring=ring,
        broker_ping=broker_ping,
        index=make_index(engine),
        hub=EventHub(sessions, settings.sse_poll_seconds),
        throttle=LoginThrottle(
            settings.login_failures, settings.login_failures_per_address, settings.login_window_seconds
        ),
        presence=Presence(sessions),
        metrics=Metrics(sessions),
        uploads=anyio.CapacityLimiter(settings.uploads_at_once),
        catalog=LiveCatalog(),
        weights=Weights(),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with context.hub.running():
            yield

    app = FastAPI(
        title="Digitize",
        version=version("digitize"),
        summary="Paper dossiers of a one-stop counter become coded, searchable PDFs.",
        description=openapi.DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # their scripts come from a CDN; /openapi.json is for tools
        redoc_url=None,
        telemetry=_NO_TELEMETRY,
    )
    app.state.context = context
    app.state.language = settings.language
    problems.install(app, web_pages.error_page)
    app.add_exception_handler(SignInFirst, sign_in_first)
    for part in (
        auth_routes,
        dossier_routes,
        handover_routes,
        scan_routes,
        arranging_routes,
        component_routes,
        review_routes,
        result_routes,
        report_routes,
        inventory_routes,
        exception_routes,
        batch_routes,
        quality_routes,
        catalog_routes,
        webhook_routes,
        health_routes,
        web_pages,
        warehouse_pages,
        search_pages,
        review_pages,
        counter_pages,
        arranging_pages,
        audit_pages,
        batch_pages,
        quality_pages,
        keying_pages,
        admin_pages,
        report_pages,
        inventory_pages,
        box_pages,
        exception_pages,
        webhook_pages,
    ):
        # As they are: of a router that is included FastAPI makes every route once more, while the first to come waits.
        app.router.routes.extend(part.router.routes)
    app.mount("/static", Assets(directory=STATIC), name="static")
    openapi.install(app)
    # The last added is the outermost.
    app.add_middleware(BodyLimit, limit_of=_limits(settings))
    app.add_middleware(RequestContext, observe=context.metrics.observe)
    return app


def _limits(settings: ApiSettings) -> Callable[[Scope], int | None]:
    """How long a request's body may be: a scan streams and has a limit of its own, a list is longer than what else is sent."""

    def limit_of(scope: Scope) -> int | None:
        if _is_upload(scope):
            return None
        return MAX_FORM_BYTES if inventory_routes.is_list(scope) else settings.max_body_bytes

    return limit_of
