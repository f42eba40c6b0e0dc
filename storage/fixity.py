"""Fixity: are the stored bytes still the ones that came in?

Originals are checked against the hash in their key, derived objects against the hash noted when they were stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from storage.keys import ORIGINALS
from storage.objects import ObjectInfo, ObjectMissing, ObjectStore, StoreUnavailable
from storage.streams import hash_stream

Verdict = Literal["intact", "changed", "missing", "unreadable"]


@dataclass(frozen=True, slots=True)
class FixityReport:
    """``expected`` and ``found`` are SHA-256 in hex; ``found`` is empty when the object couldn't be read to its end."""

    key: str
    size: int
    expected: str
    found: str
    verdict: Verdict

    @property
    def intact(self) -> bool:
        return self.verdict == "intact"


def check(store: ObjectStore, info: ObjectInfo) -> FixityReport:
    """Hash one object again, in a stream."""
    try:
        with store.open(info.key) as stream:
            found, size = hash_stream(stream)
    except ObjectMissing:
        return FixityReport(info.key, 0, info.sha256, "", "missing")
    except StoreUnavailable:
        store.ping()  # the whole store is down: that is not this object's damage, and is raised
        return FixityReport(info.key, info.size, info.sha256, "", "unreadable")
    return FixityReport(info.key, size, info.sha256, found, "intact" if found == info.sha256 else "changed")


def verify(store: ObjectStore, prefix: str = ORIGINALS) -> Iterator[FixityReport]:
    """One report for each object under ``prefix``, in key order; one object in work at a time."""
    for info in store.list(prefix):
        yield check(store, info)
