"""What else lies in dossiers: judgments, statutes, lists, drawings, statements of persons, further applications."""

from __future__ import annotations

from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Head, Signature, head, long_date, motto, sign, signature_block, table
from sample_scans.layout.rich import Style
from sample_scans.papers.common import holder_fields, short
from sample_scans.people import HAMLETS, STREETS, Cast, make_name, make_person


def ban_an(draft: Draft, cast: Cast, rng: Random) -> None:
    """A judgment, or the decision that grants a divorce by consent."""
    agency, day = cast.agency, cast.today
    court = (
        f"Tòa án nhân dân {rng.choice((f'tỉnh {agency.province}', f'khu vực {rng.randint(1, 9)} - {agency.province}'))}"
    )
    divorce = rng.random() < 0.5
    number = f"{rng.randint(11, 240)}/{day.year}/{'QĐCNTTLH' if divorce else rng.choice(('DS-ST', 'HNGĐ-ST'))}"
    place = f"{{issued_at|{agency.province}}}, {{issued_on|{long_date(day)}}}"
    lead = "Số:" if divorce else "Bản án số:"
    head(draft, Head("", court.upper(), f"{lead} {{number|{number}}}", place))
    husband, wife = (cast.holder, cast.spouse) if cast.holder.sex == "Nam" else (cast.spouse, cast.holder)
    if divorce:
        words, summary = "QUYẾT ĐỊNH\nCÔNG NHẬN THUẬN TÌNH LY HÔN\nVÀ SỰ THỎA THUẬN CỦA CÁC ĐƯƠNG SỰ", ""
        draft.centred(f"**{{title|{words}}}**", Style(14), after=4)
    else:
        words, summary = (
            "BẢN ÁN",
            rng.choice(("V/v tranh chấp quyền sử dụng đất", "V/v tranh chấp hợp đồng vay tài sản")),
        )
        draft.centred("**NHÂN DANH**\n**NƯỚC CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**", Style(14), after=2)
        draft.centred(f"**{{title|{words}}}**", Style(16))
        draft.centred(f"*{{summary|{summary}}}*", Style(13), after=3)
    judge = make_name("Nam", rng)
    draft.paragraph(f"**{court.upper()}**", align="centre", indent=0)
    draft.paragraph(f"Thành phần giải quyết gồm có: Thẩm phán: {judge}; Thư ký: {cast.clerk}.")
    draft.paragraph(
        f"- {'Người yêu cầu' if divorce else 'Nguyên đơn'}: anh {husband.name}, sinh năm {husband.born.year}; cư trú: {husband.home}."
    )
    draft.paragraph(
        f"- {'Người yêu cầu' if divorce else 'Bị đơn'}: chị {wife.name}, sinh năm {wife.born.year}; cư trú: {wife.home}."
    )
    draft.paragraph("**NHẬN THẤY:**", align="centre", indent=0)
    draft.paragraph(
        "Các đương sự đã tự nguyện trình bày, tài liệu trong hồ sơ phù hợp với lời khai; việc hòa giải được lập biên bản."
    )
    draft.paragraph("**QUYẾT ĐỊNH:**", align="centre", indent=0)
    draft.paragraph(
        f"1. {'Công nhận sự thuận tình ly hôn giữa anh ' + husband.name + ' và chị ' + wife.name if divorce else 'Chấp nhận một phần yêu cầu khởi kiện của nguyên đơn'}."
    )
    draft.paragraph(f"2. Về án phí: mỗi bên chịu {rng.choice((75, 150, 300))}.000 đồng án phí sơ thẩm.")
    draft.paragraph("3. Quyết định có hiệu lực theo quy định của Bộ luật Tố tụng dân sự./.")
    signature_block(
        draft,
        Signature(
            ("THẨM PHÁN",) if divorce else ("TM. HỘI ĐỒNG XÉT XỬ", "THẨM PHÁN - CHỦ TỌA PHIÊN TÒA"),
            judge,
            (court.upper(), "VIỆT NAM"),
            receivers=("- Các đương sự;", "- VKSND cùng cấp;", "- Lưu: HSVA."),
        ),
    )
    draft.sheets[0].day = day
    draft.fields |= {
        "title": words.replace("\n", " "),
        "number": number,
        "issued_on": day,
        "issued_at": agency.province,
        "issuer": court,
        "summary": summary or None,
        "signer": judge,
    }


