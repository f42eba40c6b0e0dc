"""Round 2: strata are formed of what has passed round 1, a sample of each is drawn and looked at by somebody else, and judged.

A stratum is one checker, one scanning operator and one band of doubt. It takes in papers as they pass, until it fails: then all of its papers go
back to round 1, and what passes there is drawn anew in another stratum. Drawing again draws only what has been added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from models import events
from models.batches import store as batches
from models.batches.entities import Batch
from models.batches.quality import check, papers, plan
from models.batches.quality.entities import (
    FindingState,
    PaperState,
    QualityFinding,
    QualityPaper,
    QualityStratum,
    Standing,
    StratumState,
)
from models.batches.quality.papers import PaperAt
from models.entities import Component, Page, Scan, new_id, now
from models.errors import Conflict, InvalidRequest, NotFound, OwnWork
from models.rules import sampling
from models.rules.error_rates import Verdict, judge
from models.rules.faults import Fault, is_critical

_AT_ONCE: Final = 500
_LIVE: Final = (StratumState.OPEN, StratumState.PASSED)


@dataclass(frozen=True, slots=True)
class Drawn:
    """``papers``: in live strata now. ``drawn``: of them, by this draw and those before; ``new``: by this one."""

    papers: int
    strata: int
    drawn: int
    new: int
    seed: str


def draw(session: Session, batch_id: str, *, actor: str) -> Drawn:
    """Draw of all that has passed round 1 and is in no stratum yet; twice is the same as once. ``NotFound``."""
    batch = batches.hold(session, batch_id)
    row = plan.ensure(session, batch, actor=actor)
    papers.adopt(session, batch)
    entered = _enter(session, batch)
    live = _live(session, batch)
    members = _members(session, batch, live)
    before = _drawn(session, live)
    names = {name: component_id for papers_of in members.values() for name, component_id in papers_of.items()}
    known = {name for name, component_id in names.items() if component_id in before}
    # By what they are, not by their random ids: a tie is broken the same way by whoever draws again.
    by_key = {_key(live[one]): one for one in members}
    strata = {key: members[one] for key, one in by_key.items()}
    chosen = sampling.draw(strata, plan.fraction(row.sample_share), row.seed, known)
    findings: list[dict[str, Any]] = []
    for key, sample in chosen.items():
        stratum = live[by_key[key]]
        stratum.papers = len(strata[key])
        fresh = [name for name in sample if name not in known]
        of_all = {"stratum_id": stratum.id, "batch_id": batch.id, "agency_id": batch.agency_id, "drawn_at": now()}
        findings += [
            {
                **of_all,
                "id": new_id(),
                "component_id": names[name],
                "rank": sampling.rank(row.seed, name),
                "state": FindingState.DRAWN,
                "faults": [],
                "critical": False,
                "words": "",
            }
            for name in fresh
        ]
        if fresh:
            stratum.state, stratum.drawn_at = StratumState.OPEN.value, now()
    if findings:
        session.execute(insert(QualityFinding), findings)
    new = len(findings)
    row.drawn_at = now()
    session.flush()
    sizes = sum(map(len, members.values()))
    drawn = sum(map(len, chosen.values()))
    if new or entered:
        data = {"id": batch.id, "name": batch.name, "seed": row.seed, "share": row.sample_share, "papers": sizes, "drawn": drawn, "new": new}  # fmt: skip
        events.record(session, kind="quality_drawn", actor=actor, agency_id=batch.agency_id, data=data)
    return Drawn(sizes, len(live), drawn, new, row.seed)


def _enter(session: Session, batch: Batch) -> int:
    """Papers that have passed and are in no stratum go into theirs; how many."""
    statement = papers.of_batch(batch.id, Component.id, QualityPaper.checked_by, Scan.actor)
    statement = statement.where(
        papers.standing() == Standing.PASSED.value,
        QualityPaper.component_id.is_not(None),
        QualityPaper.stratum_id.is_(None),
    )
    fresh = list(session.execute(statement))
    lowest = _lowest(session, [row[0] for row in fresh])
    live = {_key(one): one for one in _live(session, batch).values()}
    entering: dict[str, list[str]] = defaultdict(list)
    for component_id, checker, scanner in fresh:
        key = (checker or "", scanner, sampling.band(lowest.get(component_id)))
        if key not in live:
            live[key] = QualityStratum(
                batch_id=batch.id, agency_id=batch.agency_id, checker=key[0], scanner=key[1], band=key[2], papers=0,
                state=StratumState.OPEN,
            )  # fmt: skip
            session.add(live[key])
            session.flush()
        entering[live[key].id].append(component_id)
    for stratum_id, ids in entering.items():
        for start in range(0, len(ids), _AT_ONCE):
            part = QualityPaper.component_id.in_(ids[start : start + _AT_ONCE])
            change = update(QualityPaper).where(part).values(stratum_id=stratum_id)
            session.execute(change, execution_options={"synchronize_session": False})
    return len(fresh)


def _key(stratum: QualityStratum) -> tuple[str, str, str]:
    """What tells live strata of a batch apart."""
    return stratum.checker, stratum.scanner, stratum.band


def _live(session: Session, batch: Batch) -> dict[str, QualityStratum]:
    statement = select(QualityStratum).where(QualityStratum.batch_id == batch.id, QualityStratum.state.in_(_LIVE))
    found = session.scalars(statement.with_for_update().order_by(QualityStratum.id))
    return {one.id: one for one in found}


def _members(session: Session, batch: Batch, live: Collection[str]) -> dict[str, dict[str, str]]:
    """The papers of each live stratum by what they are drawn by, also those returned since: they were passed, and may be in its sample.

    One that came back from a failed stratum is drawn by another name: its rank is known by now.
    """
    statement = papers.of_batch(batch.id, QualityPaper.stratum_id, QualityPaper.sent_back_id, Component.id)
    statement = statement.where(QualityPaper.stratum_id.is_not(None))
    members: dict[str, dict[str, str]] = {one: {} for one in live}
    for stratum_id, sent_back_id, component_id in session.execute(statement):
        if stratum_id in members:
            members[stratum_id][f"{component_id}@{sent_back_id}" if sent_back_id else component_id] = component_id
    return {one: found for one, found in members.items() if found}


def _drawn(session: Session, strata: Collection[str]) -> frozenset[str]:
    statement = select(QualityFinding.component_id).where(QualityFinding.stratum_id.in_(strata))
    return frozenset(one for one in session.scalars(statement) if one is not None)


def _lowest(session: Session, component_ids: Sequence[str]) -> dict[str, float]:
    """The lowest confidence of each paper: of what the machine read of its fields, and of its pages' low grades. A failed page is nothing read."""
    found: dict[str, float] = {}
    for start in range(0, len(component_ids), _AT_ONCE):
        part = component_ids[start : start + _AT_ONCE]
        grades = (
            select(Component.id, func.min(func.coalesce(Page.grade_low, 0.0)))
            .join(
                Page,
                and_(Page.scan_id == Component.scan_id, Page.number.between(Component.first_page, Component.last_page)),
            )
            .where(Component.id.in_(part), Page.blank.is_(False))
            .group_by(Component.id)
        )
        found |= {component_id: float(low) for component_id, low in session.execute(grades)}
        fields = select(Component.id, Component.fields).where(Component.id.in_(part))
        for component_id, values in session.execute(fields):
            read = [low for low in map(_confidence, values.values()) if low is not None]
            if read:
                found[component_id] = min([*read, found.get(component_id, 1.0)])
    return found


