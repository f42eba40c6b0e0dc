"""Giấy chứng nhận đăng ký hộ kinh doanh: framed; the number is the owner's personal id since 01/7/2025."""

from __future__ import annotations

from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Head, Signature, border, head, long_date, signature_block
from sample_scans.layout.rich import Style
from sample_scans.papers.common import grouped, holder_fields, short
from sample_scans.people import Cast

TRADES = (
    "Bán lẻ lương thực, thực phẩm trong các cửa hàng chuyên doanh",
    "Sửa chữa mô tô, xe máy và xe có động cơ khác",
    "May trang phục; sửa quần áo",
    "Dịch vụ ăn uống phục vụ lưu động",
    "Gia công cơ khí, hàn cửa sắt",
)
NAMES = ("Bếp Nhà Lá", "Tiệm May Bờ Tre", "Xưởng Mộc Ao Sen", "Quán Sương Sớm", "Cửa hàng Giếng Gạch")


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    holder, agency = cast.holder, cast.agency
    draft.numbered = False
    draft.sheet.tint = (253, 250, 244)
    border(draft)
    draft.y = 22
    place = f"{{issued_at|{agency.name}}}, {{issued_on|{long_date(cast.today)}}}"
    number = f"Mã số: {{number|{holder.id_number}}}"
    head(draft, Head("**{issuer|ỦY BAN NHÂN DÂN}**", agency.place.upper(), number, place))
    draft.y += 4
    draft.centred("**{title|GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH}**", Style(16, ink="seal"))
    draft.centred(f"*Đăng ký lần đầu, ngày {short(cast.today)}*", Style(13), after=5)
    capital = grouped(rng.randint(20, 400) * 1_000_000)
    name, trade = rng.choice(NAMES).upper(), rng.choice(TRADES)
    for line in (
        f"1. Tên hộ kinh doanh: **{name}**",
        f"2. Địa chỉ trụ sở: {holder.home}",
        f"3. Ngành, nghề kinh doanh: {trade}",
        f"4. Vốn kinh doanh: {capital} đồng",
        f"5. Chủ hộ kinh doanh: **{{holder_name|{holder.name.upper()}}}**     Giới tính: {holder.sex}",
        f"Sinh ngày: {{holder_birth_date|{short(holder.born)}}}     Dân tộc: {holder.ethnic}     Quốc tịch: Việt Nam",
        f"Số định danh cá nhân: {{holder_id|{holder.id_number}}}",
        f"Nơi thường trú: {holder.home}",
    ):
        draft.paragraph(line, Style(13.5), "left", 0, 0, 2.0)
    who = Signature(("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), cast.deputy, agency.seal)
    signature_block(draft, who)
    holder_fields(draft, holder)
    draft.fields |= {
        "title": "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH",
        "number": holder.id_number,
        "issued_on": cast.today,
        "issued_at": agency.name,
        "issuer": agency.body,
        "signer": who.name,
        "valid_until": None,
    }
    draft.more |= {
        "business_name": name,
        "business_address": holder.home,
        "business_lines": trade,
        "capital": f"{capital} đồng",
    }
