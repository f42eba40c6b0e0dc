"""R13 with the machine-readable zone and the QR code: made-up cards only."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.identity_qr import parse_identity_qr
from models.vietnamese.mrz import check_digit, find_mrz, mrz_lines, parse_mrz
from models.vietnamese.names import Sex

CARD = mrz_lines(
    personal_id="001085012345", birth_date=date(1985, 3, 4), sex=Sex.MALE, valid_until=date(2045, 3, 4), surname="NGUYỄN", given_names="VĂN AN"
)  # fmt: skip


def test_check_digits_of_doc_9303() -> None:
    """The examples of ICAO Doc 9303 part 3, 4.9, and part 5, appendix A."""
    assert check_digit("520727") == 3
    assert check_digit("AB2134<<<") == 5
    assert check_digit("D23145890" + "7" + "<" * 15 + "7408122" + "1204159" + "<" * 11) == 6
    with pytest.raises(ValueError, match="no sign"):
        check_digit("đ")


def test_the_specimen_of_doc_9303() -> None:
    card = parse_mrz(
        ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]
    )
    assert card is not None
    assert (card.ok, card.number, card.sex, card.name, card.valid_until) == (
        True, "D23145890", Sex.FEMALE, "ERIKSSON ANNA MARIA", date(2012, 4, 15),
    )  # fmt: skip
    assert (card.personal_id, card.birth_date) == (None, None)  # which century?


def test_r13_a_card() -> None:
    card = find_mrz("Ngày cấp: 01/01/2022\n" + "\n".join(CARD) + "\n")
    assert card is not None
    assert (card.ok, card.failed, card.repaired) == (True, (), ())
    assert (card.personal_id, card.number, card.sex) == ("001085012345", "085012345", Sex.MALE)
    assert (card.birth_date, card.valid_until, card.name) == (date(1985, 3, 4), date(2045, 3, 4), "NGUYEN VAN AN")


@pytest.mark.parametrize(
    ("line", "column", "read", "proven"),
    [
        (0, 5, "O", True),
        (0, 8, "O", True),
        (0, 16, "O", True),
        (0, 20, "S", True),
        (1, 0, "B", True),
        (0, 6, "B", True),
        (0, 19, "B", True),
        (1, 14, "Z", False),  # an 8 there: neither 2 nor 7 agrees
    ],
)
def test_letters_for_digits_are_mended_where_the_checks_prove_it(
    line: int, column: int, read: str, proven: bool
) -> None:
    lines = [list(one) for one in CARD]
    lines[line][column] = read
    card = parse_mrz(["".join(one) for one in lines])
    assert card is not None
    assert card.ok is proven
    assert card.repaired == (((line, column),) if proven else ())
    assert card.lines == (CARD if proven else tuple("".join(one) for one in lines))


def test_one_of_two_copies_is_proven_by_the_checks() -> None:
    one, two, three = CARD
    card = parse_mrz(
        [one[:7] + "9" + one[8:], two, three]
    )  # a digit of the number misread; the twelve digits hold it too
    assert card is not None
    assert (card.ok, card.personal_id, card.repaired) == (True, "001085012345", ((0, 7),))


def test_what_the_checks_do_not_prove_stays_open() -> None:
    one, two, three = CARD
    digit = "7" if one[10] != "7" else "1"
    both = one[:10] + digit + one[11:23] + digit + one[24:]
    card = parse_mrz([both, two, three])
    assert card is not None
    assert not card.ok
    assert (card.number, card.personal_id, card.birth_date, card.repaired) == (None, None, None, ())
    wrong_birth = parse_mrz([one, "9" + two[1:], three])
    assert wrong_birth is not None
    assert {"birth", "composite"} <= set(wrong_birth.failed)
    assert wrong_birth.birth_date is None


def test_a_digit_in_a_name_is_not_mended() -> None:
    card = parse_mrz([*CARD[:2], CARD[2].replace("O", "0").replace("NGUYEN", "NGUYEN0")[:30]])
    assert card is not None
    assert (card.ok, card.name) == (True, None)


def test_runs_of_fillers() -> None:
    one, two, three = CARD
    card = parse_mrz([one, two.replace("<" * 11, "<" * 10), three[:-2]])
    assert card is not None
    assert card.lines == CARD
    assert find_mrz("\n".join([one.replace("<<", "««"), two, three])) == find_mrz("\n".join(CARD))


@pytest.mark.parametrize("text", ["", "A\nB\nC", "\n".join(["<" * 30] * 3), "IDVNM\n850304\nAN<<", "\n".join(CARD[:2])])
def test_no_zones(text: str) -> None:
    assert find_mrz(text) is None


_BIRTHS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


_PLACES = st.tuples(st.integers(0, 1), st.integers(0, 29), st.sampled_from("0123456789OIZSB<"))


@given(_BIRTHS, st.sampled_from(Sex), st.integers(0, 999999), st.dates(date(2020, 1, 1), date(2099, 12, 31)), _PLACES)
def test_r13_a_misread_sign_never_gives_a_wrong_value(
    birth: date, sex: Sex, random: int, until: date, misread: tuple[int, int, str]
) -> None:
    personal_id = f"001{(birth.year - 1900) // 100 * 2 + (sex is Sex.FEMALE)}{birth.year % 100:02}{random:06}"
    lines = mrz_lines(
        personal_id=personal_id, birth_date=birth, sex=sex, valid_until=until, surname="Đỗ", given_names="Thị Bé"
    )
    card = parse_mrz(list(lines))
    assert card is not None
    assert (card.ok, card.personal_id, card.birth_date, card.sex, card.valid_until) == (
        True,
        personal_id,
        birth,
        sex,
        until,
    )
    line, column, sign = misread
    read = list(lines)
    read[line] = read[line][:column] + sign + read[line][column + 1 :]
    card = parse_mrz(read)
    if card is not None and not (line == 0 and column < 5):
        assert card.personal_id in {None, personal_id}
        assert card.birth_date in {None, birth}
        assert card.valid_until in {None, until}


@given(st.lists(st.text(alphabet="IDVNM<0123456789OABC", min_size=28, max_size=32), min_size=3, max_size=3))
def test_never_crashes(lines: list[str]) -> None:
    parse_mrz(lines)
    find_mrz("\n".join(lines))


def test_r13_identity_qr() -> None:
    qr = parse_identity_qr("001085012345|012345678|Nguyễn Văn An|04031985|Nam|Thôn 1, xã Tân An, tỉnh Gia Lai|01012022")
    assert qr is not None
    assert (qr.personal_id, qr.old_number, qr.name) == ("001085012345", "012345678", "Nguyễn Văn An")
    assert (qr.birth_date, qr.sex, qr.issued_on) == (date(1985, 3, 4), Sex.MALE, date(2022, 1, 1))
    assert qr.check.ok
    assert qr.extra == ()


def test_r13_identity_qr_with_doubts() -> None:
    qr = parse_identity_qr("001085012345||Nguyễn Thị An|31021985|Nữ||x|NGUYỄN A|TRẦN B")
    assert qr is not None
    assert (qr.old_number, qr.birth_date, qr.address, qr.issued_on, qr.extra) == (
        None,
        None,
        "",
        None,
        ("NGUYỄN A", "TRẦN B"),
    )
    assert qr.check.errors == ("sex_differs",)
    for text in ("", "https://example.vn", "1|2|3|4|5|6|7", "001085012345|a|b"):
        assert parse_identity_qr(text) is None


@given(st.text(alphabet="0123456789|Nam nữ"))
def test_qr_never_crashes(text: str) -> None:
    parse_identity_qr(text)
    parse_identity_qr(f"001085012345|{text}||||||")
