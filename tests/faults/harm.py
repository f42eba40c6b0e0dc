"""What bad files do to a worker: run as ``python -m tests.faults.harm FILE…``, it prints one JSON line for each.

A process of their own, so that its peak memory and its death are theirs; the memory of the decoder child that it starts (and
of that child's ``pdftoppm``) is counted too. Of several files the peak is the largest so far.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from models.errors import DigitizeError
from workers.limits import Limits
from workers.steps import decode

LIMITS = Limits(tool_seconds=20.0)
GIBIBYTE = 1 << 30
PAGES = 10  # of a file: the thirty pages of a test suite's document are all alike
DEADLINE = 120.0  # for all pages of one file; a file that takes longer hangs


@dataclass(frozen=True, slots=True)
class Harm:
    """``refused``: the code at opening, or ``None``. ``failed``: page number -> code. ``peak``: bytes, of the larger process."""

    name: str
    media_type: str | None
    refused: str | None
    pages: int
    warnings: tuple[str, ...]
    failed: dict[str, str]
    pulled: int
    seconds: float
    peak: int


def suffer(path: Path) -> Harm:
    """Open the file and decode its first ``PAGES`` pages and its last, as the pipeline does. Errors that have no code are not caught."""
    started = time.monotonic()
    failed: dict[str, str] = {}
    pulled = 0
    refused = media_type = None
    pages = 0
    warnings: tuple[str, ...] = ()
    try:
        info = decode.open_document(path, LIMITS)
        media_type, pages, warnings = info.media_type, info.page_count, info.warnings
        for number in sorted({*range(1, info.page_count + 1)[:PAGES], info.page_count}):
            try:
                page = decode.decode_page(info, number, LIMITS)
                pulled += page.source is not None
            except DigitizeError as error:
                failed[str(number)] = error.code
    except DigitizeError as error:
        refused = error.code
    decode.stop()
    peak = max(_own_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
    return Harm(path.name, media_type, refused, pages, warnings, failed, pulled, time.monotonic() - started, peak)


def _own_peak() -> int:
    """Bytes. Not of ``getrusage``: there a process begins with the peak of the one that started it, tests and all."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def suffer_apart(*paths: Path) -> list[Harm]:
    """``suffer`` one after the other in a process of their own. Raises when it crashes or hangs, and says at which file."""
    argv = [sys.executable, "-m", "tests.faults.harm", *map(str, paths)]
    done = subprocess.run(argv, capture_output=True, timeout=DEADLINE * len(paths), check=False)
    harms = [Harm(**json.loads(line)) for line in done.stdout.splitlines()]
    if done.returncode != 0:
        raise AssertionError(f"{paths[len(harms)].name}: ended with {done.returncode}\n{done.stderr.decode()[-2000:]}")
    return harms


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(json.dumps(asdict(suffer(Path(name)))), flush=True)  # noqa: T201  # its answer
