from __future__ import annotations

import re
import unicodedata
from datetime import date

import numpy as np
import pytest

from models.fields import DATE_FIELDS, FIELD_NAMES
from models.vietnamese.numbers import normalise_number
from models.vietnamese.syllables import score
from sample_scans import BLANK, KINDS, PAPER_TYPES, WEARS, generate, generate_pages
from sample_scans.generator import write_paper
from sample_scans.layout.draft import Draft
from sample_scans.papers import type_of
from sample_scans.truth import ATTRIBUTES
from tests.sample_scans.kinds import CARDS, FIRST, overlapping, text_of, words_of

ASKED_FOR = {
    *("quyet_dinh", "ke_hoach", "cong_van", "giay_khai_sinh", "trich_luc_ho_tich", "giay_xac_nhan_tinh_trang_hon_nhan"),
    *("giay_chung_nhan_ket_hon", "giay_chung_nhan_quyen_su_dung_dat", "giay_phep_xay_dung", "to_khai", "don"),
    *("giay_uy_quyen", "phu_luc"),
}


def test_every_type_that_the_counter_meets_is_there() -> None:
    assert set(PAPER_TYPES) >= ASKED_FOR


def test_a_kind_is_another_way_to_write_a_paper_type() -> None:
    assert {type_of(kind) for kind in KINDS} == set(PAPER_TYPES) <= set(KINDS)
    assert set(FIRST) <= set(KINDS)
    assert len(PAPER_TYPES) >= 60
    assert all(re.fullmatch(r"[a-z_]+(-[a-z0-9_]+)?", kind) for kind in KINDS)


DRAWN = [
    *((kind, seed) for kind in FIRST for seed in (1, 2, 21)),
    *((kind, 7) for kind in KINDS if kind not in FIRST),
]


@pytest.mark.parametrize(("kind", "seed"), DRAWN)
def test_a_paper_draws_with_text_fields_and_margins(kind: str, seed: int) -> None:
    draft = write_paper(kind, seed, dpi=100)
    assert set(draft.fields) <= set(FIELD_NAMES)
    assert not set(draft.more) & set(FIELD_NAMES)
    assert set(draft.attributes) <= set(ATTRIBUTES)
    for number, sheet in enumerate(draft.sheets, 1):
        words = words_of(sheet)
        assert len(words) > (30 if number == 1 else 5)
        for word in words:
            assert word.text == unicodedata.normalize("NFC", word.text)
            assert not set(word.text) & set("{}|*~^\n"), "markup left in the text"
            x0, y0, x1, y1 = word.box
            assert sheet.px(10) <= x0 < x1 <= sheet.width_px - sheet.px(10), word.text
            assert sheet.px(8) <= y0 < y1 <= sheet.height_px - sheet.px(10), word.text
        assert not overlapping(sheet)
    assert score(text_of(draft)) > (0.5 if kind in CARDS else 0.8), "the text is Vietnamese"
    assert_printed(draft)
    for number in re.findall(r"(?<!\d)0\d{11}(?!\d)", text_of(draft)):
        assert number[6:9] == "999", "ids are synthetic"


def assert_printed(draft: Draft) -> None:
    """Each field that has words says there what the truth says; dates only have to be dates."""
    values = {**draft.fields, **draft.more}
    said: dict[str, list[str]] = {}
    for sheet in draft.sheets:
        for word in words_of(sheet):
            for name in word.fields:
                said.setdefault(name, []).append(word.text)
    assert set(said) <= set(values)
    for name, words in said.items():
        value = values[name]
        assert value is not None, f"{name} is printed: {words}"
        if isinstance(value, str):
            assert re.sub(r"\W", "", value.lower()) in re.sub(r"\W", "", " ".join(words).lower()), (name, value, words)
    for name in DATE_FIELDS & set(draft.fields):
        assert draft.fields[name] is None or isinstance(draft.fields[name], date)


@pytest.mark.parametrize("paper_type", ["quyet_dinh", "ke_hoach", "cong_van"])
@pytest.mark.parametrize("seed", range(6))
def test_numbers_of_acts_follow_the_grammar(paper_type: str, seed: int) -> None:
    number = write_paper(paper_type, seed, dpi=50).fields["number"]
    assert isinstance(number, str)
    assert normalise_number(number) == number


def test_the_same_arguments_give_the_same_page_and_others_another() -> None:
    first, again = generate("don", 9, "photo", dpi=100), generate("don", 9, "photo", dpi=100)
    assert np.array_equal(first.image, again.image)
    assert first.truth == again.truth
    assert generate("don", 10, "photo", dpi=100).truth.text != first.truth.text


def test_a_page_alone_is_the_page_of_the_whole_paper() -> None:
    whole = generate_pages("quyet_dinh", 12, "scan", dpi=100)
    alone = generate("quyet_dinh", 12, "scan", page=2, dpi=100)
    assert len(whole) >= 2
    assert np.array_equal(whole[1].image, alone.image)
    assert whole[1].truth == alone.truth


@pytest.mark.parametrize("wear", sorted(WEARS))
def test_shapes_of_images(wear: str) -> None:
    sample = generate("to_khai", 6, wear, dpi=100)
    grey = WEARS[wear].copy
    assert sample.image.dtype == np.uint8
    assert sample.image.ndim == (2 if grey else 3)
    assert sample.image.shape[:2] == (sample.truth.height, sample.truth.width)
    assert not WEARS[wear].bitonal or set(np.unique(sample.image)) == {0, 255}


def test_blank_backs_say_so() -> None:
    sample = generate(BLANK, 3, "bleed", dpi=100)
    assert sample.truth.blank
    assert sample.truth.paper_type is None
    assert sample.truth.text == ""
    assert sample.image.min() > 120, "ghost ink, no ink"
    assert sample.image.std() > 1, "but there is a ghost"


def test_unknown_names_are_refused() -> None:
    with pytest.raises(KeyError):
        generate("nothing", 1)
    with pytest.raises(KeyError):
        generate("don", 1, "nothing")
    with pytest.raises(KeyError):
        generate("don", 1, attributes=("nothing",))


ACTS = ("chi_thi", "cong_van-khac")


@pytest.mark.parametrize("kind", ACTS)
def test_acts_come_from_many_offices_with_full_and_empty_numbers(kind: str) -> None:
    drafts = [write_paper(kind, seed, dpi=50) for seed in range(11)]
    assert len({draft.fields["issuer"] for draft in drafts}) > 6
    assert len({draft.more["number_symbol"] for draft in drafts}) >= (1 if kind == "chi_thi" else 3)
    assert {any(word.hand for word in words_of(draft.sheets[0])) for draft in drafts} == {True, False}
    for draft in drafts:
        number, symbol = draft.fields["number"], str(draft.more["number_symbol"])
        assert number is None or normalise_number(str(number)) == number
        assert number is None or str(number).endswith(f"/{symbol}")
        assert symbol in text_of(draft)
        day = draft.fields["issued_on"]
        if isinstance(day, date) and "huyện" in str(draft.fields["issuer"]):
            assert day < date(2025, 7, 1), "no district after that day"


def test_some_numbers_and_days_are_left_empty_and_null() -> None:
    drafts = [write_paper("to_trinh", seed, dpi=50) for seed in range(22)]
    empty = [draft for draft in drafts if draft.fields["number"] is None]
    assert 1 <= len(empty) <= 10
    assert all(re.search(r"Số: /TTr-", text_of(draft)) for draft in empty)
    undated = [draft for draft in drafts if draft.fields["issued_on"] is None]
    assert undated
    assert all(re.search(r"ngày tháng \d+ năm", text_of(draft)) for draft in undated)
