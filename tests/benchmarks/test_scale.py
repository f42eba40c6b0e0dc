"""The generated province is one that the product could have written, and everything that is measured on it answers."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select, text

from benchmarks.scale import measure
from benchmarks.scale.__main__ import GROUPS, PARTS, as_markdown
from benchmarks.scale.check import check
from benchmarks.scale.generate import Generator
from benchmarks.scale.load import line, without_keys
from benchmarks.scale.measure import Meter, Row
from models.catalog import default_catalog
from models.database import make_engine, make_session_factory, reading
from models.entities import Agency, InventoryLine, Page, Result
from models.inventory.sheet import Usual, read_inventory
from tests.services import PostgresServer

RESULTS = 400


@pytest.fixture(scope="module")
def province_url(postgres_server: PostgresServer) -> str:
    url = postgres_server.create_migrated()
    engine = make_engine(url)
    rows = Generator(engine, postgres_server.conninfo(url.rpartition("/")[2]), RESULTS).fill(lambda _: None)
    waiting = RESULTS // 50
    assert (rows["result"], rows["component"]) == (RESULTS, RESULTS + waiting)
    assert rows["page"] == rows["search_page"] >= 3 * RESULTS + waiting
    engine.dispose()
    return url


def test_the_product_would_have_written_it_so(province_url: str) -> None:
    engine = make_engine(province_url)
    assert check(engine, 15)["papers"] >= 10
    with reading(make_session_factory(engine)) as session:
        tied = session.scalars(select(func.count()).where(InventoryLine.result_id.is_not(None))).one()
        # Every reference was put back, so these can only be right.
        assert tied > RESULTS // 3
        assert session.scalars(select(func.count()).select_from(Page)).one() > 3 * RESULTS
        assert session.scalars(select(func.count(Result.agency_id.distinct()))).one() > 50
        assert session.scalars(select(func.count()).select_from(Agency)).one() == 1 + 20 + 11 + 172
    engine.dispose()


def test_a_wrong_reference_is_not_put_back(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_migrated()
    conninfo = postgres_server.conninfo(url.rpartition("/")[2])
    engine = make_engine(url)
    columns = "id, result_id, version, dossier_id, agency_id, slot, state, actor, at"
    stray = text(f"INSERT INTO reuse_link ({columns}) VALUES ('a', 'none', 1, 'none', 'none', '', '2', 'x', now())")

    def load() -> None:
        with without_keys(conninfo, ["reuse_link"], lambda _: None), engine.begin() as connection:
            connection.execute(stray)

    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="fk_reuse_link"):
        load()
    engine.dispose()


def test_everything_measured_answers_and_is_told(province_url: str, tmp_path: Path) -> None:
    engine = make_engine(province_url)
    meter = Meter(rounds=1)
    measure.measure(engine, province_url, meter)
    assert {row.group for row in meter.rows} == set(GROUPS) == set(PARTS) - {"imports"}
    found = [row for row in meter.rows if row.group == "search" and row.what.startswith("all agencies: words with")]
    assert found
    assert all(row.note == "found by 100 %" for row in found)
    machine = dict.fromkeys(("date", "commit", "processor", "cores", "memory_gib"), "x")
    lines = as_markdown({"machine": machine, "cold": False, "rows": meter.rows, "sizes": measure.sizes(engine)})
    assert sum(line.startswith("| ") for line in lines) >= len(meter.rows)
    late = [Row("reports", "a year", 10.0, 2500.0, 1, aim=2000.0)]
    assert "**2500**" in "\n".join(
        as_markdown({"machine": machine, "cold": False, "rows": late, "sizes": measure.sizes(engine)})
    )
    engine.dispose()


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_lists_to_import_are_right_lists(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"list{ending}"
    measure.write_list(path, 30, changed=3)
    sheet = read_inventory(path, default_catalog(), Usual("H58.7"), agencies={"H58.7"})
    assert (len(sheet.rows), sheet.errors, sheet.rows[0].box) == (30, (), "H1A")


def test_a_row_for_copy() -> None:
    assert line("a", None, 3, True) == "a\t\\N\t3\tTrue\n"