def _confidence(field: Any) -> float | None:
    """Of a field that a machine read; a person's word is no grade of the machine."""
    if not isinstance(field, dict) or not field.get("value") or field.get("source") == "manual":
        return None
    confidence = field.get("confidence")
    return float(confidence) if isinstance(confidence, int | float) else None


def waiting_for(session: Session, batch_id: str, actor: str, *, after: str = "", limit: int = 20) -> list[str]:
    """Ids of drawn papers that ``actor`` did not pass in round 1 and nobody else holds, by rank, from behind ``after`` on and then from the start."""
    statement = (
        papers.of_batch(batch_id, Component.id, QualityFinding.rank)
        .join(QualityFinding, QualityFinding.component_id == Component.id)
        .where(
            QualityFinding.state == FindingState.DRAWN,
            QualityFinding.stratum_id == QualityPaper.stratum_id,
            papers.standing() == Standing.PASSED.value,
            or_(QualityPaper.checked_by.is_(None), QualityPaper.checked_by != actor),
            papers.free_for(actor),
            Component.id != after,
        )
        .order_by(QualityFinding.rank)
    )
    place = session.scalar(select(func.max(QualityFinding.rank)).where(QualityFinding.component_id == after))
    if place is None:
        return [str(row[0]) for row in session.execute(statement.limit(limit))]
    behind = [str(row[0]) for row in session.execute(statement.where(QualityFinding.rank > place).limit(limit))]
    return behind or [str(row[0]) for row in session.execute(statement.limit(limit))]


def left_for(session: Session, batch_id: str) -> int:
    """How many drawn papers nobody has looked at."""
    statement = select(func.count()).where(
        QualityFinding.batch_id == batch_id, QualityFinding.state == FindingState.DRAWN
    )
    return session.scalars(statement).one()


