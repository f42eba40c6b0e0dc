"""When a batch is looked through for odd pages by itself, on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from models import arrangements
from models.batches import store as batches
from models.batches.entities import BatchItem, ItemState
from models.batches.quality import deviations, plan
from models.batches.quality.entities import DeviationState, QualityPlan
from models.database import reading, transaction
from models.entities import Component
from models.search import make_index
from tests.models.test_quality import LAN, find
from tests.models.test_rescans import again, batch, returned_ids, scan

__all__ = ["batch"]  # a fixture

Sessions = sessionmaker[Session]


def due(factory: Sessions) -> list[str]:
    with reading(factory) as session:
        return deviations.due(session)


def settle_all(factory: Sessions, batch: str, later: float = 0.0) -> None:
    with transaction(factory) as session:
        at = func.coalesce(BatchItem.settled_at, BatchItem.created_at)
        moment = session.scalars(select(func.max(at)).where(BatchItem.batch_id == batch)).one() + timedelta(
            seconds=later
        )
        session.execute(update(BatchItem).where(BatchItem.batch_id == batch).values(settled_at=moment))


def test_a_batch_is_due_when_it_has_been_read_and_when_a_paper_was_scanned_again(factory: Sessions, batch: str) -> None:
    assert due(factory) == [], "nothing was read"
    *_, odd = scan(factory, batch, 8) + scan(factory, batch, 1, pages=({"skew": 8.0},))
    settle_all(factory, batch)
    with transaction(factory) as session:
        session.execute(update(BatchItem).where(BatchItem.number == 1).values(state=ItemState.POSTED))
    assert due(factory) == [], "one is under way"
    with transaction(factory) as session:
        session.execute(update(BatchItem).where(BatchItem.number == 1).values(state=ItemState.DONE))
    assert due(factory) == [batch]
    assert find(factory, batch).new == 1
    assert due(factory) == []
    with transaction(factory) as session:
        (record, _), *_ = deviations.listed(session, batch)[0]
        deviations.decide(session, batches.hold(session, batch), record.id, DeviationState.RESCAN, "", actor=LAN)
    assert returned_ids(factory, batch) == [odd]
    again(factory, batch, odd)
    assert due(factory) == [batch]
    assert find(factory, batch) == deviations.Found(open=1, new=1, gone=0), "it has two pages now, its neighbours one"
    assert due(factory) == []


def test_a_paper_that_went_while_it_was_looked_at_is_passed_over(factory: Sessions, batch: str) -> None:
    *_, odd = scan(factory, batch, 8) + scan(factory, batch, 1, pages=({"skew": 8.0},))
    with reading(factory) as session:
        looked = deviations.look(session, batch)
    with transaction(factory) as session:
        arrangements.remove(session, session.get_one(Component, odd), make_index(factory.kw["bind"]))
    with transaction(factory) as session:
        assert deviations.keep(session, looked, actor="system") == deviations.Found(0, 0, 0)
        row = plan.row_of(session, batch)
        assert isinstance(row, QualityPlan)
        assert row.looked_at == looked.at
