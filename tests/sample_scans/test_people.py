from __future__ import annotations

import re
from datetime import date
from random import Random

import pytest

from sample_scans import people
from sample_scans.people import Cast, Person, make_cast, personal_id, say_date, say_number
from tests.paths import ROOT

CASTS = [make_cast(Random(seed)) for seed in range(60)]
AGENCY_CODE = re.compile(r"[A-Y]\d{2}(?:\.[0-9A-Z]+)*")


def persons(cast: Cast) -> list[Person]:
    return [cast.holder, cast.spouse, cast.father, cast.mother, cast.child, cast.other]


@pytest.mark.parametrize("cast", CASTS[:20], ids=lambda cast: str(cast.today))
def test_personal_ids_agree_with_birth_and_sex_and_belong_to_nobody(cast: Cast) -> None:
    for person in persons(cast):
        number = person.id_number
        assert re.fullmatch(r"\d{12}", number)
        assert number[:3] in people.BIRTH_CODES
        century = (person.born.year // 100 - 19) * 2 + (person.sex == "Nữ")
        assert number[3] == str(century)
        assert number[4:6] == f"{person.born.year % 100:02d}"
        assert number[6:9] == "999", "the random part says that it is made up"


def test_id_digit_of_each_century_and_sex() -> None:
    days = {"0": ("Nam", 1980), "1": ("Nữ", 1980), "2": ("Nam", 2005), "3": ("Nữ", 2005)}
    for digit, (sex, year) in days.items():
        assert personal_id(sex, date(year, 5, 1), Random(1))[3] == digit


def test_names_are_composed_from_our_lists() -> None:
    middles = {*people.MIDDLES_MALE, *people.MIDDLES_FEMALE}
    given = {*people.GIVEN_MALE, *people.GIVEN_FEMALE}
    for cast in CASTS:
        for name in [*(person.name for person in persons(cast)), cast.chairman, cast.deputy, cast.clerk]:
            family, *_ = name.split()
            assert family in people.FAMILIES
            assert any(name == f"{family} {middle} {last}" for middle in middles for last in given), name


def test_agencies_have_valid_codes_and_no_district_after_july_2025() -> None:
    for cast in CASTS:
        assert AGENCY_CODE.fullmatch(cast.agency.code)
        assert len(cast.agency.code) <= 35
        assert cast.today >= date(2025, 7, 1)
        assert cast.agency.district not in cast.holder.home
        assert cast.agency.old_district in cast.holder.old_home
        assert cast.today.weekday() < 5


def test_no_place_is_named_in_the_catalogue_of_real_numbers() -> None:
    """RULES name 63 provinces; ours must not be among them (the list is the public one of QĐ 20/2020)."""
    real = "Hà Nội,Hà Giang,Cao Bằng,Bắc Kạn,Tuyên Quang,Lào Cai,Điện Biên,Lai Châu,Sơn La,Yên Bái,Hòa Bình,Thái Nguyên"
    real += ",Lạng Sơn,Quảng Ninh,Bắc Giang,Phú Thọ,Vĩnh Phúc,Bắc Ninh,Hải Dương,Hải Phòng,Hưng Yên,Thái Bình,Hà Nam"
    real += ",Nam Định,Ninh Bình,Thanh Hóa,Nghệ An,Hà Tĩnh,Quảng Bình,Quảng Trị,Huế,Đà Nẵng,Quảng Nam,Quảng Ngãi"
    assert not set(people.PROVINCES) & set(real.split(","))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1, "một"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (105, "một trăm linh năm"),
        (740, "bảy trăm bốn mươi"),
        (2005, "hai nghìn không trăm linh năm"),
        (2024, "hai nghìn không trăm hai mươi tư"),
        (1999, "một nghìn chín trăm chín mươi chín"),
    ],
)
def test_numbers_in_words(value: int, words: str) -> None:
    assert say_number(value) == words


def test_dates_in_words() -> None:
    assert say_date(date(2024, 4, 15)) == "ngày mười lăm tháng tư năm hai nghìn không trăm hai mươi tư"


def test_the_package_names_no_font_file_of_its_own() -> None:
    assert not [path for path in (ROOT / "sample_scans").rglob("*") if path.suffix in {".ttf", ".otf", ".woff2"}]
