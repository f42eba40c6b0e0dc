"""Text to tokens: one cut for index and query, so that both engines see the same words.

A token is a run of letters and digits; every sign separates. So ``383/KH-UBND`` is ``383 kh ubnd``, and the number is found
whole (as a phrase), by its parts, and however OCR spaced it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from models.vietnamese import fold, place_tones

MAX_TOKEN = 64  # characters; longer runs are noise, and PostgreSQL limits a lexeme
_TOKEN = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")


class Token(NamedTuple):
    """``exact``: lower case, NFC, one tone placement; ``folded``: also without marks. ``start``/``end`` in the text given."""

    exact: str
    folded: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """The tokens of a text; pass NFC when the positions matter."""
    # A page has hundreds of tokens, and a search as somebody types cuts twenty pages: Token's own constructor would take a third of it.
    made, tokens = tuple.__new__, list[Token]()
    for match in _TOKEN.finditer(text):
        exact, folded = _spellings(match[0])
        if folded:
            tokens.append(made(Token, (exact, folded, *match.span())))
    return tokens


@lru_cache(maxsize=65536)
def _spellings(word: str) -> tuple[str, str]:
    """Exact and folded, kept: some ten thousand syllables make up every text."""
    return place_tones(word).lower()[:MAX_TOKEN], fold(word)[:MAX_TOKEN]
