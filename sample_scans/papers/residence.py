"""Residence: sổ hộ khẩu and sổ tạm trú (cover, first page), xác nhận thông tin về cư trú (CT07), xác nhận chỗ ở hợp pháp."""

from __future__ import annotations

from datetime import date
from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Head, Signature, head, long_date, motto, sign, signature_block, table
from sample_scans.layout.rich import Style
from sample_scans.papers.common import holder_fields, serial, short
from sample_scans.people import Cast, make_name, random_day, workday


def _police(cast: Cast) -> str:
    return f"Công an {cast.agency.place}"


def xac_nhan_cu_tru(draft: Draft, cast: Cast, rng: Random) -> None:
    """Mẫu CT07: the police of the commune says where a person lives and with whom."""
    person, agency, day = cast.holder, cast.agency, cast.today
    draft.block(
        "Mẫu CT07 ban hành kèm theo Thông tư số 66/2023/TT-BCA",
        draft.left,
        draft.right,
        11,
        Style(9, italic=True),
        "right",
    )
    number = f"{serial(rng, 900)}/XNTTCT" if rng.random() < 0.7 else f"{serial(rng, 900)}/XN"
    hand = rng.random() < 0.4
    first, rest = number.split("/", maxsplit=1)
    shown = f"Số: {{~number|{first}}}{{number|/{rest}}}" if hand else f"Số: {{number|{number}}}"
    place = f"{{issued_at|{agency.name}}}, {{issued_on|{long_date(day, hand=hand)}}}"
    police = _police(cast)
    head(draft, Head(f"CÔNG AN TỈNH {agency.province.upper()}", police.upper(), shown, place))
    words = rng.choice(("XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ", "GIẤY XÁC NHẬN\nTHÔNG TIN VỀ CƯ TRÚ"))
    draft.centred(f"**{{title|{words}}}**", Style(15), before=2, after=4)
    draft.paragraph("**I. Theo đề nghị của Ông/Bà:**", Style(13), indent=0)
    lines = (
        f"1. Họ, chữ đệm và tên: **{{holder_name|{person.name.upper()}}}**",
        f"2. Ngày, tháng, năm sinh: {{holder_birth_date|{short(person.born)}}}     3. Giới tính: {{sex|{person.sex}}}",
        f"4. Số định danh cá nhân: {{holder_id|{person.id_number}}}",
        f"5. Dân tộc: {person.ethnic}     6. Tôn giáo: Không     7. Quốc tịch: Việt Nam",
    )
    for line in lines:
        draft.paragraph(line, Style(13), "left", 0, 0, 1.3)
    draft.paragraph(f"**II. {police} xác nhận thông tin về cư trú của Ông/Bà như sau:**", Style(13), indent=0)
    for line in (
        f"1. Nơi thường trú: {{residence|{person.home}}}",
        "2. Nơi tạm trú:",
        f"3. Nơi ở hiện tại: {person.home}",
        f"4. Họ, chữ đệm và tên chủ hộ: {{household_head|{cast.father.name}}}     5. Quan hệ với chủ hộ: Con",
        f"6. Số định danh cá nhân của chủ hộ: {cast.father.id_number}",
    ):
        draft.paragraph(line, Style(13), "left", 0, 0, 1.3)
    draft.paragraph("7. Thông tin các thành viên khác trong hộ gia đình:", Style(13), "left", 0, 0, 1.3)
    rows = [["TT", "Họ, chữ đệm và tên", "Ngày sinh", "Giới tính", "Số ĐDCN", "Quan hệ"]]
    for index, (other, role) in enumerate(
        ((cast.mother, "Mẹ"), (cast.spouse, "Vợ" if person.sex == "Nam" else "Chồng"), (cast.child, "Con")), 1
    ):
        rows.append([str(index), other.name, short(other.born), other.sex, other.id_number, role])
    table(draft, [9, 54, 26, 17, 34, 20], rows, size=11)
    draft.y += 2
    month, year = (day.month + 6 - 1) % 12 + 1, day.year + (day.month > 6)
    until = date(year, month, min(day.day, 28))
    draft.paragraph(f"Xác nhận này có giá trị đến hết ngày {{valid_until|{short(until)}}}.", Style(13))
    who = rng.choice((("TRƯỞNG CÔNG AN",), ("KT. TRƯỞNG CÔNG AN", "PHÓ TRƯỞNG CÔNG AN"), ("CÁN BỘ ĐĂNG KÝ CƯ TRÚ",)))
    signer = make_name("Nam", rng)
    signature_block(draft, Signature(who, signer, (police.upper(), f"T. {agency.province.upper()}")))
    holder_fields(draft, person)
    draft.sheets[0].day = day
    draft.fields |= {
        "title": words.replace("\n", " "),
        "number": number,
        "issued_on": day,
        "issued_at": agency.name,
        "issuer": police,
        "valid_until": until,
        "signer": signer,
    }
    draft.more |= {"residence": person.home, "household_head": cast.father.name, "sex": person.sex}


