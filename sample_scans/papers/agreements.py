"""Papers that two sides sign: contracts with and without a notary's words, agreements, memoranda, minutes, authorisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Signature, long_date, motto, sign
from sample_scans.layout.rich import Style
from sample_scans.papers.acts.act import begin, bullets, finish, set_head, set_title
from sample_scans.papers.acts.offices import ANY, COMMITTEES, department, section
from sample_scans.papers.common import grouped, holder_fields, short
from sample_scans.people import HAMLETS, STREETS, Cast, Person, make_name, say_date, say_number

NOTARIES = ("Bờ Tre", "Sân Gạch", "Lam Sơn Hạ", "Bến Nước", "Đồng Gạch")


def _opening(draft: Draft, rng: Random, words: str, below: str = "") -> None:
    """Quốc hiệu over the whole width, the title, a line below it."""
    draft.numbered = rng.random() < 0.6
    draft.y = motto(draft, draft.left, draft.right, draft.y, 14) + 7
    draft.centred(f"**{{title|{words}}}**", Style(rng.choice((15, 16, 17))), after=1 if below else 4)
    if below:
        draft.centred(below, Style(13), after=4)
    draft.fields["title"] = words


def _party(draft: Draft, person: Person, holder: bool, name_field: str = "") -> None:
    name, born, number = person.name, short(person.born), person.id_number
    if holder:
        name, born, number = f"{{holder_name|{name}}}", f"{{holder_birth_date|{born}}}", f"{{holder_id|{number}}}"
    elif name_field:
        name = f"{{{name_field}|{name}}}"
    draft.paragraph(f"{person.title.capitalize()}: **{name}**, sinh ngày {born}", align="left", after=0.3)
    draft.paragraph(f"Căn cước số: {number} do Bộ Công an cấp", align="left", after=0.3)
    draft.paragraph(f"Nơi thường trú: {person.home}", align="left", after=0.8)


def _both_sign(
    draft: Draft, left: tuple[str, str], right: tuple[str, str], seal: tuple[str, str] | None = None
) -> None:
    """Two signatures side by side, never torn from each other; the first names are the lines, the second who signs."""
    draft.y += 3
    draft.room(52)
    middle, top = (draft.left + draft.right) / 2, draft.y
    note = "(Ký, ghi rõ họ tên)"
    a = sign(draft, Signature((left[0],), left[1], seal, note=note), draft.left, middle - 3, top, 24)
    b = sign(draft, Signature((right[0],), right[1], note=note, field_name=""), middle + 3, draft.right, top, 24)
    draft.y = max(a, b) + 4
    draft.fields["signer"] = left[1]


@dataclass(frozen=True, slots=True)
class _Deal:
    words: str
    a: str
    b: str
    verb: str


_LAND = (
    _Deal("HỢP ĐỒNG CHUYỂN NHƯỢNG\nQUYỀN SỬ DỤNG ĐẤT", "BÊN CHUYỂN NHƯỢNG", "BÊN NHẬN CHUYỂN NHƯỢNG", "chuyển nhượng"),
    _Deal("HỢP ĐỒNG TẶNG CHO QUYỀN SỬ DỤNG ĐẤT", "BÊN TẶNG CHO", "BÊN ĐƯỢC TẶNG CHO", "tặng cho"),
    _Deal("HỢP ĐỒNG MUA BÁN NHÀ Ở\nVÀ CHUYỂN NHƯỢNG QUYỀN SỬ DỤNG ĐẤT Ở", "BÊN BÁN", "BÊN MUA", "bán"),
    _Deal("HỢP ĐỒNG THUÊ QUYỀN SỬ DỤNG ĐẤT", "BÊN CHO THUÊ", "BÊN THUÊ", "cho thuê"),
)


def hop_dong(draft: Draft, cast: Cast, rng: Random) -> None:
    """Land, with a notary's or the commune's words of certification and their number."""
    deal, a, b, day = rng.choice(_LAND), cast.holder, cast.other, cast.today
    _opening(draft, rng, deal.words)
    draft.fields["title"] = deal.words.replace("\n", " ")
    office = f"Văn phòng Công chứng {rng.choice(NOTARIES)}"
    commune = rng.random() < 0.35
    where = cast.agency.body if commune else office
    draft.paragraph(f"Hôm nay, {{issued_on|{long_date(day)}}}, tại {where}, chúng tôi gồm có:")
    letter = rng.random() < 0.7
    draft.paragraph(f"**{deal.a}{' (sau đây gọi là BÊN A)' if letter else ''}:**", indent=0)
    _party(draft, a, holder=True)
    draft.paragraph(f"**{deal.b}{' (sau đây gọi là BÊN B)' if letter else ''}:**", indent=0)
    _party(draft, b, holder=False, name_field="party_b")
    draft.paragraph("Hai bên thỏa thuận ký kết hợp đồng với các điều khoản sau:")
    area, price = rng.randint(60, 700), rng.randint(80, 2900) * 1_000_000
    parcel, sheet = rng.randint(3, 890), rng.randint(1, 70)
    serial = f"{rng.choice('ABCDK')}{rng.choice('ABDST')} {rng.randrange(10**8):08d}"
    draft.paragraph("**Điều 1. Đối tượng của hợp đồng**", align="left")
    draft.paragraph(
        f"1. Bên A {deal.verb} cho Bên B quyền sử dụng thửa đất số {{parcel_number|{parcel}}}, tờ bản đồ số {{map_sheet|{sheet}}}, tại "
        f"{cast.agency.place}, tỉnh {cast.agency.province}, diện tích {area} m² (bằng chữ: {say_number(area)} mét vuông), theo Giấy "
        f"chứng nhận số {serial}."
    )
    draft.paragraph("**Điều 2. Giá và phương thức thanh toán**", align="left")
    gift = "TẶNG CHO" in deal.words
    draft.paragraph(
        "1. Việc tặng cho không kèm điều kiện, không có thanh toán."
        if gift
        else f"1. Giá hai bên thỏa thuận là {{price|{grouped(price)} đồng}}; trả một lần bằng chuyển khoản ngay sau khi ký."
    )
    draft.paragraph("**Điều 3. Quyền và nghĩa vụ của các bên**", align="left")
    draft.paragraph(
        "1. Bên A giao đất đúng hiện trạng cùng giấy tờ bản gốc trong 05 ngày; cam đoan đất không có tranh chấp."
    )
    draft.paragraph("2. Bên B làm thủ tục đăng ký biến động, nộp lệ phí trước bạ; thuế thu nhập do Bên A nộp.")
    draft.paragraph("**Điều 4. Điều khoản chung**", align="left")
    draft.paragraph(
        "Hai bên đã tự đọc lại, hiểu rõ nội dung, tự nguyện ký tên, điểm chỉ vào từng trang của hợp đồng này."
    )
    _both_sign(draft, ("BÊN A" if letter else deal.a, a.name), ("BÊN B" if letter else deal.b, b.name))
    number, book = rng.randint(11, 4800), f"{rng.randint(1, 6):02d}/{day.year}"
    _certified(draft, cast, rng, where, number, book, commune=commune)
    holder_fields(draft, a)
    draft.fields |= {"issued_on": day, "number": str(number), "issuer": where}
    draft.more |= {"party_a": a.name, "party_b": b.name, "parcel_number": str(parcel), "map_sheet": str(sheet)}
    if not gift:
        draft.more["price"] = f"{grouped(price)} đồng"


def _certified(draft: Draft, cast: Cast, rng: Random, where: str, number: int, book: str, *, commune: bool) -> None:
    """Lời chứng: on a page of its own more often than not."""
    if rng.random() < 0.6:
        draft.new_sheet()
    else:
        draft.room(120)
    who = "NGƯỜI THỰC HIỆN CHỨNG THỰC" if commune else "CÔNG CHỨNG VIÊN"
    draft.centred(f"**LỜI CHỨNG CỦA {who}**", Style(14), before=3, after=2)
    name = cast.deputy if commune else make_name(rng.choice(("Nam", "Nữ")), rng)
    role = "Phó Chủ tịch" if commune else "công chứng viên"
    draft.paragraph(f"Hôm nay, {say_date(cast.today)} ({short(cast.today)}), tại {{issuer|{where}}}.")
    draft.paragraph(f"Tôi, {name}, {role}, trong phạm vi trách nhiệm của mình theo quy định của pháp luật,")
    draft.centred("**CHỨNG NHẬN:**" if not commune else "**CHỨNG THỰC:**", before=1, after=1)
    for line in (
        f"- Hợp đồng này được giao kết giữa {cast.holder.title} {cast.holder.name} và {cast.other.title} {cast.other.name};",
        "- Các bên đã tự nguyện thỏa thuận, có năng lực hành vi dân sự theo quy định của pháp luật;",
        "- Mục đích, nội dung của hợp đồng không vi phạm pháp luật, không trái đạo đức xã hội;",
        f"- Hợp đồng được lập thành {rng.randint(3, 5):02d} bản chính, có giá trị pháp lý như nhau.",
    ):
        draft.paragraph(line)
    kind = "Số chứng thực" if commune else "Số công chứng"
    tail = "SCT/HĐ,GD" if commune else "TP/CC-SCC/HĐGD"
    draft.paragraph(f"{kind}: {{number|{number}}}, quyển số {book}-{tail}.", align="left")
    x0 = (draft.left + draft.right) / 2
    seal = cast.agency.seal if commune else (where.upper(), f"T. {cast.agency.province.upper()}")
    lines = ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH") if commune else ("CÔNG CHỨNG VIÊN",)
    draft.room(48)
    draft.y = sign(draft, Signature(lines, name, seal, field_name="certifier"), x0, draft.right, draft.y) + 3
    draft.more["certifier"] = name


def hop_dong_lao_dong(draft: Draft, cast: Cast, rng: Random) -> None:
    """Work, lease of a house, building: between a firm or an office and a person, with a number of its own."""
    day, person = cast.today, cast.holder
    firm = f"Công ty TNHH {rng.choice(HAMLETS)} {rng.choice(STREETS)}"
    words = rng.choice(("HỢP ĐỒNG LAO ĐỘNG", "HỢP ĐỒNG THUÊ NHÀ", "HỢP ĐỒNG THI CÔNG XÂY DỰNG", "HỢP ĐỒNG DỊCH VỤ"))
    symbol = {"HỢP ĐỒNG LAO ĐỘNG": "HĐLĐ", "HỢP ĐỒNG THUÊ NHÀ": "HĐTN"}.get(words, "HĐ")
    number = f"{rng.randint(1, 90):02d}/{day.year}/{symbol}"
    _opening(draft, rng, words, f"Số: {{number|{number}}}")
    until = day + timedelta(days=365 * rng.choice((1, 2, 3)))
    draft.paragraph(f"Hôm nay, {{issued_on|{long_date(day)}}}, tại {cast.agency.place}, chúng tôi gồm:")
    draft.paragraph(f"**BÊN A: {firm.upper()}**", indent=0)
    draft.paragraph(
        f"Địa chỉ: số {rng.randint(2, 90)} đường {rng.choice(STREETS)}, {cast.agency.place}", align="left", after=0.3
    )
    draft.paragraph(f"Người đại diện: {cast.other.name}. Chức vụ: Giám đốc", align="left")
    draft.paragraph("**BÊN B:**", indent=0)
    _party(draft, person, holder=True)
    draft.paragraph("Hai bên thống nhất ký hợp đồng với những điều khoản sau:")
    money = grouped(rng.randint(6, 40) * 500_000)
    articles = {
        "HỢP ĐỒNG LAO ĐỘNG": ("Công việc và địa điểm làm việc", "Tiền lương, bảo hiểm", "Thời giờ làm việc"),
        "HỢP ĐỒNG THUÊ NHÀ": ("Nhà cho thuê", "Giá thuê và cách trả", "Sửa chữa, trả nhà"),
    }.get(words, ("Nội dung công việc", "Giá trị hợp đồng", "Nghiệm thu, bảo hành"))
    texts = (
        f"Bên A và Bên B thực hiện tại {cast.agency.place}, theo bản mô tả kèm theo.",
        f"Mức hai bên thỏa thuận là {money} đồng mỗi tháng, trả trước ngày 05 hằng tháng.",
        "Bên nào vi phạm thì bồi thường theo thỏa thuận; tranh chấp được thương lượng trước khi đưa ra tòa án.",
    )
    for index, (head_words, text) in enumerate(zip(articles, texts, strict=True), 1):
        draft.paragraph(f"**Điều {index}. {head_words}**", align="left")
        draft.paragraph(text)
    draft.paragraph(f"**Điều 4. Thời hạn:** từ ngày ký đến hết ngày {{valid_until|{short(until)}}}.")
    draft.paragraph("Hợp đồng được lập thành 02 bản, mỗi bên giữ 01 bản./.")
    _both_sign(
        draft, ("ĐẠI DIỆN BÊN A", cast.other.name), ("BÊN B", person.name), (firm.upper(), cast.agency.place.upper())
    )
    holder_fields(draft, person)
    draft.fields |= {"number": number, "issued_on": day, "valid_until": until}
    draft.more |= {"party_a": firm, "party_b": person.name}


def ban_ghi_nho(draft: Draft, cast: Cast, rng: Random) -> None:
    _between_offices(draft, cast, rng, rng.choice(("BẢN GHI NHỚ", "BẢN GHI NHỚ", "BIÊN BẢN GHI NHỚ")), "BGN")


def ban_thoa_thuan(draft: Draft, cast: Cast, rng: Random) -> None:
    """Between offices, or of heirs before a notary or the commune."""
    if rng.random() < 0.5:
        _between_offices(draft, cast, rng, rng.choice(("BẢN THỎA THUẬN", "BẢN THỎA THUẬN HỢP TÁC")), "BTT")
    else:
        _heirs(draft, cast, rng)


def _between_offices(draft: Draft, cast: Cast, rng: Random, words: str, symbol: str) -> None:
    act = begin(draft, cast, rng, (*COMMITTEES, department))
    other = f"Công ty TNHH {rng.choice(STREETS)}"
    set_head(act, f"{symbol}-{act.office.symbol}")
    set_title(act, words, f"Giữa {act.office.name} và {other} về việc {act.about}")
    draft.paragraph(f"Hôm nay, tại trụ sở {act.office.name}, hai bên gồm:")
    for letter, name, who in (("A", act.office.name, cast.chairman), ("B", other, cast.other.name)):
        draft.paragraph(f"**BÊN {letter}: {name.upper()}**", indent=0)
        draft.paragraph(f"Đại diện: ông (bà) {who}", align="left")
    draft.paragraph("Hai bên thống nhất ghi nhận những nội dung hợp tác sau:")
    bullets(act, [*act.goals, *act.tasks])
    draft.paragraph("Văn bản được lập thành 04 bản, mỗi bên giữ 02 bản, có giá trị như nhau./.")
    _both_sign(draft, ("ĐẠI DIỆN BÊN A", cast.chairman), ("ĐẠI DIỆN BÊN B", cast.other.name), act.office.seal)


def _heirs(draft: Draft, cast: Cast, rng: Random) -> None:
    dead, a, b, day = cast.father, cast.holder, cast.mother, cast.today
    words = rng.choice(
        ("VĂN BẢN THỎA THUẬN\nPHÂN CHIA DI SẢN THỪA KẾ", "VĂN BẢN THỎA THUẬN TÀI SẢN CHUNG", "BẢN THỎA THUẬN")
    )
    _opening(draft, rng, words)
    commune = rng.random() < 0.5
    where = cast.agency.body if commune else f"Văn phòng Công chứng {rng.choice(NOTARIES)}"
    draft.paragraph(f"Hôm nay, {{issued_on|{long_date(day)}}}, tại {where}, chúng tôi gồm có:")
    _party(draft, a, holder=True)
    _party(draft, b, holder=False)
    draft.paragraph(
        f"Chúng tôi là những người thừa kế của ông {dead.name}, sinh năm {dead.born.year}, đã chết; cùng thỏa thuận như sau:"
    )
    draft.paragraph(
        f"1. Di sản là quyền sử dụng {rng.randint(80, 900)} m² đất tại {cast.agency.place}, tỉnh {cast.agency.province}."
    )
    draft.paragraph(
        f"2. {b.title.capitalize()} {b.name} tự nguyện nhường toàn bộ phần của mình cho {a.title} {a.name}."
    )
    draft.paragraph("3. Chúng tôi cam đoan không bỏ sót người thừa kế; nếu sai xin chịu trách nhiệm trước pháp luật.")
    _both_sign(draft, ("NGƯỜI THỎA THUẬN THỨ NHẤT", a.name), ("NGƯỜI THỎA THUẬN THỨ HAI", b.name))
    number = rng.randint(11, 900)
    _certified(draft, cast, rng, where, number, f"01/{day.year}", commune=commune)
    holder_fields(draft, a)
    draft.fields |= {"title": words.replace("\n", " "), "issued_on": day, "number": str(number), "issuer": where}


_MINUTES = (
    ("BIÊN BẢN", "Họp xét duyệt hồ sơ đề nghị hỗ trợ nhà ở"),
    ("BIÊN BẢN VI PHẠM HÀNH CHÍNH", "Về lĩnh vực trật tự xây dựng"),
    ("BIÊN BẢN", "Nghiệm thu công trình đường thôn hoàn thành đưa vào sử dụng"),
    ("BIÊN BẢN", "Kiểm tra hiện trạng sử dụng đất"),
    ("BIÊN BẢN HÒA GIẢI", "Về việc tranh chấp ranh giới thửa đất"),
    ("BIÊN BẢN", "Niêm yết công khai danh sách"),
)


def bien_ban(draft: Draft, cast: Cast, rng: Random) -> None:
    """Minutes with the head of an office and a number, of several matters."""
    act = begin(draft, cast, rng, (*COMMITTEES, section))
    day = act.day
    set_head(act, f"BB-{act.office.symbol}")
    words, summary = rng.choice(_MINUTES)
    set_title(act, words, summary)
    draft.fields["issued_on"] = day
    day_words = f"{{issued_on|ngày {day.day:02d} tháng {day.month:02d} năm {day.year}}}"
    draft.paragraph(
        f"Hôm nay, vào hồi {rng.randint(7, 15):02d} giờ {rng.choice((0, 15, 30)):02d} phút, {day_words}, tại {act.office.area}."
    )
    draft.paragraph(
        rng.choice(("**Thành phần gồm:**", "**Chúng tôi gồm:**", "**I. THÀNH PHẦN THAM DỰ**")), align="left"
    )
    for index, (name, role) in enumerate(
        ((cast.chairman, "chủ trì"), (cast.clerk, "thư ký"), (cast.other.name, "đại diện hộ gia đình")), 1
    ):
        draft.paragraph(f"{index}. Ông (bà) {name}, {role}.", align="left", after=0.4)
    draft.paragraph(
        rng.choice(("**Nội dung:**", "**II. NỘI DUNG LÀM VIỆC**", "Đã tiến hành lập biên bản với nội dung sau:")),
        align="left",
    )
    bullets(act, [*act.tasks, act.goals[0]])
    draft.paragraph("Các ý kiến khác: không có.", align="left")
    draft.paragraph(
        f"Biên bản kết thúc vào hồi {rng.randint(16, 17)} giờ cùng ngày, đã đọc lại cho mọi người nghe và cùng ký tên./."
    )
    _both_sign(
        draft, ("CHỦ TRÌ", cast.chairman), ("THƯ KÝ", cast.clerk), act.office.seal if rng.random() < 0.5 else None
    )


def giay_uy_quyen(draft: Draft, cast: Cast, rng: Random) -> None:
    """Of an office (GUQ) or a notarised contract of authorisation."""
    if rng.random() < 0.5:
        act = begin(draft, cast, rng, ANY)
        until = act.day + timedelta(days=rng.choice((60, 90, 365)))
        set_head(act, f"GUQ-{act.office.symbol}")
        draft.centred("**{title|GIẤY ỦY QUYỀN}**", Style(15), before=2, after=4)
        draft.paragraph(f"{act.say(act.topic.law)};")
        draft.paragraph(
            f"{act.office.posts[0][-1].capitalize()} {act.office.name} ủy quyền cho {cast.other.title} **{{agent_name|{cast.other.name}}}**"
        )
        scope = rng.choice(
            ("ký các văn bản hành chính thông thường", "tham gia tố tụng tại tòa án", "chủ trì tiếp công dân định kỳ")
        )
        draft.paragraph(f"Phạm vi ủy quyền: {{scope|{scope}}}.")
        draft.paragraph(f"Thời hạn ủy quyền: từ ngày ký đến hết ngày {{valid_until|{short(until)}}}.")
        draft.paragraph(
            f"{cast.other.title.capitalize()} {cast.other.name} chịu trách nhiệm về nội dung công việc được ủy quyền./."
        )
        finish(act, "- Người được ủy quyền;")
        draft.fields |= {"title": "GIẤY ỦY QUYỀN", "scope": scope, "valid_until": until}
    else:
        _authorisation(draft, cast, rng)
    draft.more["agent_name"] = cast.other.name


def _authorisation(draft: Draft, cast: Cast, rng: Random) -> None:
    words = rng.choice(("HỢP ĐỒNG ỦY QUYỀN", "VĂN BẢN ỦY QUYỀN"))
    day: date = cast.today
    _opening(draft, rng, words)
    where = f"Văn phòng Công chứng {rng.choice(NOTARIES)}"
    draft.paragraph(f"Hôm nay, {{issued_on|{long_date(day)}}}, tại {where}, chúng tôi gồm có:")
    draft.paragraph("**BÊN ỦY QUYỀN (BÊN A):**", indent=0)
    _party(draft, cast.holder, holder=True)
    draft.paragraph("**BÊN ĐƯỢC ỦY QUYỀN (BÊN B):**", indent=0)
    _party(draft, cast.other, holder=False, name_field="agent_name")
    scope = rng.choice(
        ("quản lý, cho thuê nhà đất", "nhận tiền bồi thường, hỗ trợ", "làm thủ tục cấp đổi giấy chứng nhận")
    )
    draft.paragraph(f"**Điều 1. Phạm vi ủy quyền:** Bên A ủy quyền cho Bên B thay mặt mình {{scope|{scope}}}.")
    until = day + timedelta(days=365 * rng.randint(1, 5))
    draft.paragraph(
        f"**Điều 2. Thời hạn ủy quyền:** từ ngày công chứng đến hết ngày {{valid_until|{short(until)}}}; không có thù lao."
    )
    draft.paragraph("**Điều 3. Cam đoan:** Những thông tin về nhân thân trong văn bản này là đúng sự thật.")
    _both_sign(draft, ("BÊN ỦY QUYỀN", cast.holder.name), ("BÊN ĐƯỢC ỦY QUYỀN", cast.other.name))
    number = rng.randint(11, 4800)
    _certified(draft, cast, rng, where, number, f"02/{day.year}", commune=False)
    holder_fields(draft, cast.holder)
    draft.fields |= {"scope": scope, "valid_until": until, "issued_on": day, "number": str(number), "issuer": where}
