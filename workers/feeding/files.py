"""A file of a source, and a document that one or two of them make."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from models.errors import DigitizeError

FRONT, BACK = "front", "back"

_UNFINISHED: Final = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".!ut", ".swp")
_NO_PAPERS: Final = frozenset({"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "system volume information"})
_SIDE = re.compile(
    r"(?P<stem>.+?)[-_. ]+(?:mat[-_ ]?)?(?:(?P<front>truoc|front|a)|(?P<back>sau|back|b))", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """``path``: as it is told and found again; ``name``: its last part. ``stamp``: changes when the file does. ``error``: it can't be taken."""

    path: str
    name: str
    size: int
    stamp: str
    open: Callable[[], AbstractContextManager[BinaryIO]]
    error: DigitizeError | None = None
    real: Path | None = None  # where it lies, if it does so by itself


@dataclass(frozen=True, slots=True)
class Side:
    """A file of a document, and which side of its sheets it shows; ``""``: both, or one-sided."""

    file: SourceFile
    side: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """Of the inventory. ``source``: ``name`` or ``manifest``. ``told``: somebody said how it is told; else it is only the file's name."""

    text: str | None = None
    source: str | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """What becomes one item. ``joined``: its files are put together, or its halves, as the batch's duplex says; else its one file goes as it is."""

    path: str
    sides: Sequence[Side]
    key: Key = Key()
    joined: bool = False
    error: DigitizeError | None = None

    @property
    def filename(self) -> str:
        return self.sides[0].file.name if self.sides else PurePosixPath(self.path).name


def shown(path: str) -> str:
    r"""The path as text that every database takes: bytes that are no UTF-8 as ``\xNN``, composed letters, no controls."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if unicodedata.category(c)[0] != "C" else f"\\x{ord(c):02x}" for c in text)


def is_ignored(name: str) -> bool:
    """Names that are not a scan yet, or never: hidden, temporary, a system's own. A scanner renames when it is done."""
    low = name.lower()
    return low.startswith((".", "~$")) or low.endswith((*_UNFINISHED, "~")) or low in _NO_PAPERS


def side_of(stem: str) -> tuple[str, str]:
    """(the stem without its side, ``front`` | ``back`` | ``""``): ``123-truoc``, ``123_sau``, ``123 mặt sau``, ``123.A``, ``123-front``."""
    folded = "".join(c for c in unicodedata.normalize("NFD", stem) if not unicodedata.combining(c))
    match = _SIDE.fullmatch(folded)
    if match is None:
        return stem, ""
    composed = unicodedata.normalize("NFC", stem)
    return composed[: len(match["stem"])], FRONT if match["front"] else BACK
