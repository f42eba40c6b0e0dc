"""Giấy chứng nhận kết hôn: a framed form; wife on the left, husband on the right (Luật Hộ tịch 2014 Điều 17)."""

from __future__ import annotations

from random import Random

from sample_scans import ink
from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Signature, border, motto, sign
from sample_scans.layout.rich import Style
from sample_scans.papers.common import holder_fields, serial, short
from sample_scans.people import Cast, Person


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    holder, spouse, agency = cast.holder, cast.spouse, cast.agency
    wife, husband = (holder, spouse) if holder.sex == "Nữ" else (spouse, holder)
    number = f"{serial(rng, 120)}/{cast.married.year}"
    draft.numbered = False
    draft.sheet.tint = (255, 246, 242)
    border(draft)
    y = motto(draft, draft.left, draft.right, 27, 14)
    draft.y = draft.block(
        "**{title|GIẤY CHỨNG NHẬN KẾT HÔN}**", draft.left, draft.right, y + 12, Style(22, ink="seal"), "centre"
    )
    draft.y = draft.block(f"Số: {{number|{number}}}", draft.left, draft.right, draft.y + 1, Style(13), "right") + 6
    split = (draft.left + draft.right) / 2
    top = draft.y
    _person(draft, "vợ", wife, draft.left, split - 3, top, holder=wife is holder)
    below = _person(draft, "chồng", husband, split + 3, draft.right, top, holder=husband is holder)
    draft.y = below + 5
    for line in (
        f"Nơi đăng ký kết hôn: {{issuer|{agency.body}}}, {agency.old_district}, tỉnh {agency.province}",
        f"Ngày, tháng, năm đăng ký: {{issued_on|{short(cast.married)}}}",
    ):
        draft.paragraph(line, Style(13), "left", 0, 0, 1.7)
    draft.y += 5
    top = draft.y
    for x0, x1, word in ((draft.left, split - 3, "Vợ"), (split + 3, draft.right, "Chồng")):
        y = draft.block(f"**{word}**", x0, x1, top, Style(13), "centre")
        y = draft.block("*(Ký, ghi rõ họ, chữ đệm, tên)*", x0, x1, y, Style(12), "centre")
        sheet = draft.sheet
        place = (round(sheet.px((x0 + x1) / 2 - 14)), round(sheet.px(y + 9)))
        sheet.marks.append(ink.signature(sheet.px(rng.uniform(22, 30)), rng, *place))
        draft.y = draft.block((wife if word == "Vợ" else husband).name, x0, x1, y + 17, Style(13), "centre")
    draft.y += 4
    who = Signature(("NGƯỜI KÝ GIẤY CHỨNG NHẬN KẾT HÔN", "CHỦ TỊCH"), cast.chairman, agency.old_seal)
    sign(draft, who, draft.left + 50, draft.right, draft.y, gap=22)
    holder_fields(draft, holder)
    draft.fields |= {
        "title": "GIẤY CHỨNG NHẬN KẾT HÔN",
        "number": number,
        "issued_on": cast.married,
        "issuer": agency.body,
        "signer": cast.chairman,
        "valid_until": None,
    }
    for role, person in (("wife", wife), ("husband", husband)):
        draft.more |= {
            f"{role}_name": person.name,
            f"{role}_birth_date": person.born,
            f"{role}_residence": person.old_home,
            f"{role}_id": person.id_number,
        }


def _person(draft: Draft, role: str, person: Person, x0: float, x1: float, y: float, *, holder: bool) -> float:
    """One of the two; only the holder's words carry fields."""
    name = f"{{holder_name|{person.name.upper()}}}" if holder else person.name.upper()
    number = f"{{holder_id|{person.id_number}}}" if holder else person.id_number
    born = f"{{holder_birth_date|{short(person.born)}}}" if holder else short(person.born)
    for line in (
        f"Họ, chữ đệm, tên {role}:\n**{name}**",
        f"Ngày, tháng, năm sinh: {born}",
        f"Dân tộc: {person.ethnic}",
        "Quốc tịch: Việt Nam",
        f"Nơi cư trú: {person.old_home}",
        f"Giấy tờ tùy thân: Căn cước công dân số {number}",
    ):
        y = draft.block(line, x0, x1, y, Style(13)) + 1.6
    return y
