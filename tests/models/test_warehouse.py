from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from models import corrections, lifecycle, warehouse
from models.catalog import Catalog, default_catalog
from models.database import reading, transaction
from models.dossier_papers import explain_scan
from models.dossiers import HolderData, create_dossier
from models.entities import Agency, Component, ComponentState, Dossier, Event, ReuseLink, ReuseState
from models.errors import Conflict, NotFound, NotReusable, StepBlocked
from models.paper_facts import ABSENT
from tests.models.papers import MARRIAGE, SINGLE, papers

ACTOR = "account:can.bo"
Factory = sessionmaker[Session]


def marriage(factory: Factory, dossier: Dossier, **values: Any) -> str:
    shown: dict[str, Any] = {"paper_type": "giay_chung_nhan_ket_hon", "fields": MARRIAGE, "pdf_key": "k"} | values
    return papers(factory, dossier, **shown)[0]


def single(factory: Factory, dossier: Dossier, **fields: Any) -> str:
    shown: dict[str, Any] = {
        "paper_type": "giay_xac_nhan_tinh_trang_hon_nhan",
        "fields": SINGLE | fields,
        "pdf_key": "k",
    }
    return papers(factory, dossier, **shown)[0]


def take(
    factory: Factory, component_id: str, to: ComponentState = ComponentState.STORED, *, by_person: bool = True
) -> list[ComponentState]:
    with transaction(factory) as session:
        component = session.get_one(Component, component_id)
        return lifecycle.advance(session, component, to, default_catalog(), actor=ACTOR, by_person=by_person)


def blocked(factory: Factory, component_id: str, **how: Any) -> set[str | None]:
    with pytest.raises(StepBlocked) as error:
        take(factory, component_id, **how)
    return {reason["code"] for reason in error.value.reasons}


def another(factory: Factory, agency: Agency, number: str = "079200000123") -> Dossier:
    with transaction(factory) as session:
        holder = HolderData(id_number=number)
        return create_dossier(session, agency=agency, title="Đăng ký kết hôn", holder=holder)


def reuse(factory: Factory, result_id: str, dossier: Dossier, **how: Any) -> tuple[ReuseLink, bool]:
    with transaction(factory) as session:
        result = warehouse.find_result(session, result_id, [dossier.agency_id])
        return warehouse.reuse(session, result, dossier, default_catalog(), actor=ACTOR, **how)


def kinds(factory: Factory, **about: str) -> list[str]:
    with reading(factory) as session:
        statement = select(Event.kind).order_by(Event.id)
        for name, value in about.items():
            statement = statement.where(getattr(Event, name) == value)
        return list(session.scalars(statement))


def test_r04_a_scan_of_what_the_warehouse_held_gets_no_code_without_a_reason(
    factory: Factory, agency: Agency, dossier: Dossier
) -> None:
    held = marriage(factory, dossier)
    take(factory, held)
    asking = another(factory, agency)
    same = marriage(factory, asking)  # no procedure asks for it: the same number makes it the same paper
    newer = marriage(factory, asking, fields=MARRIAGE | {"number": {"value": "77/2025"}})
    other = marriage(factory, asking, fields=MARRIAGE | {"holder_id": {"value": "079200000999"}})
    assert blocked(factory, same) == {"IN_WAREHOUSE"}
    assert take(factory, newer)[-1] is take(factory, other)[-1] is ComponentState.STORED
    with transaction(factory) as session:
        component = session.get_one(Component, same)
        again, said = explain_scan(session, component, asking, default_catalog(), reason="bản cũ rách", actor=ACTOR)
        assert (again.results, said.actor, said.data["reason"]) == ((held,), ACTOR, "bản cũ rách")
    assert take(factory, same)[-1] is ComponentState.STORED
    assert kinds(factory, component_id=same)[0] == "scanned_again"


def test_r04_a_result_used_instead_keeps_the_scan_from_a_code(
    factory: Factory, agency: Agency, dossier: Dossier
) -> None:
    held = marriage(factory, dossier)
    take(factory, held)
    asking = another(factory, agency)
    same = marriage(factory, asking)
    reuse(factory, held, asking)
    assert blocked(factory, same) == {"REUSED_INSTEAD"}
    with transaction(factory) as session:
        lost = warehouse.find_result(session, held, [agency.id])
        warehouse.cancel(session, lost, reason="cấp sai", actor=ACTOR)
    assert take(factory, same)[-1] is ComponentState.STORED  # nothing valid is left that could be used


