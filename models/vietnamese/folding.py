"""Normal form, one tone placement, and folding for search: the same functions for the index and for the query."""

from __future__ import annotations

import re
import unicodedata

from models.vietnamese.syllables import parse, split_tone, tone_position

# đ has no decomposition; Ð (Icelandic eth) stands for Đ in texts converted from legacy Vietnamese encodings.
_D = str.maketrans("đĐðÐ", "dddd")
_WORD = re.compile(r"[^\W\d_]+")


def nfc(text: str) -> str:
    """Unicode Normalisation Form C: every Vietnamese letter one code point."""
    return unicodedata.normalize("NFC", text)


def place_tones(text: str) -> str:
    """The text in NFC with each syllable's tone on the letter of the old style: ``hòa``, ``thúy``, ``khỏe``, ``quý``.

    Official acts write the old style: 50 of 51 syllables on which the styles differ in eleven born-digital decisions of
    2025 (``hòa``, ``ủy``, ``hóa``), 532 of 607 in a corpus of 113,000 words of administrative texts. Misplaced tones move too
    (``đựơc`` → ``được``). Words that are no Vietnamese syllable are left as they are; case and length never change.
    """
    return _WORD.sub(lambda match: _placed(match[0]), nfc(text))


def _placed(word: str) -> str:
    if word.isascii():
        return word
    found = parse(word)
    if found is None or not found.tone:
        return word
    right = tone_position(found.onset, found.rhyme)
    if right == found.tone_at:
        return word
    letters, tone, _ = split_tone(word)
    return nfc(letters[: right + 1] + tone + letters[right + 1 :])


class _Letters(dict[int, str]):
    """For ``str.translate``: each letter folded, worked out once; one that would not stay one letter is left as it is."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        folded = fold(letter)
        self[code] = folded if len(folded) == 1 else letter
        return self[code]


_LETTERS = _Letters()


def fold_in_place(text: str) -> str:
    """``nfc(text)`` folded letter by letter: as long as that, so what is found in one stands at the same place in the other."""
    return nfc(text).translate(_LETTERS)


def fold(text: str) -> str:
    """Lower case, without marks, đ as d: ``Thủ Đức`` and ``thu duc`` meet. Idempotent; NFC and NFD give the same."""
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).lower())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return nfc(bare.translate(_D))