def giay_xac_nhan_cho_o(draft: Draft, cast: Cast, rng: Random) -> None:
    """Of the commune: the dwelling is lawful, without dispute, so large."""
    person, agency, day = cast.holder, cast.agency, cast.today
    number = f"{serial(rng, 300)}/XN-UBND"
    place = f"{{issued_at|{agency.name}}}, {{issued_on|{long_date(day)}}}"
    head(draft, Head("", f"ỦY BAN NHÂN DÂN\n{agency.place.upper()}", f"Số: {{number|{number}}}", place))
    words = "XÁC NHẬN TÌNH TRẠNG\nCHỖ Ở HỢP PHÁP"
    draft.centred(f"**{{title|{words}}}**", Style(15), before=2, after=4)
    for line in (
        f"{agency.body} xác nhận:",
        f"Họ, chữ đệm và tên: **{{holder_name|{person.name}}}**, sinh ngày {{holder_birth_date|{short(person.born)}}}",
        f"Số định danh cá nhân: {{holder_id|{person.id_number}}}",
        f"Địa chỉ chỗ ở hợp pháp: {{residence|{person.home}}}",
        f"Diện tích nhà ở: {rng.randint(40, 160)} m²; bảo đảm diện tích nhà ở tối thiểu {rng.choice((8, 10, 15))} m² sàn/người.",
        "Nhà ở, đất ở không có tranh chấp về quyền sở hữu, quyền sử dụng; không thuộc nơi không được đăng ký thường trú mới.",
    ):
        draft.paragraph(line)
    draft.paragraph("Xác nhận này để làm thủ tục đăng ký cư trú theo quy định của pháp luật./.")
    signature_block(
        draft,
        Signature(("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), cast.deputy, agency.seal, receivers=("- Như trên;", "- Lưu: VT.")),
    )
    holder_fields(draft, person)
    draft.sheet.day = day
    draft.fields |= {
        "title": words.replace("\n", " "),
        "number": number,
        "issued_on": day,
        "issued_at": agency.name,
        "issuer": agency.body,
        "signer": cast.deputy,
    }
    draft.more["residence"] = person.home


def so_ho_khau(draft: Draft, cast: Cast, rng: Random) -> None:
    """The household book: its cover and the page of its head. No legal value after 31/12/2022 (Luật Cư trú 2020 Điều 38)."""
    _book(draft, cast, rng, "SỔ HỘ KHẨU", "Nơi thường trú")


def so_tam_tru(draft: Draft, cast: Cast, rng: Random) -> None:
    _book(draft, cast, rng, "SỔ TẠM TRÚ", "Nơi tạm trú")


def _book(draft: Draft, cast: Cast, rng: Random, words: str, where: str) -> None:
    person, agency = rng.choice((cast.father, cast.holder)), cast.agency
    day = workday(random_day(rng, date(2008, 2, 1), date(2021, 6, 20)))
    number = f"{rng.randrange(10**8, 10**9)}"
    police = f"Công an {rng.choice((agency.old_district, f'tỉnh {agency.province}'))}"
    draft.numbered = False
    draft.sheet.tint = (246, 240, 222)
    draft.y = motto(draft, draft.left, draft.right, 30, 14) + 28
    draft.centred(f"**{{title|{words}}}**", Style(30, ink="seal"), after=14)
    for line in (
        f"Họ và tên chủ hộ: {{^|{person.name.upper()}}}",
        f"{where}: {{^|{person.old_home}}}",
    ):
        draft.entry(line, Style(14), after=3)
    draft.y += 8
    draft.centred(f"Số: {{number|{number}}}", Style(16), after=6)
    draft.paragraph(
        "Sổ này dùng để xác định nơi cư trú của công dân; không tẩy xóa, sửa chữa, không cho người khác mượn; khi chuyển đi "
        "phải nộp lại cho cơ quan công an.",
        Style(12, italic=True),
        indent=0,
    )
    draft.new_sheet()
    draft.sheet.tint = (246, 240, 222)
    draft.y = draft.block(f"**{{issuer|{police.upper()}}}**", draft.left, draft.right, 24, Style(13)) + 4
    draft.centred("**CHỦ HỘ**", Style(15), after=4)
    for line in (
        f"1. Họ và tên: {{^holder_name|{person.name.upper()}}}",
        "2. Họ và tên gọi khác (nếu có): {^|Không}",
        f"3. Ngày, tháng, năm sinh: {{^holder_birth_date|{short(person.born)}}}     4. Giới tính: {{^|{person.sex}}}",
        f"5. Nguyên quán: {{^|{person.old_home.split(', ', 1)[1]}}}",
        f"6. Dân tộc: {{^|{person.ethnic}}}     7. Tôn giáo: {{^|Không}}",
        f"8. Số CMND/CCCD: {{^holder_id|{person.id_number}}}",
        f"9. Nghề nghiệp, nơi làm việc: {{^|{rng.choice(('Làm ruộng', 'Giáo viên', 'Buôn bán', 'Thợ mộc'))}}}",
        f"10. {where}: {{^residence|{person.old_home}}}",
    ):
        draft.entry(line, Style(13.5), after=2)
    draft.y += 4
    middle = (draft.left + draft.right) / 2
    y = draft.block(
        f"*Ngày {{issued_on|{day.day:02d} tháng {day.month:02d} năm {day.year}}}*",
        middle,
        draft.right,
        draft.y,
        Style(13),
        "centre",
    )
    chief = make_name("Nam", rng)
    seal = (police.upper(), f"T. {agency.province.upper()}")
    sign(draft, Signature((rng.choice(("TRƯỞNG CÔNG AN", "KT. TRƯỞNG CÔNG AN")),), chief, seal), middle, draft.right, y)
    holder_fields(draft, person)
    draft.fields |= {"title": words, "number": number, "issued_on": day, "issuer": police, "signer": chief}
    draft.more["residence"] = person.old_home