def test_r09_all_seven_states_one_event_each(factory: Factory, dossier: Dossier) -> None:
    one = marriage(factory, dossier)
    assert take(factory, one) == list(ComponentState)[1:]
    with reading(factory) as session:
        events = list(session.scalars(select(Event).where(Event.component_id == one).order_by(Event.id)))
        component = session.get_one(Component, one)
        assert [event.data["state"] for event in events] == [state.value for state in list(ComponentState)[1:]]
        assert events[1].data["signature"] == "not_required"  # visibly
        assert events[4].data["code"] == component.code == "079200000123.KQ.G15.000032.12/2023.01"
        result = warehouse.find_result(session, one, [dossier.agency_id])
        assert (result.issued_on, result.valid_until, result.expiry_rule) == (date(2023, 5, 2), None, "none")
        assert result.holder is not None
        assert result.holder.id_number == "079200000123"
    assert take(factory, one) == []  # again: nothing happens


def test_r09_no_step_is_skipped_or_taken_back(factory: Factory, dossier: Dossier) -> None:
    one = marriage(factory, dossier)
    assert take(factory, one, ComponentState.SIGNED) == [ComponentState.CHECKED, ComponentState.SIGNED]
    assert take(factory, one, ComponentState.CHECKED) == []
    with transaction(factory) as session, pytest.raises(Conflict):
        lifecycle.move_component(session, session.get_one(Component, one), ComponentState.CODED)


def signing(catalog: Catalog) -> Catalog:
    rules = tuple(line.model_copy(update={"signature": "required"}) for line in catalog.rule_sets)
    return replace(catalog, rule_sets=rules)


def test_r09_coded_is_refused_without_a_valid_signature_where_one_is_required(
    factory: Factory, dossier: Dossier
) -> None:
    one, catalog = marriage(factory, dossier), signing(default_catalog())
    with pytest.raises(StepBlocked, match="signature"), transaction(factory) as session:
        lifecycle.advance(
            session, session.get_one(Component, one), ComponentState.CODED, catalog, actor=ACTOR, by_person=True
        )
    with transaction(factory) as session:
        component = session.get_one(Component, one)
        assert component.state == "captured"
        component.signature = "valid"
        lifecycle.advance(session, component, ComponentState.CODED, catalog, actor=ACTOR, by_person=True)
        assert component.code is not None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"scope": {"exclusion": "x2"}}, "EXCLUDED"),
        ({"attributes": ["sao_y"]}, "NOT_COMPARED"),
        ({"paper_type": None}, "SCOPE_UNKNOWN"),
        ({"paper_type": None, "scope": {"class": "c"}}, "TYPE_UNKNOWN"),
        ({"fields": MARRIAGE | {"number": None}}, "FIELD_MISSING"),
        ({"fields": MARRIAGE | {"number": MARRIAGE["number"] | {"doubt": "LOW_CONFIDENCE"}}}, "FIELD_DOUBTFUL"),
        ({"pdf_key": None}, "PDF_MISSING"),
    ],
)
def test_each_hindrance_is_told_and_nothing_moves(
    factory: Factory, dossier: Dossier, values: dict[str, Any], reason: str
) -> None:
    one = marriage(factory, dossier, **values)
    assert reason in blocked(factory, one)
    with reading(factory) as session:
        assert session.get_one(Component, one).state == "captured"  # all or nothing
        assert session.get_one(Component, one).code is None
    assert kinds(factory, component_id=one) == []


def test_r12_what_a_person_says_is_absent_is_not_missing(factory: Factory, dossier: Dossier) -> None:
    absent = {"value": None, "source": "manual", "reason": ABSENT}
    one = marriage(factory, dossier, fields=MARRIAGE | {"number": absent})
    take(factory, one)
    with reading(factory) as session:
        assert session.get_one(Component, one).code == "079200000123.KQ.G15.000032..01"


