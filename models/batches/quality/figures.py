"""How far a batch's quality control is, for the overview, the command and the API."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.batches.entities import Batch, BatchItem, BatchPaper
from models.batches.quality import deviations, keying, papers, plan, sample
from models.batches.quality.entities import (
    DeviationState,
    KeyingState,
    QualityFinding,
    QualityPaper,
    QualityStratum,
    Standing,
    StratumState,
)
from models.batches.quality.keying import KeyingFigures
from models.batches.quality.plan import Plan
from models.entities import Component
from models.rules.error_rates import ErrorRate, error_rate

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class StratumFigures:
    stratum: QualityStratum
    drawn: int
    looked: int
    rate: ErrorRate


@dataclass(frozen=True, slots=True)
class Overview:
    """``rate``: papers with a critical fault among those that round 2 looked at, of every stratum that was not sent back.

    ``undrawn``: papers that have passed round 1 since the last draw.
    """

    plan: Plan
    seed: str
    drawn_at: datetime | None
    looked_at: datetime | None
    papers: int
    round1: dict[Standing, int]
    drawn: int
    looked: int
    undrawn: int
    rate: ErrorRate
    strata: tuple[StratumFigures, ...]
    deviations: dict[DeviationState, int]
    keying: dict[KeyingState, int]
    keyed: KeyingFigures


def overview(session: Session, batch: Batch) -> Overview:
    """Of a batch that its reader was let in to."""
    row = plan.row_of(session, batch.id)
    round1 = papers.counts(session, batch.id)
    strata = sample.strata_of(session, batch.id)
    counted = sample.counted(session, [one.id for one in strata])
    each = tuple(
        StratumFigures(one, drawn, looked, error_rate(wrong, looked))
        for one in strata
        for drawn, looked, wrong in (counted[one.id],)
    )
    standing = [one for one in each if one.stratum.state != StratumState.FAILED]
    undrawn = papers.of_batch(batch.id, Component.id).where(
        papers.standing() == Standing.PASSED.value, QualityPaper.stratum_id.is_(None)
    )
    return Overview(
        plan=Plan.of(row),
        seed=row.seed if row else "",
        drawn_at=row.drawn_at if row else None,
        looked_at=row.looked_at if row else None,
        papers=sum(round1.values()),
        round1=round1,
        drawn=sum(one.drawn for one in standing),
        looked=sum(one.looked for one in standing),
        undrawn=session.scalars(select(func.count()).select_from(undrawn.subquery())).one(),
        rate=error_rate(sum(one.rate.wrong for one in standing), sum(one.looked for one in standing)),
        strata=each,
        deviations=deviations.counts(session, batch.id),
        keying=keying.left_for(session, batch.id),
        keyed=keying.figures(session, batch.id),
    )


COLUMNS: Final = (
    ("number", "STT tệp"),
    ("path", "Tệp"),
    ("key", "Mã kiểm kê"),
    ("paper", "Giấy tờ"),
    ("type", "Loại"),
    ("standing", "Vòng 1"),
    ("checked_by", "Người kiểm vòng 1"),
    ("checked_at", "Lúc"),
    ("faults", "Lý do trả lại"),
    ("words", "Ghi chú"),
    ("stratum", "Nhóm mẫu"),
    ("round2", "Vòng 2"),
    ("round2_faults", "Lỗi vòng 2"),
    ("critical", "Lỗi nghiêm trọng"),
    ("round2_by", "Người kiểm vòng 2"),
    ("round2_at", "Lúc kiểm vòng 2"),
)
"""Of the report: the key, the header in CSV."""


def rows(
    session: Session, batch_id: str, *, after: tuple[int, int] | None, limit: int = AT_ONCE
) -> list[dict[str, Any]]:
    """Papers by the keys of ``COLUMNS``, in order, behind the (item number, position) ``after``; that of each is in ``place``."""
    statement = papers.of_batch(
        batch_id, BatchItem, Component, papers.standing(), QualityPaper, BatchPaper.key, QualityStratum, QualityFinding
    )
    statement = (
        statement.outerjoin(BatchPaper, BatchPaper.component_id == Component.id)
        .outerjoin(QualityStratum, QualityStratum.id == QualityPaper.stratum_id)
        .outerjoin(
            QualityFinding,
            (QualityFinding.component_id == Component.id) & (QualityFinding.stratum_id == QualityPaper.stratum_id),
        )
    )
    if after is not None:
        number, position = after
        statement = statement.where(
            (BatchItem.number > number) | ((BatchItem.number == number) & (Component.position > position))
        )
    return [_row(tuple(found)) for found in session.execute(papers.in_order(statement).limit(limit))]


def _row(found: Sequence[Any]) -> dict[str, Any]:
    item: BatchItem = found[0]
    component: Component = found[1]
    row: QualityPaper | None = found[3]
    stratum: QualityStratum | None = found[5]
    finding: QualityFinding | None = found[6]
    returned = found[2] == Standing.RETURNED
    return {
        "place": (item.number, component.position),
        "number": item.number,
        "path": item.path,
        "key": found[4] or item.key,
        "paper": component.id,
        "type": component.paper_type,
        "standing": found[2],
        "checked_by": row.checked_by if row else None,
        "checked_at": row.checked_at if row else None,
        "faults": row.faults if row and returned else [],
        "words": row.words if row and returned else "",
        "stratum": f"{stratum.checker} · {stratum.scanner} · {stratum.band}" if stratum else None,
        "round2": finding.state if finding else None,
        "round2_faults": finding.faults if finding else [],
        "critical": finding.critical if finding else None,
        "round2_by": finding.checked_by if finding else None,
        "round2_at": finding.checked_at if finding else None,
    }


def each_row(session: Session, batch_id: str) -> Iterator[dict[str, Any]]:
    """Every paper's row in one reading session."""
    place: tuple[int, int] | None = None
    while found := rows(session, batch_id, after=place):
        yield from found
        place = found[-1]["place"]
