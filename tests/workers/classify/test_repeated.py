"""Names that a paper has more than once: the marks that most of its own readings have stand, and nothing that was not read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.catalog import default_catalog
from tests.workers.classify.pages import act, line, page
from workers.classify.extract import Field, extract
from workers.classify.extract.family_names import with_family_name
from workers.classify.extract.field import UNSURE_BELOW
from workers.classify.extract.repeated import PaperText, as_named_again, as_repeated
from workers.page import PageOutcome

CATALOG = default_catalog()


def text(*lines: str, confidence: float = 0.9) -> PaperText:
    return PaperText.of([page([line(25, 20 + 8 * row, said, confidence=confidence) for row, said in enumerate(lines)])])


def issuer_of(outcome: PageOutcome, kind: str = "quyet_dinh") -> Field:
    found = extract([outcome], CATALOG.paper_type(kind), CATALOG).fields["issuer"]
    assert found is not None
    return found


def test_the_place_of_an_issuer_is_spelled_as_most_of_the_paper_has_it() -> None:
    outcome = act(
        issuer=("ỦY BAN NHÂN DÂN", "XÃ SUỔI LAU ĐÔNG"),
        date="Suối Lau Đông, ngày 05 tháng 01 năm 2025",
        summary=("Về việc quản lý chợ", "trên địa bàn xã Suối Lau Đông"),
    )

    found = issuer_of(outcome)

    assert (found.value, found.doubt) == ("ỦY BAN NHÂN DÂN XÃ SUỐI LAU ĐÔNG", "MENDED")
    assert found.confidence <= UNSURE_BELOW


def test_one_voice_against_another_changes_nothing() -> None:
    known = Field("ỦY BAN NHÂN DÂN XÃ BỂN TRĂNG", 0.9)

    assert as_repeated(known, text("ỦY BAN NHÂN DÂN XÃ BỂN TRĂNG", "Bến Trăng, ngày 05 tháng 01 năm 2025")) == known


def test_a_place_with_other_letters_is_another_place() -> None:
    known = Field("ỦY BAN NHÂN DÂN XÃ NÚI DẺ", 0.9)

    assert as_repeated(known, text("XÃ NÚI DẺ", "xã Núi Đá", "xã Núi Đá", "xã Núi Đá")) == known


def test_a_word_that_is_no_syllable_gives_way_to_one_that_is() -> None:
    found = as_repeated(
        Field("ỦY BAN NHÂN DÂN TỈNH SƠ8 MÂY", 0.9), text("TỈNH SƠ8 MÂY", "Sơn Mây, ngày", "tỉnh Sơn Mây")
    )

    assert found.value == "ỦY BAN NHÂN DÂN TỈNH SƠN MÂY"


def test_a_person_is_spelled_as_the_rest_of_the_paper_has_the_name_each_word_in_its_own_case() -> None:
    once = "TRẦN NGỌC TỔ NGA"
    found = as_named_again(
        Field(once, 0.9), text(once, "Chứng thực chữ ký của bà Trần Ngọc Tố Nga", "Trần Ngọc Tố Nga")
    )

    assert (found.value, found.doubt) == ("TRẦN NGỌC TỐ NGA", "MENDED")


def test_an_issuer_without_its_place_has_that_of_the_date_line_when_the_paper_says_what_sort_it_is() -> None:
    told = act(
        issuer=("ỦY BAN NHÂN DÂN",),
        date="Cồn Sương, ngày 05 tháng 01 năm 2025",
        summary=("Về việc giao đất", "tại xã Cồn Sương"),
    )
    silent = act(issuer=("ỦY BAN NHÂN DÂN",), date="Cồn Sương, ngày 05 tháng 01 năm 2025")
    two = replace(told, lines=(*told.lines, line(25, 200, "thị trấn Cồn Sương")))

    assert (issuer_of(told).value, issuer_of(told).doubt) == ("ỦY BAN NHÂN DÂN XÃ CỒN SƯƠNG", "PLACE_ELSEWHERE")
    assert (issuer_of(silent).value, issuer_of(silent).doubt) == ("ỦY BAN NHÂN DÂN", "NO_PLACE")
    assert (issuer_of(two).value, issuer_of(two).doubt) == ("ỦY BAN NHÂN DÂN", "NO_PLACE")


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("Bũi Khắc Lộc Điền", "Bùi Khắc Lộc Điền"),
        ("NGUYỀN VĂN AN", "NGUYỄN VĂN AN"),
        ("Lổ Thị Mỹ", None),  # Lò, Lô, Lộ
        ("Bùi Khắc Lộc", None),
        ("Dan X", None),
    ],
)
def test_a_family_name_has_its_own_marks_where_one_alone_has_these_letters(read: str, right: str | None) -> None:
    assert with_family_name(read) == right
