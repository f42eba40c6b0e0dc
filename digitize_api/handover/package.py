"""A hand-over package: what ``models.handover`` tells of dossiers, in a bag of ``storage.bags`` with their PDFs.

``data/<mã hồ sơ>.<stt>.pdf`` are the papers, ``metadata/<mã hồ sơ>.json`` is for programs, ``metadata/giay-to.csv`` for people; of a batch or an
inventory ``metadata/danh-sach.csv`` tells every file or line, and why one is not in it. Made while it is sent, a dossier at a time; the same
content is the same package, byte for byte.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, BinaryIO, Final

from sqlalchemy.orm import Session, sessionmaker

from digitize_api.handover.tables import ENTRY_HEADERS, MARK, PAPER_HEADERS, entry_cells, paper_cells, row
from models.batches.entities import Batch
from models.database import reading, transaction
from models.entities import Agency
from models.errors import (
    DigitizeError,
    PackageConflict,
    PackageDamaged,
    PackageMalformed,
    PackageTooLarge,
    PackageUnsafe,
)
from models.handover.give import Given, give
from models.handover.record import SCHEMA, DossierRecord, PaperRecord, latest, parse
from models.handover.steps import Left, Step
from models.handover.take import Source, Taken, connect, take
from models.inventory.boxes import box_code
from models.live_catalog import LiveCatalog
from models.local_time import LOCAL
from models.search import SearchIndex
from storage.bags import Bag, BagProblem, BagWriter, Bounds, Fault, open_bag
from storage.objects import ObjectMissing, ObjectStore

METADATA: Final = "metadata/"
TABLE: Final = f"{METADATA}giay-to.csv"
LIST: Final = f"{METADATA}danh-sach.csv"
_PDF = b"%PDF-"
_FAULTS: Final[Mapping[Fault, type[DigitizeError]]] = {
    Fault.UNSAFE: PackageUnsafe,
    Fault.DAMAGED: PackageDamaged,
    Fault.TOO_LARGE: PackageTooLarge,
    Fault.MALFORMED: PackageMalformed,
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to hand over. ``name``: the folder; ``about``: lines of bag-info. ``before``: told of each dossier before its bytes leave.

    ``listed``: entries are told, and a paper whose PDF is not in the store any more is left out; else it breaks the package off.
    """

    name: str
    steps: Iterable[Step]
    about: Mapping[str, str]
    agency_ids: frozenset[str]
    listed: bool = False
    before: Callable[[Given], None] | None = None


def about(agency: Agency, identifier: str) -> dict[str, str]:
    """Whose it is, for bag-info."""
    return {"Source-Organization": f"{agency.name} ({agency.code})", "External-Identifier": identifier}


def batch_name(batch_id: str, first: int, last: int, count: int) -> str:
    """``lo-1a2b3c4d``, of a part of its files ``lo-1a2b3c4d-000001-000812``."""
    name = f"lo-{batch_id[:8]}"
    return name if first <= 1 and last >= count else f"{name}-{first:06d}-{last:06d}"


def about_batch(batch: Batch, first: int, last: int, count: int) -> dict[str, str]:
    """A batch's bag-info; ``batch`` with its agency. Packages of one batch share the group."""
    return {
        **about(batch.agency, batch.id),
        "External-Description": batch.name,
        "Bag-Group-Identifier": f"lo-{batch.id[:8]}",
        "Handover-Files": f"{first}-{last} of {count}",
    }


def inventory_name(code: str, year: int, box: str | None) -> str:
    """``H56.14-2023``, of a box ``H56.14-2023-hop-20481735``, as on its ticket."""
    return f"{code}-{year}" if box is None else f"{code}-{year}-hop-{box_code(code, year, box).rpartition('/')[2]}"


def about_inventory(agency: Agency, year: int, box: str | None, number: int = 1, of: int = 1) -> dict[str, str]:
    """Bag-info of package ``number`` of ``of``."""
    told = f"{agency.code}/{year}" if box is None else box_code(agency.code, year, box)
    return {
        **about(agency, told),
        **({"External-Description": box} if box is not None else {}),
        "Bag-Group-Identifier": inventory_name(agency.code, year, box),
        "Bag-Count": f"{number} of {of}",
    }


