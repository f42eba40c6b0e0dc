"""Serials that are never given twice."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.database import insert_into
from models.entities import Counter


def next_value(session: Session, name: str) -> int:
    """The next number of the serial ``name``, from 1.

    Atomic: one upsert, whose row stays locked until the caller's transaction ends, so parallel callers get consecutive
    numbers, and a rolled-back caller leaves no gap.
    """
    statement = insert_into(session, Counter).values(name=name, value=1)
    upsert = statement.on_conflict_do_update(
        index_elements=[Counter.name], set_={"value": Counter.value + 1}
    ).returning(Counter.value)
    return int(session.execute(upsert).scalar_one())


def at_least(session: Session, name: str, value: int) -> None:
    """The serial has been given up to ``value`` (elsewhere, by whoever handed it over): the next number is above it."""
    statement = insert_into(session, Counter).values(name=name, value=value)
    behind = Counter.value < value
    session.execute(statement.on_conflict_do_update(index_elements=[Counter.name], set_={"value": value}, where=behind))
