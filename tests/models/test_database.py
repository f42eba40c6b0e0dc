from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Boolean, Engine, Integer, MetaData, String, Table, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from models.agencies import create_agency
from models.batches import entities as _batch_entities  # noqa: F401 - their tables belong to the metadata
from models.batches.quality import entities as _quality_entities  # noqa: F401 - the same
from models.counters import next_value
from models.database import (
    alembic_config,
    current_revision,
    downgrade,
    make_engine,
    make_session_factory,
    reading,
    transaction,
    upgrade,
)
from models.dossiers import create_dossier
from models.entities import Base, Component, Counter, Dossier, Page, Result, Scan
from models.search import SearchQuery, make_index
from models.settings import DatabaseSettings, sqlite_url
from tests.models.papers import scan_of
from tests.models.stored import Paper, store

ROOT = Path(__file__).resolve().parents[2]


def test_migrations_say_what_the_entities_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "include_name": lambda name, kind, _: kind != "table" or "search_" not in name},
        )
        assert compare_metadata(context, Base.metadata) == []


def test_up_and_down_again(database_url: str) -> None:
    engine = make_engine(database_url)
    assert current_revision(engine) is None
    upgrade(engine)
    upgrade(engine)
    assert current_revision(engine) == "0021"
    downgrade(engine, "base")
    assert current_revision(engine) is None
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine)
    engine.dispose()


def test_dossiers_whose_result_was_handed_over_before_are_finished(database_url: str) -> None:
    """0010: the day is that of the first hand-over at +07:00; whoever handed nothing over is still in hand."""
    engine = make_engine(database_url)
    upgrade(engine, "0008")
    when = datetime(2023, 9, 15, 17, 30, tzinfo=UTC)  # half past midnight of the 16th at the counter
    tables = {
        name: Table(name, MetaData(), autoload_with=engine)
        for name in ("agency", "dossier", "scan", "component", "result")
    }
    with engine.begin() as connection:

        def add(table: str, /, **values: Any) -> None:
            """A row; what it must have and nobody says is empty."""
            empty = {JSON: [], Boolean: False, Integer: 0, String: ""}
            columns = [one for one in tables[table].columns if not one.nullable and one.server_default is None]
            known = {
                one.name: next((value for kind, value in empty.items() if isinstance(one.type, kind)), when)
                for one in columns
            }
            connection.execute(tables[table].insert().values({**known, **values}))

        add("agency", id="a", code="H56.14", name="x")
        for dossier, days in (("handed", (2, 0)), ("open", ())):
            add("dossier", id=dossier, code=dossier, agency_id="a")
            for place, back in enumerate(days, 1):
                paper = f"{dossier}{place}"
                add("scan", id=paper, dossier_id=dossier, agency_id="a", sha256=paper)
                add("component", id=paper, scan_id=paper, dossier_id=dossier, agency_id="a", position=1, code=paper)
                add("result", id=paper, agency_id="a", returned_at=when + timedelta(days=back))
    upgrade(engine)
    with make_session_factory(engine)() as session:
        found = {one.id: (one.finished_on, one.result_form, one.channel) for one in session.scalars(select(Dossier))}
    assert found == {"handed": (date(2023, 9, 16), "paper", "counter"), "open": (None, None, "counter")}
    engine.dispose()


def test_indexed_pages_say_whose_they_are(engine: Engine, factory: sessionmaker[Session]) -> None:
    """0016: pages indexed before say of themselves what they would say if they were indexed now."""
    if engine.dialect.name == "sqlite":  # its index has nothing of this
        downgrade(engine, "0013")
        upgrade(engine)
        return
    with transaction(factory) as session:
        dossier = create_dossier(session, agency=create_agency(session, code="H56.14", name="UBND xã Mẫu"))
        paper_type, fields = "it's \\ odd", {"issued_on": {"value": "2023-05-02"}}
        scan = scan_of(session, dossier)
        session.add_all(Page(scan_id=scan.id, number=number, text=f"trang {number}") for number in (1, 2))
        values = {
            "scan_id": scan.id,
            "dossier_id": dossier.id,
            "agency_id": dossier.agency_id,
            "first_page": 1,
            "last_page": 2,
        }
        known = Component(**values, position=1, paper_type=paper_type, fields=fields)
        unknown = Component(**{**values, "first_page": 2}, position=2, fields={"issued_on": {"value": "tháng 5"}})
        session.add_all([known, unknown])
        session.flush()
        for component in (known, unknown):
            make_index(engine).index_component(session, component.id)

    def vectors() -> list[tuple[str, str]]:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT exact::text, folded::text FROM search_page ORDER BY id"))
            return [(row[0], row[1]) for row in rows]

    now = vectors()
    assert f"'@{dossier.agency_id}'" in now[0][0]
    assert ["'^'" in folded for _, folded in now] == [True, False, True]
    downgrade(engine, "0013")
    assert "trang" in vectors()[0][0]
    assert not any("@" in folded or "#" in folded for _, folded in vectors())
    upgrade(engine)
    assert vectors() == now


