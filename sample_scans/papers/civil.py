"""Civil status beside the three old papers: giấy chứng sinh, giấy báo tử, nuôi con nuôi, further extracts, copies of the birth certificate."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Head, Signature, bare_head, border, head, long_date, motto, sign, signature_block
from sample_scans.layout.rich import Style
from sample_scans.papers.common import act_head, holder_fields, serial, short
from sample_scans.people import HOSPITALS, Cast, Person, make_name, random_day, say_date, workday

_CAUSES = ("Bệnh già", "Tai biến mạch máu não", "Nhồi máu cơ tim", "Ung thư phổi", "Tai nạn giao thông")


def _form(draft: Draft, *lines: str, filled: bool, size: float = 13.5) -> None:
    """Lines of a form, over dotted leaders where it was filled in."""
    for line in lines:
        if filled:
            draft.entry(line, Style(size), after=1.5)
        else:
            draft.paragraph(line, Style(size), "left", 0, 0, 1.7)


def _parents(cast: Cast) -> tuple[Person, Person]:
    return (cast.holder, cast.spouse) if cast.holder.sex == "Nam" else (cast.spouse, cast.holder)


def giay_chung_sinh(draft: Draft, cast: Cast, rng: Random) -> None:
    """Of a hospital or commune health station: who bore whom, when, how heavy."""
    child, (father, mother), agency = cast.child, _parents(cast), cast.agency
    hospital = f"{rng.choice(HOSPITALS)} {rng.choice((agency.district, agency.name))}"
    day = child.born + timedelta(days=rng.randint(1, 5))
    number = f"{serial(rng, 900)}/{day.year}" if rng.random() < 0.6 else serial(rng, 900)
    draft.numbered = False
    filled = rng.random() < 0.5
    if rng.random() < 0.5:
        bare_head(draft, f"SỞ Y TẾ {agency.province.upper()}", hospital.upper())
    else:
        draft.y = draft.block(f"**{{issuer|{hospital.upper()}}}**", draft.left, draft.right, draft.y, Style(12)) + 3
        draft.y = motto(draft, draft.left, draft.right, draft.y, 14) + 5
    draft.block(f"Số: {{number|{number}}}", draft.left, draft.right, draft.y - 4, Style(12), "right")
    draft.centred("**{title|GIẤY CHỨNG SINH}**", Style(rng.choice((16, 18, 20))), before=3, after=5)
    pen = "^" if filled else ""
    weight = rng.randint(24, 41) * 100
    hour, minute = rng.randint(0, 23), rng.randint(0, 59)
    name = child.name if rng.random() < 0.8 else ""
    sex = {"Nam": "Trai", "Nữ": "Gái"}[child.sex] if rng.random() < 0.4 else child.sex
    _form(
        draft,
        f"Họ và tên mẹ/Người nuôi dưỡng: {{{pen}mother_name|{mother.name.upper()}}}",
        f"Năm sinh: {{{pen}|{mother.born.year}}}     Dân tộc: {{{pen}|{mother.ethnic}}}",
        f"Nơi đăng ký thường trú: {{{pen}|{mother.old_home}}}",
        f"Số CCCD/Mã định danh cá nhân: {{{pen}mother_id|{mother.id_number}}}",
        f"Đã sinh con vào lúc: {hour:02d} giờ {minute:02d} phút, {{holder_birth_date|ngày {child.born.day:02d} tháng {child.born.month:02d} năm {child.born.year}}}",
        f"Tại: {{{pen}birth_place|{hospital}}}",
        f"Số con trong lần sinh này: {{{pen}|01}}",
        f"Giới tính của con: {{{pen}sex|{sex}}}     Cân nặng: {{{pen}weight|{weight} gam}}",
        f"Họ và tên cha: {{{pen}father_name|{father.name}}}",
        *((f"Dự định đặt tên con là: {{{pen}holder_name|{name.upper()}}}",) if name else ("Dự định đặt tên con là:",)),
        f"Người đỡ đẻ: {{{pen}|{make_name('Nữ', rng)}}}",
        "Ghi chú:",
        filled=filled,
    )
    draft.paragraph(
        "*Lưu ý: Giấy chứng sinh cấp lần đầu; tên dự định có thể khác tên trong giấy khai sinh.*", Style(12), indent=0
    )
    draft.y += 3
    middle, top = (draft.left + draft.right) / 2, draft.y
    y = draft.block(
        f"*{{issued_at|{agency.name}}}, {{issued_on|{long_date(day)}}}*",
        middle,
        draft.right,
        top,
        Style(12.5),
        "centre",
    )
    chief = make_name("Nam", rng)
    seal = (hospital.upper(), f"T. {agency.province.upper()}")
    sign(draft, Signature(("THỦ TRƯỞNG CƠ SỞ Y TẾ",), chief, seal), middle, draft.right, y)
    sign(
        draft,
        Signature(("CHA, MẸ",), mother.name, note="(Ký, ghi rõ họ tên)", field_name=""),
        draft.left,
        middle - 3,
        y,
        22,
    )
    draft.sheet.day = day
    draft.fields |= {
        "title": "GIẤY CHỨNG SINH",
        "number": number,
        "holder_name": name or None,
        "holder_birth_date": child.born,
        "issued_on": day,
        "issued_at": agency.name,
        "issuer": hospital,
        "signer": chief,
    }
    draft.more |= {
        "mother_name": mother.name,
        "mother_id": mother.id_number,
        "father_name": father.name,
        "birth_place": hospital,
        "sex": sex,
        "weight": f"{weight} gam",
    }


def giay_bao_tu(draft: Draft, cast: Cast, rng: Random) -> None:
    """Of the commune or a hospital."""
    dead, agency = rng.choice((cast.father, cast.mother)), cast.agency
    died = random_day(rng, date(2024, 2, 1), cast.today - timedelta(days=2))
    day = workday(died + timedelta(days=rng.randint(0, 3)))
    hospital = rng.random() < 0.5
    where = f"{rng.choice(HOSPITALS)} {agency.district}"
    number = f"{serial(rng, 300)}/GBT" if rng.random() < 0.7 else f"{serial(rng, 300)}/{day.year}-GBT"
    hand = rng.random() < 0.3
    shown = (
        f"Số: {{~number|{number.split('/', maxsplit=1)[0]}}}{{number|/{number.split('/', maxsplit=1)[1]}}}"
        if hand
        else f"Số: {{number|{number}}}"
    )
    place = f"{{issued_at|{agency.name}}}, {{issued_on|{long_date(day, hand=hand)}}}"
    body = where if hospital else agency.body
    lines = where.upper() if hospital else f"ỦY BAN NHÂN DÂN\n{agency.place.upper()}"
    head(draft, Head(f"SỞ Y TẾ {agency.province.upper()}" if hospital else "", lines, shown, place))
    draft.centred("**{title|GIẤY BÁO TỬ}**", Style(rng.choice((16, 18, 20))), before=3, after=5)
    cause = rng.choice(_CAUSES)
    there = where if hospital else dead.home
    minute = f"{rng.randint(0, 23):02d} giờ {rng.randint(0, 59):02d} phút"
    _form(
        draft,
        f"Họ, chữ đệm, tên người chết: **{{holder_name|{dead.name.upper()}}}**",
        f"Ngày, tháng, năm sinh: {{holder_birth_date|{short(dead.born)}}}     Giới tính: {{sex|{dead.sex}}}",
        f"Dân tộc: {dead.ethnic}     Quốc tịch: Việt Nam",
        f"Nơi cư trú cuối cùng: {{residence|{dead.home}}}",
        f"Số định danh cá nhân: {{holder_id|{dead.id_number}}}",
        f"{rng.choice(('Đã chết vào lúc', 'Đã tử vong vào lúc'))}: {minute}, {{event_date|ngày {died.day:02d} tháng {died.month:02d} năm {died.year}}}",
        f"(Ghi bằng chữ: {say_date(died)})",
        f"Nơi chết: {{event_place|{there}}}",
        f"{rng.choice(('Nguyên nhân chết', 'Nguyên nhân tử vong'))}: {{cause|{cause}}}",
        f"Người đi báo tử: {cast.holder.name}, căn cước số {cast.holder.id_number}",
        filled=rng.random() < 0.4,
    )
    lines_of = ("GIÁM ĐỐC",) if hospital else ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    seal = (where.upper(), f"T. {agency.province.upper()}") if hospital else agency.seal
    signature_block(draft, Signature(lines_of, cast.deputy, seal, receivers=("- Người đi báo tử;", "- Lưu.")))
    holder_fields(draft, dead)
    draft.sheet.day = day
    draft.fields |= {
        "title": "GIẤY BÁO TỬ",
        "number": number,
        "issued_on": day,
        "issued_at": agency.name,
        "issuer": body,
        "signer": cast.deputy,
    }
    draft.more |= {"event_date": died, "event_place": there, "cause": cause, "sex": dead.sex, "residence": dead.home}


def giay_chung_nhan_nuoi_con_nuoi(draft: Draft, cast: Cast, rng: Random) -> None:
    child, (father, mother), agency = cast.child, _parents(cast), cast.agency
    day = workday(random_day(rng, date(2024, 3, 1), date(2025, 6, 20)))
    number = f"{serial(rng, 40)}/{day.year}"
    words = rng.choice(("GIẤY CHỨNG NHẬN NUÔI CON NUÔI", "GIẤY CHỨNG NHẬN\nNUÔI CON NUÔI TRONG NƯỚC"))
    draft.numbered = False
    draft.sheet.tint = rng.choice(((254, 250, 238), (250, 250, 255)))
    border(draft)
    y = motto(draft, draft.left, draft.right, 27, 14)
    draft.y = draft.block(f"**{{title|{words}}}**", draft.left, draft.right, y + 9, Style(18, ink="seal"), "centre")
    draft.y = draft.block(f"Số: {{number|{number}}}", draft.left, draft.right, draft.y + 1, Style(13), "right") + 4
    for role, person, tag in (
        ("con nuôi", child, "holder"),
        ("cha nuôi", father, "father"),
        ("mẹ nuôi", mother, "mother"),
    ):
        draft.paragraph(f"**Phần ghi về {role}**", Style(13), "left", 0, 1.5, 0.8)
        born = f"{{holder_birth_date|{short(person.born)}}}" if tag == "holder" else short(person.born)
        _form(
            draft,
            f"Họ, chữ đệm, tên: **{{{tag}_name|{person.name.upper()}}}**",
            f"Ngày, tháng, năm sinh: {born}     Giới tính: {person.sex}     Dân tộc: {person.ethnic}",
            f"Nơi cư trú: {person.old_home}",
            filled=False,
            size=13,
        )
    _form(
        draft,
        f"Nơi đăng ký: {{issuer|{agency.body}}}, {agency.old_district}, tỉnh {agency.province}",
        f"Ngày, tháng, năm đăng ký: {{issued_on|{short(day)}}}",
        filled=False,
        size=13,
    )
    draft.y += 3
    sign(
        draft,
        Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), cast.chairman, agency.old_seal),
        draft.left + 60,
        draft.right,
        draft.y,
        24,
    )
    holder_fields(draft, child)
    draft.fields |= {
        "holder_id": None,
        "title": words.replace("\n", " "),
        "number": number,
        "issued_on": day,
        "issuer": agency.body,
        "signer": cast.chairman,
    }
    draft.more |= {"father_name": father.name, "mother_name": mother.name}


def trich_luc(draft: Draft, cast: Cast, rng: Random) -> None:
    """Extracts of a marriage, a recognition of a child, a guardianship, a correction; copies and first issues."""
    event, symbol = rng.choice(
        (
            ("TRÍCH LỤC KẾT HÔN", "TLKH-BS"),
            ("TRÍCH LỤC ĐĂNG KÝ NHẬN CHA, MẸ, CON", "TLNCMC"),
            ("TRÍCH LỤC THAY ĐỔI, CẢI CHÍNH,\nBỔ SUNG THÔNG TIN HỘ TỊCH", "TLCCHT"),
            ("TRÍCH LỤC GHI CHÚ LY HÔN", "TLGCLH"),
            ("TRÍCH LỤC KHAI TỬ", "TLKT-BS"),
        )
    )
    agency, person, copy = cast.agency, cast.holder, rng.random() < 0.6
    act_head(draft, cast, rng, symbol=symbol, day=cast.today)
    draft.centred(f"**{{title|{event}}}**", Style(rng.choice((14, 15, 16))), before=3, after=1)
    if copy:
        draft.centred(rng.choice(("**(BẢN SAO)**", "(Bản sao)")), Style(13))
        draft.attributes.append("ban_sao")
    draft.attributes.append("trich_luc")
    draft.y += 4
    about = {
        "TLKH-BS": (f"Họ, chữ đệm, tên vợ/chồng: {cast.spouse.name}", f"Ngày đăng ký kết hôn: {short(cast.married)}"),
        "TLNCMC": (
            f"Là {'cha' if person.sex == 'Nam' else 'mẹ'} của cháu: {cast.child.name}",
            f"Sinh ngày: {short(cast.child.born)}",
        ),
        "TLCCHT": (f"Đã được cải chính năm sinh từ: {person.born.year - 1}", f"Thành: {person.born.year}"),
        "TLGCLH": (
            f"Đã ly hôn với: {cast.spouse.name}",
            f"Theo Bản án số {rng.randint(11, 99)}/{cast.today.year - 1}/HNGĐ-ST",
        ),
        "TLKT-BS": (
            f"Đã chết ngày: {short(workday(cast.today - timedelta(days=9)))}",
            f"Nguyên nhân chết: {rng.choice(_CAUSES)}",
        ),
    }[symbol]
    _form(
        draft,
        f"Họ, chữ đệm, tên: **{{holder_name|{person.name.upper()}}}**",
        f"Ngày, tháng, năm sinh: {{holder_birth_date|{short(person.born)}}}",
        f"Giới tính: {person.sex}     Dân tộc: {person.ethnic}     Quốc tịch: Việt Nam",
        f"Giấy tờ tùy thân: Căn cước số {{holder_id|{person.id_number}}}",
        f"Nơi cư trú: {person.home}",
        *about,
        f"Đăng ký tại: {agency.body}, tỉnh {agency.province}",
        filled=False,
    )
    signature_block(draft, Signature(("NGƯỜI KÝ TRÍCH LỤC", "CHỦ TỊCH"), cast.chairman, agency.seal))
    holder_fields(draft, person)
    draft.fields |= {"title": event.replace("\n", " "), "signer": cast.chairman}


def giay_khai_sinh(draft: Draft, cast: Cast, rng: Random) -> None:
    """A copy of the certificate on plain paper (BẢN SAO), or the form used before 2016: no frame, other labels."""
    child, (father, mother), agency = cast.child, _parents(cast), cast.agency
    day = workday(child.born + timedelta(days=rng.randint(5, 55)))
    number = f"{serial(rng, 160)}/{day.year}" if rng.random() < 0.6 else serial(rng, 160)
    book = rng.random() < 0.5
    draft.numbered = False
    if rng.random() < 0.6:
        bare_head(draft, "", f"ỦY BAN NHÂN DÂN\n{agency.place.upper()}")
        draft.block(
            f"Số: {{number|{number}}}" + (f", Quyển số: 01/{day.year}" if book else ""),
            draft.left - 8,
            draft.left + 65,
            draft.y - 6,
            Style(12),
            "centre",
        )
    else:
        draft.y = motto(draft, draft.left, draft.right, draft.y, 14) + 8
        draft.block(f"Số: {{number|{number}}}", draft.left, draft.right, draft.y - 5, Style(13), "right")
    draft.centred("**{title|GIẤY KHAI SINH}**", Style(rng.choice((18, 20, 22))), before=5, after=1)
    draft.centred("**(BẢN SAO)**", Style(14), after=5)
    hospital = f"{rng.choice(HOSPITALS)} {agency.district}"
    town = father.old_home.split(", ", 1)[1]
    lines = [
        f"Họ, chữ đệm, tên: **{{holder_name|{child.name.upper()}}}**     Giới tính: {child.sex}",
        f"Ngày, tháng, năm sinh: {{holder_birth_date|{short(child.born)}}}",
        f"Ghi bằng chữ: {say_date(child.born).capitalize()}",
        f"Nơi sinh: {{birth_place|{hospital}}}",
        f"Quê quán: {{home_town|{town}}}",
        f"Số định danh cá nhân: {{holder_id|{child.id_number}}}",
    ]
    for role, tag, person in (("cha", "father", father), ("mẹ", "mother", mother)):
        lines += [
            f"Họ, chữ đệm, tên người {role}: {{{tag}_name|{person.name.upper()}}}",
            f"Năm sinh: {{{tag}_birth_year|{person.born.year}}}     Dân tộc: {person.ethnic}     Quốc tịch: Việt Nam",
            f"Nơi cư trú: {person.old_home}",
        ]
    lines += [
        f"Nơi đăng ký khai sinh: {{issuer|{agency.body}}}, {agency.old_district}, tỉnh {agency.province}",
        f"Ngày, tháng, năm đăng ký: {{issued_on|{short(day)}}}",
    ]
    _form(draft, *lines, filled=rng.random() < 0.3, size=13)
    copied = workday(day + timedelta(days=rng.randint(30, 300)))
    draft.y += 3
    middle = (draft.left + draft.right) / 2
    y = draft.block(f"*{agency.name}, {long_date(copied)}*", middle, draft.right, draft.y, Style(12.5), "centre")
    sign(
        draft, Signature(("NGƯỜI KÝ BẢN SAO", "PHÓ CHỦ TỊCH"), cast.deputy, agency.old_seal), middle, draft.right, y, 24
    )
    holder_fields(draft, child)
    draft.attributes.append("ban_sao")
    draft.fields |= {
        "title": "GIẤY KHAI SINH",
        "number": number,
        "issued_on": day,
        "issuer": agency.body,
        "signer": cast.deputy,
    }
    draft.more |= {
        "father_name": father.name,
        "mother_name": mother.name,
        "father_birth_year": str(father.born.year),
        "mother_birth_year": str(mother.born.year),
        "birth_place": hospital,
        "home_town": town,
    }
