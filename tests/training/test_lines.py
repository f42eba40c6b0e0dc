"""The drawn lines: what they say can be named, what they show can be spelled, and the same seed draws the same."""

from __future__ import annotations

import random
import re
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


TINOS = tuple(family for family in OFFICE if family.files[0].stem.startswith("Tinos"))


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one copy with moved marks of each of the faces that the sample scans need anyway: seconds to make."""
    folder = tmp_path_factory.mktemp("faces")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fonts, "FAMILIES", TINOS)
        fonts.make_variants(folder, 1)
    return folder


@pytest.fixture
def lines(faces: Path, monkeypatch: pytest.MonkeyPatch) -> Lines:
    monkeypatch.setattr(fonts, "FAMILIES", TINOS)
    monkeypatch.setattr(draw, "FAMILIES", TINOS)
    monkeypatch.setattr(draw, "VARIANTS", 1)
    return Lines(SOURCES, faces, seed=5)


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


def test_the_same_seed_draws_the_same(lines: Lines, faces: Path) -> None:
    again = Lines(SOURCES, faces, seed=5)
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
def test_each_wear_can_be_left_out(group: str, lines: Lines, faces: Path) -> None:
    without = Lines(SOURCES, faces, 5, frozenset({group}))
    pairs = ((lines.sample(10, 30), without.sample(10, 30)) for _ in range(300))
    assert any(a.text != b.text or not np.array_equal(a.frame, b.frame) for a, b in pairs)


def test_a_pen_behind_the_line_leaves_its_letters_alone(lines: Lines) -> None:
    rng = random.Random(1)
    for _ in range(20):
        line = lines.pen.draw("Lưu: VT, CĐS")
        penned = wear.initialled(line, rng)
        width = line.ink.shape[1] - draw.EM
        assert np.array_equal(penned.ink[:, : width - draw.EM // 4], line.ink[:, : width - draw.EM // 4])
        assert (penned.own, penned.baseline) == (line.own, line.baseline)
        columns = np.flatnonzero(penned.ink[:, width + draw.EM // 8 :].max(axis=0) > 0.3)
        assert np.ptp(columns) > 0.2 * draw.EM  # a full stop is half as wide


def test_some_lines_end_behind_the_hyphen_of_a_document_number() -> None:
    text = Text(SOURCES, 3)
    said = [text.line(15, 40) for _ in range(400)]
    assert sum(bool(re.search(r"\d/[A-ZĐa-z]+-$", line)) for line in said) >= 4


def test_marks_move_and_letters_bend_on_the_line(lines: Lines, faces: Path) -> None:
    path = fonts.FAMILIES[0].files[0]
    varied = fonts.variant(faces, path, 0)
    plain, moved = draw._glyph(path, "ổ"), draw._glyph(varied, "ổ")
    assert moved.top < plain.top  # the hook stands above the circumflex, not beside it
    assert moved.advance == draw._glyph(varied, "o").advance == pytest.approx(plain.advance, rel=0.12)
    for letter in "oVnTx":
        same, bent = draw._glyph(path, letter), draw._glyph(varied, letter)
        assert (same.mask.shape, same.left) != (bent.mask.shape, bent.left) or not np.array_equal(same.mask, bent.mask)
        assert bent.top + bent.mask.shape[0] == pytest.approx(same.top + same.mask.shape[0], abs=2)
        assert bent.mask.shape[0] == pytest.approx(same.mask.shape[0], abs=3)


def test_some_italics_have_a_v_that_leans_as_in_times_new_roman(lines: Lines, faces: Path) -> None:
    path = fonts.FAMILIES[0].files[2]

    def foot(face: Path) -> float:
        """Where the V stands, as a share of its width."""
        mask = draw._glyph(face, "V").mask
        return float(np.flatnonzero(mask[-4:].max(axis=0) > 100).mean() / mask.shape[1])

    assert foot(fonts.variant(faces, path, 0)) < foot(path) - 0.02


def test_a_raised_figure_is_a_small_one_over_the_line() -> None:
    path = fonts.FAMILIES[0].files[0]
    raised, whole = draw._raised(path, "³", 0.65, 0.35), draw._glyph(path, "3")
    height = raised.mask.shape[0]
    assert height == pytest.approx(0.65 * whole.mask.shape[0], abs=1)
    assert whole.top - EM * 0.15 <= raised.top < raised.top + height < -0.2 * EM


def test_notes_and_moments_of_signing_are_said() -> None:
    text = Text(SOURCES, 11)
    said = [text.line(20, 60) for _ in range(1500)]
    assert sum(line[0] in "¹²³" for line in said) > 3
    assert sum(re.search(r"\w[¹²³]", line) is not None for line in said) > 10
    assert sum(re.search(r"\d\d:\d\d", line) is not None for line in said) > 10


def test_own_ink_is_where_the_line_says(lines: Lines) -> None:
    pen = Pen(lines.pen.folder, random.Random(1))
    for text in ("Ế", "gỵ", "xem", "-"):
        drawn = pen.draw(text)
        rows = np.flatnonzero(drawn.ink.max(axis=1) > 0.3)
        assert (rows[0], rows[-1] + 1) == drawn.own
        assert drawn.own[0] > drawn.baseline - 1.3 * EM