def dieu_le(draft: Draft, cast: Cast, rng: Random) -> None:
    name, day = f"Công ty TNHH {rng.choice(HAMLETS)} {rng.choice(STREETS)}", cast.today
    draft.y = motto(draft, draft.left, draft.right, draft.y, 14) + 9
    words = rng.choice(("ĐIỀU LỆ", "ĐIỀU LỆ CÔNG TY"))
    draft.centred(f"**{{title|{words}}}**", Style(20), after=1)
    draft.centred(f"**{{holder_name|{name.upper()}}}**", Style(14), after=5)
    draft.paragraph(
        "Điều lệ này được các thành viên sáng lập thông qua theo Luật Doanh nghiệp ngày 17 tháng 6 năm 2020."
    )
    draft.centred("**Chương I. QUY ĐỊNH CHUNG**", after=1)
    articles = (
        ("Tên, địa chỉ trụ sở", f"Công ty có tên {name}, trụ sở tại {cast.agency.place}, tỉnh {cast.agency.province}."),
        (
            "Vốn điều lệ",
            f"Vốn điều lệ của công ty là {rng.randint(2, 9)}.{rng.randint(1, 9)}00.000.000 đồng, góp đủ trong 90 ngày.",
        ),
        ("Người đại diện theo pháp luật", f"Người đại diện theo pháp luật là Giám đốc {cast.holder.name}."),
        ("Hội đồng thành viên", "Hội đồng thành viên là cơ quan quyết định cao nhất, họp ít nhất mỗi quý một lần."),
        (
            "Phân chia lợi nhuận",
            "Lợi nhuận được chia theo tỷ lệ vốn góp sau khi hoàn thành nghĩa vụ tài chính với Nhà nước.",
        ),
        (
            "Giải quyết tranh chấp",
            "Tranh chấp nội bộ được thương lượng, hòa giải trước khi đưa ra tòa án hoặc trọng tài.",
        ),
        ("Hiệu lực", "Điều lệ có hiệu lực kể từ ngày công ty được cấp Giấy chứng nhận đăng ký doanh nghiệp."),
    )
    for index, (lead, text) in enumerate(articles, 1):
        draft.paragraph(f"**Điều {index}. {lead}**", align="left")
        draft.paragraph(text)
    draft.y += 3
    draft.room(48)
    middle = (draft.left + draft.right) / 2
    y = draft.block(
        f"*{cast.agency.name}, {{issued_on|{long_date(day)}}}*", middle, draft.right, draft.y, Style(13), "centre"
    )
    sign(draft, Signature(("NGƯỜI ĐẠI DIỆN THEO PHÁP LUẬT",), cast.holder.name), middle, draft.right, y, 24)
    draft.fields |= {"title": words, "holder_name": name, "issued_on": day, "signer": cast.holder.name}


def danh_sach(draft: Draft, cast: Cast, rng: Random) -> None:
    """A list of members with no letterhead."""
    day = cast.today
    words = rng.choice(("DANH SÁCH", "DANH SÁCH THÀNH VIÊN", "DANH SÁCH CỔ ĐÔNG SÁNG LẬP", "DANH SÁCH CỬ TRI"))
    if rng.random() < 0.5:
        draft.y = motto(draft, draft.left, draft.right, draft.y, 13) + 6
    draft.centred(f"**{{title|{words}}}**", Style(15), after=1)
    about = rng.choice(
        (f"Hộ gia đình tham gia tổ hợp tác tại {cast.agency.place}", f"Thôn {rng.choice(HAMLETS)}, {cast.agency.place}")
    )
    draft.centred(f"*({about})*", Style(13), after=4)
    rows = [["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Nơi cư trú", "Ghi chú"]]
    for index in range(1, rng.randint(9, 24)):
        person = make_person(cast.agency, rng, sex=rng.choice(("Nam", "Nữ")), years=(1950, 2004))
        rows.append([str(index), person.name, short(person.born), person.sex, person.home.split(", ", 1)[0], ""])
    table(draft, [10, 50, 26, 18, 46, 20], rows, size=12)
    draft.y += 3
    draft.room(48)
    middle = (draft.left + draft.right) / 2
    y = draft.block(
        f"*{{issued_at|{cast.agency.name}}}, {{issued_on|{long_date(day)}}}*",
        middle,
        draft.right,
        draft.y,
        Style(13),
        "centre",
    )
    sign(
        draft,
        Signature(
            (rng.choice(("NGƯỜI LẬP DANH SÁCH", "NGƯỜI LẬP BIỂU")),), cast.other.name, note="(Ký, ghi rõ họ tên)"
        ),
        middle,
        draft.right,
        y,
        22,
    )
    draft.fields |= {"title": words, "issued_on": day, "issued_at": cast.agency.name, "signer": cast.other.name}


