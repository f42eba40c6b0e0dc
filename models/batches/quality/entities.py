"""Tables of a batch's quality control: its plan, each paper that was looked at, strata and samples, deviations, what people keyed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.entities import Base, Component, new_id, now


class Standing(StrEnum):
    """Of a paper in round 1, as ``models.batches.quality.papers`` tells it from the component and its row here."""

    WAITING = "waiting"
    PASSED = "passed"
    RETURNED = "returned"


class PaperState(StrEnum):
    """What was said last; a component that a person confirmed without these pages has no row, and has passed."""

    PASSED = "passed"
    RETURNED = "returned"
    AGAIN = "again"  # mended, or its stratum failed: to be looked at anew


class StratumState(StrEnum):
    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"  # its papers went back to round 1
    WAIVED = "waived"  # failed, and a leader lets it pass


class FindingState(StrEnum):
    DRAWN = "drawn"
    RIGHT = "right"
    WRONG = "wrong"
    VOID = "void"  # its stratum failed before anybody looked


class DeviationState(StrEnum):
    OPEN = "open"
    FINE = "fine"  # a person has seen it
    RESCAN = "rescan"  # the paper was returned for it
    GONE = "gone"  # no longer unlike its neighbours


class KeyingState(StrEnum):
    OPEN = "open"  # fewer than two have keyed it
    DIFFERS = "differs"  # a third person is to settle it
    SETTLED = "settled"


class QualityPlan(Base):
    """How much of a batch is looked at twice. A batch without a row has the defaults of ``models.batches.quality.plan``, and no seed yet."""

    __tablename__ = "quality_plan"
    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    seed: Mapped[str] = mapped_column(String(64))
    sample_share: Mapped[float] = mapped_column(Float)  # 0..1
    error_limit: Mapped[float] = mapped_column(Float)  # 0..1
    keyed_fields: Mapped[list[str]] = mapped_column(default=list)
    keying_share: Mapped[float] = mapped_column(Float)  # 0..1
    drawn_at: Mapped[datetime | None]  # the last time
    looked_at: Mapped[datetime | None]  # for deviations, the last time
    changed_at: Mapped[datetime] = mapped_column(default=now)
    changed_by: Mapped[str] = mapped_column(String(110))


class QualityStratum(Base):
    """Papers of one checker, one scanning operator and one band of doubt, and what their sample says of them."""

    __tablename__ = "quality_stratum"
    __table_args__ = (Index("ix_quality_stratum_batch_id_state", "batch_id", "state"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    checker: Mapped[str] = mapped_column(String(110))  # of round 1; "" where no log tells
    scanner: Mapped[str] = mapped_column(String(110))  # account, station or command that posted it
    band: Mapped[str] = mapped_column(String(10))  # of doubt: models.rules.sampling.BANDS
    papers: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=StratumState.OPEN)
    drawn_at: Mapped[datetime] = mapped_column(default=now)
    failed_at: Mapped[datetime | None]
    waived_by: Mapped[str | None] = mapped_column(String(110))
    waived_at: Mapped[datetime | None]
    waive_reason: Mapped[str] = mapped_column(String(300), default="")


class QualityPaper(Base):
    """What was said last of a paper in round 1, by whom, of which version of it. ``sent_back_id``: the failed stratum that it came back from."""

    __tablename__ = "quality_paper"
    __table_args__ = (Index("ix_quality_paper_batch_id_state", "batch_id", "state"),)
    component_id: Mapped[str] = mapped_column(ForeignKey("component.id", ondelete="CASCADE"), primary_key=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    faults: Mapped[list[str]] = mapped_column(default=list)  # models.rules.faults
    words: Mapped[str] = mapped_column(String(300), default="")
    said_by: Mapped[str] = mapped_column(String(110))
    said_at: Mapped[datetime] = mapped_column(default=now)
    checked_by: Mapped[str | None] = mapped_column(String(110))  # who passed it last
    checked_at: Mapped[datetime | None]
    stratum_id: Mapped[str | None] = mapped_column(ForeignKey("quality_stratum.id"), index=True)
    sent_back_id: Mapped[str | None] = mapped_column(ForeignKey("quality_stratum.id"), index=True)
    component: Mapped[Component] = relationship(lazy="raise")


class QualityFinding(Base):
    """A paper of a stratum's sample, and what round 2 found. Kept also when the paper goes back to round 1.

    ``component_id``: ``None`` of one that was scanned again since: what was found of it stays in the sample's figures.
    """

    __tablename__ = "quality_finding"
    __table_args__ = (
        UniqueConstraint("component_id", "stratum_id", name="uq_quality_finding_component_id_stratum_id"),
        Index("ix_quality_finding_batch_id_state", "batch_id", "state"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    component_id: Mapped[str | None] = mapped_column(ForeignKey("component.id", ondelete="SET NULL"))
    stratum_id: Mapped[str] = mapped_column(ForeignKey("quality_stratum.id"), index=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    rank: Mapped[str] = mapped_column(String(64))  # in which the sample was drawn and is looked at
    drawn_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[str] = mapped_column(String(10), default=FindingState.DRAWN)
    faults: Mapped[list[str]] = mapped_column(default=list)
    critical: Mapped[bool] = mapped_column(Boolean, default=False)
    words: Mapped[str] = mapped_column(String(300), default="")
    checked_by: Mapped[str | None] = mapped_column(String(110))
    checked_at: Mapped[datetime | None]


class QualityDeviation(Base):
    """A page (``page`` from 1 within the paper; 0: the paper) unlike its neighbours, or marked at the first look, and what a person said of it.

    ``what``: a measure of ``models.rules.deviations``, or a warning's code, which has no numbers.
    """

    __tablename__ = "quality_deviation"
    __table_args__ = (
        UniqueConstraint("component_id", "page", "what", name="uq_quality_deviation_component_id_page_what"),
        Index("ix_quality_deviation_batch_id_state", "batch_id", "state"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    component_id: Mapped[str] = mapped_column(ForeignKey("component.id", ondelete="CASCADE"))
    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    item_number: Mapped[int]
    page: Mapped[int]
    what: Mapped[str] = mapped_column(String(30))
    value: Mapped[float | None] = mapped_column(Float)
    usual: Mapped[float | None] = mapped_column(Float)
    score: Mapped[float | None] = mapped_column(Float)
    state: Mapped[str] = mapped_column(String(10), default=DeviationState.OPEN)
    found_at: Mapped[datetime] = mapped_column(default=now)
    words: Mapped[str] = mapped_column(String(300), default="")
    said_by: Mapped[str | None] = mapped_column(String(110))
    said_at: Mapped[datetime | None]
    component: Mapped[Component] = relationship(lazy="raise")


class QualityKeying(Base):
    """One field of one paper that two people key blind. ``read``: what the machine had read (``None``: nothing).

    ``agreed``: whether the two did, ``machine_right``: whether what was settled is what was read; ``None`` while that is not known, or can't be.
    """

    __tablename__ = "quality_keying"
    __table_args__ = (
        UniqueConstraint("component_id", "field", name="uq_quality_keying_component_id_field"),
        Index("ix_quality_keying_batch_id_state", "batch_id", "state"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    component_id: Mapped[str] = mapped_column(ForeignKey("component.id", ondelete="CASCADE"))
    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    field: Mapped[str] = mapped_column(String(60))
    read: Mapped[str | None] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(10), default=KeyingState.OPEN)
    answer: Mapped[str | None] = mapped_column(String(10))  # of a settled one: models.rules.keying.Answer
    value: Mapped[str | None] = mapped_column(String(1000))
    agreed: Mapped[bool | None] = mapped_column(Boolean)
    machine_right: Mapped[bool | None] = mapped_column(Boolean)
    made_at: Mapped[datetime] = mapped_column(default=now)
    settled_at: Mapped[datetime | None]
    entries: Mapped[list[QualityEntry]] = relationship(
        back_populates="keying", order_by="QualityEntry.place", lazy="raise"
    )
    component: Mapped[Component] = relationship(lazy="raise")


class QualityEntry(Base):
    """What one person keyed; ``place`` 1 and 2 blind, 3 settles. Nobody has two of one field. ``was_right``: of a blind one, once the field is settled."""

    __tablename__ = "quality_entry"
    __table_args__ = (
        UniqueConstraint("keying_id", "place", name="uq_quality_entry_keying_id_place"),
        UniqueConstraint("keying_id", "actor", name="uq_quality_entry_keying_id_actor"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    keying_id: Mapped[str] = mapped_column(ForeignKey("quality_keying.id", ondelete="CASCADE"))
    place: Mapped[int]
    answer: Mapped[str] = mapped_column(String(10))
    value: Mapped[str | None] = mapped_column(String(1000))
    was_right: Mapped[bool | None] = mapped_column(Boolean)
    actor: Mapped[str] = mapped_column(String(110))
    at: Mapped[datetime] = mapped_column(default=now)
    keying: Mapped[QualityKeying] = relationship(back_populates="entries", lazy="raise")
