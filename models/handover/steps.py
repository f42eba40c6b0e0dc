"""What a hand-over is made of, step by step: a dossier with the papers of it that go in, or entries of which none does, each with the reason.

A *selection* (the files of a batch, the lines of an inventory) is read in pages off the database, so that a million of them need no more memory
than a few hundred. Every entry of it comes out in exactly one step: what is not handed over is told, never passed over in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from models.database import reading
from models.entities import Component, ComponentState, Scan, ScanState

AT_ONCE: Final = 250
"""Entries that are read at once."""
MOST_PAPERS: Final = 10_000
"""Of one package: what is told of each in a ZIP's directory stays in memory until its end, about two and a half KiB a paper."""
MIB: Final = 1 << 20
PART_MIB: Final = 4000
"""Of one package, when nothing else is asked for: fits a stick formatted as FAT32 and a DVD."""


class Left(StrEnum):
    """Why an entry is not handed over."""

    UNDER_WAY = "under_way"
    FAILED = "failed"
    REFUSED = "refused"
    SKIPPED = "skipped"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    NO_PAPER = "no_paper"
    NO_PDF = "no_pdf"
    UNSIGNED = "unsigned"
    UNFINISHED = "unfinished"
    NOT_FOUND = "not_found"
    COUNT_ONLY = "count_only"
    OUT_OF_REACH = "out_of_reach"
    DAMAGED = "damaged"
    CHANGED = "changed"