def test_the_backlogs_dossiers_and_the_places_of_results_are_told(
    engine: Engine, factory: sessionmaker[Session]
) -> None:
    """0017 and 0019: what a report counts by is said of rows that were there before."""
    with transaction(factory) as session:
        agency = create_agency(session, code="H56.14", name="UBND xã Mẫu")
        papers = (
            ("counter", "counter", "giay_khai_sinh", "giay_to"),
            ("result", "counter", "giay_khai_sinh", None),
            ("backscan", "backscan", "giay_khai_sinh", None),
        )
        for title, queue, kind, slot in papers:
            dossier = create_dossier(session, agency=agency, title=title)
            store(session, dossier, Paper(kind, slot=slot), datetime(2023, 5, 2, tzinfo=UTC), queue=queue)

    def told() -> list[tuple[str, bool, str, bool]]:
        with factory() as session:
            rows = session.execute(
                select(Dossier.title, Dossier.backscan, Dossier.stored_types, Result.scanned_at == Scan.created_at)
                .join(Result, Result.dossier_id == Dossier.id)
                .join(Scan, Scan.dossier_id == Dossier.id)
                .order_by(Dossier.title)
            )
            return [(row[0], row[1], row[2], row[3]) for row in rows]

    now = told()
    assert now == [
        ("backscan", True, "", True),
        ("counter", False, "-", True),
        ("result", False, "giay_khai_sinh", True),
    ]
    downgrade(engine, "0016")
    upgrade(engine)
    assert told() == now


def test_pages_indexed_before_their_words_lay_apart_are_found(engine: Engine, factory: sessionmaker[Session]) -> None:
    """0020: the words of a page are written anew, outside its row where they are more than a few."""
    words = " ".join(f"chữ{number}" for number in range(300))
    with transaction(factory) as session:
        agency = create_agency(session, code="H56.14", name="UBND xã Mẫu")
        dossier = create_dossier(session, agency=agency, title="một")
        scan = scan_of(session, dossier)
        paper = Component(scan_id=scan.id, dossier_id=dossier.id, agency_id=agency.id, position=1, first_page=1, last_page=1)  # fmt: skip
        session.add_all([paper, Page(scan_id=scan.id, number=1, state="read", text=words)])
        session.flush()
        make_index(engine).index_component(session, paper.id)
        paper_id, agency_id = paper.id, agency.id
    downgrade(engine, "0019")
    upgrade(engine)
    with reading(factory) as session:
        result = make_index(engine).search(session, SearchQuery([agency_id], q="chữ299"))
        assert [(hit.component_id, hit.page) for hit in result.hits] == [(paper_id, 1)]
        if engine.dialect.name == "postgresql":
            apart = "SELECT pg_relation_size(reltoastrelid) > 0 FROM pg_class WHERE oid = 'search_page'::regclass"
            assert session.execute(text(apart)).scalar_one()
    with transaction(factory) as session:
        make_index(engine).index_component(session, paper_id)  # its number is a new one
    with reading(factory) as session:
        assert make_index(engine).search(session, SearchQuery([agency_id], q="chữ299")).total == 1


def test_two_processes_may_migrate_at_once(database_url: str) -> None:
    code = "import sys; from models.database import *; upgrade(make_engine(sys.argv[1]))"
    running = [subprocess.Popen([sys.executable, "-c", code, database_url], cwd=ROOT) for _ in range(3)]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    engine = make_engine(database_url)
    assert current_revision(engine) == "0021"
    engine.dispose()


