"""A batch's quality as its pages tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from digitize_api.quality.service import Loaded, Seen, Work
from digitize_api.web.event_words import who
from digitize_api.web.words import Words
from models.batches.entities import BatchItem, BatchRescan
from models.batches.quality import rescans
from models.batches.quality.entities import (
    DeviationState,
    KeyingState,
    QualityDeviation,
    Standing,
    StratumState,
)
from models.batches.quality.figures import StratumFigures
from models.batches.quality.papers import PaperAt
from models.catalog import Catalog
from models.entities import Component
from models.rules.deviations import Measure
from models.rules.error_rates import ErrorRate
from models.rules.faults import REARRANGE, RESCAN, Fault

_MARKS = {
    StratumState.OPEN: "",
    StratumState.PASSED: "done",
    StratumState.FAILED: "failed",
    StratumState.WAIVED: "open",
}


def decimal(value: float, words: Words, places: int = 1) -> str:
    """``4,5`` in Vietnamese; no zeros behind, and no minus before zero."""
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text == "-0" else text.replace("-", "−")
    return text.replace(".", ",") if words.language == "vi" else text


def percent(share: float | Fraction, words: Words) -> str:
    return decimal(float(share) * 100, words) + " %"


def rate_said(rate: ErrorRate, words: Words) -> str:
    return "—" if rate.share is None else percent(rate.share, words)


def interval_said(rate: ErrorRate, words: Words) -> str:
    if rate.share is None:
        return ""
    return words("qc_interval", low=percent(rate.low, words), high=percent(rate.high, words))


@dataclass(frozen=True, slots=True)
class StratumShown:
    id: str
    checker: str
    scanner: str
    doubt: str
    papers: str
    sample: str
    wrong: str
    rate: str
    interval: str
    mark: str
    said: str
    failed: bool
    waived: str


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole as a bar: ``part`` of ``whole``, and in words."""

    part: int
    whole: int
    said: str


@dataclass(frozen=True, slots=True)
class FieldShown:
    label: str
    asked: str
    keyed: str
    agreed: str
    machine: str
    unreadable: str
    differs: str


@dataclass(frozen=True, slots=True)
class PersonShown:
    name: str
    keyed: str
    right: str
    settled: str


@dataclass(frozen=True, slots=True)
class QualityShown:
    """``next_work``: what this person does first, the page's one filled button; ``left``: all that waits for them."""

    id: str
    name: str
    papers: int
    round1: Share
    passed: str
    waiting: str
    returned: str
    round2: Share
    undrawn: str
    seed: str
    rate: str
    rate_of: str
    interval: str
    limit: str
    strata: tuple[StratumShown, ...]
    deviations_open: int
    deviations: str
    looked_at: str
    keying: Share
    fields: tuple[FieldShown, ...]
    people: tuple[PersonShown, ...]
    next_work: str
    left: frozenset[str]
    chosen: frozenset[str]
    shares: Mapping[str, str]


def quality_shown(seen: Seen, words: Words) -> QualityShown:
    found, plan = seen.overview, seen.overview.plan
    left = [work for work in (Work.ROUND1, Work.ROUND2, Work.SETTLE, Work.KEY) if seen.left[work]]
    settled, asked = found.keying[KeyingState.SETTLED], sum(found.keying.values())
    passed = found.round1[Standing.PASSED]
    return QualityShown(
        id=seen.batch.id,
        name=seen.batch.name,
        papers=found.papers,
        round1=Share(
            passed,
            found.papers,
            words("qc_round1_said", passed=words.number(passed), total=words.number(found.papers)),
        ),
        passed=words.number(passed),
        waiting=words.number(found.round1[Standing.WAITING]),
        returned=words.number(found.round1[Standing.RETURNED]),
        round2=Share(
            found.looked,
            found.drawn,
            words("qc_round2_said", looked=words.number(found.looked), drawn=words.number(found.drawn)),
        ),
        undrawn=words("qc_undrawn", count=words.number(found.undrawn)) if found.undrawn else "",
        seed=found.seed if found.drawn_at else "",
        rate=rate_said(found.rate, words),
        rate_of=words("qc_of_looked", wrong=words.number(found.rate.wrong), looked=words.number(found.rate.looked)),
        interval=interval_said(found.rate, words),
        limit=percent(plan.error_limit, words),
        strata=tuple(_stratum(one, seen.names, words) for one in found.strata),
        deviations_open=found.deviations[DeviationState.OPEN],
        deviations=words("qc_deviations_open", count=words.number(found.deviations[DeviationState.OPEN])),
        looked_at=words("qc_deviations_when", when=words.when(found.looked_at)) if found.looked_at else "",
        keying=Share(
            settled,
            asked,
            words("qc_keying_said", settled=words.number(settled), total=words.number(asked)),
        ),
        fields=tuple(
            FieldShown(
                words.field(one.field),
                words.number(one.asked),
                words.number(one.keyed),
                _part(one.agreed, one.keyed, words),
                _part(one.machine_right, one.machine_judged, words),
                words.number(one.unreadable),
                words.number(one.differs),
            )
            for one in found.keyed.fields
        ),
        people=tuple(
            PersonShown(
                who(one.actor, words, seen.names),
                words.number(one.keyed),
                _part(one.right, one.judged, words),
                words.number(one.settled),
            )
            for one in found.keyed.people
        ),
        next_work=left[0].value if left else "",
        left=frozenset(work.value for work in left),
        chosen=frozenset(plan.keyed_fields),
        shares={
            name: decimal(getattr(plan, name) * 100, words, 2)
            for name in ("sample_share", "error_limit", "keying_share")
        },
    )