def ban_ve_thiet_ke(draft: Draft, cast: Cast, rng: Random) -> None:
    """A sheet of a house's design: plan with axes and measures, title block at the foot."""
    sheet = draft.sheet
    words = rng.choice(("MẶT BẰNG TẦNG 1", "MẶT BẰNG TỔNG THỂ", "MẶT ĐỨNG CHÍNH", "MẶT CẮT A-A", "BẢN VẼ THIẾT KẾ"))
    draft.numbered = False
    left, right, top, foot = 16.0, draft.width_mm - 14, 14.0, draft.height_mm - 14
    for x0, y0, x1, y1 in (
        (left, top, right, top),
        (right, top, right, foot),
        (left, foot, right, foot),
        (left, top, left, foot),
    ):
        sheet.rule(x0, y0, x1, y1, 1.4)
    x, y = 45.0, 42.0
    widths, depths = [rng.choice((28, 34, 40)) for _ in range(3)], [rng.choice((30, 38, 46)) for _ in range(3)]
    xs, ys = [x], [y]
    for width in widths:
        xs.append(xs[-1] + width)
    for depth in depths:
        ys.append(ys[-1] + depth)
    for at in xs:
        sheet.rule(at, ys[0] - 8, at, ys[-1] + 8, 0.4)
    for at in ys:
        sheet.rule(xs[0] - 8, at, xs[-1] + 8, at, 0.4)
    for x0, y0, x1, y1 in (
        (xs[0], ys[0], xs[-1], ys[0]),
        (xs[-1], ys[0], xs[-1], ys[-1]),
        (xs[0], ys[-1], xs[-1], ys[-1]),
        (xs[0], ys[0], xs[0], ys[-1]),
        (xs[1], ys[0], xs[1], ys[2]),
        (xs[0], ys[1], xs[2], ys[1]),
    ):
        sheet.rule(x0, y0, x1, y1, 2.6)
    for index, width in enumerate(widths):
        draft.block(str(width * 100), xs[index], xs[index + 1], ys[0] - 14, Style(10, face="Arimo"), "centre")
        draft.block("ABCD"[index], xs[index] - 4, xs[index] + 4, ys[-1] + 9, Style(11, face="Arimo"), "centre")
    for index, depth in enumerate(depths):
        draft.block(
            str(depth * 100),
            xs[0] - 22,
            xs[0] - 9,
            (ys[index] + ys[index + 1]) / 2 - 2,
            Style(10, face="Arimo"),
            "centre",
        )
    rooms = ("Phòng khách", "Phòng ngủ", "Bếp, ăn", "Sân phơi", "WC", "Kho")
    spots = [(row, column) for row in range(3) for column in range(3)]
    for room, (row, column) in zip(rooms, rng.sample(spots, len(rooms)), strict=True):
        area = f"{rng.randint(6, 24)},{rng.randint(0, 9)} m²"
        draft.block(
            f"{room}\n{area}", xs[column] + 1.5, xs[column + 1] - 1.5, ys[row] + 9, Style(9.5, face="Arimo"), "centre"
        )
    draft.y = ys[-1] + 22
    draft.block(f"**{{title|{words}}}**", left, right, draft.y, Style(15, face="Arimo"), "centre")
    draft.block(f"Tỷ lệ: 1/{rng.choice((50, 100, 200))}", left, right, draft.y + 8, Style(11, face="Arimo"), "centre")
    base = foot - 44
    sheet.rule(left, base, right, base, 1.0)
    third = (right - left) / 3
    for index in (1, 2):
        sheet.rule(left + third * index, base, left + third * index, foot, 0.7)
    house = rng.choice(("Nhà ở gia đình", "Nhà ở riêng lẻ hai tầng", "Nhà cấp 4"))
    firm = f"Công ty TNHH Kiến trúc {rng.choice(STREETS)}"
    style = Style(10, face="Arimo")
    cells = (
        f"Chủ đầu tư:\n**{{holder_name|{cast.holder.title.capitalize()} {cast.holder.name}}}**\nĐịa điểm: {cast.agency.place}, tỉnh {cast.agency.province}",
        f"Đơn vị thiết kế:\n**{firm}**\nChủ trì: {cast.other.name}",
        f"Công trình:\n**{{summary|{house}}}**\nKý hiệu bản vẽ: KT-{rng.randint(1, 20):02d}\nNgày hoàn thành: {cast.today.month:02d}/{cast.today.year}",
    )
    for index, cell in enumerate(cells):
        draft.block(cell, left + third * index + 2, left + third * (index + 1) - 2, base + 2.5, style)
    draft.fields |= {
        "title": words,
        "summary": house,
        "holder_name": f"{cast.holder.title.capitalize()} {cast.holder.name}",
    }


