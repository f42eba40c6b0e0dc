"""A province's metadata on PostgreSQL: ``python -m benchmarks.scale [--results 1000000] [--folder DIR [--reuse]] [--parts reports search] [--keep]``

Makes the data (some twenty-five minutes for a million results on two cores), has the product's own functions check some of them, and measures what people wait
for: everything once after PostgreSQL was started anew, then warm. ``--folder``: PostgreSQL's, which stays; ``--reuse``: it is filled already, so only
the measuring is done. Time and processor are those of a machine that nothing else uses.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import psycopg

from benchmarks.measure import keep, machine
from benchmarks.scale import measure
from benchmarks.scale.check import check
from benchmarks.scale.cluster import DATABASE, SETTINGS, KeptPostgres
from benchmarks.scale.generate import Generator
from benchmarks.scale.measure import Meter, Row
from models.database import make_engine, upgrade

PARTS: Final = ("reports", "pages", "batch", "search", "reuse", "matching", "imports")
COLD: Final = ("reports", "pages", "batch", "search", "reuse")
GROUPS: Final = {
    "reports": "Reports (R34-R38), over HTTP",
    "pages": "Pages and lists, over HTTP",
    "batch": "A batch",
    "search": "Search, within the process",
    "reuse": "What may be used again, within the process",
    "matching": "Matching (nothing is written), within the process",
}


def fill(server: KeptPostgres, results: int) -> dict[str, Any]:
    """An empty database filled; rows by table and seconds."""
    server.again(filling=True)
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {DATABASE}".encode())
    engine = make_engine(server.url)
    upgrade(engine)
    started = time.perf_counter()

    def told(what: str) -> None:
        print(f"{time.perf_counter() - started:7.1f} s  {what}", flush=True)

    rows = Generator(engine, server.conninfo(DATABASE), results).fill(told)
    seconds = time.perf_counter() - started
    told("filled")
    engine.dispose()
    server.again(filling=False)
    return {"rows": rows, "seconds": seconds}


def run(server: KeptPostgres, parts: Sequence[str], rounds: int) -> dict[str, Any]:
    """The figures of these parts."""
    engine = make_engine(server.url)
    started = time.perf_counter()
    upgrade(engine)
    record: dict[str, Any] = {"upgraded_in": time.perf_counter() - started, "checked": check(engine)}
    print(f"checked: {record['checked']}", flush=True)
    engine.dispose()
    warm = [part for part in parts if part in GROUPS]
    cold = Meter(only=[part for part in warm if part in COLD] or ["none"], cold=True)
    record["cold"] = server.cold()
    print("once each, PostgreSQL just started", flush=True)
    measure.measure(engine, server.url, cold)
    print("warm", flush=True)
    meter = Meter(only=warm or ["none"], rounds=rounds)
    measure.measure(engine, server.url, meter)
    first = {(row.group, row.what): row.p50 for row in cold.rows}
    for row in meter.rows:
        row.cold = first.get((row.group, row.what))
    record["rows"] = meter.rows
    record["sizes"] = measure.sizes(engine)
    if "imports" in parts:
        measure.forget_imports(engine)
        with tempfile.TemporaryDirectory() as folder:
            record["imports"] = measure.imports(server.url, Path(folder))
        measure.forget_imports(engine)
    engine.dispose()
    return record


def as_markdown(record: dict[str, Any]) -> list[str]:
    where, made = record["machine"], record["sizes"]
    settings = ", ".join(f"{name} {value}" for name, value in SETTINGS.items())
    lines = [
        f"# Metadata scale, {where['date']}, commit {where['commit']}",
        "",
        f"{where['processor']}, {where['cores']} cores, {where['memory_gib']} GiB; PostgreSQL on the same machine ({settings}, all else as it comes).",
        f"{made['bytes'] / 2**30:.1f} GiB; a page has {made['words_a_page']:.0f} words. Rows: "
        + ", ".join(f"{name} {rows:,}" for name, rows, _, _ in made["tables"])
        + ".",
        "",
        "Milliseconds. *First*: asked once, PostgreSQL just started"
        + (" and its files not in memory" if record["cold"] else "")
        + ", in this order, so that each finds what those before it have read. Searches were asked after as many others of each kind, with other words.",
    ]
    rows: list[Row] = record["rows"]
    for group, title in GROUPS.items():
        of = [row for row in rows if row.group == group]
        if not of:
            continue
        aim = of[0].aim
        lines += ["", f"## {title}" + (f" (aim: p95 under {aim:.0f})" if aim else ""), ""]
        lines += ["| | p50 | p95 | first | |", "|---|---|---|---|---|"]
        for row in of:
            first = f"{row.cold:.0f}" if row.cold is not None else ""
            bold = "**" if row.aim is not None and row.p95 > row.aim else ""
            lines.append(f"| {row.what} | {row.p50:.0f} | {bold}{row.p95:.0f}{bold} | {first} | {row.note} |")
    if record.get("imports"):
        lines += ["", "## `digitize inventory import` (a process of its own, with its start)", ""]
        lines += ["| list | lines | MiB | seconds | lines a second | peak memory MiB |", "|---|---|---|---|---|---|"]
        lines += [
            f"| {row['list']} | {row['lines']:,} | {row['bytes'] / 2**20:.1f} | {row['wall']:.1f} | {row['lines_a_second']:.0f} |"
            f" {row['worker_bytes'] / 2**20:.0f} |"
            for row in record["imports"]
        ]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--results", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="PostgreSQL's folder, kept; default: a temporary one")
    parser.add_argument("--reuse", action="store_true", help="the folder is filled: only measure")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--rounds", type=int, default=measure.ROUNDS)
    parser.add_argument("--keep", action="store_true", help="write the figures to benchmarks/results")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="digitize-scale-") as temporary:
        folder: Path = arguments.folder or Path(temporary)
        record: dict[str, Any] = {"machine": machine()}
        with KeptPostgres(folder) as server:
            if not arguments.reuse:
                record["filled"] = fill(server, arguments.results)
            record |= run(server, arguments.parts, arguments.rounds)
    lines = as_markdown(record)
    record["rows"] = [{name: getattr(row, name) for name in Row.__dataclass_fields__} for row in record["rows"]]
    if arguments.keep:
        keep("scale", record, lines)
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
