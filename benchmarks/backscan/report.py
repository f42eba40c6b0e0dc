"""A run's record as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.backscan.counter import Probe, spread
from benchmarks.backscan.hosts import medians

MIB = 2**20
SHADOW = 30.0
"""Seconds after a blow in which the counter's waits are told apart."""
PARTS = 5


def of_run(record: Mapping[str, Any]) -> list[str]:
    """Pace, counter, memory, growth, reconciliation, matching."""
    pages, seconds = record["pages"], record["seconds"]
    lines = [
        "# A back-scan of a year, killed on the way",
        "",
        str(record["machine"]),
        "",
    ]
    lines += [
        f"{record['papers']} papers, {pages} pages, {record['bytes'] / MIB:.0f} MiB, in {seconds / 60:.1f} min: **{pages / seconds * 3600:.0f} pages an hour**.",
        "",
        *_pace(record),
        "",
        *_blows(record),
        *_counter(record),
        *_memory(record),
        *_growth(record),
        *_reconciliation(record),
        *_matching(record["matching"]),
    ]
    return lines


def _pace(record: Mapping[str, Any]) -> list[str]:
    """Whether it slows down as the service fills."""
    moments, pages = record["moments"], record["pages"]
    found, last = [], (0.0, 0)
    for part in range(1, PARTS + 1):
        reached = next((one for one in moments if one["pages"] >= pages * part / PARTS), moments[-1])
        hours = (reached["at"] - last[0]) / 3600
        found.append(f"{(reached['pages'] - last[1]) / hours:.0f}" if hours else "–")
        last = (reached["at"], reached["pages"])
    return [f"By fifths of the pages, kills included: {', '.join(found)} pages an hour."]


def _blows(record: Mapping[str, Any]) -> list[str]:
    if not record["blows"]:
        return ["Nothing was killed.", ""]
    rows = [
        f"| {one['at']:.0f} | {one['papers_done']} | {one['victims']} | {one['processes']} | {one['next_paper_after']:.1f} |"
        for one in record["blows"]
    ]
    head = ["| at, s | papers done | killed (-9) | processes | next paper done after, s |", "|---|---|---|---|---|"]
    return [*head, *rows, ""]


def _counter(record: Mapping[str, Any]) -> list[str]:
    probes = [Probe(**one) for one in record["probes"]]
    struck = [one["at"] for one in record["blows"]]
    shadowed = [one for one in probes if any(-one.done <= one.at - at <= SHADOW for at in struck)]
    quiet = [one for one in probes if one not in shadowed]
    rows = {
        "before, nothing else running": [Probe(**one) for one in record["idle"]],
        "during the back-scan": quiet,
        f"within {SHADOW:g} s of a kill": shadowed,
        "during, all": probes,
    }
    lines = [
        "## How long the counter waited",
        "",
        "Seconds from the first byte sent: p50 · p95 · most.",
        "",
        "| | pages | accepted (202) | first look told | PDF ready |",
        "|---|---|---|---|---|",
    ]
    for name, some in rows.items():
        if some:
            told = [f"{one['p50']:.2f} · {one['p95']:.2f} · {one['max']:.2f}" for one in spread(some).values()]
            lines.append(f"| {name} | {len(some)} | {' | '.join(told)} |")
    lost = record["counter_lost"] + record["counter_failed"]
    return [*lines, "", f"Pages of the counter lost or not done: {len(lost)}. {'; '.join(lost)}".rstrip(), ""]


def _memory(record: Mapping[str, Any]) -> list[str]:
    total, largest = (max(one[name] for one in record["moments"]) / MIB for name in ("memory", "largest"))
    return [
        "## Memory",
        "",
        f"All processes together {total:.0f} MiB at most (USS); the largest one {largest:.0f} MiB (RSS).",
        "",
    ]


def _growth(record: Mapping[str, Any]) -> list[str]:
    pages = record["pages"] + len(record["probes"])
    grown = {name: record["disk_after"][name] - record["disk_before"][name] for name in record["disk_before"]}
    told = ", ".join(f"{name} {size / pages / 1024:.1f}" for name, size in grown.items())
    of_input = (grown["originals"] + grown["derived"]) / record["bytes"]
    return [
        "## Growth",
        "",
        f"KiB a page: {told}. Input {record['bytes'] / record['pages'] / 1024:.1f}; originals and what is derived of them: {of_input:.2f} of the input.",
        "",
    ]


def _reconciliation(record: Mapping[str, Any]) -> list[str]:
    found, verify = record["reconciliation"], record["verify"]
    lines = [
        "## Reconciliation",
        "",
        (
            f"* From the files: {found['papers']} of {record['papers']} papers once, {found['pages']} of {record['pages']} pages; "
            f"{found['words_found'] / max(1, found['words']):.2%} of the printed words in the paper's own PDF, the worst page {found['least_words']:.0%}."
        ),
        f"* Differences: {len(found['wrong'])}. PDFs that no row names, left by kills: {found['orphans']}.",
        f"* `digitize batch verify` (hashes every original and PDF again): exit code {verify['exit']}, {verify['seconds']:.0f} s.",
    ]
    return [*lines, *(f"  * {one}" for one in found["wrong"][:20]), ""]


def _matching(found: Mapping[str, Any]) -> list[str]:
    share = found["tied_right"] / max(1, found["lines_with_a_paper"])
    return [
        "## Matching to the inventory",
        "",
        f"As the machine read them, nobody having looked: {found['lines']} lines, {found['papers']} papers, {found['seconds']:.1f} s.",
        "",
        (
            f"* {found['tied_right']} of {found['lines_with_a_paper']} lines that have a paper get their own ({share:.1%}), {found['tied_wrong']} another one; "
            f"of the {found['typed_wrong']} lines typed with a slip {found['typed_wrong_tied']} are tied."
        ),
        (
            f"* {found['of_them_told_missing']} of {found['lines_without_a_paper']} lines without a paper are told as not received; "
            f"{found['of_them_told_unlisted']} of {found['papers_in_no_line']} papers in no line as not listed."
        ),
        f"* Records for people: {', '.join(f'{name} {count}' for name, count in found['findings'].items())}.",
    ]


def of_hosts(record: Mapping[str, Any]) -> list[str]:
    """Pages an hour of each column, and what the second host is worth."""
    every = medians(dict(record))
    alone = every["1 x 1"]["pages_per_hour"]
    lines = [
        "# A second worker host",
        "",
        str(record["machine"]),
        "",
        (
            f"{record['papers']} papers, {record['pages']} pages a run; PostgreSQL, Redis and S3 on the same machine; medians of "
            f"{max(run['round'] for run in record['runs']) + 1} rounds."
        ),
        "",
        "| hosts x processes | pages an hour | beside one host | cores busy: workers | cores busy: PostgreSQL, Redis, S3 |",
        "|---|---|---|---|---|",
    ]
    for name, one in every.items():
        lines.append(
            f"| {name} | {one['pages_per_hour']:.0f} | {one['pages_per_hour'] / alone:.2f} | {one['cores_busy_workers']:.2f} | {one['cores_busy_servers']:.2f} |"
        )
    return lines
