"""A served front door, on SQLite and a folder; ``province`` is the same on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.settings import sqlite_url
from tests.digitize_api.api import Api, running_api


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with running_api(tmp_path, sqlite_url(tmp_path)) as served:
        yield served


@pytest.fixture
def province(tmp_path: Path, postgres_url: str) -> Iterator[Api]:
    with running_api(tmp_path, postgres_url) as served:
        yield served
