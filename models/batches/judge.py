"""Whether too large a share of a batch failed for it to go on."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.batches import store as batches
from models.batches.entities import Batch, BatchItem, BatchState, ItemState

FAILURE_SHARE: Final = "FAILURE_SHARE"
"""Why a batch stopped: more of it failed than its ``max_failure_share``."""


def judge(session: Session, batch: Batch) -> None:
    """Abort when too large a share of what was settled was refused or failed, in whole or in pages. The caller holds the batch."""
    if batch.max_failure_share is None or batch.state != BatchState.RUNNING:
        return
    wrong = or_(BatchItem.state.in_([ItemState.FAILED, ItemState.REFUSED]), BatchItem.pages_failed > 0)
    settled = BatchItem.state.in_([ItemState.DONE, ItemState.FAILED, ItemState.REFUSED])
    statement = select(func.count(), func.count().filter(wrong)).where(BatchItem.batch_id == batch.id, settled)
    total, failed = session.execute(statement).one()
    if total >= batch.failure_floor and failed / total > batch.max_failure_share:
        detail = f"{failed} / {total}"
        batches.move(session, batch, BatchState.ABORTED, actor="system", code=FAILURE_SHARE, detail=detail)