def test_a_fresh_file_that_another_process_is_writing_is_waited_for(tmp_path: Path) -> None:
    """SQLite tells who asks for WAL then that the file is locked, whatever its timeout is."""
    path = tmp_path / "fresh.sqlite3"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE first (id INTEGER)")
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    timer.start()
    engine = make_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    timer.join()
    other.close()
    engine.dispose()


def test_the_configuration_needs_no_file() -> None:
    assert Path(alembic_config().get_main_option("script_location") or "", "env.py").is_file()


def test_the_alembic_command_takes_the_database_from_the_settings(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITIZE_DB_URL", database_url)
    command.upgrade(alembic_config(), "head")
    engine = make_engine(database_url)
    assert current_revision(engine) == "0021"
    engine.dispose()


def test_sqlite_is_set_up_for_several_processes(tmp_path: Path) -> None:
    engine = make_engine(sqlite_url(tmp_path / "new" / "folder"))
    with engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000, "synchronous": 2}


def test_threads_queue_at_the_write_lock(factory: sessionmaker[Session]) -> None:
    def read_then_write(_: int) -> None:
        with transaction(factory) as session:
            counter = session.get(Counter, "shared", with_for_update=True)
            time.sleep(0.002)
            if counter is None:
                next_value(session, "shared")
            else:
                counter.value += 1

    with transaction(factory) as session:
        next_value(session, "shared")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read_then_write, range(80)))
    with reading(factory) as session:
        assert session.get_one(Counter, "shared").value == 81


def test_processes_queue_at_the_write_lock(engine: Engine, database_url: str, factory: sessionmaker[Session]) -> None:
    code = (
        "import sys\n"
        "from models.database import *\n"
        "from models.counters import next_value\n"
        "factory = make_session_factory(make_engine(sys.argv[1]))\n"
        "for _ in range(50):\n"
        "    with transaction(factory) as session:\n"
        "        next_value(session, 'shared')\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, database_url], cwd=ROOT) for _ in range(4)]
    assert [process.wait(120) for process in running] == [0] * 4
    with reading(factory) as session:
        assert session.get_one(Counter, "shared").value == 200


def test_readers_wait_for_nobody(factory: sessionmaker[Session]) -> None:
    with transaction(factory) as session:
        next_value(session, "serial")
    inside, leave = threading.Event(), threading.Event()

    def hold_the_lock() -> None:
        with transaction(factory) as session:
            next_value(session, "serial")
            inside.set()
            leave.wait(20)

    writer = threading.Thread(target=hold_the_lock)
    writer.start()
    try:
        assert inside.wait(20)
        started = time.monotonic()
        with reading(factory) as session:
            assert session.get_one(Counter, "serial").value == 1  # the last commit
        assert time.monotonic() - started < 5
    finally:
        leave.set()
        writer.join()


def test_a_reading_session_can_not_write(factory: sessionmaker[Session]) -> None:
    with reading(factory) as session, pytest.raises(DBAPIError, match=r"read-?only"):
        next_value(session, "serial")
    with transaction(factory) as session:  # the same connection, back from the pool, writes again
        assert next_value(session, "serial") == 1


def test_an_error_rolls_back(factory: sessionmaker[Session]) -> None:
    def stop_half_way() -> None:
        with transaction(factory) as session:
            next_value(session, "serial")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stop_half_way()
    with reading(factory) as session:
        assert session.get(Counter, "serial") is None


@pytest.mark.parametrize("url", ["mysql://x/y", "not a url", "sqlite+nonsense"])
def test_settings_refuse_other_databases(url: str) -> None:
    with pytest.raises(ValueError, match="DIGITIZE_DB_URL"):
        DatabaseSettings(url=url)


def test_settings_keep_the_password_out_of_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITIZE_DB_URL", "postgresql://user:secret@host/name")
    assert "secret" not in repr(DatabaseSettings())
    assert DatabaseSettings().url == "postgresql://user:secret@host/name"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql+pymysql://x/y"])
def test_engines_that_can_not_work_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"in-memory|supported"):
        make_engine(url)


def test_default_is_sqlite_in_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DIGITIZE_DB_URL", raising=False)
    engine = make_engine(DatabaseSettings().url)
    make_session_factory(engine)
    upgrade(engine)
    engine.dispose()
    assert (tmp_path / "data" / "digitize.sqlite3").is_file()
