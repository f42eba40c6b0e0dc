"""One module a paper type; each has ``write(draft, cast, rng)``, which sets the pages and names the true fields."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.papers import (
    bao_cao,
    bien_ban,
    cong_van,
    don,
    giay_chung_nhan_dang_ky_ho_kinh_doanh,
    giay_chung_nhan_ket_hon,
    giay_chung_nhan_quyen_su_dung_dat,
    giay_khai_sinh,
    giay_phep_xay_dung,
    giay_uy_quyen,
    giay_xac_nhan_tinh_trang_hon_nhan,
    ke_hoach,
    phu_luc,
    quyet_dinh,
    thong_bao,
    to_khai,
    trich_luc_ho_tich,
)
from sample_scans.people import Cast

Writer = Callable[[Draft, Cast, Random], None]

PAPERS: dict[str, Writer] = {
    "bao_cao": bao_cao.write,
    "bien_ban": bien_ban.write,
    "cong_van": cong_van.write,
    "don": don.write,
    "giay_chung_nhan_dang_ky_ho_kinh_doanh": giay_chung_nhan_dang_ky_ho_kinh_doanh.write,
    "giay_chung_nhan_ket_hon": giay_chung_nhan_ket_hon.write,
    "giay_chung_nhan_quyen_su_dung_dat": giay_chung_nhan_quyen_su_dung_dat.write,
    "giay_khai_sinh": giay_khai_sinh.write,
    "giay_phep_xay_dung": giay_phep_xay_dung.write,
    "giay_uy_quyen": giay_uy_quyen.write,
    "giay_xac_nhan_tinh_trang_hon_nhan": giay_xac_nhan_tinh_trang_hon_nhan.write,
    "ke_hoach": ke_hoach.write,
    "phu_luc": phu_luc.write,
    "quyet_dinh": quyet_dinh.write,
    "thong_bao": thong_bao.write,
    "to_khai": to_khai.write,
    "trich_luc_ho_tich": trich_luc_ho_tich.write,
}
"""Every paper type id (those of the contract) and its writer."""

LANDSCAPE = frozenset({"phu_luc"})
"""Papers set on A4 across."""
