"""Phrases settle what the ink leaves open, and nothing else."""

from __future__ import annotations

import gzip
import math
import re
from importlib import resources
from pathlib import Path

import pytest

from models.vietnamese.syllables import parse
from workers.ocr.reader.language import LEAST, NAMED, VOCABULARY, load_phrases, lonely, plain, settled
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
        ([word("sửa"), word("đôi", ("đổi", 0.001))], "the ink is too much against it"),
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


def test_a_word_with_a_capital_is_settled_beside_a_small_one_and_a_place_of_the_vocabulary_too() -> None:
    pairs = PAIRS | {("chính", "phủ"): 50, ("đà", "nẵng"): NAMED}
    words = [word("Chinh", ("Chính", 0.3), ("chính", 0.3)), word("phủ"), word("Đà"), word("Nâng", ("Nẵng", 0.2))]
    assert " ".join(found.text for found in settled(words, pairs)) == "Chính phủ Đà Nẵng"


def test_words_are_lonely_that_stand_in_no_phrase_and_could_be_in_one() -> None:
    assert lonely(["sửa", "đôi,", "bổ", "sung", "12/QĐ-UBND", "LE"], PAIRS) == [True, True, False, False, False, False]


def test_the_phrases_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "phrases.txt.gz").write_bytes(gzip.compress("bổ dưỡng 50\n".encode()))
    fixed = load_phrases(tmp_path / "nowhere")
    assert fixed.items() < load_phrases(tmp_path).items()
    assert load_phrases(tmp_path)["bổ", "dưỡng"] == 50


def test_the_vocabulary_is_of_vietnamese_words_and_says_where_it_is_from() -> None:
    pairs = load_phrases()
    assert min(pairs["cộng", "hòa"], pairs["khai", "sinh"]) >= LEAST
    assert pairs["tiền", "giang"] == NAMED
    text = (resources.files("workers.ocr.reader") / VOCABULARY).read_text(encoding="utf-8")
    words = {plain(word) for line in text.splitlines() if not line.startswith("#") for word in line.split()} - {""}
    assert not {word for word in words if parse(word) is None}
    assert re.match(r"# .*as of 20\d\d-\d\d", text)
