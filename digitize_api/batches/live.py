"""A batch as it goes, by server-sent events: whoever watches looks at one row's time of change, and is told only that something changed."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Final

import anyio
import anyio.to_thread
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from sqlalchemy.exc import SQLAlchemyError

from digitize_api.context import Context
from digitize_api.scans.live import RETRY_MS
from models.batches import progress as batch_progress

LOOK_SECONDS: Final = 1.0


async def stream(context: Context, batch_id: str) -> AsyncGenerator[bytes]:
    """``changed`` at once and whenever something of the batch changed; a comment when nothing does. Never ends of itself."""
    yield f"retry: {RETRY_MS}\n\n".encode()
    told: datetime | None = None
    threads = anyio.CapacityLimiter(1)
    beat = anyio.current_time() + context.settings.sse_heartbeat_seconds
    while not context.hub.closing:
        try:
            changed = await anyio.to_thread.run_sync(_changed_at, context, batch_id, limiter=threads)
        except SQLAlchemyError:
            changed = told
        if changed is not None and changed != told:
            told = changed
            yield format_sse_event(data_str=json.dumps({"at": changed.isoformat()}), event="changed")
        elif anyio.current_time() >= beat:
            yield KEEPALIVE_COMMENT
            beat = anyio.current_time() + context.settings.sse_heartbeat_seconds
        await anyio.sleep(LOOK_SECONDS)


def _changed_at(context: Context, batch_id: str) -> datetime | None:
    with context.reading() as session:
        return batch_progress.changed_at(session, batch_id)
