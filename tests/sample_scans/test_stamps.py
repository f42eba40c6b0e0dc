from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from sample_scans import generate, generate_pages
from sample_scans.generator import write_paper
from sample_scans.stamps import PUT
from sample_scans.truth import ATTRIBUTES

SECRECY_AND_HASTE = ("mat", "toi_mat", "tuyet_mat", "khan", "thuong_khan", "hoa_toc")


def test_every_attribute_but_the_extract_can_be_put_on() -> None:
    assert {*PUT, "trich_luc"} == set(ATTRIBUTES)


@pytest.mark.parametrize("attribute", sorted(PUT))
def test_an_attribute_changes_the_picture_and_is_in_the_truth(attribute: str) -> None:
    plain = generate_pages("to_trinh", 8, "clean", dpi=60)
    marked = generate_pages("to_trinh", 8, "clean", dpi=60, attributes=(attribute,))
    assert len(plain) == len(marked)
    assert any((a.image != b.image).any() for a, b in zip(plain, marked, strict=True))
    assert {page.truth.attributes for page in marked} == {(attribute,)}
    assert plain[0].truth.attributes == ()
    for before, after in zip(plain, marked, strict=True):
        assert [line.text for line in before.truth.lines] == [line.text for line in after.truth.lines][
            : len(before.truth.lines)
        ]


@pytest.mark.parametrize("attribute", SECRECY_AND_HASTE)
@pytest.mark.parametrize("kind", ["to_trinh", "cong_van"])
def test_secrecy_and_haste_stand_under_the_number_on_the_left(kind: str, attribute: str) -> None:
    truth = generate(kind, 8, "clean", dpi=80, attributes=(attribute,)).truth
    stamp = next(mark.box for mark in truth.marks if mark.kind == "stamp")
    number = next(word.box for word in truth.words if word.text == "Số:")
    assert stamp[1] >= number[3]
    assert stamp[2] < truth.width / 2
    assert stamp[3] < truth.height / 3


def test_the_words_of_a_digital_signature_are_text_with_issuer_and_time() -> None:
    draft = write_paper("to_trinh", 3, dpi=100, attributes=("chu_ky_so",))
    sheet = draft.sheets[0]
    said = " ".join(word.text for line in sheet.lines for word in line.words if "signed_at" in word.fields)
    assert said == draft.more["signed_at"]
    assert draft.more["signed_by"] == draft.fields["issuer"]
    moment = datetime.strptime(said, "%d.%m.%Y %H:%M:%S %z")
    assert sheet.day == moment.date()


def test_wear_and_paper_say_what_they_are_themselves() -> None:
    assert generate("don", 2, "stamped", dpi=60).truth.attributes == ("den",)
    assert generate("trich_luc_ho_tich", 2, "clean", dpi=60).truth.attributes == ("ban_sao", "trich_luc")
    assert generate("giay_khai_sinh-ban_sao", 2, "clean", dpi=60).truth.attributes == ("ban_sao",)


def test_an_attribute_leaves_the_paper_below_it_as_it_was() -> None:
    """Its random numbers are its own: apart from the stamp no pixel moves."""
    plain, marked = (generate("to_trinh", 8, "clean", dpi=60, attributes=extra) for extra in ((), ("mat",)))
    x0, y0, x1, y1 = next(mark.box for mark in marked.truth.marks if mark.kind == "stamp")
    different = np.argwhere((plain.image != marked.image).any(axis=2))
    assert len(different)
    assert (different >= (y0, x0)).all()
    assert (different < (y1, x1)).all()
