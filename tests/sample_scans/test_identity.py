from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
import zxingcpp

from sample_scans import generate
from sample_scans.generator import write_paper
from sample_scans.papers import mrz
from sample_scans.papers.certificates import tax_code
from sample_scans.papers.identity import card_expiry
from sample_scans.people import Person, make_cast

HOLDER = make_cast(Random(4)).holder


def born(day: date) -> Person:
    return replace(HOLDER, born=day)


@pytest.mark.parametrize(
    ("text", "digit"),
    [("D23145890", "7"), ("740812", "2"), ("120415", "9"), ("L898902C3", "6"), ("ZE184226B<<<<<", "1")],
)
def test_check_digits_of_the_specimens_of_icao_9303(text: str, digit: str) -> None:
    assert mrz.check_digit(text) == digit


def test_the_composite_digit_of_the_specimens() -> None:
    first, second = "I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6"
    assert mrz.check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29]) == second[29]


def test_zones_have_their_widths_and_carry_the_id() -> None:
    first, second, third = mrz.card(HOLDER, date(2030, 5, 1))
    assert [len(line) for line in (first, second, third)] == [30, 30, 30]
    assert first[5:14] == HOLDER.id_number[-9:]
    assert first[15:27] == HOLDER.id_number
    assert second[:6] == f"{HOLDER.born:%y%m%d}"
    assert second[8:14] == "300501"
    assert [len(line) for line in mrz.passport(HOLDER, "C1234567", date(2030, 5, 1))] == [44, 44]
    assert mrz.plain("Đặng Thị Ửng Hòa") == "DANG THI UNG HOA"


@pytest.mark.parametrize(
    ("birth", "issued", "expires"),
    [
        (date(1990, 5, 10), date(2023, 1, 2), date(2030, 5, 10)),
        (date(1999, 5, 10), date(2023, 1, 2), date(2039, 5, 10)),  # within two years of 25: good until 40
        (date(1999, 5, 10), date(2022, 1, 2), date(2024, 5, 10)),
        (date(2024, 3, 1), date(2024, 8, 1), date(2038, 3, 1)),
        (date(1957, 3, 1), date(2024, 8, 1), None),
    ],
)
def test_the_age_at_which_a_card_ends(birth: date, issued: date, expires: date | None) -> None:
    assert card_expiry(born(birth), issued) == expires


@pytest.mark.parametrize("kind", ["can_cuoc", "can_cuoc_cong_dan"])
def test_the_qr_of_a_card_reads_from_a_scan_and_says_what_is_printed(kind: str) -> None:
    sample = generate(kind, 3, "scan", dpi=200)
    found = zxingcpp.read_barcodes(np.ascontiguousarray(sample.image))
    parts = found[0].text.split("|")
    assert len(parts) == 7
    assert parts[0] == sample.truth.fields["holder_id"]
    assert parts[2].upper() == str(sample.truth.fields["holder_name"]).upper()
    assert parts[3] == date.fromisoformat(str(sample.truth.fields["holder_birth_date"])).strftime("%d%m%Y")
    assert parts[6] == date.fromisoformat(str(sample.truth.fields["issued_on"])).strftime("%d%m%Y")


def test_the_zone_on_the_card_is_the_zone_of_the_truth() -> None:
    draft = write_paper("can_cuoc", 5, dpi=100)
    printed = [word.text for line in draft.sheets[0].lines for word in line.words if "mrz" in word.fields]
    assert "\n".join(printed) == draft.more["mrz"]


def check(digits: str) -> int:
    return 10 - sum(w * int(d) for w, d in zip((31, 29, 23, 19, 17, 13, 7, 5, 3), digits, strict=True)) % 11


def test_tax_codes_carry_their_check_digit() -> None:
    assert [check(code[:9]) for code in ("0300588569", "0101248141", "0100109106")] == [9, 1, 6]
    codes = [tax_code(Random(seed)) for seed in range(40)]
    assert len(set(codes)) > 30
    for code in codes:
        assert int(code[9]) == check(code[:9])
        assert code[2:5] == "999"
