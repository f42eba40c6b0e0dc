"""Accounts and stations, made, closed and given new secrets; each change is an event of the agency it belongs to.

The command line and the pages do it here, so that neither forgets the record. A secret is returned once and kept only as its hash.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import accounts, events, stations
from models.entities import Account, Agency, LoginSession, Role, Station
from models.errors import NotFound
from models.scopes import visible

COMMAND = "command"
"""The actor of what is done on the server's command line."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another one when read from paper


def new_password() -> str:
    """Random, to be typed from a slip of paper: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def list_accounts(session: Session, agency_ids: Collection[str]) -> list[Account]:
    """By agency and name, with the agency; those that are closed too."""
    statement = visible(select(Account), agency_ids).join(Agency, Agency.id == Account.agency_id)
    statement = statement.options(joinedload(Account.agency)).order_by(Agency.code, Account.name)
    return list(session.scalars(statement))


def list_stations(session: Session, agency_ids: Collection[str]) -> list[Station]:
    """By agency and name, with the agency; those whose key was revoked too."""
    statement = visible(select(Station), agency_ids).join(Agency, Agency.id == Station.agency_id)
    statement = statement.options(joinedload(Station.agency)).order_by(Agency.code, Station.name)
    return list(session.scalars(statement))


def list_agencies(session: Session, agency_ids: Collection[str]) -> list[Agency]:
    """By code."""
    return list(session.scalars(visible(select(Agency), agency_ids).order_by(Agency.code)))


def find_account(session: Session, account_id: str, agency_ids: Collection[str]) -> Account:
    """``NotFound`` also outside the agencies."""
    account = session.scalar(visible(select(Account).where(Account.id == account_id), agency_ids))
    if account is None:
        raise NotFound("no such account")
    return account


def find_station(session: Session, station_id: str, agency_ids: Collection[str]) -> Station:
    """``NotFound`` also outside the agencies."""
    station = session.scalar(visible(select(Station).where(Station.id == station_id), agency_ids))
    if station is None:
        raise NotFound("no such station")
    return station


def create_account(
    session: Session, *, agency: Agency, name: str, password: str, role: Role, full_name: str = "", actor: str
) -> Account:
    """``Conflict`` when the name is taken, ``ValueError`` for a short password or a machine's role."""
    account = accounts.create_account(
        session, agency=agency, name=name, password=password, role=role, full_name=full_name
    )
    _note(session, "account_created", account, actor, role=role.value)
    return account


def set_password(session: Session, account: Account, password: str, *, actor: str) -> None:
    """It ends every session of the account. ``ValueError`` for a short one."""
    accounts.set_password(session, account, password)
    _note(session, "password_reset", account, actor)


def set_active(session: Session, account: Account, *, active: bool, actor: str) -> bool:
    """Close the account (its sessions end at once) or open it again; false when it is so already."""
    if account.active == active:
        return False
    account.active = active
    if not active:
        accounts.end_logins(session, account)
    _note(session, "account_enabled" if active else "account_disabled", account, actor)
    return True


def set_role(session: Session, account: Account, role: Role, *, actor: str) -> bool:
    """What the account may do from its next request on; false when it is so already. ``ValueError`` for a machine's role."""
    if role is Role.STATION:
        raise ValueError("a person has no machine's role")
    if account.role == role:
        return False
    before, account.role = account.role, role.value
    _note(session, "role_changed", account, actor, before=before, role=role.value)
    return True


def create_station(session: Session, *, agency: Agency, name: str, actor: str) -> tuple[Station, str]:
    """The station and its key. ``Conflict`` when the name is taken."""
    station, key = stations.create_station(session, agency=agency, name=name)
    _note(session, "station_created", station, actor)
    return station, key


def replace_key(session: Session, station: Station, *, actor: str) -> str:
    """A new key; the old one ends, and a station whose key was revoked works again."""
    key = stations.replace_key(session, station.name)
    _note(session, "station_key", station, actor)
    return key


def revoke_key(session: Session, station: Station, *, actor: str) -> bool:
    """The station's key is worth nothing from now on; false when it was revoked before."""
    if not station.active:
        return False
    station.active = False
    _note(session, "station_revoked", station, actor)
    return True


def last_logins(session: Session, account_ids: Collection[str]) -> dict[str, LoginSession]:
    """The newest session of each account that has one now."""
    statement = select(LoginSession).where(LoginSession.account_id.in_(list(account_ids)))
    return {login.account_id: login for login in session.scalars(statement.order_by(LoginSession.created_at))}


def _note(session: Session, kind: str, about: Account | Station, actor: str, **more: str) -> None:
    session.flush()
    events.record(session, kind=kind, actor=actor, agency_id=about.agency_id, data={"name": about.name, **more})
