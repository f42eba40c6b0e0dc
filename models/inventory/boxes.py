"""The boxes that counted papers lie in: what is in one, and the code on its ticket (R36).

The code is what a hand scanner types as keys, so it has capitals, digits and two signs only: names of boxes may have any letters, and what a
Vietnamese keyboard makes of ``AA`` or ``DD`` is another letter. It names the box by digits of a hash of its name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.entities import Agency, InventoryLine
from models.errors import NotFound
from models.scopes import visible
from models.vietnamese import fold

_CODE = re.compile(r"HOP/(?P<agency>[0-9A-Z.]{1,35})/(?P<year>\d{4})/(?P<number>\d{8})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Box:
    """``lines``: what counts, by row; each with its agency. ``papers``, ``done``: how many papers they are, and how many are stored."""

    agency: Agency
    year: int
    name: str
    lines: tuple[InventoryLine, ...]

    @property
    def title(self) -> str:
        """``Hộp 07``, also of a list that calls it ``07``."""
        return self.name if fold(self.name).startswith(("hop", "cap")) else f"Hộp {self.name}"

    @property
    def papers(self) -> int:
        return sum(line.count for line in self.lines)

    @property
    def done(self) -> int:
        return sum(line.count for line in self.lines if line.result_id is not None)

    @property
    def shelves(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.shelf for line in self.lines if line.shelf))

    @property
    def code(self) -> str:
        return box_code(self.agency.code, self.year, self.name)


def box_code(agency: str, year: int, name: str) -> str:
    """``HOP/H56.14/2023/20481735``."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % 10**8
    return f"HOP/{agency}/{year}/{number:08d}"


def is_box_code(text: str) -> bool:
    """Whether somebody scanned or typed a ticket's code."""
    return _CODE.fullmatch(text.strip()) is not None


def find_box(session: Session, agency: str, year: int, name: str, agency_ids: Collection[str]) -> Box:
    """``NotFound`` for a box that no line in force lies in, also outside the agencies."""
    statement = (
        visible(select(InventoryLine), agency_ids)
        .join(Agency, Agency.id == InventoryLine.agency_id)
        .where(Agency.code == agency, InventoryLine.year == year, InventoryLine.box == name, InventoryLine.box != "")
        .where(InventoryLine.withdrawn_at.is_(None))
        .options(joinedload(InventoryLine.agency))
        .order_by(InventoryLine.row, InventoryLine.id)
    )
    lines = tuple(session.scalars(statement))
    if not lines:
        raise NotFound("no such box")
    return Box(lines[0].agency, year, name, lines)


def box_of_code(session: Session, code: str, agency_ids: Collection[str]) -> Box:
    """The box whose ticket it is. ``NotFound``, also for a text that is no such code."""
    match = _CODE.fullmatch(code.strip())
    if match is None:
        raise NotFound("no such box")
    agency, year = match["agency"].upper(), int(match["year"])
    names = (
        visible(select(InventoryLine), agency_ids)
        .join(Agency, Agency.id == InventoryLine.agency_id)
        .where(Agency.code == agency, InventoryLine.year == year, InventoryLine.withdrawn_at.is_(None))
        .with_only_columns(InventoryLine.box)
        .distinct()
        .order_by(InventoryLine.box)
    )
    wanted = code.strip().upper()
    for name in session.scalars(names):
        if name and box_code(agency, year, name) == wanted:
            return find_box(session, agency, year, name, agency_ids)
    raise NotFound("no such box")
