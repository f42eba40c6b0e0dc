"""The seeds' plans are set as their texts have them: nothing is added to what a text says."""

from __future__ import annotations

from benchmarks.understanding.seeds import FACTS, draw, plan_of, texts
from tests.paths import needs_seeds

PLAN = """
Số: /KH-UBND

TP.Đồng Mây, ngày tháng 8 năm 2022

KẾ HOẠCH
Nâng cao chất lượng tiếp nhận
hồ sơ trên địa bàn thành phố

Thực hiện Kế hoạch số 12/KH-UBND ngày 12/7/2022
của Ủy ban nhân dân tỉnh:

1. Giao chỉ tiêu.
Nơi nhận:
- UBND tỉnh;
- Lưu: VT.

**TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH**

Nguyễn Văn Mẫu"""


def test_a_plan_is_taken_apart_by_its_own_lines() -> None:
    plan = plan_of(PLAN)
    assert (plan.number, plan.place_line) == ("Số: /KH-UBND", "TP.Đồng Mây, ngày tháng 8 năm 2022")
    assert plan.summary == "Nâng cao chất lượng tiếp nhận hồ sơ trên địa bàn thành phố"
    assert plan.body == (
        "Thực hiện Kế hoạch số 12/KH-UBND ngày 12/7/2022 của Ủy ban nhân dân tỉnh:",
        "1. Giao chỉ tiêu.",
    )
    assert plan.receivers == ("- UBND tỉnh;", "- Lưu: VT.")
    assert (plan.authority, plan.signer) == (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Văn Mẫu")


def test_a_number_that_the_text_leaves_empty_is_not_drawn() -> None:
    (first, *_) = draw("004", PLAN, "clean", 60)
    lines = [" ".join(word.text for word in line.words) for line in first.truth.lines]
    assert "Số: /KH-UBND" in lines


@needs_seeds
def test_every_seed_has_its_facts_and_its_plan_says_them() -> None:
    found = texts()
    assert set(found) == set(FACTS)
    for name, facts in FACTS.items():
        if facts.kind is not None:
            plan = plan_of(found[name])
            assert plan.number == (f"Số: {facts.number}" if facts.number else "Số: /KH-UBND" if name == "004" else "")
            assert plan.summary.lower() == (facts.summary or "").lower()
