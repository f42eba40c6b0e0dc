"""Every letter comes back as it went in, with single spaces and in our order."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workers.pdf.drawing import draw, jpeg_source, outcome, write
from tests.workers.pdf.proof import pdfium_text, pdftotext, poppler_words, preflight
from workers.page import Line, PageOutcome, Word
from workers.pdf.font import InkFont, clusters
from workers.pdf.textlayer import text_operators

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LOWER = [unicodedata.normalize("NFC", v + t) for v in VOWELS for t in TONES] + list("bcdđghklmnpqrstvxfjwz")
LETTERS = LOWER + [c.upper() for c in LOWER]


def page_of(rows: Sequence[Sequence[str]]) -> PageOutcome:
    """Words in even boxes on an empty A4 page at 150 dpi."""
    page = draw(())
    lines = []
    for number, row in enumerate(rows):
        x, words = 60, []
        for word in row:
            width = 11 * max(len(unicodedata.normalize("NFC", word)), 1)
            words.append(Word(word, (x, 60 + 40 * number, x + width, 80 + 40 * number), 0.9))
            x += width + 8
        lines.append(Line(tuple(words)))
    return outcome(page, jpeg_source(page.pixels), lines=tuple(lines))


def expected(rows: Sequence[Sequence[str]]) -> list[str]:
    return [unicodedata.normalize("NFC", " ".join(row)) for row in rows]


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.replace("\f", "").splitlines() if line.strip()]


def test_every_vietnamese_letter_in_both_cases(tmp_path: Path) -> None:
    assert len(set(LETTERS)) == 186
    rows = [["".join(LETTERS[i : i + 6]) for i in range(start, start + 30, 6)] for start in range(0, len(LETTERS), 30)]
    path = tmp_path / "out.pdf"
    write(path, page_of(rows))
    for text in (pdftotext(path), pdftotext(path, "-layout"), pdftotext(path, "-raw"), pdfium_text(path)):
        assert [" ".join(line.split()) for line in lines_of(text)] == expected([[w for w in r if w] for r in rows])
    assert preflight(path) == ""


def test_decomposed_input_comes_back_composed(tmp_path: Path) -> None:
    rows = [[unicodedata.normalize("NFD", word) for word in ("Quyết", "định", "phê", "duyệt", "Ủy", "ban")]]
    path = tmp_path / "out.pdf"
    write(path, page_of(rows))
    assert lines_of(pdftotext(path)) == ["Quyết định phê duyệt Ủy ban"] == lines_of(pdfium_text(path))


def test_what_unicode_has_beyond_vietnamese(tmp_path: Path) -> None:
    """Sequences that fonts make ligatures of, marks that NFC can't fold, symbols, letters past U+FFFF."""
    rows = [
        ["office", "ﬁnal", "ffl"],
        ["x\u0323\u0302m", "☑", "→", "№", "½"],
        ["😀", "𝑨", "𠀋"],
        ["§", "…", "“Điều”", "–"],
    ]
    path = tmp_path / "out.pdf"
    write(path, page_of(rows))
    assert lines_of(pdftotext(path)) == expected(rows)
    unfolded = [line.replace("ﬁ", "fi") for line in expected(rows)]  # pdfium spells ligature characters out
    assert lines_of(pdfium_text(path)) == unfolded
    assert preflight(path) == ""


def test_what_can_not_be_written_is_left_out(tmp_path: Path) -> None:
    page = draw(())
    texts = ("a\x00b", "\ud800", "", "\x07", "c\u00a0d", "cuối")
    words = [
        Word(text, (100 + 60 * at, 100, 150 + 60 * at, 130), 0.9)
        for at, text in zip((0, 1, 1, 1, 1, 2), texts, strict=True)
    ]
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels), lines=(Line(tuple(words)),)))
    assert lines_of(pdftotext(path)) == ["ab cd cuối"] == lines_of(pdfium_text(path))


