from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from models.agencies import agency_codes, create_agency, find_agency, import_agencies
from models.catalog.agency_sheet import AgencyRow
from models.database import reading, transaction
from models.entities import Agency
from models.errors import Conflict, NotFound

ROWS = (AgencyRow(2, "H56", "UBND tỉnh", None), AgencyRow(3, "H56.14", "UBND phường", "H56"))


def test_the_same_sheet_again_changes_nothing(factory: sessionmaker[Session]) -> None:
    with transaction(factory) as session:
        assert import_agencies(session, ROWS).created == ("H56", "H56.14")
    with transaction(factory) as session:
        again = import_agencies(session, ROWS)
    assert (again.created, again.changed, again.unchanged) == ((), (), ("H56", "H56.14"))
    with reading(factory) as session:
        assert agency_codes(session) == {"H56", "H56.14"}
        assert find_agency(session, "H56.14").parent_id == find_agency(session, "H56").id


def test_names_and_parents_are_mended_and_others_left_alone(factory: sessionmaker[Session]) -> None:
    with transaction(factory) as session:
        top = create_agency(session, code="H56", name="Tên cũ")
        create_agency(session, code="H56.9", name="Không có trong tệp", parent=top)
        create_agency(session, code="H56.14", name="UBND phường")
    with transaction(factory) as session:
        done = import_agencies(session, ROWS)
        assert done.changed == ("H56", "H56.14")
    with transaction(factory) as session:
        done = import_agencies(session, [AgencyRow(2, "H56.14", "UBND phường Ví Dụ", None)])
        assert done.changed == ("H56.14",)
    with reading(factory) as session:
        found = {agency.code: agency for agency in session.scalars(select(Agency))}
    assert found["H56"].name == "UBND tỉnh"
    assert found["H56.9"].name == "Không có trong tệp"
    assert found["H56.14"].parent_id == found["H56"].id  # a sheet that names no parent leaves it


def test_a_tree_that_bites_its_tail_is_refused(factory: sessionmaker[Session]) -> None:
    with transaction(factory) as session:
        import_agencies(session, ROWS)
    with pytest.raises(Conflict, match="above itself"), transaction(factory) as session:
        import_agencies(session, [AgencyRow(2, "H56", "UBND tỉnh", "H56.14")])
    with pytest.raises(NotFound), transaction(factory) as session:
        import_agencies(session, [AgencyRow(2, "H99", "x", "H98")])
    with reading(factory) as session:
        assert find_agency(session, "H56").parent_id is None
        assert agency_codes(session) == {"H56", "H56.14"}
