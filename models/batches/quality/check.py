"""What people say of a batch's papers: returned with reasons, mended, passed once more. Confirming a paper for the first time is ``models.lifecycle``'s."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy.orm import Session

from models import corrections, events, review_leases
from models.batches.entities import Batch
from models.batches.quality import papers
from models.batches.quality.entities import PaperState, QualityPaper, Standing
from models.batches.quality.papers import CONFIRMED, PaperAt
from models.entities import Component
from models.errors import Conflict, InvalidRequest
from models.rules.faults import Fault

MAX_WORDS: Final = 300


def load_free(session: Session, batch: Batch, component_id: str, actor: str, version: int | None = None) -> PaperAt:
    """The paper, ours until the transaction ends. ``NotFound``; ``HeldByAnother``; ``Conflict`` when it is at another version."""
    found = papers.load(session, batch.id, component_id)
    events.hold_order(session, found.component.scan_id)
    review_leases.demand_free(session, component_id, actor)
    corrections.lock(session, found.component)
    found = papers.load(session, batch.id, component_id)
    if version is not None and found.component.version != version:
        raise Conflict(f"The component is at version {found.component.version}, not {version}.")
    return found


def tidy(words: str) -> str:
    return " ".join(words.split())[:MAX_WORDS]


def in_key_order(faults: Collection[Fault]) -> list[str]:
    return [fault.value for fault in Fault if fault in faults]


def send_back(
    session: Session, batch: Batch, paper: PaperAt, faults: Collection[Fault], words: str, *, actor: str
) -> QualityPaper:
    """Return the paper, to be mended; the same again is the same as once. ``InvalidRequest`` without a reason."""
    if not faults:
        raise InvalidRequest("a paper is returned with at least one reason")
    told, words = in_key_order(faults), tidy(words)
    row = paper.row
    same = paper.standing is Standing.RETURNED and row is not None and (row.faults, row.words) == (told, words)
    if same and row is not None and row.said_by == actor:
        return row
    row = papers.say(session, paper.component, batch.id, PaperState.RETURNED, actor, faults=told, words=words)
    _told(session, batch, paper.component, actor, "returned", faults=told, words=words)
    return row


def pass_again(session: Session, batch: Batch, paper: PaperAt, *, actor: str) -> QualityPaper:
    """A paper that is confirmed already is right after all. ``Conflict`` for one that no person has confirmed: that is a step of its own."""
    if paper.component.state not in CONFIRMED:
        raise Conflict("the paper is to be confirmed first")
    if paper.standing is Standing.PASSED and paper.row is not None:
        return paper.row
    row = papers.say(session, paper.component, batch.id, PaperState.PASSED, actor)
    _told(session, batch, paper.component, actor, "passed")
    return row


def mended(session: Session, batch: Batch, paper: PaperAt, *, actor: str) -> None:
    """What it was returned for is put right: it is looked at again. Of a paper that is not returned: nothing."""
    if paper.standing is not Standing.RETURNED or paper.row is None:
        return
    row = paper.row
    papers.say(session, paper.component, batch.id, PaperState.AGAIN, actor, faults=row.faults, words=row.words)
    _told(session, batch, paper.component, actor, "mended")


def _told(
    session: Session,
    batch: Batch,
    component: Component,
    actor: str,
    did: str,
    *,
    faults: Collection[str] = (),
    words: str = "",
) -> None:
    data = {"batch": batch.id, "round": 1, "did": did, "faults": list(faults), "reason": words}
    events.record(session, kind="quality_checked", actor=actor, component=component, data=data)
