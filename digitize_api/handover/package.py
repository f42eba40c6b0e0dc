"""A hand-over package: what ``models.handover`` tells of dossiers, in a bag of ``storage.bags`` with their PDFs.

``data/<mã hồ sơ>.<stt>.pdf`` are the papers, ``metadata/<mã hồ sơ>.json`` is for programs, ``metadata/giay-to.csv`` for people. Made while it
is sent, a dossier at a time; the same content is the same package, byte for byte.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from sqlalchemy.orm import Session, sessionmaker

from models.database import reading, transaction
from models.errors import (
    DigitizeError,
    PackageConflict,
    PackageDamaged,
    PackageMalformed,
    PackageTooLarge,
    PackageUnsafe,
)
from models.handover.appendix import LENGTHS
from models.handover.give import Given, give
from models.handover.record import SCHEMA, DossierRecord, PaperRecord, latest, parse
from models.handover.take import Source, Taken, connect, take
from models.live_catalog import LiveCatalog
from models.local_time import LOCAL
from models.search import SearchIndex
from storage.bags import Bag, BagProblem, BagWriter, Bounds, Fault, open_bag
from storage.objects import ObjectStore

METADATA: Final = "metadata/"
TABLE: Final = f"{METADATA}giay-to.csv"
HEADERS: Final = ("Tệp", *LENGTHS, "Mã kết quả số hóa", "Trạng thái", "SHA-256", "Bị cắt ngắn", "Bỏ trống vì quá dài")
_PDF = b"%PDF-"
_FAULTS: Final[Mapping[Fault, type[DigitizeError]]] = {
    Fault.UNSAFE: PackageUnsafe,
    Fault.DAMAGED: PackageDamaged,
    Fault.TOO_LARGE: PackageTooLarge,
    Fault.MALFORMED: PackageMalformed,
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to hand over: ``dossiers`` by id, with the ids of their papers (``None``: all). ``name``: the folder; ``about``: lines of bag-info."""

    name: str
    dossiers: Mapping[str, frozenset[str] | None]
    about: Mapping[str, str]
    agency_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stored:
    """Where dossiers and their PDFs are."""

    sessions: sessionmaker[Session]
    store: ObjectStore
    catalog: LiveCatalog


def stream(stored: Stored, chosen: Chosen) -> Iterator[bytes]:
    """The package's bytes. ``ObjectMissing``, ``StoreUnavailable``, ``ChecksumMismatch`` break it off: a damaged paper is not passed on."""
    writer: BagWriter | None = None
    newest: datetime | None = None
    with tempfile.SpooledTemporaryFile(max_size=1 << 20) as table, ExitStack() as ending:
        table.write(b"\xef\xbb\xbf" + _row(HEADERS))
        for dossier_id, only in chosen.dossiers.items():
            given = _given(stored, chosen, dossier_id, only)
            changed = latest(given.record).astimezone(LOCAL)
            newest = changed if newest is None else max(newest, changed)
            if writer is None:
                writer = BagWriter(chosen.name, changed)
                ending.callback(writer.close)
            writer.at = changed
            yield from _dossier(writer, stored.store, given)
            for paper in given.record.papers:
                table.write(_row(_cells(paper)))
        if writer is None or newest is None:
            raise ValueError("a package of nothing")
        writer.at = newest
        table.seek(0)
        yield from writer.tag(TABLE, iter(lambda: table.read(1 << 16), b""))
        about = {**chosen.about, "Bagging-Date": newest.date().isoformat(), "Bag-Software-Agent": "Digitize"}
        yield from writer.finish({**about, "Handover-Schema": SCHEMA})


def _given(stored: Stored, chosen: Chosen, dossier_id: str, only: frozenset[str] | None) -> Given:
    with reading(stored.sessions) as session:
        return give(session, dossier_id, only, chosen.agency_ids, stored.catalog.get(session))


def _dossier(writer: BagWriter, store: ObjectStore, given: Given) -> Iterator[bytes]:
    for paper in given.record.papers:
        with store.open(given.keys[paper.file]) as source:
            yield from writer.payload(paper.file, source, paper.bytes, paper.sha256)
    yield from writer.tag(f"{METADATA}{given.record.code}.json", [given.record.json_bytes()])


def _cells(paper: PaperRecord) -> tuple[str, ...]:
    told = [paper.appendix.get(name, "") for name in LENGTHS]
    return (
        paper.file,
        *told,
        paper.code or "",
        paper.state,
        paper.sha256,
        " ".join(paper.cut),
        " ".join(paper.left_out),
    )


def _row(cells: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    # Never a formula: a spreadsheet runs what begins with one of these signs.
    plain = [f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell for cell in cells]
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(plain)
    return out.getvalue().encode()


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
