"""Quality control as it looks from outside. No ids of holders; what people keyed is shown to nobody who has still to key it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from digitize_api.components.schemas import FieldName
from digitize_api.quality.service import Check, Deviations, Keying, Loaded, Seen, Work
from models.batches.entities import BatchRescan, RescanState
from models.batches.quality import keying, rescans
from models.batches.quality.entities import (
    DeviationState,
    KeyingState,
    QualityDeviation,
    QualityEntry,
    QualityKeying,
    QualityStratum,
    Standing,
)
from models.batches.quality.figures import StratumFigures
from models.batches.quality.keying import FieldFigures, PersonFigures, Settled
from models.batches.quality.papers import PaperAt
from models.batches.quality.plan import MOST_FIELDS, Plan
from models.errors import InvalidRequest
from models.rules.error_rates import ErrorRate
from models.rules.faults import Fault
from models.rules.keying import MAX_VALUE, Answer, Keyed, keyed

Share = Annotated[float, Field(ge=0, le=1)]
Words = Annotated[str, Field(max_length=300)]


class PlanIn(BaseModel):
    """What is left out keeps its value."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"sample_share": 0.3, "keyed_fields": ["number", "issued_on"]}]},
    )
    sample_share: Share | None = Field(default=None, description="of the papers that have passed round 1")
    error_limit: Share | None = Field(
        default=None, description="critical papers of a stratum's sample above which the stratum goes back"
    )
    keyed_fields: Annotated[list[FieldName], Field(max_length=MOST_FIELDS)] | None = None
    keying_share: Share | None = Field(default=None, description="of the papers whose chosen fields two people key")

    def given(self) -> dict[str, Any]:
        """Those that were told."""
        return {name: value for name in self.model_fields_set if (value := getattr(self, name)) is not None}


class QualityPlanOut(BaseModel):
    sample_share: float
    error_limit: float
    keyed_fields: list[str]
    keying_share: float

    @staticmethod
    def of(plan: Plan) -> QualityPlanOut:
        return QualityPlanOut(
            sample_share=plan.sample_share,
            error_limit=plan.error_limit,
            keyed_fields=list(plan.keyed_fields),
            keying_share=plan.keying_share,
        )


class RateOut(BaseModel):
    """``low``, ``high``: Wilson's 95 % interval (1927)."""

    wrong: int
    looked: int
    share: float | None = Field(description="null while nothing was looked at")
    low: float
    high: float

    @staticmethod
    def of(rate: ErrorRate) -> RateOut:
        share = None if rate.share is None else round(float(rate.share), 6)
        return RateOut(
            wrong=rate.wrong, looked=rate.looked, share=share, low=round(rate.low, 6), high=round(rate.high, 6)
        )


class StratumOut(BaseModel):
    """Papers of one checker, one scanning operator and one band of doubt (high: below 0.5, middle: below 0.8, low)."""

    id: str
    checker: str
    scanner: str
    doubt: str
    papers: int
    drawn: int
    rate: RateOut
    state: str = Field(description="open | passed | failed | waived")
    failed_at: datetime | None
    waived_by: str | None
    waive_reason: str

    @staticmethod
    def of(one: StratumFigures) -> StratumOut:
        stratum = one.stratum
        return StratumOut(
            id=stratum.id,
            checker=stratum.checker,
            scanner=stratum.scanner,
            doubt=stratum.band,
            papers=stratum.papers,
            drawn=one.drawn,
            rate=RateOut.of(one.rate),
            state=stratum.state,
            failed_at=stratum.failed_at,
            waived_by=stratum.waived_by,
            waive_reason=stratum.waive_reason,
        )


class FieldFiguresOut(BaseModel):
    """``machine_right`` of ``machine_judged``: settled fields that the machine had read the same."""

    field: str
    asked: int
    keyed: int = Field(description="by two")
    agreed: int = Field(description="at once")
    settled: int
    differs: int = Field(description="waiting for a third person")
    unreadable: int
    machine_judged: int
    machine_right: int

    @staticmethod
    def of(one: FieldFigures) -> FieldFiguresOut:
        return FieldFiguresOut(
            field=one.field,
            asked=one.asked,
            keyed=one.keyed,
            agreed=one.agreed,
            settled=one.settled,
            differs=one.differs,
            unreadable=one.unreadable,
            machine_judged=one.machine_judged,
            machine_right=one.machine_right,
        )


class PersonFiguresOut(BaseModel):
    """``right`` of ``judged``: what they keyed blind and was settled so. Your own; everybody's for whoever runs batches."""

    person: str
    keyed: int
    judged: int
    right: int
    settled: int

    @staticmethod
    def of(one: PersonFigures) -> PersonFiguresOut:
        return PersonFiguresOut(
            person=one.actor, keyed=one.keyed, judged=one.judged, right=one.right, settled=one.settled
        )


