"""What people wait for on a province's database: reports, pages, searches, lists, matching and imports, by the product's own routes and functions."""

from __future__ import annotations

import csv
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import Engine, text

from benchmarks.measure import ROOT
from benchmarks.measure import run as run_program
from benchmarks.scale import searches
from benchmarks.scale.texts import GIVEN, MIDDLE
from benchmarks.search import FAMILY, percentile
from models.catalog import default_catalog
from models.database import make_session_factory, reading
from models.dossier_papers import held_papers
from models.entities import Role
from models.inventory import matching
from models.local_time import local_day
from models.search import make_index
from tests.digitize_api.api import running_api

REPORT_MS: Final = 2000.0
PAGE_MS: Final = 1000.0
SEARCH_MS: Final = 300.0
ROUNDS: Final = 10
LINES: Final = 100_000
DISTRICT: Final = "H58.31"


@dataclass(slots=True)
class Row:
    """Milliseconds. ``cold``: the first after PostgreSQL was started anew, its files not in memory; ``aim``: of p95."""

    group: str
    what: str
    p50: float
    p95: float
    rounds: int
    aim: float | None = None
    cold: float | None = None
    note: str = ""


@dataclass(slots=True)
class Meter:
    """``only``: groups that are measured. ``cold``: nothing is warmed, each is asked once."""

    only: Sequence[str] = ()
    cold: bool = False
    rounds: int = ROUNDS
    rows: list[Row] = field(default_factory=list)

    def wants(self, group: str) -> bool:
        return not self.only or group in self.only

    def take(self, group: str, what: str, calls: Sequence[Callable[[], object]], aim: float | None = None) -> None:
        """Each call once, after one of them to warm."""
        if not self.cold:
            calls[0]()
        times = []
        for call in calls[:1] if self.cold else calls:
            started = time.perf_counter()
            told = call()
            times.append(1000 * (time.perf_counter() - started))
        row = Row(group, what, statistics.median(times), percentile(times, 0.95), len(times), aim)
        row.note = told if isinstance(told, str) else ""
        self.rows.append(row)
        missed = " MISSED" if aim is not None and row.p95 > aim else ""
        print(f"  {group:10} {what:64} p50 {row.p50:8.0f}  p95 {row.p95:8.0f} ms  {row.note}{missed}", flush=True)


def getting(client: httpx.Client, path: str, **params: str | int) -> Callable[[], object]:
    def get() -> str:
        answer = client.get(path, params=params or None)
        assert answer.status_code == 200, f"{path} {params}: {answer.status_code} {answer.text[:300]}"
        return f"{len(answer.content) / 1024:.0f} KiB"

    return get


def measure(engine: Engine, url: str, meter: Meter) -> None:
    """All groups that the meter wants, on a filled database."""
    factory = make_session_factory(engine)
    with reading(factory) as session:
        commune, everybody = searches.largest_commune(session), searches.ids_of(session)
    with tempfile.TemporaryDirectory() as folder, running_api(Path(folder), url) as api:
        province = api.person(Role.SUPERVISOR, agency="H58")
        clerk = api.person(Role.CLERK, agency=commune)
        for client in (province, clerk):
            client.timeout = httpx.Timeout(300)
        if meter.wants("reports"):
            _reports(meter, province, commune)
        if meter.wants("pages"):
            _pages(meter, engine, province, clerk)
        if meter.wants("batch"):
            _batch(meter, engine, province)
    with reading(factory) as session:
        of_commune = searches.ids_of(session, commune)
    if meter.wants("search"):
        _searches(meter, engine, {"one commune": of_commune, "all agencies": everybody})
    if meter.wants("reuse"):
        _reuse(meter, engine, of_commune, everybody)
    if meter.wants("matching"):
        _matching(meter, engine, commune)


def _reports(meter: Meter, client: httpx.Client, commune: str) -> None:
    path, district = "/api/v1/reports", commune.rpartition(".")[0]
    this_year = local_day().year
    year = {"first": f"{this_year - 1}-01-01", "last": f"{this_year - 1}-12-31"}
    rounds = range(meter.rounds)

    def asked(what: str, where: str = path, **params: str | int) -> None:
        meter.take("reports", what, [getting(client, where, **params) for _ in rounds], REPORT_MS)

    asked("the province, a year", agency="H58", **year)
    asked("the province, four years", agency="H58", first="2023-01-01", last=local_day().isoformat())
    asked("the province, this month", agency="H58", period="month")
    asked("the province, the quarter before", agency="H58", period="quarter-1")
    asked("the province, đợt 04 of Tiền Giang 2023", agency="H58", period="tien_giang_2023_4")
    asked("a district with its communes, a year", agency=district, **year)
    asked("a commune, a year", agency=commune, **year)
    asked("the archive (a third of all papers), a year", agency="H58.2", **year)
    asked("the province, one procedure, a year", agency="H58", procedure="1.001193", **year)
    asked("the province, the inventory of 2019", agency="H58", period="month", year=2019)
    asked("as CSV, a year", f"{path}/table.csv", agency="H58", **year)
    asked("as a workbook, a year", f"{path}/table.xlsx", agency="H58", **year)
    own = {"tu": year["first"], "den": year["last"]}
    asked("the page /bao-cao, the province, a year", "/bao-cao", **{"don-vi": "H58", "ky": "ngay"}, **own)
    asked("the page /bao-cao as it opens", "/bao-cao")


