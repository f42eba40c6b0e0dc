"""The loop of ``digitize batch run``: looks into the sources, takes in what is complete, shows how far the service is.

It may be killed at any point and started again, also twice at once: what is taken is known by its row, what is not by its absence.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from commands.exit_codes import ExitCode
from commands.settings import Deployment
from models.batches import items as batch_items
from models.batches import progress as batch_progress
from models.batches import store as batches
from models.batches.entities import Batch, BatchSource, BatchState, ItemState
from models.batches.progress import Progress
from models.batches.store import Policies
from models.database import reading, transaction
from models.errors import DigitizeError, Unavailable
from models.local_time import LOCAL
from storage.factory import make_store
from storage.objects import ObjectStore, StoreUnavailable
from workers.celery_app import make_celery
from workers.doorbell import Doorbell
from workers.feeding.files import shown
from workers.feeding.folder import Stability, StillChanging
from workers.feeding.look import Looked, Looker
from workers.feeding.take_in import Taker
from workers.scratch import Scratch

POLL_SECONDS = 0.5
SAY_SECONDS = 10.0
AWAY_SECONDS = 3.0


def run_batch(
    place: Deployment,
    sessions: sessionmaker[Session],
    batch_id: str,
    *,
    watch: bool,
    wait: bool,
    begin_as: str | None = None,
) -> ExitCode:
    """Until everything is taken (and, with ``wait``, settled), it aborts, or for ever with ``watch``.

    ``begin_as``: who lets the batch run once everything is taken; ``None``: it runs already.
    """
    feeder = _Feeder(
        place, sessions, make_store(place.storage), Scratch(place.workers.scratch), batch_id, final=not watch
    )
    _warn_without_service(place)
    with _shown() as show:
        while True:
            try:
                taken_all = feeder.round()
                if taken_all and begin_as is not None:
                    with transaction(sessions) as session:
                        batches.move(session, batches.hold(session, batch_id), BatchState.RUNNING, actor=begin_as)
                    begin_as = None
                batch, progress = feeder.state()
            except (StoreUnavailable, Unavailable, OperationalError) as error:
                # What the service waits for, this waits for too: nothing that was taken is lost.
                feeder.say(f"đang chờ / waiting for the store or the database: {type(error).__name__}")
                time.sleep(AWAY_SECONDS)
                continue
            show(progress, feeder.waiting)
            if begin_as is not None:
                time.sleep(POLL_SECONDS)
                continue
            if batch.state == BatchState.ABORTED:
                break
            if batch.state == BatchState.PAUSED:
                feeder.say("lô đang tạm dừng / the batch is paused")
            if taken_all and not watch and (not wait or not progress.open):
                break
            time.sleep(POLL_SECONDS)
    return _outcome(batch, progress, feeder)


def _outcome(batch: Batch, progress: Progress, feeder: _Feeder) -> ExitCode:
    if batch.state == BatchState.ABORTED:
        typer.echo(f"{batch.state_code}: {batch.state_detail}", err=True)
        return ExitCode.PAGES_FAILED
    if progress.states[ItemState.FAILED] or progress.pages_failed:
        return ExitCode.PAGES_FAILED
    return ExitCode.REFUSED if progress.states[ItemState.REFUSED] or feeder.unreadable else ExitCode.OK


@dataclass(slots=True)
class _Feeder:
    """``waiting``: files that are not complete yet. ``unreadable``: sources that can't be read as a whole."""

    place: Deployment
    sessions: sessionmaker[Session]
    store: ObjectStore
    scratch: Scratch
    batch_id: str
    final: bool
    waiting: int = 0
    unreadable: set[str] = field(default_factory=set)
    _stability: Stability | None = None
    _said: set[str] = field(default_factory=set)
    _taken_all: bool = False
    _look_at: float = 0.0

    def round(self) -> bool:
        """One look at every source; whether all that is there is taken. Sources that are read to the end are not read again."""
        if self._taken_all or time.monotonic() < self._look_at:
            return self._taken_all
        with reading(self.sessions) as session:
            batch = session.get_one(Batch, self.batch_id)
            found = batches.sources(session, batch.id)
            stamps = batch_items.known_stamps(session, batch.id)
        policies = Policies.of(batch)
        if self._stability is None:
            self._stability = Stability(policies.settle_seconds)
        limits = self.place.workers.limits
        looker = Looker(policies, self._stability, limits.max_bytes, self.final)
        taker = Taker(self.sessions, self.store, self.scratch, limits, batch)
        listed: set[str] = set()
        self.waiting = sum(self._source(source, looker, taker, stamps, listed) for source in found)
        self._taken_all = self.final and self.waiting == 0
        if self._taken_all and not self.unreadable:
            with transaction(self.sessions) as session:
                batch_items.note_gone(session, batch.id, listed)
        self._look_at = time.monotonic() + max(POLL_SECONDS, min(5.0, policies.settle_seconds / 2))
        return self._taken_all

    def _source(
        self, source: BatchSource, looker: Looker, taker: Taker, stamps: dict[str, str], listed: set[str]
    ) -> int:
        """How many of its files are to be waited for; the keys of the paths of all others go to ``listed``."""
        try:
            looked = looker.look(source)
        except OSError as error:
            self.unreadable.add(source.id)
            self.say(f"{shown(source.path)}: {error.strerror or error}")
            return 0
        self._note(source, looked)
        waiting = len(looked.waiting)
        for document in looked.documents:
            listed.update(batches.path_key(side.file.path) for side in document.sides)
            if taker.is_known(document, stamps):
                continue
            try:
                item, _ = taker.take(document)
            except StillChanging:
                waiting += 1
            except OSError as error:
                self.unreadable.add(source.id)
                self.say(f"{document.path}: {error.strerror or error}")
            else:
                if item.state == ItemState.REFUSED:
                    self.say(f"{item.path}: {item.reason_code} {item.reason_detail}")
        return waiting

    def _note(self, source: BatchSource, looked: Looked) -> None:
        """Why the source as a whole can't be read, with the source."""
        error: DigitizeError | None = looked.error
        code, detail = (error.code, error.detail[:500]) if error else (None, None)
        if error is not None:
            self.unreadable.add(source.id)
            self.say(f"{shown(source.path)}: {error.code} {error.detail}")
        else:
            self.unreadable.discard(source.id)
        if (source.refused_code, source.refused_detail) != (code, detail):
            with transaction(self.sessions) as session:
                mine = session.get_one(BatchSource, source.id)
                mine.refused_code, mine.refused_detail = code, detail

    def state(self) -> tuple[Batch, Progress]:
        with reading(self.sessions) as session:
            batch = session.get_one(Batch, self.batch_id)
            return batch, batch_progress.progress(session, batch)

    def say(self, words: str) -> None:
        """Once."""
        if words not in self._said:
            self._said.add(words)
            typer.echo(words, err=True)


