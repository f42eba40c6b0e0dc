from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.document_numbers import (
    COPY_KINDS,
    LEGAL_KINDS,
    NAMED_KINDS,
    NumberForm,
    find_numbers,
    own_number,
    parse_number,
)
from models.vietnamese.folding import fold
from models.vietnamese.numbers import find_document_numbers
from tests.paths import SEEDS, needs_seeds


def test_r15_there_are_27_abbreviations() -> None:
    assert len(NAMED_KINDS) == 27


@pytest.mark.parametrize("kind", [*NAMED_KINDS, *COPY_KINDS])
def test_r15_every_abbreviation(kind: str) -> None:
    number = parse_number(f"Số: 05/{kind}-UBND")
    assert number is not None
    assert (number.serial, number.year, number.kind, number.rest) == ("05", None, kind, "UBND")
    assert number.text == f"05/{kind}-UBND"
    assert number.form == (NumberForm.COPY if kind in COPY_KINDS else NumberForm.NAMED)


@pytest.mark.parametrize(
    ("text", "parts", "form"),
    [
        ("05/BNV-VP", ("05", None, None, "BNV-VP"), "letter"),
        ("574/UBND-KTTH", ("574", None, None, "UBND-KTTH"), "letter"),
        ("257/CV-UBND", ("257", None, "CV", "UBND"), "letter"),
        ("12/BNN&PTNT-KH", ("12", None, None, "BNN&PTNT-KH"), "letter"),
        ("45/2020/NĐ-CP", ("45", 2020, "NĐ", "CP"), "legal"),
        ("01/2023/TT-VPCP", ("01", 2023, "TT", "VPCP"), "legal"),
        ("146/2012/TTLT-BTC-BTP", ("146", 2012, "TTLT", "BTC-BTP"), "legal"),
        ("15/2023/QH15", ("15", 2023, None, "QH15"), "legal"),
        ("10/2021/QĐ-UBND", ("10", 2021, "QĐ", "UBND"), "legal"),
        ("362/QĐ-BTTTT-THH", ("362", None, "QĐ", "BTTTT-THH"), "named"),
        ("17/QĐ-UBQGCĐS", ("17", None, "QĐ", "UBQGCĐS"), "named"),
        ("5a/QĐ-TTg", ("5a", None, "QĐ", "TTg"), "named"),
        ("27-NQ/TW", ("27", None, "NQ", "TW"), "party"),
        ("1844-CV/BCSD", ("1844", None, "CV", "BCSĐ"), "party"),
        ("12/GPXD", ("12", None, "GPXD", ""), "other"),
        ("12/GPXD-UBND", ("12", None, "GPXD", "UBND"), "other"),
        ("45/2020/KS", ("45", 2020, "KS", ""), "other"),
        ("12/2023", ("12", 2023, None, ""), "book"),
        ("Số: 12", ("12", None, None, ""), "bare"),
        ("12/SY-VPUBND", ("12", None, "SY", "VPUBND"), "copy"),
    ],
)
def test_r15_grammar(text: str, parts: tuple[str, int | None, str | None, str], form: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.serial, number.year, number.kind, number.rest, number.form) == (*parts, form)
    assert (number.blank, number.slot) == (False, "")
    again = parse_number(number.text)
    if form != "bare":
        assert again == number


@pytest.mark.parametrize(
    ("read", "text"),
    [
        ("Số: 15 /QĐ - UBND", "15/QĐ-UBND"),
        ("Số:15/ QÐ–UBND", "15/QĐ-UBND"),
        ("Số: 15/QD-UBND", "15/QĐ-UBND"),
        ("Số: 15/Q§-UBND", "15/QĐ-UBND"),
        ("So: 15/QD-HDND", "15/QĐ-HĐND"),
        ("SỐ: 15/TTR-UBND", "15/TTr-UBND"),
        ("Số: 15/QĐ-TTG", "15/QĐ-TTg"),
        ("Số 15 /qđ – ubnd", "15/QĐ-UBND"),
        ("Số: ...15.../KH.UBND", "15/KH-UBND"),
        ("Số: 15/KHUBND", "15/KH-UBND"),
        ("Số: 15 KH-UBND", "15/KH-UBND"),
        ("Số/No: 15/2024", "15/2024"),
        ("Số hiệu: 15/GXN", "15/GXN"),
        ("15/QyĐ-UBND", "15/QyĐ-UBND"),
        ("15/QYD-UBND", "15/QyĐ-UBND"),
        # two meanings: as read
        ("15/HD-UBND", "15/HD-UBND"),
        ("15/HĐ-UBND", "15/HĐ-UBND"),
        ("15/DA-UBND", "15/DA-UBND"),
    ],
)
def test_r15_slips_with_one_meaning(read: str, text: str) -> None:
    number = parse_number(unicodedata.normalize("NFD", read))
    assert number is not None
    assert number.text == text


