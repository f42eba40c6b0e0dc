"""Two sides scanned one after the other become one document, pages in reading order; no picture is re-encoded.

Strangers' bytes are parsed in a child under limits, as everywhere. The same files give the same bytes, so a document made again after a crash is
known by its hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.batches.entities import Duplex
from models.errors import CorruptFile
from workers.limits import Limits
from workers.tools.sandbox import ChildDied, Sandbox

_sandbox = Sandbox("workers.feeding.collate_child")

BACKWARDS = frozenset({Duplex.HALVES_BACK, Duplex.PAIRS_BACK})


@dataclass(frozen=True, slots=True)
class Part:
    """``side``: ``front``, ``back``, or ``""`` for one that holds both halves or has no sides."""

    path: Path
    media_type: str
    side: str


def collate(parts: Sequence[Part], duplex: Duplex, limits: Limits) -> bytearray:
    """The PDF of all pages: front, back, front, back, … where the parts have sides (or halves), else in the parts' order.

    ``duplex`` says whether there are halves, and whether backs begin with the last sheet. Raises ``UnevenSides`` when there are not as many backs as
    fronts, ``CorruptFile``, ``EncryptedPdf``, ``TooManyPages``, ``ProcessingLimit``.
    """
    try:
        _, (pdf,) = _sandbox.call(
            "collate",
            {
                "parts": [[str(part.path.resolve()), part.media_type, part.side] for part in parts],
                "halves": duplex in {Duplex.HALVES, Duplex.HALVES_BACK},
                "backwards": duplex in BACKWARDS,
                "most": limits.max_pages,
            },
            seconds=limits.tool_seconds,
            memory_bytes=limits.tool_memory_bytes,
            max_reply=limits.max_bytes,
        )
    except ChildDied as error:
        raise CorruptFile(f"the sides can't be put together: {error}") from None
    return pdf


def stop() -> None:
    """End the child; the next call starts another."""
    _sandbox.close()
