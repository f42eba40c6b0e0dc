"""Phụ lục: a ruled table, on A4 across, issued with a decision; several pages with the heading repeated."""

from __future__ import annotations

from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import long_date, table
from sample_scans.layout.rich import Style
from sample_scans.papers.common import grouped, serial
from sample_scans.people import HAMLETS, Cast, make_person

FIELDS = ("Hộ tịch", "Đất đai", "Xây dựng", "Chứng thực", "Bảo trợ xã hội", "Người có công", "Thú y")
WORK = (
    "Đăng ký khai sinh có yếu tố nước ngoài",
    "Cấp bản sao trích lục hộ tịch",
    "Đăng ký biến động quyền sử dụng đất do chuyển nhượng",
    "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    "Chứng thực chữ ký trong các giấy tờ, văn bản",
    "Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội",
    "Xác nhận, công nhận hộ nghèo, hộ cận nghèo; hộ thoát nghèo, hộ thoát cận nghèo định kỳ hằng năm",
    "Cấp đổi Giấy chứng nhận quyền sử dụng đất đã cấp trước ngày 01/8/2024",
    "Công nhận kết quả hòa giải ở cơ sở",
    "Thông báo thành lập tổ hợp tác",
)


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    decision = f"{serial(rng)}/QĐ-UBND"
    draft.centred("**{title|PHỤ LỤC}**", Style(14))
    households = rng.random() < 0.5
    summary = (
        f"DANH SÁCH HỘ GIA ĐÌNH ĐƯỢC HỖ TRỢ SỬA CHỮA NHÀ Ở NĂM {cast.today.year}"
        if households
        else f"DANH MỤC THỦ TỤC HÀNH CHÍNH SỐ HÓA TẠI {cast.agency.body.upper()}"
    )
    draft.centred(f"**{{summary|{summary}}}**", Style(13))
    draft.centred(
        f"*(Ban hành kèm theo Quyết định số {{number|{decision}}} ngày {{issued_on|{long_date(cast.today)[5:]}}} "
        f"của {{issuer|{cast.agency.body}}})*",
        Style(13),
        after=4,
    )
    if households:
        _households(draft, cast, rng)
    else:
        _procedures(draft, rng)
    draft.fields |= {
        "title": "PHỤ LỤC",
        "summary": summary,
        "number": decision,
        "issued_on": cast.today,
        "issuer": cast.agency.body,
    }


def _procedures(draft: Draft, rng: Random) -> None:
    rows = [
        [
            "STT",
            "Mã TTHC",
            "Tên thủ tục hành chính",
            "Lĩnh vực",
            "Thời hạn giải quyết",
            "Toàn trình",
            "Một phần",
            "Ghi chú",
        ]
    ]
    for index in range(1, rng.randint(12, 22)):
        whole = rng.random() < 0.5
        rows.append(
            [
                str(index),
                f"{rng.randint(1, 3)}.{rng.randint(1000, 13999):06d}",
                rng.choice(WORK),
                rng.choice(FIELDS),
                f"{rng.randint(1, 20):02d} ngày làm việc",
                "x" if whole else "",
                "" if whole else "x",
                rng.choice(("", "", "", "Phí, lệ phí theo quy định")),
            ]
        )
    table(draft, [10, 22, 86, 28, 30, 18, 18, 28], rows)


def _households(draft: Draft, cast: Cast, rng: Random) -> None:
    rows = [["STT", "Họ và tên chủ hộ", "Năm sinh", "Thôn, tổ dân phố", "Nội dung hỗ trợ", "Số tiền (đồng)", "Ký nhận"]]
    total = 0
    for index in range(1, rng.randint(13, 22)):
        person = make_person(cast.agency, rng, sex=rng.choice(("Nam", "Nữ")), years=(1950, 1990))
        money = rng.randrange(15, 61) * 1_000_000
        total += money
        what = rng.choice(
            ("Lợp lại mái, thay xà gồ", "Gia cố móng và tường bao", "Xây mới nhà vệ sinh", "Sửa chữa toàn bộ")
        )
        rows.append([str(index), person.name, str(person.born.year), rng.choice(HAMLETS), what, grouped(money), ""])
    rows.append(["", "**Tổng cộng**", "", "", "", f"**{grouped(total)}**", ""])
    table(draft, [10, 58, 18, 38, 62, 34, 28], rows)