@pytest.mark.parametrize(
    ("line", "text", "blank", "slot"),
    [
        ("Số: /KH-UBND", "/KH-UBND", True, ""),
        ("Số:        /TTr-UBND        Nam Định, ngày     tháng 02 năm 2025", "/TTr-UBND", True, ""),
        ("Số: ……/2025/QĐ-UBND", "/2025/QĐ-UBND", True, ""),
        ("Số:     -NQ/TU", "-NQ/TU", True, ""),
        ("Số: l5/QĐ-UBND", "/QĐ-UBND", False, "l5"),
        ("Số: 38 3/KH-UBND", "/KH-UBND", False, "38 3"),
        ("Số: 38l/KH-UBND", "/KH-UBND", False, "38l"),
    ],
)
def test_r15_open_serials(line: str, text: str, blank: bool, slot: str) -> None:
    number = own_number(line)
    assert number is not None
    assert (number.serial, number.text, number.blank, number.slot) == (None, text, blank, slot)
    assert number.kind_and_agency == text.split("/", 1)[-1].removeprefix("2025/") or number.form == "party"


@pytest.mark.parametrize(
    "text",
    [
        "", "383", "kế hoạch", "15/8/2023", "Số lượng hồ sơ/UBND", "Số: 12/QĐ-UBND ngày", "l5/QĐ-UBND", "Số:", "1.234/QĐ-UBND",
        "13/2023/", "Số: 12/1723", "Số nhà 12",
    ],
)  # fmt: skip
def test_r15_no_numbers(text: str) -> None:
    assert parse_number(text) is None


def test_r15_own_and_cited() -> None:
    text = (
        "UBND TỈNH QUẢNG NGÃI | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 84 /QĐ-UBND    Quảng Ngãi, ngày 03 tháng 02 năm 2025\n"
        "Căn cứ Nghị định số 45/2020/NĐ-CP ngày 08/4/2020; Tờ trình\nsố 181/TTr-STP; Luật số 15/2023/QH15;\n"
        "(Kèm theo Quyết định số       /QĐ-UBND ngày   /02/2025)"
    )
    found = find_numbers(text)
    assert [(one.number.text, one.own) for one in found] == [
        ("84/QĐ-UBND", True), ("45/2020/NĐ-CP", False), ("181/TTr-STP", False), ("15/2023/QH15", False), ("/QĐ-UBND", False),
    ]  # fmt: skip
    assert text[found[0].start : found[0].end] == "84 /QĐ-UBND"
    assert text[found[2].start : found[2].end] == "181/TTr-STP"


def test_r17_cells_of_a_head_in_one_line() -> None:
    assert own_number("| Số: 383/KH-UBND | Tiền Giang, ngày\n15 tháng 8 năm 2023 |") == parse_number("383/KH-UBND")


_SYMBOL = st.sampled_from(["UBND", "HĐND", "BTP", "STNMT", "VP", "TTg", "XYZ"])


@given(
    st.integers(1, 999999), st.sampled_from([None, 1999, 2025]), st.sampled_from([*NAMED_KINDS, *LEGAL_KINDS]), _SYMBOL
)
def test_r15_numbers_come_back(serial: int, year: int | None, kind: str, agency: str) -> None:
    if kind == "L":
        return
    text = f"{serial:02}/{f'{year}/' if year else ''}{kind}-{agency}"
    number = parse_number(text)
    assert number is not None
    assert (number.text, number.serial, number.year, number.kind, number.rest) == (
        text,
        f"{serial:02}",
        year,
        kind,
        agency,
    )
    assert [one.number for one in find_numbers(f"theo Văn bản số {text} ngày")] == [number]
    assert [one.value for one in find_document_numbers(text)] == [text]


@given(st.text(alphabet="Số: số/-–|.0123456789KHQĐUBNDTrl \n", max_size=60))
def test_r15_never_crashes_and_never_invents(text: str) -> None:
    read = unicodedata.normalize("NFC", text)
    for one in find_numbers(text):
        number = one.number
        assert number.serial is None or number.serial in read[one.start : one.end]
        assert fold(number.rest).replace("-", "").replace("/", "") in "".join(filter(str.isalnum, fold(read)))
        assert number.blank is (number.serial is None and not number.slot)


@needs_seeds
def test_r15_numbers_of_the_seeds() -> None:
    own = {path.name[:3]: own_number(path.read_text(encoding="utf-8")) for path in sorted(SEEDS.glob("*.txt"))}
    texts = {name: number and number.text for name, number in own.items()}
    assert texts == {"000": "52/KH-UBND", "001": None, "002": None, "003": "383/KH-UBND", "004": "/KH-UBND"}
    assert own["004"] is not None
    assert own["004"].blank
