"""Short papers between offices and people: giấy mời, giấy giới thiệu, giấy nghỉ phép, phiếu gửi, phiếu chuyển, phiếu báo, thư công."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import bare_head
from sample_scans.layout.rich import Style
from sample_scans.papers.acts.act import Act, begin, date_line, finish, set_head, set_title, to_whom
from sample_scans.papers.acts.offices import ANY, COMMITTEES, department, school, section
from sample_scans.papers.common import short
from sample_scans.people import HAMLETS, Cast


def _lines(act: Act, *lines: str, filled: bool = False) -> None:
    """Lines of a form; ``filled``: over dotted leaders."""
    for line in lines:
        if filled:
            act.draft.entry(line, Style(14), after=1.4)
        else:
            act.draft.paragraph(line, Style(14), "left", 12.7, 0.4, 1.0)


def giay_moi(draft: Draft, cast: Cast, rng: Random) -> None:
    act = begin(draft, cast, rng, ANY)
    set_head(act, f"GM-{act.office.symbol}")
    what = rng.choice(("họp", "dự hội nghị triển khai việc", "dự lễ công bố việc", "làm việc về"))
    set_title(act, rng.choice(("GIẤY MỜI", "GIẤY MỜI", "GIẤY MỜI HỌP")), f"{what} {act.about}", prefixes=("", "V/v"))
    when = act.day + timedelta(days=rng.randint(2, 12))
    draft.paragraph(f"{act.office.name} trân trọng kính mời: {cast.other.title} **{cast.other.name}**")
    draft.paragraph(f"Đến dự cuộc họp về việc {act.about}.")
    _lines(
        act,
        f"**Chủ trì:** {cast.chairman}, lãnh đạo {act.office.name}.",
        f"**Thời gian:** {rng.choice((7, 8, 13, 14))} giờ {rng.choice(('00', '30'))} phút, ngày {short(when)}.",
        f"**Địa điểm:** {rng.choice(('Phòng họp số 2, trụ sở cơ quan', 'Hội trường tầng 3', 'Nhà văn hóa thôn ' + rng.choice(HAMLETS)))}.",
    )
    draft.paragraph(act.duties(1)[0])
    draft.paragraph("Kính mời đại biểu đến dự đúng thành phần, đúng giờ./.")
    finish(act, "- Như trên;", "- Bộ phận phục vụ;")


def giay_gioi_thieu(draft: Draft, cast: Cast, rng: Random) -> None:
    act = begin(draft, cast, rng, ANY)
    person, until = cast.other, act.day + timedelta(days=rng.choice((7, 10, 15, 30)))
    set_head(act, f"GGT-{act.office.symbol}")
    draft.centred("**{title|GIẤY GIỚI THIỆU}**", Style(rng.choice((15, 16, 18))), before=3, after=5)
    ways = (
        "liên hệ công tác về {0}",
        "liên hệ, phối hợp {0}",
        "nhận tài liệu phục vụ việc {0}",
    )
    about = rng.choice(ways).format(act.about)
    verb = rng.choice(("trân trọng giới thiệu", "giới thiệu"))
    filled = rng.random() < 0.5
    _lines(
        act,
        f"{act.office.name} {verb}:",
        f"{rng.choice(('Ông (bà)', 'Đồng chí'))}: **{{holder_name|{person.name}}}**",
        f"Chức vụ: {rng.choice(('Chuyên viên', 'Công chức tư pháp - hộ tịch', 'Kế toán', 'Văn thư'))}",
        f"Căn cước số: {{holder_id|{person.id_number}}}",
        f"Được cử đến: {rng.choice(('Ủy ban nhân dân', 'Văn phòng đăng ký đất đai', 'Kho bạc Nhà nước'))} tỉnh {cast.agency.province}",
        f"Về việc: {{summary|{about}}}",
        filled=filled,
    )
    draft.paragraph("Đề nghị quý cơ quan tạo điều kiện để ông (bà) có tên trên hoàn thành nhiệm vụ.")
    draft.paragraph(f"Giấy này có giá trị đến hết ngày {{valid_until|{short(until)}}}./.")
    finish(act, *(("- Như trên;",) if rng.random() < 0.6 else ()))
    draft.fields |= {
        "title": "GIẤY GIỚI THIỆU",
        "summary": about,
        "holder_name": person.name,
        "holder_id": person.id_number,
        "valid_until": until,
    }


def giay_nghi_phep(draft: Draft, cast: Cast, rng: Random) -> None:
    act = begin(draft, cast, rng, (section, school, department, *COMMITTEES))
    first = act.day + timedelta(days=rng.randint(2, 15))
    last = first + timedelta(days=rng.randint(2, 11))
    person = cast.other
    set_head(act, f"GNP-{act.office.symbol}")
    draft.centred("**{title|GIẤY NGHỈ PHÉP}**", Style(rng.choice((14, 15, 16))), before=3, after=5)
    draft.paragraph(
        f"Xét Đơn đề nghị nghỉ phép {short(act.day - timedelta(days=2))} của {person.title} {person.name}, {act.office.name} cấp cho:"
    )
    _lines(
        act,
        f"{person.title.capitalize()}: **{{holder_name|{person.name}}}**",
        f"Chức vụ: {rng.choice(('Chuyên viên', 'Giáo viên', 'Kế toán', 'Nhân viên văn thư'))}",
        f"Được nghỉ phép năm {act.day.year} từ ngày {short(first)} đến hết ngày {{valid_until|{short(last)}}}",
        f"Nơi nghỉ phép: {person.home}",
        filled=rng.random() < 0.4,
    )
    draft.paragraph("Số ngày nghỉ phép nêu trên được tính vào thời gian nghỉ phép hằng năm./.")
    finish(act, f"- {person.title.capitalize()} {person.name.split()[-1]};", "- Bộ phận tổ chức;")
    draft.fields |= {"title": "GIẤY NGHỈ PHÉP", "holder_name": person.name, "valid_until": last}


def phieu_gui(draft: Draft, cast: Cast, rng: Random) -> None:
    act = begin(draft, cast, rng, ANY)
    set_head(act, f"PG-{act.office.symbol}")
    draft.centred("**{title|PHIẾU GỬI}**", Style(rng.choice((14, 15, 16))), before=2, after=4)
    to_whom(
        act,
        rng.choice(
            (f"Ủy ban nhân dân tỉnh {cast.agency.province}", "Kho bạc Nhà nước khu vực", "Bảo hiểm xã hội cơ sở")
        ),
    )
    draft.paragraph(f"{act.office.name} gửi kèm theo phiếu này các văn bản, tài liệu sau:")
    for index in range(1, rng.randint(3, 5)):
        kind = rng.choice(("Quyết định", "Báo cáo", "Hồ sơ", "Biên bản"))
        draft.paragraph(
            f"{index}. {kind} số {rng.randint(11, 800)}, {rng.randint(1, 4):02d} bản, {rng.randint(1, 40)} trang."
        )
    draft.paragraph(f"Về việc: {{summary|{act.about}}}.")
    draft.paragraph(f"Sau khi nhận được, đề nghị quý cơ quan gửi lại phiếu này cho {act.office.name}./.")
    finish(act)
    if rng.random() < 0.6:
        draft.paragraph("*Ngày       tháng       năm       (Người nhận ký, ghi rõ họ tên)*", Style(12), "left", 0)
    draft.fields |= {"title": "PHIẾU GỬI", "summary": act.about}


def phieu_chuyen(draft: Draft, cast: Cast, rng: Random) -> None:
    """A citizen's letter sent on to whom it concerns, or data of a dossier to the tax office."""
    act = begin(draft, cast, rng, ANY)
    set_head(act, f"PC-{act.office.symbol}")
    words = rng.choice(("PHIẾU CHUYỂN", "PHIẾU CHUYỂN", "PHIẾU CHUYỂN THÔNG TIN"))
    matter = rng.choice(
        (
            f"đơn của {cast.holder.title} {cast.holder.name}",
            "thông tin địa chính để xác định nghĩa vụ tài chính",
            f"văn bản về {act.about}",
        )
    )
    set_title(act, words, matter, prefixes=("", "V/v chuyển", "Về việc"))
    to_whom(act, rng.choice((f"Sở Xây dựng tỉnh {cast.agency.province}", "Thuế cơ sở", f"{cast.agency.body}")))
    _lines(
        act,
        f"{act.office.name} nhận được {matter}.",
        f"Họ và tên người gửi: {cast.holder.name}",
        f"Địa chỉ: {cast.holder.home}",
        f"Ngày nhận: {short(act.day - timedelta(days=rng.randint(1, 6)))}",
    )
    draft.paragraph(
        f"Căn cứ chức năng, nhiệm vụ, {act.office.name} chuyển đến quý cơ quan để xem xét, giải quyết theo thẩm quyền và thông "
        "báo kết quả cho người gửi./."
    )
    finish(act, "- Như trên;", f"- {cast.holder.title.capitalize()} {cast.holder.name};")


