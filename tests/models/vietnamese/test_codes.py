"""R23: agency codes in both orders, and the codes built with them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.dossiers import dossier_code
from models.vietnamese.agency_codes import CodeOrder, parse_agency_code
from models.vietnamese.dossier_codes import (
    PaperCodeStyle,
    find_dossier_codes,
    find_procedure_codes,
    parse_dossier_code,
    parse_field_code,
    parse_paper_code,
    parse_procedure_code,
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("000.17.22.H56", "H56.22.17"),
        ("000.00.06.H56", "H56.06"),
        ("000.00.00.H17", "H17"),
        ("000.00.14.H56", "H56.14"),
        ("123.17.22.H56", "H56.22.17.123"),
        ("000.05.00.H56", "H56.00.05"),  # not H56.05, which is 000.00.05.H56
    ],
)
def test_r23_both_orders(old: str, new: str) -> None:
    one, other = parse_agency_code(old), parse_agency_code(new)
    assert one is not None
    assert other is not None
    assert (one.code, one.order, one.given, one.old_code) == (new, CodeOrder.OLD, old, old)
    assert (other.code, other.order, other.given, other.old_code) == (new, CodeOrder.NEW, new, old)
    assert one.top == other.top == new[:3]


@pytest.mark.parametrize("code", ["H57.12.3", "H56.14.AB", "Z01.5", "G22", "H56.1.2.3.4"])
def test_r23_new_codes_without_an_old_one(code: str) -> None:
    found = parse_agency_code(code)
    assert found is not None
    assert found.code == code
    assert found.old_code == ("000.00.00.G22" if code == "G22" else None)


@pytest.mark.parametrize(
    "text", ["", "H5", "h", "56.H14", "H56.", "H56..14", "H56." + "1" * 32, "000.17.22.Z56", "00.17.22.H56", "Ô56"]
)
def test_r23_no_agency_codes(text: str) -> None:
    assert parse_agency_code(text) is None


def test_r23_as_people_type_it() -> None:
    found = parse_agency_code(" h56. 14 ")
    assert found is not None
    assert (found.code, found.given) == ("H56.14", " h56. 14 ")


_GROUPS = st.tuples(st.integers(0, 999), st.integers(0, 99), st.integers(0, 99), st.sampled_from(["H56", "G15", "A01"]))


@given(_GROUPS)
def test_r23_old_codes_come_back(groups: tuple[int, int, int, str]) -> None:
    old = f"{groups[0]:03}.{groups[1]:02}.{groups[2]:02}.{groups[3]}"
    found = parse_agency_code(old)
    assert found is not None
    again = parse_agency_code(found.code)
    assert again is not None
    assert again.old_code == old


@pytest.mark.parametrize(
    ("text", "code", "day", "serial", "result"),
    [
        ("000.00.06.H56-231027-0361", "H56.06-231027-0361", date(2023, 10, 27), 361, None),
        ("000.17.22.H56-210531-0001", "H56.22.17-210531-0001", date(2021, 5, 31), 1, None),
        ("H56.14-240823-0001", "H56.14-240823-0001", date(2024, 8, 23), 1, None),
        ("H57.12.3-230901-10001", "H57.12.3-230901-10001", date(2023, 9, 1), 10001, None),
        ("H56.14-240823-0001-KQ1", "H56.14-240823-0001", date(2024, 8, 23), 1, 1),
        ("H56.14-240823-0001-KQ(2)", "H56.14-240823-0001", date(2024, 8, 23), 1, 2),
        ("h56.14 – 240823 – 0001", "H56.14-240823-0001", date(2024, 8, 23), 1, None),
    ],
)
def test_r23_dossier_codes(text: str, code: str, day: date, serial: int, result: int | None) -> None:
    found = parse_dossier_code(text)
    assert found is not None
    assert (found.code, found.day, found.serial, found.result, found.given) == (code, day, serial, result, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "H56.14-240230-0001",
        "H56.14-241301-0001",
        "H56.14-240823-001",
        "H56.14-240823-100000",
        "H56.14-240823-0001-KQ0",
        "240823-0001",
    ],
)
def test_r23_no_dossier_codes(text: str) -> None:
    assert parse_dossier_code(text) is None


@given(
    st.sampled_from(["H56.14", "H57.12.3", "G15", "H01.99.99.999"]),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(1, 99999),
)
def test_r23_codes_that_we_give_are_read(agency: str, day: date, serial: int) -> None:
    code = dossier_code(agency, day, serial)
    found = parse_dossier_code(code)
    assert found is not None
    assert (found.agency.code, found.day, found.serial, found.code) == (agency, day, serial, code)
    (one,) = find_dossier_codes(f"Mã hồ sơ: {code}. Ngày hẹn")
    assert one.code.code == code


def test_r23_procedures() -> None:
    for text, national, agency, case in (
        ("1.001193", "1.001193", None, None),
        ("1.001193.000.00.00.H56", "1.001193", "H56", None),
        ("1.001193.H56", "1.001193", "H56", None),
        ("1.001193.01", "1.001193", None, "01"),
    ):
        found = parse_procedure_code(text)
        assert found is not None
        assert (found.national, found.agency and found.agency.code, found.case) == (national, agency, case)
    assert [parse_procedure_code(text) for text in ("1.00119", "11.001193", "1.001193.Z01", "1.0011933", "")] == [
        None
    ] * 5
    assert [one.national for one in find_procedure_codes("TTHC 1.001193, 2.000806.000.00.00.H56; 31.001193 và 1.0011935")] == [
        "1.001193", "2.000806",
    ]  # fmt: skip


def test_r23_papers_of_both_styles_and_fields() -> None:
    one, other = parse_paper_code("KQ.G15.000031"), parse_paper_code("000.00.00.G15-KQ004389")
    assert one is not None
    assert other is not None
    assert (one.agency.code, one.serial, one.style) == ("G15", "000031", PaperCodeStyle.PROVINCE)
    assert (other.agency.code, other.serial, other.style) == ("G15", "004389", PaperCodeStyle.PORTAL)
    assert parse_paper_code("KQ.G15.31") is None
    field = parse_field_code("G15-TP07")
    assert field is not None
    assert (field.top, field.field) == ("G15", "TP07")
    assert parse_field_code("G15TP07") is None


@given(st.text(alphabet="H56.-0123KQG ()"))
def test_never_crashes(text: str) -> None:
    parse_agency_code(text)
    parse_dossier_code(text)
    find_dossier_codes(text)
    parse_procedure_code(text)
    parse_paper_code(text)
    parse_field_code(text)