LEFT: Final[Mapping[Left, tuple[str, str]]] = MappingProxyType(
    {
        Left.UNDER_WAY: ("chưa đọc xong", "not read yet"),
        Left.FAILED: ("đọc hỏng", "could not be read"),
        Left.REFUSED: ("tệp không nhận được", "the file was refused"),
        Left.SKIPPED: ("bỏ qua, mã đã có bản khác", "skipped, its key has another file"),
        Left.DUPLICATE: ("trùng với tệp khác trong lô", "the same as another file of the batch"),
        Left.WITHDRAWN: ("đã bỏ khỏi hồ sơ", "taken out of its dossier"),
        Left.NO_PAPER: ("không có giấy tờ nào (trang trắng)", "no paper in it (blank pages)"),
        Left.NO_PDF: ("chưa có PDF", "no PDF yet"),
        Left.UNSIGNED: ("chưa kiểm tra, chưa ký", "not checked and signed yet"),
        Left.UNFINISHED: ("đã ký, chưa vào kho", "signed, not in the warehouse yet"),
        Left.NOT_FOUND: ("chưa số hóa hoặc chưa khớp danh sách", "not digitised, or not matched to the list yet"),
        Left.COUNT_ONLY: ("dòng chỉ có số lượng", "a line that is a number alone"),
        Left.OUT_OF_REACH: ("giấy tờ của cơ quan khác", "a paper of another agency"),
        Left.DAMAGED: ("PDF trong kho bị mất hoặc đã đổi", "its PDF in the store is gone or was changed"),
        Left.CHANGED: ("vừa thay đổi trong lúc xuất", "changed while this was made"),
    }
)
"""In Vietnamese and English."""
_SIGNED: Final = frozenset(
    {ComponentState.SIGNED, ComponentState.EXTRACTED, ComponentState.VERIFIED, ComponentState.CODED}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper of a selection, or one of its entries that is none. ``place``: where the selection has it (never compared here, only told to
    the database); ``number``, ``source``, ``key``: of the file or line, as people know it; ``left``: ``None`` when it goes in.
    """

    place: Any
    number: int
    source: str
    key: str
    state: str
    left: Left | None
    detail: str = ""
    dossier_id: str | None = None
    dossier: str = ""
    component_id: str | None = None
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A dossier and the ids of its papers that go in (``only`` as ``give.give`` has it), or (``dossier_id`` ``None``) nothing. ``entries``: told of it."""

    dossier_id: str | None
    only: frozenset[str] | None = None
    entries: tuple[Entry, ...] = ()

    @property
    def bytes(self) -> int:
        return sum(one.bytes for one in self.entries if one.left is None)

    @property
    def papers(self) -> int:
        return sum(one.left is None for one in self.entries)


class Selection(Protocol):
    """Entries in an order of their own, from the place ``first`` to the one before ``before`` (``None``: no bound)."""

    def page(self, session: Session, after: Any, first: Any, before: Any) -> Sequence[Entry]:
        """The next of them after the place ``after`` (``None``: the first), whole files or lines; empty at the end."""
        ...

    def of_dossiers(self, session: Session, dossier_ids: Collection[str], first: Any, before: Any) -> Sequence[Entry]:
        """Those of these dossiers, in order."""
        ...


def left_of_paper(*, has_pdf: bool, state: str, unfinished: bool, scan_state: str = ScanState.DONE) -> Left | None:
    """Why a paper stays behind. ``unfinished``: papers that are not in the warehouse yet are wanted too."""
    if scan_state == ScanState.WITHDRAWN:
        return Left.WITHDRAWN
    if not has_pdf:
        return Left.NO_PDF
    if state == ComponentState.STORED or unfinished:
        return None
    return Left.UNFINISHED if state in _SIGNED else Left.UNSIGNED


def plain(dossiers: Mapping[str, frozenset[str] | None]) -> list[Step]:
    """Steps of dossiers that were chosen one by one."""
    return [Step(dossier_id, only) for dossier_id, only in dossiers.items()]


def steps(
    sessions: sessionmaker[Session], selection: Selection, first: Any = None, before: Any = None
) -> Iterator[Step]:
    """All of the selection between two places, a page of it in memory. A dossier comes once, where its first paper stands."""
    after = None
    while True:
        with reading(sessions) as session:
            found = selection.page(session, after, first, before)
            if not found:
                return
            dossiers = {one.dossier_id for one in found if one.dossier_id is not None}
            by_dossier: dict[str, list[Entry]] = {}
            for one in selection.of_dossiers(session, dossiers, first, before) if dossiers else ():
                by_dossier.setdefault(one.dossier_id or "", []).append(one)
            sizes = _papers(session, dossiers)
        after = found[-1].place
        for place, group in groupby(found, key=lambda one: one.place):
            entries = tuple(group)
            dossier_id = entries[0].dossier_id
            if dossier_id is None:
                yield Step(None, None, entries)
            elif by_dossier[dossier_id][0].place == place:
                yield _of_dossier(dossier_id, tuple(by_dossier[dossier_id]), sizes.get(dossier_id, 0))


def _of_dossier(dossier_id: str, entries: tuple[Entry, ...], papers: int) -> Step:
    going = frozenset(one.component_id for one in entries if one.left is None and one.component_id is not None)
    if not going:
        return Step(None, None, entries)
    return Step(dossier_id, None if len(going) == papers else going, entries)


def _papers(session: Session, dossier_ids: Collection[str]) -> dict[str, int]:
    """How many papers each dossier has, whatever selection they belong to."""
    statement = (
        select(Component.dossier_id, func.count())
        .join(Scan, Scan.id == Component.scan_id)
        .where(Component.dossier_id.in_(list(dossier_ids)), Scan.state != ScanState.WITHDRAWN)
        .group_by(Component.dossier_id)
    )
    return {str(dossier_id): int(count) for dossier_id, count in session.execute(statement)}


@dataclass(slots=True)
class Part:
    """What one package holds: ``papers`` of ``dossiers`` with ``bytes`` of PDF, from a place of the selection to the one before ``before`` (``None``: its
    end), and what is left out.
    """

    first: Any
    before: Any = None
    dossiers: int = 0
    papers: int = 0
    bytes: int = 0
    left: Counter[Left] = field(default_factory=Counter)

    @property
    def left_out(self) -> int:
        return self.left.total()


def parts(of: Iterator[Step], most_bytes: int, most_papers: int = MOST_PAPERS) -> list[Part]:
    """The packages that hold all of it, none above the bounds but by a single dossier. The last may have no papers: then none of it has."""
    made: list[Part] = []
    for step in of:
        place = step.entries[0].place
        full = made and made[-1].papers and step.papers
        if not made or (
            full and (made[-1].bytes + step.bytes > most_bytes or made[-1].papers + step.papers > most_papers)
        ):
            if made:
                made[-1].before = place
            made.append(Part(place))
        part = made[-1]
        part.dossiers += step.dossier_id is not None
        part.papers += step.papers
        part.bytes += step.bytes
        part.left.update(one.left for one in step.entries if one.left is not None)
    return made
