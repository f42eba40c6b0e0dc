"""The outbox: a row says that a task must run; the broker's message is only a doorbell.

Life of a row: *enqueued* in the transaction that makes the work necessary; *claimed* by one worker, which holds a lease and
renews it; *completed*, *released* for another attempt, or *buried* when the attempts are used up. ``due_at`` is when a
sweeper may (re)send the message: at once for a new row, the end of the lease for a claimed one. All of it is conditional
UPDATEs, so that a message delivered twice runs once and a killed worker's row comes back.

Leases are compared by the hosts' clocks; they last minutes, and NTP keeps clocks within seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Update, or_, select, update
from sqlalchemy.orm import Session

from models.database import insert_into
from models.entities import Dispatch, DispatchState, now

ERROR_LENGTH = 500  # of Dispatch.last_error


def enqueue(session: Session, task: str, subject: str, queue: str, scan_id: str | None) -> Dispatch:
    """The row for this task on this subject: a new one, or the one that exists (also when it is done)."""
    statement = insert_into(session, Dispatch).values(task=task, subject=subject, queue=queue, scan_id=scan_id)
    session.execute(statement.on_conflict_do_nothing(index_elements=[Dispatch.task, Dispatch.subject]))
    return session.scalars(select(Dispatch).where(Dispatch.task == task, Dispatch.subject == subject)).one()


def enqueue_all(
    session: Session, task: str, subjects: Sequence[str], queue: str, scan_id: str | None
) -> list[Dispatch]:
    """:func:`enqueue` for many subjects in two statements, in their order: a thousand pages must not hold the write lock long."""
    if not subjects:
        return []
    rows = [{"task": task, "subject": subject, "queue": queue, "scan_id": scan_id} for subject in subjects]
    statement = insert_into(session, Dispatch).values(rows)
    session.execute(statement.on_conflict_do_nothing(index_elements=[Dispatch.task, Dispatch.subject]))
    found = session.scalars(select(Dispatch).where(Dispatch.task == task, Dispatch.subject.in_(subjects)))
    place = {subject: position for position, subject in enumerate(subjects)}
    return sorted(found, key=lambda dispatch: place[dispatch.subject])


def claim(session: Session, dispatch_id: str, owner: str, lease_seconds: float) -> Dispatch | None:
    """Take the row for ``owner`` (unique per run, e.g. the message's id) and count an attempt.

    ``None``: done, dead, unknown, or leased to somebody who still lives. Commit before starting the work.
    """
    at = now()
    statement = (
        update(Dispatch)
        .where(
            Dispatch.id == dispatch_id,
            Dispatch.state == DispatchState.PENDING,
            or_(Dispatch.lease_owner.is_(None), Dispatch.due_at <= at),
        )
        .values(lease_owner=owner, attempts=Dispatch.attempts + 1, due_at=at + timedelta(seconds=lease_seconds))
        .returning(Dispatch)
    )
    return session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()


def renew(session: Session, dispatch_id: str, owner: str, lease_seconds: float) -> bool:
    """Prolong the lease; false when it was lost (another owner, or done): stop working, write nothing more."""
    return _if_owner(session, dispatch_id, owner, due_at=now() + timedelta(seconds=lease_seconds))


def complete(session: Session, dispatch_id: str, owner: str) -> bool:
    """Done, in the transaction that saves the result; false when the lease was lost: roll that transaction back."""
    return _if_owner(session, dispatch_id, owner, state=DispatchState.DONE, done_at=now(), lease_owner=None)


def release(
    session: Session, dispatch_id: str, owner: str, delay_seconds: float, error: str, *, refund: bool = False
) -> bool:
    """Give the row back for another attempt after ``delay_seconds``.

    ``refund``: the attempt doesn't count, since it was not the work that failed but something it depends on.
    """
    values: dict[str, Any] = {"due_at": now() + timedelta(seconds=delay_seconds), "last_error": error[:ERROR_LENGTH]}
    if refund:
        values["attempts"] = Dispatch.attempts - 1
    return _if_owner(session, dispatch_id, owner, lease_owner=None, **values)


def bury(session: Session, dispatch_id: str, error: str) -> bool:
    """No more attempts. False when it was not pending any more."""
    statement = (
        update(Dispatch)
        .where(Dispatch.id == dispatch_id, Dispatch.state == DispatchState.PENDING)
        .values(state=DispatchState.DEAD, done_at=now(), lease_owner=None, last_error=error[:ERROR_LENGTH])
    )
    return _changed(session, statement)


def due(session: Session, limit: int, *, queue: str | None = None) -> list[Dispatch]:
    """Rows to (re)send, oldest first: pending, and nobody's lease covers them.

    On PostgreSQL they stay locked until the transaction ends, and other sweepers skip them; call :func:`postpone` in the same
    transaction, commit, then send (:func:`take_due` does both).
    """
    statement = (
        select(Dispatch)
        .where(Dispatch.state == DispatchState.PENDING, Dispatch.due_at <= now())
        .order_by(Dispatch.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if queue is not None:
        statement = statement.where(Dispatch.queue == queue)
    return list(session.scalars(statement))


def postpone(session: Session, ids: Sequence[str], seconds: float) -> int:
    """Keep sweepers away from rows just sent; how many were still due. A row claimed meanwhile is left alone.

    The dead owner's lease is wiped, so that the message just sent can claim the row.
    """
    at = now()
    statement = (
        update(Dispatch)
        .where(Dispatch.id.in_(ids), Dispatch.state == DispatchState.PENDING, Dispatch.due_at <= at)
        .values(due_at=at + timedelta(seconds=seconds), lease_owner=None)
    )
    return _rows(session, statement)


def take_due(session: Session, limit: int, seconds: float, *, queue: str | None = None) -> list[Dispatch]:
    """:func:`due` and :func:`postpone` in one: the rows are this sweeper's to send once the transaction has committed.

    A crash between commit and sending costs ``seconds``, never the task.
    """
    found = due(session, limit, queue=queue)
    postpone(session, [dispatch.id for dispatch in found], seconds)
    return found


def _if_owner(session: Session, dispatch_id: str, owner: str, **values: Any) -> bool:
    statement = (
        update(Dispatch)
        .where(
            Dispatch.id == dispatch_id,
            Dispatch.state == DispatchState.PENDING,
            Dispatch.lease_owner == owner,
        )
        .values(**values)
    )
    return _changed(session, statement)


def _changed(session: Session, statement: Update) -> bool:
    return _rows(session, statement) == 1


def _rows(session: Session, statement: Update) -> int:
    """Rows an UPDATE changed. RETURNING, since the plain result of an ORM UPDATE has no typed row count."""
    returned = session.scalars(statement.returning(Dispatch.id), execution_options={"synchronize_session": "fetch"})
    return len(returned.all())
