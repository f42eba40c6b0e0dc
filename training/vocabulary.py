"""Words for the drawn lines that real text has too few of: codes of acts and issuers, names of people, English, addresses."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ACTS = _words("QĐ NĐ TT KH TTr CV CT NQ TB BC QĐ GM HD TTLT VBHN CĐ PC GXN")
ISSUERS = _words(
    """
    UBND CP BTC BXD BGDĐT TTg HĐND BNV VPCP SXD BYT BTP SNV BTNMT BKHCN SYT STP VP TCT BCA BQP BTTTT SLĐTBXH PGDĐT
    TTHCC KSTTHC UBND-VP BHXH SNNMT BNNMT
    """
)
UNITS = _words("CĐS PC KSTT VP TH NC KTTH KGVX QHĐP CN NN TCCV TTr CSTĐ QLT ĐKKD HTQT KHTC TCCB VHTT ĐĐ TNMT KT NV")
"""Signs of the unit that drafted an official letter (công văn), behind its office's sign: *464/TTg-CĐS*."""
SURNAMES = _words(
    """
    Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Lâm Mai Trịnh Đoàn Tạ Cao Châu Tô
    Hà Thái Lương Vương Kiều Quách Thạch Sơn Danh Kim
    """
)
MIDDLE = _words(
    """
    Văn Thị Hữu Đức Minh Ngọc Thanh Quốc Xuân Thu Đình Công Bá Hồng Mỹ Kim Gia Bảo Thế Trọng Duy Tuấn Phước Viết
    Tấn
    """
)
GIVEN = _words(
    """
    An Anh Bình Bích Cường Chi Dũng Dung Đạt Điệp Giang Hà Hải Hạnh Hằng Hiền Hiếu Hoa Hòa Hùng Hương Huyền Khánh
    Khoa Lan Liên Linh Loan Long Lợi Mai Mạnh Nam Nga Ngân Nghĩa Nhung Oanh Phong Phúc Phương Quang Quyên Sơn Tâm
    Thảo Thắng Thủy Thúy Tiến Toàn Trang Trí Trung Tú Tuyết Uyên Vân Việt Vinh Vũ Xuân Yến Thưởng Hiển Diễm
    """
)
ENGLISH = _words(
    """
    email website online file scan fax zalo app smart card user admin login password office word excel portal
    server data digital center copy No. Tel Company Limited Bank Account Street Vietnam Website Fanpage Facebook
    QR code PDF ISO OCOP VNeID VNPT iGate CCCD Internet Logistics
    """
)
DOMAINS = _words(
    """
    gov.vn com.vn edu.vn vn com gmail.com yahoo.com quangngai.gov.vn dichvucong.gov.vn moj.gov.vn bkav.com
    chinhphu.vn
    """
)
ROMAN = _words("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XX XXI")