def _statement(draft: Draft, cast: Cast, rng: Random, words: str, lines: tuple[str, ...], who: str) -> None:
    """A paper in a citizen's own name: nation, title, to whom, who, what, signature."""
    holder, day = cast.holder, cast.today
    draft.numbered = False
    if rng.random() < 0.3:
        draft.block(f"Mẫu số {rng.randint(1, 30):02d}/ĐK", draft.left, draft.right, 12, Style(11, italic=True), "right")
    draft.y = motto(draft, draft.left, draft.right, 22, rng.choice((13, 14))) + 7
    draft.centred(f"**{{title|{words}}}**", Style(rng.choice((14, 15, 16))), after=4)
    if rng.random() < 0.75:
        draft.centred(f"Kính gửi: {{recipient|{cast.agency.body}}}", Style(14), after=3)
        draft.more["recipient"] = cast.agency.body
    pen = "^" if rng.random() < 0.45 else ""
    start = ("Tôi tên là", "Họ và tên", "Tôi là")[rng.randrange(3)]
    rows = (
        f"{start}: {{{pen}holder_name|{holder.name}}}",
        f"Sinh ngày: {{{pen}holder_birth_date|{short(holder.born)}}}     Giới tính: {{{pen}|{holder.sex}}}",
        f"Số định danh cá nhân/CCCD: {{{pen}holder_id|{holder.id_number}}}",
        f"Nơi cư trú: {{{pen}residence|{holder.home}}}",
    )
    for row in rows:
        if pen:
            draft.entry(row, Style(13.5), after=1.5)
        else:
            draft.paragraph(row, Style(14), "left", 12.7, 0, 1.2)
    for line in lines:
        draft.paragraph(line, Style(13.5))
    draft.y += 3
    draft.room(46)
    x0 = (draft.left + draft.right) / 2
    y = draft.block(
        f"*{{issued_at|{cast.agency.name}}}, {{issued_on|{long_date(day, hand=bool(pen))}}}*",
        x0 - 6,
        draft.right + 2,
        draft.y,
        Style(13),
        "centre",
    )
    draft.y = sign(draft, Signature((who,), holder.name, note="(Ký, ghi rõ họ tên)"), x0, draft.right, y, 23)
    holder_fields(draft, holder)
    draft.fields |= {
        "title": words.replace("\n", " "),
        "issued_on": day,
        "issued_at": cast.agency.name,
        "signer": holder.name,
    }
    draft.more["residence"] = holder.home


def giay_cam_doan(draft: Draft, cast: Cast, rng: Random) -> None:
    words = rng.choice(("GIẤY CAM ĐOAN", "BẢN CAM KẾT", "GIẤY CAM KẾT", "BẢN CAM ĐOAN", "VĂN BẢN CAM ĐOAN"))
    what = rng.choice(
        (
            "từ trước đến nay tôi chưa đăng ký kết hôn với ai tại bất cứ nơi nào",
            f"cháu {cast.child.name} là con đẻ của tôi, sinh tại nhà nên không có giấy chứng sinh",
            "bảo đảm an toàn công trình liền kề trong suốt thời gian xây dựng",
        )
    )
    _statement(
        draft,
        cast,
        rng,
        words,
        (f"Tôi xin cam đoan: {what}.", "Nếu sai tôi hoàn toàn chịu trách nhiệm trước pháp luật."),
        "NGƯỜI CAM ĐOAN",
    )


def van_ban_lam_chung(draft: Draft, cast: Cast, rng: Random) -> None:
    words = rng.choice(("VĂN BẢN LÀM CHỨNG", "GIẤY LÀM CHỨNG", "VĂN BẢN CỦA NGƯỜI LÀM CHỨNG"))
    lines = (
        f"Tôi xin làm chứng: chị {cast.mother.name}, cư trú cùng thôn, đã sinh cháu {cast.child.name} ngày {short(cast.child.born)} tại nhà.",
        "Tôi trực tiếp có mặt, chứng kiến việc sinh; lời làm chứng này là tự nguyện và đúng sự thật.",
    )
    _statement(draft, cast, rng, words, lines, "NGƯỜI LÀM CHỨNG")


