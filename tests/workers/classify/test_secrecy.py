"""R2: a mark of secrecy is found wherever it is stamped, and words of a text are none."""

from __future__ import annotations

import pytest

from tests.workers.classify.pages import act, line, page
from workers.classify.secrecy import Secrecy, secrecy_mark
from workers.page import PageOutcome


@pytest.mark.parametrize(
    ("stamp", "level"),
    [
        ("MẬT", Secrecy.SECRET),
        ("| MẬT |", Secrecy.SECRET),
        ("TMẠT", Secrecy.SECRET),
        ("IMẬTI", Secrecy.SECRET),
        ("TUYỆT MÀT1", Secrecy.UTMOST_SECRET),
        ("1TỐI MẬT 1", Secrecy.TOP_SECRET),
        ("MÂT", Secrecy.SECRET),
        ("TỐI MẬT", Secrecy.TOP_SECRET),
        ("TÔI MẬT", Secrecy.TOP_SECRET),
        ("TUYỆT MẬT", Secrecy.UTMOST_SECRET),
        ("TUYÊT MÂT", Secrecy.UTMOST_SECRET),
        ("TUYỆTMẬT", Secrecy.UTMOST_SECRET),
    ],
)
def test_r2_a_stamp_under_the_number(stamp: str, level: Secrecy) -> None:
    found = secrecy_mark(act(above=(line(50, 46, stamp),)))

    assert found is not None
    assert found.level is level
    assert found.text == stamp


def test_r2_a_stamp_in_two_lines_counts_as_its_highest() -> None:
    found = secrecy_mark(act(above=(line(55, 46, "TUYỆT", centre=True), line(55, 52, "MẬT", centre=True))))

    assert found is not None
    assert found.level is Secrecy.UTMOST_SECRET


@pytest.mark.parametrize(
    "words",
    [
        "bảo mật thông tin cá nhân của công dân",
        "BẢO MẬT THÔNG TIN",
        "Danh mục bí mật nhà nước",
        "Độ mật: MẬT",
        "Độ mật:",
        "mật",
        "MẶT BẰNG",
        "MẶT TRƯỚC",
        "MÁT",
        "MAI",
        "TẮT MẮT",
    ],
)
def test_r2_words_of_a_text_are_no_mark(words: str) -> None:
    assert secrecy_mark(act(above=(line(50, 46, words),), body=(words,))) is None


def test_r2_a_mark_far_down_the_page_or_none_at_all() -> None:
    assert secrecy_mark(page([line(30, 250, "MẬT")])) is None
    assert secrecy_mark(act()) is None
    assert secrecy_mark(PageOutcome(1)) is None
