"""Which originals to hash again today, and which are missing: the store knows what it has, the database what it should."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from models.database import reading
from models.entities import Scan
from storage.fixity import FixityReport, check, verify
from storage.keys import ORIGINALS, sha256_of
from storage.objects import ObjectMissing, ObjectStore

PREFIXES = tuple(f"{value:02x}" for value in range(256))


def prefixes_of_day(day: date, period_days: int) -> list[str]:
    """The two-digit prefixes to check on ``day``, so that within ``period_days`` days every one has its turn."""
    turn = day.toordinal() % period_days
    return [prefix for position, prefix in enumerate(PREFIXES) if position % period_days == turn]


def expected_keys(sessions: sessionmaker[Session], prefix: str) -> list[str]:
    """The originals under this prefix that scans name."""
    with reading(sessions) as session:
        statement = select(Scan.original_key).where(Scan.original_key.startswith(f"{ORIGINALS}{prefix}/")).distinct()
        return list(session.scalars(statement))


def check_prefix(store: ObjectStore, prefix: str, expected: Iterable[str]) -> Iterator[FixityReport]:
    """One report for each original under ``prefix`` (two hex digits), and for each of ``expected`` that isn't there."""
    seen: set[str] = set()
    for report in verify(store, f"{ORIGINALS}{prefix}/"):
        seen.add(report.key)
        yield report
    for key in sorted(set(expected) - seen):
        try:
            yield check(store, store.stat(key))  # it came while we looked
        except ObjectMissing:
            yield FixityReport(key, 0, sha256_of(key) or "", "", "missing")
