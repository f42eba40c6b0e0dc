"""What the sweeper does for batches: settles what has ended, posts what may follow, and of a batch that has been read lists the odd pages. Any number
of sweepers may do it at once.

What is posted is decided under the lock of the batch's row, in ``models.batches.feed``; here is only the loop around it.
"""

from __future__ import annotations

from typing import Final

import structlog

from models.batches import feed as batch_feed
from models.batches.quality import deviations
from models.database import reading, transaction
from workers.doorbell import Ring
from workers.runtime import Runtime

log = structlog.get_logger(__name__)

POSTED_A_ROUND: Final = 50
"""Of a batch: the sweeper has the counter's messages to look after too."""


def feed(runtime: Runtime) -> int:
    """One round over all batches; how many items were posted. A batch that can't be fed hinders no other."""
    with reading(runtime.sessions) as session:
        todo = batch_feed.to_feed(session)
    posted = 0
    for batch_id in todo:
        try:
            posted += _feed_one(runtime, batch_id)
        except Exception:  # it is tried again in the next round
            log.exception("batch not fed", batch_id=batch_id)
    _list_odd_pages(runtime)
    return posted


def _list_odd_pages(runtime: Runtime) -> None:
    """Of batches that have been read to their ends, and again when papers of them were scanned again: nobody has to ask for it."""
    with reading(runtime.sessions) as session:
        due = deviations.due(session)
    for batch_id in due:
        try:
            with reading(runtime.sessions) as session:
                looked = deviations.look(session, batch_id)
            with transaction(runtime.sessions) as session:
                found = deviations.keep(session, looked, actor="system")
        except Exception:  # it is tried again in the next round
            log.exception("odd pages not listed", batch_id=batch_id)
            continue
        log.info("odd pages listed", batch_id=batch_id, open=found.open, new=found.new, gone=found.gone)


def _feed_one(runtime: Runtime, batch_id: str) -> int:
    settled = posted = 0
    while True:
        with transaction(runtime.sessions) as session:
            count = batch_feed.settle(session, batch_id)
        settled += count
        if count < batch_feed.SETTLED_AT_ONCE:
            break
    rings: list[Ring] = []
    for _ in range(POSTED_A_ROUND):
        with transaction(runtime.sessions) as session:
            step = batch_feed.post_next(session, batch_id, runtime.index)
        if step is None:
            break
        posted += 1
        if step.accepted is not None and step.accepted.dispatch_id is not None:
            rings.append(Ring(step.accepted.dispatch_id, step.accepted.task, step.accepted.queue))
    runtime.ring(rings)
    if settled or posted:
        log.info("batch fed", batch_id=batch_id, posted=posted, settled=settled)
    return posted
