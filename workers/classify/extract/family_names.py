"""Family names (họ): what a name begins with. One that is not among them may be a slip of the reader (``Đõ`` for Đỗ), or rare: a person looks."""

from __future__ import annotations

from models.vietnamese.folding import fold, nfc, place_tones

_KINH = """
    Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Đoàn Lâm Trịnh Mai Đào Cao Hà Tô Tạ Chu Châu Lương Quách Thái
    Trương Tăng Từ Tống Vương Văn Kiều Khổng Khúc Lại Lục Lưu Nghiêm Nhâm Ninh Ông Phó Phí Phùng Quan Sử Sơn Thạch Thân Thẩm Tiêu Tôn Trang
    Tưởng Ung Uông Viên Giáp Hán Hầu Kha Kim Âu An Bạch Cù Cung Danh Diệp Doãn Đái Đan Đậu Đới Đàm Đồng Đường Hứa La Mạc Mạch Nhan Nhữ Phương
    Quản Tào Thi Thiều Tiết Trà Triệu Trình Từ Ưng Vạn Vĩnh Xa Yên Biện Bành Ca Cái Cam Chế Chung Chử Cồ Đầu Đổng Giang Hạ Hàn Hàng Hình Hoa
    Hùng Khưu Khuất Lã Lữ Lỗ Long Lộ Lợi Mẫn Mẫu Mông Nhạc Ngụy Nhiếp Phú Sái Tần Tề Thang Thành Tất Thôi Tín Toàn Tòng Tri Vòng Âu Ấu Ôn
"""
_OTHERS = """
    Bàn Bế Bạc Cầm Chẩu Cháng Chíu Cư Cứ Đèo Điêu Giàng Hạng Hảng Hờ Hù Khang Kháng Lò Lèng Lềnh Lìm Lù Lường Lỳ Ly Lầu Lý Ma Mã Mùa Mào
    Nông Nùng Ngần Ngọc Phàn Phù Pờ Quàng Sầm Sìn Sùng Sừng Sằm Thào Thèn Tráng Triệu Tẩn Tải Tòng Vàng Vi Vì Viềng Vừ Xồng Xìn Sình Cụt Moong Lô
    Hồ A Y Ksor Siu Rmah Nay Kpă Rơ Niê Mlô Êban Ayun Hwing Kbuôr Alăng Zơrâm Bríu Pơloong Đinh Blúp Arâl Hiên Coor Bling Bnướch Tơ Ngôl
    K' H' Cil Kơ Liêng Bon Chamaléa Katơr Pinăng Pi Đàng Bá Thập Lưu Qua Não Kiên Thông Trượng Miêu Phú Báo
"""
FAMILY_NAMES = frozenset(nfc(name).casefold() for name in f"{_KINH} {_OTHERS}".split())


LEAST_BEHIND = 2
"""Words behind a family name from which on a line is surely a name: scraps of a seal are shorter."""


def _by_fold() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for name in FAMILY_NAMES:
        names.setdefault(fold(name), set()).add(name)
    return names


_BY_FOLD = _by_fold()


def with_family_name(name: str) -> str | None:
    """The name with its family name's own marks, where a slip of them left no family name and one alone has these letters: ``Bũi`` is Bùi, ``Lổ`` may
    be Lò or Lỗ. ``None`` where nothing is to be put right, or several could be meant.
    """
    first, _, rest = place_tones(nfc(name)).partition(" ")
    meant = _BY_FOLD.get(fold(first), set())
    if len(rest.split()) < LEAST_BEHIND or has_family_name(name) or len(meant) != 1:
        return None
    right = next(iter(meant))
    return f"{right.upper() if first.isupper() else right.capitalize()} {rest}"


def has_family_name(name: str) -> bool:
    """Whether the first word of a name is a family name, marks and all; case and the place of a tone do not matter."""
    first = place_tones(nfc(name)).split(" ")[0].split("-")[0]
    return first.casefold() in FAMILY_NAMES or first[:2].upper() in {"H'", "Y'", "K'"}
