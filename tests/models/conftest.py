"""A migrated database of each kind, and the smallest world that can have a scan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from models.agencies import create_agency
from models.database import make_engine, make_session_factory, transaction, upgrade
from models.dossiers import HolderData, create_dossier
from models.entities import Agency, Dossier
from models.settings import sqlite_url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    upgrade(made)
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