def phieu_bao(draft: Draft, cast: Cast, rng: Random) -> None:
    act = begin(draft, cast, rng, (section, school, department, *COMMITTEES))
    set_head(act, f"PB-{act.office.symbol}")
    matter = rng.choice(
        ("kết quả xét tuyển viên chức", "thay đổi lịch tiếp công dân", "kết quả kiểm tra hồ sơ", "nộp phí, lệ phí")
    )
    set_title(act, "PHIẾU BÁO", matter, prefixes=("", "V/v", "Về việc"))
    _lines(
        act,
        f"{act.office.name} báo để {cast.holder.title} **{{holder_name|{cast.holder.name}}}** biết:",
        f"Nội dung: {matter} đợt {rng.randint(1, 4)} năm {act.day.year}.",
        f"Thời gian: {rng.randint(8, 10)} giờ 00 phút, ngày {act.values['day']}.",
        f"Địa điểm: trụ sở {act.office.name}.",
        f"Mang theo: phiếu này và giấy tờ tùy thân; lệ phí {rng.randint(2, 30)}0.000 đồng.",
    )
    draft.paragraph("Quá thời hạn trên mà không có lý do chính đáng thì coi như không có nhu cầu./.")
    finish(act, f"- {cast.holder.title.capitalize()} {cast.holder.name};")
    draft.fields["holder_name"] = cast.holder.name


