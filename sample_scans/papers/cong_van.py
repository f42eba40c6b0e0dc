"""Công văn: no type line; ``V/v`` under the number, ``Kính gửi`` above the body; the symbol names the drafting unit."""

from __future__ import annotations

from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import signature_block
from sample_scans.papers.common import act_head, chairman
from sample_scans.people import Cast
from sample_scans.text import CLOSINGS, DUTIES, TOPICS, fill, filler, some


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    values, topic = filler(cast, rng), rng.choice(TOPICS)
    summary = fill(f"V/v {topic.about}", values)
    unit = rng.choice(("VP", "KT", "VHXH", "TTPVHCC"))
    act_head(draft, cast, rng, symbol=f"UBND-{unit}", day=cast.today, about=summary)
    draft.y += 2
    x0 = draft.left + 22
    y = draft.block("Kính gửi:", x0, draft.right, draft.y)
    for line in ("- Các phòng chuyên môn, trung tâm trực thuộc;", "- Trưởng các thôn, tổ dân phố trên địa bàn."):
        y = draft.block(line, x0 + 22, draft.right, y)
    draft.y = y + 3
    draft.paragraph(
        f"Thực hiện chỉ đạo của Ủy ban nhân dân tỉnh {cast.agency.province} và căn cứ tình hình thực tế tại địa phương, "
        f"{cast.agency.body} đề nghị các đơn vị thực hiện một số nội dung sau:"
    )
    for index, task in enumerate((*topic.tasks, *some(DUTIES, 2, rng)), 1):
        draft.paragraph(f"{index}. {fill(task, values)}")
    draft.paragraph(fill(rng.choice(CLOSINGS), values))
    draft.paragraph(f"Nhận được Công văn này, đề nghị các đơn vị báo cáo kết quả trước ngày **{values['day']}**./.")
    receivers = ("- Như trên;", "- CT, các PCT UBND;", f"- Lưu: VT, {unit} ({cast.clerk.split()[-1]}).")
    who = chairman(cast, rng, receivers=receivers, collective=False)
    signature_block(draft, who)
    draft.fields |= {"summary": summary, "signer": who.name}
