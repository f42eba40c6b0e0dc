"""One module a paper type, or a family of types; a writer ``(draft, cast, rng)`` sets the pages and names the true fields.

A *kind* is a paper type id, or one with a second way to write it behind a dash (``quyet_dinh-khac``): other bodies, other
layouts, older forms. Each kind has its own stream of random numbers, so that a new one changes no page of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.papers import (
    agreements,
    bao_cao,
    bien_ban,
    certificates,
    civil,
    cong_van,
    don,
    giay_chung_nhan_dang_ky_ho_kinh_doanh,
    giay_chung_nhan_ket_hon,
    giay_chung_nhan_quyen_su_dung_dat,
    giay_khai_sinh,
    giay_phep_xay_dung,
    giay_uy_quyen,
    giay_xac_nhan_tinh_trang_hon_nhan,
    identity,
    ke_hoach,
    others,
    phu_luc,
    quyet_dinh,
    residence,
    thong_bao,
    to_khai,
    trich_luc_ho_tich,
)
from sample_scans.papers.acts import articles, plans, slips
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
    # acts
    "ban_ghi_nho": agreements.ban_ghi_nho,
    "ban_thoa_thuan": agreements.ban_thoa_thuan,
    "bao_cao-khac": plans.bao_cao,
    "bien_ban-khac": agreements.bien_ban,
    "chi_thi": plans.chi_thi,
    "chuong_trinh": plans.chuong_trinh,
    "cong_dien": plans.cong_dien,
    "cong_van-khac": plans.cong_van,
    "de_an": plans.de_an,
    "du_an": plans.du_an,
    "giay_gioi_thieu": slips.giay_gioi_thieu,
    "giay_moi": slips.giay_moi,
    "giay_nghi_phep": slips.giay_nghi_phep,
    "giay_uy_quyen-khac": agreements.giay_uy_quyen,
    "hop_dong": agreements.hop_dong,
    "hop_dong-khac": agreements.hop_dong_lao_dong,
    "huong_dan": plans.huong_dan,
    "ke_hoach-khac": plans.ke_hoach,
    "nghi_quyet": articles.nghi_quyet,
    "phieu_bao": slips.phieu_bao,
    "phieu_chuyen": slips.phieu_chuyen,
    "phieu_gui": slips.phieu_gui,
    "phuong_an": plans.phuong_an,
    "quy_che": articles.quy_che,
    "quy_dinh": articles.quy_dinh,
    "quyet_dinh-khac": articles.quyet_dinh,
    "thong_bao-khac": plans.thong_bao,
    "thong_cao": plans.thong_cao,
    "thu_cong": slips.thu_cong,
    "to_trinh": plans.to_trinh,
    # cards and booklets
    "can_cuoc": identity.can_cuoc,
    "can_cuoc_cong_dan": identity.can_cuoc_cong_dan,
    "chung_minh_nhan_dan": identity.chung_minh_nhan_dan,
    "giay_phep_lai_xe": identity.giay_phep_lai_xe,
    "ho_chieu": identity.ho_chieu,
    "the_bao_hiem_y_te": identity.the_bao_hiem_y_te,
    # civil status and residence
    "giay_bao_tu": civil.giay_bao_tu,
    "giay_chung_nhan_nuoi_con_nuoi": civil.giay_chung_nhan_nuoi_con_nuoi,
    "giay_chung_sinh": civil.giay_chung_sinh,
    "giay_khai_sinh-ban_sao": civil.giay_khai_sinh,
    "giay_xac_nhan_cho_o": residence.giay_xac_nhan_cho_o,
    "so_ho_khau": residence.so_ho_khau,
    "so_tam_tru": residence.so_tam_tru,
    "trich_luc_ho_tich-khac": civil.trich_luc,
    "xac_nhan_cu_tru": residence.xac_nhan_cu_tru,
    # certificates
    "bang_tot_nghiep": certificates.bang_tot_nghiep,
    "giay_chung_nhan_dang_ky_doanh_nghiep": certificates.giay_chung_nhan_dang_ky_doanh_nghiep,
    "giay_chung_nhan_quyen_su_dung_dat-cu": certificates.gcn_before_2024,
    "giay_kham_suc_khoe": certificates.giay_kham_suc_khoe,
    "giay_xac_nhan": certificates.giay_xac_nhan,
    "giay_xac_nhan_khuyet_tat": certificates.giay_xac_nhan_khuyet_tat,
    "phieu_ly_lich_tu_phap": certificates.phieu_ly_lich_tu_phap,
    # the rest of a dossier
    "ban_an": others.ban_an,
    "ban_ve_thiet_ke": others.ban_ve_thiet_ke,
    "danh_sach": others.danh_sach,
    "dieu_le": others.dieu_le,
    "don-khac": others.don,
    "giay_cam_doan": others.giay_cam_doan,
    "khac": others.khac,
    "to_khai-khac": others.to_khai,
    "van_ban_lam_chung": others.van_ban_lam_chung,
}
"""Every kind and its writer."""


def type_of(kind: str) -> str:
    """The paper type id (those of the contract) of a kind."""
    return kind.split("-", maxsplit=1)[0]


LANDSCAPE = frozenset({"bang_tot_nghiep", "phu_luc"})
"""Papers set on A4 across."""
