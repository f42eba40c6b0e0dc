from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.names import Sex, is_personal_name, name_key, parse_sex, same_name, tidy_name


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Nam", Sex.MALE),
        ("NỮ", Sex.FEMALE),
        ("Nam / M", Sex.MALE),
        ("F", Sex.FEMALE),
        ("Nam/Nữ", None),
        ("", None),
        ("Việt Nam", None),
    ],
)
def test_r13_sexes(text: str, sex: Sex | None) -> None:
    assert parse_sex(text) is sex


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Văn An",
        "TRẦN THỊ BÍCH NGỌC",
        "ThS. Lê Minh",
        "Thượng tá Phạm Hùng",
        "H'Hen Niê Thị",
        "Lê  Y",
        "Võ Phiên.",
        "Y Bhăm Niê",
        "Quan Văn Minh",
        "PHƯƠNG THỊ LAN",
        "Vũ Trường Giang",
        "VŨ TRƯỜNG GIANG",
        "ThS. Vũ Trượng",
        "Lưu Thị Vân Hạc",
        "LƯU VĂN TỐ",
    ],
)
def test_names(name: str) -> None:
    assert is_personal_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "An",
        "nguyễn văn an",
        "PHÓ CHỦ TỊCH",
        "Đã ký",
        "Người ký: An",
        "ngày 5",
        "Nơi nhận",
        "",
        "QĐ UBND",
        "TỈNH NAM ĐỊNH",
        "Quận Ba Đình",
        "Bộ Tư pháp",
        "Nguyễn Văn 8",
        "Vụ trưởng",
        "VỤ TRƯỞNG",
        "VU TRUONG",
        "VŨ TRƯỞNG",
        "Vụ Trưởng Vụ Pháp Chế",
        "Lưu: VT",
        "LƯU VT",
        "LƯU Ý",
    ],
)
def test_no_names(text: str) -> None:
    assert not is_personal_name(text)


def test_case_is_kept_and_compared_without() -> None:
    assert tidy_name("  Bà  TRẦN THỊ  BÍCH: ") == "TRẦN THỊ BÍCH"
    assert same_name("TRẦN THỊ BÍCH", "Trần Thị Bích")
    assert same_name("ĐOÀN THỊ HÒA", "DOAN THI HOA")
    assert not same_name("Trần Thị Bích", "Trần Thị Bạch")
    assert not same_name("", "…")


@given(st.text())
def test_never_crashes(text: str) -> None:
    is_personal_name(text)
    parse_sex(text)
    tidy_name(text)


@given(st.text(alphabet="Nguyễn Đỗ Hường Thị Ước -'"))
def test_keys_know_no_case(text: str) -> None:
    assert name_key(text) == name_key(tidy_name(text).upper()) == name_key(text.lower())
