"""``make bench-gate``: warnings on good pages, on pages spoilt on purpose, and what the look at a page costs.

Raw numbers and a table go to ``benchmarks/results/gate-<date>-<commit>``.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator

import numpy as np

from benchmarks.gate.damages import DAMAGES
from benchmarks.geometry.scans import born_digital, labelled, whole_pages
from benchmarks.measure import SCANS, keep, machine
from workers.limits import Limits
from workers.page import DecodedPage, Origin
from workers.steps.decode import decode_page, open_document
from workers.steps.inspect import Warn, inspect

SEED = 11
TOLD_OF_GOOD = {Warn.BLANK, Warn.DPI_LOW, Warn.DPI_UNKNOWN, Warn.NOT_COLOUR}
"""Facts of a page that is as good as it was scanned; no alarms."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="spoil only every so many pages")
    given = parser.parse_args()
    if not SCANS.is_dir():
        print(f"{SCANS} is absent: nothing to measure", file=sys.stderr)
        return 1
    about = machine()
    good = [*whole_pages(), *labelled("pages"), *born_digital()]
    alarms = [f"{scan.name}: {code}" for scan in good for code in _alarms(scan.page)]
    scanned = [scan for scan in good if not scan.is_blank and scan.page.origin is Origin.RASTER]
    written = [scan for scan in scanned if not scan.name.startswith("digital/")][:: given.every]
    found, asked, missed = Counter[str](), Counter[str](), dict[str, list[str]]()
    for index, scan in enumerate(written):
        for name, (code, damage) in DAMAGES.items():
            if code is Warn.ODD_SIZE and not scan.page.dpi_known:
                continue
            asked[name] += 1
            spoilt = damage(scan.page, np.random.default_rng((SEED, index)))
            if code in inspect(spoilt).warnings:
                found[name] += 1
            else:
                missed.setdefault(name, []).append(scan.name)
    spent = [_seconds(scan.page) for scan in good if scan.name.startswith("official/")]
    others = {name: list(inspect(page).warnings) for name, page in _others()}
    out = [f"# The first look, {about['date']}", "", f"{about}", ""]
    out += [f"False alarms on {len(good)} good pages: {len(alarms)}.", "", *(f"* {alarm}" for alarm in alarms), ""]
    out += ["| spoilt on purpose | code | found |", "|---|---|---|"]
    out += [f"| {name} | {code} | {found[name]} of {asked[name]} |" for name, (code, _) in DAMAGES.items()]
    out += [
        "",
        f"Of one page of `official`: {1000 * statistics.median(spent):.0f} ms of CPU (median), {1000 * max(spent):.0f} at most.",
        "",
    ]
    out += ["| other pictures | warnings |", "|---|---|"]
    out += [f"| {name} | {', '.join(codes)} |" for name, codes in others.items()]
    record = {
        "machine": about,
        "alarms": alarms,
        "pages": len(written),
        "found": dict(found),
        "asked": dict(asked),
        "missed": missed,
    }
    keep("gate", record | {"seconds": spent, "others": others}, out)
    return 0


def _alarms(page: DecodedPage) -> list[str]:
    return [code for code in inspect(page).warnings if code not in TOLD_OF_GOOD]


def _seconds(page: DecodedPage) -> float:
    """Of CPU, the median of three."""
    times = []
    for _ in range(3):
        started = time.process_time()
        inspect(page)
        times.append(time.process_time() - started)
    return statistics.median(times)


def _others() -> Iterator[tuple[str, DecodedPage]]:
    for folder in ("photos", "lowres"):
        for path in sorted((SCANS / folder).glob("*.[jp][pn]g")):
            yield f"{folder}/{path.name}", decode_page(open_document(path, Limits()), 1, Limits())


if __name__ == "__main__":
    sys.exit(main())