class QualityOut(BaseModel):
    """``round1``: papers by standing. ``strata``: those you checked; all for whoever runs batches."""

    batch: str
    plan: QualityPlanOut
    papers: int
    round1: dict[Standing, int]
    drawn: int
    undrawn: int = Field(description="passed round 1 since the last draw")
    seed: str = Field(description="of the draws; empty before the first")
    drawn_at: datetime | None
    rate: RateOut
    strata: list[StratumOut]
    deviations: dict[DeviationState, int]
    keying: dict[KeyingState, int]
    fields: list[FieldFiguresOut]
    people: list[PersonFiguresOut]

    @staticmethod
    def of(seen: Seen) -> QualityOut:
        found = seen.overview
        return QualityOut(
            batch=seen.batch.id,
            plan=QualityPlanOut.of(found.plan),
            papers=found.papers,
            round1=found.round1,
            drawn=found.drawn,
            undrawn=found.undrawn,
            seed=found.seed,
            drawn_at=found.drawn_at,
            rate=RateOut.of(found.rate),
            strata=[StratumOut.of(one) for one in found.strata],
            deviations=found.deviations,
            keying=found.keying,
            fields=[FieldFiguresOut.of(one) for one in found.keyed.fields],
            people=[PersonFiguresOut.of(one) for one in found.keyed.people],
        )


class DrawnOut(BaseModel):
    papers: int
    strata: int
    drawn: int
    new: int = Field(description="by this draw")
    seed: str


class WaiverIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class WaiverOut(BaseModel):
    id: str
    state: str
    waived_by: str | None
    waive_reason: str

    @staticmethod
    def of(stratum: QualityStratum) -> WaiverOut:
        return WaiverOut(
            id=stratum.id, state=stratum.state, waived_by=stratum.waived_by, waive_reason=stratum.waive_reason
        )


class NextIn(BaseModel):
    """``after``: the paper you come from; your lease of it ends."""

    model_config = ConfigDict(extra="forbid")
    work: Work
    after: Annotated[str, Field(max_length=60)] = ""


class NextOut(BaseModel):
    """``component``: held for you; null when nothing is left for you to do."""

    component: str | None
    links: dict[str, str]

    @staticmethod
    def of(batch_id: str, component_id: str | None) -> NextOut:
        base = f"/api/v1/batches/{batch_id}/quality/papers/{component_id}"
        links = {
            "check": f"{base}/check",
            "keying": f"{base}/keying",
            "component": f"/api/v1/components/{component_id}",
        }
        return NextOut(component=component_id, links=links if component_id else {})


class CheckIn(BaseModel):
    """``return`` takes at least one fault, ``accept`` none."""

    model_config = ConfigDict(extra="forbid")
    round: Literal[1, 2]
    version: Annotated[int, Field(ge=1)]
    verdict: Literal["accept", "return"]
    faults: Annotated[list[Fault], Field(max_length=len(Fault))] = []
    words: Words = ""

    def check(self) -> Check:
        """``InvalidRequest`` for a verdict that its faults contradict."""
        if (self.verdict == "return") != bool(self.faults):
            raise InvalidRequest("return names at least one fault, accept none")
        return Check(self.round, self.version, frozenset(self.faults), self.words)


class CheckedOut(BaseModel):
    """A paper of the batch and how it stands. ``round2``: of a drawn one."""

    component: str
    item: int
    path: str
    key: str | None
    version: int
    standing: Standing
    faults: list[Fault]
    words: str
    round2: str | None = Field(description="drawn | right | wrong; null: not drawn")

    @staticmethod
    def of(loaded: Loaded) -> CheckedOut:
        return CheckedOut._of(loaded.paper, loaded.finding.state if loaded.finding else None)

    @staticmethod
    def _of(paper: PaperAt, round2: str | None) -> CheckedOut:
        stands = paper.row if paper.standing is Standing.RETURNED else None
        return CheckedOut(
            component=paper.component.id,
            item=paper.item.number,
            path=paper.item.path,
            key=paper.item.key,
            version=paper.component.version,
            standing=paper.standing,
            faults=[Fault(one) for one in stands.faults] if stands else [],
            words=stands.words if stands else "",
            round2=round2,
        )

    @staticmethod
    def returned(paper: PaperAt) -> CheckedOut:
        """One of the list of those that are returned."""
        return CheckedOut._of(paper, None)


class ReturnedOut(BaseModel):
    papers: list[CheckedOut]


class RescanOut(BaseModel):
    """A new scan of a returned paper. It takes the paper's place when it is read; until then, and where it can't be, the paper stands as it stood."""

    id: str
    component: str = Field(
        description="the paper that was returned; nobody's any more once the new scan has taken its place"
    )
    scan: str
    filename: str
    state: Literal["reading", "done", "failed"]
    reason: str | None = Field(description="of one that failed: a code of docs/errors.md", examples=["CORRUPT_FILE"])
    faults: list[Fault] = Field(description="what the paper was returned for")
    words: str
    asked_by: str
    asked_at: datetime
    links: dict[str, str]

    @staticmethod
    def of(row: BatchRescan) -> RescanOut:
        failure = rescans.failure(row)
        base = f"/api/v1/scans/{row.scan_id}"
        return RescanOut(
            id=row.id,
            component=row.component_id,
            scan=row.scan_id,
            filename=row.scan.filename,
            state="failed" if failure else "done" if row.state == RescanState.DONE else "reading",
            reason=failure or None,
            faults=[Fault(one) for one in row.faults],
            words=row.words,
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            links={"scan": base, "events": f"{base}/events"},
        )


