from __future__ import annotations

import re
import unicodedata
from datetime import date
from itertools import combinations

import numpy as np
import pytest

from models.fields import FIELD_NAMES
from models.vietnamese.numbers import normalise_number
from models.vietnamese.syllables import score
from sample_scans import BLANK, PAPER_TYPES, WEARS, generate, generate_pages
from sample_scans.generator import write_paper
from sample_scans.layout.sheet import SetWord

ASKED_FOR = {
    *("quyet_dinh", "ke_hoach", "cong_van", "giay_khai_sinh", "trich_luc_ho_tich", "giay_xac_nhan_tinh_trang_hon_nhan"),
    *("giay_chung_nhan_ket_hon", "giay_chung_nhan_quyen_su_dung_dat", "giay_phep_xay_dung", "to_khai", "don"),
    *("giay_uy_quyen", "phu_luc"),
}


def test_every_type_that_the_counter_meets_is_there() -> None:
    assert set(PAPER_TYPES) >= ASKED_FOR


@pytest.mark.parametrize("paper_type", PAPER_TYPES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_paper_draws_with_text_fields_and_margins(paper_type: str, seed: int) -> None:
    draft = write_paper(paper_type, seed, dpi=100)
    fields = draft.fields
    assert set(fields) <= set(FIELD_NAMES)
    for number, sheet in enumerate(draft.sheets, 1):
        words = [word for line in sheet.lines for word in line.words]
        assert len(words) > (30 if number == 1 else 5)
        for word in words:
            assert word.text == unicodedata.normalize("NFC", word.text)
            assert not set(word.text) & set("{}|*~^\n"), "markup left in the text"
            x0, y0, x1, y1 = word.box
            assert sheet.px(10) <= x0 < x1 <= sheet.width_px - sheet.px(10), word.text
            assert sheet.px(8) <= y0 < y1 <= sheet.height_px - sheet.px(10), word.text


@pytest.mark.parametrize("paper_type", PAPER_TYPES)
def test_fields_are_printed_where_the_truth_says(paper_type: str) -> None:
    truth = generate(paper_type, 11, "clean", dpi=100).truth
    tagged = {name for word in truth.words for name in word.fields}
    assert tagged <= set(truth.fields)
    for name in tagged - {"issued_on", "holder_birth_date", "valid_until"}:
        said = " ".join(word.text for word in truth.words if name in word.fields).strip("; ,.:")
        value = truth.fields[name]
        assert value is not None
        assert re.sub(r"\W", "", value.lower()) in re.sub(r"\W", "", said.lower()), (name, value, said)
    for name in ("issued_on", "holder_birth_date", "valid_until"):
        if truth.fields.get(name):
            date.fromisoformat(str(truth.fields[name]))


@pytest.mark.parametrize("paper_type", ["quyet_dinh", "ke_hoach", "cong_van"])
@pytest.mark.parametrize("seed", range(6))
def test_numbers_of_acts_follow_the_grammar(paper_type: str, seed: int) -> None:
    number = write_paper(paper_type, seed, dpi=50).fields["number"]
    assert isinstance(number, str)
    assert normalise_number(number) == number


@pytest.mark.parametrize("paper_type", PAPER_TYPES)
def test_the_text_is_vietnamese(paper_type: str) -> None:
    assert score(generate(paper_type, 4, "clean", dpi=80).truth.text) > 0.8


@pytest.mark.parametrize("paper_type", PAPER_TYPES)
@pytest.mark.parametrize("seed", [21, 22, 23, 24])
def test_no_two_words_overlap(paper_type: str, seed: int) -> None:
    """Ink boxes of words may touch by the hair of a bracket, not lie on each other."""
    for sheet in write_paper(paper_type, seed, dpi=100).sheets:
        words = [word for line in sheet.lines for word in line.words]
        worst = [(a.text, b.text) for a, b in combinations(words, 2) if overlap(a, b) > 0.12]
        assert not worst


def overlap(a: SetWord, b: SetWord) -> float:
    wide = min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
    tall = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    if wide <= 0 or tall <= 0:
        return 0.0
    sizes = [(word.box[2] - word.box[0]) * (word.box[3] - word.box[1]) for word in (a, b)]
    return wide * tall / min(sizes)


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
