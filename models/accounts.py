"""People who sign in, and their browser sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from models.credentials import digest, hash_password, new_secret, verify_password
from models.database import insert_into
from models.entities import Account, Agency, LoginSession, Role, now
from models.errors import Conflict

SESSION_HOURS = 10.0  # a working day at the counter


@dataclass(frozen=True, slots=True)
class Login:
    """``token`` goes into the cookie and is nowhere else; ``session.csrf_token`` into the forms."""

    token: str
    session: LoginSession


def create_account(
    session: Session, *, agency: Agency, name: str, password: str, role: Role, full_name: str = ""
) -> Account:
    """A new account. ``Conflict`` when the name is taken, ``ValueError`` for a short password or a machine's role."""
    if role is Role.STATION:
        raise ValueError("a station is a machine; use models.stations")
    statement = insert_into(session, Account).values(
        agency_id=agency.id, name=name, full_name=full_name, role=role, password_hash=hash_password(password)
    )
    created = session.scalar(statement.on_conflict_do_nothing().returning(Account.id))
    if created is None:
        raise Conflict(f"an account named {name} exists")
    return session.get_one(Account, created)


def set_password(session: Session, account: Account, password: str) -> None:
    """A new password; it ends every session of the account."""
    account.password_hash = hash_password(password)
    end_logins(session, account)


def end_logins(session: Session, account: Account) -> None:
    """Sign the account out everywhere."""
    session.execute(delete(LoginSession).where(LoginSession.account_id == account.id))


def names_of(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """Full names of the accounts among those that events call ``account:<name>``, by that."""
    asked = {actor.removeprefix("account:") for actor in actors if actor.startswith("account:")}
    found = session.execute(select(Account.name, Account.full_name).where(Account.name.in_(asked)))
    return {f"account:{name}": full_name for name, full_name in found if full_name}


def authenticate_account(session: Session, name: str, password: str) -> Account | None:
    """The active account that name and password fit, with its agency. Slow on purpose: call it in a reading session."""
    account = session.scalar(select(Account).where(Account.name == name).options(joinedload(Account.agency)))
    fits = verify_password(account.password_hash if account else None, password)
    return account if account is not None and fits and account.active else None


def create_login(session: Session, account: Account, *, hours: float = SESSION_HOURS) -> Login:
    """Sign the account in; old sessions of everybody are swept out on the way."""
    remove_expired_logins(session)
    token = new_secret()
    login = LoginSession(
        token_sha256=digest(token),
        account_id=account.id,
        csrf_token=new_secret(),
        expires_at=now() + timedelta(hours=hours),
    )
    session.add(login)
    session.flush()
    return Login(token, login)


def find_login(session: Session, token: str) -> tuple[LoginSession, Account] | None:
    """The unexpired session of a cookie and its active account, with its agency."""
    statement = (
        select(LoginSession, Account)
        .join(Account, Account.id == LoginSession.account_id)
        .where(LoginSession.token_sha256 == digest(token), LoginSession.expires_at > now(), Account.active)
        .options(joinedload(Account.agency))
    )
    row = session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def end_login(session: Session, token: str) -> None:
    """Sign out; no error when it is gone."""
    session.execute(delete(LoginSession).where(LoginSession.token_sha256 == digest(token)))


def remove_expired_logins(session: Session) -> None:
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= now()))