WORD = st.lists(st.sampled_from(LETTERS + list("0123456789/-.,()")), min_size=1, max_size=9).map("".join)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(WORD, min_size=1, max_size=7), min_size=1, max_size=12))
def test_any_lines_come_back_from_poppler_in_our_order(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "out.pdf"
    write(path, page_of(rows))
    assert lines_of(pdftotext(path, "-raw")) == expected(rows)
    assert lines_of(pdftotext(path, "-layout")) == expected(rows)
    assert lines_of(pdftotext(path)) == expected(rows)
    assert pdfium_text(path).split() == " ".join(expected(rows)).split()


@pytest.mark.parametrize("after", ["HCSN ngày 15/01/2025", "2025", "N", "-"])
def test_a_number_broken_at_a_hyphen_keeps_it(tmp_path: Path, after: str) -> None:
    """Readers take a hyphen at a line's end for hyphenation and drop it; "143/STC-HCSN" must not become "143/STCHCSN"."""
    rows = [["văn", "số", "143/STC-"], after.split(), ["Tự", "do", "-"], ["Hạnh", "phúc"], ["-"]]
    path = tmp_path / "out.pdf"
    write(path, page_of(rows))
    assert lines_of(pdftotext(path)) == expected(rows)
    assert lines_of(pdftotext(path, "-layout")) == expected(rows)
    assert pdfium_text(path).split() == " ".join(expected(rows)).split()
    assert preflight(path) == ""


@pytest.mark.parametrize("gap", [12, 3, 1, 0, -4])
def test_words_that_touch_are_not_merged(tmp_path: Path, gap: int) -> None:
    words, x = [], 100
    for text in ("Thông", "tin", "và", "Truyền", "thông"):
        width = 14 * len(text)
        words.append(Word(text, (x, 100, x + width, 130), 0.9))
        x += width + gap
    page = draw(())
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels), lines=(Line(tuple(words)),)))
    for text in (pdftotext(path), pdftotext(path, "-layout"), pdfium_text(path)):
        assert " ".join(text.split()) == "Thông tin và Truyền thông"
    assert [w.text for w in poppler_words(path, 1, page.dpi)] == [w.text for w in words]


def test_a_row_of_single_letters_is_not_one_word(tmp_path: Path) -> None:
    """The numbers over the columns of a table; poppler reads evenly spaced letters as one stretched word."""
    rows = [["1", "2", "3", "4"], ["A", "B"], ["ộ"]]
    path = tmp_path / "out.pdf"
    write(path, page_of(rows))
    for text in (pdftotext(path), pdftotext(path, "-layout"), pdfium_text(path)):
        assert lines_of(text) == expected(rows)


def test_words_far_apart_have_one_space_between_them(tmp_path: Path) -> None:
    page = draw(())
    line = Line((Word("Nơi", (100, 100, 150, 130), 0.9), Word("nhận:", (400, 100, 500, 130), 0.9)))
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels), lines=(line,)))
    assert lines_of(pdfium_text(path)) == ["Nơi nhận:"]
    assert lines_of(pdftotext(path, "-raw")) == ["Nơi nhận:"]


def test_words_out_of_order_in_a_line_keep_the_order_given(tmp_path: Path) -> None:
    page = draw(())
    line = Line((Word("sau", (400, 100, 460, 130), 0.9), Word("trước", (100, 100, 180, 130), 0.9)))
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels), lines=(line,)))
    assert pdftotext(path, "-raw").split() == ["sau", "trước"]


def test_a_blank_page_has_no_text_at_all(tmp_path: Path) -> None:
    page = draw(())
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels), blank=True))
    assert pdftotext(path).strip() == "" == pdfium_text(path).strip()
    assert b"/Font" not in path.read_bytes()
    assert preflight(path) == ""


def test_odd_boxes_do_no_harm() -> None:
    boxes = [(10, 10, 10, 10), (5, 50, 4, 20), (-20, -9, 30, 20), (0, 0, 100_000, 3), (7, 0, 9, 90_000)]
    lines = [Line((Word("chữ", box, 0.5),)) for box in boxes]
    operators = text_operators(lines, 1754, 0.48, InkFont()).decode()
    assert operators.count("Tj") == operators.count("Td") == len(boxes)
    assert "nan" not in operators
    assert "inf" not in operators
    numbers = [float(token) for token in operators.split() if token.replace(".", "").replace("-", "").isdigit()]
    assert np.abs(numbers).max() < 32767 * 100


def test_clusters_keep_marks_with_their_letter() -> None:
    assert list(clusters("e\u0302\u0301x\u0323\u0302")) == ["ế", "x\u0323\u0302"]
    assert "".join(clusters("a" + "\u0300\u0332" * 20)) == unicodedata.normalize("NFC", "a" + "\u0300\u0332" * 20)
    assert list(clusters(" \t\n")) == []