def finding_of(session: Session, paper: PaperAt) -> QualityFinding | None:
    """The paper's place in the sample of its present stratum."""
    if paper.row is None or paper.row.stratum_id is None:
        return None
    statement = select(QualityFinding).where(
        QualityFinding.component_id == paper.component.id, QualityFinding.stratum_id == paper.row.stratum_id
    )
    return session.scalar(statement, execution_options={"populate_existing": True})


def look(
    session: Session, batch: Batch, paper: PaperAt, faults: Collection[Fault], words: str, *, actor: str
) -> QualityFinding:
    """What round 2 says of a drawn paper: no faults is right. The same again by the same person is the same as once.

    A paper with a fault is returned with it; a stratum with too many goes back to round 1. ``NotFound`` for a paper that was not drawn, ``OwnWork``
    for who passed it in round 1, ``Conflict`` when it was looked at by somebody else, or has left the sample.
    """
    stratum_id = paper.row.stratum_id if paper.row else None
    if stratum_id is None:
        raise NotFound("this paper is in no sample")
    locked = select(QualityStratum).where(QualityStratum.id == stratum_id).with_for_update()
    stratum = session.scalars(locked, execution_options={"populate_existing": True}).one()
    finding = finding_of(session, paper)
    if finding is None or paper.row is None:
        raise NotFound("this paper is in no sample")
    if paper.row.checked_by == actor:
        raise OwnWork("Round 2 is another person's than round 1.")
    told, words = check.in_key_order(faults), check.tidy(words)
    if finding.state != FindingState.DRAWN:
        if finding.checked_by == actor and (finding.faults, finding.words) == (told, words):
            return finding
        raise Conflict("this paper has been looked at in round 2, or its stratum went back to round 1")
    if stratum.state not in _LIVE or paper.standing is not Standing.PASSED:
        raise Conflict("this paper has left the sample")
    finding.state = FindingState.WRONG.value if told else FindingState.RIGHT.value
    finding.faults, finding.words, finding.critical = told, words, is_critical(frozenset(faults))
    finding.checked_by, finding.checked_at = actor, now()
    session.flush()
    data = {"batch": batch.id, "round": 2, "did": "returned" if told else "passed", "faults": told, "reason": words}
    events.record(session, kind="quality_checked", actor=actor, component=paper.component, data=data)
    if told:
        papers.say(session, paper.component, batch.id, PaperState.RETURNED, actor, faults=told, words=words)
    _judge(session, batch, stratum, actor)
    return finding


def _judge(session: Session, batch: Batch, stratum: QualityStratum, actor: str) -> None:
    row = plan.row_of(session, batch.id)
    limit = plan.fraction(plan.Plan.of(row).error_limit)
    drawn, looked, wrong = counted(session, [stratum.id])[stratum.id]
    verdict = judge(wrong, looked, drawn, limit)
    if verdict is Verdict.PASSED:
        stratum.state = StratumState.PASSED.value
    elif verdict is Verdict.FAILED:
        _fail(session, batch, stratum, actor, wrong=wrong, drawn=drawn)
    session.flush()


def leave(session: Session, batch: Batch, component_id: str, *, actor: str) -> None:
    """The paper is about to be taken away, since it was scanned again; the caller holds the batch.

    What round 2 found of it stays in its stratum's figures: mending makes no sample better. Drawn and not looked at, it is in no sample any more, and
    the next draw takes another.
    """
    statement = select(QualityFinding).where(QualityFinding.component_id == component_id)
    left: set[str] = set()
    for finding in session.scalars(statement.with_for_update()):
        if finding.state == FindingState.DRAWN:
            session.delete(finding)
            left.add(finding.stratum_id)
        else:
            finding.component_id = None
    row = session.get(QualityPaper, component_id)
    if row is not None and row.stratum_id is not None:
        left.add(row.stratum_id)
        row.stratum_id = None
    session.flush()
    for stratum in session.scalars(select(QualityStratum).where(QualityStratum.id.in_(left)).with_for_update()):
        stratum.papers = max(0, stratum.papers - 1)
        if counted(session, [stratum.id])[stratum.id][0] and stratum.state in _LIVE:
            _judge(session, batch, stratum, actor)
        elif _is_empty(session, stratum):
            session.delete(stratum)
    session.flush()


def _is_empty(session: Session, stratum: QualityStratum) -> bool:
    """Nothing was ever found in it, and no paper knows of it."""
    known = or_(QualityPaper.stratum_id == stratum.id, QualityPaper.sent_back_id == stratum.id)
    of_papers = select(QualityPaper.component_id).where(known)
    of_findings = select(QualityFinding.id).where(QualityFinding.stratum_id == stratum.id)
    return all(session.scalar(statement.limit(1)) is None for statement in (of_papers, of_findings))


