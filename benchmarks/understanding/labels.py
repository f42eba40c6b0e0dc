"""What a person sees in the heads of the real papers: told by eye, the acts of ``official`` checked against ``documents.csv``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.measure import SCANS


@dataclass(frozen=True, slots=True)
class Label:
    """``number``: with its serial; ``pen``: serial and day are written by hand. ``None``: not asked (an annex has none of its own).

    ``kind`` is ``None`` where no class of the catalog fits. ``day``: ISO.
    """

    kind: str | None
    number: str | None = None
    day: str | None = None
    issuer: str | None = None
    summary: str | None = None
    pen: bool = False


_KINDS = {
    "thông báo": "thong_bao",
    "chỉ thị": "chi_thi",
    "báo cáo": "bao_cao",
    "quyết định": "quyet_dinh",
    "công văn": "cong_van",
    "phụ lục": "phu_luc",
}
_TYPED = frozenset({"official/05.signed_20250517_044750.pdf"})  # born digital; its number and day are stamped
_STAMPED = {"official/05.signed_20250517_044750.pdf": ("11/TB-UBND", "2025-01-08")}


def official() -> dict[str, Label]:
    """The acts of ``official``, from ``documents.csv``; the one whose number was stamped later, as stamped."""
    found = {}
    with (SCANS / "documents.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            name = row["file"]
            if not name.startswith("official/"):
                continue
            number, day = _STAMPED.get(name, (row["number"], row["date"]))
            found[name] = Label(
                _KINDS[row["doc_type"]], number, day, row["agency"], row["subject"], pen=name not in _TYPED
            )
    return found


_TTHC = "thuộc thẩm quyền giải quyết của"
DIGITAL: Mapping[str, Label] = {
    "01_Quyet_dinh_CBTTHC_-GD_20250218091002753750_vnpt_ca_vnpt_ca_vnpt_ca_signed_20250219074420.pdf": Label(
        "quyet_dinh",
        "120/QĐ-UBND",
        "2025-02-19",
        "UBND tỉnh Ninh Bình",
        f"Công bố Danh mục thủ tục hành chính được sửa đổi, bổ sung lĩnh vực giáo dục trung học {_TTHC} Sở Giáo dục và Đào tạo, "
        "UBND cấp huyện trên địa bàn tỉnh Ninh Bình",
    ),
    "01_Quyet_dinh_CB_TTHC_-YT_20250214082411607600_vnpt_ca_signed_20250217103745.pdf": Label(
        "quyet_dinh",
        "119/QĐ-UBND",
        "2025-02-17",
        "UBND tỉnh Ninh Bình",
        f"Công bố Danh mục thủ tục hành chính sửa đổi, bổ sung lĩnh vực Khám bệnh, chữa bệnh {_TTHC} Sở Y tế tỉnh Ninh Bình",
    ),
    "021_Phu_luc_I_II_20250214082416325320_vnpt_ca_signed_20250217103828.pdf": Label("phu_luc"),
    "1.Q-CongbodanhmucTTHC51.pdf": Label(
        "quyet_dinh",
        "251/QĐ-UBND",
        "2025-02-18",
        "UBND tỉnh Hậu Giang",
        "Về việc công bố Danh mục thủ tục hành chính được sửa đổi, bổ sung, thay thế lĩnh vực giáo dục trung học "
        f"{_TTHC} Sở Giáo dục và Đào tạo/Ủy ban nhân dân cấp huyện",
    ),
    "1.QCBSTP-CN170225.71.pdf": Label(
        "quyet_dinh",
        "354/QĐ-UBND",
        "2025-02-19",
        "UBND tỉnh Nam Định",
        f"V/v công bố danh mục thủ tục hành chính sửa đổi, bổ sung trong lĩnh vực nuôi con nuôi {_TTHC} Sở Tư pháp, "
        "Ủy ban nhân dân cấp huyện, Ủy ban nhân dân cấp xã",
    ),
    "2.PLQCBSTP-CN170225.71.pdf": Label("phu_luc"),
    "2.PLSYTCBKCB170225.443.pdf": Label("phu_luc"),
    "217-QDCB.TTHC.So-Y-te-KCB-phult14.02.2025_18h11p19_signed_signed_signed_signed.pdf": Label(
        "quyet_dinh",
        "217/QĐ-UBND",
        "2025-02-17",
        "UBND tỉnh Bắc Giang",
        "Về việc công bố Danh mục thủ tục hành chính được sửa đổi, bổ sung trong lĩnh vực Khám bệnh, chữa bệnh thuộc phạm vi, "
        "chức năng quản lý nhà nước của Sở Y tế",
    ),
    "PHLC4.pdf": Label("phu_luc"),
    "Phlc.DMTTHCsuadoibosung.pdf": Label("phu_luc"),
    "PhlcIII-BiumulthnhphnHSTTHC.pdf": Label("phu_luc"),
}

_LETTER = Label(
    "cong_van",
    "1906/SGDĐT-CTrTT",
    "2020-07-26",
    "Sở Giáo dục và Đào tạo",
    "V/v khẩn trương thực hiện các biện pháp phòng, chống dịch COVID-19",
)
OTHERS: Mapping[str, Label] = {
    "text/241_qd.pdf": Label(
        "quyet_dinh",
        "241/QĐ-UBND",
        "2025-02-17",
        "UBND tỉnh Tiền Giang",
        "Về việc công bố thủ tục hành chính trong lĩnh vực hoạt động xây dựng thuộc phạm vi chức năng quản lý nhà nước của ngành "
        "Xây dựng tỉnh Tiền Giang",
        pen=True,
    ),
    "bitonal/464-ttg.signed.pdf": Label(
        "cong_van",
        "464/TTg-CĐS",
        "2026-04-30",
        "Thủ tướng Chính phủ",
        "V/v triển khai các Nghị quyết cắt giảm, đơn giản hóa TTHC, ĐKKD",
        pen=True,
    ),
    **{
        f"lowres/4_1{copy}.jpg": _LETTER
        for copy in ("_v0_original", "_v1_noisy", "_v2_blur", "_v3_dark", "_v4_rotated")
    },
    "photos/1706498668_yeu-cau-noi-dung-cua-van-ban-hanh-chinh.jpg": Label(
        "quyet_dinh", "09/2023/QĐ-TTg", "2023-04-12", "Thủ tướng Chính phủ"
    ),
    "photos/van-ban-hanh-chinh-11.png": Label(
        "thong_bao",
        "1135/TB-BTP",
        "2015-04-09",
        "Bộ Tư pháp",
        "V/v hoán đổi ngày nghỉ, ngày đi làm bù dịp nghỉ lễ Giỗ Tổ Hùng Vương, Ngày Chiến thắng 30/4 và Quốc tế lao động 01/5",
    ),
    "photos/van-ban-hanh-chinh-2.png": Label(
        "quyet_dinh",
        "110/QĐ-STP",
        "2018-06-28",
        "Sở Tư pháp",
        "Ban hành Quy chế cung cấp thông tin cho công dân của Sở Tư pháp tỉnh Tuyên Quang",
    ),
    "photos/mau-hop-dong-xay-dung_big.png": Label("hop_dong"),
    "photos/perspective.png": Label(None),
    "photos/test_perspec.png": Label(None),
    "photos/rotation_thuvien.png": Label(None),
}


def real() -> dict[str, Label]:
    """Every labelled file, by its path in the scans."""
    return official() | {f"digital/{name}": label for name, label in DIGITAL.items()} | dict(OTHERS)
