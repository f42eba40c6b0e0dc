"""Which kinds the tests draw often, and what they check of a paper that is set."""

from __future__ import annotations

from itertools import chain

import numpy as np

from sample_scans.layout.draft import Draft
from sample_scans.layout.sheet import SetWord, Sheet

FIRST = (
    *("bao_cao", "bien_ban", "cong_van", "don", "giay_chung_nhan_dang_ky_ho_kinh_doanh", "giay_chung_nhan_ket_hon"),
    *("giay_chung_nhan_quyen_su_dung_dat", "giay_khai_sinh", "giay_phep_xay_dung", "giay_uy_quyen"),
    *(
        "giay_xac_nhan_tinh_trang_hon_nhan",
        "ke_hoach",
        "phu_luc",
        "quyet_dinh",
        "thong_bao",
        "to_khai",
        "trich_luc_ho_tich",
    ),
)
"""The kinds that the curated set is made of: drawn with several seeds. The others are drawn once each."""

CARDS = ("can_cuoc", "can_cuoc_cong_dan", "chung_minh_nhan_dan", "giay_phep_lai_xe", "ho_chieu", "the_bao_hiem_y_te")
"""Small type, two languages."""


def words_of(sheet: Sheet) -> list[SetWord]:
    return list(chain.from_iterable(line.words for line in sheet.lines))


def text_of(draft: Draft) -> str:
    return " ".join(word.text for sheet in draft.sheets for word in words_of(sheet))


def overlapping(sheet: Sheet, most: float = 0.12) -> list[tuple[str, str]]:
    """Pairs of words of which more than ``most`` of the smaller one lies under the other: boxes may touch by the hair of a bracket."""
    words = words_of(sheet)
    boxes = np.array([word.box for word in words], np.float64)
    wide = np.minimum(boxes[:, None, 2], boxes[:, 2]) - np.maximum(boxes[:, None, 0], boxes[:, 0])
    tall = np.minimum(boxes[:, None, 3], boxes[:, 3]) - np.maximum(boxes[:, None, 1], boxes[:, 1])
    sizes = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    share = np.where((wide > 0) & (tall > 0), wide * tall / np.minimum(sizes[:, None], sizes), 0.0)
    return [(words[a].text, words[b].text) for a, b in np.argwhere(np.triu(share, 1) > most)]
