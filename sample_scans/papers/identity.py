"""Cards and booklets of identity: căn cước công dân, căn cước (2024), chứng minh nhân dân, hộ chiếu, giấy phép lái xe, thẻ bảo hiểm y tế.

Faces as RULES 5.2 describes them, with a star in place of the emblem and nobody's portrait.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from sample_scans import ink
from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import NATION
from sample_scans.papers import mrz
from sample_scans.papers.cards import WIDE, Card, lay_card, two_faces
from sample_scans.papers.common import holder_fields, short
from sample_scans.people import Cast, Person, make_name, random_day

_TWO_LANGUAGES = "SOCIALIST REPUBLIC OF VIET NAM"
_CHIEF = "CỤC TRƯỞNG CỤC CẢNH SÁT\nQUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI"
POLICE = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
_TRAITS = (
    "Nốt ruồi C:2cm dưới sau mép trái",
    "Sẹo chấm C:1,5cm trên sau đuôi mày phải",
    "Nốt ruồi C:1cm trên trước cánh mũi trái",
)


def _after(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))


def card_expiry(person: Person, issued: date) -> date | None:
    """The birthday at 14, 25, 40 or 60 that ends the card's life; the next one where it comes within two years; None after 60
    (Luật Căn cước 26/2023/QH15 Điều 21).
    """
    for age in (14, 25, 40, 60):
        birthday = _after(person.born, age)
        if birthday > issued + timedelta(days=730):
            return birthday
    return None


def _qr(person: Person, issued: date, old: str) -> str:
    """Seven parts: id, old number, name, birth, sex, residence, issue (RULES 5.1)."""
    parts = (person.id_number, old, person.name, f"{person.born:%d%m%Y}", person.sex, person.home, f"{issued:%d%m%Y}")
    return "|".join(parts)


def _signed(card: Card, rng: Random, x: float, y: float, seal: tuple[str, str] | None = None) -> None:
    sheet, k = card.draft.sheet, card.scale
    place = (sheet.px(card.x + x * k), sheet.px(card.y + y * k))
    if seal:
        sheet.marks.append(ink.seal(*seal, sheet.px(15 * k), rng, *place))
    sheet.marks.append(ink.signature(sheet.px(14 * k), rng, round(place[0]), round(place[1])))


def can_cuoc_cong_dan(draft: Draft, cast: Cast, rng: Random) -> None:
    """The card with a chip (2021-2024); bilingual labels."""
    person = rng.choice((cast.holder, cast.spouse, cast.mother))
    issued = random_day(rng, date(2021, 3, 1), date(2024, 6, 28))
    expires = card_expiry(person, issued)
    front, back = two_faces(draft, rng, (120, 176, 168), rng.randint(50, 100))
    town = person.old_home.split(", ", 1)[1]
    front.emblem(4, 3, 11)
    front.text(f"**{NATION}**", 17, 2.6, 5.6, x1=WIDE - 19, align="centre")
    front.text("**Độc lập - Tự do - Hạnh phúc**", 17, 5.4, 5.2, x1=WIDE - 19, align="centre")
    front.text(_TWO_LANGUAGES, 17, 8.0, 4.4, x1=WIDE - 19, align="centre")
    front.text("Independence - Freedom - Happiness", 17, 10.1, 4.4, x1=WIDE - 19, align="centre")
    front.text("**{title|CĂN CƯỚC CÔNG DÂN}**", 17, 12.8, 9, x1=WIDE - 17, align="centre", colour="seal")
    front.text("*Citizen Identity Card*", 17, 17.4, 5.2, x1=WIDE - 17, align="centre", colour="seal")
    old = str(rng.randrange(10**8, 10**9)) if rng.random() < 0.6 else ""
    front.qr(_qr(person, issued, old), WIDE - 16.5, 2.5, 14)
    front.picture(4, 17, 20, 26, rng)
    front.text(f"Số / No.: **{{holder_id|{person.id_number}}}**", 27, 20.4, 8.4)
    front.text("Họ và tên / *Full name:*", 27, 25.0, 5.4)
    front.text(f"**{{holder_name|{person.name.upper()}}}**", 27, 27.6, 7.4)
    front.text(f"Ngày sinh / *Date of birth:* {{holder_birth_date|{short(person.born)}}}", 27, 31.4, 5.8)
    front.text(f"Giới tính / *Sex:* {person.sex}     Quốc tịch / *Nationality:* Việt Nam", 27, 34.4, 5.6)
    front.text("Quê quán / *Place of origin:*", 27, 37.4, 5.4)
    front.text(f"{{home_town|{town}}}", 27, 39.9, 5.8)
    front.text("Nơi thường trú / *Place of residence:*", 27, 44.2, 5.4)
    front.text(f"{{residence|{person.old_home}}}", 27, 46.7, 5.6)
    until = f"{{valid_until|{short(expires)}}}" if expires else "Không thời hạn"
    front.text(f"Có giá trị đến: {until}", 3, 44.2, 4.8, x1=26)
    front.text("*Date of expiry:*", 3, 48.4, 4.4, x1=26)

    back.text("Đặc điểm nhận dạng / *Personal identification:*", 4, 2.2, 5.4)
    back.text(rng.choice(_TRAITS), 4, 4.8, 5.4, x1=58)
    back.text(f"Ngày, tháng, năm / *Date, month, year:* {{issued_on|{short(issued)}}}", 4, 9.0, 5.4, x1=60)
    back.text(f"**{{issuer|{_CHIEF}}}**", 4, 12.4, 5.0, x1=56, align="centre")
    back.text(
        "*DIRECTOR GENERAL OF THE POLICE DEPARTMENT\nFOR ADMINISTRATIVE MANAGEMENT OF SOCIAL ORDER*",
        4,
        17.2,
        3.8,
        x1=56,
        align="centre",
    )
    _signed(back, rng, 26, 26, ("CỤC CẢNH SÁT QLHC VỀ TTXH", "BỘ CÔNG AN"))
    chief = make_name("Nam", rng)
    back.text(f"**{{signer|{chief}}}**", 4, 29.4, 5.6, x1=56, align="centre")
    for y, label in ((2.0, "Ngón trỏ trái\n*Left index finger*"), (18.0, "Ngón trỏ phải\n*Right index finger*")):
        back.fingerprint(63, y, 10.5)
        back.text(label, 60, y + 10.8, 4.0, x1=82, align="centre")
    zone = mrz.card(person, expires)
    back.mrz(*zone, y=35.2, size=10.6)
    _identity_fields(draft, person, "CĂN CƯỚC CÔNG DÂN", issued, expires, POLICE)
    draft.fields |= {"issuer": _CHIEF.replace("\n", " "), "signer": chief}
    draft.more |= {"home_town": town, "residence": person.old_home, "mrz": "\n".join(zone), "old_id": old or None}


def can_cuoc(draft: Draft, cast: Cast, rng: Random) -> None:
    """The card since 01/7/2024: no place of origin, residence and expiry on the back."""
    person = rng.choice((cast.holder, cast.spouse, cast.child))
    issued = random_day(rng, date(2024, 7, 2), date(2025, 7, 30))
    expires = card_expiry(person, issued)
    front, back = two_faces(draft, rng, (132, 180, 196), rng.randint(50, 95))
    front.emblem(4, 3, 11)
    front.text(f"**{NATION}**", 17, 3.0, 6.4, align="centre")
    front.text("**Độc lập - Tự do - Hạnh phúc**", 17, 6.2, 5.6, align="centre")
    front.text(f"{_TWO_LANGUAGES}\nIndependence - Freedom - Happiness", 17, 8.9, 4.2, align="centre")
    front.text("**{title|CĂN CƯỚC}**", 17, 13.8, 10, align="centre", colour="seal")
    front.text("*IDENTITY CARD*", 17, 18.6, 5.6, align="centre", colour="seal")
    front.picture(4, 18, 20, 26, rng)
    front.text("Số định danh cá nhân / *Personal identification number*", 27, 22.0, 4.9)
    front.text(f"**{{holder_id|{person.id_number}}}**", 27, 24.6, 8.8)
    front.text("Họ, chữ đệm và tên khai sinh / *Full name*", 27, 29.6, 4.9)
    front.text(f"**{{holder_name|{person.name.upper()}}}**", 27, 32.2, 7.6)
    front.text("Ngày, tháng, năm sinh / *Date of birth*     Giới tính / *Sex*", 27, 36.8, 4.9)
    front.text(f"**{{holder_birth_date|{short(person.born)}}}**                    {person.sex}", 27, 39.4, 7)
    front.text("Quốc tịch / *Nationality*", 27, 43.6, 4.9)
    front.text("Việt Nam", 27, 46.2, 7)

    back.text("Nơi cư trú / *Place of residence*", 4, 3.0, 4.9, x1=66)
    back.text(f"{{residence|{person.home}}}", 4, 5.6, 5.8, x1=64)
    back.text("Nơi đăng ký khai sinh / *Place of birth*", 4, 11.6, 4.9, x1=66)
    place = f"{cast.agency.place.capitalize()}, tỉnh {cast.agency.province}"
    back.text(f"{{birth_place|{place}}}", 4, 14.2, 5.8, x1=64)
    back.text("Ngày, tháng, năm cấp / *Date of issue*", 4, 18.8, 4.9, x1=44)
    back.text(f"{{issued_on|{short(issued)}}}", 4, 21.4, 6, x1=44)
    back.text("Ngày, tháng, năm hết hạn / *Date of expiry*", 4, 25.4, 4.9, x1=46)
    until = f"{{valid_until|{short(expires)}}}" if expires else "Không thời hạn"
    back.text(until, 4, 28.0, 6, x1=44)
    back.text("**{issuer|BỘ CÔNG AN}**", 46, 19.4, 6.4, align="centre", x1=82)
    back.text("*MINISTRY OF PUBLIC SECURITY*", 46, 22.4, 4.4, align="centre", x1=82)
    back.qr(_qr(person, issued, ""), WIDE - 17, 3, 13.5)
    zone = mrz.card(person, expires)
    back.mrz(*zone, y=35.2, size=10.6)
    _identity_fields(draft, person, "CĂN CƯỚC", issued, expires, "Bộ Công an")
    draft.more |= {"residence": person.home, "birth_place": place, "mrz": "\n".join(zone)}


def _identity_fields(draft: Draft, person: Person, title: str, issued: date, expires: date | None, issuer: str) -> None:
    holder_fields(draft, person)
    draft.fields |= {"title": title, "issued_on": issued, "valid_until": expires, "issuer": issuer}
    draft.more |= {"sex": person.sex, "nationality": "Việt Nam"}


def chung_minh_nhan_dan(draft: Draft, cast: Cast, rng: Random) -> None:
    """The old card of nine digits; its use ended on 31/12/2024 (Luật Căn cước 26/2023/QH15 Điều 46)."""
    person = rng.choice((cast.holder, cast.father, cast.mother))
    issued = random_day(rng, date(2008, 1, 3), date(2015, 12, 20))
    number = f"{rng.choice(('01', '03', '13', '17', '24', '33'))}999{rng.randrange(10**4):04d}"
    town = person.old_home.split(", ", 1)[1]
    front, back = two_faces(draft, rng, (150, 190, 178), rng.randint(40, 80))
    front.emblem(4, 3, 12)
    front.text(f"**{NATION}**", 18, 2.6, 6.4, align="centre")
    front.text("**Độc lập - Tự do - Hạnh phúc**", 18, 5.8, 5.6, align="centre")
    front.text("**{title|GIẤY CHỨNG MINH NHÂN DÂN}**", 18, 9.6, 8.8, align="centre", colour="seal")
    front.text(f"**SỐ {{holder_id|{number}}}**", 27, 14.6, 10, colour="seal", align="centre")
    front.picture(4, 17, 20, 27, rng)
    front.text(f"Họ tên: **{{holder_name|{person.name.upper()}}}**", 27, 20.6, 6.6)
    front.text(f"Sinh ngày: {{holder_birth_date|{short(person.born)}}}", 27, 26.4, 6.4)
    front.text(f"Nguyên quán: {{home_town|{town}}}", 27, 31.0, 6.2)
    front.text(f"Nơi ĐKHK thường trú: {{residence|{person.old_home}}}", 27, 39.4, 6.2)
    back.text(f"Dân tộc: {person.ethnic}          Tôn giáo: Không", 4, 3.0, 6.2)
    back.text("**DẤU VẾT RIÊNG VÀ DỊ HÌNH**", 28, 8.0, 5.8, align="centre")
    back.text(rng.choice(_TRAITS), 28, 11.2, 6.0)
    for y, label in ((8.0, "NGÓN TRỎ TRÁI"), (28.0, "NGÓN TRỎ PHẢI")):
        back.fingerprint(7, y, 15)
        back.text(label, 3, y + 15.6, 4.4, x1=26, align="centre")
    back.text(
        f"Ngày {{issued_on|{issued.day:02d} tháng {issued.month:02d} năm {issued.year}}}", 30, 20.0, 6.0, align="centre"
    )
    office = f"Công an tỉnh {cast.agency.province}"
    back.text(f"**GIÁM ĐỐC {{issuer|{office.upper()}}}**", 30, 24.0, 5.6, align="centre")
    _signed(back, rng, 52, 34, (office.upper(), "VIỆT NAM"))
    chief = make_name("Nam", rng)
    back.text(f"**{{signer|{chief}}}**", 30, 45.0, 6, align="centre")
    _identity_fields(draft, person, "GIẤY CHỨNG MINH NHÂN DÂN", issued, _after(issued, 15), office)
    draft.fields |= {"holder_id": number, "signer": chief}
    draft.more |= {"home_town": town, "residence": person.old_home}
    draft.fields["valid_until"] = None


_LICENCES = (("A1", 0), ("A1", 0), ("A", 0), ("B", 10), ("B", 10), ("C1", 10), ("C", 5), ("D2", 5))


def giay_phep_lai_xe(draft: Draft, cast: Cast, rng: Random) -> None:
    """The plastic licence; terms by class (Luật Trật tự, an toàn giao thông đường bộ 36/2024/QH15 Điều 57)."""
    person = rng.choice((cast.holder, cast.spouse, cast.other))
    issued = random_day(rng, date(2016, 1, 4), date(2025, 6, 30))
    kind, years = rng.choice(_LICENCES)
    expires = _after(issued, years) if years else None
    number = f"{rng.randrange(10, 99)}{rng.randrange(10**10):010d}"
    front, back = two_faces(draft, rng, (236, 206, 120), rng.randint(60, 120))
    new = issued >= date(2025, 3, 1)
    office = (
        f"Phòng Cảnh sát giao thông Công an tỉnh {cast.agency.province}"
        if new
        else f"Sở Giao thông vận tải {cast.agency.province}"
    )
    front.text(
        f"**{office.split(' Công an', maxsplit=1)[0].upper() if new else 'BỘ GTVT'}**",
        3,
        3.0,
        4.8,
        x1=24,
        align="centre",
    )
    front.text("*MOT*" if not new else "*TRAFFIC POLICE*", 3, 8.0, 4.4, x1=24, align="centre")
    front.text(f"**{NATION}**", 25, 2.6, 6, align="centre")
    front.text("**Độc lập - Tự do - Hạnh phúc**", 25, 5.6, 5.4, align="centre")
    front.text("**{title|GIẤY PHÉP LÁI XE} / DRIVER'S LICENSE**", 25, 9.2, 7.2, align="centre", colour="seal")
    front.text(f"**Số/No: {{number|{number}}}**", 25, 13.4, 8.4, align="centre", colour="seal")
    front.picture(4, 14, 19, 25, rng)
    front.text("Họ tên/ *Full name:*", 26, 18.2, 5.2, x1=45)
    front.text(f"**{{holder_name|{person.name.upper()}}}**", 26, 20.6, 7.0)
    front.text(f"Ngày sinh/ *Date of Birth:* {{holder_birth_date|{short(person.born)}}}", 26, 24.6, 5.8)
    front.text("Quốc tịch/ *Nationality:* VIỆT NAM", 26, 27.8, 5.6)
    front.text(f"Nơi cư trú/ *Address:* {{residence|{person.old_home}}}", 26, 30.8, 5.4)
    front.text(
        f"*{cast.agency.province}*, {{issued_on|ngày/date {issued.day:02d} tháng/month {issued.month:02d} năm/year {issued.year}}}",
        26,
        37.4,
        5.0,
        align="right",
    )
    front.text("**GIÁM ĐỐC**" if not new else "**TRƯỞNG PHÒNG**", 50, 40.0, 5.2, align="centre")
    _signed(front, rng, 66, 45, (office.upper().split(" CÔNG AN")[0], f"T. {cast.agency.province.upper()}"))
    chief = make_name("Nam", rng)
    front.text(f"{{signer|{chief}}}", 50, 49.4, 5.2, align="centre")
    front.text(f"**Hạng/ *Class:* {{licence_class|{kind}}}**", 3, 40.0, 7.2, x1=44)
    until = f"{{valid_until|{short(expires)}}}" if expires else "Không thời hạn"
    front.text(f"Có giá trị đến/ *Expires:* {until}", 3, 45.0, 5.2, x1=48)
    back.text("**CÁC LOẠI XE CƠ GIỚI ĐƯỜNG BỘ ĐƯỢC ĐIỀU KHIỂN**", 4, 3, 5.6, align="centre")
    back.text("*CLASSIFICATION OF MOTOR VEHICLES*", 4, 6, 5, align="centre")
    what = {
        "A": "Xe mô tô hai bánh",
        "B": "Ô tô chở người đến 8 chỗ",
        "C": "Ô tô tải",
        "D": "Ô tô chở người trên 16 chỗ",
    }
    back.text(f"**{kind}**     {what[kind[0]]}", 6, 12, 6.2)
    back.text(f"Ngày trúng tuyển/ *Beginning date:* {short(issued - timedelta(days=rng.randint(8, 25)))}", 6, 18, 5.6)
    back.text(f"Cơ quan cấp: {{issuer|{office}}}", 6, 24, 5.4)
    holder_fields(draft, person)
    draft.fields |= {
        "holder_id": None,
        "title": "GIẤY PHÉP LÁI XE",
        "number": number,
        "issued_on": issued,
        "issued_at": cast.agency.province,
        "issuer": office,
        "signer": chief,
        "valid_until": expires,
    }
    draft.more |= {"licence_class": kind, "residence": person.old_home}


def the_bao_hiem_y_te(draft: Draft, cast: Cast, rng: Random) -> None:
    """One face of paper."""
    person = rng.choice((cast.holder, cast.child, cast.mother))
    draft.numbered = False
    scale = rng.choice((1.0, 1.3))
    card = lay_card(draft, (150, 190, 214), 40 + rng.uniform(-8, 12), rng.uniform(24, 60), scale, 60)
    start = random_day(rng, date(2024, 1, 1), date(2025, 6, 1))
    until = _after(start, 1)
    code = f"{rng.choice(('GD', 'DN', 'TE', 'HN'))}4{rng.randrange(10, 99)}{rng.randrange(10**10):010d}"
    office = f"Bảo hiểm xã hội tỉnh {cast.agency.province}"
    card.emblem(4, 3, 10, "pen")
    card.text("BẢO HIỂM XÃ HỘI VIỆT NAM", 16, 2.6, 5.6, align="centre")
    card.text("**{title|THẺ BẢO HIỂM Y TẾ}**", 16, 6.0, 9, align="centre", colour="seal")
    card.text(f"Mã số: **{{number|{code}}}**", 6, 12.0, 8)
    card.text(f"Họ và tên: **{{holder_name|{person.name.upper()}}}**", 6, 16.8, 6.6)
    card.text(f"Ngày sinh: {{holder_birth_date|{short(person.born)}}}     Giới tính: {person.sex}", 6, 20.8, 6.2)
    card.text(f"Địa chỉ: {person.home}", 6, 24.6, 5.8)
    card.text(f"Nơi đăng ký KCB BĐ: Trạm Y tế {cast.agency.place}", 6, 30.6, 5.8)
    card.text(f"Giá trị sử dụng: từ {short(start)} đến {{valid_until|{short(until)}}}", 6, 34.4, 6)
    card.text(f"Thời điểm đủ 05 năm liên tục: {short(_after(start, 3))}", 6, 38.2, 5.6)
    card.text(f"Ngày cấp: {{issued_on|{short(start)}}}", 48, 41.6, 5, align="centre")
    card.text(f"**{{issuer|{office.upper()}}}**", 6, 45.4, 5.2)
    card.text("Mang thẻ này và giấy tờ có ảnh khi đến khám bệnh, chữa bệnh.", 6, 49.0, 4.6)
    _signed(card, rng, 62, 46)
    holder_fields(draft, person)
    draft.fields |= {
        "holder_id": None,
        "title": "THẺ BẢO HIỂM Y TẾ",
        "number": code,
        "issued_on": start,
        "issuer": office,
        "valid_until": until,
    }


def ho_chieu(draft: Draft, cast: Cast, rng: Random) -> None:
    """The page of a passport with the portrait (125 x 88 mm), two lines of 44 below."""
    person = rng.choice((cast.holder, cast.spouse))
    issued = random_day(rng, date(2019, 1, 3), date(2025, 5, 30))
    expires = _after(issued, 10)
    number = f"{rng.choice('CEKP')}{rng.randrange(10**7):07d}"
    draft.numbered = False
    scale = 125 / WIDE
    page = lay_card(draft, (178, 190, 214), 40 + rng.uniform(-6, 10), rng.uniform(24, 70), scale, 50)
    page.text(f"**{NATION}** / *{_TWO_LANGUAGES}*", 3, 2.2, 4.2, align="centre")
    page.text("**{title|HỘ CHIẾU} / *PASSPORT***", 3, 5.2, 6, x1=26)
    page.picture(4, 12, 21, 27, rng)
    for y, label, value in (
        (
            5.0,
            "Loại / *Type*     Mã số / *Code*     Số hộ chiếu / *Passport No*",
            f"P                  VNM            **{{number|{number}}}**",
        ),
        (10.2, "Họ và tên / *Full name*", f"**{{holder_name|{person.name.upper()}}}**"),
        (15.4, "Quốc tịch / *Nationality*", "VIỆT NAM / *VIETNAMESE*"),
        (20.6, "Ngày sinh / *Date of birth*", f"{{holder_birth_date|{short(person.born)}}}"),
        (
            25.8,
            "Giới tính / *Sex*     Số GCMND / *ID card No*",
            f"{person.sex.upper()}              {{holder_id|{person.id_number}}}",
        ),
        (
            31.0,
            "Ngày cấp / *Date of issue*     Có giá trị đến / *Date of expiry*",
            f"{{issued_on|{short(issued)}}}                  {{valid_until|{short(expires)}}}",
        ),
        (36.2, "Nơi cấp / *Place of issue*", "{issuer|Cục Quản lý xuất nhập cảnh}"),
    ):
        page.text(label, 28, y, 3.6)
        page.text(value, 28, y + 1.9, 5.2)
    zone = mrz.passport(person, number, expires)
    page.mrz(*zone, y=45.0, size=7.2)
    holder_fields(draft, person)
    draft.fields |= {
        "title": "HỘ CHIẾU",
        "number": number,
        "issued_on": issued,
        "issuer": "Cục Quản lý xuất nhập cảnh",
        "valid_until": expires,
    }
    draft.more |= {"mrz": "\n".join(zone), "sex": person.sex}
