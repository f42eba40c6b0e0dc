"""``make bench-geometry``: which way up, how straight, blank or not, and where the words of the PDF lie, on real scans.

Raw numbers and a table go to ``benchmarks/results/geometry-<date>-<commit>``.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from dataclasses import asdict
from typing import Any

from benchmarks.geometry import positions, steps
from benchmarks.geometry.scans import born_digital, labelled, whole_pages
from benchmarks.geometry.steps import Score
from benchmarks.measure import SCANS, keep, machine

TURNED = 3.0
WORDS = 200
LEAST_IOU = 0.7


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=WORDS)
    given = parser.parse_args()
    if not SCANS.is_dir():
        print(f"{SCANS} is absent: nothing to measure", file=sys.stderr)
        return 1
    about = machine()
    out = [f"# Turning, straightening, finding, {about['date']}", "", f"{about}", ""]
    result = {"machine": about, "scores": _scores(out), "positions": _positions(out, given.words)}
    keep("geometry", result, out)
    return 0


def _scores(out: list[str]) -> dict[str, Any]:
    whole = list(whole_pages())
    written = [scan for scan in whole if not scan.is_blank]
    sides = list(labelled("pages"))
    known, off = steps.known_skews(written)
    scores: dict[str, Score] = {
        "orientation, every turn": steps.turns([*written, *(scan for scan in sides if not scan.is_blank)]),
        "blurred pages of turned stacks, each alone": steps.stacks(written, voting=False),
        "blurred pages of turned stacks, neighbours asked": steps.stacks(written, voting=True),
        "blank or not": steps.blanks([*sides, *whole]),
        f"skew of `skew/` within {steps.WITHIN} degrees": steps.labelled_skews(labelled("skew")),
        f"skew of pages turned by known angles within {steps.WITHIN} degrees": known,
        "straight pages left exactly as they are": steps.straight(born_digital()),
    }
    spent = steps.inspecting(whole)
    out += ["| | right | missed | harm |", "|---|---|---|---|"]
    out += [f"| {name} | {s.right} of {s.asked} | {s.missed} | {s.harm} |" for name, s in scores.items()]
    out += [
        "",
        f"Angles that were found are off by {statistics.median(off):.3f} degrees (median), {max(off):.2f} at most.",
        f"Inspection: {1000 * statistics.median(spent):.0f} ms of CPU a page (median), {1000 * max(spent):.0f} at most.",
        "",
    ]
    for name, score in scores.items():
        out += [f"Not right, {name}:", "", *(f"* {note}" for note in score.notes), ""] if score.notes else []
    return {name: asdict(score) for name, score in scores.items()} | {"angles_off": off, "inspect_seconds": spent}


def _positions(out: list[str], count: int) -> dict[str, Any]:
    scans = [scan for scan in whole_pages() if not scan.is_blank]
    found: dict[str, Any] = {}
    out += [
        f"Words of the PDF on their ink, {count} drawn at random:",
        "",
        f"| | median IoU | 5th percentile | at least {LEAST_IOU} | at least {LEAST_IOU} from left to right |",
        "|---|---|---|---|---|",
    ]
    for name, angle in (("as scanned", 0.0), (f"turned by {TURNED:g} degrees", TURNED)):
        for viewer, words in positions.measure(scans, angle, count).items():
            ious = sorted(word.iou for word in words)
            good, low = sum(iou >= LEAST_IOU for iou in ious), ious[len(ious) // 20]
            across = sum(word.across >= LEAST_IOU for word in words)
            row, total = f"{name}, {viewer}", len(ious)
            out.append(
                f"| {row} | {statistics.median(ious):.2f} | {low:.2f} | {good} of {total} | {across} of {total} |"
            )
            found[row] = [[word.text, word.box, word.ink, word.iou] for word in sorted(words, key=lambda w: w.iou)]
    out.append("")
    return found


if __name__ == "__main__":
    sys.exit(main())
