"""``python -m benchmarks.backscan [--papers 2000] [--no-kills] [--hosts] [--seed N] [--drawn DIR]``

A generated back-scan runs to its end on one machine (`digitize up`: SQLite, a folder, a private Redis) while a counter posts a page every quarter of a
minute. Worker, front door, Redis and sweeper are killed (-9) on the way, alone and together, and once everything, as when the power fails. Then every
paper is counted from the files, the inventory that was imported before is matched, and the figures are written to ``benchmarks/results``.

``--hosts``: instead, the same papers on a province's column (PostgreSQL, Redis, S3), read by one worker host and by two.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.backscan import hosts, report
from benchmarks.backscan.counter import Counter, Probe, Station
from benchmarks.backscan.killing import BLOWS, Blow, below, strike
from benchmarks.backscan.office import AGENCY, Office
from benchmarks.backscan.papers import Drawn, Listed, draw, write_inventory
from benchmarks.backscan.reconcile import reconcile
from benchmarks.backscan.watch import Watch, disk, settled
from benchmarks.measure import keep, machine
from models.database import reading
from models.entities import Component, InventoryLine, Scan
from models.inventory import matching
from models.live_catalog import LiveCatalog
from models.rules.matching import Kind

BATCH = "Kết quả 2023"
IDLE_PROBES = 20
LONGEST_HOURS = 3.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.backscan")
    parser.add_argument("--papers", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20231)
    parser.add_argument("--drawn", type=Path, help="folder of papers, kept and used again")
    parser.add_argument("--no-kills", action="store_true")
    parser.add_argument("--every", type=float, default=15.0, help="seconds between two citizens")
    parser.add_argument("--hosts", action="store_true", help="one worker host beside two, on PostgreSQL, Redis and S3")
    parser.add_argument("--rounds", type=int, default=3, help="of --hosts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="digitize-backscan-") as name:
        folder = options.drawn or Path(name) / "drawn"
        papers = draw(folder, options.papers, options.seed)
        if options.hosts:
            record = {"machine": machine(), **hosts.measure(Path(name), folder / "papers", papers, options.rounds)}
            keep("backscan-hosts", record, report.of_hosts(record))
            return
        record = {"machine": machine(), **run(Path(name), folder / "papers", papers, options)}
    keep("backscan", record, report.of_run(record))


def run(place: Path, boxes: Path, papers: list[Drawn], options: argparse.Namespace) -> dict[str, Any]:
    """The whole story; the record that is kept."""
    data = place / "data"
    data.mkdir()
    inventory = place / "kiem-dem.csv"
    listed = write_inventory(inventory, papers, options.seed)
    with Office(data) as office:
        office.command("inventory", "import", str(inventory), "--agency", AGENCY)
        station = Station(lambda: office.url, office.key)
        station.probe(0, time.perf_counter())  # the first request of all warms what nobody timed
        idle = [station.probe(number, time.perf_counter()) for number in range(1, IDLE_PROBES + 1)]
        before = disk(data)
        story = _scan(office, station, boxes, papers, options)
        after = disk(data)
        started = time.perf_counter()
        verified = office.command("batch", "verify", BATCH, fail=False)
        verify_seconds = time.perf_counter() - started
        found = reconcile(office.sessions, office.store, papers)
        lost = [f"{probe.scan} is not done" for probe in [*idle, *story["probes"]] if not _done(office, probe)]
        matched = judge_matching(office, listed)
    story["probes"] = [asdict(probe) for probe in story["probes"]]
    return {
        "papers": len(papers),
        "pages": sum(paper.pages for paper in papers),
        "bytes": sum(paper.bytes for paper in papers),
        **story,
        "idle": [asdict(probe) for probe in idle],
        "counter_lost": [*lost, *station.lost],
        "disk_before": before,
        "disk_after": after,
        "verify": {"exit": verified.returncode, "differences": verified.stdout, "seconds": verify_seconds},
        "reconciliation": asdict(found),
        "matching": matched,
    }


def _scan(
    office: Office, station: Station, boxes: Path, papers: list[Drawn], options: argparse.Namespace
) -> dict[str, Any]:
    office.command("batch", "create", BATCH, "--agency", AGENCY, "--settle", "0.5")
    office.command("batch", "add", BATCH, str(boxes))
    began = time.perf_counter()
    command = [office.begin("batch", "run", BATCH)]
    watch = Watch(office.sessions, lambda: [office.root], began)
    counter = Counter(station, began, options.every, 10_000)
    watch.start()
    counter.start()
    blows = []
    try:
        for blow in () if options.no_kills else BLOWS:
            wanted = blow.share * len(papers)
            _until(partial(_have, office, wanted), f"{blow.share:.0%} of the papers")
            blows.append(_blow(office, command, blow, began))
        _until(lambda: command[-1].poll() is not None, "the end of the batch")
        seconds = time.perf_counter() - began
    finally:
        counter.close()
        watch.close()
    if command[-1].returncode:
        raise RuntimeError(f"digitize batch run ended with {command[-1].returncode}")
    return {
        "seconds": seconds,
        "moments": [asdict(moment) for moment in watch.moments],
        "blows": blows,
        "probes": counter.probes,
        "counter_failed": counter.failed,
    }


def _blow(office: Office, command: list[subprocess.Popen[bytes]], blow: Blow, began: float) -> dict[str, Any]:
    """Strike, and how long until the next paper is done."""
    papers, _ = settled(office.sessions)
    at = time.perf_counter()
    if blow.victims:
        for victim in blow.victims:
            below(office.root, victim)  # what a blow before this one felled is up again
        killed = strike(office.root, blow.victims)
    else:
        killed = office.cut_power(command[-1])
        command.append(office.begin("batch", "run", BATCH))
    down = time.perf_counter() - at
    before, _ = settled(office.sessions)
    _until(lambda: settled(office.sessions)[0] > before, f"a paper after {blow.told}")
    return {
        "share": blow.share,
        "victims": blow.told,
        "processes": killed,
        "papers_done": papers,
        "at": at - began,
        "strike_seconds": down,
        "next_paper_after": time.perf_counter() - at,
    }


def _until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + LONGEST_HOURS * 3600
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {LONGEST_HOURS:g} h for {what}")
        time.sleep(0.25)


def _have(office: Office, papers: float) -> bool:
    return settled(office.sessions)[0] >= papers


def _done(office: Office, probe: Probe) -> bool:
    with reading(office.sessions) as session:
        scan = session.get(Scan, probe.scan)
        return scan is not None and scan.state == "done"


def judge_matching(office: Office, listed: Listed) -> dict[str, Any]:
    """What matching makes of what the machine read, nobody having looked at any paper, beside what is true."""
    started = time.perf_counter()
    with reading(office.sessions) as session:
        looked = matching.look(session, office.agency_id, LiveCatalog().get(session))
    seconds = time.perf_counter() - started
    with reading(office.sessions) as session:
        lines = select(InventoryLine.id, InventoryLine.code).where(InventoryLine.agency_id == office.agency_id)
        codes = {id_: code.removeprefix("=").upper() for id_, code in session.execute(lines)}
        papers = select(Component.id, Scan.sha256).join(Scan, Scan.id == Component.scan_id)
        files = dict(session.execute(papers.where(Scan.queue == "backscan")).all())
    right = sum(listed.paper[codes[tie.line_id]] == files.get(tie.paper_id) for tie in looked.judged.ties)
    scanned = {key for key, sha in listed.paper.items() if sha is not None}
    tied = {codes[tie.line_id] for tie in looked.judged.ties}
    kinds = {kind: [one for one in looked.judged.findings if one.kind == kind] for kind in Kind}
    missing = {codes[one.line_id] for one in kinds[Kind.MISSING] if one.line_id}
    unlisted = {files.get(one.paper_id) for one in kinds[Kind.UNLISTED] if one.paper_id}
    in_list = {sha for sha in listed.paper.values() if sha}
    return {
        "seconds": seconds,
        "lines": looked.lines,
        "papers": looked.papers,
        "lines_with_a_paper": len(scanned),
        "tied_right": right,
        "tied_wrong": len(looked.judged.ties) - right,
        "typed_wrong": len(listed.typed_wrong & scanned),
        "typed_wrong_tied": len(listed.typed_wrong & tied),
        "lines_without_a_paper": len(listed.paper) - len(scanned),
        "of_them_told_missing": len(missing - scanned),
        "papers_in_no_line": len(files) - len(in_list & set(files.values())),
        "of_them_told_unlisted": len(unlisted - in_list),
        "findings": {kind.value: len(found) for kind, found in kinds.items()},
    }


if __name__ == "__main__":
    main()