class DeviationOut(BaseModel):
    """``page``: from 1 within the paper; 0: the paper itself. ``what``: angle (degrees), short_side and long_side (mm), pages, or a warning's code."""

    id: str
    component: str
    item: int
    path: str
    page: int
    what: str
    value: float | None
    usual: float | None = Field(description="median of its neighbours")
    score: float | None = Field(description="modified z-score, from 3.5 on")
    state: DeviationState
    words: str
    said_by: str | None
    said_at: datetime | None
    links: dict[str, str]

    @staticmethod
    def of(one: QualityDeviation, path: str) -> DeviationOut:
        return DeviationOut(
            id=one.id,
            component=one.component_id,
            item=one.item_number,
            path=path,
            page=one.page,
            what=one.what,
            value=one.value,
            usual=one.usual,
            score=one.score,
            state=DeviationState(one.state),
            words=one.words,
            said_by=one.said_by,
            said_at=one.said_at,
            links={"image": f"/api/v1/components/{one.component_id}/pages/{one.page or 1}.jpg"},
        )


class DeviationsOut(BaseModel):
    total: int
    counts: dict[DeviationState, int]
    deviations: list[DeviationOut]

    @staticmethod
    def of(found: Deviations) -> DeviationsOut:
        shown = [DeviationOut.of(one, item.path) for one, item in found.records]
        return DeviationsOut(total=found.total, counts=dict(found.counts), deviations=shown)


class FoundOut(BaseModel):
    open: int
    new: int
    gone: int = Field(description="no longer unlike their neighbours")


class DeviationIn(BaseModel):
    """``rescan`` returns the paper for it; ``open`` takes a decision back."""

    model_config = ConfigDict(extra="forbid")
    decision: Literal[DeviationState.FINE, DeviationState.RESCAN, DeviationState.OPEN]
    words: Words = ""


class AnswerIn(BaseModel):
    """``value`` as people write it (``31/12/2025``, ``15/QĐ-UBND``), of the answer ``value`` alone."""

    model_config = ConfigDict(extra="forbid")
    answer: Answer = Answer.VALUE
    value: Annotated[str, Field(max_length=MAX_VALUE)] | None = None


class KeyIn(BaseModel):
    """By field."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"answers": {"number": {"value": "15/QĐ-UBND"}, "issued_on": {"answer": "unreadable"}}}]
        },
    )
    answers: Annotated[dict[FieldName, AnswerIn], Field(min_length=1, max_length=MOST_FIELDS)]

    @field_validator("answers")
    @classmethod
    def _values(cls, answers: dict[str, AnswerIn]) -> dict[str, AnswerIn]:
        for name, one in answers.items():
            if (one.answer is Answer.VALUE) != bool((one.value or "").strip()):
                raise ValueError(f"{name}: a value, or unreadable or absent without one")
        return answers

    def keyed(self) -> dict[str, Keyed]:
        """``InvalidRequest`` for what is no value of its field."""
        found: dict[str, Keyed] = {}
        for name, one in self.answers.items():
            try:
                found[name] = keyed(name, one.value or "") if one.answer is Answer.VALUE else Keyed(one.answer)
            except ValueError as error:
                raise InvalidRequest(f"{name}: {error}") from error
        return found


class AnswerOut(BaseModel):
    answer: Answer
    value: str | None

    @staticmethod
    def of(entry: QualityEntry) -> AnswerOut:
        return AnswerOut(answer=Answer(entry.answer), value=entry.value)


class FieldKeyingOut(BaseModel):
    """``may``: what you may do now. ``readings``: what two people keyed, for a third who settles alone."""

    field: str
    state: KeyingState
    may: Literal["key", "settle"] | None
    own: AnswerOut | None
    readings: list[AnswerOut]

    @staticmethod
    def of(one: QualityKeying, actor: str) -> FieldKeyingOut:
        mine, settles = keying.own(one, actor), keying.may_settle(one, actor)
        return FieldKeyingOut(
            field=one.field,
            state=KeyingState(one.state),
            may="key" if keying.may_key(one, actor) else "settle" if settles else None,
            own=AnswerOut.of(mine) if mine else None,
            readings=[AnswerOut.of(entry) for entry in one.entries] if settles else [],
        )


class KeyingOut(BaseModel):
    component: str
    fields: list[FieldKeyingOut]

    @staticmethod
    def of(found: Keying, actor: str) -> KeyingOut:
        fields = [FieldKeyingOut.of(one, actor) for one in found.fields]
        return KeyingOut(component=found.paper.component.id, fields=fields)


class KeyedOut(BaseModel):
    """``settled``: fields that are settled by this; ``differ``: those that wait for a third person."""

    settled: list[str]
    differ: list[str]
    changed: bool = Field(description="whether the component's fields did")

    @staticmethod
    def of(done: Settled) -> KeyedOut:
        return KeyedOut(settled=list(done.settled), differ=list(done.differ), changed=done.changed)
