from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import delete
from sqlalchemy.orm import Session, sessionmaker

from models.catalog import Certainty, CodeTemplate
from models.codes import issue_code
from models.database import transaction
from models.entities import Component, Dossier, IssuedCode
from tests.models.papers import papers

RESULT = CodeTemplate(
    id="result",
    name="result",
    template="{dinh_danh}.{ma_loai_ket_qua}.{so_ky_hieu}.{nn}",
    width=2,
    source="test",
    certainty=Certainty.INFERRED,
)
VALUES = {"dinh_danh": "079200000123", "ma_loai_ket_qua": "KQ.G15.000031", "so_ky_hieu": "12/2023"}
PREFIX = "079200000123.KQ.G15.000031.12/2023."


def issue(factory: sessionmaker[Session], component_id: str, values: dict[str, str] = VALUES) -> str:
    with transaction(factory) as session:
        component = session.get_one(Component, component_id)
        return issue_code(session, component, RESULT, values, actor="account:can.bo")


def test_r22_two_hundred_parallel_requests_give_two_hundred_codes(
    factory: sessionmaker[Session], dossier: Dossier
) -> None:
    ids = papers(factory, dossier, 200)
    with ThreadPoolExecutor(12) as pool:
        codes = list(pool.map(lambda one: issue(factory, one), ids))
    assert len(set(codes)) == 200
    assert sorted(int(code.removeprefix(PREFIX)) for code in codes) == list(range(1, 201))


def test_r22_asking_twice_gives_the_same_code(factory: sessionmaker[Session], dossier: Dossier) -> None:
    [one] = papers(factory, dossier, 1)
    with ThreadPoolExecutor(4) as pool:
        codes = set(pool.map(lambda _: issue(factory, one), range(8)))
    assert codes == {PREFIX + "01"}


def test_r22_what_is_deleted_is_not_given_again(factory: sessionmaker[Session], dossier: Dossier) -> None:
    first, second, third = papers(factory, dossier, 3)
    assert [issue(factory, first), issue(factory, second)] == [PREFIX + "01", PREFIX + "02"]
    with transaction(factory) as session:
        session.execute(delete(Component).where(Component.id == second))
    assert issue(factory, third) == PREFIX + "03"


def test_r22_codes_that_begin_alike_count_apart(factory: sessionmaker[Session], dossier: Dossier) -> None:
    first, second = papers(factory, dossier, 2)
    assert issue(factory, first) == PREFIX + "01"
    assert issue(factory, second, VALUES | {"so_ky_hieu": "12/2023.1"}) == PREFIX.rstrip(".") + ".1.01"


def test_r22_a_code_that_came_with_an_import_is_passed_over(factory: sessionmaker[Session], dossier: Dossier) -> None:
    [one] = papers(factory, dossier, 1)
    with transaction(factory) as session:
        session.add(IssuedCode(code=PREFIX + "01", component_id="elsewhere", template="result", actor="import"))
    assert issue(factory, one) == PREFIX + "02"
