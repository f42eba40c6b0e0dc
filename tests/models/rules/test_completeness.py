from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.catalog import default_catalog
from models.rules.completeness import Completeness, Given, Held, SlotState, Wanted, completeness

FORM = Wanted("to_khai", "Tờ khai đăng ký khai sinh", frozenset({"to_khai"}))
BIRTH = Wanted(
    "chung_sinh", "Giấy chứng sinh hoặc văn bản làm chứng", frozenset({"giay_chung_sinh", "van_ban_lam_chung"})
)
POWER = Wanted("uy_quyen", "Văn bản ủy quyền", frozenset({"giay_uy_quyen"}), required=False)
MARRIAGE = Wanted("ket_hon", "Giấy chứng nhận kết hôn", frozenset({"giay_chung_nhan_ket_hon"}))
ALL = (FORM, BIRTH, POWER, MARRIAGE)


def states(found: Completeness) -> dict[str, SlotState]:
    return {slot.wanted.id: slot.state for slot in found.slots}


def test_r04_a_full_dossier() -> None:
    given = [Given("1", "to_khai"), Given("2", "giay_chung_sinh"), Given("3", "giay_chung_nhan_ket_hon")]
    found = completeness(ALL, given, [])
    assert states(found) == {
        "to_khai": SlotState.PRESENT,
        "chung_sinh": SlotState.PRESENT,
        "uy_quyen": SlotState.NOT_NEEDED,
        "ket_hon": SlotState.PRESENT,
    }
    assert found.complete
    assert found.extra == ()


def test_r21_an_alternative_satisfies_the_slot() -> None:
    assert states(completeness([BIRTH], [Given("1", "van_ban_lam_chung")], []))["chung_sinh"] is SlotState.PRESENT


def test_r04_what_is_missing_is_listed_and_what_is_held_is_offered() -> None:
    held = [Held("r1", "giay_chung_nhan_ket_hon", reusable=True), Held("r2", "giay_chung_sinh", reusable=False)]
    found = completeness(ALL, [Given("1", "to_khai")], held)
    assert states(found)["ket_hon"] is SlotState.IN_WAREHOUSE
    assert states(found)["chung_sinh"] is SlotState.MISSING
    assert [wanted.id for wanted in found.missing] == ["chung_sinh"]
    assert next(slot for slot in found.slots if slot.wanted is MARRIAGE).offers == ("r1",)
    assert not found.complete


def test_r27_a_link_fills_its_slot_until_the_result_loses_effect() -> None:
    linked = Held("r1", "giay_chung_nhan_ket_hon", reusable=True, linked="ket_hon")
    assert states(completeness([MARRIAGE], [], [linked]))["ket_hon"] is SlotState.REUSED
    lost = Held("r1", "giay_chung_nhan_ket_hon", reusable=False, linked="ket_hon")
    found = completeness([MARRIAGE], [], [lost])
    assert states(found)["ket_hon"] is SlotState.DOUBTFUL
    assert not found.complete


def test_r20_a_paper_of_uncertain_type_fills_its_slot_as_doubtful() -> None:
    unsure = Given("1", "trich_luc_ho_tich", certain=False, likely=frozenset({"giay_chung_nhan_ket_hon"}))
    found = completeness([MARRIAGE], [unsure], [])
    assert states(found)["ket_hon"] is SlotState.DOUBTFUL
    assert not found.complete


def test_a_person_s_word_on_the_slot_stands() -> None:
    put = Given("1", "don", slot="chung_sinh")
    assert states(completeness([BIRTH], [put], []))["chung_sinh"] is SlotState.PRESENT


def test_the_slot_with_least_choice_is_served_first() -> None:
    wide = Wanted("identity", "Giấy tờ tùy thân", frozenset({"can_cuoc", "ho_chieu", "giay_uy_quyen"}))
    found = completeness([wide, MARRIAGE, POWER], [Given("1", "giay_chung_nhan_ket_hon"), Given("2", "can_cuoc")], [])
    assert states(found)["identity"] is SlotState.PRESENT
    both = completeness(
        [wide, Wanted("power", "Ủy quyền", frozenset({"giay_uy_quyen"}))], [Given("1", "giay_uy_quyen")], []
    )
    assert states(both) == {"identity": SlotState.MISSING, "power": SlotState.PRESENT}


def test_r01_an_excluded_paper_fills_nothing() -> None:
    found = completeness([MARRIAGE], [Given("1", "giay_chung_nhan_ket_hon", excluded=True)], [])
    assert states(found)["ket_hon"] is SlotState.MISSING


