"""Thông báo: what was decided or will happen, in numbered points."""

from __future__ import annotations

from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import signature_block, title
from sample_scans.papers.common import act_head, chairman
from sample_scans.people import Cast
from sample_scans.text import CLOSINGS, TOPICS, fill, filler


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    values, topic = filler(cast, rng), rng.choice(TOPICS)
    act_head(draft, cast, rng, symbol="TB-UBND", day=cast.today)
    summary = fill(f"Về việc {topic.about}", values)
    title(draft, "THÔNG BÁO", summary)
    draft.paragraph(f"{fill(topic.law, values)}; {cast.agency.body} thông báo để các cơ quan, đơn vị và nhân dân biết:")
    for index, line in enumerate((*topic.goals, *topic.tasks), 1):
        draft.paragraph(f"{index}. {fill(line, values)}")
    draft.paragraph(fill(rng.choice(CLOSINGS), values)[:-1] + "./.")
    receivers = ("- Các phòng, trung tâm;", "- Các thôn, tổ dân phố;", "- Trang thông tin điện tử;", "- Lưu: VT.")
    who = chairman(cast, rng, receivers=receivers)
    signature_block(draft, who)
    draft.fields |= {"title": "THÔNG BÁO", "summary": summary, "signer": who.name}
