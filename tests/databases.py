"""Migrated databases to begin with: all migrations take longer than most tests, so each process runs them once and copies what they made."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from models.database import make_engine, upgrade
from models.settings import FILE_NAME, sqlite_url


def migrate(url: str) -> str:
    """The same URL, its schema at the newest revision."""
    engine = make_engine(url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()
    return url


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        migrate(sqlite_url(Path(folder)))
        return (Path(folder) / FILE_NAME).read_bytes()


def migrated_sqlite(folder: Path) -> str:
    """The URL of the SQLite database of a data folder; a file that is there stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / FILE_NAME).exists():
        (folder / FILE_NAME).write_bytes(_migrated())
    return sqlite_url(folder)
