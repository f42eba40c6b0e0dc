"""R3: stamps of copies make a paper one whose original must be shown; their number and date are told."""

from __future__ import annotations

import pytest

from models.rules.scope import needs_comparison
from tests.workers.classify.pages import act, line
from workers.classify.certified import read_copy_stamps


def test_r3_a_commune_certified_the_copy() -> None:
    stamp = (
        line(30, 200, "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH", size=11),
        line(30, 206, "Số chứng thực: 1208 Quyển số: 01-SCT/BS", size=11),
        line(30, 212, "Ngày 09 tháng 09 năm 2026", size=11),
    )

    found = read_copy_stamps([act(above=stamp)])

    assert found.attributes == {"ban_sao_chung_thuc"}
    assert needs_comparison(found.attributes)
    assert found.fields["certified_number"].value == "1208"
    assert found.fields["certified_number"].more["book"] == "01-SCT/BS"
    assert found.fields["certified_on"].value == "2026-09-09"


@pytest.mark.parametrize(
    ("words", "attribute"),
    [
        ("SAO Y BẢN CHÍNH", "sao_y"),
        ("SAO Y", "sao_y"),
        ("SAO LỤC", "sao_luc"),
        ("TRÍCH SAO", "trich_sao"),
        ("Số: 12/SY-UBND", "sao_y"),
        ("CHỨNG THƯC BAN SAO ĐÚNG VỚI BẢN CHINH", "ban_sao_chung_thuc"),
    ],
)
def test_r3_forms_of_copy(words: str, attribute: str) -> None:
    found = read_copy_stamps([act(above=(line(140, 6, words),))])

    assert attribute in found.attributes
    assert needs_comparison(found.attributes)


@pytest.mark.parametrize(
    "words",
    [
        "Căn cứ quy định về sao y, sao lục và trích sao văn bản giấy",
        "Số chứng thực: 652, quyển số 01/2026-SCT/CK,ĐC",
        "chứng thực bản sao từ bản chính tại Ủy ban nhân dân xã và các tổ chức hành nghề công chứng",
    ],
)
def test_r3_a_text_that_speaks_of_copies_bears_no_stamp(words: str) -> None:
    found = read_copy_stamps([act(body=(words,))])

    assert found.attributes == frozenset()
    assert found.fields == {}
