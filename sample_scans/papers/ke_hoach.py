"""Kế hoạch: sections in Roman numerals with numbered items."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import signature_block, title
from sample_scans.papers.common import act_head, chairman, short
from sample_scans.people import Cast
from sample_scans.text import CLOSINGS, DUTIES, TOPICS, fill, filler, some

STEPS = ("Chuẩn bị", "Triển khai", "Kiểm tra, nghiệm thu")


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    values, topic = filler(cast, rng), rng.choice(TOPICS)
    act_head(draft, cast, rng, symbol="KH-UBND", day=cast.today)
    summary = fill(topic.plan, values)
    title(draft, "KẾ HOẠCH", summary)
    draft.paragraph(f"{fill(topic.law, values)}; {cast.agency.body} ban hành Kế hoạch với các nội dung sau:")
    draft.paragraph("**I. MỤC ĐÍCH, YÊU CẦU**")
    for index, goal in enumerate(topic.goals, 1):
        draft.paragraph(f"{index}. {fill(goal, values)}")
    draft.paragraph("**II. NỘI DUNG THỰC HIỆN**")
    for index, (step, task) in enumerate(zip(STEPS, topic.tasks, strict=False), 1):
        draft.paragraph(f"**{index}. {step}**")
        draft.paragraph(f"a) {fill(task, values)}")
        until = cast.today + timedelta(days=rng.randint(15, 35) * index)
        draft.paragraph(f"b) Thời gian thực hiện: *xong trước ngày {short(until)}*.")
    draft.paragraph("**III. TỔ CHỨC THỰC HIỆN**")
    for duty in some(DUTIES, 4, rng):
        draft.paragraph(f"- {duty}")
    draft.paragraph(fill(rng.choice(CLOSINGS), values)[:-1] + "./.")
    receivers = (
        f"- UBND tỉnh {cast.agency.province} (b/c);",
        "- TT Đảng ủy, HĐND;",
        "- Các phòng, trung tâm;",
        "- Các thôn, tổ dân phố;",
        f"- Lưu: VT, KSTT ({cast.clerk.split()[-1]}).",
    )
    who = chairman(cast, rng, receivers=receivers)
    signature_block(draft, who)
    draft.fields |= {"title": "KẾ HOẠCH", "summary": summary, "signer": who.name}