def _pages(meter: Meter, engine: Engine, province: httpx.Client, clerk: httpx.Client) -> None:
    def page(who: str, client: httpx.Client, path: str) -> None:
        meter.take("pages", f"{who}: {path}", [getting(client, path) for _ in range(meter.rounds)], PAGE_MS)

    everything = "the province"
    page(everything, province, "/")
    page(everything, province, "/dossiers")
    page(everything, province, "/kiem-tra")
    page(everything, province, "/nhat-ky")
    page(everything, province, "/kiem-dem")
    page(everything, province, "/kiem-dem?trang-thai=open&tu=10000")
    page(everything, province, "/kiem-dem?dem-nam=2022&nam=2022")
    page(everything, province, "/kiem-dem?dem-nam=tat-ca")
    page(everything, province, f"/kiem-dem?don-vi={DISTRICT}&dem-nam=2022")
    page(everything, province, "/kiem-dem?tim=12/QĐ-UBND")
    page(everything, province, "/kiem-dem/doi-chieu")
    page(everything, province, "/kiem-dem/doi-chieu?loai=missing&tu=50000")
    page(everything, province, "/api/v1/inventory")
    page(everything, province, "/api/v1/inventory?year=2022")
    page(everything, province, "/api/v1/inventory?limit=500&offset=2000")
    page(everything, province, "/tra-cuu?q=căn cứ luật")
    page("a commune", clerk, "/quay")
    page("a commune", clerk, "/dossiers")
    page("a commune", clerk, "/kiem-tra")
    page("a commune", clerk, "/kiem-dem")
    page("a commune", clerk, "/kiem-dem/doi-chieu")
    page("a commune", clerk, "/tra-cuu?q=căn cứ luật")
    with reading(make_session_factory(engine)) as session:
        codes = searches.dossier_codes(session, searches.ids_of(session, "H58.1"), meter.rounds)
    meter.take("pages", "the province: a dossier", [getting(province, f"/dossiers/{code}") for code in codes], PAGE_MS)


def _batch(meter: Meter, engine: Engine, client: httpx.Client) -> None:
    with engine.connect() as connection:
        largest = "SELECT batch_id, count(*) FROM batch_item GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
        batch, count = connection.execute(text(largest)).one()
    for what, path in (
        ("the page", f"/so-hoa-lo/{batch}"),
        ("what changes of it", f"/so-hoa-lo/{batch}/phan"),
        ("the list", "/so-hoa-lo"),
    ):
        calls = [getting(client, path) for _ in range(meter.rounds)]
        meter.take("batch", f"{what}, a batch of {count} documents among {50}", calls, PAGE_MS)
    items = f"/api/v1/batches/{batch}/items"
    meter.take(
        "batch",
        "100 documents from number 250,000 on",
        [getting(client, items, after=250_000) for _ in range(meter.rounds)],
        PAGE_MS,
    )
    if not meter.cold:
        meter.take(
            "batch", "the whole report as CSV", [lambda: _streamed(client, f"/api/v1/batches/{batch}/report.csv")]
        )


def _streamed(client: httpx.Client, path: str) -> str:
    started, size, first = time.perf_counter(), 0, 0.0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with client.stream("GET", path) as answer:
        for chunk in answer.iter_bytes():
            first = first or time.perf_counter() - started
            size += len(chunk)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return f"{size / 2**20:.0f} MiB, first bytes after {1000 * first:.0f} ms, server and reader grew by {more:.0f} MiB"


def _searches(meter: Meter, engine: Engine, askers: dict[str, frozenset[str]]) -> None:
    factory, index = make_session_factory(engine), make_index(engine)
    for who, agencies in askers.items():
        with reading(factory) as session:
            known = searches.known(session, agencies)
        if not meter.cold:  # as after some minutes of other people's searches: as many of each kind, with other words
            for queries in searches.questions(known, random.Random(12), 2 * meter.rounds).values():
                for query in queries:
                    with reading(factory) as session:
                        index.search(session, query)
        for what, asked in searches.questions(known, random.Random(11), 2 * meter.rounds).items():
            found: list[int] = []

            def search(query: Any, found: list[int] = found) -> str:
                with reading(factory) as session:
                    found.append(index.search(session, query).total)
                return f"found by {100 * sum(map(bool, found)) / len(found):.0f} %"

            calls = [lambda query=query: search(query) for query in asked]
            meter.take("search", f"{who}: {what}", calls, SEARCH_MS)


