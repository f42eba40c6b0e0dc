"""R18."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.addresses import PROVINCES, Address, Level, parse_address

BEFORE, SINCE = date(2025, 6, 30), date(2025, 7, 1)


def _parts(address: Address | None) -> tuple[str | None, ...]:
    assert address is not None
    parts = (address.commune, address.district, address.province)
    return tuple(f"{part.kind} {part.name}".strip() if part else None for part in parts)


@pytest.mark.parametrize(
    ("text", "parts", "levels"),
    [
        ("Thôn 3, xã Tơ Tung, huyện Kbang, tỉnh Gia Lai", ("xã Tơ Tung", "huyện Kbang", "tỉnh Gia Lai"), 3),
        ("thôn 3 xã Tơ Tung huyện Kbang tỉnh Gia Lai", ("xã Tơ Tung", "huyện Kbang", "tỉnh Gia Lai"), 3),
        ("Xã Tơ Tung - Huyện Kbang - Tỉnh Gia Lai", ("xã Tơ Tung", "huyện Kbang", "tỉnh Gia Lai"), 3),
        ("xã Tơ Tung, tỉnh Gia Lai", ("xã Tơ Tung", None, "tỉnh Gia Lai"), 2),
        ("Thôn Đông, Phường Hạc Thành, Thanh Hóa, Việt Nam", ("phường Hạc Thành", None, "Thanh Hóa"), 2),
        (
            "Số 5, đường Xã Đàn, phường Kim Liên, quận Đống Đa, thành phố Hà Nội",
            ("phường Kim Liên", "quận Đống Đa", "thành phố Hà Nội"),
            3,
        ),
        ("P.5, Q.3, TP. Hồ Chí Minh", ("phường 5", "quận 3", "thành phố Hồ Chí Minh"), 3),
        ("12/4 Lê Lợi, P5, Q3, TP HCM", ("phường 5", "quận 3", "thành phố HCM"), 3),
        (
            "phường Linh Trung, TP. Thủ Đức, TP. Hồ Chí Minh",
            ("phường Linh Trung", "thành phố Thủ Đức", "thành phố Hồ Chí Minh"),
            3,
        ),
        (
            "phường Vĩnh Ninh, thành phố Huế, tỉnh Thừa Thiên Huế",
            ("phường Vĩnh Ninh", "thành phố Huế", "tỉnh Thừa Thiên Huế"),
            3,
        ),
        ("phường Thuận Hóa, thành phố Huế", ("phường Thuận Hóa", None, "thành phố Huế"), 2),
        ("đặc khu Phú Quốc, tỉnh An Giang", ("đặc khu Phú Quốc", None, "tỉnh An Giang"), 2),
        (
            "phường 1, thành phố Vũng Tàu, tỉnh Bà Rịa - Vũng Tàu",
            ("phường 1", "thành phố Vũng Tàu", "tỉnh Bà Rịa - Vũng Tàu"),
            3,
        ),
        ("thị trấn Cái Bè, huyện Cái Bè, Tiền Giang", ("thị trấn Cái Bè", "huyện Cái Bè", "Tiền Giang"), 3),
        ("Xa To Tung, huyen Kbang, tinh Gia Lai", ("xã To Tung", "huyện Kbang", "tỉnh Gia Lai"), 3),
        ("Phường Văn Miếu - Quốc Tử Giám, Hà Nội", ("phường Văn Miếu - Quốc Tử Giám", None, "Hà Nội"), 2),
        # not completed
        ("phường Trần Hưng Đạo, thành phố Nam Định", ("phường Trần Hưng Đạo", "thành phố Nam Định", None), 3),
        ("xã Tơ Tung", ("xã Tơ Tung", None, None), None),
        ("tỉnh Gia Lai", (None, None, "tỉnh Gia Lai"), None),
    ],
)
def test_r18_both_systems(text: str, parts: tuple[str | None, ...], levels: int | None) -> None:
    address = parse_address(text)
    assert _parts(address) == parts
    assert address is not None
    assert (address.levels, address.unplaced) == (levels, ())


def test_r18_streets_and_hamlets() -> None:
    address = parse_address("Số nhà 12, ngõ 5, đường Trần Phú, tổ dân phố số 4, phường Ba Đình, Hà Nội")
    assert address is not None
    assert [(part.level, part.kind, part.name) for part in address.parts] == [
        (Level.STREET, "số nhà", "12"), (Level.STREET, "ngõ", "5"), (Level.STREET, "đường", "Trần Phú"),
        (Level.HAMLET, "tổ dân phố", "số 4"), (Level.COMMUNE, "phường", "Ba Đình"), (Level.PROVINCE, "", "Hà Nội"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "on", "parts", "unplaced"),
    [
        ("Đại Đồng, Tiên Du, Bắc Ninh", BEFORE, ("Đại Đồng", "Tiên Du", "Bắc Ninh"), ()),
        ("Đại Đồng, Tiên Du, Bắc Ninh", SINCE, (None, None, "Bắc Ninh"), ("Đại Đồng", "Tiên Du")),
        ("Đại Đồng, Tiên Du, Bắc Ninh", None, (None, None, "Bắc Ninh"), ("Đại Đồng", "Tiên Du")),
        ("Thôn 5, Đại Đồng, Tiên Du, Bắc Ninh", BEFORE, ("Đại Đồng", "Tiên Du", "Bắc Ninh"), ()),
        ("Đại Đồng, huyện Tiên Du, Bắc Ninh", BEFORE, ("Đại Đồng", "huyện Tiên Du", "Bắc Ninh"), ()),
        ("xã Đại Đồng, Tiên Du, Bắc Ninh", BEFORE, ("xã Đại Đồng", "Tiên Du", "Bắc Ninh"), ()),
        ("Đại Đồng, Bắc Ninh", BEFORE, (None, None, "Bắc Ninh"), ("Đại Đồng",)),  # a commune, or a district?
        ("Đại Đồng, Bắc Ninh", SINCE, (None, None, "Bắc Ninh"), ("Đại Đồng",)),
        ("Đại Đồng, Tiên Du", BEFORE, (None, None, None), ("Đại Đồng", "Tiên Du")),
    ],
)
def test_r18_parts_without_words(
    text: str, on: date | None, parts: tuple[str | None, ...], unplaced: tuple[str, ...]
) -> None:
    address = parse_address(text, on=on)
    assert _parts(address) == parts
    assert address is not None
    assert address.unplaced == unplaced


@pytest.mark.parametrize("text", ["", "  ,, ", "Việt Nam"])
def test_r18_no_address(text: str) -> None:
    assert parse_address(text) is None


@given(
    st.sampled_from(PROVINCES),
    st.sampled_from(["xã Tân An", "phường 5", "thị trấn Núi Đèo"]),
    st.sampled_from([None, BEFORE, SINCE]),
)
def test_r18_the_district_is_never_the_province(province: str, commune: str, on: date | None) -> None:
    for text in (f"{commune}, tỉnh {province}", f"{commune}, {province}"):
        address = parse_address(text, on=on)
        assert address is not None
        assert (address.district, address.province and address.province.name) == (None, province)


@given(st.text(alphabet="xã phường TP. Hà Nội, huyện-tỉnh 123;\n"))
def test_never_crashes(text: str) -> None:
    address = parse_address(text, on=BEFORE)
    if address:
        assert all(part.name for part in address.parts)
