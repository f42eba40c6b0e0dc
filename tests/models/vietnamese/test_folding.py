from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese import fold, nfc, place_tones
from models.vietnamese.syllables import ONSETS, RHYMES, TONES, is_syllable, parse, tone_position

VOWELS = "aăâeêioôơuưy"
LETTERS = sorted(
    {case(nfc(vowel + tone)) for vowel in VOWELS for tone in ("", *TONES) for case in (str.lower, str.upper)}
    | set("bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVX")
)
SYLLABLES = sorted(
    nfc(letters[: at + 1] + tone + letters[at + 1 :])
    for onset in ONSETS
    for rhyme in RHYMES
    for tone in ("", *TONES)
    for letters, at in [(onset + rhyme, tone_position(onset, rhyme))]
    if (found := parse(letters[: at + 1] + tone + letters[at + 1 :])) is not None and found.onset == onset
)
vietnamese = st.text(alphabet=st.sampled_from([*LETTERS, " ", "-", "/", "1"]))
anything = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


def test_every_letter_is_one_code_point_and_folds_to_ascii() -> None:
    assert len(LETTERS) == (12 * 6 + 17) * 2
    for letter in LETTERS:
        assert len(letter) == 1
        assert nfc(unicodedata.normalize("NFD", letter)) == letter
        assert len(fold(letter)) == 1
        assert fold(letter).isascii()
        assert fold(letter).islower()


@given(vietnamese)
def test_fold_keeps_length_and_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert [fold(letter) for letter in text] == list(fold(text))


@given(anything)
def test_fold_is_idempotent_and_blind_to_normal_form(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert fold(unicodedata.normalize("NFD", text)) == once
    assert fold(nfc(text)) == once


@given(vietnamese)
def test_fold_is_blind_to_case_marks_and_placement(text: str) -> None:
    assert fold(text.upper()) == fold(text)
    assert fold(place_tones(text)) == fold(text)


@given(anything)
def test_placing_twice_is_placing_once(text: str) -> None:
    once = place_tones(text)
    assert place_tones(once) == once
    assert place_tones(unicodedata.normalize("NFD", text)) == once
    assert len(once) == len(nfc(text))


@pytest.mark.parametrize(
    ("written", "placed"),
    [
        ("hoà", "hòa"),
        ("Hoà bình", "Hòa bình"),
        ("UỶ BAN", "ỦY BAN"),
        ("thuý khoẻ tuỳ", "thúy khỏe tùy"),
        ("tòan đựơc qúy gìa", "toàn được quý già"),
        ("quý quỳnh quyết quốc", "quý quỳnh quyết quốc"),
        ("giếng gì gìn giặt", "giếng gì gìn giặt"),
        ("khuỷu ngoéo xoáy khuya thuở", "khuỷu ngoéo xoáy khuya thuở"),
        ("nghĩa của cửa mía", "nghĩa của cửa mía"),
        ("hoàn huỳnh xoét", "hoàn huỳnh xoét"),
        ("café río déjà São naïve", "café río déjà São naïve"),
        ("hoa@thuy.vn QĐ-UBND 2a", "hoa@thuy.vn QĐ-UBND 2a"),
    ],
)
def test_placements(written: str, placed: str) -> None:
    assert place_tones(written) == placed
    assert place_tones(unicodedata.normalize("NFD", written)) == placed


def test_every_syllable_finds_its_place_from_any_letter() -> None:
    """Moving the tone to any other vowel and placing it again gives the syllable back, unless that spells another one."""
    assert len(SYLLABLES) > 10_000
    for syllable in SYLLABLES[::7]:
        found = parse(syllable)
        assert found is not None
        assert place_tones(syllable) == syllable
        assert is_syllable(syllable), syllable
        if not found.tone:
            continue
        letters = found.onset + found.rhyme
        for at in (index for index, letter in enumerate(letters) if letter in VOWELS):
            moved = nfc(letters[: at + 1] + found.tone + letters[at + 1 :])
            assert place_tones(moved) == syllable


def test_both_styles_are_the_same_word() -> None:
    for old, new in [("òa", "oà"), ("óe", "oé"), ("ủy", "uỷ")]:
        assert place_tones(new) == old
        for onset in ("h", "kh", "th", "l", "t"):
            assert place_tones(onset + new) == onset + old
