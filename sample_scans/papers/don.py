"""Đơn: a citizen's own application, with the form's number on the upper right now and then."""

from __future__ import annotations

from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Signature, long_date, motto, sign
from sample_scans.layout.rich import Style
from sample_scans.papers.common import holder_fields, short
from sample_scans.people import Cast

BUILDING_PERMIT = "1.009994"  # Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ
ASKED = (
    (
        "ĐƠN ĐỀ NGHỊ CẤP GIẤY PHÉP XÂY DỰNG",
        (
            "cấp giấy phép xây dựng nhà ở riêng lẻ trên thửa đất của gia đình. Ngôi nhà cũ dựng từ năm 1994, mái ngói đã "
            "xô, tường nứt dọc theo cột, mùa mưa nước ngấm xuống bếp; gia đình dự định xây mới hai tầng, diện tích mỗi tầng "
            "khoảng 90 mét vuông, móng cách ranh giới đất liền kề 0,5 mét"
        ),
    ),
    (
        "ĐƠN XIN XÁC NHẬN NƠI CƯ TRÚ",
        (
            "xác nhận thời gian cư trú liên tục tại địa phương từ năm 2016 đến nay để bổ sung hồ sơ nhập học cho con; các "
            "giấy tờ kèm theo gồm bản chụp căn cước và giấy khai sinh của cháu"
        ),
    ),
    (
        "ĐƠN ĐỀ NGHỊ HỖ TRỢ TIỀN ĐIỆN CHO HỘ NGHÈO",
        (
            "xem xét hỗ trợ tiền điện hằng tháng theo chính sách hiện hành. Gia đình có bốn nhân khẩu, một người khuyết tật "
            "nặng, thu nhập chính dựa vào ba sào ruộng và đan lát lúc nông nhàn"
        ),
    ),
    (
        "ĐƠN XIN CHUYỂN MỤC ĐÍCH SỬ DỤNG ĐẤT",
        (
            "chuyển 120 mét vuông đất vườn liền kề nhà ở sang đất ở. Khu đất không nằm trong quy hoạch đường, không có tranh "
            "chấp, các hộ giáp ranh đã ký giáp ranh trước sự chứng kiến của trưởng thôn"
        ),
    ),
)


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    holder, day = cast.holder, cast.today
    title, wish = ASKED[0] if cast.procedure == BUILDING_PERMIT else rng.choice(ASKED)
    draft.numbered = False
    if rng.random() < 0.5:
        draft.block(f"Mẫu số {rng.randint(1, 12):02d}", draft.left, draft.right, 12, Style(12, bold=True), "right")
    y = motto(draft, draft.left, draft.right, 22, 14)
    place = f"*{{issued_at|{cast.agency.name}}}, {{issued_on|{long_date(day)}}}*"
    draft.y = draft.block(place, draft.left, draft.right, y + 3, Style(13.5), "right") + 7
    draft.centred(f"**{{title|{title}}}**", Style(15), after=5)
    draft.centred(f"Kính gửi: {cast.agency.body}, tỉnh {cast.agency.province}", Style(14), after=4)
    draft.paragraph(
        f"Tôi tên là: **{{holder_name|{holder.name}}}**, sinh ngày {{holder_birth_date|{short(holder.born)}}}, "
        f"căn cước số {{holder_id|{holder.id_number}}}."
    )
    draft.paragraph(
        f"Hiện cư trú tại: {holder.home}. Số điện thoại liên hệ: 0000 {rng.randint(100, 999)} {rng.randint(100, 999)}."
    )
    draft.paragraph(f"Tôi làm đơn này kính đề nghị {cast.agency.body} {wish}.")
    draft.paragraph(
        "Tôi xin cam đoan những điều trình bày ở trên là đúng, nếu sai tôi xin chịu trách nhiệm trước pháp luật. Trường "
        "hợp hồ sơ còn thiếu, đề nghị cơ quan thông báo một lần bằng văn bản hoặc tin nhắn để tôi bổ sung."
    )
    draft.paragraph("Kính mong cơ quan xem xét, giải quyết. Tôi xin trân trọng cảm ơn!")
    draft.y += 4
    x0 = (draft.left + draft.right) / 2
    sign(draft, Signature(("NGƯỜI LÀM ĐƠN",), holder.name, note="(Ký, ghi rõ họ tên)"), x0, draft.right, draft.y)
    holder_fields(draft, holder)
    draft.fields |= {"title": title, "issued_on": day, "issued_at": cast.agency.name, "signer": holder.name}
