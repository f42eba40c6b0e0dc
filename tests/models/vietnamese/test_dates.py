from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.dates import DateForm, DateProblem, date_in_words, date_problems, find_dates, parse_date
from models.vietnamese.folding import fold
from tests.paths import SEEDS, needs_seeds


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Hà Nội, ngày 05 tháng 01 năm 2020", DateForm.LONG),
        ("ngày05tháng01năm2020", DateForm.LONG),
        ("ngày 5 tháng 1 năm 20 20.", DateForm.LONG),
        ("Ngày 05, tháng 01, năm 2020", DateForm.LONG),
        ("NGÀY 05 THÁNG 01 NĂM 2020", DateForm.LONG),
        ("ngay 05 thang 01 nam 2020", DateForm.LONG),
        ("Tiền Giang, ngày\n05 tháng 01 năm 2020\n|", DateForm.LONG),
        ("ngày mồng 5 tháng một năm 2020", DateForm.LONG),
        ("ngày …05… tháng …01… năm 2020", DateForm.LONG),
        ("05/01/2020", DateForm.NUMERIC),
        ("ngày 5-1-2020,", DateForm.NUMERIC),
        ("(05.01.2020)", DateForm.NUMERIC),
        ("05 / 01 / 2020", DateForm.NUMERIC),
        ("Ngày ký: 2020-01-05 10:37:45 +07:00", DateForm.NUMERIC),
        ("05/01/2020.", DateForm.NUMERIC),
        ("ngày năm tháng một năm hai nghìn không trăm hai mươi", DateForm.WORDS),
        ("Ngày mồng năm tháng một năm hai ngàn không trăm hai mươi", DateForm.WORDS),
        ("(Ghi bằng chữ: Mùng năm tháng một năm hai nghìn hai mươi)", DateForm.WORDS),
        ("năm tháng một năm hai nghìn không trăm hai mươi", DateForm.WORDS),
    ],
)
def test_r16_three_forms(text: str, form: DateForm) -> None:
    (found,) = find_dates(text)
    assert (found.date, found.form, found.problem) == (date(2020, 1, 5), form, None)
    assert text[found.start : found.end] == found.text
    assert parse_date(unicodedata.normalize("NFD", text)) == date(2020, 1, 5)


@pytest.mark.parametrize(
    ("text", "parts", "problem"),
    [
        ("TP.Bắc Kạn, ngày tháng 8 năm 2022", (None, 8, 2022), DateProblem.PARTIAL),
        ("ngày ..... tháng ..... năm 2022", (None, None, 2022), DateProblem.PARTIAL),
        ("ngày … tháng … năm 20…", (None, None, None), DateProblem.PARTIAL),
        ("ngày 15 tháng 8 năm 20", (15, 8, None), DateProblem.PARTIAL),
        ("ngày 15 tháng    năm 2022", (15, None, 2022), DateProblem.PARTIAL),
        ("ngày l5 tháng 8 năm 2022", (None, 8, 2022), DateProblem.PARTIAL),  # a letter is no digit
        ("ngày 15 tháng 8 năm 202", (15, 8, None), DateProblem.PARTIAL),
        ("ngày 15 tháng 8 năm 23", (15, 8, None), DateProblem.PARTIAL),  # of which century?
        ("ngày 15 tháng 8 năm Quý Mão", (15, 8, None), DateProblem.PARTIAL),
        ("ngày mồng mười một tháng một năm 2020", (None, 1, 2020), DateProblem.PARTIAL),
        ("ngày .../8/2022", (None, 8, 2022), DateProblem.PARTIAL),
        ("31/02/2020", (31, 2, 2020), DateProblem.IMPOSSIBLE),
        ("29/02/2023", (29, 2, 2023), DateProblem.IMPOSSIBLE),
        ("08/15/2020", (8, 15, 2020), DateProblem.IMPOSSIBLE),  # not turned round
        ("00/01/2020", (0, 1, 2020), DateProblem.IMPOSSIBLE),
        ("ngày 32 tháng 8 năm 2022", (32, 8, 2022), DateProblem.IMPOSSIBLE),
        ("ngày 30 tháng 2 năm 2022", (30, 2, 2022), DateProblem.IMPOSSIBLE),
        ("ngày 15 tháng 8 năm 9202", (15, 8, 9202), DateProblem.IMPOSSIBLE),
        ("ngày ba mươi hai tháng tám năm hai nghìn", (32, 8, 2000), DateProblem.IMPOSSIBLE),
        ("ngày mồng năm tháng giêng năm 2020", (5, None, 2020), DateProblem.LUNAR),
        ("ngày 23 tháng Chạp năm 2020", (23, None, 2020), DateProblem.LUNAR),
        ("ngày 15 tháng 8 năm 2020 (âm lịch)", (15, 8, 2020), DateProblem.LUNAR),
    ],
)
def test_r16_open_and_impossible_dates(
    text: str, parts: tuple[int | None, int | None, int | None], problem: DateProblem
) -> None:
    (found,) = find_dates(text)
    assert (found.date, found.problem) == (None, problem)
    assert (found.day, found.month, found.year) == parts
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "trong ngày làm việc, tháng sau, năm 2022",
        "3 tháng năm 2022",
        "Ngày, tháng, năm sinh: Ngày tháng năm cấp",
        "tháng 8 năm 2022",
        "năm tháng một năm nay",
        "15/8/23",
        "1.2.2020.5",
        "12/12/2020/NĐ-CP",
        "số 45/2020/NĐ-CP, 24/7, 3-4, 090-12-2023-1",
        "Trả lời trong ngày.\n\nTháng và năm",
        "Uy ban nhan dan x& Nga An",
        "",
    ],
)
def test_r16_no_dates(text: str) -> None:
    assert find_dates(text) == []


