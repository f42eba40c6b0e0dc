"""The message that follows a commit. It may be lost: the work is in the outbox, and a sweeper sends what the bell didn't."""

from __future__ import annotations

import structlog

from digitize_api.context import Context

log = structlog.get_logger("digitize_api.bell")


def ring(context: Context, scan_id: str, dispatch_id: str | None, task: str, queue: str) -> None:
    """Tell the workers of the row ``dispatch_id``; nothing to tell when it is ``None``. Never raises."""
    if dispatch_id is None:
        return
    try:
        context.ring(dispatch_id, task, queue)
    except Exception as error:  # noqa: BLE001 - whatever the broker's library raises
        log.warning("bell_not_rung", scan_id=scan_id, error=type(error).__name__)
