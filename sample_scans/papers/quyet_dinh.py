"""Quyết định: bases in italics, "QUYẾT ĐỊNH:", articles, signature with Nơi nhận; two pages as a rule."""

from __future__ import annotations

from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import signature_block, title
from sample_scans.layout.rich import Style
from sample_scans.papers.common import act_head, chairman
from sample_scans.people import Cast
from sample_scans.text import BASES, DUTIES, TOPICS, fill, filler, some


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    values, topic = filler(cast, rng), rng.choice(TOPICS)
    act_head(draft, cast, rng, symbol="QĐ-UBND", day=cast.today)
    about = fill(f"Về việc {topic.about}", values)
    title(draft, "QUYẾT ĐỊNH", about)
    draft.centred(f"**ỦY BAN NHÂN DÂN {cast.agency.place.upper()}**", after=2)
    italic = Style(14, italic=True)
    for base in (topic.law, *some(BASES, rng.randint(2, 3), rng)):
        draft.paragraph(fill(base, values) + ";", italic)
    draft.paragraph("Theo đề nghị của Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân.", italic)
    draft.centred("**QUYẾT ĐỊNH:**", before=2.5, after=2)
    goals = [fill(goal, values) for goal in topic.goals]
    draft.paragraph(f"**Điều 1.** Quyết định này quy định {topic.about.format_map(values)}. {goals[0]} {goals[1]}")
    draft.paragraph("**Điều 2.** Tổ chức thực hiện")
    tasks = [fill(task, values) for task in (*topic.tasks, *some(DUTIES, rng.randint(3, 5), rng))]
    for index, task in enumerate(tasks, 1):
        draft.paragraph(f"{index}. {task}")
    draft.paragraph(
        "**Điều 3.** Quyết định này có hiệu lực kể từ ngày ký và thay thế các quy định trước đây trái với Quyết định này."
    )
    draft.paragraph(
        f"**Điều 4.** Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân, Trưởng các phòng chuyên môn, "
        f"Trưởng các thôn, tổ dân phố thuộc {cast.agency.place} và các tổ chức, cá nhân có liên quan chịu trách nhiệm "
        "thi hành Quyết định này./."
    )
    receivers = (
        "- Như Điều 4;",
        f"- UBND tỉnh {cast.agency.province} (báo cáo);",
        "- Đảng ủy, HĐND;",
        "- CT, các PCT UBND;",
        f"- Lưu: VT, VP ({cast.clerk.split()[-1]}).",
    )
    who = chairman(cast, rng, receivers=receivers)
    signature_block(draft, who)
    draft.fields |= {"title": "QUYẾT ĐỊNH", "summary": about, "signer": who.name}