def test_r16_months_and_years_that_share_a_word() -> None:
    assert parse_date("ngày năm tháng năm năm hai nghìn không trăm linh năm") == date(2005, 5, 5)
    assert parse_date("ngày hai mươi lăm tháng tư năm một nghìn chín trăm bảy mươi lăm") == date(1975, 4, 25)


def test_r16_several_dates() -> None:
    text = "sinh ngày 05/01/2020 (ngày năm tháng một năm hai nghìn không trăm hai mươi), cấp ngày 31/12/2021"
    assert [found.date for found in find_dates(text)] == [date(2020, 1, 5), date(2020, 1, 5), date(2021, 12, 31)]
    assert parse_date(text) is None
    assert parse_date(text.split(", cấp", maxsplit=1)[0]) == date(2020, 1, 5)


def test_r16_issue_scan_and_expiry() -> None:
    day = date(2024, 1, 15)
    assert date_problems(day, scanned=day, expires=day) == ()
    assert date_problems(day, scanned=day - timedelta(days=1)) == ("issued_after_scan",)
    assert date_problems(day, expires=day - timedelta(days=1)) == ("expires_before_issue",)
    assert date_problems(None, scanned=day, expires=day) == ()


_DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(_DAYS, st.sampled_from(["ngày {0.day:02} tháng {0.month:02} năm {0.year}", "{0.day}/{0.month}/{0.year}",
                               "{0.day:02}-{0.month:02}-{0.year}", "{0.day}.{0.month:02}.{0.year}"]))  # fmt: skip
def test_r16_every_day_in_digits(day: date, form: str) -> None:
    assert parse_date(f"Nơi cấp, {form.format(day)}.") == day


@given(_DAYS)
def test_r16_every_day_in_words(day: date) -> None:
    assert parse_date(date_in_words(day)) == day
    assert parse_date(fold(date_in_words(day)).upper()) == day


@given(st.text(alphabet="ngày tháng năm 0123456789/.-lI…\n", max_size=60))
def test_r16_never_crashes_and_never_invents(text: str) -> None:
    for found in find_dates(text):
        assert found.text == unicodedata.normalize("NFC", text)[found.start : found.end]
        assert (found.date is None) == (found.problem is not None)
        if found.date and found.form is not DateForm.WORDS and "nam" not in fold(found.text).replace("nam", "", 1):
            digits = "".join(letter for letter in found.text if letter.isdigit())
            assert f"{found.date.year}" in digits


@needs_seeds
def test_r16_dates_of_the_seeds() -> None:
    heads = {
        path.name[:3]: [found for found in find_dates(path.read_text(encoding="utf-8")[:700]) if found.form == "long"]
        for path in sorted(SEEDS.glob("*.txt"))
    }
    assert heads["000"][0].date == date(2023, 3, 14)
    assert heads["003"][0].date == date(2023, 8, 15)
    assert (heads["004"][0].date, heads["004"][0].month, heads["004"][0].year) == (None, 8, 2022)
    assert heads["002"] == []


@pytest.mark.parametrize("year", ["²0²5", "①②③④", "20²5", "٢٠٢٥"])
def test_r16_signs_that_look_like_digits_are_none(year: str) -> None:
    """A speck over a 2 is read as ²: the slot is unreadable, and the paper is not lost for it."""
    found = find_dates(f"ngày 12 tháng 8 năm {year}")
    assert [one.date for one in found if one.date] in ([], [date(2025, 8, 12)])
    assert parse_date(f"ngày 12 tháng 8 năm {year}") in {None, date(2025, 8, 12)}
