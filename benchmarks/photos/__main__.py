"""``make bench-photos``: sheets found in photos, what is read off them, and everything else left exactly alone.

Raw numbers and tables go to ``benchmarks/results/photos-<date>-<commit>``.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks.measure import SCANS, keep, machine
from benchmarks.photos import alone, drawn
from benchmarks.photos.alone import SHEETS_IN_PHOTOS, Alone
from benchmarks.photos.drawn import Seen
from benchmarks.photos.scenes import GROUNDS
from workers.ocr.factory import READER, make_engine

PARTS = ("alone", "drawn")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=6, help="originals, each photographed on every ground")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    given = parser.parse_args()
    if not SCANS.is_dir():
        print(f"{SCANS} is absent: nothing to measure", file=sys.stderr)
        return 1
    about = machine()
    out = [f"# Phone photos, {about['date']}", "", f"{about}", ""]
    result: dict[str, Any] = {"machine": about}
    if "alone" in given.parts:
        tallies = alone.measure()
        out += _alone(tallies)
        result["alone"] = {
            name: {"pages": tally.pages, "changed": tally.changed, "seconds": tally.seconds}
            for name, tally in tallies.items()
        }
    if "drawn" in given.parts:
        seen = list(drawn.measure(make_engine(READER), given.pages))
        out += _drawn(seen)
        result["drawn"] = [one.as_json() for one in seen]
    keep("photos", result, out)
    return 0


def _alone(tallies: dict[str, Alone]) -> list[str]:
    out = [
        "| left exactly alone | pages | taken for photos of a sheet | ms of processor, median |",
        "|---|---|---|---|",
    ]
    for name, tally in tallies.items():
        out.append(f"| {name} | {tally.pages} | {len(tally.changed)} | {tally.median_ms:.1f} |")
    changed = [name for tally in tallies.values() for name in tally.changed]
    wrong = [name for name in changed if not any(sheet in name for sheet in SHEETS_IN_PHOTOS)]
    out += ["", f"Changed: {', '.join(changed) or 'none'}; wrongly: {', '.join(wrong) or 'none'}.", ""]
    return out


def _drawn(seen: Sequence[Seen]) -> list[str]:
    out = [
        "| drawn photos | found | corner error, median and largest (thousandths of the long side) | CER % flat, before, after | word recall % |",
        "|---|---|---|---|---|",
    ]
    groups: list[tuple[str, list[Seen]]] = [(ground, [s for s in seen if s.ground == ground]) for ground in GROUNDS]
    groups += [(f"curl {curl:g} mm", [s for s in seen if s.curl == curl]) for curl in drawn.CURLS]
    groups.append(("all", list(seen)))
    groups.append(("all that were found", [s for s in seen if s.corner_error is not None]))
    out += [_row(name, group) for name, group in groups if group]
    missed = [f"{one.page} on {one.ground}" for one in seen if one.corner_error is None]
    return [*out, "", f"Not found: {', '.join(missed) or 'none'}.", ""]


def _row(name: str, group: Sequence[Seen]) -> str:
    off = [one.corner_error for one in group if one.corner_error is not None]
    where = f"{statistics.median(off):.2f}, {max(off):.2f}" if off else "–"
    letters, words = sum(one.letters for one in group), sum(one.words for one in group)
    states = ("flat", "before", "after")
    errors = " · ".join(f"{100 * sum(one.errors[state] for one in group) / letters:.2f}" for state in states)
    recall = " · ".join(f"{100 * sum(one.found[state] for one in group) / words:.1f}" for state in states)
    return f"| {name} | {len(off)} of {len(group)} | {where} | {errors} | {recall} |"


if __name__ == "__main__":
    sys.exit(main())
