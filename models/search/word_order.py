"""The order of a page's words, a byte a word: what GIN does not know, told without reading the words themselves.

Words that follow each other on a page follow each other here, so a page whose bytes don't have a phrase's does not have the phrase. One that has
them nearly always does (of pages with a thousand words one in 65 has two bytes by chance, one in four million four); its words are read to be sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from models.search.tokens import MAX_TOKEN
from models.vietnamese import fold

WORD = re.compile(r"'([^']+)'(:\*)?")
"""A word of a tsquery, and the sign of one that may go on. Marks may stand in a word that are no letters."""
_TERM = re.compile(r"\(([^()|]*)\)")


def in_order(words: Sequence[str]) -> bytes:
    """Folded words, one byte each: the first of its SHA-256, which migration 0021 makes too."""
    return bytes(map(_byte, words))


def phrases(expression: str) -> list[bytes]:
    """What the bytes of every page must have on which this expression of a tsquery holds, spelled exactly or folded: its phrases, but for the beginning of a word.

    None where it gives a choice, or of words cut off while they had their marks.
    """
    if "|" in expression:
        return []
    terms = [[word for word, begun in WORD.findall(term) if not begun] for term in _TERM.findall(expression)]
    return [
        in_order([fold(word) for word in term]) for term in terms if len(term) > 1 and max(map(len, term)) < MAX_TOKEN
    ]


@lru_cache(maxsize=65536)
def _byte(word: str) -> int:
    return sha256(word.encode()).digest()[0]
