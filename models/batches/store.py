"""Batches: made, found, started, paused; what their settings may be.

What becomes of their files is in ``models.batches.items`` (taking in), ``models.batches.feed`` (posting, settling) and ``models.batches.progress``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import events
from models.batches.entities import (
    Batch,
    BatchSource,
    BatchState,
    Duplex,
    ExistingOutput,
    Layout,
    PageFailure,
    SourceKind,
)
from models.database import insert_into
from models.entities import Agency, new_id, now
from models.errors import Conflict, InvalidRequest, NotFound
from models.rules.batch_hours import parse_hours
from models.scopes import visible

MOST_UNDER_WAY: Final = 1000
NAME_LENGTH: Final = 100
_PATTERN_LENGTH: Final = 200
KEY_GROUP: Final = "key"


@dataclass(frozen=True, slots=True)
class Policies:
    """How a batch works; each as the column of ``Batch`` with its name. ``InvalidRequest`` for what can't be."""

    procedure: str = ""
    layout: Layout = Layout.PAPER
    duplex: Duplex = Duplex.NONE
    key_pattern: str = ""
    code_pattern: str = ""
    page_failure: PageFailure = PageFailure.COPY
    existing: ExistingOutput = ExistingOutput.SKIP
    max_failure_share: float | None = None
    failure_floor: int = 20
    hours: str = ""
    max_under_way: int = 16
    yields: bool = True
    settle_seconds: float = 5.0

    def __post_init__(self) -> None:
        try:
            parse_hours(self.hours)
        except ValueError as error:
            raise InvalidRequest(f"hours: {error}") from error
        for name in ("key_pattern", "code_pattern"):
            _check_pattern(name, getattr(self, name))
        limits: tuple[tuple[str, float, float], ...] = (
            ("max_failure_share", 0, 1),
            ("failure_floor", 1, 1_000_000),
            ("max_under_way", 1, MOST_UNDER_WAY),
            ("settle_seconds", 0, 3600),
        )
        for name, least, most in limits:
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise InvalidRequest(f"{name}: between {least:g} and {most:g}")
        if len(self.hours) > 100 or len(self.procedure) > 50:
            raise InvalidRequest("hours, procedure: too long")

    @staticmethod
    def of(batch: Batch) -> Policies:
        return Policies(**{field.name: getattr(batch, field.name) for field in fields(Policies)})


def _check_pattern(name: str, pattern: str) -> None:
    if len(pattern) > _PATTERN_LENGTH:
        raise InvalidRequest(f"{name}: {_PATTERN_LENGTH} characters at most")
    try:
        groups = re.compile(pattern).groupindex
    except re.error as error:
        raise InvalidRequest(f"{name}: not a regular expression: {error}") from error
    if pattern and KEY_GROUP not in groups:
        raise InvalidRequest(f"{name}: the group (?P<{KEY_GROUP}>...) is missing")


def key_of(stem: str, pattern: str) -> str | None:
    """The inventory key that a name (without its extension and side) carries; ``None`` when the pattern finds none. No pattern: all of it."""
    stem = unicodedata.normalize("NFC", stem).strip()
    if not pattern:
        return stem or None
    match = re.search(pattern, stem)
    return (match[KEY_GROUP] or "").strip() or None if match else None


def path_key(path: str) -> str:
    """What stands for a path in an index, which takes no thousand letters."""
    return sha256(path.encode("utf-8", "surrogateescape")).hexdigest()


