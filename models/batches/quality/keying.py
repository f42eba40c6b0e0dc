"""Double keying: two people type a field without seeing what the machine or the other one read; where they differ a third settles it.

What is settled becomes the field's value by a correction like any other, so it is a version, an event, and found by the search; ``origin`` tells it
apart. Nobody's word is made up: what two call unreadable is an open field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session, selectinload

from models import corrections, events, reviewed
from models.batches import store as batches
from models.batches.entities import Batch, BatchItem
from models.batches.quality import check, papers, plan
from models.batches.quality.entities import KeyingState, QualityEntry, QualityKeying, Standing
from models.catalog import Catalog
from models.entities import Component, ComponentVersion, new_id, now
from models.errors import Conflict, InvalidRequest, NotFound, OwnWork
from models.fields import FIELD_NAMES
from models.paper_facts import ABSENT
from models.rules import sampling
from models.rules.keying import Answer, Keyed, agree, normal_form
from models.search import SearchIndex

UNREADABLE: Final = "UNREADABLE"
_AT_ONCE: Final = 500
_SETTLES: Final = 3
"""The place of who settles; the two before are blind."""


class Origin(StrEnum):
    """How a keyed value came to be."""

    AGREED = "double_keying"  # two typed the same
    SETTLED = "double_keying_settled"  # a third decided


def prepare(session: Session, batch_id: str, catalog: Catalog, *, actor: str) -> int:
    """Fields of papers that have come since, to be keyed; how many. Those there are stay. ``NotFound``."""
    batch = batches.hold(session, batch_id)
    row = plan.ensure(session, batch, actor=actor)
    wanted = plan.Plan.of(row)
    _drop(session, batch, wanted.keyed_fields)
    if not wanted.keyed_fields or not wanted.keying_share:
        return 0
    statement = papers.in_order(papers.of_batch(batch.id, Component.id, Component.paper_type))
    statement = statement.where(papers.standing() != Standing.RETURNED.value)
    groups: dict[str, list[str]] = defaultdict(list)
    for component_id, kind in session.execute(statement):
        groups[kind or ""].append(component_id)
    known = select(QualityKeying.component_id, QualityKeying.field).where(QualityKeying.batch_id == batch.id)
    there = {(component_id, field) for component_id, field in session.execute(known)}
    chosen = sampling.draw(
        groups, plan.fraction(wanted.keying_share), f"{row.seed}/keying", {component_id for component_id, _ in there}
    )
    ids = [component_id for sample in chosen.values() for component_id in sample]
    made = 0
    asked = _Asked(wanted.keyed_fields, catalog)
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        read = _read(session, part)
        columns = select(Component.id, Component.paper_type, Component.fields).where(Component.id.in_(part))
        rows = [
            {
                "id": new_id(),
                "component_id": component_id,
                "batch_id": batch.id,
                "agency_id": batch.agency_id,
                "field": field,
                "read": _value(read.get(component_id, fields).get(field)),
                "state": KeyingState.OPEN,
                "made_at": now(),
            }
            for component_id, kind, fields in session.execute(columns)
            for field in asked.of(kind, fields)
            if (component_id, field) not in there
        ]
        if rows:
            # Rows and no objects: a year's papers are some ten thousand, and on SQLite the counter waits for this transaction.
            session.execute(insert(QualityKeying), rows)
        made += len(rows)
    return made


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which of the ``wanted`` fields a paper has; one of an unknown type may have any of Điều 9."""

    wanted: Sequence[str]
    catalog: Catalog

    def of(self, kind: str | None, fields: Mapping[str, Any]) -> list[str]:
        paper = self.catalog.paper_type(kind) if kind else None
        has = {spec.name for spec in paper.fields} if paper else set(FIELD_NAMES)
        return [name for name in self.wanted if name in has or fields.get(name)]


def _drop(session: Session, batch: Batch, wanted: Sequence[str]) -> None:
    """Fields that are no longer to be keyed, and of which nobody has keyed anything."""
    keyed = select(QualityEntry.id).where(QualityEntry.keying_id == QualityKeying.id)
    statement = delete(QualityKeying).where(
        QualityKeying.batch_id == batch.id, QualityKeying.field.not_in(list(wanted)), ~keyed.exists()
    )
    session.execute(statement, execution_options={"synchronize_session": False})


