"""Certificates of land (the form before 01/8/2024), enterprise, learning, criminal record, disability, health, and plain confirmations."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from sample_scans import ink
from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Head, Signature, bare_head, border, head, long_date, motto, sign, signature_block
from sample_scans.layout.rich import Style
from sample_scans.papers.common import act_head, grouped, holder_fields, short
from sample_scans.people import HAMLETS, STREETS, Cast, make_name, random_day, say_number, workday

_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def tax_code(rng: Random) -> str:
    """Ten digits: nine and N10 = 10 - (weighted sum mod 11) (RULES 5.1); the middle 999 says that it is made up."""
    while True:
        digits = f"{rng.choice(('01', '24', '28', '46'))}999{rng.randrange(10**4):04d}"
        check = 10 - sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, digits, strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"


def _rows(draft: Draft, *lines: str, size: float = 13, after: float = 1.7) -> None:
    for line in lines:
        draft.paragraph(line, Style(size), "left", 0, 0, after)


def giay_chung_nhan_dang_ky_doanh_nghiep(draft: Draft, cast: Cast, rng: Random) -> None:
    """Of the registry office: new firms, and changes for the n-th time."""
    person, agency = cast.holder, cast.agency
    first_day = workday(random_day(rng, date(2012, 1, 9), date(2025, 6, 20)))
    changes = rng.choice((0, 0, 1, 2, 5))
    changed = workday(first_day + timedelta(days=rng.randint(90, 900))) if changes else None
    last = changed or first_day
    parent = "SỞ TÀI CHÍNH" if last >= date(2025, 3, 1) else "SỞ KẾ HOẠCH VÀ ĐẦU TƯ"
    code = tax_code(rng)
    draft.numbered = False
    if rng.random() < 0.5:
        border(draft, colour="pale")
        draft.y = 24
    bare_head(draft, f"{parent}\nTỈNH {agency.province.upper()}", "PHÒNG ĐĂNG KÝ KINH DOANH")
    kind = rng.choice(
        (
            "CÔNG TY TRÁCH NHIỆM HỮU HẠN\nMỘT THÀNH VIÊN",
            "CÔNG TY CỔ PHẦN",
            "CÔNG TY TRÁCH NHIỆM HỮU HẠN\nHAI THÀNH VIÊN TRỞ LÊN",
            "DOANH NGHIỆP TƯ NHÂN",
        )
    )
    draft.centred("**{title|GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP}**", Style(rng.choice((15, 16))))
    draft.centred(f"**{kind}**", Style(14), after=3)
    draft.centred(f"**Mã số doanh nghiệp: {{number|{code}}}**", Style(14), after=1)
    draft.centred(f"*Đăng ký lần đầu: {{issued_on|{long_date(first_day)}}}*", Style(13))
    if changed:
        draft.centred(f"*Đăng ký thay đổi lần thứ {changes}: {{changed_on|{long_date(changed)}}}*", Style(13))
    draft.y += 4
    short_kind = "CÔNG TY TNHH" if "HỮU HẠN" in kind else kind
    name = f"{short_kind} {rng.choice(HAMLETS).upper()} {rng.choice(STREETS).upper()}"
    capital = grouped(rng.randint(2, 180) * 100_000_000)
    seat = f"Số {rng.randint(2, 180)} đường {rng.choice(STREETS)}, {agency.place}, tỉnh {agency.province}"
    _rows(
        draft,
        "**1. Tên công ty**",
        f"Tên công ty viết bằng tiếng Việt: {{holder_name|{name}}}",
        "Tên công ty viết tắt:",
    )
    _rows(
        draft, "**2. Địa chỉ trụ sở chính**", f"{{residence|{seat}}}", f"Điện thoại: 0000 {rng.randint(100000, 999999)}"
    )
    _rows(draft, f"**3. Vốn điều lệ:** {{capital|{capital} đồng}}")
    _rows(draft, "**4. Người đại diện theo pháp luật của công ty**")
    _rows(
        draft,
        f"Họ và tên: {{representative|{person.name.upper()}}}     Giới tính: {person.sex}     Chức danh: Giám đốc",
        f"Sinh ngày: {short(person.born)}     Dân tộc: {person.ethnic}     Quốc tịch: Việt Nam",
        f"Số giấy tờ pháp lý của cá nhân: {person.id_number}",
        f"Địa chỉ thường trú: {person.home}",
    )
    who = rng.choice((("TRƯỞNG PHÒNG",), ("KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG")))
    signature_block(draft, Signature(who, cast.deputy, ("PHÒNG ĐĂNG KÝ KINH DOANH", f"T. {agency.province.upper()}")))
    draft.fields |= {
        "title": "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP",
        "number": code,
        "holder_name": name,
        "issued_on": first_day,
        "issuer": "Phòng Đăng ký kinh doanh",
        "signer": cast.deputy,
        "valid_until": None,
    }
    draft.more |= {
        "residence": seat,
        "capital": f"{capital} đồng",
        "representative": person.name.upper(),
        "changed_on": changed,
    }


_SCHOOLS = (
    ("BẰNG TỐT NGHIỆP TRUNG HỌC CƠ SỞ", "Phòng Giáo dục và Đào tạo", "TRƯỞNG PHÒNG", False),
    ("BẰNG TỐT NGHIỆP TRUNG HỌC PHỔ THÔNG", "Sở Giáo dục và Đào tạo", "GIÁM ĐỐC", False),
    ("BẰNG TỐT NGHIỆP TRUNG CẤP", "Trường Trung cấp Nghề", "HIỆU TRƯỞNG", True),
    ("BẰNG CỬ NHÂN", "Trường Đại học", "HIỆU TRƯỞNG", True),
    ("BẰNG KỸ SƯ", "Trường Đại học", "HIỆU TRƯỞNG", True),
    ("BẰNG TỐT NGHIỆP ĐẠI HỌC", "Học viện", "GIÁM ĐỐC", True),
    ("BẰNG THẠC SĨ", "Trường Đại học", "HIỆU TRƯỞNG", True),
)
_MAJORS = ("Quản trị kinh doanh", "Kỹ thuật xây dựng", "Luật kinh tế", "Sư phạm Toán học", "Kế toán", "Điều dưỡng")
_GRADES = ("Xuất sắc", "Giỏi", "Khá", "Trung bình")


def bang_tot_nghiep(draft: Draft, cast: Cast, rng: Random) -> None:
    """A diploma across the page, framed; two languages at universities."""
    words, school, chief, higher = rng.choice(_SCHOOLS)
    person, agency = rng.choice((cast.holder, cast.spouse, cast.other)), cast.agency
    issuer = f"{school} {rng.choice((agency.province, agency.district))}"
    day = workday(random_day(rng, date(2005, 6, 20), date(2025, 8, 20)))
    number = (
        f"{rng.randint(1, 999):03d}/{rng.choice(('ĐH', 'CQ') if higher else ('THPT', 'THCS'))}"
        if rng.random() < 0.5
        else f"{rng.randint(1, 9999):04d}"
    )
    code = (
        f"{rng.choice('ABCN')} {rng.randrange(10**6):06d}"
        if rng.random() < 0.6
        else f"{rng.choice(('QH', 'DC', 'TB'))}{rng.randrange(10**7):07d}"
    )
    draft.numbered = False
    draft.sheet.tint = rng.choice(((255, 249, 232), (255, 244, 240), (246, 250, 255)))
    border(draft, 8, rng.choice(("frame", "pale")))
    middle, grade = (draft.left + draft.right) / 2, rng.choice(_GRADES)
    two = higher and rng.random() < 0.5
    y = motto(draft, draft.left, draft.right, 20, 13.5) + 5
    y = draft.block(f"**{chief} {{issuer|{issuer.upper()}}}**", draft.left, draft.right, y, Style(13), "centre")
    if two:
        y = draft.block("*THE RECTOR confers*", draft.left, draft.right, y, Style(11), "centre")
    y = draft.block("cấp" if rng.random() < 0.6 else "Cấp cho", draft.left, draft.right, y + 1, Style(12), "centre") + 1
    y = (
        draft.block(
            f"**{{title|{words}}}**", draft.left, draft.right, y, Style(rng.choice((20, 23, 26)), ink="seal"), "centre"
        )
        + 4
    )
    x0 = draft.left + 34
    lines = [
        f"Cho: {'Ông' if person.sex == 'Nam' else 'Bà'} **{{holder_name|{person.name}}}**",
        f"Ngày sinh: {{holder_birth_date|{short(person.born)}}}",
    ]
    if higher:
        major = rng.choice(_MAJORS)
        lines += [f"Ngành đào tạo: {{major|{major}}}", "Hình thức đào tạo: Chính quy"]
        draft.more["major"] = major
    else:
        lines += [f"Nơi sinh: {agency.old_district}, tỉnh {agency.province}", f"Học sinh trường: {rng.choice(HAMLETS)}"]
    lines += [f"Năm tốt nghiệp: {day.year}", f"Xếp loại tốt nghiệp: {{classification|{grade}}}"]
    for line in lines:
        y = draft.block(line, x0, draft.right, y, Style(13)) + 1.2
    below = draft.block(
        f"*{{issued_at|{agency.province}}}, {{issued_on|{long_date(day)}}}*",
        middle + 20,
        draft.right,
        y - 4,
        Style(12.5),
        "centre",
    )
    name = make_name("Nam", rng)
    sign(draft, Signature((chief,), name, (issuer.upper(), "VIỆT NAM")), middle + 20, draft.right, below, 22)
    draft.block(
        f"Số hiệu: {{serial_number|{code}}}\nSố vào sổ gốc cấp bằng: {{number|{number}}}",
        draft.left,
        middle,
        176,
        Style(12),
    )
    picture = ink.Mark(
        round(draft.sheet.px(draft.left)),
        round(draft.sheet.px(104)),
        ink.plain_patch(draft.sheet.px(26), draft.sheet.px(34)),
        (150, 156, 170),
        "picture",
    )
    draft.sheet.marks.append(picture)
    holder_fields(draft, person)
    draft.fields |= {
        "holder_id": None,
        "title": words,
        "number": number,
        "issued_on": day,
        "issued_at": agency.province,
        "issuer": issuer,
        "signer": name,
    }
    draft.more |= {"classification": grade, "serial_number": code}


def phieu_ly_lich_tu_phap(draft: Draft, cast: Cast, rng: Random) -> None:
    """Number 1 or 2; the department of justice until the police took it over in 2025."""
    person, agency, day = cast.holder, cast.agency, cast.today
    police = rng.random() < 0.5
    if not police:
        day = workday(random_day(rng, date(2021, 1, 5), date(2025, 2, 20)))
    issuer = f"Công an tỉnh {agency.province}" if police else "Sở Tư pháp"
    which = rng.choice(("1", "2"))
    words = rng.choice((f"PHIẾU LÝ LỊCH TƯ PHÁP SỐ {which}", "PHIẾU LÝ LỊCH TƯ PHÁP"))
    number = (
        f"{rng.randint(20, 9800)}/{'CAT' if police else 'STP'}-LLTP"
        if rng.random() < 0.6
        else f"{rng.randint(20, 9800)}/LLTP"
    )
    above = "BỘ CÔNG AN" if police else f"UBND TỈNH {agency.province.upper()}"
    place = f"{{issued_at|{agency.province}}}, {{issued_on|{long_date(day)}}}"
    head(draft, Head(above, issuer.upper(), f"Số: {{number|{number}}}", place))
    draft.centred(f"**{{title|{words}}}**", Style(16), before=2, after=4)
    draft.paragraph("Căn cứ Luật Lý lịch tư pháp ngày 17 tháng 6 năm 2009;", Style(13))
    draft.paragraph("**XÁC NHẬN:**", Style(13), "centre", 0)
    father, mother = cast.father, cast.mother
    _rows(
        draft,
        f"1. Họ và tên: **{{holder_name|{person.name.upper()}}}**     2. Giới tính: {person.sex}",
        f"3. Ngày, tháng, năm sinh: {{holder_birth_date|{short(person.born)}}}",
        f"4. Nơi sinh: {agency.old_district}, tỉnh {agency.province}     5. Quốc tịch: Việt Nam",
        f"6. Nơi thường trú: {{residence|{person.home}}}",
        f"7. Số định danh cá nhân: {{holder_id|{person.id_number}}}",
        *((f"8. Họ và tên cha: {father.name}     9. Họ và tên mẹ: {mother.name}",) if which == "2" else ()),
    )
    record = "Không có án tích" if rng.random() < 0.85 else "Có án tích"
    _rows(
        draft,
        f"**Tình trạng án tích:** {{criminal_record|{record}}}",
        "**Thông tin về cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp, hợp tác xã:** Không.",
    )
    who = (("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), ("GIÁM ĐỐC",), ("TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG"))
    signature_block(
        draft,
        Signature(
            rng.choice(who), cast.deputy, (issuer.upper(), "VIỆT NAM"), receivers=("- Người được cấp;", "- Lưu: HS.")
        ),
    )
    holder_fields(draft, person)
    draft.sheet.day = day
    draft.fields |= {
        "title": words,
        "number": number,
        "issued_on": day,
        "issued_at": agency.province,
        "issuer": issuer,
        "signer": cast.deputy,
        "valid_until": None,
    }
    draft.more |= {"criminal_record": record, "residence": person.home}


_OLD_LAND = (
    "GIẤY CHỨNG NHẬN\nQUYỀN SỬ DỤNG ĐẤT,\nQUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT",
    "GIẤY CHỨNG NHẬN\nQUYỀN SỬ DỤNG ĐẤT",
)


def gcn_before_2024(draft: Draft, cast: Cast, rng: Random) -> None:
    """The pink form of 2009-2024: owner on page 1, parcel in Roman sections on page 2; the serial has no label."""
    person, agency = cast.holder, cast.agency
    words = rng.choice((*_OLD_LAND[:1] * 2, _OLD_LAND[1]))
    day = workday(random_day(rng, date(2010, 1, 5), date(2024, 7, 20)))
    serial_number = f"{rng.choice('BCD')}{rng.choice('ADKMS')} {rng.randrange(10**6):06d}"
    register = f"{rng.choice(('CS', 'CH', 'CT'))}{rng.choice(('', '.', ' '))}{rng.randint(1, 99999):05d}"
    pink = (253, 226, 224)
    draft.numbered = False
    draft.sheet.tint = pink
    border(draft)
    y = motto(draft, draft.left, draft.right, 30, 14)
    x0, x1 = draft.left, draft.right
    draft.y = draft.block(f"**{{title|{words}}}**", x0, x1, y + 16, Style(17, ink="seal"), "centre") + 16
    draft.paragraph("**I. Người sử dụng đất, chủ sở hữu nhà ở và tài sản khác gắn liền với đất**", Style(13), "left", 0)
    both = rng.random() < 0.4
    lines = [
        f"{person.title.capitalize()}: **{{holder_name|{person.name.upper()}}}**",
        f"Năm sinh: {person.born.year}, Căn cước công dân số: {{holder_id|{person.id_number}}}",
    ]
    if both:
        spouse = cast.spouse
        lines.append(
            f"Và {'vợ' if person.sex == 'Nam' else 'chồng'}: {spouse.name.upper()}, năm sinh {spouse.born.year}, CCCD số {spouse.id_number}"
        )
    lines.append(f"Địa chỉ thường trú: {{residence|{person.old_home}}}")
    _rows(draft, *lines)
    draft.block(f"**{{serial_number|{serial_number}}}**", x0, x1, 262, Style(16, ink="seal"), "right")
    draft.new_sheet()
    draft.sheet.tint = pink
    border(draft)
    draft.y = 24
    draft.paragraph("**II. Thửa đất, nhà ở và tài sản khác gắn liền với đất**", Style(13), "left", 0)
    area, parcel, sheet_no = rng.randint(60, 1400), rng.randint(3, 900), rng.randint(1, 80)
    house = rng.random() < 0.5
    use = rng.choice(("Đất ở tại nông thôn", "Đất ở tại đô thị", "Đất trồng cây lâu năm", "Đất chuyên trồng lúa nước"))
    term = "Lâu dài" if "ở" in use.split()[1] else f"Đến ngày 15/10/{rng.choice((2043, 2064))}"
    where = f"{rng.choice(HAMLETS)}, {agency.place}, {agency.old_district}, tỉnh {agency.province}"
    before = f"{rng.choice('ABCK')}{rng.choice('BDEL')} {rng.randrange(10**6):06d}"
    note = rng.choice(("Không", f"Thay thế Giấy chứng nhận số {before}"))
    way = rng.choice(("Sử dụng riêng", f"Sử dụng riêng: {area} m²; sử dụng chung: Không"))
    origin = rng.choice(
        (
            "Công nhận QSDĐ như giao đất có thu tiền sử dụng đất",
            "Nhận chuyển nhượng đất được công nhận QSDĐ",
            "Nhà nước giao đất không thu tiền sử dụng đất",
        )
    )
    _rows(
        draft,
        "**1. Thửa đất:**",
        f"a) Thửa đất số: {{parcel_number|{parcel}}},     tờ bản đồ số: {{map_sheet|{sheet_no}}},",
        f"b) Địa chỉ: {{parcel_address|{where}}},",
        f"c) Diện tích: {{area|{area} m²}}, (bằng chữ: {{area_words|{say_number(area).capitalize()} mét vuông}}),",
        f"d) Hình thức sử dụng: {{use_form|{way}}},",
        f"đ) Mục đích sử dụng: {{use_purpose|{use}}},",
        f"e) Thời hạn sử dụng: {{use_term|{term}}},",
        f"g) Nguồn gốc sử dụng: {{use_origin|{origin}}}.",
        f"**2. Nhà ở:** {'Nhà ở riêng lẻ, diện tích xây dựng ' + str(rng.randint(40, 120)) + ' m², 1 tầng' if house else '-/-'}.",
        "**3. Công trình xây dựng khác:** -/-.",
        "**4. Rừng sản xuất là rừng trồng:** -/-.",
        "**5. Cây lâu năm:** -/-.",
        f"**6. Ghi chú:** {note}.",
    )
    middle = (x0 + x1) / 2 - 8
    draft.y += 3
    big = rng.random() < 0.5
    issuer = f"Ủy ban nhân dân {agency.old_district}" if big else "Sở Tài nguyên và Môi trường"
    y = draft.block(
        f"*{{issued_at|{agency.district}}}, {{issued_on|{long_date(day)}}}*", middle, x1, draft.y, Style(13), "centre"
    )
    y = draft.block(f"**{'TM. ' if big else ''}{{issuer|{issuer.upper()}}}**", middle, x1, y, Style(12.5), "centre")
    post = rng.choice((("CHỦ TỊCH",), ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"))) if big else ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    signer = make_name("Nam", rng)
    sign(draft, Signature(post, signer, (issuer.upper(), f"T. {agency.province.upper()}")), middle, x1, y, 24)
    draft.block(f"Số vào sổ cấp GCN: {{number|{register}}}", x0, middle, draft.height_mm - 30, Style(12.5))
    holder_fields(draft, person)
    draft.fields |= {
        "holder_birth_date": None,
        "title": words.replace("\n", " "),
        "number": register,
        "issued_on": day,
        "issued_at": agency.district,
        "issuer": issuer,
        "signer": signer,
        "valid_until": None,
    }
    draft.more |= {
        "serial_number": serial_number,
        "residence": person.old_home,
        "parcel_number": str(parcel),
        "map_sheet": str(sheet_no),
        "parcel_address": where,
        "area": f"{area} m²",
        "area_words": f"{say_number(area).capitalize()} mét vuông",
        "use_form": way,
        "use_purpose": use,
        "use_term": term,
        "use_origin": origin,
    }


def giay_xac_nhan_khuyet_tat(draft: Draft, cast: Cast, rng: Random) -> None:
    person, agency, day = rng.choice((cast.mother, cast.father, cast.child)), cast.agency, cast.today
    number = f"{rng.randint(100, 9999)}/{rng.choice(('XNKT', 'GXN'))}"
    place = f"{{issued_at|{agency.name}}}, {{issued_on|{long_date(day)}}}"
    head(draft, Head("", f"ỦY BAN NHÂN DÂN\n{agency.place.upper()}", f"Số hiệu: {{number|{number}}}", place))
    draft.centred(
        "**{title|GIẤY XÁC NHẬN KHUYẾT TẬT}**",
        Style(rng.choice((16, 18)), ink=rng.choice(("print", "seal"))),
        before=3,
        after=5,
    )
    kind, grade = (
        rng.choice(("Khuyết tật vận động", "Khuyết tật nghe, nói", "Khuyết tật nhìn", "Khuyết tật trí tuệ")),
        rng.choice(("Nặng", "Đặc biệt nặng", "Nhẹ")),
    )
    _rows(
        draft,
        f"Họ và tên: **{{holder_name|{person.name.upper()}}}**",
        f"Ngày, tháng, năm sinh: {{holder_birth_date|{short(person.born)}}}     Giới tính: {person.sex}",
        f"Số định danh cá nhân: {{holder_id|{person.id_number}}}",
        f"Nơi ở hiện nay: {person.home}",
        f"Dạng khuyết tật: {{disability|{kind}}}",
        f"Mức độ khuyết tật: {{disability_grade|{grade}}}",
        size=13.5,
        after=2.4,
    )
    signature_block(draft, Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), cast.chairman, agency.seal))
    holder_fields(draft, person)
    draft.sheet.day = day
    draft.fields |= {
        "title": "GIẤY XÁC NHẬN KHUYẾT TẬT",
        "number": number,
        "issued_on": day,
        "issued_at": agency.name,
        "issuer": agency.body,
        "signer": cast.chairman,
    }
    draft.more |= {"disability": kind, "disability_grade": grade}


def giay_kham_suc_khoe(draft: Draft, cast: Cast, rng: Random) -> None:
    """With a driver's form now and then; the conclusion comes last."""
    person, agency, day = cast.holder, cast.agency, cast.today
    clinic = f"{rng.choice(('Bệnh viện Đa khoa', 'Trung tâm Y tế', 'Phòng khám Đa khoa'))} {agency.district}"
    words = rng.choice(("GIẤY KHÁM SỨC KHỎE", "GIẤY KHÁM SỨC KHỎE\nCỦA NGƯỜI LÁI XE"))
    number = f"{rng.randint(20, 4000)}/GKSK-{rng.choice(('BVĐK', 'TTYT', 'PK'))}"
    bare_head(draft, f"SỞ Y TẾ {agency.province.upper()}", clinic.upper())
    draft.block(f"Số: {{number|{number}}}", draft.left - 8, draft.left + 62, draft.y - 6, Style(12.5), "centre")
    draft.centred(f"**{{title|{words}}}**", Style(16), before=3, after=4)
    _rows(
        draft,
        f"Họ và tên (chữ in hoa): **{{holder_name|{person.name.upper()}}}**",
        f"Giới: {person.sex}     Ngày sinh: {{holder_birth_date|{short(person.born)}}}",
        f"Số CMND/CCCD/Hộ chiếu/định danh CD: {{holder_id|{person.id_number}}}",
        f"Chỗ ở hiện tại: {person.home}",
        f"Lý do khám sức khỏe: {rng.choice(('Xin việc làm', 'Cấp giấy phép lái xe', 'Đi học'))}",
    )
    draft.centred("**TIỀN SỬ BỆNH CỦA ĐỐI TƯỢNG KHÁM SỨC KHỎE**", Style(12.5), before=1)
    _rows(draft, "1. Tiền sử gia đình: Không", "2. Tiền sử bản thân: Không có bệnh mạn tính; không dùng thuốc điều trị")
    draft.centred("**KHÁM THỂ LỰC, KHÁM LÂM SÀNG**", Style(12.5), before=1)
    _rows(
        draft,
        f"Chiều cao: {rng.randint(148, 182)} cm;  cân nặng: {rng.randint(44, 88)} kg;  mạch: {rng.randint(62, 90)} lần/phút;  huyết áp: {rng.randint(105, 135)}/{rng.randint(65, 88)} mmHg",
        "Nội khoa, ngoại khoa, mắt, tai - mũi - họng, răng - hàm - mặt, da liễu: Bình thường",
    )
    result = rng.choice(("Đủ sức khỏe để làm việc, học tập", "Đủ điều kiện sức khỏe lái xe hạng B", "Sức khỏe loại II"))
    draft.centred("**KẾT LUẬN**", Style(12.5), before=1)
    _rows(draft, f"Phân loại sức khỏe, kết luận: {{summary|{result}}}")
    middle = (draft.left + draft.right) / 2
    y = draft.block(
        f"*{{issued_at|{agency.district}}}, {{issued_on|{long_date(day)}}}*",
        middle,
        draft.right,
        draft.y + 2,
        Style(12.5),
        "centre",
    )
    signer = make_name("Nam", rng)
    sign(
        draft,
        Signature(("NGƯỜI KẾT LUẬN",), signer, (clinic.upper(), f"T. {agency.province.upper()}")),
        middle,
        draft.right,
        y,
        24,
    )
    holder_fields(draft, person)
    draft.sheet.day = day
    draft.fields |= {
        "title": words.replace("\n", " "),
        "number": number,
        "issued_on": day,
        "issued_at": agency.district,
        "issuer": clinic,
        "summary": result,
        "signer": signer,
    }