def create(session: Session, *, agency: Agency, name: str, policies: Policies, actor: str) -> Batch:
    """A new batch. ``Conflict`` when the agency has one of this name, ``InvalidRequest`` for a blank or long name."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH:
        raise InvalidRequest(f"name: 1 to {NAME_LENGTH} characters")
    values = {"id": new_id(), "agency_id": agency.id, "name": name, "created_by": actor, **asdict(policies)}
    made = session.scalar(insert_into(session, Batch).values(**values).on_conflict_do_nothing().returning(Batch.id))
    if made is None:
        raise Conflict("the agency has a batch of this name")
    batch = session.get_one(Batch, made)
    _tell(session, batch, actor, "created")
    return batch


def change(session: Session, batch: Batch, changes: Mapping[str, Any], *, actor: str) -> None:
    """Other policies from now on, by their names in ``Policies``; what is posted already stays as it is. ``InvalidRequest``."""
    known = {field.name for field in fields(Policies)}
    if unknown := sorted(changes.keys() - known):
        raise InvalidRequest(f"a batch has no {unknown[0]}")
    policies = Policies(**{**asdict(Policies.of(batch)), **changes})
    for name, value in asdict(policies).items():
        setattr(batch, name, value)
    touch(batch)
    _tell(session, batch, actor, "changed")


def move(session: Session, batch: Batch, state: BatchState, *, actor: str, code: str = "", detail: str = "") -> bool:
    """Run, pause or abort it; false when it is so already. ``Conflict`` for a way that there is none."""
    if batch.state == state:
        return False
    if state is BatchState.NEW or (state is BatchState.PAUSED and batch.state != BatchState.RUNNING):
        raise Conflict(f"a batch can't go from {batch.state} to {state.value}")
    batch.state, batch.state_code, batch.state_detail = state, code or None, detail[:300] or None
    if state is BatchState.RUNNING and batch.started_at is None:
        batch.started_at = now()
    touch(batch)
    _tell(session, batch, actor, state.value, code)
    return True


def touch(batch: Batch) -> None:
    """Whoever watches the batch looks anew."""
    batch.changed_at = now()


def _tell(session: Session, batch: Batch, actor: str, did: str, code: str = "") -> None:
    data = {"id": batch.id, "name": batch.name, "did": did, **({"code": code} if code else {})}
    events.record(session, kind="batch", actor=actor, agency_id=batch.agency_id, data=data)


def hold(session: Session, batch_id: str) -> Batch:
    """The batch, locked until the transaction ends: its items are numbered, posted and settled by one at a time. ``NotFound``."""
    statement = select(Batch).where(Batch.id == batch_id).with_for_update()
    batch = session.scalar(statement, execution_options={"populate_existing": True})
    if batch is None:
        raise NotFound("no such batch")
    return batch


def load(session: Session, batch_id: str, agency_ids: Collection[str]) -> Batch:
    """With its agency. ``NotFound`` also outside the agencies."""
    statement = visible(select(Batch).where(Batch.id == batch_id), agency_ids).options(joinedload(Batch.agency))
    batch = session.scalar(statement)
    if batch is None:
        raise NotFound("no such batch")
    return batch


def newest(session: Session, agency_ids: Collection[str], *, limit: int = 50, offset: int = 0) -> list[Batch]:
    """With their agencies; those that run first, then by age."""
    statement = visible(select(Batch), agency_ids).options(joinedload(Batch.agency))
    statement = statement.order_by((Batch.state != BatchState.RUNNING), Batch.created_at.desc(), Batch.id)
    return list(session.scalars(statement.limit(limit).offset(offset)))


def named(session: Session, word: str) -> Batch:
    """By its id, the beginning of it (6 letters or more), or its name: for the command line. ``NotFound``, ``Conflict`` when it is not one."""
    by_name = list(session.scalars(select(Batch).where(Batch.name == word)))
    found = by_name
    if not by_name and re.fullmatch(r"[0-9a-f]{6,32}", word):
        found = list(session.scalars(select(Batch).where(Batch.id.startswith(word))))
    if not found:
        raise NotFound(f"no batch is called {word}")
    if len(found) > 1:
        raise Conflict(f"several batches are called {word}; name one by its id")
    return found[0]


def add_source(session: Session, batch: Batch, kind: SourceKind, path: str) -> bool:
    """A source of the batch from now on; false when it is one already."""
    values = {"id": new_id(), "batch_id": batch.id, "kind": kind, "path": path, "path_key": path_key(path)}
    statement = insert_into(session, BatchSource).values(**values).on_conflict_do_nothing().returning(BatchSource.id)
    added = session.scalar(statement) is not None
    if added:
        touch(batch)
    return added


def sources(session: Session, batch_id: str) -> list[BatchSource]:
    """In the order in which they were added."""
    statement = select(BatchSource).where(BatchSource.batch_id == batch_id)
    return list(session.scalars(statement.order_by(BatchSource.added_at, BatchSource.id)))