def don(draft: Draft, cast: Cast, rng: Random) -> None:
    """Further applications, with and without the word ĐƠN."""
    words, wish = rng.choice(
        (
            (
                "ĐƠN ĐĂNG KÝ BIẾN ĐỘNG ĐẤT ĐAI,\nTÀI SẢN GẮN LIỀN VỚI ĐẤT",
                "đăng ký chuyển nhượng quyền sử dụng đất theo hợp đồng đã được công chứng",
            ),
            (
                "ĐƠN ĐĂNG KÝ ĐẤT ĐAI, TÀI SẢN GẮN LIỀN VỚI ĐẤT",
                "cấp Giấy chứng nhận lần đầu cho thửa đất gia đình sử dụng ổn định từ năm 1991",
            ),
            ("GIẤY ĐỀ NGHỊ\nĐĂNG KÝ HỘ KINH DOANH", "đăng ký hộ kinh doanh bán tạp hóa, vốn 80.000.000 đồng"),
            ("ĐƠN ĐỀ NGHỊ XÁC NHẬN TÌNH TRẠNG NHÀ, ĐẤT", "xác nhận nhà, đất không có tranh chấp để vay vốn"),
            ("ĐƠN XIN TÁCH THỬA ĐẤT", "tách thửa đất của gia đình thành hai thửa cho hai con"),
            ("ĐƠN TRÌNH BÁO MẤT GIẤY TỜ", "cấp lại giấy chứng nhận đã bị thất lạc trong đợt lũ"),
        )
    )
    lines = (
        f"Tôi làm đơn này đề nghị quý cơ quan {wish}.",
        "Tôi cam đoan nội dung kê khai trên là đúng sự thật; nếu sai xin chịu trách nhiệm.",
    )
    _statement(draft, cast, rng, words, lines, rng.choice(("NGƯỜI LÀM ĐƠN", "Người viết đơn", "NGƯỜI ĐỀ NGHỊ")))


def to_khai(draft: Draft, cast: Cast, rng: Random) -> None:
    """Further declarations."""
    words = rng.choice(
        (
            "TỜ KHAI ĐĂNG KÝ KẾT HÔN",
            "TỜ KHAI ĐĂNG KÝ KHAI TỬ",
            "TỜ KHAI\nTHAY ĐỔI THÔNG TIN CƯ TRÚ",
            "TỜ KHAI ĐĂNG KÝ LẠI KHAI SINH",
            "TỜ KHAI LỆ PHÍ TRƯỚC BẠ NHÀ, ĐẤT",
            "TỜ KHAI ĐỀ NGHỊ TRỢ GIÚP XÃ HỘI",
        )
    )
    lines = (
        f"Quan hệ với người được khai: {rng.choice(('Bản thân', 'Con', 'Cha', 'Mẹ'))}.",
        f"Nội dung đề nghị: {words.replace(chr(10), ' ').removeprefix('TỜ KHAI ').lower()}, số lượng bản sao: {rng.randint(1, 5)}.",
        "Tôi cam đoan những nội dung khai trên đây là đúng sự thật và chịu trách nhiệm trước pháp luật.",
    )
    _statement(draft, cast, rng, words, lines, rng.choice(("Người yêu cầu", "NGƯỜI KHAI")))


def khac(draft: Draft, cast: Cast, rng: Random) -> None:
    """No type of the catalog: receipts, letters, notices of private bodies. A classifier should say that it does not know."""
    words, lines = rng.choice(
        (
            ("BIÊN LAI THU TIỀN", ("Lý do nộp: phí tham quan bảo tàng", "Hình thức: tiền mặt")),
            ("THỰC ĐƠN BỮA TRƯA", ("Cơm trắng, canh rau ngót, cá kho", "Tráng miệng: chuối tiêu")),
            ("PHIẾU BẢO HÀNH", ("Sản phẩm: quạt đứng năm cánh", "Thời hạn bảo hành: 12 tháng")),
            ("LỊCH TẬP DƯỠNG SINH", ("Thứ Hai, thứ Tư, thứ Sáu: 5 giờ 30 sáng", "Sân nhà văn hóa")),
        )
    )
    draft.numbered = False
    draft.y = 30
    draft.centred(f"**{{title|{words}}}**", Style(rng.choice((16, 20)), face="Arimo"), after=6)
    for line in (
        f"Họ và tên: {{holder_name|{cast.other.name}}}",
        f"Địa chỉ: {cast.other.home}",
        *lines,
        f"Ngày {{issued_on|{short(cast.today)}}}",
    ):
        draft.paragraph(line, Style(14, face="Arimo"), "left", 0, 0, 3)
    draft.paragraph(
        "Cảm ơn quý khách đã tin tưởng. Mọi thắc mắc xin liên hệ quầy số 3 trong giờ mở cửa để được giúp đỡ tận tình.",
        Style(12, face="Arimo"),
        indent=0,
    )
    draft.fields |= {"title": words, "holder_name": cast.other.name, "issued_on": cast.today}
