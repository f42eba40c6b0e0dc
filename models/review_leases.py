"""Two officers never hold the same component: a lease that ends by itself and is renewed while its holder's page is open.

Taking, renewing and taking over are one statement, so that of any number who ask at once exactly one has it, on SQLite and on
PostgreSQL. Whoever changes a component asks :func:`demand_free` in the same transaction; the lease's row stays locked until it ends.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, case, delete, or_, select, true
from sqlalchemy.orm import Session

from models import events
from models.database import insert_into
from models.entities import Account, Component, ReviewLease, now
from models.errors import HeldByAnother
from models.local_time import LOCAL

LASTS: Final = timedelta(minutes=3)
"""How long a lease holds without a renewal: pages renew it three times as often; a closed lid frees the paper."""


def take(session: Session, component: Component, actor: str, *, over: bool = False) -> ReviewLease:
    """``actor``'s lease of the component, new or renewed.

    Raises ``HeldByAnother``, unless it is to be taken ``over``: then an event says from whom.
    """
    events.hold_order(session, component.scan_id)
    moment = now()
    before = _held_at(session, component.id, moment) if over else None
    mine = and_(ReviewLease.actor == actor, ReviewLease.until > moment)
    statement = insert_into(session, ReviewLease).values(
        component_id=component.id, actor=actor, since=moment, until=moment + LASTS
    )
    upsert = statement.on_conflict_do_update(
        index_elements=[ReviewLease.component_id],
        set_={"actor": actor, "since": case((mine, ReviewLease.since), else_=moment), "until": moment + LASTS},
        where=true() if over else or_(ReviewLease.actor == actor, ReviewLease.until <= moment),
    ).returning(ReviewLease.component_id)
    taken = session.scalar(upsert) is not None
    lease = session.scalars(
        select(ReviewLease).where(ReviewLease.component_id == component.id),
        execution_options={"populate_existing": True},
    ).one()
    if not taken:
        raise _told(session, lease)
    if before is not None and before != actor:
        data = {"from": before}
        events.record(session, kind="review_taken_over", actor=actor, component=component, data=data)
    return lease


def release(session: Session, component_id: str, actor: str, *, until: datetime | None = None) -> None:
    """End ``actor``'s lease; nobody else's. With ``until`` only if it was not renewed since: another page of theirs may be open."""
    statement = delete(ReviewLease).where(ReviewLease.component_id == component_id, ReviewLease.actor == actor)
    if until is not None:
        statement = statement.where(ReviewLease.until == until)
    session.execute(statement, execution_options={"synchronize_session": False})


def demand_free(session: Session, component_id: str, actor: str) -> None:
    """Raises ``HeldByAnother`` when somebody but ``actor`` holds the component. Until the transaction ends nobody can take it over."""
    statement = select(ReviewLease).where(ReviewLease.component_id == component_id).with_for_update()
    lease = session.scalar(statement, execution_options={"populate_existing": True})
    if lease is not None and lease.actor != actor and lease.until > now():
        raise _told(session, lease)


def held(session: Session, component_ids: Collection[str]) -> dict[str, ReviewLease]:
    """The leases that hold now, of these components."""
    statement = select(ReviewLease).where(ReviewLease.component_id.in_(list(component_ids)), ReviewLease.until > now())
    return {lease.component_id: lease for lease in session.scalars(statement)}


def names_of(session: Session, actors: Collection[str]) -> dict[str, str]:
    """What each officer is called: the account's full name, else its name."""
    names = {actor: actor.partition(":")[2] for actor in actors}
    statement = select(Account.name, Account.full_name).where(Account.name.in_(list(names.values())))
    full = {name: called for name, called in session.execute(statement) if called}
    return {actor: full.get(name, name) for actor, name in names.items()}


def _held_at(session: Session, component_id: str, moment: datetime) -> str | None:
    statement = select(ReviewLease.actor).where(ReviewLease.component_id == component_id, ReviewLease.until > moment)
    return session.scalar(statement.with_for_update())


def _told(session: Session, lease: ReviewLease) -> HeldByAnother:
    name = names_of(session, [lease.actor])[lease.actor]
    since = f"{lease.since.astimezone(LOCAL):%H:%M}"
    vi, en = f"{name} đang giữ giấy tờ này từ {since}.", f"{name} has had this paper since {since}."
    return HeldByAnother(
        [{"code": HeldByAnother.code, "vi": vi, "en": en}], detail="Another officer has the component."
    )
