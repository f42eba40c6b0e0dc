"""Stored papers on chosen days for tests of reports and inventories, without pipeline or review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from models import warehouse
from models.catalog import default_catalog
from models.entities import Agency, Component, ComponentState, Dossier, Result, new_id
from models.local_time import LOCAL
from tests.models.papers import scan_of

NOON = time(12)
MARRIAGE = "giay_chung_nhan_ket_hon"


def at(day: date, clock: time = NOON) -> datetime:
    """That moment at the counter."""
    return datetime.combine(day, clock, LOCAL).astimezone(UTC)


def open_dossier(session: Session, agency: Agency, moment: datetime, **values: Any) -> Dossier:
    dossier = Dossier(code=f"{agency.code}-{new_id()[:12]}", agency_id=agency.id, created_at=moment, **values)
    session.add(dossier)
    session.flush()
    return dossier


@dataclass(frozen=True)
class Paper:
    """``number``, ``issued_on``, ``holder``: as the paper says them."""

    kind: str = MARRIAGE
    number: str = ""
    issued_on: date | None = None
    holder: str = ""
    slot: str | None = None


def store(session: Session, dossier: Dossier, paper: Paper, moment: datetime, *, queue: str = "counter") -> Result:
    """The paper in the warehouse, its scan received at that moment."""
    scan = scan_of(session, dossier, queue=queue, created_at=moment)
    fields: dict[str, Any] = {"number": {"value": paper.number}} if paper.number else {}
    if paper.issued_on:
        fields["issued_on"] = {"value": paper.issued_on.isoformat()}
    if paper.holder:
        fields["holder_id"] = {"value": paper.holder}
    component = Component(
        scan_id=scan.id,
        dossier_id=dossier.id,
        agency_id=dossier.agency_id,
        position=1,
        first_page=1,
        last_page=1,
        paper_type=paper.kind,
        fields=fields,
        slot=paper.slot,
        state=ComponentState.STORED,
        code=new_id(),
    )
    session.add(component)
    session.flush()
    return warehouse.keep(session, component, dossier, default_catalog())
