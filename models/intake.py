"""Accepting a scan: what the front door and a folder import must do the same way."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import events, outbox, withdrawals
from models.database import insert_into
from models.entities import Dossier, Scan, ScanState, new_id
from models.errors import IdempotencyConflict

# As in workers.names; models imports no workers.
INSPECT_TASK, ARRANGE_TASK = "digitize.inspect_scan", "digitize.arrange_scan"
PAGES_QUEUE, BACKSCAN_QUEUE = "pages", "backscan"


@dataclass(frozen=True, slots=True)
class Accepted:
    """``dispatch_id``: the message to send once the transaction has committed, of ``task``; ``None`` when the scan was there already."""

    scan: Scan
    created: bool
    dispatch_id: str | None
    task: str = INSPECT_TASK
    queue: str = ""


def accept_scan(
    session: Session,
    *,
    dossier: Dossier,
    actor: str,
    idempotency_key: str | None,
    filename: str,
    media_type: str,
    size: int,
    sha256: str,
    original_key: str,
    queue: str,
) -> Accepted:
    """Scan, first event and outbox row, in the caller's transaction; once committed, the work can't be lost.

    The same bytes in the same dossier, or the same idempotency key with the same bytes, give the existing scan. Raises
    ``IdempotencyConflict`` when the key came with other bytes or another dossier. Two requests that race meet at the unique
    constraints: the later one waits for the earlier one's commit and reads its row.
    """
    scan_id = new_id()
    statement = insert_into(session, Scan).values(
        id=scan_id,
        dossier_id=dossier.id,
        agency_id=dossier.agency_id,
        actor=actor,
        idempotency_key=idempotency_key,
        filename=filename[:255],
        media_type=media_type,
        bytes=size,
        sha256=sha256,
        original_key=original_key,
        queue=queue,
    )
    inserted = session.scalar(statement.on_conflict_do_nothing().returning(Scan.id))
    if inserted is None:
        found = _existing(session, dossier, actor, idempotency_key, sha256)
        if found.state != ScanState.WITHDRAWN:
            return Accepted(found, created=False, dispatch_id=None)
        return put_back(session, found, actor)
    scan = session.get_one(Scan, inserted)
    if queue == BACKSCAN_QUEUE:
        dossier.backscan = True
    events.record(session, kind="state", actor=actor, scan=scan, data={"state": ScanState.RECEIVED.value})
    dispatch = outbox.enqueue(session, INSPECT_TASK, scan.id, queue, scan.id)
    return Accepted(scan, created=True, dispatch_id=dispatch.id, queue=queue)


def put_back(session: Session, scan: Scan, actor: str) -> Accepted:
    """A scan that was taken out is in its dossier again; its papers are made anew. ``Conflict`` for one that is not out."""
    return to_be_arranged(session, scan, withdrawals.restore(session, scan, actor=actor))


def to_be_arranged(session: Session, scan: Scan, serial: int | None) -> Accepted:
    """The task that does arrangement ``serial`` of the scan, in the caller's transaction; none for ``None``."""
    if serial is None:
        return Accepted(scan, created=False, dispatch_id=None)
    queue = scan.queue if scan.queue == BACKSCAN_QUEUE else PAGES_QUEUE
    row = outbox.enqueue(session, ARRANGE_TASK, f"{scan.id}/{serial}", queue, scan.id)
    return Accepted(scan, created=False, dispatch_id=row.id, task=ARRANGE_TASK, queue=queue)


def _existing(session: Session, dossier: Dossier, actor: str, key: str | None, sha256: str) -> Scan:
    if key is not None:
        by_key = session.scalar(select(Scan).where(Scan.actor == actor, Scan.idempotency_key == key))
        if by_key is not None:
            if by_key.sha256 != sha256 or by_key.dossier_id != dossier.id:
                raise IdempotencyConflict
            return by_key
    return session.scalars(select(Scan).where(Scan.dossier_id == dossier.id, Scan.sha256 == sha256)).one()
