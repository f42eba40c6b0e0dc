"""What a dossier's row tells of its stored papers, for reports."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy.orm import Session, sessionmaker

from models import warehouse
from models.catalog import default_catalog
from models.database import transaction
from models.entities import Component, Dossier
from models.stored_types import parsed, stored_types
from tests.models.papers import papers

DAY = date(2023, 9, 5)


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ([], ""),
        ([("giay_khai_sinh", "", DAY)], "giay_khai_sinh"),
        ([("giay_khai_sinh", "", None)], "giay_khai_sinh"),
        ([("giay_khai_sinh", "", date(2023, 9, 4))], "-"),
        ([("giay_khai_sinh", "giay_to", DAY)], "-"),
        ([("", "", DAY)], "-"),
        (
            [("to_khai", "", DAY), ("giay_khai_sinh", "", DAY), ("to_khai", "", DAY), ("x", "s", DAY)],
            "-,giay_khai_sinh,to_khai",
        ),
    ],
)
def test_a_paper_that_may_be_the_result_is_told_by_its_type(
    stored: list[tuple[str, str, date | None]], told: str
) -> None:
    assert stored_types(stored, DAY) == told
    assert ",".join(sorted(parsed(told))) == told


def test_papers_that_are_stored_at_once_are_all_told(factory: sessionmaker[Session], dossier: Dossier) -> None:
    kinds = ("giay_khai_sinh", "to_khai", "giay_chung_nhan_ket_hon", "quyet_dinh")
    ids = [papers(factory, dossier, paper_type=kind)[0] for kind in kinds]
    together = Barrier(len(ids))

    def store(component_id: str) -> None:
        together.wait(20)
        with transaction(factory) as session:
            component = session.get_one(Component, component_id)
            warehouse.keep(session, component, session.get_one(Dossier, component.dossier_id), default_catalog())

    with ThreadPoolExecutor(len(ids)) as pool:
        list(pool.map(store, ids))
    with factory() as session:
        assert session.get_one(Dossier, dossier.id).stored_types == ",".join(sorted(kinds))


def test_a_type_that_is_corrected_is_told_anew(factory: sessionmaker[Session], dossier: Dossier) -> None:
    [paper_id] = papers(factory, dossier, paper_type="to_khai")
    with transaction(factory) as session:
        paper, own = session.get_one(Component, paper_id), session.get_one(Dossier, dossier.id)
        warehouse.keep(session, paper, own, default_catalog())
        assert own.stored_types == "to_khai"
        paper.paper_type = "giay_khai_sinh"
        warehouse.keep(session, paper, own, default_catalog())
        assert own.stored_types == "giay_khai_sinh"
        paper.slot = "giay_to"
        warehouse.keep(session, paper, own, default_catalog())
        assert own.stored_types == "-"
