from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy.orm import Session, sessionmaker

from models import accounts, agencies, stations
from models.credentials import digest, hash_password, verify_password
from models.database import reading, transaction
from models.entities import Account, Agency, LoginSession, Role, Station
from models.errors import Conflict, NotFound

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "một mật khẩu dài"


@pytest.fixture
def account(factory: sessionmaker[Session], agency: Agency) -> Account:
    with transaction(factory) as session:
        return accounts.create_account(session, agency=agency, name="lan", password=PASSWORD, role=Role.CLERK)


def test_passwords_are_argon2id_and_salted() -> None:
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)
    assert first.startswith("$argon2id$")
    assert first != second
    assert verify_password(first, PASSWORD)
    assert not verify_password(first, PASSWORD + "x")
    assert not verify_password(None, PASSWORD)
    assert not verify_password("no hash", PASSWORD)
    with pytest.raises(ValueError, match="10 characters"):
        hash_password("short")


def test_a_password_costs_whoever_guesses_it() -> None:
    """As a process of ours hashes; the tests' own hashes are cheap ones."""
    code = f"from models.credentials import hash_password; print(hash_password({PASSWORD!r}))"
    made = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert extract_parameters(made.stdout.strip()) == RFC_9106_LOW_MEMORY


def test_signing_in(factory: sessionmaker[Session], account: Account) -> None:
    with reading(factory) as session:
        found = accounts.authenticate_account(session, "lan", PASSWORD)
        assert found is not None
        assert found.agency.code == "H56.14"
        assert accounts.authenticate_account(session, "lan", "sai mật khẩu") is None
        assert accounts.authenticate_account(session, "nobody", PASSWORD) is None
    with transaction(factory) as session:
        session.get_one(Account, account.id).active = False
    with reading(factory) as session:
        assert accounts.authenticate_account(session, "lan", PASSWORD) is None


def test_a_name_is_taken_once(factory: sessionmaker[Session], agency: Agency, account: Account) -> None:
    with transaction(factory) as session:
        with pytest.raises(Conflict, match="lan"):
            accounts.create_account(session, agency=agency, name="lan", password=PASSWORD, role=Role.ADMIN)
        with pytest.raises(ValueError, match="machine"):
            accounts.create_account(session, agency=agency, name="x", password=PASSWORD, role=Role.STATION)


def test_a_login_lives_its_hours(factory: sessionmaker[Session], account: Account) -> None:
    with transaction(factory) as session:
        login = accounts.create_login(session, account)
        expired = accounts.create_login(session, account, hours=-1)
        assert login.session.token_sha256 == digest(login.token)
        assert login.session.csrf_token not in {login.token, ""}
    with reading(factory) as session:
        found = accounts.find_login(session, login.token)
        assert found is not None
        assert (found[0].csrf_token, found[1].agency.code) == (login.session.csrf_token, "H56.14")
        assert accounts.find_login(session, expired.token) is None
        assert accounts.find_login(session, "made up") is None
    with transaction(factory) as session:
        accounts.remove_expired_logins(session)
        assert session.get(LoginSession, digest(expired.token)) is None
        accounts.end_login(session, login.token)
        accounts.end_login(session, login.token)
        assert accounts.find_login(session, login.token) is None


def test_a_new_password_ends_old_logins(factory: sessionmaker[Session], account: Account) -> None:
    with transaction(factory) as session:
        login = accounts.create_login(session, account)
    with transaction(factory) as session:
        accounts.set_password(session, session.get_one(Account, account.id), "mật khẩu mới hơn")
    with reading(factory) as session:
        assert accounts.find_login(session, login.token) is None
        assert accounts.authenticate_account(session, "lan", "mật khẩu mới hơn") is not None


def test_stations_are_known_by_their_key(factory: sessionmaker[Session], agency: Agency) -> None:
    with transaction(factory) as session:
        station, key = stations.create_station(session, agency=agency, name="quầy 1")
        with pytest.raises(Conflict):
            stations.create_station(session, agency=agency, name="quầy 1")
    assert key not in {station.key_sha256, station.id}
    with reading(factory) as session:
        found = stations.authenticate_station(session, key)
        assert found is not None
        assert (found.name, found.agency.code) == ("quầy 1", "H56.14")
        assert stations.authenticate_station(session, key + "x") is None
        assert stations.authenticate_station(session, station.key_sha256) is None
    with transaction(factory) as session:
        new_key = stations.replace_key(session, "quầy 1")
        with pytest.raises(NotFound):
            stations.replace_key(session, "quầy 9")
    with transaction(factory) as session:
        assert stations.authenticate_station(session, key) is None
        assert stations.authenticate_station(session, new_key) is not None
        session.get_one(Station, station.id).active = False
        session.flush()
        assert stations.authenticate_station(session, new_key) is None


def test_being_seen_is_noted_once_a_minute(factory: sessionmaker[Session], agency: Agency) -> None:
    with transaction(factory) as session:
        station, _ = stations.create_station(session, agency=agency, name="quầy 1")
    seen = []
    for _ in range(2):
        with transaction(factory) as session:
            stations.mark_seen(session, station.id)
        with reading(factory) as session:
            seen.append(session.get_one(Station, station.id).last_seen_at)
    assert seen[0] is not None
    assert seen[0] == seen[1]


def test_agencies(factory: sessionmaker[Session], agency: Agency) -> None:
    with transaction(factory) as session:
        with pytest.raises(Conflict):
            agencies.create_agency(session, code="H56.14", name="again")
        with pytest.raises(NotFound):
            agencies.find_agency(session, "H99")
        assert agencies.ensure_agency(session, code="H56.14", name="x").id == agency.id
        assert agencies.ensure_agency(session, code="H99", name="x", parent=agency).parent_id == agency.id
