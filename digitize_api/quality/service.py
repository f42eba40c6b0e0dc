"""Quality control on behalf of somebody. Whoever checks or keys a paper holds it (``models.review_leases``), so that no two have the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from sqlalchemy.orm import Session

from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right, may
from digitize_api.batches.service import csv_lines
from digitize_api.bell import ring
from digitize_api.components import service as components
from digitize_api.components.schemas import Correction, StepIn
from digitize_api.context import Context
from digitize_api.scans.receive import Received
from models import review_leases
from models.batches import store as batches
from models.batches.entities import Batch, BatchItem, BatchRescan
from models.batches.items import Content
from models.batches.quality import check, deviations, figures, keying, papers, plan, rescans, sample
from models.batches.quality.deviations import Found, Sort
from models.batches.quality.entities import (
    DeviationState,
    QualityDeviation,
    QualityFinding,
    QualityKeying,
    QualityStratum,
)
from models.batches.quality.figures import Overview
from models.batches.quality.keying import Settled
from models.batches.quality.papers import CONFIRMED, PaperAt
from models.batches.quality.rescans import Came
from models.batches.quality.sample import Drawn
from models.entities import Component, ComponentState
from models.errors import HeldByAnother, NotFound
from models.local_time import LOCAL
from models.paper_facts import doubtful_fields
from models.rules.faults import Fault
from models.rules.keying import Keyed

TRIED: Final = 20


class Work(StrEnum):
    """What somebody may be given a paper for."""

    ROUND1 = "round1"
    ROUND2 = "round2"
    KEY = "key"
    SETTLE = "settle"


_QUEUES: Final = {
    Work.ROUND1: papers.waiting_for,
    Work.ROUND2: sample.waiting_for,
    Work.KEY: keying.to_key,
    Work.SETTLE: keying.to_settle,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A batch's quality as somebody may see it. ``names``: full names by actor; ``left``: papers that wait for this person, a few at most counted."""

    batch: Batch
    overview: Overview
    names: Mapping[str, str]
    left: Mapping[Work, int]


def load(context: Context, principal: Principal, batch_id: str) -> Batch:
    """``NotFound``."""
    with context.reading() as session:
        return batches.load(session, batch_id, principal.agency_ids)


def overview(context: Context, principal: Principal, batch_id: str) -> Seen:
    """``NotFound``. Who makes how many mistakes is the leader's to know: of others' strata and keys the rest learn nothing."""
    with context.reading() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        found = only(principal, figures.overview(session, batch))
        actors = {one.stratum.checker for one in found.strata} | {one.stratum.scanner for one in found.strata}
        actors |= {one.actor for one in found.keyed.people}
        actors |= {one.stratum.waived_by for one in found.strata if one.stratum.waived_by}
        names = review_leases.names_of(session, {one for one in actors if one})
        left = {work: len(queue(session, batch.id, principal.actor, limit=2)) for work, queue in _QUEUES.items()}
    return Seen(batch, found, names, left)


def sees_people(principal: Principal) -> bool:
    return may(principal.role, Right.RUN_BATCH)


def change_plan(context: Context, principal: Principal, batch_id: str, told: Mapping[str, Any]) -> Seen:
    """``NotFound``, ``InvalidRequest``."""
    with context.transaction() as session:
        batch = _held(session, principal, batch_id)
        plan.change(session, batch, told, context.catalog.get(session), actor=principal.actor)
        keying.prepare(session, batch.id, context.catalog.get(session), actor=principal.actor)
    return overview(context, principal, batch_id)


def draw(context: Context, principal: Principal, batch_id: str) -> Drawn:
    """``NotFound``."""
    with context.transaction() as session:
        batch = _held(session, principal, batch_id)
        keying.prepare(session, batch.id, context.catalog.get(session), actor=principal.actor)
        return sample.draw(session, batch.id, actor=principal.actor)


def waive(context: Context, principal: Principal, batch_id: str, stratum_id: str, reason: str) -> QualityStratum:
    """What ``models.batches.quality.sample.waive`` raises."""
    with context.transaction() as session:
        batch = _held(session, principal, batch_id)
        return sample.waive(session, batch.id, stratum_id, reason, actor=principal.actor)


def _held(session: Session, principal: Principal, batch_id: str) -> Batch:
    batches.load(session, batch_id, principal.agency_ids)
    return batches.hold(session, batch_id)


