"""What is done to an engine's words, and nothing more: one form for what is the same letter. Nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import replace

from models.vietnamese import nfc, place_tones
from workers.page import Line, Word

_TWINS = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "⁄": "/", "∕": "/", "ﬁ": "fi", "ﬂ": "fl", "\u00ad": "-"})
"""Look-alikes that no Vietnamese text holds: the Icelandic eth for đ, the fraction slash, ligatures."""
_TWICE = re.compile("ĐĐ|đđ")
"""Tesseract's model knows both Đ and the eth and often emits the pair for one glyph (``QĐÐ-UBND``)."""
_SPACE = re.compile(r"\s+")
FEW_LETTERS, NOISE_FEW, NOISE_MANY = 3, 0.68, 0.3
_LOWER_TWINS = frozenset("COSUVWXZ")
_CAPITAL = 1.25


def normal_words(word: Word) -> tuple[Word, ...]:
    """``word`` with its text in normal form; empty when nothing is left, several when the engine joined some."""
    parts = _SPACE.split(normal(word.text).strip())
    kept = [part for part in parts if part]
    if len(kept) == 1:
        return (Word(kept[0], word.box, word.confidence),)
    x0, y0, x1, y1 = word.box
    total = sum(len(part) for part in kept) + len(kept) - 1
    result, at = [], 0
    for part in kept:
        left, right = x0 + (x1 - x0) * at // total, x0 + (x1 - x0) * (at + len(part)) // total
        result.append(Word(part, (left, y0, max(right, left + 1), y1), word.confidence))
        at += len(part) + 1
    return tuple(result)


def normal(text: str) -> str:
    """NFC, one tone placement, one code for one letter."""
    return place_tones(nfc(_TWICE.sub(lambda pair: pair[0][0], text.translate(_TWINS))))


def lone_case(text: str, height: float, x_height: float) -> str:
    """The case of a letter that stands alone, where its capital looks the same: by its ``height`` against the page's letters.

    Readers scale every line to one height, so that the ``x`` of a ticked cell comes back as ``X``.
    """
    return text.lower() if text in _LOWER_TWINS and height < _CAPITAL * x_height else text


def settle_lone_case(line: Line, height: float, x_height: float) -> Line:
    """``lone_case`` for a line of a single letter; other lines as they are."""
    if len(line.words) != 1:
        return line
    word = line.words[0]
    return replace(line, words=(replace(word, text=lone_case(word.text, height, x_height)),))


def is_noise(line: Line) -> bool:
    """Whether a line of running text is what a signature, a seal or dust left: no letters at all, or a few, hardly believed.

    A lone page number or initial is believed (0.8 and more); remains of pen strokes are not.
    """
    letters = sum(character.isalnum() for word in line.words for character in word.text)
    if letters == 0:
        return True
    sure = sum(word.confidence for word in line.words) / len(line.words)
    return sure < (NOISE_FEW if letters <= FEW_LETTERS else NOISE_MANY)
