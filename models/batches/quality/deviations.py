"""Pages of a batch that are unlike their neighbours, or that the first look marked: found when a batch has been read, and anew at will; kept as
records, settled by people.

Twice is the same as once. A record stays when its page is no longer unlike, as *gone*; what a person said of it stays said. Looking takes seconds for
a large batch, so it holds no lock; what has been taken away meanwhile is passed over when it is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models import events
from models.batches import store as batches
from models.batches.entities import OPEN_STATES, Batch, BatchItem, ItemState
from models.batches.quality import check, papers, plan
from models.batches.quality.entities import DeviationState, QualityDeviation, QualityPlan, Standing
from models.entities import Component, Page, PageState, now
from models.errors import Conflict, InvalidRequest, NotFound
from models.rules.deviations import Deviation, Measure, Value, unlike
from models.rules.faults import Fault

MARKS: Final = ("BLANK", "BLURRED", "CUT_EDGES", "CUT_CORNER", "FINGER", "SHADOW", "TOO_DARK")
"""Warnings of the first look (docs/quality-gate.md) that a person should see; those of size and angle are measured here."""
_INCH_MM: Final = 25.4
_AT_ONCE: Final = 500
FAULTS: Final[dict[str, Fault]] = {
    Measure.ANGLE: Fault.CROOKED,
    Measure.SHORT_SIDE: Fault.CUT_OFF,
    Measure.LONG_SIDE: Fault.CUT_OFF,
    Measure.PAGES: Fault.MISSING_PAGE,
    "CUT_EDGES": Fault.CUT_OFF,
    "CUT_CORNER": Fault.CUT_OFF,
}
"""What a paper is returned for when its page is to be scanned again; any other mark: illegible."""


class Sort(StrEnum):
    UNLIKE = "unlike"  # the most unlike first, then marks
    ORDER = "order"  # as they were scanned


@dataclass(frozen=True, slots=True)
class Found:
    open: int
    new: int
    gone: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What a batch's pages were ``at`` that time."""

    batch_id: str
    at: datetime
    seen: Mapping[tuple[str, int, str], _Seen]


@dataclass(frozen=True, slots=True)
class _Seen:
    component_id: str
    item_number: int
    page: int
    what: str
    value: float | None = None
    usual: float | None = None
    score: float | None = None

    @property
    def key(self) -> tuple[str, int, str]:
        return self.component_id, self.page, self.what


def due(session: Session) -> list[str]:
    """Ids of batches that have been read to the end since they were last looked at: nothing waits or is under way, and a paper came since, or another scan of one."""
    came = select(BatchItem.id).where(
        BatchItem.batch_id == Batch.id,
        BatchItem.state == ItemState.DONE,
        or_(QualityPlan.looked_at.is_(None), BatchItem.settled_at > QualityPlan.looked_at),
    )
    left = select(BatchItem.id).where(BatchItem.batch_id == Batch.id, BatchItem.state.in_(OPEN_STATES))
    statement = select(Batch.id).outerjoin(QualityPlan, QualityPlan.batch_id == Batch.id)
    return list(session.scalars(statement.where(came.exists(), ~left.exists()).order_by(Batch.id)))


def find(session: Session, batch_id: str, *, actor: str) -> Found:
    """Bring the records up to what the batch's pages are now. ``NotFound``."""
    return keep(session, look(session, batch_id), actor=actor)


def look(session: Session, batch_id: str) -> Looked:
    """All that is unlike in the batch; nothing is written."""
    at = now()
    return Looked(batch_id, at, {one.key: one for one in _look(session, batch_id)})


def keep(session: Session, looked: Looked, *, actor: str) -> Found:
    """Bring the records up to what was seen. ``NotFound``."""
    batch = batches.hold(session, looked.batch_id)
    row = plan.ensure(session, batch, actor=actor)
    there = _still_there(session, {one.component_id for one in looked.seen.values()})
    seen = {key: one for key, one in looked.seen.items() if one.component_id in there}
    statement = select(QualityDeviation).where(QualityDeviation.batch_id == batch.id)
    known = {(one.component_id, one.page, one.what): one for one in session.scalars(statement)}
    new = gone = 0
    for key, one in seen.items():
        record = known.get(key)
        if record is None:
            record = QualityDeviation(
                component_id=one.component_id, batch_id=batch.id, agency_id=batch.agency_id, page=one.page, what=one.what,
                item_number=one.item_number, state=DeviationState.OPEN,
            )  # fmt: skip
            session.add(record)
            new += 1
        elif record.state == DeviationState.GONE:
            record.state, record.found_at = DeviationState.OPEN.value, now()
            new += 1
        record.item_number, record.value, record.usual, record.score = one.item_number, one.value, one.usual, one.score
    for key, record in known.items():
        if key not in seen and record.state == DeviationState.OPEN:
            record.state = DeviationState.GONE.value
            gone += 1
    row.looked_at = looked.at
    session.flush()
    return Found(counts(session, batch.id)[DeviationState.OPEN], new, gone)


def _still_there(session: Session, component_ids: Collection[str]) -> frozenset[str]:
    wanted, found = list(component_ids), set[str]()
    for start in range(0, len(wanted), _AT_ONCE):
        part = Component.id.in_(wanted[start : start + _AT_ONCE])
        found |= set(session.scalars(select(Component.id).where(part)))
    return frozenset(found)


