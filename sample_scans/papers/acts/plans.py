"""Acts in sections and letters: chỉ thị, kế hoạch, chương trình, phương án, đề án, dự án, hướng dẫn, báo cáo, thông báo, tờ trình, …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import table
from sample_scans.papers.acts.act import Act, begin, bullets, finish, set_head, set_title, to_whom
from sample_scans.papers.acts.offices import ANY, COMMITTEES, council, department
from sample_scans.papers.common import grouped, short
from sample_scans.people import Cast
from sample_scans.text import CLOSINGS, fill

Write = Callable[[Draft, Cast, Random], None]

ROMAN = ("I", "II", "III", "IV", "V", "VI")


def _section(act: Act, number: int, words: str) -> None:
    """``I. MỤC TIÊU``; some offices write ``Phần I`` or plain numbers."""
    act.draft.paragraph(f"**{ROMAN[number]}. {words}**", align="left")


def _closing(act: Act) -> None:
    act.draft.paragraph(fill(act.rng.choice(CLOSINGS), act.values)[:-1] + "./.")


def _money(rng: Random, low: int = 60, high: int = 4200) -> str:
    return grouped(rng.randint(low, high) * 1_000_000)


def chi_thi(draft: Draft, cast: Cast, rng: Random) -> None:
    act = begin(draft, cast, rng, COMMITTEES)
    set_head(act, f"CT-{act.office.symbol}")
    set_title(act, "CHỈ THỊ", act.about, prefixes=("Về việc", "Về", "V/v"))
    draft.paragraph(
        f"Thời gian qua, việc {act.about} đã có chuyển biến, song ở một số nơi còn làm hình thức, trách nhiệm người đứng "
        f"đầu chưa rõ. Để khắc phục, Chủ tịch {act.office.name} yêu cầu:"
    )
    for index, (who, what) in enumerate(
        zip(
            ("Các cơ quan, đơn vị", "Phòng Văn hóa - Xã hội", "Công an", "Trưởng thôn"),
            (*act.tasks, *act.duties(2)),
            strict=False,
        ),
        1,
    ):
        draft.paragraph(f"**{index}. {who}**")
        draft.paragraph(what)
    draft.paragraph("Chỉ thị này được phổ biến đến từng hộ gia đình. Yêu cầu các đơn vị nghiêm túc thực hiện./.")
    finish(act, "- Thường trực Đảng ủy;", "- Các đơn vị trực thuộc;")


def ke_hoach(draft: Draft, cast: Cast, rng: Random) -> None:
    _sections(
        draft,
        cast,
        rng,
        "KẾ HOẠCH",
        "KH",
        rng.choice(
            (
                ("MỤC ĐÍCH, YÊU CẦU", "NỘI DUNG", "TỔ CHỨC THỰC HIỆN"),
                ("MỤC TIÊU", "NHIỆM VỤ, GIẢI PHÁP", "KINH PHÍ", "PHÂN CÔNG"),
            )
        ),
    )


def chuong_trinh(draft: Draft, cast: Cast, rng: Random) -> None:
    sections = ("MỤC TIÊU", "NHIỆM VỤ TRỌNG TÂM", "TIẾN ĐỘ", "TỔ CHỨC THỰC HIỆN")
    _sections(draft, cast, rng, rng.choice(("CHƯƠNG TRÌNH", "CHƯƠNG TRÌNH", "CHƯƠNG TRÌNH CÔNG TÁC")), "CTr", sections)


def phuong_an(draft: Draft, cast: Cast, rng: Random) -> None:
    sections = ("TÌNH HÌNH", "CÁC TÌNH HUỐNG DỰ KIẾN", "LỰC LƯỢNG, PHƯƠNG TIỆN", "KINH PHÍ")
    _sections(draft, cast, rng, "PHƯƠNG ÁN", "PA", sections)


def de_an(draft: Draft, cast: Cast, rng: Random) -> None:
    sections = ("SỰ CẦN THIẾT", "MỤC TIÊU, QUAN ĐIỂM", "GIẢI PHÁP", "KINH PHÍ", "HIỆU QUẢ")
    _sections(draft, cast, rng, "ĐỀ ÁN", "ĐA", sections)


def du_an(draft: Draft, cast: Cast, rng: Random) -> None:
    sections = ("CĂN CỨ LẬP DỰ ÁN", "QUY MÔ ĐẦU TƯ", "TỔNG MỨC ĐẦU TƯ", "TIẾN ĐỘ", "KIẾN NGHỊ")
    _sections(draft, cast, rng, "DỰ ÁN", "DA", sections)


def huong_dan(draft: Draft, cast: Cast, rng: Random) -> None:
    sections = ("PHẠM VI, ĐỐI TƯỢNG", "CÁCH THỨC THỰC HIỆN", "CHẾ ĐỘ BÁO CÁO")
    _sections(draft, cast, rng, "HƯỚNG DẪN", "HD", sections)


def _sections(draft: Draft, cast: Cast, rng: Random, words: str, symbol: str, sections: tuple[str, ...]) -> None:
    """One body in sections; money in a table or a sentence where a section speaks of money."""
    act = begin(draft, cast, rng, ANY)
    set_head(act, f"{symbol}-{act.office.symbol}")
    if rng.random() < 0.6:
        set_title(act, words, act.say(act.topic.plan))
    else:
        set_title(act, words, act.about, prefixes=("Về việc", "Thực hiện việc", "Triển khai"))
    name = words.capitalize()
    draft.paragraph(f"{act.say(act.topic.law)}; {act.office.name} ban hành {name} với những nội dung sau:")
    texts = [act.goals, act.tasks, act.duties(2), act.duties(1), [act.goals[0]]]
    for index, section_words in enumerate(sections):
        _section(act, index, section_words)
        if section_words in {"KINH PHÍ", "TỔNG MỨC ĐẦU TƯ"} and rng.random() < 0.5:
            _costs(act)
        elif section_words in {"KINH PHÍ", "TỔNG MỨC ĐẦU TƯ"}:
            draft.paragraph(f"Kinh phí dự kiến {_money(rng)} đồng, từ ngân sách và nguồn xã hội hóa hợp pháp.")
        elif section_words == "TIẾN ĐỘ":
            until = act.day + timedelta(days=rng.randint(60, 400))
            draft.paragraph(f"Bắt đầu từ ngày ký, hoàn thành trước ngày {short(until)}; sơ kết hằng quý.")
        else:
            bullets(act, texts[index])
    _closing(act)
    finish(act, f"- UBND tỉnh {cast.agency.province} (b/c);", "- Các đơn vị liên quan;")


def _costs(act: Act) -> None:
    rng = act.rng
    rows = [["STT", "Nội dung chi", "Đơn vị tính", "Số lượng", "Thành tiền (đồng)"]]
    items = (
        ("Tài liệu, biểu mẫu", "bộ"),
        ("Thuê máy thi công", "ca"),
        ("Bồi dưỡng tổ công tác", "công"),
        ("Xi măng", "tấn"),
    )
    for index, (item, unit) in enumerate(items, 1):
        rows.append([str(index), item, unit, str(rng.randint(5, 90)), _money(rng, 2, 80)])
    table(act.draft, [10, 60, 24, 22, 40], rows, size=13)
    act.draft.y += 3


def bao_cao(draft: Draft, cast: Cast, rng: Random) -> None:
    """Of other bodies, about a matter, with or without figures."""
    act = begin(draft, cast, rng, ANY)
    set_head(act, f"BC-{act.office.symbol}")
    lead = rng.choice(("Kết quả", "Tình hình thực hiện", "Sơ kết công tác", "Giải trình nội dung"))
    set_title(act, "BÁO CÁO", f"{lead} {act.about}")
    if rng.random() < 0.5:
        to_whom(act, f"Ủy ban nhân dân tỉnh {cast.agency.province}")
    _section(act, 0, rng.choice(("ĐẶC ĐIỂM TÌNH HÌNH", "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH")))
    bullets(act, act.goals)
    _section(act, 1, "KẾT QUẢ ĐẠT ĐƯỢC")
    bullets(act, act.tasks)
    if rng.random() < 0.4:
        _costs(act)
    _section(act, 2, rng.choice(("TỒN TẠI, HẠN CHẾ", "KHÓ KHĂN, VƯỚNG MẮC")))
    draft.paragraph("Một số nơi triển khai còn chậm; số liệu giữa các đợt báo cáo chưa thống nhất.")
    _section(act, 3, "ĐỀ XUẤT, KIẾN NGHỊ")
    bullets(act, act.duties(2))
    draft.paragraph(f"Trên đây là báo cáo của {act.office.name}./.")
    finish(act, "- Như trên;", "- Lãnh đạo cơ quan;")


def thong_bao(draft: Draft, cast: Cast, rng: Random) -> None:
    """Kết luận of a meeting, recruitment, a working schedule."""
    act = begin(draft, cast, rng, ANY)
    set_head(act, f"TB-{act.office.symbol}")
    if rng.random() < 0.5:
        who = rng.choice(act.office.posts)[-1].capitalize()
        set_title(
            act, rng.choice(("THÔNG BÁO", "THÔNG BÁO KẾT LUẬN")), f"Kết luận của {who} tại cuộc họp về {act.about}"
        )
        draft.paragraph(
            f"{act.values['body']} đã họp, nghe báo cáo và thảo luận. Sau khi nghe ý kiến các đại biểu, người chủ trì kết luận:"
        )
    else:
        set_title(act, "THÔNG BÁO", act.about, prefixes=("Về việc", "V/v"))
        draft.paragraph(f"{act.say(act.topic.law)}; {act.office.name} thông báo như sau:")
    bullets(act, [*act.goals, *act.tasks])
    _closing(act)
    finish(act, "- Các thành viên dự họp;", "- Các thôn, tổ dân phố;")


def thong_cao(draft: Draft, cast: Cast, rng: Random) -> None:
    act = begin(draft, cast, rng, (*COMMITTEES, council, department))
    set_head(act, f"TC-{act.office.symbol}")
    set_title(act, rng.choice(("THÔNG CÁO", "THÔNG CÁO BÁO CHÍ")), act.about, prefixes=("Về việc", "Về"))
    draft.paragraph(
        f"Ngày {act.day.day}/{act.day.month}/{act.day.year}, {act.office.name} đã xem xét việc {act.about}."
    )
    for line in (*act.goals, *act.tasks):
        draft.paragraph(line)
    draft.paragraph(f"{act.office.name} trân trọng thông cáo để các cơ quan báo chí và nhân dân được biết./.")
    finish(act, "- Các cơ quan báo chí;", "- Trang thông tin điện tử;")


def to_trinh(draft: Draft, cast: Cast, rng: Random) -> None:
    act = begin(draft, cast, rng, ANY)
    set_head(act, f"TTr-{act.office.symbol}")
    set_title(act, "TỜ TRÌNH", act.about, prefixes=("Về việc", "Về việc đề nghị phê duyệt", "V/v"))
    whom = rng.choice(("Hội đồng nhân dân", "Ủy ban nhân dân")) + f" tỉnh {cast.agency.province}"
    to_whom(act, whom)
    draft.paragraph(f"{act.say(act.topic.law)};")
    draft.paragraph(f"{act.office.name} kính trình {whom} xem xét, phê duyệt các nội dung sau:")
    _section(act, 0, "SỰ CẦN THIẾT")
    draft.paragraph(act.goals[0])
    _section(act, 1, "NỘI DUNG TRÌNH")
    bullets(act, act.tasks)
    if rng.random() < 0.5:
        draft.paragraph(f"Kinh phí đề nghị: {_money(rng)} đồng.")
    draft.paragraph(f"{act.office.name} kính đề nghị {whom} xem xét, quyết định./.")
    finish(act, "- Như trên;", "- Lãnh đạo cơ quan;")


def cong_dien(draft: Draft, cast: Cast, rng: Random) -> None:
    """Sent in haste: who wires whom, then what must be done now."""
    act = begin(draft, cast, rng, COMMITTEES)
    set_head(act, f"CĐ-{act.office.symbol}")
    wind = rng.choice(
        ("ứng phó với bão và mưa lũ", "ứng phó với rét đậm, rét hại", "bảo đảm an toàn hồ đập", "xử lý sạt lở đất")
    )
    set_title(act, "CÔNG ĐIỆN", rng.choice((wind, act.about)), prefixes=("Về việc", "Về", "V/v"))
    sender = f"**{act.office.posts[0][-1]} {act.office.name.upper()} điện:**"
    draft.paragraph(sender, align="left")
    for line in (
        "- Chủ tịch Ủy ban nhân dân các xã, phường;",
        "- Chỉ huy trưởng Ban Chỉ huy quân sự;",
        "- Trưởng Công an cùng cấp.",
    ):
        draft.paragraph(line, align="left", after=0.3)
    draft.paragraph(f"Theo tin của cơ quan dự báo, từ ngày {act.values['day']} thời tiết diễn biến phức tạp. Yêu cầu:")
    bullets(act, [*act.tasks, *act.duties(2)])
    draft.paragraph("Nhận được Công điện này, yêu cầu triển khai ngay và báo cáo trước 17 giờ hằng ngày./.")
    finish(act, "- Như trên;", "- Đài truyền thanh;")


def cong_van(draft: Draft, cast: Cast, rng: Random) -> None:
    """Letters of other bodies: one receiver or many, an answer to another letter, a request."""
    act = begin(draft, cast, rng, ANY)
    unit = rng.choice(act.office.units)
    summary = f"{rng.choice(('V/v', 'V/v', 'Về việc'))} {act.about}"
    set_head(act, f"{act.office.symbol}-{unit}" if rng.random() < 0.85 else act.office.symbol, about=summary)
    draft.fields["summary"] = summary
    draft.y += 2
    if rng.random() < 0.5:
        to_whom(
            act,
            rng.choice(
                (
                    f"Sở Nội vụ tỉnh {cast.agency.province}",
                    f"{cast.holder.title.capitalize()} {cast.holder.name}",
                    "Các cơ quan, đơn vị trực thuộc",
                )
            ),
        )
    else:
        to_whom(act, "Các phòng, ban, đơn vị", "Trưởng các thôn, tổ dân phố", "Hiệu trưởng các trường học")
    if rng.random() < 0.5:
        asked = act.day - timedelta(days=rng.randint(4, 30))
        draft.paragraph(
            f"Trả lời Công văn số {rng.randint(20, 900)}/{rng.choice(('SNV-CCHC', 'UBND-NC', 'STP-HCTP'))} ngày {short(asked)}, "
            f"{act.office.name} có ý kiến như sau:"
        )
    else:
        draft.paragraph(f"{act.say(act.topic.law)}; {act.office.name} đề nghị các đơn vị thực hiện:")
    bullets(act, [*act.tasks, *act.duties(1)])
    draft.paragraph(f"{act.office.name} đề nghị quý cơ quan quan tâm phối hợp thực hiện./.")
    finish(act, "- Như trên;", "- Lãnh đạo cơ quan (b/c);")
