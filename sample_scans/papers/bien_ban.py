"""Biên bản: time and place, who was there, what was found; two signatures side by side."""

from __future__ import annotations

from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Signature, motto, sign
from sample_scans.layout.rich import Style
from sample_scans.people import Cast

FOUND = (
    "Hai bên cùng kiểm đếm {boxes} hộp hồ sơ, đánh số từ 01 đến {boxes}; mỗi hộp có mục lục đặt trên cùng.",
    "Có {odd} hộp thiếu mục lục, {torn} tờ bị rách mép đã được bồi giấy dó; không có tờ nào mất chữ.",
    "Bên nhận đã quét thử 20 trang ở mỗi hộp, chữ rõ, đủ con dấu, đúng chiều; bên giao xác nhận không còn hồ sơ để ngoài.",
    "Các hộp được niêm phong bằng giấy mỏng, có chữ ký giáp lai của người giao và người nhận.",
)


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    agency, day = cast.agency, cast.today
    draft.numbered = False
    draft.y = motto(draft, draft.left, draft.right, 21, 14) + 7
    draft.centred("**{title|BIÊN BẢN}**", Style(15))
    summary = f"Bàn giao hồ sơ số hóa tại {agency.body}"
    draft.centred(f"**{{summary|{summary}}}**", Style(14), after=5)
    draft.paragraph(
        f"Hôm nay, vào hồi {rng.randint(8, 10)} giờ {rng.choice((0, 15, 30, 45)):02d} phút, "
        f"{{issued_on|ngày {day.day:02d} tháng {day.month:02d} năm {day.year}}}, tại trụ sở {{issuer|{agency.body}}}, "
        "chúng tôi gồm:"
    )
    for index, (role, name) in enumerate((("đại diện bên giao", cast.clerk), ("đại diện bên nhận", cast.deputy)), 1):
        draft.paragraph(f"{index}. Ông (bà) **{name}**, {role}.", align="left")
    draft.paragraph("Cùng lập biên bản với những nội dung sau:")
    values = {"boxes": rng.randint(12, 60), "odd": rng.randint(1, 5), "torn": rng.randint(3, 30)}
    for line in FOUND:
        draft.paragraph(f"- {line.format_map(values)}")
    draft.paragraph(
        f"Biên bản kết thúc vào hồi {rng.randint(14, 16)} giờ 30 phút cùng ngày, được lập thành 02 bản, mỗi bên giữ 01 "
        "bản, đã đọc lại cho mọi người cùng nghe và thống nhất ký tên./."
    )
    draft.y += 4
    split, top = (draft.left + draft.right) / 2, draft.y
    note = "(Ký, ghi rõ họ tên)"
    sign(draft, Signature(("ĐẠI DIỆN BÊN GIAO",), cast.clerk, note=note), draft.left, split - 3, top, 20)
    sign(
        draft, Signature(("ĐẠI DIỆN BÊN NHẬN",), cast.deputy, note=note, field_name=""), split + 3, draft.right, top, 20
    )
    draft.fields |= {
        "title": "BIÊN BẢN",
        "summary": summary,
        "issued_on": day,
        "issuer": agency.body,
        "signer": cast.clerk,
    }