@dataclass(frozen=True, slots=True)
class Stored:
    """Where dossiers and their PDFs are."""

    sessions: sessionmaker[Session]
    store: ObjectStore
    catalog: LiveCatalog


def stream(stored: Stored, chosen: Chosen) -> Iterator[bytes]:
    """The package's bytes. ``ObjectMissing``, ``StoreUnavailable``, ``ChecksumMismatch`` break it off: a damaged paper is not passed on."""
    making = _Making(stored, chosen)
    with making.ending:
        for step in chosen.steps:
            yield from making.step(step)
        yield from making.end()


def _waiting() -> tempfile.SpooledTemporaryFile[bytes]:
    """In memory while it is short."""
    return tempfile.SpooledTemporaryFile(max_size=1 << 20)


class _Making:
    """A package that is being made: its writer, from the first dossier on, and the tables that wait until all is known."""

    def __init__(self, stored: Stored, chosen: Chosen) -> None:
        self._stored, self._chosen = stored, chosen
        self.ending = ExitStack()
        self._papers, self._entries = (self.ending.enter_context(_waiting()) for _ in range(2))
        self._papers.write(MARK + row(PAPER_HEADERS))
        self._entries.write(MARK + row(ENTRY_HEADERS))
        self._writer: BagWriter | None = None
        self._newest: datetime | None = None
        self._told = self._left = 0

    def step(self, step: Step) -> Iterator[bytes]:
        files: dict[str, str] = {}
        damaged: frozenset[str] = frozenset()
        if step.dossier_id is not None:
            given = self._given(step.dossier_id, step.only)
            damaged = self._damaged(given) if self._chosen.listed else frozenset()
            given = given.without(damaged)
            if given.record.papers or not self._chosen.listed:
                yield from self._dossier(given)
            files = {paper.id: paper.file for paper in given.record.papers}
        for entry in step.entries:
            left = entry.left
            if left is None and entry.component_id not in files:
                left = Left.DAMAGED if entry.component_id in damaged else Left.CHANGED
            file = files.get(entry.component_id or "", "") if left is None else ""
            self._entries.write(row(entry_cells(entry, file, left)))
            self._told += 1
            self._left += left is not None

    def _given(self, dossier_id: str, only: frozenset[str] | None) -> Given:
        with reading(self._stored.sessions) as session:
            return give(session, dossier_id, only, self._chosen.agency_ids, self._stored.catalog.get(session))

    def _damaged(self, given: Given) -> frozenset[str]:
        """Ids of papers whose PDF the store has no more, or notes with another hash."""
        return frozenset(paper.id for paper in given.record.papers if not self._kept(given.keys[paper.file], paper))

    def _kept(self, key: str, paper: PaperRecord) -> bool:
        try:
            info = self._stored.store.stat(key)
        except ObjectMissing:
            return False
        return (info.sha256, info.size) == (paper.sha256, paper.bytes)

    def _dossier(self, given: Given) -> Iterator[bytes]:
        changed = latest(given.record).astimezone(LOCAL)
        self._newest = changed if self._newest is None else max(self._newest, changed)
        if self._writer is None:
            self._writer = BagWriter(self._chosen.name, changed)
            self.ending.callback(self._writer.close)
        self._writer.at = changed
        if self._chosen.before is not None:
            self._chosen.before(given)
        for paper in given.record.papers:
            with self._stored.store.open(given.keys[paper.file]) as source:
                yield from self._writer.payload(paper.file, source, paper.bytes, paper.sha256)
            self._papers.write(row(paper_cells(paper)))
        yield from self._writer.tag(f"{METADATA}{given.record.code}.json", [given.record.json_bytes()])

    def end(self) -> Iterator[bytes]:
        if self._writer is None or self._newest is None:
            raise ValueError("a package of nothing")
        self._writer.at = self._newest
        yield from self._table(self._writer, TABLE, self._papers)
        about = {**self._chosen.about}
        if self._chosen.listed:
            yield from self._table(self._writer, LIST, self._entries)
            about |= {"Handover-Entries": str(self._told), "Handover-Left-Out": str(self._left)}
        about |= {"Bagging-Date": self._newest.date().isoformat(), "Bag-Software-Agent": "Digitize"}
        yield from self._writer.finish({**about, "Handover-Schema": SCHEMA})

    @staticmethod
    def _table(writer: BagWriter, path: str, table: IO[bytes]) -> Iterator[bytes]:
        table.seek(0)
        return writer.tag(path, iter(lambda: table.read(1 << 16), b""))