def take_next(context: Context, principal: Principal, batch_id: str, work: Work, after: str = "") -> str | None:
    """The id of the next paper that this person may work on, held for them; ``None``: there is none. ``NotFound``."""
    with context.transaction() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        ids = _QUEUES[work](session, batch.id, principal.actor, after=after, limit=TRIED)
        if not ids and work is Work.KEY:
            keying.prepare(session, batch.id, context.catalog.get(session), actor=principal.actor)
            ids = _QUEUES[work](session, batch.id, principal.actor, after=after, limit=TRIED)
        if after and (known := session.get(Component, after)) is not None and known.agency_id in principal.agency_ids:
            review_leases.release(session, after, principal.actor)
    for component_id in ids:
        try:
            take(context, principal, batch_id, component_id)
        except (HeldByAnother, NotFound):  # somebody was faster
            continue
        return component_id
    return None


def take(context: Context, principal: Principal, batch_id: str, component_id: str) -> None:
    """Hold the paper. ``NotFound``, ``HeldByAnother``."""
    with context.transaction() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        paper = papers.load(session, batch.id, component_id)
        review_leases.take(session, paper.component, principal.actor)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A paper with its place in the sample, if it has one. ``rescan``: by which it took the place of one that was returned."""

    batch: Batch
    paper: PaperAt
    finding: QualityFinding | None
    rescan: BatchRescan | None


def paper(context: Context, principal: Principal, batch_id: str, component_id: str) -> Loaded:
    """``NotFound``."""
    with context.reading() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        found = papers.load(session, batch.id, component_id)
        again = rescans.came_of(session, found.component.scan_id)
        return Loaded(batch, found, sample.finding_of(session, found), again)


@dataclass(frozen=True, slots=True)
class Check:
    """``round``: 1 or 2. No ``faults``: accepted. ``version``: of the component that was looked at."""

    round: int
    version: int
    faults: frozenset[Fault] = frozenset()
    words: str = ""


def say(context: Context, principal: Principal, batch_id: str, component_id: str, said: Check) -> Loaded:
    """Accept or return a paper.

    Accepting one in round 1 that no person has confirmed confirms it, as the page that reviews does. ``NotFound``, ``HeldByAnother``, ``Conflict``,
    ``StepBlocked`` for a paper that can't be confirmed as it is, ``OwnWork``, ``InvalidRequest``.
    """
    batch = load(context, principal, batch_id)
    if said.round == 1 and not said.faults:
        _accept(context, principal, batch, component_id, said.version)
    else:
        with context.transaction() as session:
            found = check.load_free(session, batch, component_id, principal.actor, said.version)
            if said.round == 1:
                check.send_back(session, batch, found, said.faults, said.words, actor=principal.actor)
            else:
                sample.look(session, batch, found, said.faults, said.words, actor=principal.actor)
            review_leases.release(session, component_id, principal.actor)
    return paper(context, principal, batch_id, component_id)


def _accept(context: Context, principal: Principal, batch: Batch, component_id: str, version: int) -> None:
    with context.transaction() as session:
        found = check.load_free(session, batch, component_id, principal.actor, version)
        component = found.component
        if component.state in CONFIRMED:
            check.pass_again(session, batch, found, actor=principal.actor)
            review_leases.release(session, component_id, principal.actor)
            return
    confirmed = list(doubtful_fields(component))
    components.correct(context, principal, component_id, Correction(version=version, confirmed=confirmed))
    changed = components.load_alone(context, principal, component_id)
    asked = StepIn(version=changed.version, to=ComponentState.VERIFIED)
    components.step(context, principal, component_id, asked)
    with context.transaction() as session:
        review_leases.release(session, component_id, principal.actor)


def mended(context: Context, principal: Principal, batch_id: str, component_id: str) -> Loaded:
    """``NotFound``, ``HeldByAnother``."""
    batch = load(context, principal, batch_id)
    with context.transaction() as session:
        found = check.load_free(session, batch, component_id, principal.actor)
        check.mended(session, batch, found, actor=principal.actor)
    return paper(context, principal, batch_id, component_id)


def returned(
    context: Context, principal: Principal, batch_id: str, *, limit: int = 100, offset: int = 0
) -> list[PaperAt]:
    """``NotFound``."""
    with context.reading() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        return papers.returned(session, batch.id, limit=limit, offset=offset)


def rescans_of(context: Context, batch_id: str, back: Sequence[PaperAt]) -> dict[str, BatchRescan]:
    """The last new scan of each of these papers that has one, with the scan (their reader was let in to the batch)."""
    with context.reading() as session:
        return rescans.newest(session, batch_id, [one.component.id for one in back])


def may_rescan(context: Context, principal: Principal, batch_id: str, component_id: str) -> None:
    """``NotFound``, ``Conflict``, ``PaperKept``."""
    with context.reading() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        rescans.may_ask(session, batch.id, component_id)


def demand_new(context: Context, batch_id: str, component_id: str, sha256: str) -> None:
    """``FileKnown``."""
    with context.reading() as session:
        rescans.demand_new(session, batch_id, component_id, sha256)


def rescan(
    context: Context, principal: Principal, batch_id: str, component_id: str, received: Received
) -> tuple[BatchRescan, bool]:
    """The new scan (loaded), and whether it was not known before. What ``models.batches.quality.rescans.ask`` raises."""
    info = received.info
    came = Came(Content(received.media_type, info.size, info.sha256, info.key), received.filename)
    with context.transaction() as session:
        batches.load(session, batch_id, principal.agency_ids)
        sent = rescans.ask(session, batch_id, component_id, came, context.index, actor=principal.actor)
        rescan_id = sent.rescan.id
    if sent.accepted is not None:
        accepted = sent.accepted
        ring(context, accepted.scan.id, accepted.dispatch_id, accepted.task, accepted.queue)
    with context.reading() as session:
        return rescans.load(session, rescan_id), sent.accepted is not None


def find_deviations(context: Context, principal: Principal, batch_id: str) -> Found:
    """``NotFound``."""
    with context.transaction() as session:
        batch = _held(session, principal, batch_id)
        return deviations.find(session, batch.id, actor=principal.actor)


@dataclass(frozen=True, slots=True)
class Asked:
    """``state``: ``None`` for every one. ``what``: empty for all."""

    state: DeviationState | None = DeviationState.OPEN
    what: str = ""
    sort: Sort = Sort.UNLIKE
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Deviations:
    batch: Batch
    records: list[tuple[QualityDeviation, BatchItem]]
    total: int
    counts: Mapping[DeviationState, int]
    names: Mapping[str, str]


def list_deviations(context: Context, principal: Principal, batch_id: str, asked: Asked) -> Deviations:
    """``NotFound``."""
    with context.reading() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        records, total = deviations.listed(
            session,
            batch.id,
            state=asked.state,
            what=asked.what,
            sort=asked.sort,
            limit=asked.limit,
            offset=asked.offset,
        )
        names = review_leases.names_of(session, {one.said_by for one, _ in records if one.said_by})
        return Deviations(batch, records, total, deviations.counts(session, batch.id), names)


def decide(
    context: Context,
    principal: Principal,
    batch_id: str,
    deviation_id: str,
    decision: DeviationState,
    *,
    words: str = "",
) -> QualityDeviation:
    """What ``models.batches.quality.deviations.decide`` raises."""
    batch = load(context, principal, batch_id)
    with context.transaction() as session:
        return deviations.decide(session, batch, deviation_id, decision, words, actor=principal.actor)


@dataclass(frozen=True, slots=True)
class Keying:
    batch: Batch
    paper: PaperAt
    fields: list[QualityKeying]


def keying_of(context: Context, principal: Principal, batch_id: str, component_id: str) -> Keying:
    """``NotFound``."""
    with context.reading() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        found = papers.load(session, batch.id, component_id)
        return Keying(batch, found, keying.fields_of(session, batch.id, component_id))


def key(
    context: Context,
    principal: Principal,
    batch_id: str,
    component_id: str,
    answers: Mapping[str, Keyed],
    *,
    settles: bool = False,
) -> Settled:
    """What ``models.batches.quality.keying.key`` and ``settle`` raise."""
    batch = load(context, principal, batch_id)
    do = keying.settle if settles else keying.key
    with context.transaction() as session:
        done = do(
            session,
            batch,
            component_id,
            answers,
            catalog=context.catalog.get(session),
            index=context.index,
            actor=principal.actor,
        )
        review_leases.release(session, component_id, principal.actor)
    return done


def report_lines(context: Context, principal: Principal, batch_id: str) -> Iterator[str]:
    """Every paper and what was said of it, as CSV. ``NotFound`` before the first line."""
    load(context, principal, batch_id)
    return csv_lines(_rows(context, batch_id), figures.COLUMNS)


def _rows(context: Context, batch_id: str) -> Iterator[dict[str, Any]]:
    place: tuple[int, int] | None = None
    while True:
        with context.reading() as session:
            found = figures.rows(session, batch_id, after=place)
        if not found:
            return
        yield from map(cells, found)
        place = found[-1]["place"]


def cells(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of ``figures.rows`` as a report tells it."""
    told: dict[str, Any] = dict(row)
    for name in ("checked_at", "round2_at"):
        told[name] = row[name].astimezone(LOCAL).isoformat(timespec="seconds") if row[name] else None
    for name in ("faults", "round2_faults"):
        told[name] = " ".join(row[name])
    told["critical"] = {True: "x", False: ""}.get(row["critical"], "")
    return told


def only(principal: Principal, found: Overview) -> Overview:
    """Without what others did, for whoever is no leader."""
    if sees_people(principal):
        return found
    strata = tuple(one for one in found.strata if one.stratum.checker == principal.actor)
    people = tuple(one for one in found.keyed.people if one.actor == principal.actor)
    return replace(found, strata=strata, keyed=replace(found.keyed, people=people))
