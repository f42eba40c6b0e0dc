"""The drawn lines: what they say can be named, what they show can be spelled, and the same seed draws the same."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from training import draw, fonts, wear
from training.draw import EM, Pen
from training.lines import Lines
from training.text import Sources, Text, syllables
from workers.ocr.reader.frame import FRAME_HEIGHT, STRIDE
from workers.ocr.reader.symbols import CLASSES, SYMBOLS, encode, readable

SOURCES = Sources(
    ("Căn cứ Luật Tổ chức chính quyền địa phương;", "sửa đổi, bổ sung một số điều", "Nơi nhận: Như trên; Lưu: VT."),
    ("Xã Ngân Sơn", "Tỉnh Thái Nguyên"),
)
OFFICE = tuple(family for family in fonts.FAMILIES if family.files[0].stem in {"Tinos-Regular", "Arimo-Regular"})


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lines:
    """With the faces that the sample scans need anyway; one copy of them has moved marks."""
    tinos = tuple(family for family in OFFICE if family.files[0].stem.startswith("Tinos"))
    monkeypatch.setattr(fonts, "FAMILIES", tinos)
    monkeypatch.setattr(draw, "FAMILIES", tinos)
    monkeypatch.setattr(draw, "VARIANTS", 1)
    fonts.make_variants(tmp_path, 1)
    return Lines(SOURCES, tmp_path, seed=5)


def test_symbols_are_composed_and_distinct() -> None:
    assert len(set(SYMBOLS)) == len(SYMBOLS) == CLASSES - 1
    assert unicodedata.normalize("NFC", SYMBOLS) == SYMBOLS
    vowels = {
        unicodedata.normalize("NFC", v + t) for v in "aăâeêioôơuưy" for t in ("", *"\u0300\u0301\u0303\u0309\u0323")
    }
    assert len(vowels) == 72
    assert vowels | {v.upper() for v in vowels} | {"đ", "Đ"} <= set(SYMBOLS)


def test_like_signs_are_one() -> None:
    assert readable("A\u2011B — Ð\u00a0x... ★ y") == "A-B – Đ x… y"


def test_text_can_be_named_and_comes_again() -> None:
    one, other = Text(SOURCES, 3), Text(SOURCES, 3)
    said = [one.line(4, 40) for _ in range(300)]
    assert said == [other.line(4, 40) for _ in range(300)]
    for text in said:
        assert encode(text)
        assert text == readable(text)
    assert any(c.isdigit() for text in said for c in text)
    assert any(text.isupper() for text in said)


def test_syllables_are_spelled_as_vietnamese_is() -> None:
    made = set(syllables())
    assert {"nghiêng", "quyêt", "anh", "oan"} <= made
    assert not {"ngiêng", "cê", "ghan"} & made


def test_the_same_seed_draws_the_same(lines: Lines, tmp_path: Path) -> None:
    again = Lines(SOURCES, tmp_path, seed=5)
    for _ in range(20):
        a, b = lines.sample(4, 30), again.sample(4, 30)
        assert a.text == b.text
        assert np.array_equal(a.frame, b.frame)


def test_every_line_fits_the_net(lines: Lines) -> None:
    for _ in range(60):
        made = lines.sample(4, 40)
        height, width = made.frame.shape
        assert height == FRAME_HEIGHT
        assert width // STRIDE > len(made.text)
        assert made.frame.min() < 100 < made.frame.max()


@pytest.mark.parametrize("group", wear.GROUPS)
def test_each_wear_can_be_left_out(group: str, lines: Lines, tmp_path: Path) -> None:
    without = Lines(SOURCES, tmp_path, 5, frozenset({group}))
    differ = 0
    for _ in range(40):
        a, b = lines.sample(10, 30), without.sample(10, 30)
        differ += a.text != b.text or a.frame.shape != b.frame.shape or not np.array_equal(a.frame, b.frame)
    assert differ


def test_marks_move_and_letters_stay(lines: Lines, tmp_path: Path) -> None:
    path = fonts.FAMILIES[0].files[0]
    plain, moved = draw._glyph(path, "ổ"), draw._glyph(fonts.variant(tmp_path, path, 0), "ổ")
    assert moved.advance == pytest.approx(plain.advance, abs=1.5)  # hinting
    assert moved.top < plain.top  # the hook stands above the circumflex, not beside it
    same, still = draw._glyph(path, "o"), draw._glyph(fonts.variant(tmp_path, path, 0), "o")
    assert same.mask.shape[0] == pytest.approx(still.mask.shape[0], abs=2)


def test_own_ink_is_where_the_line_says(lines: Lines) -> None:
    pen = Pen(lines.pen.folder, random.Random(1))
    for text in ("Ế", "gỵ", "xem", "-"):
        drawn = pen.draw(text)
        rows = np.flatnonzero(drawn.ink.max(axis=1) > 0.3)
        assert (rows[0], rows[-1] + 1) == drawn.own
        assert drawn.own[0] > drawn.baseline - 1.3 * EM