def thu_cong(draft: Draft, cast: Cast, rng: Random) -> None:
    """A letter of congratulation, thanks or praise: no number, a head of its own."""
    act = begin(draft, cast, rng, (*COMMITTEES, department))
    bare_head(draft, act.office.above, "\n".join(act.office.lines))
    draft.y -= 5
    place, known = date_line(act, hand=False)
    draft.y = draft.block(f"*{place}*", draft.left + 40, draft.right, draft.y, Style(13), "right") + 6
    words = rng.choice(("THƯ KHEN", "THƯ CHÚC MỪNG", "THƯ CẢM ƠN", "THƯ CÔNG"))
    draft.centred(f"**{{title|{words}}}**", Style(rng.choice((15, 17, 20))), after=4)
    draft.centred(
        f"*Gửi: {cast.other.title} {cast.other.name} và tập thể cán bộ, nhân dân {act.office.area}*", Style(14), after=4
    )
    draft.paragraph(f"Thay mặt {act.office.name}, tôi gửi tới các đồng chí và nhân dân lời chào trân trọng.")
    draft.paragraph(f"Tôi được biết, trong việc {act.about}, các đồng chí đã có nhiều cố gắng. {act.goals[0]}")
    draft.paragraph(
        "Đó là việc làm cần được nhân rộng. Tôi mong các đồng chí giữ vững kết quả và giúp đỡ nơi còn khó khăn."
    )
    draft.paragraph("Chúc các đồng chí mạnh khỏe, hạnh phúc và thành công./.")
    finish(act, posts=(("CHỦ TỊCH",) if act.office.symbol == "UBND" else ("GIÁM ĐỐC",),))
    draft.fields |= {"title": words, "issued_on": act.day if known else None, "issued_at": act.office.city}
