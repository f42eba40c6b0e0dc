"""The sweeper lists a batch's odd pages by itself: when the last paper is read, again when one was scanned again, and not without a reason."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from models.batches.quality import plan
from models.database import reading
from tests.faults.system import draw_document
from tests.workers.test_batch_papers import read, runtime
from tests.workers.test_jobs import run_all
from tests.workers.test_rescans import batch_of, papers_of, send
from workers.batches import feed
from workers.runtime import Runtime

__all__ = ["runtime"]  # a fixture


def looked_at(runtime: Runtime, batch: str) -> datetime | None:
    with reading(runtime.sessions) as session:
        row = plan.row_of(session, batch)
        return row.looked_at if row else None


def test_the_sweeper_looks_for_them(runtime: Runtime, tmp_path: Path) -> None:
    scan = read(runtime, draw_document(tmp_path / "a.pdf", 2), "khác thường")
    batch = batch_of(runtime, scan)
    assert looked_at(runtime, batch) is None
    feed(runtime)
    first = looked_at(runtime, batch)
    assert first is not None
    feed(runtime)
    assert looked_at(runtime, batch) == first
    (paper,) = papers_of(runtime, scan)
    new = send(runtime, batch, paper, draw_document(tmp_path / "b.pdf", 3))
    feed(runtime)
    assert looked_at(runtime, batch) == first, "it is not read yet"
    run_all(runtime, new)
    feed(runtime)
    second = looked_at(runtime, batch)
    assert second is not None
    assert second > first
    feed(runtime)
    assert looked_at(runtime, batch) == second
