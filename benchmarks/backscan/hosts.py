"""One worker host and two, over the same PostgreSQL, Redis and S3: what the second one is worth.

A host is a `digitize worker backscan` with data and scratch folders of its own, as another machine has. All share this machine's cores, so a host gets
one process; two hosts of two processes show where the machine ends, not where a province does.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.backscan.office import AGENCY
from benchmarks.backscan.papers import Drawn
from benchmarks.backscan.watch import settled
from commands.supervisor import digitize
from models.agencies import create_agency
from models.database import make_engine, make_session_factory, transaction, upgrade
from tests.services import PostgresServer, RedisServer, S3Server

LONGEST_SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class Column:
    """How many hosts of how many processes each."""

    hosts: int
    processes: int

    @property
    def told(self) -> str:
        return f"{self.hosts} x {self.processes}"


@dataclass(frozen=True, slots=True)
class Servers:
    """What all hosts share."""

    postgres: PostgresServer
    redis: RedisServer
    s3: S3Server


COLUMNS = (Column(1, 1), Column(2, 1), Column(1, 2), Column(2, 2))


def measure(place: Path, boxes: Path, papers: list[Drawn], rounds: int) -> dict[str, Any]:
    """All columns in turn, ``rounds`` times; every run on a database and a bucket of its own."""
    runs: list[dict[str, Any]] = []
    with ExitStack() as running:
        servers = Servers(
            running.enter_context(PostgresServer()),
            running.enter_context(RedisServer()),
            running.enter_context(S3Server()),
        )
        for turn in range(rounds):
            for column in COLUMNS:
                folder = place / f"{turn}-{column.hosts}-{column.processes}"
                folder.mkdir()
                runs.append({"round": turn, **_one(folder, boxes, papers, column, servers)})
                shutil.rmtree(folder)
    return {"papers": len(papers), "pages": sum(paper.pages for paper in papers), "runs": runs}


def _one(folder: Path, boxes: Path, papers: list[Drawn], column: Column, servers: Servers) -> dict[str, Any]:
    postgres, redis, s3 = servers.postgres, servers.redis, servers.s3
    database = postgres.create_database()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DIGITIZE_")} | {
        "DIGITIZE_DB_URL": database,
        "DIGITIZE_WORKER_BROKER_URL": redis.url,
        "DIGITIZE_STORAGE_KIND": "s3",
        "DIGITIZE_STORAGE_S3_ENDPOINT": s3.endpoint,
        "DIGITIZE_STORAGE_S3_ACCESS_KEY": s3.access_key,
        "DIGITIZE_STORAGE_S3_SECRET_KEY": s3.secret_key,
        "DIGITIZE_STORAGE_S3_BUCKET": s3.make_bucket(object_lock=True),
        "DIGITIZE_STORAGE_S3_SECURE": "false",
    }
    engine = make_engine(database)
    upgrade(engine)
    sessions = make_session_factory(engine)
    with transaction(sessions) as session:
        create_agency(session, code=AGENCY, name="UBND phường Ví Dụ")
    try:
        with _processes(folder, environment, column) as started:
            name = "Kết quả 2023"
            for words in (("create", name, "--agency", AGENCY, "--settle", "0.2"), ("add", name, str(boxes))):
                subprocess.run(digitize("batch", *words), env=environment, check=True, stdout=subprocess.DEVNULL)
            heads = [server.process.pid for server in (postgres, redis, s3) if server.process is not None]
            before = [_cpu(heads), _cpu(started)]
            began = time.perf_counter()
            subprocess.run(
                digitize("batch", "run", name),
                env=environment,
                check=True,
                timeout=LONGEST_SECONDS,
                stderr=subprocess.DEVNULL,
            )
            seconds = time.perf_counter() - began
            servers_cpu, ours_cpu = _cpu(heads) - before[0], _cpu(started) - before[1]
        done, pages = settled(sessions)
    finally:
        engine.dispose()
        postgres.drop_database(database)
    if done != len(papers):
        raise RuntimeError(f"{column.told}: {done} papers of {len(papers)}")
    return {
        "hosts": column.hosts,
        "processes": column.processes,
        "seconds": seconds,
        "pages_per_hour": pages / seconds * 3600,
        "cores_busy_servers": servers_cpu / seconds,
        "cores_busy_workers": ours_cpu / seconds,
    }


@contextmanager
def _processes(folder: Path, environment: dict[str, str], column: Column) -> Iterator[list[int]]:
    """The sweeper's host and the worker hosts; their process ids."""
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *words: str) -> None:
        data = folder / name
        data.mkdir()
        own = environment | {"DIGITIZE_DATA": str(data), "DIGITIZE_WORKER_SCRATCH": str(data / "scratch")}
        with (folder / f"{name}.log").open("wb") as log:
            started.append(subprocess.Popen(digitize(*words), env=own, stdout=log, stderr=log))

    start("maintenance", "worker", "maintenance")
    for number in range(column.hosts):
        start(f"host-{number + 1}", "worker", "backscan", "--processes", str(column.processes))
    environment["DIGITIZE_DATA"] = str(folder / "command")
    time.sleep(8.0)  # what a start costs is no part of the comparison
    try:
        yield [process.pid for process in started]
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)


def _cpu(heads: list[int]) -> float:
    """Seconds of processor time that the processes and all below them have used so far."""
    total = 0.0
    for head in heads:
        process = psutil.Process(head)
        for one in [process, *process.children(recursive=True)]:
            try:
                times = one.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system + times.children_user + times.children_system
    return total


def medians(record: dict[str, Any]) -> dict[str, dict[str, float]]:
    """By column (hosts x processes): medians of the rounds."""
    found = {}
    for column in COLUMNS:
        own = [run for run in record["runs"] if (run["hosts"], run["processes"]) == (column.hosts, column.processes)]
        names = ("seconds", "pages_per_hour", "cores_busy_servers", "cores_busy_workers")
        found[column.told] = {name: statistics.median(run[name] for run in own) for name in names}
    return found
