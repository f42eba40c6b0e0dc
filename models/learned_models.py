"""Which classifiers were learned, and which of them is in use. Nothing is deleted or changed: going back is a row of its own.

A *training* is a row with the figures that decided on it; ``kept`` when it won. A *choice* is a person's word to use a certain one, or none.
The newest that is kept, training or choice, stands.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import examples
from models.entities import LearnedModel, now
from models.errors import Conflict, NotFound

PAPER_TYPE = "paper_type"  # LearnedModel.kind of a training
CHOICE = "paper_type_choice"


def in_use(session: Session) -> LearnedModel | None:
    """The training that workers correct their guesses with; ``None``: the program's own weights alone."""
    statement = select(LearnedModel).where(LearnedModel.kind.in_((PAPER_TYPE, CHOICE)), LearnedModel.kept)
    newest = session.scalars(statement.order_by(LearnedModel.made_at.desc(), LearnedModel.id).limit(1)).one_or_none()
    if newest is None or newest.kind == PAPER_TYPE:
        return newest
    chosen = newest.figures.get("model")
    return session.get(LearnedModel, chosen) if chosen else None


def last_training(session: Session) -> LearnedModel | None:
    """The newest, kept or not."""
    statement = select(LearnedModel).where(LearnedModel.kind == PAPER_TYPE)
    return session.scalars(statement.order_by(LearnedModel.made_at.desc(), LearnedModel.id).limit(1)).one_or_none()


def newest(session: Session, limit: int) -> list[LearnedModel]:
    """Trainings and choices, newest first."""
    return list(
        session.scalars(select(LearnedModel).order_by(LearnedModel.made_at.desc(), LearnedModel.id).limit(limit))
    )


def choose(session: Session, model_id: str | None, *, actor: str) -> LearnedModel:
    """Use this training from now on (its id, or the beginning of it that no other has); ``None``: the program's own weights alone.

    Raises ``NotFound``, and ``Conflict`` for one that was not kept: its weights are nowhere.
    """
    model = None
    if model_id is not None:
        statement = select(LearnedModel).where(
            LearnedModel.kind == PAPER_TYPE, LearnedModel.id.startswith(model_id, autoescape=True)
        )
        found = list(session.scalars(statement.limit(2)))
        if len(found) != 1:
            raise NotFound(f"no such model, or several: {model_id}")
        (model,) = found
        if model.object_key is None:
            raise Conflict("this model did not win and was not kept")
    choice = LearnedModel(
        kind=CHOICE,
        object_key=None,
        examples=model.examples if model else 0,
        figures={"model": model.id if model else None, "by": actor},
        kept=True,
    )
    session.add(choice)
    session.flush()
    return choice


def training_due(session: Session, *, after: int, hours: float, version: str) -> str | None:
    """Whether to train: the subject of the task, or ``None``.

    It is time when ``after`` examples are new since the last training, or that was for other base weights (``version``), and the last is
    ``hours`` ago. The subject is the same for all who ask until a training has ended. ``after`` 0: never.
    """
    if after == 0:
        return None
    last = last_training(session)
    if last is not None and last.made_at > now() - timedelta(hours=hours):
        return None
    fresh = examples.count_since(session, last.made_at if last else None)
    other_base = last is not None and last.figures.get("version") != version
    return f"{PAPER_TYPE}/{last.id if last else 'first'}" if fresh >= after or other_base else None
