"""Separator sheets (tờ phân cách): laid between the papers of a stack, each says that another paper begins, and may say which.

The payload of its codes, ``DGZ1:SEP`` with optional ``;type=<paper type of the catalog>`` and then ``;key=<inventory key>``, is ours. It is
strict: what a later version adds begins with another number, and is no separator to this one. Sheets with the *Patch T* code that
scanner makers give away are taken too; they say nothing about what follows.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from workers.page import Barcode, BarcodeKind, PageOutcome

PREFIX: Final = "DGZ1:SEP"
MAX_KEY = 120
"""Characters of a key: with Vietnamese letters, nine signs each, it still fits a QR code that any scan holds."""
PATCH_T: Final = frozenset({"PATCHT", "PATCH T"})
"""What the bar code of a Patch T sheet says (Code 39)."""
SMALLEST = {BarcodeKind.QR: 0.12, BarcodeKind.CODE128: 0.25, BarcodeKind.CODE39: 0.25}
"""The code's longer side in page widths: 0.26 on our A4 sheet (0.18 when A3 was scanned around it), 0.33 on a Patch T sheet."""
MOST_WORDS = 200
"""Our sheet has some 90, a Patch T sheet 150; a page of running text 300 and more."""

_PAYLOAD = re.compile(
    rf"{re.escape(PREFIX)}(?:;type=([a-z][a-z0-9_]{{0,63}}))?(?:;key=((?:[A-Za-z0-9._~/-]|%[0-9A-F]{{2}})+))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Separator:
    """``paper_type``: catalog id of the paper that follows; ``key``: its line in an inventory. ``None``: the sheet does not say."""

    paper_type: str | None = None
    key: str | None = None

    @property
    def payload(self) -> str:
        return format_separator(self)


def format_separator(separator: Separator) -> str:
    """The payload. ``ValueError`` for a type that is no catalog id, and a key that is blank, too long or has control characters."""
    parts = [PREFIX]
    if separator.paper_type is not None:
        parts.append(f"type={separator.paper_type}")
    if separator.key is not None:
        parts.append(f"key={quote(separator.key, safe='/')}")
    payload = ";".join(parts)
    if parse_separator(payload) != separator:
        raise ValueError("a separator's type is an id of the catalog, its key 1 to 120 printable characters")
    return payload


def parse_separator(text: str) -> Separator | None:
    """What a code says; ``None`` for any other text, and for one that is not exactly of the grammar."""
    match = _PAYLOAD.fullmatch(text)
    if match is None:
        return None
    paper_type, escaped = match.groups()
    if escaped is None:
        return Separator(paper_type)
    try:
        key = unquote(escaped, errors="strict")
    except UnicodeDecodeError:
        return None
    printable = all(unicodedata.category(letter)[0] != "C" for letter in key)
    if not printable or key != key.strip() or len(key) > MAX_KEY or unicodedata.normalize("NFC", key) != key:
        return None
    return Separator(paper_type, key)


def is_separator(page: PageOutcome) -> Separator | None:
    """What the page says as a separator sheet; ``None`` when it is none.

    A paper that shows a separator's code among its text (this manual, printed) is none: the code must be large and the words few.
    """
    if not page.width or len(page.words) > MOST_WORDS:
        return None
    said = {
        separator for code in page.barcodes if _is_large(code, page) and (separator := _separator_of(code)) is not None
    }
    # Two that say different things are two sheets on one picture: a person must look.
    return said.pop() if len(said) == 1 else None


def _separator_of(code: Barcode) -> Separator | None:
    if code.kind is BarcodeKind.CODE39:
        return Separator() if code.text in PATCH_T else None
    return parse_separator(code.text)


def _is_large(code: Barcode, page: PageOutcome) -> bool:
    x0, y0, x1, y1 = code.box
    smallest = SMALLEST.get(code.kind)
    return smallest is not None and max(x1 - x0, y1 - y0) >= smallest * min(page.width, page.height)
