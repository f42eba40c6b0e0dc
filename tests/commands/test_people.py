from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from commands.main import build_app
from models.accounts import authenticate_account
from models.database import make_engine, make_session_factory, reading
from models.entities import Account
from models.settings import sqlite_url
from models.stations import authenticate_station

PASSWORD = "mật khẩu dài 1"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DIGITIZE_DB_URL", raising=False)
    monkeypatch.setenv("DIGITIZE_DATA", str(tmp_path))
    return tmp_path


def call(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(build_app(), list(words), input=stdin)


def test_the_first_people_are_added_before_the_first_start(data: Path) -> None:
    assert call("agency", "add", "H56.14", "UBND phường Ví Dụ").exit_code == 0
    account = ("account", "add", "can.bo", "--role", "clerk", "--agency", "H56.14", "--password-stdin")
    assert call(*account, stdin=f"{PASSWORD}\n").exit_code == 0
    added = call("station", "add", "quay-1", "--agency", "H56.14")
    assert added.exit_code == 0
    renewed = call("station", "key", "quay-1")
    engine = make_engine(sqlite_url(data))
    with reading(make_session_factory(engine)) as session:
        assert authenticate_account(session, "can.bo", PASSWORD) is not None
        assert session.scalars(select(Account)).one().password_hash.startswith("$argon2id$")
        assert authenticate_station(session, added.stdout.splitlines()[0]) is None  # the old key ended
        assert authenticate_station(session, renewed.stdout.splitlines()[0]) is not None
    engine.dispose()


def test_a_password_is_asked_for_twice_and_changed(data: Path) -> None:
    call("agency", "add", "H56.14", "UBND")
    asked = call("account", "add", "a", "--role", "admin", "--agency", "H56.14", stdin=f"{PASSWORD}\n{PASSWORD}\n")
    assert asked.exit_code == 0
    assert PASSWORD not in asked.output
    assert call("account", "password", "a", "--password-stdin", stdin="một mật khẩu khác\n").exit_code == 0
    engine = make_engine(sqlite_url(data))
    with reading(make_session_factory(engine)) as session:
        assert authenticate_account(session, "a", "một mật khẩu khác") is not None
    engine.dispose()


@pytest.mark.parametrize(
    "words",
    [
        ("station", "add", "quay-1", "--agency", "H99"),
        ("station", "key", "nobody"),
        ("account", "password", "nobody", "--password-stdin"),
        ("account", "add", "a", "--role", "clerk", "--agency", "H56.14", "--password-stdin"),  # too short
        ("agency", "add", "H56.14", "again"),
        ("account", "add", "a", "--role", "station", "--agency", "H56.14"),
    ],
)
def test_what_is_asked_in_vain_is_wrong_usage(data: Path, words: tuple[str, ...]) -> None:
    call("agency", "add", "H56.14", "UBND")
    result = call(*words, stdin="short\n")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
