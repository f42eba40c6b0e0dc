"""A line and where it stands in its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from models.catalog.files import Document
from models.catalog.lines import Line

Kind_co = TypeVar("Kind_co", bound=Line, covariant=True)


@dataclass(frozen=True)
class Located(Generic[Kind_co]):
    """``number``: the line (from 1) where the entry starts; ``place``: its path in ``document``, which gives finer lines."""

    line: Kind_co
    file: str
    number: int
    place: tuple[str | int, ...] = ()
    document: Document | None = None

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line of an entry inside this one."""
        return self.number if self.document is None else self.document.line_of((*self.place, *path))
