"""The library of examples: one for each component whose paper type a person settled, with that person's latest word.

An example holds hashed features and no words of the paper (``workers.classify.learn``); it goes when its component goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from models.database import insert_into
from models.entities import Component, Example, now

NONE_OF_THE_CATALOG = "khac"


@dataclass(frozen=True, slots=True)
class TypeCount:
    """``corrected``: how many of the ``examples`` of a type the machine had taken for another."""

    paper_type: str
    examples: int
    corrected: int


def subject(component: Component) -> str:
    """Of the task that makes the example: a correction is a new version, and so a new task; the same word said twice is none."""
    return f"{component.id}/{component.version}"


def component_of(subject: str) -> str:
    """The component's id of a :func:`subject`."""
    return subject.partition("/")[0]


def guessed(component: Component) -> str | None:
    """What the machine had taken the component for; ``None`` when it had said nothing."""
    first = component.paper_type_alternatives[0] if component.paper_type_alternatives else {}
    return first.get("id")


def remember(session: Session, component: Component, features: dict[str, Any], guessed: str | None) -> None:
    """The component, as its type stands now, is the example; it replaces an earlier one. The caller holds the component's row.

    ``Example.at`` stays when the type does, so that the same word said again is no new example.
    """
    paper_type = component.paper_type or NONE_OF_THE_CATALOG
    statement = insert_into(session, Example).values(
        component_id=component.id, paper_type=paper_type, features=features, guessed=guessed, at=now()
    )
    coming = statement.excluded
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Example.component_id],
            set_={
                "paper_type": coming.paper_type,
                "features": coming.features,
                "guessed": coming.guessed,
                "at": case((Example.paper_type == coming.paper_type, Example.at), else_=coming.at),
            },
        )
    )


def forget(session: Session, component_ids: list[str]) -> None:
    """Take these examples out of the library; no error when there are none."""
    if component_ids:
        session.execute(delete(Example).where(Example.component_id.in_(component_ids)))


def refresh(session: Session, features: dict[str, dict[str, Any]]) -> None:
    """Features made anew, by component id; types and times stay. Of an example that is gone meanwhile, nothing."""
    for component_id, made in features.items():
        session.execute(update(Example).where(Example.component_id == component_id).values(features=made))


def library(session: Session, most: int) -> list[Example]:
    """At most ``most`` examples, oldest first: the newest of every type in turn, so that a frequent type does not push a rare one out."""
    ranked = select(Example.component_id, _rank()).subquery()
    statement = (
        select(Example)
        .join(ranked, ranked.c.component_id == Example.component_id)
        .order_by(ranked.c.rank, Example.at.desc(), Example.component_id)
        .limit(most)
    )
    return sorted(session.scalars(statement), key=lambda example: (example.at, example.component_id))


def prune(session: Session, per_type: int) -> None:
    """Keep the newest ``per_type`` examples of every type."""
    ranked = select(Example.component_id, _rank()).subquery()
    old = select(ranked.c.component_id).where(ranked.c.rank > per_type)
    session.execute(
        delete(Example).where(Example.component_id.in_(old)), execution_options={"synchronize_session": False}
    )


def count_since(session: Session, at: datetime | None) -> int:
    """Examples, or words on them that changed, after ``at``; all of them for ``None``."""
    statement = select(func.count()).select_from(Example)
    return session.scalars(statement if at is None else statement.where(Example.at > at)).one()


def by_type(session: Session) -> list[TypeCount]:
    """What the library holds, most examples first."""
    wrong = case((or_(Example.guessed.is_(None), Example.guessed != Example.paper_type), 1), else_=0)
    count = func.count()
    statement = select(Example.paper_type, count, func.sum(wrong)).group_by(Example.paper_type)
    rows = session.execute(statement.order_by(count.desc(), Example.paper_type))
    return [TypeCount(paper_type, examples, int(corrected)) for paper_type, examples, corrected in rows]


def _rank() -> Any:
    newest = (Example.at.desc(), Example.component_id)
    return func.row_number().over(partition_by=Example.paper_type, order_by=newest).label("rank")
