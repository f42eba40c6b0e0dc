"""Tờ khai: the applicant's form, filled in with a blue pen over dotted lines."""

from __future__ import annotations

from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Signature, motto, sign
from sample_scans.layout.rich import Style
from sample_scans.papers.common import holder_fields, short
from sample_scans.people import Cast

KINDS = {
    "1.001193": "ĐĂNG KÝ KHAI SINH",
    "2.000635": "CẤP BẢN SAO TRÍCH LỤC HỘ TỊCH",
    "1.004873": "CẤP GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
}


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    holder, procedure = cast.holder, cast.procedure if cast.procedure in KINDS else rng.choice(tuple(KINDS))
    title = f"TỜ KHAI {KINDS[procedure]}"
    draft.numbered = False
    draft.y = motto(draft, draft.left, draft.right, 22, 14) + 8
    draft.centred(f"**{{title|{title}}}**", Style(15), after=4)
    draft.centred(f"Kính gửi: {{^|{cast.agency.body}}}", Style(14), after=5)
    for line in (
        f"Họ, chữ đệm, tên người yêu cầu: {{^holder_name|{holder.name}}}",
        f"Ngày, tháng, năm sinh: {{^holder_birth_date|{short(holder.born)}}}",
        f"Nơi cư trú: {{^|{holder.home}}}",
        f"Giấy tờ tùy thân: {{^|Căn cước số}} {{^holder_id|{holder.id_number}}}",
        *_asked(cast, procedure, rng),
    ):
        draft.entry(line, Style(13.5), after=1.8)
    draft.y += 2
    draft.paragraph(
        "Tôi cam đoan những nội dung khai trên đây là đúng sự thật, được sự thỏa thuận nhất trí của các bên liên quan "
        "theo quy định pháp luật. Tôi chịu hoàn toàn trách nhiệm trước pháp luật về nội dung cam đoan của mình.",
        Style(13.5),
    )
    draft.y += 4
    x0 = (draft.left + draft.right) / 2 - 16
    day = cast.today
    line = f"*Làm tại: {{^issued_at|{cast.agency.name}}}, ngày {{~issued_on|{day.day:02d}}} {{issued_on|tháng {day.month:02d} năm {day.year}}}*"
    y = draft.block(line, x0, draft.right + 4, draft.y, Style(13), "centre")
    who = Signature(("Người yêu cầu",), holder.name, note="(Ký, ghi rõ họ, chữ đệm, tên)", field_name="signer")
    sign(draft, who, x0, draft.right, y + 1)
    holder_fields(draft, holder)
    draft.fields |= {
        "title": title,
        "issued_on": day,
        "issued_at": cast.agency.name,
        "signer": holder.name,
    }


def _asked(cast: Cast, procedure: str, rng: Random) -> list[str]:
    child, holder, spouse = cast.child, cast.holder, cast.spouse
    if procedure == "1.001193":
        father, mother = (holder, spouse) if holder.sex == "Nam" else (spouse, holder)
        return [
            f"Quan hệ với người được khai sinh: {{^|{'Cha' if holder.sex == 'Nam' else 'Mẹ'}}}",
            "**Đề nghị cơ quan đăng ký khai sinh cho người dưới đây:**",
            f"Họ, chữ đệm, tên: {{^|{child.name.upper()}}}",
            f"Ngày, tháng, năm sinh: {{^|{short(child.born)}}}",
            f"Giới tính: {{^|{child.sex}}}      Dân tộc: {{^|{father.ethnic}}}      Quốc tịch: {{^|Việt Nam}}",
            f"Quê quán: {{^|{father.home.split(', ', 1)[1]}}}",
            f"Họ, chữ đệm, tên người mẹ: {{^|{mother.name}}}      Năm sinh: {{^|{mother.born.year}}}",
            f"Họ, chữ đệm, tên người cha: {{^|{father.name}}}      Năm sinh: {{^|{father.born.year}}}",
        ]
    if procedure == "2.000635":
        return [
            f"Quan hệ với người được cấp bản sao: {{^|{'Cha' if holder.sex == 'Nam' else 'Mẹ'}}}",
            "**Đề nghị cơ quan cấp bản sao trích lục cho người có tên dưới đây:**",
            f"Họ, chữ đệm, tên: {{^|{child.name.upper()}}}",
            f"Số định danh cá nhân: {{^|{child.id_number}}}",
            f"Đã đăng ký tại: {{^|{cast.agency.body}}}",
            f"Số: {{^|{rng.randint(11, 99)}/{child.born.year}}} ngày {{^|{short(child.born)}}}",
            f"Số lượng bản sao yêu cầu cấp: {{^|{rng.randint(2, 6)} bản}}",
        ]
    return [
        "Tình trạng hôn nhân: {^|chưa đăng ký kết hôn với ai}",
        "Mục đích yêu cầu cấp giấy: {^|đăng ký kết hôn}",
        f"Trong thời gian cư trú tại: {{^|{holder.home}}}",
    ]
