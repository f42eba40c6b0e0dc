"""Words that one wrong letter apart might be the same word: what a reader of scans, or a typing hand, makes of it.

Marks need nothing of this: the folded index never sees them. Digits are only taken for letters and letters for digits, never one digit for another:
``384/KH-UBND`` is another paper than ``383/KH-UBND``, and another person's id number is nobody's misprint.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST = 3  # shorter words are one letter away from everything
_DIGITS_LOOK_LIKE = {"0": "odq", "1": "lit", "2": "z", "5": "s", "6": "bg", "8": "b", "9": "gq"}
_LETTERS_LOOK_LIKE = {
    letter: "".join(digit for digit, letters in _DIGITS_LOOK_LIKE.items() if letter in letters)
    for letter in {letter for letters in _DIGITS_LOOK_LIKE.values() for letter in letters}
}


@lru_cache(maxsize=1024)
def variants(word: str) -> frozenset[str]:
    """All that the folded ``word`` may have been, itself left out: a letter changed, lost, added, or two side by side swapped.

    Of a word with a digit only look-alikes (``38з`` no, ``3B3`` yes); of one shorter than ``SHORTEST`` nothing.
    """
    if len(word) < SHORTEST or not word.isascii():
        return frozenset()
    made = _look_alikes(word) if any(letter.isdigit() for letter in word) else _misspelt(word)
    return frozenset(made) - {word}


def _look_alikes(word: str) -> Iterator[str]:
    for at, letter in enumerate(word):
        for other in _DIGITS_LOOK_LIKE.get(letter, "") + _LETTERS_LOOK_LIKE.get(letter, ""):
            yield word[:at] + other + word[at + 1 :]


def _misspelt(word: str) -> Iterator[str]:
    yield from _look_alikes(word)
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in LETTERS)
        if not after:
            continue
        yield from (before + letter + after[1:] for letter in LETTERS)
        if len(word) > SHORTEST:
            yield before + after[1:]
            yield before + after[1:2] + after[:1] + after[2:]
