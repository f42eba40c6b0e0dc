"""Báo cáo: results with figures, a small ruled table inside the text, what comes next."""

from __future__ import annotations

from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import signature_block, table, title
from sample_scans.papers.common import act_head, chairman
from sample_scans.people import Cast
from sample_scans.text import DUTIES, TOPICS, fill, filler, some

FIELDS = ("Hộ tịch", "Chứng thực", "Đất đai", "Xây dựng", "Bảo trợ xã hội", "Cư trú")


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    values, topic = filler(cast, rng), rng.choice(TOPICS)
    act_head(draft, cast, rng, symbol="BC-UBND", day=cast.today)
    summary = f"Kết quả tiếp nhận, giải quyết thủ tục hành chính tháng {cast.today.month} năm {cast.today.year}"
    title(draft, "BÁO CÁO", summary)
    draft.paragraph("**I. KẾT QUẢ THỰC HIỆN**")
    rows = [["STT", "Lĩnh vực", "Tiếp nhận", "Đã giải quyết", "Đúng hạn", "Tỷ lệ (%)"]]
    received = 0
    for index, name in enumerate(some(FIELDS, rng.randint(4, 6), rng), 1):
        taken = rng.randint(12, 240)
        solved = taken - rng.randint(0, 9)
        on_time = solved - rng.randint(0, 3)
        received += taken
        share = on_time * 1000 // solved
        rows.append([str(index), name, str(taken), str(solved), str(on_time), f"{share // 10},{share % 10}"])
    draft.paragraph(f"Trong tháng, Bộ phận Tiếp nhận và Trả kết quả tiếp nhận {received} hồ sơ, cụ thể:")
    table(draft, [10, 46, 24, 30, 24, 24], rows, size=13)
    draft.y += 3
    for goal in topic.goals:
        draft.paragraph(f"- {fill(goal, values)}")
    draft.paragraph("**II. PHƯƠNG HƯỚNG THÁNG TỚI**")
    for index, duty in enumerate(some(DUTIES, 3, rng), 1):
        draft.paragraph(f"{index}. {duty}")
    draft.paragraph(f"Trên đây là báo cáo của {cast.agency.body}./.")
    receivers = (f"- UBND tỉnh {cast.agency.province};", "- TT Đảng ủy, HĐND;", "- Lưu: VT, TTPVHCC.")
    who = chairman(cast, rng, receivers=receivers)
    signature_block(draft, who)
    draft.fields |= {"title": "BÁO CÁO", "summary": summary, "signer": who.name}
