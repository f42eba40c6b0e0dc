"""Acts in articles: nghị quyết, quyết định, and the quy chế and quy định that are issued with one."""

from __future__ import annotations

from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import bare_head, long_date
from sample_scans.layout.rich import Style
from sample_scans.papers.acts.act import Act, begin, finish, set_head, set_title
from sample_scans.papers.acts.offices import COMMITTEES, OfficeOf, council, department, school, section
from sample_scans.papers.common import serial
from sample_scans.people import Cast
from sample_scans.text import BASES, some

_LAWS = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
    "Căn cứ Luật Ban hành văn bản quy phạm pháp luật ngày 19 tháng 02 năm 2025",
)
ITALIC = Style(14, italic=True)


def _grounds(act: Act, *more: str) -> None:
    for ground in (act.say(act.topic.law), *some(_LAWS, 1, act.rng), *(act.say(b) for b in some(BASES, 1, act.rng))):
        act.draft.paragraph(f"{ground};", ITALIC)
    for line in more:
        act.draft.paragraph(line, ITALIC)


def nghi_quyet(draft: Draft, cast: Cast, rng: Random) -> None:
    act = begin(draft, cast, rng, (council,))
    office = act.office
    set_head(act, "NQ-HĐND")
    set_title(act, "NGHỊ QUYẾT", act.about, prefixes=("Về việc", "Về việc", "V/v", "Về"))
    draft.centred(f"**HỘI ĐỒNG NHÂN DÂN {office.lines[-1]}**", after=0.5)
    session = f"KỲ HỌP THỨ {rng.choice(('HAI', 'BA', 'TƯ', 'NĂM', 'SÁU (CHUYÊN ĐỀ)'))}"
    if rng.random() < 0.7:
        draft.centred(f"**KHÓA {rng.choice(('I', 'II', 'XX'))}, {session}**", after=2)
    _grounds(
        act,
        f"Xét Tờ trình của Ủy ban nhân dân {office.area}; báo cáo thẩm tra của Ban Kinh tế - Ngân sách; ý kiến thảo luận "
        "của đại biểu Hội đồng nhân dân tại kỳ họp.",
    )
    draft.centred("**QUYẾT NGHỊ:**", before=2, after=2)
    draft.paragraph(f"**Điều 1.** Thông qua chủ trương {act.about}, với các nội dung chủ yếu sau:")
    for index, line in enumerate((*act.goals, *act.tasks), 1):
        draft.paragraph(f"{index}. {line}")
    draft.paragraph(f"**Điều 2.** Giao Ủy ban nhân dân {office.area} tổ chức thực hiện Nghị quyết này.")
    draft.paragraph(
        "**Điều 3.** Thường trực Hội đồng nhân dân, các Ban và đại biểu Hội đồng nhân dân giám sát việc thực hiện."
    )
    draft.paragraph(
        f"Nghị quyết này đã được Hội đồng nhân dân {office.area} {session.capitalize()} thông qua "
        f"{long_date(act.day)} và có hiệu lực từ ngày ký./."
    )
    finish(act, "- UBND, UBMTTQVN cùng cấp;", "- Các Ban của HĐND;", "- Đại biểu HĐND;")


