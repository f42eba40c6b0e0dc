"""The run's raw numbers as tables."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.compare.programs import OCRMYPDF_VERSION

_Rows = Sequence[Mapping[str, Any]]
OURS = "digitize"


def lines(record: Mapping[str, Any]) -> list[str]:
    """Markdown."""
    options, runs = record["options"], record["runs"]
    title = f"# Beside OCRmyPDF {OCRMYPDF_VERSION} and plain tesseract: {', '.join([*options['sets'], 'lowres', 'digital'])}"
    found = [title, "", str(record["machine"]), ""]
    if runs:
        found += _speed(runs, record["at_once"], options["rounds"]) + _typed(record) + _sizes(record)
    found += _pictures(record["pictures"])
    flagged = {run["file"]: run["flags"] for run in runs if run.get("flags")}
    found += ["", "OCRmyPDF refused these files until it was given flags:", ""]
    return found + [f"* `{name}`: {' '.join(flags)}" for name, flags in flagged.items()]


def totals(runs: _Rows) -> dict[str, dict[str, float]]:
    """By program: medians of the rounds by file, then sums."""
    found = {}
    for name in dict.fromkeys(run["program"] for run in runs):
        own = [run for run in runs if run["program"] == name]
        files = [[run for run in own if run["file"] == file] for file in dict.fromkeys(run["file"] for run in own)]
        wall = sum(statistics.median(run["wall"] for run in of_file) for of_file in files)
        pages = sum(of_file[0]["pages"] for of_file in files)
        found[name] = {
            "pages": pages,
            "pages a second": pages / wall,
            "CPU seconds": sum(statistics.median(run["cpu"] for run in of_file) for of_file in files),
            "peak memory, all processes (MiB)": max(run["peak_bytes"] for run in own) / 2**20,
            "largest process (MiB)": max(run["worker_bytes"] for run in own) / 2**20,
            "output / input bytes": sum(f[0]["bytes_out"] for f in files) / sum(f[0]["bytes_in"] for f in files),
            "calls that failed": sum(run["exit_code"] != 0 for run in own),
        }
    return found


def _speed(runs: _Rows, at_once: _Rows, rounds: int) -> list[str]:
    every = totals(runs)
    pages = every[OURS].pop("pages")
    found = [
        "## Speed, memory, size",
        "",
        f"{pages:.0f} pages, medians of {rounds} rounds; one process start a file.",
        "",
    ]
    found += _table("", every, {name: [f"{every[p][name]:.2f}" for p in every] for name in every[OURS]})
    wall, cpu = (statistics.median(run[key] for run in at_once) for key in ("wall", "cpu"))
    speed, largest = pages / wall, max(run["worker_bytes"] for run in at_once) / 2**20
    found += [
        "",
        f"All in one call of `digitize scan`: {speed:.2f} pages a second, {cpu:.1f} CPU seconds, largest process {largest:.0f} MiB.",
    ]
    shares = [
        f"{speed / every[p]['pages a second']:.1f} ({every[OURS]['pages a second'] / every[p]['pages a second']:.1f} file by file) times {p}"
        for p in every
        if p != OURS
    ]
    return [*found, f"That is {', '.join(shares)}.", "", *_steps(at_once[-1]["page_seconds"])]


def _steps(pages: Sequence[Mapping[str, float]]) -> list[str]:
    """Where a page's time goes: the step's part of all seconds, and its median over the pages that took it."""
    every = sum(sum(page.values()) for page in pages)
    found = ["Where the time of a page goes, in that call:", "", *_head("step", ["part", "median ms", "pages"])]
    for step in dict.fromkeys(name for page in pages for name in page):
        own = [page[step] for page in pages if step in page]
        share, middle = 100 * sum(own) / every, 1000 * statistics.median(own)
        found.append(_row(step, [f"{share:.0f} %", f"{middle:.0f}", f"{len(own)}"]))
    return [*found, ""]


def _typed(record: Mapping[str, Any]) -> list[str]:
    scores: Mapping[str, _Rows] = record["typed"]
    found = [
        "## The scanned decision, typed by hand",
        "",
        *_head("CER % as written (as pdftotext orders) · recall in order · in any order", scores),
    ]
    names = dict.fromkeys(score["pages"] for rows in scores.values() for score in rows)
    found += [_row(n, [_score([s for s in rows if s["pages"] == n]) for rows in scores.values()]) for n in names]
    found.append(_row("all", [_score(rows) for rows in scores.values()]))
    if record["cell_f1"] is not None:
        found += [
            "",
            f"Cells of the annex's table that are wholly right: F1 {record['cell_f1']:.3f} (the others tell no cells).",
        ]
    return [*found, ""]


def _pictures(pictures: Mapping[str, Any]) -> list[str]:
    scores = pictures["scores"]
    names = list(dict.fromkeys(score["program"] for score in scores))
    found = [
        "## Low resolution, and pages drawn from Word-born PDFs",
        "",
        *_head("CER % as written (as pdftotext orders) · recall in order · in any order", names),
    ]
    groups = dict.fromkeys(score["group"] for score in scores)
    for group in groups:
        rows = [score for score in scores if score["group"] == group]
        if group == "lowres":
            for page in dict.fromkeys(score["pages"] for score in rows):
                of_page = [[s for s in rows if s["pages"] == page and s["program"] == name] for name in names]
                found.append(_row(page, map(_score, of_page)))
        found.append(
            _row(
                f"{group}, {len(rows) // len(names)} pages",
                [_score([s for s in rows if s["program"] == n]) for n in names],
            )
        )
    whole = pictures["digitize"]
    found += [
        "",
        f"{whole['pages']} pictures in one call of `digitize scan`: largest process {whole['worker_bytes'] / 2**20:.0f} MiB.",
    ]
    return found


def _sizes(record: Mapping[str, Any]) -> list[str]:
    """Each file that is larger than a peer's or than 1.05 of what came in."""
    by_file: dict[str, dict[str, int]] = {}
    for run in record["runs"]:
        by_file.setdefault(run["file"], {"in": run["bytes_in"]})[run["program"]] = run["bytes_out"]
    for score in record["pictures"]["scores"]:
        name = f"{score['group']}/{score['pages']}"
        by_file.setdefault(name, {"in": score["bytes_in"]})[score["program"]] = score["bytes_out"]
    peers = ("OCRmyPDF", "OCRmyPDF plain")
    larger = [(n, s) for n, s in by_file.items() if any(s[OURS] > s[peer] for peer in peers if s.get(peer))]
    found = ["## Size", "", f"Ours is larger than OCRmyPDF's in {len(larger)} of {len(by_file)} files."]
    if larger:
        found += ["", "| file | bytes in | ours | OCRmyPDF | OCRmyPDF plain |", "|---|---|---|---|---|"]
        found += [_row(n, [f"{s.get(k, 0):,}" for k in ("in", OURS, *peers)]) for n, s in larger]
    return [*found, ""]


def _score(rows: Iterable[Mapping[str, Any]]) -> str:
    rows = list(rows)
    if not rows:
        return ""
    total = {key: sum(row[key] for row in rows) for key in rows[0] if isinstance(rows[0][key], int)}
    letters = total["characters"]
    return (
        f"{100 * total['edits_as_written'] / letters:.2f} ({100 * total['edits'] / letters:.2f})"
        f" · {100 * total['in_order'] / total['ordered_words']:.1f} · {100 * total['found'] / total['words']:.1f}"
    )


def _table(corner: str, columns: Iterable[str], rows: Mapping[str, Iterable[str]]) -> list[str]:
    return [*_head(corner, columns), *(_row(name, cells) for name, cells in rows.items())]


def _head(corner: str, columns: Iterable[str]) -> list[str]:
    columns = list(columns)
    return [_row(corner, columns), "|---" * (len(columns) + 1) + "|"]


def _row(name: str, cells: Iterable[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"