def test_r03_the_original_was_compared(factory: Factory, dossier: Dossier) -> None:
    one = marriage(factory, dossier, attributes=["sao_y"], scope={"compared_by": ACTOR})
    assert take(factory, one)[-1] is ComponentState.STORED


def test_a_machine_goes_as_far_as_extracted(factory: Factory, dossier: Dossier) -> None:
    one = marriage(factory, dossier)
    assert "PERSON_NEEDED" in blocked(factory, one, by_person=False)
    assert take(factory, one, ComponentState.EXTRACTED, by_person=False)[-1] is ComponentState.EXTRACTED


def test_r05_without_the_owner_s_number_its_place_is_empty_and_substitutes_are_needed(
    factory: Factory, agency: Agency
) -> None:
    with transaction(factory) as session:
        nameless = create_dossier(session, agency=agency)
    one = marriage(factory, nameless, fields={**MARRIAGE, "holder_name": {"value": "Nguyễn Thị Mẫu"}})
    assert "IDENTITY_MISSING" in blocked(factory, one)
    two = single(factory, nameless)  # name and birth date stand on the paper
    take(factory, two)
    with reading(factory) as session:
        assert (session.get_one(Component, two).code or "").startswith(".")


def test_r27_reuse_is_a_link_made_once(factory: Factory, dossier: Dossier, agency: Agency) -> None:
    one, later = marriage(factory, dossier), another(factory, agency)
    take(factory, one)
    link, new = reuse(factory, one, later, slot="ket_hon")
    again, second = reuse(factory, one, later, slot="ket_hon")
    assert (new, second, link.id) == (True, False, again.id)
    assert (link.version, link.state, link.actor) == (1, ReuseState.REUSED_FROM_RESULT, ACTOR)
    assert kinds(factory, dossier_id=later.id) == ["reused"]
    assert kinds(factory, component_id=one)[-1] == "reused"
    with reading(factory) as session:
        assert [link.result.id for link in warehouse.links_of(session, later.id)] == [one]
    with pytest.raises(Conflict, match="already part"):
        reuse(factory, one, dossier)


def test_a_reuse_by_mistake_is_undone_once_and_told_on_both_sides(
    factory: Factory, dossier: Dossier, agency: Agency
) -> None:
    one, later = marriage(factory, dossier), another(factory, agency)
    take(factory, one)
    link, _ = reuse(factory, one, later, slot="ket_hon")

    def undo() -> bool:
        with transaction(factory) as session:
            result = warehouse.find_result(session, one, [dossier.agency_id])
            return warehouse.undo_reuse(session, result, session.get_one(Dossier, later.id), actor=ACTOR)

    assert [undo(), undo()] == [True, False]
    assert kinds(factory, dossier_id=later.id) == ["reused", "reuse_undone"]
    assert kinds(factory, component_id=one)[-2:] == ["reused", "reuse_undone"]
    with reading(factory) as session:
        assert warehouse.links_of(session, later.id) == []
        assert warehouse.used_by(session, one) == []
    made, new = reuse(factory, one, later, slot="ket_hon")
    assert (new, made.id == link.id) == (True, False)


def test_r26_what_is_not_reusable_is_not_linked(factory: Factory, dossier: Dossier, agency: Agency) -> None:
    one, later = single(factory, dossier), another(factory, agency)
    take(factory, one)
    with pytest.raises(NotReusable) as error:
        reuse(factory, one, later, purpose="mua bán nhà đất")
    assert {reason["code"] for reason in error.value.reasons} == {"EXPIRED", "PURPOSE_DIFFERS"}
    assert kinds(factory, dossier_id=later.id) == []


def test_r26_marital_status_in_the_warehouse(factory: Factory, dossier: Dossier) -> None:
    one = single(factory, dossier)
    take(factory, one)
    with transaction(factory) as session:
        result = warehouse.find_result(session, one, [dossier.agency_id])
        assert result.valid_until == date(2024, 7, 15)

        def codes(on: date) -> list[str]:
            found = warehouse.reasons_against(result.component, result, default_catalog(), on=on)
            return [reason.code for reason in found]

        assert codes(date(2024, 7, 15)) == []
        assert codes(date(2024, 7, 16)) == ["EXPIRED"]
        warehouse.end_status(session, result, ended_on=date(2024, 3, 2), reason="đã kết hôn", actor=ACTOR)
        assert codes(date(2024, 3, 1)) == []
        assert codes(date(2024, 3, 2)) == ["STATUS_CHANGED"]
        with pytest.raises(Conflict):
            warehouse.end_status(session, result, ended_on=date(2023, 1, 1), reason="nhầm", actor=ACTOR)


