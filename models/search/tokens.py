"""Text to tokens: one cut for index and query, so that both engines see the same words.

A token is a run of letters and digits; every sign separates. So ``383/KH-UBND`` is ``383 kh ubnd``, and the number is found
whole (as a phrase), by its parts, and however OCR spaced it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.vietnamese import fold, place_tones

MAX_TOKEN = 64  # characters; longer runs are noise, and PostgreSQL limits a lexeme
_TOKEN = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")


@dataclass(frozen=True, slots=True)
class Token:
    """``exact``: lower case, NFC, one tone placement; ``folded``: also without marks. ``start``/``end`` in the text given."""

    exact: str
    folded: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """The tokens of a text; pass NFC when the positions matter."""
    return [
        Token(place_tones(match[0]).lower()[:MAX_TOKEN], folded, match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if (folded := fold(match[0])[:MAX_TOKEN])
    ]
