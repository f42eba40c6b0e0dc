"""Giấy xác nhận tình trạng hôn nhân: valid six months from issue, for the stated purpose (TT 04/2020/TT-BTP Điều 12)."""

from __future__ import annotations

from datetime import date
from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Signature, signature_block
from sample_scans.layout.rich import Style
from sample_scans.papers.common import act_head, holder_fields, short
from sample_scans.people import Cast

PURPOSES = (
    "đăng ký kết hôn",
    "làm thủ tục chuyển nhượng quyền sử dụng đất",
    "bổ túc hồ sơ vay vốn tại ngân hàng",
    "làm thủ tục xin nhận con nuôi",
)


def six_months_after(day: date) -> date:
    """The same day six months on, or the last day of that month."""
    month = day.month + 6
    year, month = day.year + (month > 12), (month - 1) % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    holder, purpose = cast.holder, rng.choice(PURPOSES)
    act_head(draft, cast, rng, symbol="UBND-XNTTHN", day=cast.today)
    draft.y += 4
    draft.centred("**{title|GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN}**", Style(15), after=5)
    draft.centred(f"**{cast.agency.body.upper()}**", after=3)
    draft.paragraph(f"Xét đề nghị của {holder.title} {holder.name} về việc cấp Giấy xác nhận tình trạng hôn nhân,")
    draft.centred("**XÁC NHẬN:**", before=2, after=3)
    state = rng.choice(
        (
            "Hiện tại chưa đăng ký kết hôn với ai",
            (
                "Đã đăng ký kết hôn, nhưng đã ly hôn theo Quyết định công nhận thuận tình ly hôn đã có hiệu lực pháp luật; "
                "hiện tại chưa đăng ký kết hôn với ai"
            ),
        )
    )
    for line in (
        f"Họ, chữ đệm, tên: **{{holder_name|{holder.name}}}**",
        f"Ngày, tháng, năm sinh: {{holder_birth_date|{short(holder.born)}}}",
        f"Giới tính: {holder.sex}     Dân tộc: {holder.ethnic}     Quốc tịch: Việt Nam",
        f"Giấy tờ tùy thân: Căn cước số {{holder_id|{holder.id_number}}}",
        f"Nơi cư trú: {holder.home}",
        f"Tình trạng hôn nhân: {state}.",
    ):
        draft.paragraph(line, Style(14), "left", 12.7, 0, 2.0)
    draft.paragraph(f"Giấy này được sử dụng để: {{scope|{purpose}}}.", Style(14), "left", 12.7, 0, 2.0)
    draft.paragraph(
        "*Giấy này có giá trị đến thời điểm thay đổi tình trạng hôn nhân hoặc 06 tháng kể từ ngày cấp, "
        "tùy theo thời điểm nào đến trước; không sử dụng vào mục đích khác.*",
        Style(13),
    )
    who = Signature(("NGƯỜI KÝ GIẤY XÁC NHẬN", "CHỦ TỊCH"), cast.chairman, cast.agency.seal)
    signature_block(draft, who)
    holder_fields(draft, holder)
    draft.fields |= {
        "title": "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
        "scope": purpose,
        "valid_until": six_months_after(cast.today),
        "signer": who.name,
    }
    draft.more |= {"residence": holder.home, "marital_status": state}
