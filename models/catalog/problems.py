"""What is wrong with a catalog, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.errors import InvalidCatalog


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: the file's name, its line (from 1), and what, in Vietnamese and English."""

    file: str
    line: int
    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.vi} / {self.en}"


class CatalogError(InvalidCatalog):
    """Every problem found, in order of file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
