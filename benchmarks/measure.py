"""Run a program and account for it: wall seconds, CPU seconds, peak memory of the whole process tree."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
SCANS = ROOT.parent / "shared" / "scans"


@dataclass(frozen=True, slots=True)
class Run:
    """``peak_bytes``: largest sum of USS over the tree (shared pages counted once a process, as the kernel frees them);
    ``worker_bytes``: largest RSS of a single process. Sampled every 50 ms."""

    exit_code: int
    wall: float
    cpu: float
    peak_bytes: int
    worker_bytes: int
    stderr_tail: str


def run(argv: list[str], *, timeout: float = 3600.0) -> Run:
    """Run to the end; the exit code is reported, not judged."""
    started = time.perf_counter()
    before = os.times()
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    peaks = [0, 0]
    stop = threading.Event()
    sampler = threading.Thread(target=_sample, args=(process.pid, peaks, stop), daemon=True)
    sampler.start()
    try:
        _, stderr = process.communicate(timeout=timeout)
    finally:
        stop.set()
        sampler.join()
    after = os.times()
    cpu = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return Run(
        process.returncode,
        time.perf_counter() - started,
        cpu,
        peaks[0],
        peaks[1],
        "\n".join(stderr.splitlines()[-3:]),
    )


def _sample(pid: int, peaks: list[int], stop: threading.Event) -> None:
    while not stop.wait(0.05):
        total = 0
        try:
            root = psutil.Process(pid)
            for process in [root, *root.children(recursive=True)]:
                try:
                    total += process.memory_full_info().uss
                    peaks[1] = max(peaks[1], process.memory_info().rss)
                except (psutil.NoSuchProcess, psutil.ZombieProcess):
                    continue
        except psutil.NoSuchProcess:
            return
        peaks[0] = max(peaks[0], total)


def machine() -> dict[str, object]:
    """What a figure depends on: processor, cores, memory, kernel, commit."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    model = "unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "commit": commit.stdout.strip(),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def keep(name: str, record: dict[str, Any], lines: Sequence[str]) -> None:
    """``record`` (with ``machine()`` under its name) as JSON and ``lines`` as Markdown, named by date and commit; prints the lines."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    stem = RESULTS / f"{name}-{record['machine']['date']}-{record['machine']['commit']}"
    stem.with_suffix(".json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    stem.with_suffix(".md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print("\n".join(lines))


def as_dict(result: Run) -> dict[str, object]:
    return asdict(result)
