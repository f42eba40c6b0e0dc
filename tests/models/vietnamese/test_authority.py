from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.authority import Authority, Mandate, SignerBlock, parse_signer_block

TM, KT, TL, TUQ = Authority.ON_BEHALF, Authority.FOR, Authority.BY_ORDER, Authority.BY_MANDATE


@pytest.mark.parametrize(
    ("lines", "mandates", "title", "name", "acting"),
    [
        (["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "", "Nguyễn Văn An"], [(TM, "ỦY BAN NHÂN DÂN")], "CHỦ TỊCH", "Nguyễn Văn An", False),
        (
            ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "(Đã ký)", "Trần Thị Bích"],
            [(TM, "ỦY BAN NHÂN DÂN"), (KT, "CHỦ TỊCH")], "PHÓ CHỦ TỊCH", "Trần Thị Bích", False,
        ),
        (["TM. ỦY BAN NHÂN DÂN", "XÃ TÂN AN", "CHỦ TỊCH"], [(TM, "ỦY BAN NHÂN DÂN XÃ TÂN AN")], "CHỦ TỊCH", None, False),
        (["KT.CHỦ TỊCH PHÓ CHỦ TỊCH", "Lê Minh"], [(KT, "CHỦ TỊCH")], "PHÓ CHỦ TỊCH", "Lê Minh", False),
        (["KT, GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "ThS. Lê Minh"], [(KT, "GIÁM ĐỐC")], "PHÓ GIÁM ĐỐC", "Lê Minh", False),
        (
            ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG", "Nơi nhận:", "Phạm Thị Hoa"],
            [(TL, "CHỦ TỊCH")], "CHÁNH VĂN PHÒNG", "Phạm Thị Hoa", False,
        ),
        (["TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG TƯ PHÁP", "Lê Minh"], [(TUQ, "CHỦ TỊCH")], "TRƯỞNG PHÒNG TƯ PHÁP", "Lê Minh", False),
        (["Q. GIÁM ĐỐC", "Lê Minh"], [], "GIÁM ĐỐC", "Lê Minh", True),
        (["TM ỦY BAN NHÂN DÂN", "CHỦ TỊCH"], [(TM, "ỦY BAN NHÂN DÂN")], "CHỦ TỊCH", None, False),
        (["T/M UBND XÃ", "CHỦ TỊCH"], [(TM, "UBND XÃ")], "CHỦ TỊCH", None, False),
        (
            ["TM. ỦY BAN NHÂN DÂN……", "CHỦ TỊCH**", "TỈNH NAM ĐỊNH", "Phạm Đình Hoa", "PHỤ LỤC I"],
            [(TM, "ỦY BAN NHÂN DÂN")], "CHỦ TỊCH", "Phạm Đình Hoa", False,
        ),
        (
            ["TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG", "Lê Minh"],
            [(TL, "CHỦ TỊCH"), (KT, "CHÁNH VĂN PHÒNG")], "PHÓ CHÁNH VĂN PHÒNG", "Lê Minh", False,
        ),
        (["TL. BỘ TRƯỞNG", "VỤ TRƯỞNG", "Vũ Trường Giang"], [(TL, "BỘ TRƯỞNG")], "VỤ TRƯỞNG", "Vũ Trường Giang", False),
        (["CHỦ TỊCH", "Lưu Thị Hoa"], [], "CHỦ TỊCH", "Lưu Thị Hoa", False),
        (["CHỦ TỊCH", "Phạm Đình Hoa"], [], "CHỦ TỊCH", "Phạm Đình Hoa", False),
        (["TRƯỞNG CÔNG AN XÃ", "Thượng úy Lê Minh"], [], "TRƯỞNG CÔNG AN XÃ", "Lê Minh", False),
    ],
)  # fmt: skip
def test_blocks(
    lines: list[str], mandates: list[tuple[Authority, str]], title: str, name: str | None, acting: bool
) -> None:
    block = parse_signer_block(lines)
    assert block == SignerBlock(tuple(Mandate(*one) for one in mandates), title, name, acting)
    assert block.authority is (mandates[-1][0] if mandates else None)
    assert block.on_behalf_of == (mandates[0][1] if mandates else "")


@pytest.mark.parametrize("lines", [[], ["Nguyễn Văn An"], ["Nơi nhận:", "- Lưu: VT"], ["tm. ủy ban"], ["Q 5"]])
def test_no_blocks(lines: list[str]) -> None:
    assert parse_signer_block(lines) is None


@given(st.lists(st.text(max_size=30), max_size=6))
def test_never_crashes(lines: list[str]) -> None:
    parse_signer_block([*lines, "KT. CHỦ TỊCH"])
