"""A served front door, on SQLite and a folder; ``province`` is the same on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from models import credentials
from models.settings import sqlite_url
from tests.digitize_api.api import Api, running_api


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