def test_papers_that_nobody_asked_for_are_told() -> None:
    assert completeness([FORM], [Given("1", "to_khai"), Given("2", "hop_dong")], []).extra == ("2",)


def test_an_offer_for_what_is_not_needed_does_not_hold_the_dossier_up() -> None:
    found = completeness([POWER], [], [Held("r", "giay_uy_quyen", reusable=True)])
    assert states(found)["uy_quyen"] is SlotState.IN_WAREHOUSE
    assert found.complete


def test_r04_the_form_of_another_procedure_is_doubtful() -> None:
    form = Wanted("to_khai", "Tờ khai đăng ký khai sinh", frozenset({"to_khai"}), titles=("KHAI SINH",))
    right = Given("1", "to_khai", title="Tờ khai đăng ký khai sinh")
    wrong = Given("1", "to_khai", title="TỜ KHAI ĐĂNG KÝ KẾT HÔN")
    unread = Given("1", "to_khai", title="")
    assert [states(completeness([form], [paper], []))["to_khai"] for paper in (right, wrong, unread)] == [
        SlotState.PRESENT,
        SlotState.DOUBTFUL,
        SlotState.PRESENT,
    ]


def test_r01_what_is_only_shown_is_not_missing() -> None:
    card = Wanted("giay_to_tuy_than", "Giấy tờ tùy thân", frozenset({"can_cuoc"}), shown_only=True)
    found = completeness([card], [], [])
    assert states(found)["giay_to_tuy_than"] is SlotState.TO_SHOW
    assert found.complete


def test_every_procedure_of_the_catalog_can_be_asked() -> None:
    for procedure in default_catalog().procedures:
        wanted = [Wanted.of(slot) for slot in procedure.components]
        given = [Given(slot.id, min(slot.accepts), slot=slot.id) for slot in wanted]
        assert completeness(wanted, given, []).complete, procedure.code


MORNING, NOON = datetime(2026, 5, 4, 8, tzinfo=UTC), datetime(2026, 5, 4, 12, tzinfo=UTC)
SCANNED = Given("1", "giay_chung_nhan_ket_hon", scanned_at=NOON, number="12/2023")
HELD = Held("r1", "giay_chung_nhan_ket_hon", reusable=True, stored_at=MORNING, number="9/2020")


def test_r04_what_the_warehouse_held_and_was_scanned_all_the_same_waits_for_a_reason() -> None:
    found = completeness([MARRIAGE], [SCANNED], [HELD])
    assert states(found)["ket_hon"] is SlotState.SCANNED_AGAIN
    assert [(again.paper, again.slot, again.results, again.is_open) for again in found.again] == [
        ("1", "ket_hon", ("r1",), True)
    ]
    assert not found.complete
    told = completeness([MARRIAGE], [replace(SCANNED, explained=True)], [HELD])
    assert states(told)["ket_hon"] is SlotState.PRESENT
    assert told.complete
    used = completeness([MARRIAGE], [SCANNED], [replace(HELD, linked="ket_hon")])
    assert states(used)["ket_hon"] is SlotState.REUSED
    assert used.complete
    assert [(again.linked, again.explained) for again in used.again] == [(True, False)]


@pytest.mark.parametrize(
    ("paper", "held"),
    [
        (SCANNED, replace(HELD, stored_at=NOON)),  # it came into the warehouse no sooner than the scan
        (SCANNED, replace(HELD, reusable=False)),
        (SCANNED, replace(HELD, paper_type="giay_chung_sinh")),
        (replace(SCANNED, scanned_at=None), HELD),  # it names somebody else
        (replace(SCANNED, excluded=True), HELD),
    ],
)
def test_r04_nothing_is_asked_where_nothing_could_have_been_used(paper: Given, held: Held) -> None:
    assert completeness([MARRIAGE], [paper], [held]).again == ()


def test_r04_a_paper_that_nothing_asks_for_is_the_same_by_its_number() -> None:
    """The result that this dossier led to is of a type that the warehouse may hold; it is no second scan of that."""
    assert completeness([FORM], [SCANNED], [HELD]).again == ()
    assert completeness([MARRIAGE], [replace(SCANNED, of_many=True)], [HELD]).again == ()
    [again] = completeness([], [SCANNED], [replace(HELD, number="12/2023")]).again
    assert (again.slot, again.is_open) == (None, True)