def quyet_dinh(draft: Draft, cast: Cast, rng: Random) -> None:
    """Of other bodies than ``papers.quyet_dinh``, and about single persons too."""
    offices: tuple[OfficeOf, ...] = (*COMMITTEES, department, section, school)
    act = begin(draft, cast, rng, offices)
    office = act.office
    set_head(act, f"QĐ-{office.symbol}")
    personal = rng.random() < 0.5
    who = f"{cast.other.title} {cast.other.name}"
    about = f"{rng.choice(('cử', 'điều động', 'nâng bậc lương thường xuyên đối với'))} {who}" if personal else act.about
    set_title(act, "QUYẾT ĐỊNH", about, prefixes=("Về việc", "V/v", "Về việc"))
    chief = f"{office.posts[0][-1]} " if rng.random() < 0.6 else ""
    draft.centred(f"**{chief}{office.name.upper()}**", after=2)
    _grounds(
        act, f"Xét đề nghị của {rng.choice(('Trưởng phòng Nội vụ', 'Chánh Văn phòng', 'bộ phận tổ chức cán bộ'))}."
    )
    draft.centred("**QUYẾT ĐỊNH:**", before=2, after=2)
    if personal:
        draft.paragraph(
            f"**Điều 1.** {about[0].upper() + about[1:]}, sinh năm {cast.other.born.year}, kể từ ngày {act.values['day']}."
        )
        draft.paragraph(f"**Điều 2.** {who[0].upper() + who[1:]} được hưởng lương, phụ cấp theo quy định hiện hành.")
    else:
        draft.paragraph(f"**Điều 1.** {about[0].upper() + about[1:]}, gồm các nội dung sau:")
        for index, line in enumerate((*act.goals, *act.tasks), 1):
            draft.paragraph(f"{index}. {line}")
        draft.paragraph(f"**Điều 2.** {act.duties(1)[0]}")
    draft.paragraph(
        f"**Điều 3.** {rng.choice(('Chánh Văn phòng', 'Các bộ phận liên quan'))} và các cá nhân có tên tại Điều 1 chịu trách "
        "nhiệm thi hành Quyết định này. Quyết định có hiệu lực kể từ ngày ký./."
    )
    finish(act, "- Như Điều 3;", "- Cơ quan cấp trên (b/c);")


def quy_che(draft: Draft, cast: Cast, rng: Random) -> None:
    _issued_with(draft, cast, rng, "QUY CHẾ", "QC", ("Phối hợp trong việc", "Làm việc của bộ phận", "Quản lý việc"))


def quy_dinh(draft: Draft, cast: Cast, rng: Random) -> None:
    _issued_with(draft, cast, rng, "QUY ĐỊNH", "QyĐ", ("Trách nhiệm trong việc", "Trình tự", "Một số nội dung về"))


def _issued_with(draft: Draft, cast: Cast, rng: Random, words: str, symbol: str, leads: tuple[str, ...]) -> None:
    """A text in chapters and articles behind a decision: the head names the issuing body, the number is the decision's."""
    act = begin(draft, cast, rng, (*COMMITTEES, department, section))
    office = act.office
    own = rng.random() < 0.4
    if own:
        set_head(act, f"{symbol}-{office.symbol}")
    else:
        number = f"{serial(rng, 900)}/QĐ-{office.symbol}"
        bare_head(draft, office.above, "\n".join(office.lines))
        draft.fields |= {"number": number, "issued_on": act.day}
    set_title(act, words, f"{rng.choice(leads)} {act.about}")
    if not own:
        draft.y -= 2
        draft.centred(
            f"*(Ban hành kèm theo Quyết định số {{number|{draft.fields['number']}}} {{issued_on|{long_date(act.day)}}} "
            f"của {{issuer|{office.name}}})*",
            Style(13),
            after=4,
        )
    name = words.capitalize()
    draft.centred("**Chương I**")
    draft.centred("**QUY ĐỊNH CHUNG**", after=1)
    draft.paragraph("**Điều 1. Phạm vi điều chỉnh và đối tượng áp dụng**")
    draft.paragraph(f"1. {name} này quy định việc {act.about}.")
    draft.paragraph(
        f"2. {name} áp dụng đối với các cơ quan, đơn vị, tổ chức và cá nhân có liên quan thuộc {office.area}."
    )
    draft.paragraph("**Điều 2. Nguyên tắc**")
    for index, goal in enumerate(act.goals):
        draft.paragraph(f"{index + 1}. {goal}")
    draft.centred("**Chương II**", before=2)
    draft.centred("**NỘI DUNG CỤ THỂ**", after=1)
    for index, (task, duty) in enumerate(zip(act.tasks, act.duties(3), strict=False), 3):
        draft.paragraph(f"**Điều {index}. {rng.choice(('Trách nhiệm', 'Nội dung', 'Trình tự'))} thực hiện**")
        draft.paragraph(f"1. {task}")
        draft.paragraph(f"2. {duty}")
    draft.centred("**Chương III**", before=2)
    draft.centred("**TỔ CHỨC THỰC HIỆN**", after=1)
    draft.paragraph("**Điều 6. Điều khoản thi hành**")
    draft.paragraph(
        f"{name} này có hiệu lực kể từ ngày ký; nội dung chưa nêu thì thực hiện theo pháp luật hiện hành./."
    )
    finish(act)
