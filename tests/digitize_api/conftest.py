"""A served front door, on SQLite and a folder; ``province`` is the same on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from models import credentials
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


@pytest.fixture(scope="package", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Argon2id in a fraction of a millisecond: its cost is for whoever guesses, and half of what a test that signs in would take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        credentials._decoy.cache_clear()
        yield
    credentials._decoy.cache_clear()


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with running_api(tmp_path, sqlite_url(tmp_path)) as served:
        yield served


@pytest.fixture
def province(tmp_path: Path, postgres_url: str) -> Iterator[Api]:
    with running_api(tmp_path, postgres_url) as served:
        yield served
