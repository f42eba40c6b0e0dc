"""A migrated database of each kind, and the smallest world that can have a scan."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from models.agencies import create_agency
from models.database import make_engine, make_session_factory, transaction, upgrade
from models.dossiers import HolderData, create_dossier
from models.entities import Agency, Dossier
from models.settings import FILE_NAME, sqlite_url
from tests.services import PostgresServer


def _migrate(url: str) -> str:
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    _migrate(sqlite_url(folder))
    return folder / FILE_NAME


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> str:
    """The URL of a migrated database, to be copied."""
    return _migrate(postgres_server.create_database())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; for a test that asks for ``engine`` of a copy of one that was migrated once."""
    migrated = "engine" in request.fixturenames
    if request.param == "sqlite":
        if migrated:
            shutil.copyfile(request.getfixturevalue("migrated_sqlite"), tmp_path / FILE_NAME)
        yield sqlite_url(tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database(request.getfixturevalue("migrated_postgres") if migrated else None)
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