def _reuse(meter: Meter, engine: Engine, commune: frozenset[str], everybody: frozenset[str]) -> None:
    """What the counter asks before anything is scanned: which of the holder's results fill the procedure's slots and hold."""
    factory, catalog = make_session_factory(engine), default_catalog()
    procedure = catalog.procedure("1.000894", local_day())
    assert procedure is not None
    for who, agencies in (("one commune", commune), ("all agencies", everybody)):
        with reading(factory) as session:
            holders = searches.holder_with_papers(session, agencies, 2 * meter.rounds)

        def look(number: str, agencies: frozenset[str] = agencies) -> None:
            with reading(factory) as session:
                held_papers(session, procedure, number, agencies, catalog)

        calls = [lambda number=number: look(number) for number, _ in holders]
        meter.take("reuse", f"{who}: results of a holder for a procedure", calls, SEARCH_MS)


def _matching(meter: Meter, engine: Engine, commune: str) -> None:
    factory, catalog = make_session_factory(engine), default_catalog()
    for code in (commune, "H58.2") if not meter.cold else (commune,):
        with reading(factory) as session:
            (agency,) = searches.ids_of(session, code)

        def look(agency: str = agency) -> str:
            with reading(factory) as session:
                looked = matching.look(session, agency, catalog)
            return f"{looked.lines} lines, {looked.papers} papers, {len(looked.judged.findings)} findings"

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        meter.take("matching", f"{code} judged", [look] * (3 if code == commune else 1))
        meter.rows[-1].note += f", {(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:.0f} MiB more"


# ---- lists


def write_list(path: Path, lines: int, *, changed: int = 0) -> None:
    """A list of a commune's results as offices keep them: ``changed`` of its rows have another box."""
    chance = random.Random(21)
    head = [
        "STT",
        "Số, ký hiệu",
        "Họ và tên",
        "Số định danh",
        "Ngày cấp",
        "Loại giấy tờ",
        "Mã TTHC",
        "Hộp",
        "Giá",
        "Ghi chú",
    ]
    rows: list[list[Any]] = []
    for n in range(lines):
        day = date(2016, 1, 1) + timedelta(days=chance.randrange(5 * 365))
        name = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"
        box = f"H{n // 200 + 1}" + ("A" if n < changed else "")
        rows.append(
            [
                n + 1,
                f"{n + 1}/QĐ-UBND",
                name,
                f"082{n:09d}",
                f"{day:%d/%m/%Y}",
                "Quyết định",
                "1.001776",
                box,
                f"K{n // 4000}",
                "",
            ]
        )
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out, delimiter=";").writerows([head, *rows])
        return
    import openpyxl  # noqa: PLC0415 - only here

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Kiểm đếm")
    for row in (head, *rows):
        sheet.append(row)
    book.save(path)


def imports(url: str, folder: Path, lines: int = LINES) -> list[dict[str, Any]]:
    """``digitize inventory import`` of a new list, of the same again, of one with a tenth of its rows mended: CSV for one agency, XLSX for another."""
    found = []
    os.environ["DIGITIZE_DB_URL"] = url
    for ending, agency in ((".csv", "H58.7"), (".xlsx", "H58.8")):
        for what, changed in (("new", 0), ("the same again", 0), ("a tenth mended", lines // 10)):
            path = folder / f"list{ending}"
            write_list(path, lines, changed=changed)
            argv = [sys.executable, "-m", "commands", "inventory", "import", str(path), "--agency", agency]
            ran = run_program(argv)
            assert ran.exit_code == 0, ran.stderr_tail
            row = {"list": f"{ending[1:].upper()}, {what}", "lines": lines, "bytes": path.stat().st_size, **asdict(ran)}
            row["lines_a_second"] = lines / ran.wall
            found.append(row)
            print(
                f"  import {row['list']:24} {ran.wall:6.1f} s  {row['lines_a_second']:7.0f} lines/s  {ran.worker_bytes / 2**20:.0f} MiB",
                flush=True,
            )
    return found


def forget_imports(engine: Engine) -> None:
    """Take the imported lists out again, so that the next run brings them in anew."""
    with engine.begin() as connection:
        theirs = "(SELECT i.id FROM inventory_import i WHERE i.filename LIKE 'list.%')"
        connection.execute(text(f"DELETE FROM inventory_line WHERE import_id IN {theirs}"))
        connection.execute(text(f"DELETE FROM inventory_import WHERE id IN {theirs}"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE inventory_line"))


def sizes(engine: Engine) -> dict[str, Any]:
    """Of the database, and rows and bytes of its ten largest tables, with their indexes."""
    statement = text(
        "SELECT relname, reltuples::bigint, pg_total_relation_size(oid), pg_indexes_size(oid) FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 3 DESC LIMIT 12"
    )
    with engine.connect() as connection:
        whole = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        tables = [tuple(row) for row in connection.execute(statement)]
        words = connection.execute(
            text(
                "SELECT avg(array_length(regexp_split_to_array(text, '\\s+'), 1)), avg(length(text)) FROM page TABLESAMPLE SYSTEM (0.1)"
            )
        ).one()
    return {
        "bytes": whole,
        "tables": tables,
        "words_a_page": float(words[0] or 0),
        "characters_a_page": float(words[1] or 0),
    }


def commit() -> str:
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
