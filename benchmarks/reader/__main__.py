"""``make bench-reader``: the reader beside tesseract fast and script, on the same crops and pages, in one run.

Raw numbers and a table go to ``benchmarks/results/reader-<date>-<commit>``. Each part can be left out (``--parts real digital pages``).
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from statistics import mean, median
from typing import Any

from benchmarks.measure import keep, machine
from benchmarks.reader import digital, pages, real
from benchmarks.reader.engines import NAMES, Contestant, contestants
from benchmarks.reader.judge import BINS, Tally, kind
from benchmarks.reader.truth import SCANS, load

PARTS = ("real", "digital", "pages")


def _numbers(tally: Tally) -> dict[str, float]:
    return {
        "lines": tally.lines,
        "symbols": tally.symbols,
        "errors": tally.errors,
        "cer": round(tally.cer, 3),
        "exact": tally.exact,
        "numbers": tally.numbers,
        "numbers_right": tally.numbers_right,
    }


def _real(engines: list[Contestant], out: list[str]) -> dict[str, Any]:
    before = {engine.name: engine.seconds for engine in engines}
    result = real.measure(load(), engines)
    names = sorted({name for tallies in result.tallies.values() for name in tallies}, key=lambda n: (n != real.ALL, n))
    out += ["## Hand-typed lines of real scans", "", "CER % (number tokens right %) of the same crops", ""]
    out += [f"| | lines | {' | '.join(e.name for e in engines)} |", "|---|---|" + "---|" * len(engines)]
    for name in names:
        shown = [result.tallies[e.name].get(name, Tally()) for e in engines]
        out.append(
            f"| {name} | {shown[0].lines} | " + " | ".join(f"{t.cer:.2f} ({t.number_share:.1f})" for t in shown) + " |"
        )
    out += ["", "| of all printed | " + " | ".join(e.name for e in engines) + " |", "|---|" + "---|" * len(engines)]
    whole = [result.tallies[e.name][real.ALL] for e in engines]
    out.append("| lines without an error | " + " | ".join(f"{t.exact}/{t.lines}" for t in whole) + " |")
    out.append("| number tokens | " + " | ".join(f"{t.numbers_right}/{t.numbers}" for t in whole) + " |")
    out.append("| calibration error, points | " + " | ".join(f"{t.calibration_error():.1f}" for t in whole) + " |")
    seconds = [(e.seconds - before[e.name]) / result.pages for e in engines]
    out.append("| recognise, CPU s a page | " + " | ".join(f"{s:.3f}" for s in seconds) + " |")
    kinds = [
        Counter({k: sum(n for slip, n in t.slips.items() if kind(slip) == k) for k in {kind(s) for s in t.slips}})
        for t in whole
    ]
    for name in sorted({k for counter in kinds for k in counter}):
        out.append(f"| wrong: {name} | " + " | ".join(str(counter[name]) for counter in kinds) + " |")
    spent = [
        f"{name} {1000 * median(seconds):.0f} (mean {1000 * mean(seconds):.0f})"
        for name, seconds in (("cleaning", result.cleaning), ("cutting", result.cutting))
    ]
    out += ["", f"CPU ms a page, median: {', '.join(spent)}.", ""]
    out += [
        "Reliability of the reader's words: confidence, words, of them right",
        "",
        "| bin | words | mean confidence | right |",
        "|---|---|---|---|",
    ]
    for index, (words, right, sure) in enumerate(whole[0].bins):
        if words:
            out.append(
                f"| {BINS[index]:g} to {min(1, BINS[index + 1]):g} | {words:.0f} | {100 * sure / words:.1f} | {100 * right / words:.1f} |"
            )
    out += [
        "",
        f"Commonest slips of the reader: {', '.join(f'`{s}` {n}' for s, n in whole[0].slips.most_common(15))}",
        "",
    ]
    return {
        "tallies": {e: {n: _numbers(t) for n, t in tallies.items()} for e, tallies in result.tallies.items()},
        "wrong": [[w.file, w.page, w.box, w.text, engine, read] for w, engine, read in result.wrong],
        "clean_seconds": result.cleaning,
        "cut_seconds": result.cutting,
        "recognise_seconds_a_page": dict(zip([e.name for e in engines], seconds, strict=True)),
        "bins": {e.name: t.bins for e, t in zip(engines, whole, strict=True)},
    }


def _digital(engines: list[Contestant], out: list[str], pages_a_file: int) -> dict[str, Any]:
    tallies = digital.measure(engines, pages_a_file)
    out += [
        "## Renderings of Word-born PDFs",
        "",
        "CER %",
        "",
        "| dpi | wear | lines | " + " | ".join(e.name for e in engines) + " |",
    ]
    out.append("|---|---|---|" + "---|" * len(engines))
    for dpi in digital.RESOLUTIONS:
        for wear in digital.WEARS:
            shown = [tallies[e.name, dpi, wear] for e in engines]
            out.append(f"| {dpi} | {wear} | {shown[0].lines} | " + " | ".join(f"{t.cer:.2f}" for t in shown) + " |")
    out.append("")
    for dpi in digital.RESOLUTIONS[:2]:
        slips = tallies[engines[0].name, dpi, "clean"].slips.most_common(12)
        out.append(f"Slips at {dpi} dpi, clean: {', '.join(f'`{s}` {n}' for s, n in slips)}")
    out.append("")
    return {f"{name} {dpi} {wear}": _numbers(tally) for (name, dpi, wear), tally in tallies.items()}


def _pages(out: list[str]) -> dict[str, Any]:
    results = {name: pages.measure(name) for name in pages.ENGINES}
    out += [
        "## Whole pages, reading order as paper",
        "",
        "CER % / word recall %",
        "",
        "| | " + " | ".join(results) + " |",
    ]
    out.append("|---|" + "---|" * len(results))
    for index, row in enumerate(next(iter(results.values())).rows):
        shown = [r.rows[index] for r in results.values()]
        out.append(
            f"| {row[0]} | " + " | ".join(f"{100 * e / c:.2f} / {100 * f / w:.1f}" for _, e, c, f, w in shown) + " |"
        )
    out.append(
        "| cut and recognise, median s a page | "
        + " | ".join(f"{r.median_recognise:.3f}" for r in results.values())
        + " |"
    )
    out.append(
        "| the whole page, mean CPU s | "
        + " | ".join(f"{sum(r.whole) / len(r.whole):.3f}" for r in results.values())
        + " |"
    )
    out += ["", f"Resident memory of this process, with all engines that were loaded: {pages.memory_mib():.0f} MiB", ""]
    return {name: {"rows": r.rows, "recognise": r.recognise, "whole": r.whole} for name, r in results.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--engines", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--pages-a-file", type=int, default=2, help="of the Word-born PDFs")
    given = parser.parse_args()
    if not SCANS.is_dir():
        print("The scans to measure on (../shared/scans) are not here; nothing was measured.", file=sys.stderr)
        return 2
    record: dict[str, Any] = {"machine": machine(), "options": vars(given)}
    out = [f"# The reader beside tesseract, {record['machine']['date']}", "", str(record["machine"]), ""]
    engines = contestants(given.engines)
    if "real" in given.parts:
        record["real"] = _real(engines, out)
    if "digital" in given.parts:
        record["digital"] = _digital(engines, out, given.pages_a_file)
    if "pages" in given.parts:
        record["pages"] = _pages(out)
    keep("reader", record, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
