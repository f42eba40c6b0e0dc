"""How a dossier ended: its day (ngày kết thúc) and what it ended with. The ratios of results are of finished dossiers (R34)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import events
from models.catalog import Catalog
from models.entities import Component, Dossier, ResultForm, Scan, now
from models.errors import Conflict
from models.local_time import local_day
from models.paper_facts import paper_of


def conclude(session: Session, dossier: Dossier, *, on: date, form: ResultForm, actor: str) -> bool:
    """The dossier ended on that day; false when it was said before. Said otherwise, the last word counts.

    ``Conflict`` for a day before its receipt or after today.
    """
    session.refresh(dossier, attribute_names=["finished_on", "result_form", "created_at"], with_for_update=True)
    if not local_day(dossier.created_at) <= on <= local_day():
        raise Conflict("a dossier ends between its receipt and today")
    if (dossier.finished_on, dossier.result_form) == (on, form):
        return False
    before = (
        {"finished_on": dossier.finished_on.isoformat(), "form": dossier.result_form} if dossier.finished_on else {}
    )
    dossier.finished_on, dossier.result_form = on, form
    data = {"finished_on": on.isoformat(), "form": form.value, "before": before}
    events.record(session, kind="concluded", actor=actor, dossier=dossier, data=data)
    return True


def reopen(session: Session, dossier: Dossier, *, actor: str) -> bool:
    """It has not ended after all; false when nobody had said that it had."""
    session.refresh(dossier, attribute_names=["finished_on", "result_form"], with_for_update=True)
    if dossier.finished_on is None:
        return False
    data: dict[str, Any] = {"before": _said(dossier)}
    dossier.finished_on = dossier.result_form = None
    events.record(session, kind="reopened", actor=actor, dossier=dossier, data=data)
    return True


def _said(dossier: Dossier) -> dict[str, str | None] | None:
    """What stood before, for the log (R33)."""
    if dossier.finished_on is None:
        return None
    return {"finished_on": dossier.finished_on.isoformat(), "form": dossier.result_form}


def conclude_by_hand_over(session: Session, component: Component, catalog: Catalog, *, actor: str) -> None:
    """The result of a dossier that is in hand was handed to its holder: with that the dossier ends, unless it is said otherwise."""
    dossier = session.get_one(Dossier, component.dossier_id)
    paper = paper_of(component, catalog)
    if dossier.finished_on is not None or paper is None or not paper.is_result:
        return
    procedure = catalog.procedure(dossier.procedure, local_day(dossier.created_at)) if dossier.procedure else None
    if procedure is not None and paper.id not in procedure.results:
        return
    signed = session.get_one(Scan, component.scan_id).signatures
    issued_so = bool(signed) and all(one.get("intact") and one.get("valid") for one in signed or ())
    form = ResultForm.ELECTRONIC if issued_so else ResultForm.PAPER
    dossier.finished_on, dossier.result_form = local_day(now()), form
    data = {"finished_on": dossier.finished_on.isoformat(), "form": form.value}
    events.record(session, kind="concluded", actor=actor, dossier=dossier, data=data)
