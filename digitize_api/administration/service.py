"""What an administrator does with accounts and stations, within the agencies reached; each change is an event."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.problems import FieldError, FieldsInvalid
from models import administration
from models.entities import Account, Agency, LoginSession, Role, Station
from models.errors import Conflict
from models.scopes import visible
from models.vietnamese import nfc

PEOPLE = (Role.CLERK, Role.SUPERVISOR, Role.ADMIN)
MOST = 100


@dataclass(frozen=True, slots=True)
class People:
    accounts: list[Account]
    logins: dict[str, LoginSession]
    agencies: list[Agency]


@dataclass(frozen=True, slots=True)
class Stations:
    stations: list[Station]
    agencies: list[Agency]


def people(context: Context, principal: Principal) -> People:
    with context.reading() as session:
        found = administration.list_accounts(session, principal.agency_ids)
        logins = administration.last_logins(session, [account.id for account in found])
        return People(found, logins, administration.list_agencies(session, principal.agency_ids))


def stations(context: Context, principal: Principal) -> Stations:
    with context.reading() as session:
        return Stations(
            administration.list_stations(session, principal.agency_ids),
            administration.list_agencies(session, principal.agency_ids),
        )


def create_account(
    context: Context, principal: Principal, *, name: str, full_name: str, role: str, agency: str
) -> tuple[str, str]:
    """The account's name and its first password. ``FieldsInvalid``; ``Conflict`` when the name is taken."""
    named = _name(name, "name")
    wanted = _role(role)
    password = administration.new_password()
    with context.transaction() as session:
        account = administration.create_account(
            session,
            agency=_agency(session, principal, agency),
            name=named,
            password=password,
            role=wanted,
            full_name=" ".join(nfc(full_name).split())[:MOST],
            actor=principal.actor,
        )
        return account.name, password


def reset_password(context: Context, principal: Principal, account_id: str) -> tuple[str, str]:
    """The account's name and its new password; its sessions end. ``NotFound``; ``Conflict`` for one's own."""
    password = administration.new_password()
    with context.transaction() as session:
        account = _other(session, principal, account_id)
        administration.set_password(session, account, password, actor=principal.actor)
        return account.name, password


def set_active(context: Context, principal: Principal, account_id: str, *, active: bool) -> None:
    """``NotFound``; ``Conflict`` for one's own, so that an agency does not lock its last administrator out."""
    with context.transaction() as session:
        account = _other(session, principal, account_id)
        administration.set_active(session, account, active=active, actor=principal.actor)


def set_role(context: Context, principal: Principal, account_id: str, role: str) -> None:
    """``NotFound``, ``FieldsInvalid``; ``Conflict`` for one's own, so that an agency does not lose its last administrator."""
    with context.transaction() as session:
        account = _other(session, principal, account_id)
        administration.set_role(session, account, _role(role), actor=principal.actor)


def create_station(context: Context, principal: Principal, *, name: str, agency: str) -> tuple[str, str]:
    """The station's name and its key. ``FieldsInvalid``; ``Conflict`` when the name is taken."""
    named = _name(name, "name")
    with context.transaction() as session:
        where = _agency(session, principal, agency)
        station, key = administration.create_station(session, agency=where, name=named, actor=principal.actor)
        return station.name, key


def replace_key(context: Context, principal: Principal, station_id: str) -> tuple[str, str]:
    """The station's name and its new key. ``NotFound``."""
    with context.transaction() as session:
        station = administration.find_station(session, station_id, principal.agency_ids)
        return station.name, administration.replace_key(session, station, actor=principal.actor)


def revoke_key(context: Context, principal: Principal, station_id: str) -> None:
    """``NotFound``."""
    with context.transaction() as session:
        station = administration.find_station(session, station_id, principal.agency_ids)
        administration.revoke_key(session, station, actor=principal.actor)


def _other(session: Session, principal: Principal, account_id: str) -> Account:
    account = administration.find_account(session, account_id, principal.agency_ids)
    if f"account:{account.name}" == principal.actor:
        raise Conflict(
            "nobody closes the account they are signed in with, gives it another role, or resets its password here"
        )
    return account


def _role(role: str) -> Role:
    if role not in {one.value for one in PEOPLE}:
        raise FieldsInvalid(FieldError(field="role", message="Chọn vai trò. / Choose a role."))
    return Role(role)


def _agency(session: Session, principal: Principal, code: str) -> Agency:
    agency = session.scalar(visible(select(Agency).where(Agency.code == code), principal.agency_ids))
    if agency is None:
        raise FieldsInvalid(FieldError(field="agency", message="Không có cơ quan này. / There is no such agency."))
    return agency


def _name(text: str, field: str) -> str:
    """As people type it to sign in: no spaces within, no colon (events write ``account:<name>``)."""
    name = nfc(text).strip()
    if not 2 <= len(name) <= MOST or ":" in name or any(char.isspace() or not char.isprintable() for char in name):
        raise FieldsInvalid(
            FieldError(field=field, message="Từ 2 đến 100 ký tự, không có dấu cách. / 2 to 100 characters, no spaces.")
        )
    return name
