"""Scanner stations and calling services, known by a key."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from models.credentials import digest, new_secret
from models.database import insert_into
from models.entities import Agency, Station, now
from models.errors import Conflict, NotFound

SEEN_EVERY = timedelta(minutes=1)  # last_seen_at is no log; a write per request would only queue at SQLite's lock


def create_station(session: Session, *, agency: Agency, name: str) -> tuple[Station, str]:
    """A new station and its key, which is shown this once; only its SHA-256 is kept. ``Conflict`` when the name is taken."""
    key = new_secret()
    statement = insert_into(session, Station).values(agency_id=agency.id, name=name, key_sha256=digest(key))
    created = session.scalar(statement.on_conflict_do_nothing().returning(Station.id))
    if created is None:
        raise Conflict(f"a station named {name} exists")
    return session.get_one(Station, created), key


def replace_key(session: Session, name: str) -> str:
    """A new key for a station whose key was lost, leaked or revoked; the old one ends. ``NotFound``."""
    key = new_secret()
    values = {"key_sha256": digest(key), "active": True}
    statement = update(Station).where(Station.name == name).values(**values).returning(Station.id)
    if session.scalar(statement) is None:
        raise NotFound(f"no station is named {name}")
    return key


def authenticate_station(session: Session, key: str) -> Station | None:
    """The active station of this key, with its agency. Reads only; see :func:`mark_seen`."""
    statement = select(Station).where(Station.key_sha256 == digest(key), Station.active)
    return session.scalar(statement.options(joinedload(Station.agency)))


def mark_seen(session: Session, station_id: str) -> None:
    """Note that the station was heard, at most once in ``SEEN_EVERY``."""
    stale = or_(Station.last_seen_at.is_(None), Station.last_seen_at < now() - SEEN_EVERY)
    session.execute(update(Station).where(Station.id == station_id, stale).values(last_seen_at=now()))