def _warn_without_service(place: Deployment) -> None:
    doorbell = Doorbell(make_celery(place.workers), place.workers.queue_high_water)
    try:
        doorbell.ping()
    except ConnectionError:
        typer.echo(
            "Dịch vụ chưa chạy (digitize up): tệp được nhận, sẽ đọc khi dịch vụ chạy. / "
            "The service is not running (digitize up): files are taken in now and read when it runs.",
            err=True,
        )
    finally:
        doorbell.close()


@contextmanager
def _shown() -> Iterator[_Show]:
    """A bar on a terminal; else a line now and then."""
    if not sys.stderr.isatty():
        yield _Show(None)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[more]}"))
    with Bar(*columns, console=Console(stderr=True)) as bar:
        yield _Show(bar)


class _Show:
    def __init__(self, bar: Bar | None) -> None:
        self._bar = bar
        self._task = bar.add_task("Số hóa / Reading", total=None, more="") if bar else None
        self._next = 0.0
        self._last: tuple[int, int] | None = None

    def __call__(self, progress: Progress, waiting: int) -> None:
        more = _more(progress, waiting)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=progress.settled, total=progress.total or None, more=more)
            return
        now, state = time.monotonic(), (progress.settled, progress.total)
        if state != self._last and now >= self._next:
            self._next, self._last = now + SAY_SECONDS, state
            typer.echo(f"{progress.settled}/{progress.total}  {more}", err=True)


def _more(progress: Progress, waiting: int) -> str:
    parts = []
    if progress.failed:
        parts.append(f"{progress.failed} hỏng/failed")
    if waiting:
        parts.append(f"{waiting} chưa xong/incomplete")
    if progress.per_hour:
        parts.append(f"{progress.per_hour:.0f} trang/giờ")
    if progress.ends_at:
        parts.append(f"→ {progress.ends_at.astimezone(LOCAL):%d/%m %H:%M}")
    return " · ".join(parts)