def _fail(session: Session, batch: Batch, stratum: QualityStratum, actor: str, *, wrong: int, drawn: int) -> None:
    """All of its papers are to be looked at in round 1 again; one that is returned is mended first."""
    stratum.state, stratum.failed_at = StratumState.FAILED.value, now()
    session.flush()
    of_it = QualityPaper.stratum_id == stratum.id
    again = update(QualityPaper).where(of_it, QualityPaper.state == PaperState.PASSED)
    session.execute(
        again.values(state=PaperState.AGAIN.value, said_by="system", said_at=now()),
        execution_options={"synchronize_session": False},
    )
    moved = update(QualityPaper).where(of_it).values(stratum_id=None, sent_back_id=stratum.id)
    session.execute(moved, execution_options={"synchronize_session": False})
    void = update(QualityFinding).where(
        QualityFinding.stratum_id == stratum.id, QualityFinding.state == FindingState.DRAWN
    )
    session.execute(void.values(state=FindingState.VOID.value), execution_options={"synchronize_session": False})
    session.expire_all()
    data = {
        "id": batch.id, "name": batch.name, "stratum": stratum.id, "checker": stratum.checker, "scanner": stratum.scanner,
        "band": stratum.band, "papers": stratum.papers, "wrong": wrong, "drawn": drawn,
    }  # fmt: skip
    events.record(session, kind="quality_failed", actor=actor, agency_id=batch.agency_id, data=data)


def waive(session: Session, batch_id: str, stratum_id: str, reason: str, *, actor: str) -> QualityStratum:
    """A leader lets a failed stratum pass: those of its papers that nobody has looked at again stand as they stood.

    The same again is the same as once. ``InvalidRequest`` without a reason, ``NotFound``, ``Conflict`` for one that has not failed.
    """
    reason = check.tidy(reason)
    if not reason:
        raise InvalidRequest("a decision needs its reason")
    batch = batches.hold(session, batch_id)
    statement = select(QualityStratum).where(QualityStratum.id == stratum_id, QualityStratum.batch_id == batch.id)
    stratum = session.scalar(statement.with_for_update(), execution_options={"populate_existing": True})
    if stratum is None:
        raise NotFound("no such stratum")
    if stratum.state == StratumState.WAIVED:
        return stratum
    if stratum.state != StratumState.FAILED:
        raise Conflict("this stratum has not failed")
    stratum.state, stratum.waive_reason = StratumState.WAIVED.value, reason
    stratum.waived_by, stratum.waived_at = actor, now()
    back = update(QualityPaper).where(
        QualityPaper.sent_back_id == stratum.id,
        QualityPaper.state == PaperState.AGAIN,
        QualityPaper.said_by == "system",
    )
    values = {"state": PaperState.PASSED.value, "stratum_id": stratum.id, "said_by": actor, "said_at": now()}
    kept = session.execute(
        back.values(**values).returning(QualityPaper.component_id), execution_options={"synchronize_session": False}
    ).all()
    session.flush()
    data = {"id": batch.id, "name": batch.name, "stratum": stratum.id, "reason": reason, "papers": len(kept)}
    events.record(session, kind="quality_waived", actor=actor, agency_id=batch.agency_id, data=data)
    return stratum


def counted(session: Session, strata: Iterable[str]) -> dict[str, tuple[int, int, int]]:
    """By stratum: drawn, looked at, wrong with a critical fault."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    wanted = list(strata)
    statement = (
        select(QualityFinding.stratum_id, QualityFinding.state, QualityFinding.critical, func.count())
        .where(QualityFinding.stratum_id.in_(wanted))
        .group_by(QualityFinding.stratum_id, QualityFinding.state, QualityFinding.critical)
    )
    for stratum_id, state, critical, count in session.execute(statement):
        one = found[stratum_id]
        one[0] += count
        one[1] += count if state in {FindingState.RIGHT, FindingState.WRONG} else 0
        one[2] += count if critical else 0
    return {one: (found[one][0], found[one][1], found[one][2]) for one in wanted}


def strata_of(session: Session, batch_id: str) -> list[QualityStratum]:
    """Failed ones first, then by checker, operator and doubt."""
    statement = select(QualityStratum).where(QualityStratum.batch_id == batch_id)
    order = {StratumState.FAILED: 0, StratumState.OPEN: 1, StratumState.WAIVED: 2, StratumState.PASSED: 3}
    return sorted(
        session.scalars(statement),
        key=lambda one: (
            order[StratumState(one.state)],
            one.checker,
            one.scanner,
            sampling.BANDS.index(one.band),
            one.id,
        ),
    )
