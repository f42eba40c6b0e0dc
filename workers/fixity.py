"""Are the originals still the bytes that were received? Their key is their hash, so the store alone can tell."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from models.database import reading
from models.entities import Scan
from storage.objects import ChecksumMismatch, ObjectMissing, ObjectStore

CHUNK = 1 << 20
PREFIXES = tuple(f"{value:02x}" for value in range(256))


class Problem(StrEnum):
    CHANGED = "changed"  # other bytes under the key than its hash says
    MISSING = "missing"  # a scan names it, the store doesn't have it


@dataclass(frozen=True, slots=True)
class Finding:
    key: str
    problem: Problem


def prefixes_of_day(day: date, period_days: int) -> list[str]:
    """The two-digit prefixes to check on ``day``, so that within ``period_days`` days every one has its turn."""
    return [prefix for position, prefix in enumerate(PREFIXES) if position % period_days == day.toordinal() % period_days]


def check_object(store: ObjectStore, key: str) -> Finding | None:
    """Read one original and hash it. ``StoreUnavailable`` passes through: not being able to look is no finding."""
    try:
        with store.open(key) as stream:
            same = _sha256(stream) == key.rpartition("/")[2]
    except ObjectMissing:
        return Finding(key, Problem.MISSING)
    except ChecksumMismatch:
        same = False
    return None if same else Finding(key, Problem.CHANGED)


def expected_keys(sessions: sessionmaker[Session], prefix: str) -> list[str]:
    """The originals under this prefix that scans name."""
    with reading(sessions) as session:
        statement = select(Scan.original_key).where(Scan.original_key.startswith(f"originals/{prefix}/")).distinct()
        return list(session.scalars(statement))


def check_prefix(store: ObjectStore, prefix: str, expected: Iterable[str]) -> Iterator[Finding | None]:
    """One result for each original under ``originals/<prefix>/``, and for each of ``expected`` that isn't there."""
    seen: set[str] = set()
    for info in store.list(f"originals/{prefix}/"):
        seen.add(info.key)
        yield check_object(store, info.key)
    for key in sorted(set(expected) - seen):
        yield check_object(store, key)


def _sha256(stream: BinaryIO) -> str:
    found = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        found.update(chunk)
    return found.hexdigest()
