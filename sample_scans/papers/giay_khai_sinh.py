"""Giấy khai sinh: a framed certificate form, quốc hiệu centred, the data Luật Hộ tịch 2014 Điều 14 asks for."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from sample_scans import ink
from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Signature, border, motto, sign
from sample_scans.layout.rich import Style
from sample_scans.papers.common import holder_fields, serial, short
from sample_scans.people import HOSPITALS, Cast, say_date, workday


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    child, agency = cast.child, cast.agency
    father, mother = (cast.holder, cast.spouse) if cast.holder.sex == "Nam" else (cast.spouse, cast.holder)
    day = workday(child.born + timedelta(days=rng.randint(5, 55)))
    number = f"{serial(rng, 160)}/{day.year}"
    draft.numbered = False
    draft.sheet.tint = (254, 251, 240)
    border(draft)
    y = motto(draft, draft.left, draft.right, 27, 14)
    draft.y = draft.block(
        "**{title|GIẤY KHAI SINH}**", draft.left, draft.right, y + 12, Style(24, ink="seal"), "centre"
    )
    draft.y = draft.block(f"Số: {{number|{number}}}", draft.left, draft.right, draft.y + 1, Style(13), "right") + 5
    hospital = f"{rng.choice(HOSPITALS)} {agency.district}, tỉnh {agency.province}"
    for line in (
        f"Họ, chữ đệm, tên: **{{holder_name|{child.name.upper()}}}**",
        f"Ngày, tháng, năm sinh: **{{holder_birth_date|{short(child.born)}}}** ghi bằng chữ: {say_date(child.born)}",
        f"Giới tính: **{child.sex}**       Dân tộc: **{father.ethnic}**       Quốc tịch: **Việt Nam**",
        f"Nơi sinh: {hospital}",
        f"Quê quán: {father.old_home.split(', ', 1)[1]}",
        f"Số định danh cá nhân: **{{holder_id|{child.id_number}}}**",
    ):
        _entry(draft, line)
    for role, person in (("mẹ", mother), ("cha", father)):
        draft.y += 2
        _entry(draft, f"Họ, chữ đệm, tên người {role}: **{person.name.upper()}**")
        _entry(draft, f"Năm sinh: {person.born.year}       Dân tộc: {person.ethnic}       Quốc tịch: Việt Nam")
        _entry(draft, f"Nơi cư trú: {person.old_home}")
    draft.y += 2
    _entry(draft, f"Họ, chữ đệm, tên người đi khai sinh: {father.name}")
    _entry(draft, f"Giấy tờ tùy thân: Căn cước công dân số {father.id_number}")
    _entry(draft, f"Nơi đăng ký khai sinh: {{issuer|{agency.body}}}, {agency.old_district}, tỉnh {agency.province}")
    _entry(draft, f"Ngày, tháng, năm đăng ký: {{issued_on|{short(day)}}}")
    draft.y += 6
    split = (draft.left + draft.right) / 2
    left = draft.block("**NGƯỜI THỰC HIỆN**", draft.left, split - 4, draft.y, Style(12), "centre")
    sheet = draft.sheet
    place = (round(sheet.px(draft.left + 20)), round(sheet.px(left + 11)))
    sheet.marks.append(ink.signature(sheet.px(28), rng, *place))
    draft.block(f"**{cast.clerk}**", draft.left, split - 4, left + 24, Style(13), "centre")
    who = Signature(("NGƯỜI KÝ GIẤY KHAI SINH", "CHỦ TỊCH"), cast.chairman, agency.old_seal)
    sign(draft, who, split, draft.right, draft.y)
    holder_fields(draft, child)
    draft.fields |= {
        "title": "GIẤY KHAI SINH",
        "number": number,
        "issued_on": day,
        "issuer": agency.body,
        "signer": cast.chairman,
        "valid_until": None,
    }
    draft.more |= {
        "holder_birth_date_words": say_date(child.born),
        "sex": child.sex,
        "ethnicity": father.ethnic,
        "nationality": "Việt Nam",
        "birth_place": hospital,
        "home_town": father.old_home.split(", ", 1)[1],
        "mother_name": mother.name,
        "mother_birth_year": str(mother.born.year),
        "mother_residence": mother.old_home,
        "father_name": father.name,
        "father_birth_year": str(father.born.year),
        "father_residence": father.old_home,
    }


def _entry(draft: Draft, markup: str) -> None:
    draft.paragraph(markup, Style(13), "left", 0, 0, 1.7)