def test_r28_a_cancelled_result_stays_readable_and_names_the_dossiers(
    factory: Factory, dossier: Dossier, agency: Agency
) -> None:
    one, two, later = marriage(factory, dossier), marriage(factory, dossier), another(factory, agency)
    for component_id in (one, two):
        take(factory, component_id)
    reuse(factory, one, later)
    with transaction(factory) as session:
        old, newer = (warehouse.find_result(session, some, [agency.id]) for some in (one, two))
        links = warehouse.cancel(session, old, reason="cấp sai", actor=ACTOR, replaced_by=newer)
        assert [link.dossier.code for link in links] == [later.code]
    with transaction(factory) as session:
        old = warehouse.find_result(session, one, [agency.id])
        reasons = warehouse.reasons_against(old.component, old, default_catalog())
        assert [reason.code for reason in reasons] == ["CANCELLED", "REPLACED"]
        assert (old.cancel_reason, old.replaced_by_id, old.component.pdf_key) == ("cấp sai", two, "k")
        with pytest.raises(Conflict, match="before"):
            warehouse.cancel(session, old, reason="lần nữa", actor=ACTOR)
        newer = warehouse.find_result(session, two, [agency.id])
        with pytest.raises(Conflict, match="itself"):
            warehouse.cancel(session, newer, reason="vòng", actor=ACTOR, replaced_by=newer)
    assert kinds(factory, dossier_id=later.id) == ["reused", "result_cancelled"]


def test_r29_a_correction_keeps_the_version_before_it(factory: Factory, dossier: Dossier) -> None:
    one = marriage(factory, dossier)
    take(factory, one)
    with transaction(factory) as session:
        component = session.get_one(Component, one)
        before = corrections.content(component)
        component.fields = {**component.fields, "number": {"value": "13/2023", "source": "manual"}}
        corrections.new_version(session, component, before, actor=ACTOR, reason="đọc nhầm")
        result = warehouse.keep(session, component, dossier, default_catalog())
        assert (result.number_key, result.dossier_id) == ("13/2023", component.dossier_id)
    with reading(factory) as session:
        component = session.get_one(Component, one)
        [old] = corrections.versions(session, one)
        assert (component.version, component.code) == (
            2,
            "079200000123.KQ.G15.000032.12/2023.01",
        )  # a code never changes
        assert (old.version, old.content["fields"]["number"]["value"], old.reason) == (1, "12/2023", "đọc nhầm")


def test_r25_the_warehouse_of_a_person(factory: Factory, dossier: Dossier, agency: Agency) -> None:
    one, two = marriage(factory, dossier), single(factory, dossier)
    for component_id in (one, two):
        take(factory, component_id)

    def held(ids: Iterable[str], *types: str) -> list[str]:
        with reading(factory) as session:
            return [result.id for result in warehouse.results_of(session, "079200000123", list(ids), types)]

    assert held([agency.id]) == [two, one]  # newest issue first
    assert held([agency.id], "giay_chung_nhan_ket_hon") == [one]
    assert held(["elsewhere"]) == []
    with transaction(factory) as session:
        result = warehouse.find_result(session, one, [agency.id])
        assert result.returned_at is None  # hidden from its holder until it is handed over
        assert warehouse.hand_over(session, result, actor=ACTOR)
        assert not warehouse.hand_over(session, result, actor=ACTOR)
        with pytest.raises(NotFound):
            warehouse.find_result(session, one, ["elsewhere"])


def test_r25_a_paper_goes_to_the_person_it_names(factory: Factory, dossier: Dossier, agency: Agency) -> None:
    one = single(factory, dossier, holder_id={"value": "001190000777", "source": "ocr"})
    take(factory, one)
    with reading(factory) as session:
        assert [result.id for result in warehouse.results_of(session, "001190000777", [agency.id])] == [one]
        assert warehouse.results_of(session, "079200000123", [agency.id]) == []