_CONFIRMED = (
    ("GIẤY XÁC NHẬN", "hộ nghèo theo chuẩn nghèo đa chiều giai đoạn hiện hành"),
    ("GIẤY CHỨNG NHẬN\nHỘ NGHÈO, HỘ CẬN NGHÈO", "hộ cận nghèo"),
    ("GIẤY XÁC NHẬN", "thu nhập từ sản xuất nông nghiệp của hộ gia đình"),
    ("GIẤY XÁC NHẬN", "thời gian công tác liên tục tại cơ quan"),
    ("GIẤY XÁC NHẬN\nHỘ NGHÈO, HỘ CẬN NGHÈO", "hộ nghèo"),
)


def giay_xac_nhan(draft: Draft, cast: Cast, rng: Random) -> None:
    """Plain confirmations of the commune."""
    person, words_of = cast.holder, rng.choice(_CONFIRMED)
    words, what = words_of
    act_head(draft, cast, rng, symbol=rng.choice(("GXN-UBND", "XN-UBND", "UBND-XN")), day=cast.today)
    draft.centred(f"**{{title|{words}}}**", Style(rng.choice((14, 15, 16))), before=3, after=5)
    draft.paragraph(f"{cast.agency.body} {rng.choice(('xác nhận', 'chứng nhận'))}:")
    _rows(
        draft,
        f"{person.title.capitalize()}: **{{holder_name|{person.name}}}**     Sinh ngày: {{holder_birth_date|{short(person.born)}}}",
        f"Số định danh cá nhân: {{holder_id|{person.id_number}}}",
        f"Nơi cư trú: {person.home}",
        f"Nội dung xác nhận: {{summary|{what}}}.",
        size=13.5,
    )
    until = date(cast.today.year, 12, 31)
    dated = rng.random() < 0.5
    if dated:
        draft.paragraph(f"Giấy này có giá trị đến hết ngày {{valid_until|{short(until)}}}.")
    draft.paragraph("Đề nghị các cơ quan, đơn vị liên quan tạo điều kiện giải quyết theo quy định./.")
    signature_block(
        draft,
        Signature(
            ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
            cast.deputy,
            cast.agency.seal,
            receivers=("- Như trên;", "- Lưu: VT."),
        ),
    )
    holder_fields(draft, person)
    draft.fields |= {
        "title": words.replace("\n", " "),
        "summary": what,
        "signer": cast.deputy,
        "valid_until": until if dated else None,
    }
