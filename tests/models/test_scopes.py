from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session, sessionmaker

from models import scans, scopes
from models.agencies import create_agency
from models.database import reading, transaction
from models.dossiers import HolderData, create_dossier
from models.entities import Agency, Component, Counter, Dossier, Page, PageState, Role, Scan
from models.errors import NotFound
from tests.models.test_intake import accept


@pytest.fixture
def tree(factory: sessionmaker[Session]) -> dict[str, str]:
    """province > commune > ward; and a neighbour of the commune. Ids by code."""
    with transaction(factory) as session:
        province = create_agency(session, code="H56", name="tỉnh")
        commune = create_agency(session, code="H56.14", name="xã", parent=province)
        ward = create_agency(session, code="H56.14.1", name="bộ phận", parent=commune)
        neighbour = create_agency(session, code="H56.15", name="xã bên", parent=province)
        return {agency.code: agency.id for agency in (province, commune, ward, neighbour)}


@pytest.mark.parametrize(
    ("role", "at", "sees"),
    [
        (Role.CLERK, "H56", {"H56"}),
        (Role.STATION, "H56.14", {"H56.14"}),
        (Role.SUPERVISOR, "H56.14", {"H56.14", "H56.14.1"}),
        (Role.ADMIN, "H56", {"H56", "H56.14", "H56.14.1", "H56.15"}),
        ("supervisor", "H56.15", {"H56.15"}),
    ],
)
def test_who_sees_what(
    factory: sessionmaker[Session], tree: dict[str, str], role: Role | str, at: str, sees: set[str]
) -> None:
    with reading(factory) as session:
        assert scopes.visible_agencies(session, role, tree[at]) == {tree[code] for code in sees}


def test_a_cycle_in_the_tree_ends(factory: sessionmaker[Session], tree: dict[str, str]) -> None:
    with transaction(factory) as session:
        session.get_one(Agency, tree["H56"]).parent_id = tree["H56.14.1"]
    with reading(factory) as session:
        assert scopes.agency_and_below(session, tree["H56"]) == set(tree.values())
        assert scopes.agency_and_below(session, "unknown") == frozenset()


def test_statements_are_limited_or_refused(factory: sessionmaker[Session], tree: dict[str, str]) -> None:
    with transaction(factory) as session:
        mine = create_dossier(session, agency=session.get_one(Agency, tree["H56.14"]))
        create_dossier(session, agency=session.get_one(Agency, tree["H56.15"]))
    scope = {tree["H56.14"]}
    with reading(factory) as session:
        assert [d.id for d in session.scalars(scopes.visible(select(Dossier), scope))] == [mine.id]
        assert list(session.scalars(scopes.visible(select(Dossier.code), scope))) == [mine.code]
        assert list(session.scalars(scopes.visible(select(Dossier), set()))) == []
        assert list(session.scalars(scopes.visible(select(Agency.code), scope))) == ["H56.14"]
        assert [d.id for d in scans.list_dossiers(session, scope)] == [mine.id]
        for unlimited in (select(Counter), select(func.count())):
            with pytest.raises(TypeError, match="belongs to an agency"):
                scopes.visible(unlimited, scope)


def test_loaders_bring_what_belongs_and_hide_the_rest(factory: sessionmaker[Session], agency: Agency) -> None:
    with transaction(factory) as session:
        dossier = create_dossier(session, agency=agency, holder=HolderData(name="Nguyễn Thị Mẫu"))
        scan = accept(session, dossier).scan
        session.add_all(Page(scan_id=scan.id, number=number) for number in (3, 1, 2))
        component = Component(
            scan_id=scan.id, dossier_id=dossier.id, agency_id=agency.id, position=1, first_page=1, last_page=2
        )
        session.add(component)
    mine, foreign = {agency.id}, {"another"}
    with reading(factory) as session:
        loaded = scans.load_scan(session, scan.id, mine)
        assert [page.number for page in loaded.pages] == [1, 2, 3]
        assert [each.id for each in loaded.components] == [component.id]
        assert loaded.dossier.code == dossier.code
        part = scans.load_component(session, component.id, mine)
        assert part.dossier.holder is not None
        assert part.dossier.holder.name == "Nguyễn Thị Mẫu"
        assert [page.number for page in scans.pages_of(session, part)] == [1, 2]
        assert scans.load_dossier(session, dossier.code, mine).agency.code == "H56.14"
        assert [each.id for each in scans.scans_of(session, dossier.id, mine)] == [scan.id]
        assert scans.scans_of(session, dossier.id, foreign) == []
        assert set(scans.load_components(session, [component.id, "x"], mine)) == {component.id}
        assert scans.load_components(session, [component.id], foreign) == {}
        assert scans.unread_pages(session, scan.id) == 3
    with reading(factory) as session:
        with pytest.raises(NotFound):
            scans.load_scan(session, scan.id, foreign)
        with pytest.raises(NotFound):
            scans.load_component(session, component.id, foreign)
        with pytest.raises(NotFound):
            scans.load_dossier(session, dossier.code, foreign)
        with pytest.raises(NotFound):
            scans.load_scan(session, "unknown", mine)
        with pytest.raises(InvalidRequestError, match="raise"):
            _ = session.get_one(Scan, scan.id).pages  # not asked for, not loaded


def test_failed_pages_count_as_read(factory: sessionmaker[Session], dossier: Dossier) -> None:
    with transaction(factory) as session:
        scan = accept(session, dossier).scan
        states = (PageState.READ, PageState.FAILED, PageState.PENDING)
        session.add_all(Page(scan_id=scan.id, number=at, state=state) for at, state in enumerate(states, 1))
        session.flush()
        assert scans.unread_pages(session, scan.id) == 1
