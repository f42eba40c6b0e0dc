"""Phrases settle what the ink leaves open, and nothing else."""

from __future__ import annotations

import gzip
import math
from pathlib import Path

import pytest

from workers.ocr.reader.language import load_phrases, settled
from workers.ocr.reader.reading import ReadWord

PAIRS = {
    ("sửa", "đổi"): 40,
    ("đổi", "bổ"): 30,
    ("bổ", "sung"): 50,
    ("quyết", "định"): 90,
    ("lê", "văn"): 9,
    ("đổi", "tiền"): 1,
}


def word(text: str, *others: tuple[str, float]) -> ReadWord:
    """``others``: with their probability; the word's own is 0.6."""
    ranked = [(text, math.log(0.6)), *((other, math.log(share)) for other, share in others)]
    return ReadWord(text, 0, 10, 0.6, tuple(ranked))


def said(*words: ReadWord) -> str:
    return " ".join(found.text for found in settled(words, PAIRS))


def test_the_alternative_that_makes_a_phrase_is_taken() -> None:
    assert said(word("sửa"), word("đôi,", ("đổi,", 0.3), ("đồi,", 0.1)), word("bổ"), word("sung")) == "sửa đổi, bổ sung"


def test_a_title_in_capitals_is_settled_too() -> None:
    assert said(word("QUYÉT", ("QUYẾT", 0.2)), word("ĐỊNH")) == "QUYẾT ĐỊNH"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([word("sửa"), word("đôi")], "the net offered nothing else"),
        ([word("sửa"), word("đôi", ("đổi", 0.01))], "the ink is too much against it"),
        ([word("đôi", ("đổi", 0.3)), word("tiền")], "seen too seldom to be a phrase"),
        ([word("bổ", ("bố", 0.3)), word("sung")], "it stands in a phrase already"),
        ([word("Lé", ("Lê", 0.3)), word("Văn"), word("an")], "a name is the ink's alone"),
        ([word("LÉ", ("LÊ", 0.3)), word("Văn")], "capitals beside small letters are a name or a code"),
        ([word("sửa."), word("đôi", ("đổi", 0.3))], "a full stop parts them"),
        ([word("bổ"), word("5ung", ("sung", 0.3))], "digits are never made letters"),
        ([word("sửa"), word("đôi", ("đổi bổ", 0.3))], "one word never becomes two"),
    ],
)
def test_nothing_else_is_changed(words: list[ReadWord], why: str) -> None:
    assert settled(words, PAIRS) == tuple(words), why


def test_two_phrases_that_contradict_each_other_leave_the_word_as_read() -> None:
    pairs = {("ngày", "lễ"): 9, ("ngày", "lẻ"): 9}
    words = [word("ngày"), word("lể", ("lễ", 0.2), ("lẻ", 0.2))]
    assert settled(words, pairs) == tuple(words)


def test_the_phrases_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "phrases.txt.gz").write_bytes(gzip.compress("bổ sung 50\n".encode()))
    assert load_phrases(tmp_path) == {("bổ", "sung"): 50}
    assert load_phrases(tmp_path / "nowhere") == {}
