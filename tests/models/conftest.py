"""A migrated database of each kind, and the smallest world that can have a scan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from models.agencies import create_agency
from models.database import make_engine, make_session_factory, transaction
from models.dossiers import HolderData, create_dossier
from models.entities import Agency, Dossier
from models.settings import sqlite_url
from tests.databases import migrated_sqlite
from tests.services import PostgresServer


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; for a test that asks for ``engine`` of one with our tables."""
    migrated = "engine" in request.fixturenames
    if request.param == "sqlite":
        yield migrated_sqlite(tmp_path) if migrated else sqlite_url(tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_migrated() if migrated else server.create_database()
    yield url
    server.drop_database(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def factory(engine: Engine) -> sessionmaker[Session]:
    return make_session_factory(engine)


@pytest.fixture
def agency(factory: sessionmaker[Session]) -> Agency:
    with transaction(factory) as session:
        return create_agency(session, code="H56.14", name="UBND xã Mẫu")


@pytest.fixture
def dossier(factory: sessionmaker[Session], agency: Agency) -> Dossier:
    holder = HolderData(id_number="079200000123", name="Nguyễn Thị Mẫu")
    with transaction(factory) as session:
        return create_dossier(session, agency=agency, title="Đăng ký khai sinh", holder=holder)