def _part(part: int, whole: int, words: Words) -> str:
    if not whole:
        return "—"
    said = words("qc_of", part=words.number(part), whole=words.number(whole))
    return f"{percent(Fraction(part, whole), words)} ({said})"


def _stratum(one: StratumFigures, names: Mapping[str, str], words: Words) -> StratumShown:
    stratum = one.stratum
    state = StratumState(stratum.state)
    waived = ""
    if stratum.waived_by:
        waived = f"{who(stratum.waived_by, words, names)}: {stratum.waive_reason}"
    return StratumShown(
        id=stratum.id,
        checker=who(stratum.checker, words, names) if stratum.checker else words("qc_unknown"),
        scanner=who(stratum.scanner, words, names) if stratum.scanner else words("qc_unknown"),
        doubt=words(f"qc_doubt_{stratum.band}"),
        papers=words.number(stratum.papers),
        sample=words("qc_of", part=words.number(one.looked), whole=words.number(one.drawn)),
        wrong=words.number(one.rate.wrong),
        rate=rate_said(one.rate, words),
        interval=interval_said(one.rate, words),
        mark=_MARKS[state],
        said=words(f"qc_stratum_{state.value}"),
        failed=state is StratumState.FAILED,
        waived=waived,
    )


@dataclass(frozen=True, slots=True)
class ReturnedShown:
    id: str
    kind: str
    number: int
    path: str
    scan: str
    first_page: int
    faults: tuple[str, ...]
    words: str
    by: str
    rearrange: bool
    rescan: bool
    kept: bool
    reading: str
    failed: str


def returned_shown(
    paper: PaperAt, again: BatchRescan | None, names: Mapping[str, str], catalog: Catalog, words: Words
) -> ReturnedShown:
    """``again``: its last new scan, if there was one: being read, or why it could not take the paper's place."""
    row, component = paper.row, paper.component
    faults = [Fault(one) for one in row.faults] if row else []
    by = words("qc_returned_by", name=who(row.said_by, words, names), when=words.when(row.said_at)) if row else ""
    return ReturnedShown(
        id=component.id,
        kind=words.paper_type(component.paper_type, catalog),
        number=paper.item.number,
        path=paper.item.path,
        scan=component.scan_id,
        first_page=component.first_page,
        faults=tuple(words(f"qc_f_{one.value}") for one in faults),
        words=row.words if row else "",
        by=by,
        rearrange=not REARRANGE.isdisjoint(faults),
        rescan=not RESCAN.isdisjoint(faults),
        kept=component.state in rescans.KEPT,
        reading=_reading(again, names, words),
        failed=_failed(again, words),
    )


def _reading(again: BatchRescan | None, names: Mapping[str, str], words: Words) -> str:
    if again is None or not rescans.is_reading(again):
        return ""
    name = who(again.asked_by, words, names)
    return words("qc_rescan_reading", file=again.scan.filename, name=name, when=words.when(again.asked_at))


def _failed(again: BatchRescan | None, words: Words) -> str:
    code = rescans.failure(again) if again is not None else ""
    if again is None or not code:
        return ""
    known = "qc_rescan_withdrawn" if code == "WITHDRAWN" else ""
    return words(
        "qc_rescan_failed", file=again.scan.filename, why=words(known) if known else ". ".join(words.error(code))
    )


def rescanned_shown(loaded: Loaded, words: Words) -> str:
    """What the paper before was returned for, of one that took its place and that nobody has passed yet."""
    row = loaded.rescan
    if row is None or loaded.paper.standing is Standing.PASSED:
        return ""
    told = [words(f"qc_f_{one}") for one in row.faults] + ([row.words] if row.words else [])
    return ", ".join(told) or words("qc_unknown")


def faults_shown(words: Words) -> list[tuple[int, str, str]]:
    """Key, code and words of each."""
    return [(key, fault.value, words(f"qc_f_{fault.value}")) for key, fault in enumerate(Fault, 1)]


@dataclass(frozen=True, slots=True)
class DeviationShown:
    id: str
    component: str
    page: int
    where: str
    what: str
    score: str
    path: str
    number: int
    state: str
    said: str
    by: str


def deviation_shown(
    record: QualityDeviation, item: BatchItem, names: Mapping[str, str], words: Words
) -> DeviationShown:
    by = ""
    if record.said_by and record.said_at:
        by = f"{who(record.said_by, words, names)}, {words.when(record.said_at)}"
        by += f": {record.words}" if record.words else ""
    component: Component = record.component
    return DeviationShown(
        id=record.id,
        component=component.id,
        page=record.page or 1,
        where=words("qc_page", page=record.page) if record.page else words("qc_whole"),
        what=_what(record, words),
        score="" if record.score is None else decimal(record.score, words),
        path=item.path,
        number=item.number,
        state=record.state,
        said=words(f"qc_dev_{record.state}"),
        by=by,
    )


def _what(record: QualityDeviation, words: Words) -> str:
    if record.what not in set(Measure) or record.value is None or record.usual is None:
        return words.warning(record.what)
    places = 1 if record.what == Measure.ANGLE else 0
    return words(
        f"qc_d_{record.what}",
        value=decimal(record.value, words, places),
        usual=decimal(record.usual, words, places),
    )


def what_said(what: str, words: Words) -> str:
    """The name of a measure or mark, for choosing."""
    return words(f"qc_w_{what}") if what in set(Measure) else words.warning(what)