@dataclass(frozen=True, slots=True)
class Checked:
    """What a package holds. Every byte of it is what its manifests say."""

    name: str
    dossiers: int
    papers: int
    bytes: int


def check(file: BinaryIO, bounds: Bounds | None = None) -> Checked:
    """Read all of it. One of the coded errors ``Package…`` says what is wrong."""
    with _opened(file, bounds) as bag:
        return _checked(bag)


def take_in(
    file: BinaryIO, stored: Stored, index: SearchIndex, *, actor: str, name: str = "", bounds: Bounds | None = None
) -> Taken:
    """Check all of it, then take in what is not there yet, a dossier a transaction: broken off, the same package goes on from there.

    Raises the coded errors ``Package…``; of a package that is damaged or unsafe nothing was taken.
    """
    taken = Taken()
    with _opened(file, bounds) as bag:
        _checked(bag)
        for told in _records(bag):
            keys = {paper.sha256: _put(bag, stored.store, paper) for paper in told.papers}
            source = Source(name or bag.name, actor, keys)
            with transaction(stored.sessions) as session:
                for paper in take(session, told, source, stored.catalog.get(session), taken):
                    index.index_component(session, paper)
        with transaction(stored.sessions) as session:
            connect(session, taken)
    return taken


@contextmanager
def _opened(file: BinaryIO, bounds: Bounds | None) -> Iterator[Bag]:
    try:
        with open_bag(file, bounds) as bag:
            yield bag
    except BagProblem as problem:
        raise _FAULTS[problem.fault](problem.detail) from problem


def _records(bag: Bag) -> Iterator[DossierRecord]:
    """One at a time, by code; ``PackageMalformed`` names the file and the member that is wrong."""
    paths = sorted(one.path for one in bag.tags if one.path.startswith(METADATA) and one.path.endswith(".json"))
    for path in paths:
        try:
            told = parse(bag.text(path))
        except ValueError as error:
            raise PackageMalformed(f"{path}: {error}") from error
        if path != f"{METADATA}{told.code}.json":
            raise PackageMalformed(f"{path} tells of another dossier")
        yield told


def _checked(bag: Bag) -> Checked:
    bag.check()
    payload = {one.path: one for one in bag.payload}
    told_of: set[str] = set()
    dossiers = size = 0
    for told in _records(bag):
        dossiers += 1
        for paper in told.papers:
            path = f"data/{paper.file}"
            file = payload.get(path)
            if file is None or (file.bytes, file.sha256) != (paper.bytes, paper.sha256):
                raise PackageDamaged(f"{path} is missing, or not the file that {told.code} tells of")
            with bag.open(path) as stream:
                if stream.read(len(_PDF)) != _PDF:
                    raise PackageMalformed(f"{path} is no PDF")
            told_of.add(path)
            size += file.bytes
    if not dossiers:
        raise PackageMalformed("the package tells of no dossier")
    if extra := sorted(set(payload) - told_of):
        raise PackageMalformed(f"no dossier of the package tells of {extra[0]}")
    return Checked(bag.name, dossiers, len(told_of), size)


def _put(bag: Bag, store: ObjectStore, paper: PaperRecord) -> str:
    with bag.open(f"data/{paper.file}") as source:
        info = store.put_original(source, media_type="application/pdf")
    if info.sha256 != paper.sha256:
        raise PackageConflict(f"{paper.file} changed while it was read")
    return info.key
