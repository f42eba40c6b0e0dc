from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.classify.separators import Separator, format_separator, is_separator, parse_separator
from workers.page import Barcode, BarcodeKind, Box, Line, PageOutcome, Word

KEYED = Separator("giay_khai_sinh", "H56/2025 số 17")


def page(*codes: Barcode, words: int = 60) -> PageOutcome:
    line = Line(tuple(Word("tờ", (10, 10, 30, 20), 0.9) for _ in range(words)))
    return PageOutcome(1, width=1654, height=2339, dpi=200, lines=(line,), barcodes=codes)


def code(text: str, side: int = 430, kind: BarcodeKind = BarcodeKind.QR, box: Box | None = None) -> Barcode:
    return Barcode(kind, text, box or (600, 640, 600 + side, 640 + side))


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("DGZ1:SEP", Separator()),
        ("DGZ1:SEP;type=giay_khai_sinh", Separator("giay_khai_sinh")),
        ("DGZ1:SEP;key=17", Separator(None, "17")),
        ("DGZ1:SEP;type=giay_khai_sinh;key=H56/2025%20s%E1%BB%91%2017", KEYED),
        ("DGZ1:SEP;key=a%3Btype%3Db", Separator(None, "a;type=b")),
    ],
)
def test_the_grammar(text: str, separator: Separator) -> None:
    assert parse_separator(text) == separator
    assert format_separator(separator) == separator.payload == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DGZ1",
        "dgz1:sep",
        "DGZ2:SEP",
        "DGZ1:SEP;",
        "DGZ1:SEP\n",
        " DGZ1:SEP",
        "DGZ1:SEP;type=",
        "DGZ1:SEP;type=Giấy khai sinh",
        "DGZ1:SEP;key=",
        "DGZ1:SEP;key=a b",
        "DGZ1:SEP;key=%",
        "DGZ1:SEP;key=%e1",
        "DGZ1:SEP;key=%FF",
        "DGZ1:SEP;key=%00",
        "DGZ1:SEP;key=%20",
        "DGZ1:SEP;key=1;type=giay_khai_sinh",
        "DGZ1:SEP;key=1;key=2",
        "DGZ1:SEP;colour=red",
        "DGZ1:SEP;key=" + "1" * 121,
        "https://example.vn/DGZ1:SEP",
    ],
)
def test_anything_else_is_no_separator(text: str) -> None:
    assert parse_separator(text) is None


@pytest.mark.parametrize(
    "separator",
    [Separator("Giấy"), Separator(None, ""), Separator(None, "a\nb"), Separator(None, "1" * 121), Separator("")],
)
def test_what_no_code_can_say_is_not_written(separator: Separator) -> None:
    with pytest.raises(ValueError, match="separator"):
        format_separator(separator)


@given(st.text(st.characters(codec="utf-8"), max_size=130))
def test_a_key_comes_back_or_is_refused(key: str) -> None:
    separator = Separator(None, key)
    try:
        payload = format_separator(separator)
    except ValueError:
        return
    assert payload.isascii()
    assert parse_separator(payload) == separator


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    parse_separator(text)
    parse_separator(f"DGZ1:SEP;key={text}")


def test_a_sheet_with_a_large_code_and_few_words_is_one() -> None:
    assert is_separator(page(code(KEYED.payload))) == KEYED
    assert is_separator(page(code(KEYED.payload), words=0)) == KEYED
    bars = code(KEYED.payload, kind=BarcodeKind.CODE128, box=(200, 1150, 1450, 1280))
    assert is_separator(page(bars)) == KEYED  # the QR code may be torn
    assert is_separator(page(code(KEYED.payload), bars)) == KEYED
    assert is_separator(replace(page(code("DGZ1:SEP")), blank=True)) == Separator()


def test_a_paper_that_only_shows_a_separators_code_is_none() -> None:
    assert is_separator(page(code("DGZ1:SEP", 120))) is None
    assert is_separator(page(code("DGZ1:SEP"), words=320)) is None
    assert is_separator(page(code("DGZ1:SEP", kind=BarcodeKind.DATA_MATRIX))) is None
    assert is_separator(page(code("001190012345||Nguyễn Văn An|||"))) is None
    assert is_separator(page()) is None
    assert is_separator(PageOutcome(1)) is None


def test_two_sheets_in_one_picture_are_left_to_a_person() -> None:
    assert is_separator(page(code("DGZ1:SEP;key=1"), code("DGZ1:SEP;key=2"))) is None


def test_a_patch_sheet_is_one_that_says_nothing() -> None:
    bars = code("PATCHT", kind=BarcodeKind.CODE39, box=(430, 820, 980, 910))
    assert is_separator(page(bars, words=150)) == Separator()
    assert is_separator(page(replace(bars, text="PATCHES"), words=150)) is None
    assert is_separator(page(replace(bars, box=(430, 820, 630, 860)), words=150)) is None
