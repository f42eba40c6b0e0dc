from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from models.catalog import CatalogError, Procedure, default_catalog
from models.catalog_lines import import_procedures
from models.database import reading, transaction
from models.entities import CatalogLine
from models.live_catalog import LiveCatalog

DAY = date(2026, 3, 2)


def procedure(**changes: object) -> Procedure:
    birth = default_catalog().procedure("1.001193", DAY)
    assert birth is not None
    return Procedure.model_validate(birth.model_dump() | {"name": "Tên của tỉnh"} | changes)


def test_an_imported_procedure_is_in_use_at_once_and_once(factory: sessionmaker[Session]) -> None:
    base, live = default_catalog(), LiveCatalog()
    with transaction(factory) as session:
        before = live.get(session).procedure("1.001193", DAY)
        assert before is not None
        assert before.name == "Đăng ký khai sinh"
    for expected in (("1.001193",), ()):
        with transaction(factory) as session:
            assert import_procedures(session, [procedure()], base, actor="command:a").created == expected
    with reading(factory) as session:
        found = live.get(session).procedure("1.001193", DAY)
        assert found == procedure()
        assert len(session.scalars(select(CatalogLine)).all()) == 1
    with transaction(factory) as session:
        done = import_procedures(session, [procedure(name="Tên mới")], base, actor="command:b")
        assert (done.created, done.changed) == ((), ("1.001193",))
    with reading(factory) as session:
        found = live.get(session).procedure("1.001193", DAY)
        assert found is not None
        assert found.name == "Tên mới"


def test_what_the_service_could_not_load_is_not_kept(factory: sessionmaker[Session]) -> None:
    base = default_catalog()
    with transaction(factory) as session:
        import_procedures(session, [procedure(code="9.000001")], base, actor="command:a")
    with pytest.raises(CatalogError, match="in force twice"), transaction(factory) as session:
        import_procedures(session, [procedure(code="9.000001", valid_from=DAY)], base, actor="command:a")
    with pytest.raises(CatalogError, match="no paper type is named la"), transaction(factory) as session:
        import_procedures(session, [procedure(code="9.000002", results=("la",))], base, actor="command:a")
    with reading(factory) as session:
        assert [line.code for line in session.scalars(select(CatalogLine))] == ["9.000001"]