def _look(session: Session, batch_id: str) -> Iterator[_Seen]:
    columns = (Component.id, Component.paper_type, BatchItem.number, Component.first_page, Component.last_page)
    of_papers = papers.in_order(papers.of_batch(batch_id, *columns))
    known: dict[str, int] = {}
    values: dict[Measure, list[Value]] = defaultdict(list)
    for component_id, kind, number, first, last in session.execute(of_papers):
        known[component_id] = number
        values[Measure.PAGES].append(Value(f"{component_id}/0", kind or "", last - first + 1))
    of_pages = (Page.number, Page.skew, Page.width, Page.height, Page.dpi, Page.blank, Page.warnings)
    statement = papers.of_batch(batch_id, *columns, *of_pages).join(
        Page, and_(Page.scan_id == Component.scan_id, Page.number.between(Component.first_page, Component.last_page))
    )
    statement = papers.in_order(statement.where(Page.state == PageState.READ)).order_by(Page.number)
    for component_id, kind, item, first, _, number, skew, width, height, dpi, blank, warnings in session.execute(
        statement
    ):
        place = number - first + 1
        marks = {*warnings, *({"BLANK"} if blank else ())}
        for mark in MARKS:
            if mark in marks:
                yield _Seen(component_id, item, place, mark)
        name, group = f"{component_id}/{place}", kind or ""
        if not blank:
            values[Measure.ANGLE].append(Value(name, group, skew))
        if width and height and dpi:
            sides = sorted((width / dpi * _INCH_MM, height / dpi * _INCH_MM))
            values[Measure.SHORT_SIDE].append(Value(name, group, sides[0]))
            values[Measure.LONG_SIDE].append(Value(name, group, sides[1]))
    for measure, all_values in values.items():
        for found in unlike(all_values, measure):
            yield _seen(found, measure, known)


def _seen(found: Deviation, measure: Measure, known: dict[str, int]) -> _Seen:
    component_id, _, page = found.name.partition("/")
    return _Seen(
        component_id, known[component_id], int(page), measure.value, round(found.value, 2), round(found.usual, 2), found.score
    )  # fmt: skip


def counts(session: Session, batch_id: str) -> dict[DeviationState, int]:
    statement = select(QualityDeviation.state, func.count()).where(QualityDeviation.batch_id == batch_id)
    found = {str(state): int(count) for state, count in session.execute(statement.group_by(QualityDeviation.state))}
    return {state: found.get(state.value, 0) for state in DeviationState}


def listed(
    session: Session,
    batch_id: str,
    *,
    state: DeviationState | None = DeviationState.OPEN,
    what: str = "",
    sort: Sort = Sort.UNLIKE,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[tuple[QualityDeviation, BatchItem]], int]:
    """Records with their components and the items they came from; how many fit in all. The caller was let in to the batch."""
    statement = (
        select(QualityDeviation, BatchItem)
        .join(
            BatchItem,
            and_(BatchItem.batch_id == QualityDeviation.batch_id, BatchItem.number == QualityDeviation.item_number),
        )
        .where(QualityDeviation.batch_id == batch_id)
    )
    if state is not None:
        statement = statement.where(QualityDeviation.state == state)
    if what:
        statement = statement.where(QualityDeviation.what == what)
    total = session.scalars(statement.with_only_columns(func.count())).one()
    by_score = (func.coalesce(QualityDeviation.score, -1.0).desc(),) if sort is Sort.UNLIKE else ()
    statement = statement.order_by(
        *by_score,
        QualityDeviation.item_number,
        QualityDeviation.component_id,
        QualityDeviation.page,
        QualityDeviation.what,
    )
    statement = statement.options(joinedload(QualityDeviation.component))
    rows = session.execute(statement.limit(limit).offset(offset))
    return [(record, item) for record, item in rows], total


def decide(
    session: Session, batch: Batch, deviation_id: str, decision: DeviationState, words: str, *, actor: str
) -> QualityDeviation:
    """``fine``: seen; ``rescan``: its paper is returned for it; ``open``: not decided after all. The same again is the same as once.

    ``NotFound``, ``HeldByAnother``, ``Conflict`` for one that is gone, ``InvalidRequest``.
    """
    if decision is DeviationState.GONE:
        raise InvalidRequest("decide fine, rescan or open")
    statement = select(QualityDeviation).where(
        QualityDeviation.id == deviation_id, QualityDeviation.batch_id == batch.id
    )
    statement = statement.with_for_update(of=QualityDeviation).options(
        joinedload(QualityDeviation.component, innerjoin=True)
    )
    record = session.scalar(statement, execution_options={"populate_existing": True})
    if record is None:
        raise NotFound("no such deviation")
    if record.state == decision:
        return record
    if record.state == DeviationState.GONE:
        raise Conflict("this page is no longer unlike its neighbours")
    record.state, record.words = decision.value, check.tidy(words)
    record.said_by, record.said_at = actor, now()
    session.flush()
    data = {
        "batch": batch.id, "page": record.page, "what": record.what, "value": record.value, "usual": record.usual,
        "decision": decision.value, "reason": record.words,
    }  # fmt: skip
    events.record(session, kind="quality_deviation", actor=actor, component=record.component, data=data)
    if decision is DeviationState.RESCAN:
        paper = check.load_free(session, batch, record.component_id, actor)
        before = [Fault(one) for one in paper.row.faults] if paper.standing is Standing.RETURNED and paper.row else []  # fmt: skip
        fault = FAULTS.get(record.what, Fault.ILLEGIBLE)
        check.send_back(session, batch, paper, {*before, fault}, record.words, actor=actor)
    return record
