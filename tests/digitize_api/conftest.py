"""A served front door, on SQLite and a folder; ``province`` is the same on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import make_engine, upgrade
from models.settings import FILE_NAME, sqlite_url
from tests.digitize_api import api as api_module
from tests.digitize_api.api import Api, running_api


@pytest.fixture(scope="session", autouse=True)
def migrated(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Migrate one SQLite file; every test's database begins as its copy."""
    folder = tmp_path_factory.mktemp("migrated")
    engine = make_engine(sqlite_url(folder))
    upgrade(engine)
    engine.dispose()
    api_module.MIGRATED = folder / FILE_NAME


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with running_api(tmp_path, sqlite_url(tmp_path)) as served:
        yield served


@pytest.fixture
def province(tmp_path: Path, postgres_url: str) -> Iterator[Api]:
    with running_api(tmp_path, postgres_url) as served:
        yield served
