"""What a run looks like from outside while it goes on: papers and pages done, memory of all processes, bytes on the disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from models.batches.entities import BatchItem, ItemState
from models.database import reading


@dataclass(frozen=True, slots=True)
class Moment:
    """``at``: seconds since the run began. ``memory``: bytes that would be free without our processes (USS summed, Redis among them);
    ``largest``: RSS of the largest one."""

    at: float
    papers: int
    pages: int
    memory: int
    largest: int


class Watch(threading.Thread):
    """A moment every ``seconds``. ``roots``: the processes whose trees are ours, as they are now."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        roots: Callable[[], list[psutil.Process]],
        began: float,
        seconds: float = 2.0,
    ) -> None:
        super().__init__(daemon=True)
        self.sessions, self.roots, self.began, self.seconds = sessions, roots, began, seconds
        self.moments: list[Moment] = []
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.wait(self.seconds):
            with suppress(SQLAlchemyError, psutil.NoSuchProcess):  # what is down is looked at again later
                self.moments.append(self.look())

    def look(self) -> Moment:
        papers, pages = settled(self.sessions)
        memory, largest = _memory(self.roots())
        return Moment(time.perf_counter() - self.began, papers, pages, memory, largest)

    def close(self) -> None:
        self._stop_asked.set()
        self.join()


def settled(sessions: sessionmaker[Session]) -> tuple[int, int]:
    """Papers and pages of all batches that are done."""
    statement = select(func.count(), func.coalesce(func.sum(BatchItem.pages), 0)).where(
        BatchItem.state == ItemState.DONE
    )
    with reading(sessions) as session:
        papers, pages = session.execute(statement).one()
    return int(papers), int(pages or 0)


def _memory(roots: list[psutil.Process]) -> tuple[int, int]:
    total = largest = 0
    for root in roots:
        try:
            family = [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
        for process in family:
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                total += process.memory_full_info().uss
                largest = max(largest, process.memory_info().rss)
    return total, largest


def disk(folder: Path) -> dict[str, int]:
    """Bytes that files take, by what they are, of a data folder of one machine."""
    kinds = {"originals": "objects/originals", "derived": "objects/derived", "redis": "redis", "scratch": "scratch"}
    found = {name: size(folder / path) for name, path in kinds.items()}
    found["database"] = sum(path.stat().st_size for path in folder.glob("digitize.sqlite3*"))
    return found


def size(folder: Path) -> int:
    """Bytes of all files below, as ``ls`` tells them."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.lstat().st_size if path.is_file() else 0
    return total
