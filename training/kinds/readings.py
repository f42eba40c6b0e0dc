"""What a reader would make of a drawn paper, without reading it: its true lines, with slips.

Reading costs a second a page; this costs nothing, and its strength can be set. The slips are those of real readings: marks lost or changed,
letters that look alike, spaces lost and found, words and lines lost, columns put on one line, handwriting left out or garbled.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from models.vietnamese.folding import fold
from sample_scans.layout.draft import Draft
from sample_scans.layout.sheet import Sheet
from sample_scans.truth import TruthLine, TruthWord, read_sheet
from workers.page import Line, LineRole, PageOutcome, Word

STRENGTHS: Final = (0.0, 0.01, 0.03, 0.06, 0.10)
"""Shares of wrong letters; a clear scan has about 0.005, a bad photo 0.1."""

_ALIKE: Final = {
    "I": "l1", "l": "I1t", "O": "0Q", "0": "O", "C": "G", "G": "C6", "B": "8", "Ấ": "Á", "T": "I", "Ỉ": "I", "u": "n", "n": "u", "e": "c",
    "c": "e", "h": "b", "m": "rn", "Đ": "D", "đ": "d", "Ô": "Ó", "Ế": "É", "É": "Ê", "i": "í", "ư": "u", "ơ": "o", ",": ".", ".": ",",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slips:
    """``letters``: the share of wrong letters; the others follow from it."""

    letters: float

    @property
    def words(self) -> float:
        """The share of words lost; of spaces lost or found."""
        return self.letters / 3

    @property
    def lines(self) -> float:
        """The share of lines lost."""
        return self.letters / 2


def read_draft(draft: Draft, slips: Slips, rng: Random) -> tuple[PageOutcome, ...]:
    """All pages of a paper that is set."""
    return tuple(read_page(sheet, slips, rng, number) for number, sheet in enumerate(draft.sheets, 1))


def read_page(sheet: Sheet, slips: Slips, rng: Random, number: int = 1) -> PageOutcome:
    """One page; page space is the sheet at its own resolution."""
    width = round(sheet.width_mm / 25.4 * sheet.dpi)
    height = round(sheet.height_mm / 25.4 * sheet.dpi)
    lines, _ = read_sheet(sheet, np.eye(3), width, height)
    read = [line for one in lines if (line := _line(one, slips, rng, height)) is not None]
    if rng.random() < 0.5:
        read = _on_one_line(read, rng)
    return PageOutcome(number, width, height, sheet.dpi, lines=tuple(read), blank=not lines)


def _line(truth: TruthLine, slips: Slips, rng: Random, height: int) -> Line | None:
    if rng.random() < slips.lines:
        return None
    words: list[Word] = []
    for one in truth.words:
        word = _word(one, slips, rng)
        if word is None:
            continue
        if words and rng.random() < slips.words:  # the space between is lost
            last = words.pop()
            box = (last.box[0], min(last.box[1], word.box[1]), word.box[2], max(last.box[3], word.box[3]))
            word = Word(last.text + word.text, box, word.confidence)
        words.append(word)
    if not words:
        return None
    line = Line(tuple(words))
    box = line.box
    if line.text.isdigit() and len(line.text) < 4 and box[1] < 0.09 * height:
        line = Line(line.words, role=LineRole.PAGE_NUMBER)
    return line


def _word(truth: TruthWord, slips: Slips, rng: Random) -> Word | None:
    if truth.hand:  # the product leaves most of it out; what it reads is guesswork
        if rng.random() < 0.6:
            return None
        slips = Slips(max(0.3, slips.letters))
    if rng.random() < slips.words:
        return None
    text = "".join(_letter(letter, slips, rng) for letter in truth.text)
    return Word(unicodedata.normalize("NFC", text), truth.box, 0.9) if text.strip() else None


def _letter(letter: str, slips: Slips, rng: Random) -> str:
    if rng.random() >= slips.letters:
        return letter
    kind = rng.random()
    if kind < 0.45:  # a mark lost or taken for another
        bare = fold(letter)
        bare = bare.upper() if letter.isupper() else bare
        return bare if bare != letter or not letter.isalpha() else _other_mark(letter, rng)
    if kind < 0.75:
        return rng.choice(_ALIKE.get(letter, letter))
    if kind < 0.9:
        return ""
    return letter + rng.choice("il.,'")


def _other_mark(letter: str, rng: Random) -> str:
    if letter.lower() not in "aeiouy":
        return letter
    return unicodedata.normalize("NFC", letter + rng.choice("\u0301\u0300\u0323\u0302"))


def _on_one_line(lines: Sequence[Line], rng: Random) -> list[Line]:
    """Columns side by side are one line to some readers."""
    joined: list[Line] = []
    for line in lines:
        for place, other in enumerate(joined):
            level = abs(other.box[1] + other.box[3] - line.box[1] - line.box[3]) < (line.box[3] - line.box[1])
            if level and other.role is line.role and rng.random() < 0.7:
                words = sorted((*other.words, *line.words), key=lambda word: word.box[0])
                joined[place] = Line(tuple(words), role=line.role)
                break
        else:
            joined.append(line)
    return joined
