"""Folding for search: one function for the index and for the query."""

from __future__ import annotations

import unicodedata

_D = str.maketrans("đĐ", "dd")


def fold(text: str) -> str:
    """Lower case, without marks, đ as d: ``Thủ Đức`` and ``thu duc`` meet. Idempotent; NFC and NFD give the same."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare.translate(_D))