def _read(session: Session, component_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The fields of corrected components as the machine had read them."""
    first = (
        select(ComponentVersion.component_id, func.min(ComponentVersion.version).label("version"))
        .where(ComponentVersion.component_id.in_(component_ids))
        .group_by(ComponentVersion.component_id)
        .subquery()
    )
    statement = select(ComponentVersion.component_id, ComponentVersion.content).join(
        first,
        (first.c.component_id == ComponentVersion.component_id) & (first.c.version == ComponentVersion.version),
    )
    return {component_id: content.get("fields") or {} for component_id, content in session.execute(statement)}


def _value(field: Any) -> str | None:
    """``None`` also for what a person wrote before there was any version: that is no reading."""
    if not isinstance(field, dict) or not field.get("value") or field.get("source") == "manual":
        return None
    return str(field["value"])[:1000]


def _mine(actor: str) -> ColumnElement[bool]:
    entry = select(QualityEntry.id).where(QualityEntry.keying_id == QualityKeying.id, QualityEntry.actor == actor)
    return entry.exists()


def _ids_with(session: Session, batch_id: str, actor: str, state: KeyingState, *, after: str, limit: int) -> list[str]:
    """Ids of papers with a field in this state that ``actor`` has not keyed, that nobody else holds."""
    wanted = select(QualityKeying.id).where(
        QualityKeying.component_id == Component.id, QualityKeying.state == state, ~_mine(actor)
    )
    statement = papers.of_batch(batch_id, Component.id, BatchItem.number, Component.position)
    statement = statement.where(
        wanted.exists(),
        papers.standing() != Standing.RETURNED.value,
        papers.free_for(actor),
        Component.id != after,
    )
    return papers.around(session, papers.in_order(statement), papers.place_of(session, batch_id, after), limit)


def to_key(session: Session, batch_id: str, actor: str, *, after: str = "", limit: int = 20) -> list[str]:
    """Ids of papers that ``actor`` may key, in order, from behind ``after`` on and then from the start."""
    return _ids_with(session, batch_id, actor, KeyingState.OPEN, after=after, limit=limit)


def to_settle(session: Session, batch_id: str, actor: str, *, after: str = "", limit: int = 20) -> list[str]:
    """The same of papers whose keyers differ; those who keyed it don't settle it."""
    return _ids_with(session, batch_id, actor, KeyingState.DIFFERS, after=after, limit=limit)


def fields_of(session: Session, batch_id: str, component_id: str) -> list[QualityKeying]:
    """The paper's fields that are keyed, with their entries, in the order of Điều 9 (its caller was let in to the batch)."""
    statement = select(QualityKeying).where(
        QualityKeying.batch_id == batch_id, QualityKeying.component_id == component_id
    )
    found = session.scalars(
        statement.options(selectinload(QualityKeying.entries)), execution_options={"populate_existing": True}
    ).all()
    order = {name: place for place, name in enumerate(FIELD_NAMES)}
    return sorted(found, key=lambda one: (order.get(one.field, len(order)), one.field))


def may_key(one: QualityKeying, actor: str) -> bool:
    """Whether the field waits for ``actor``'s key: nobody else's pair is complete, and what they keyed themselves may still be put right."""
    others = [entry for entry in one.entries if entry.actor != actor]
    return one.state == KeyingState.OPEN and len(others) < 2


def may_settle(one: QualityKeying, actor: str) -> bool:
    return one.state == KeyingState.DIFFERS and all(entry.actor != actor for entry in one.entries)


def own(one: QualityKeying, actor: str) -> QualityEntry | None:
    return next((entry for entry in one.entries if entry.actor == actor), None)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a post brought: ``settled`` fields, those that ``differ`` and wait for a third person, and whether the component changed."""

    settled: tuple[str, ...]
    differ: tuple[str, ...]
    changed: bool


def key(
    session: Session,
    batch: Batch,
    component_id: str,
    answers: Mapping[str, Keyed],
    *,
    catalog: Catalog,
    index: SearchIndex,
    actor: str,
) -> Settled:
    """Keep what ``actor`` keyed of a paper's fields. The same again is the same as once; until another person has keyed it, it may be put right.

    ``NotFound`` for a field that is not keyed, ``HeldByAnother``, ``Conflict`` for one that two have keyed, ``InvalidRequest`` for nothing.
    """
    if not answers:
        raise InvalidRequest("nothing was keyed")
    paper = check.load_free(session, batch, component_id, actor)
    known = _locked(session, batch, component_id, answers)
    done: dict[str, Origin] = {}
    differ: list[str] = []
    kept: list[str] = []
    for field, answer in answers.items():
        one = known[field]
        mine = own(one, actor)
        if mine is not None and (mine.answer, mine.value) == (answer.answer, answer.value):
            continue
        if not may_key(one, actor):
            raise Conflict(f"{field}: two people have keyed it")
        kept.append(field)
        if mine is not None:
            mine.answer, mine.value, mine.at = answer.answer.value, answer.value, now()
        else:
            place = 1 + len(one.entries)
            one.entries.append(QualityEntry(place=place, answer=answer.answer.value, value=answer.value, actor=actor))
        session.flush()
        if len(one.entries) < 2:
            continue
        first, second = map(_said, one.entries)
        one.agreed = agree(field, first, second)
        if one.agreed:
            _settle(one, first)
            done[field] = Origin.AGREED
        else:
            one.state = KeyingState.DIFFERS.value
            differ.append(field)
    changed = _correct(session, paper.component, known, done, catalog=catalog, index=index, actor=actor)
    if kept:
        data = {"batch": batch.id, "fields": kept, "settled": sorted(done), "differ": differ}
        events.record(session, kind="quality_keyed", actor=actor, component=paper.component, data=data)
    return Settled(tuple(sorted(done)), tuple(differ), changed)


def settle(
    session: Session,
    batch: Batch,
    component_id: str,
    answers: Mapping[str, Keyed],
    *,
    catalog: Catalog,
    index: SearchIndex,
    actor: str,
) -> Settled:
    """The third person's word on fields whose keyers differ. The same again is the same as once.

    ``OwnWork`` for who keyed one of them; else as :func:`key`.
    """
    if not answers:
        raise InvalidRequest("nothing was settled")
    paper = check.load_free(session, batch, component_id, actor)
    known = _locked(session, batch, component_id, answers)
    done: dict[str, Origin] = {}
    for field, answer in answers.items():
        one, mine = known[field], own(known[field], actor)
        if mine is not None and mine.place < _SETTLES:
            raise OwnWork(f"{field}: those who keyed it don't settle it.")
        if mine is not None and (mine.answer, mine.value) == (answer.answer, answer.value):
            continue
        if one.state != KeyingState.DIFFERS:
            raise Conflict(f"{field}: there is nothing to settle")
        one.entries.append(QualityEntry(place=_SETTLES, answer=answer.answer.value, value=answer.value, actor=actor))
        _settle(one, answer)
        done[field] = Origin.SETTLED
        session.flush()
    changed = _correct(session, paper.component, known, done, catalog=catalog, index=index, actor=actor)
    if done:
        data = {"batch": batch.id, "fields": sorted(done)}
        events.record(session, kind="quality_settled", actor=actor, component=paper.component, data=data)
    return Settled(tuple(sorted(done)), (), changed)


def _locked(session: Session, batch: Batch, component_id: str, wanted: Collection[str]) -> dict[str, QualityKeying]:
    rows = select(QualityKeying.id).where(
        QualityKeying.component_id == component_id, QualityKeying.batch_id == batch.id
    )
    session.execute(rows.with_for_update().order_by(QualityKeying.id)).all()
    known = {one.field: one for one in fields_of(session, batch.id, component_id)}
    if missing := sorted(set(wanted) - known.keys()):
        raise NotFound(f"{missing[0]} is no field that is keyed of this paper")
    return known


def _settle(one: QualityKeying, answer: Keyed) -> None:
    one.state, one.settled_at = KeyingState.SETTLED.value, now()
    one.answer, one.value = answer.answer.value, answer.value
    for entry in one.entries:
        if entry.place < _SETTLES:
            entry.was_right = agree(one.field, _said(entry), answer)
    if answer.answer is not Answer.UNREADABLE:  # nobody knows what would be right
        read = Keyed(Answer.VALUE, one.read) if one.read else Keyed(Answer.ABSENT)
        one.machine_right = agree(one.field, read, answer)


def _said(entry: QualityEntry) -> Keyed:
    return Keyed(Answer(entry.answer), entry.value)


def _correct(
    session: Session,
    component: Component,
    known: Mapping[str, QualityKeying],
    done: Mapping[str, Origin],
    *,
    catalog: Catalog,
    index: SearchIndex,
    actor: str,
) -> bool:
    if not done:
        return False
    before = corrections.content(component)
    fields = dict(component.fields)
    for name, origin in done.items():
        fields[name] = _field(fields.get(name) or {}, known[name], origin, actor)
    component.fields = fields
    return reviewed.keep(session, component, before, catalog, index, actor=actor, reason="double keying", origin="double_keying")  # fmt: skip


def _field(old: Mapping[str, Any], one: QualityKeying, origin: Origin, actor: str) -> dict[str, Any]:
    place = {key_: old.get(key_) for key_ in ("page", "box")}
    if one.answer == Answer.VALUE:
        was = old.get("value")
        if was and normal_form(one.field, str(was)) == normal_form(one.field, one.value or ""):
            return {**old, "confirmed_by": actor, "origin": origin.value}
        return {"value": one.value, "confidence": 1.0, **place, "source": "manual", "origin": origin.value}
    reason = ABSENT if one.answer == Answer.ABSENT else UNREADABLE
    if reason == ABSENT:
        place = {"page": None, "box": None}
    return {"value": None, "confidence": 1.0, **place, "source": "manual", "reason": reason, "origin": origin.value}


@dataclass(frozen=True, slots=True)
class FieldFigures:
    """``keyed``: fields with two keys; ``agreed`` of them at once; ``machine_right`` of the ``settled`` ones whose answer is a value or none at all."""

    field: str
    asked: int
    keyed: int
    agreed: int
    settled: int
    differs: int
    unreadable: int
    machine_judged: int
    machine_right: int


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """Of the first two keys of settled fields: ``right`` are those that what was settled says too."""

    actor: str
    keyed: int
    judged: int
    right: int
    settled: int


@dataclass(frozen=True, slots=True)
class KeyingFigures:
    fields: tuple[FieldFigures, ...]
    people: tuple[PersonFigures, ...]


def figures(session: Session, batch_id: str) -> KeyingFigures:
    """How far keying is, how often people agree and the machine had been right: by field, and by person."""
    one, entry = QualityKeying, QualityEntry
    of_field = select(
        one.field,
        func.count(),
        func.count(one.agreed),
        func.count().filter(one.agreed.is_(True)),
        func.count().filter(one.state == KeyingState.SETTLED),
        func.count().filter(one.state == KeyingState.DIFFERS),
        func.count().filter(one.answer == Answer.UNREADABLE),
        func.count(one.machine_right),
        func.count().filter(one.machine_right.is_(True)),
    )
    fields = [
        FieldFigures(*row) for row in session.execute(of_field.where(one.batch_id == batch_id).group_by(one.field))
    ]
    of_person = (
        select(
            entry.actor,
            func.count().filter(entry.place < _SETTLES),
            func.count(entry.was_right),
            func.count().filter(entry.was_right.is_(True)),
            func.count().filter(entry.place == _SETTLES),
        )
        .join(one, one.id == entry.keying_id)
        .where(one.batch_id == batch_id)
        .group_by(entry.actor)
        .order_by(entry.actor)
    )
    order = {name: place for place, name in enumerate(FIELD_NAMES)}
    fields.sort(key=lambda found: (order.get(found.field, len(order)), found.field))
    return KeyingFigures(tuple(fields), tuple(PersonFigures(*row) for row in session.execute(of_person)))


def left_for(session: Session, batch_id: str) -> dict[KeyingState, int]:
    statement = select(QualityKeying.state, func.count()).where(QualityKeying.batch_id == batch_id)
    found = {str(state): int(count) for state, count in session.execute(statement.group_by(QualityKeying.state))}
    return {state: found.get(state.value, 0) for state in KeyingState}
