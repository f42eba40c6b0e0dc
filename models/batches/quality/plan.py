"""How much of a batch is looked at twice, and by which seed: made when a leader says it, or with the first draw or look for odd pages."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import Any, Final

from sqlalchemy.orm import Session

from models import events
from models.batches.entities import Batch
from models.batches.quality.entities import QualityPlan
from models.catalog import Catalog
from models.entities import now
from models.errors import InvalidRequest
from models.fields import FIELD_NAMES

MOST_FIELDS: Final = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """Shares are 0..1. ``keyed_fields``: names of fields that two people key; none: nobody keys. ``InvalidRequest`` for what can't be."""

    sample_share: float = 0.3
    error_limit: float = 0.02
    keyed_fields: tuple[str, ...] = ()
    keying_share: float = 1.0

    def __post_init__(self) -> None:
        for name in ("sample_share", "error_limit", "keying_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise InvalidRequest(f"{name}: between 0 and 1")
        if len(self.keyed_fields) > MOST_FIELDS or len(set(self.keyed_fields)) < len(self.keyed_fields):
            raise InvalidRequest(f"keyed_fields: {MOST_FIELDS} at most, each once")

    @staticmethod
    def of(row: QualityPlan | None) -> Plan:
        if row is None:
            return Plan()
        return Plan(row.sample_share, row.error_limit, tuple(row.keyed_fields), row.keying_share)


def fraction(share: float) -> Fraction:
    """``0.3`` as three tenths, which the float is not."""
    return Fraction(str(share))


def row_of(session: Session, batch_id: str) -> QualityPlan | None:
    return session.get(QualityPlan, batch_id, populate_existing=True)


def ensure(session: Session, batch: Batch, *, actor: str) -> QualityPlan:
    """The batch's row, made with the defaults and a seed of its own. The caller holds the batch."""
    row = row_of(session, batch.id)
    if row is None:
        row = QualityPlan(
            batch_id=batch.id,
            agency_id=batch.agency_id,
            seed=secrets.token_hex(16),
            changed_by=actor,
            **_columns(Plan()),
        )
        session.add(row)
        session.flush()
    return row


def change(session: Session, batch: Batch, told: Mapping[str, Any], catalog: Catalog, *, actor: str) -> QualityPlan:
    """Other settings from now on, by their names in ``Plan``; what was drawn stays drawn. ``InvalidRequest``. The caller holds the batch."""
    row = ensure(session, batch, actor=actor)
    if unknown := sorted(told.keys() - {field.name for field in fields(Plan)}):
        raise InvalidRequest(f"the plan has no {unknown[0]}")
    known = known_fields(catalog)
    wanted = tuple(told.get("keyed_fields", row.keyed_fields))
    if strange := sorted(set(wanted) - known):
        raise InvalidRequest(f"keyed_fields: there is no field {strange[0]}")
    plan = Plan(**{**asdict(Plan.of(row)), **told, "keyed_fields": wanted})
    if plan == Plan.of(row):
        return row
    for name, value in _columns(plan).items():
        setattr(row, name, value)
    row.changed_at, row.changed_by = now(), actor
    session.flush()
    data = {"id": batch.id, "name": batch.name, **_columns(plan)}
    events.record(session, kind="quality_planned", actor=actor, agency_id=batch.agency_id, data=data)
    return row


def known_fields(catalog: Catalog) -> frozenset[str]:
    """Of Điều 9, and of any type of paper."""
    return frozenset(FIELD_NAMES) | {field.name for paper in catalog.paper_types.values() for field in paper.fields}


def _columns(plan: Plan) -> dict[str, Any]:
    return {**asdict(plan), "keyed_fields": list(plan.keyed_fields)}
