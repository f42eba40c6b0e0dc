from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session, sessionmaker

from models.agencies import create_agency
from models.counters import next_value
from models.database import insert_into, reading, transaction
from models.dossiers import HolderData, create_dossier, find_or_create_holder
from models.entities import Agency, Counter, Holder
from models.errors import Conflict
from models.local_time import local_day

DAY = date(2026, 11, 21)


def test_r24_two_hundred_parallel_calls_give_consecutive_numbers(factory: sessionmaker[Session]) -> None:
    def draw(_: int) -> int:
        with transaction(factory) as session:
            return next_value(session, "serial")

    with ThreadPoolExecutor(12) as pool:
        assert sorted(pool.map(draw, range(200))) == list(range(1, 201))


def test_a_rolled_back_draw_leaves_no_gap(factory: sessionmaker[Session]) -> None:
    def stop_half_way() -> None:
        with transaction(factory) as session:
            next_value(session, "serial")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stop_half_way()
    with transaction(factory) as session:
        assert next_value(session, "serial") == 1
        assert next_value(session, "other") == 1


def test_r24_the_code_is_agency_day_serial(factory: sessionmaker[Session], agency: Agency) -> None:
    with transaction(factory) as session:
        other = create_agency(session, code="H57.12.3", name="UBND xã Khác")
        codes = [create_dossier(session, agency=agency, day=DAY).code for _ in range(2)]
        codes.append(create_dossier(session, agency=other, day=DAY).code)
        codes.append(create_dossier(session, agency=agency, day=date(2026, 11, 22)).code)
        today = create_dossier(session, agency=agency).code
    assert codes == ["H56.14-261121-0001", "H56.14-261121-0002", "H57.12.3-261121-0001", "H56.14-261122-0001"]
    assert re.fullmatch(rf"H56\.14-{local_day():%y%m%d}-\d{{4}}", today)


def test_r24_past_9999_the_serial_grows(factory: sessionmaker[Session], agency: Agency) -> None:
    with transaction(factory) as session:
        session.execute(insert_into(session, Counter).values(name="dossier/H56.14/2026-11-21", value=9998))
        codes = [create_dossier(session, agency=agency, day=DAY).code for _ in range(3)]
    assert codes == ["H56.14-261121-9999", "H56.14-261121-10000", "H56.14-261121-10001"]


def test_r24_the_day_turns_at_local_midnight() -> None:
    assert local_day(datetime(2026, 11, 21, 16, 59, 59, tzinfo=UTC)) == DAY
    assert local_day(datetime(2026, 11, 21, 17, 0, tzinfo=UTC)) == date(2026, 11, 22)


def test_parallel_dossiers_of_one_new_holder(factory: sessionmaker[Session], agency: Agency) -> None:
    def create(_: int) -> tuple[str, str | None]:
        with transaction(factory) as session:
            holder = HolderData(id_number="079200000123", name="Nguyễn Thị Mẫu")
            dossier = create_dossier(session, agency=agency, holder=holder, day=DAY)
            return dossier.code, dossier.holder_id

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(create, range(40)))
    assert len({code for code, _ in made}) == 40
    assert len({holder for _, holder in made}) == 1


def test_blanks_of_a_holder_are_filled_in(factory: sessionmaker[Session]) -> None:
    with transaction(factory) as session:
        first = find_or_create_holder(session, HolderData(id_number="1"))
        find_or_create_holder(session, HolderData(id_number="1", name="Lê Hoà", birth_date=date(1990, 2, 3)))
        find_or_create_holder(session, HolderData(id_number="1", name="LÊ HÒA"))
    with reading(factory) as session:
        holder = session.get_one(Holder, first.id)
        assert (holder.name, holder.birth_date) == ("Lê Hoà", date(1990, 2, 3))


@pytest.mark.parametrize("data", [HolderData("1", "Trần Văn Khác"), HolderData("1", birth_date=date(1991, 1, 1))])
def test_an_id_number_stands_for_one_person(factory: sessionmaker[Session], data: HolderData) -> None:
    with transaction(factory) as session:
        find_or_create_holder(session, HolderData("1", "Lê Hòa", date(1990, 2, 3)))
    with pytest.raises(Conflict), transaction(factory) as session:
        find_or_create_holder(session, data)


def test_names_are_no_identities(factory: sessionmaker[Session]) -> None:
    with transaction(factory) as session:
        ids = {find_or_create_holder(session, HolderData(name="Nguyễn Văn An")).id for _ in range(2)}
    assert len(ids) == 2
