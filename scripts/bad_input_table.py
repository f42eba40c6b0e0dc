"""Writes docs/bad-input.md: what becomes of each kind of bad file. Run: ``uv run python -m scripts.bad_input_table``."""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path

from tests.faults.harm import Harm, suffer_apart
from tests.paths import ROOT, SCANS

MIB = 1 << 20
HEAD = """# Bad input: what becomes of it

Made by `python -m scripts.bad_input_table` over `../shared/scans/bad` ({files} files out of the test suites of qpdf, pdf.js and
Pillow). Each file is opened and all its pages decoded in a process of its own, as the pipeline does, with 20 s and 1 GiB for
the decoder child. `tests/faults/test_bad_files.py` fails if a process crashes, hangs or passes 1 GiB.

**{crashed} crashed, {hung} hung; the largest process took {peak} MiB; the slowest file {slowest:.1f} s ({slow_name}).**

| kind | files | read whole | read, some pages failed | refused |
|---|---|---|---|---|
"""


def kind_of(name: str, manifest: dict[str, dict[str, str]]) -> str:
    suffix = Path(name).suffix.lower().lstrip(".")
    row = manifest.get(name, {})
    if row.get("open") == "PASSWORD":
        return "PDF, locked"
    if suffix in ("pdf", "fuzz"):
        broken = str(row.get("open", "")).startswith("ERR")
        return "PDF, broken or fuzzed" if broken or suffix == "fuzz" else "PDF, odd but whole"
    return f"image ({suffix})"


def tally(codes: Counter[str]) -> str:
    return ", ".join(f"{count} × `{code}`" for code, count in codes.most_common()) or "–"


def table(harms: list[Harm], manifest: dict[str, dict[str, str]]) -> str:
    groups: dict[str, list[Harm]] = defaultdict(list)
    for harm in harms:
        groups[kind_of(harm.name, manifest)].append(harm)
    slow = max(harms, key=lambda harm: harm.seconds)
    text = HEAD.format(
        files=len(harms),
        crashed=0,
        hung=0,
        peak=max(harm.peak for harm in harms) // MIB,
        slowest=slow.seconds,
        slow_name=slow.name.replace("__", "/"),
    )
    for kind in sorted(groups):
        of_kind = groups[kind]
        whole = sum(1 for harm in of_kind if not harm.refused and not harm.failed)
        partly = [harm for harm in of_kind if harm.failed]
        failed = Counter(code for harm in partly for code in harm.failed.values())
        refused = Counter(harm.refused for harm in of_kind if harm.refused)
        part = f"{len(partly)} ({tally(failed)})" if partly else "–"
        text += f"| {kind} | {len(of_kind)} | {whole or '–'} | {part} | {tally(refused)} |\n"
    text += "\n## Each file\n\n| file | what became of it | pages | s | MiB |\n|---|---|---|---|---|\n"
    for harm in harms:
        text += f"| {harm.name.replace('__', '/')} | {outcome(harm)} | {harm.pages or '–'} "
        text += f"| {harm.seconds:.1f} | {harm.peak // MIB} |\n"
    return text


def outcome(harm: Harm) -> str:
    if harm.refused:
        return f"refused: `{harm.refused}`"
    notes = [f"page {number} `{code}`" for number, code in harm.failed.items()] + [
        f"`{code}`" for code in harm.warnings
    ]
    return "read" + (f"; {', '.join(notes)}" if notes else "")


def main() -> None:
    folder = SCANS / "bad"
    if not folder.is_dir():
        sys.exit("../shared/scans is absent")
    with (folder / "manifest.csv").open(encoding="utf-8") as file:
        manifest = {row["file"]: row for row in csv.DictReader(file)}
    harms = []
    for path in sorted(folder.iterdir()):
        if path.suffix != ".csv":
            harms.extend(suffer_apart(path))
            print(f"{outcome(harms[-1]):60} {path.name}", flush=True)
    (ROOT / "docs" / "bad-input.md").write_text(table(harms, manifest), encoding="utf-8")


if __name__ == "__main__":
    main()
