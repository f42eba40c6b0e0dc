"""Trích lục hộ tịch (bản sao): an extract of a birth, a marriage or a death from the register."""

from __future__ import annotations

from datetime import date
from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Signature, signature_block
from sample_scans.layout.rich import Style
from sample_scans.papers.common import act_head, holder_fields, serial, short
from sample_scans.people import Cast, random_day, say_date, workday

COPY_OF_BIRTH = "2.000635"  # Cấp bản sao trích lục hộ tịch, bản sao Giấy khai sinh


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    event = "KHAI SINH" if cast.procedure == COPY_OF_BIRTH else rng.choice(("KHAI SINH", "KHAI TỬ"))
    symbol = "TLKS-BS" if event == "KHAI SINH" else "TLKT-BS"
    act_head(draft, cast, rng, symbol=symbol, day=cast.today)
    draft.y += 4
    draft.centred(f"**{{title|TRÍCH LỤC {event}}}**", Style(16))
    draft.centred("**(BẢN SAO)**", Style(13), after=5)
    person = cast.child if event == "KHAI SINH" else cast.father
    lines = _birth(cast) if event == "KHAI SINH" else _death(cast, rng)
    for line in lines:
        draft.paragraph(line, Style(13.5), "left", 0, 0, 2.0)
    draft.y += 4
    who = Signature(("NGƯỜI KÝ TRÍCH LỤC", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), cast.deputy, cast.agency.seal)
    signature_block(draft, who)
    holder_fields(draft, person)
    draft.fields |= {"title": f"TRÍCH LỤC {event}", "signer": who.name, "valid_until": None}
    draft.attributes += ["ban_sao", "trich_luc"]
    if event == "KHAI SINH":
        father, mother = (cast.holder, cast.spouse) if cast.holder.sex == "Nam" else (cast.spouse, cast.holder)
        draft.more |= {"father_name": father.name, "mother_name": mother.name}


def _birth(cast: Cast) -> list[str]:
    child, holder, spouse = cast.child, cast.holder, cast.spouse
    father, mother = (holder, spouse) if holder.sex == "Nam" else (spouse, holder)
    return [
        f"Họ, chữ đệm, tên: **{{holder_name|{child.name.upper()}}}**",
        f"Ngày, tháng, năm sinh: {{holder_birth_date|{short(child.born)}}}",
        f"Ghi bằng chữ: {say_date(child.born).capitalize()}",
        f"Giới tính: {child.sex}     Dân tộc: {father.ethnic}     Quốc tịch: Việt Nam",
        f"Số định danh cá nhân: {{holder_id|{child.id_number}}}",
        f"Quê quán: {father.old_home.split(', ', 1)[1]}",
        f"Họ, chữ đệm, tên người mẹ: {mother.name}, sinh năm {mother.born.year}",
        f"Họ, chữ đệm, tên người cha: {father.name}, sinh năm {father.born.year}",
        f"Đăng ký tại: {cast.agency.body}, {cast.agency.old_district}, tỉnh {cast.agency.province}",
    ]


def _death(cast: Cast, rng: Random) -> list[str]:
    father = cast.father
    died = workday(random_day(rng, date(2025, 2, 1), date(2025, 7, 20)))
    register = f"{serial(rng, 60)}/{died.year}"
    return [
        f"Họ, chữ đệm, tên người chết: **{{holder_name|{father.name.upper()}}}**",
        f"Ngày, tháng, năm sinh: {{holder_birth_date|{short(father.born)}}}",
        f"Giới tính: Nam     Dân tộc: {father.ethnic}     Quốc tịch: Việt Nam",
        f"Số định danh cá nhân: {{holder_id|{father.id_number}}}",
        f"Đã chết vào lúc: {rng.randint(1, 22)} giờ {rng.randint(1, 59):02d} phút, ngày {short(died)}",
        f"Ghi bằng chữ: {say_date(died).capitalize()}",
        f"Nơi chết: {father.home}",
        "Nguyên nhân chết: Bệnh già",
        f"Số đăng ký khai tử: {register}, đăng ký tại {cast.agency.body}",
    ]
