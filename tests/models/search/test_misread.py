from __future__ import annotations

import pytest

from models.search.misread import variants


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("khai", "khoi"),
        ("khai", "kha"),
        ("khai", "khaii"),
        ("khai", "kahi"),
        ("minh", "m1nh"),
        ("383", "3b3"),
        ("3b3", "383"),
    ],
)
def test_one_letter_apart(word: str, other: str) -> None:
    assert other in variants(word)


@pytest.mark.parametrize(
    ("word", "other"), [("khai", "khoii"), ("khai", "khai"), ("383", "384"), ("079200000123", "079200000128")]
)
def test_further_apart_or_another_number(word: str, other: str) -> None:
    assert other not in variants(word)


def test_short_words_are_near_everything_and_so_to_nothing() -> None:
    assert variants("an") == frozenset()
