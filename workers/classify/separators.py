"""What the QR code of a separator sheet says: ``DGZ1:SEP``, with what follows the sheet where that is known.

``DGZ1:SEP;type=giay_khai_sinh;key=H56-2025-0017/3``: the paper type of the catalog, and the key of an inventory line. Both are
optional; keys that aren't known are passed over, so that older readers take newer sheets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SEPARATOR: Final = "DGZ1:SEP"
_ELSEWHERE: Final = "DIGITIZE-SEPARATOR"
"""What sheets say that were printed by hand or by others, with or without a number behind it (``DIGITIZE-SEPARATOR:12``)."""


@dataclass(frozen=True, slots=True)
class Separator:
    """``paper_type``: of what follows the sheet; ``key``: its line in an inventory. ``None`` where the sheet doesn't say."""

    paper_type: str | None = None
    key: str | None = None

    @property
    def payload(self) -> str:
        """The text of its QR code. ``ValueError`` when a value holds ``;``, which would end it."""
        parts = [SEPARATOR]
        for name, value in (("type", self.paper_type), ("key", self.key)):
            if value is not None:
                if ";" in value:
                    raise ValueError(f"a separator's {name} can't hold ';': {value}")
                parts.append(f"{name}={value}")
        return ";".join(parts)


def read_separator(payloads: Iterable[str]) -> Separator | None:
    """The first separator among the texts of a page's barcodes; ``None`` when it bears none."""
    for payload in payloads:
        head, *rest = payload.strip().split(";")
        if head.strip().upper().startswith(_ELSEWHERE):
            return Separator()
        if head.strip() == SEPARATOR:
            values = dict(part.split("=", 1) for part in rest if "=" in part)
            return Separator(values.get("type", "").strip() or None, values.get("key", "").strip() or None)
    return None
