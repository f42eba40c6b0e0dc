"""Which papers must be, may be and must not be digitised (TT 01/2023/TT-VPCP Điều 4; R1-R3)."""

from __future__ import annotations

from typing import Final

from models.catalog import Exclusion

EXCLUSION_WORDS: Final[dict[Exclusion, tuple[str, str]]] = {
    Exclusion.DATA_SHARED: (
        "Dữ liệu của giấy tờ này đã có trên cơ sở dữ liệu dùng chung.",
        "The data of this paper are shared already.",
    ),
    Exclusion.COPY: (
        "Bản sao chụp, bản sao chứng thực không thuộc diện số hóa.",
        "Photocopies and certified copies are not digitised.",
    ),
    Exclusion.SHOWN_ONLY: ("Giấy tờ chỉ xuất trình không phải số hóa.", "A paper that is only shown is not digitised."),
    Exclusion.SECRET: ("Tài liệu mật không được số hóa.", "Secret material must not be digitised."),
}
"""Vietnamese and English, as told to the officer."""


def needs_comparison(attributes: frozenset[str]) -> bool:
    """Whether an officer must confirm that the original was shown: the page bears a certification or ``SAO Y`` stamp (R3)."""
    return bool(attributes & {"ban_sao_chung_thuc", "sao_y", "sao_luc", "trich_sao", "ban_chup"})
