"""``make bench``: accuracy, speed, memory and size of finished PDFs beside OCRmyPDF and plain tesseract, in one run.

*Speed*: every program reads the same scans, file by file, in turn, on the same cores, in every round; each file is one process
start (the peers' only way, and the harder one for us). Then ``digitize scan`` gets all of them in one call. Medians of the rounds.
*Accuracy* does not change from round to round: the scanned decision of the last round, one low-resolution page with its variants,
and pages drawn from Word-born PDFs, each read once by each program.

    python -m benchmarks.compare [--rounds 3] [--sets official text] [--pages-a-file 1] [--jobs 2]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.compare import judging, programs, report
from benchmarks.compare.inputs import Input, drawn, lowres, scans
from benchmarks.measure import SCANS, keep, machine

TIMED: dict[str, programs.Program] = {
    "OCRmyPDF": programs.ocrmypdf,
    "OCRmyPDF plain": programs.ocrmypdf_plain,
    "tesseract": programs.tesseract,
    "digitize": programs.digitize,
}
JUDGED = ("OCRmyPDF", "tesseract")
"""Beside us on the pages that are read once."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sets", nargs="*", default=["official", "text"], help="folders of scans that are timed")
    parser.add_argument("--pages-a-file", type=int, default=1, help="of the Word-born PDFs")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if not SCANS.is_dir():
        print("The scans to measure on (../shared/scans) are not here; nothing was measured.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as work:
        record: dict[str, Any] = {"machine": machine(), "options": vars(options)}
        record |= _timed(Path(work), scans(options.sets), options.rounds, options.jobs)
        record |= _judged(Path(work), options.pages_a_file, options.jobs)
    keep("compare", record, report.lines(record))
    return 0


def _timed(work: Path, inputs: Sequence[Input], rounds: int, jobs: int) -> dict[str, Any]:
    """Every program over every scan, ``rounds`` times; the accuracy of what it wrote last."""
    runs: list[dict[str, Any]] = []
    at_once: list[dict[str, Any]] = []
    folders = {name: _folder(work, name) for name in TIMED}
    for number in range(rounds):
        for item in inputs:
            for name, program in TIMED.items():
                runs.append(_one(name, program, item, folders[name], jobs) | {"round": number})
        if inputs:
            together = _folder(work, f"at once {number}")
            sources = [item.path for item in inputs]
            at_once.append(programs.digitize_at_once(sources, together, jobs) | {"pages": sum(i.pages for i in inputs)})
    return {
        "runs": runs,
        "at_once": at_once,
        "typed": {name: list(map(asdict, judging.typed(folder))) for name, folder in folders.items()},
        "cell_f1": judging.table_cells(folders["digitize"]),
    }


def _judged(work: Path, pages_a_file: int, jobs: int) -> dict[str, Any]:
    """The low-resolution page and the drawn pages: peers file by file, ``digitize scan`` in one call."""
    pictures = _folder(work, "pictures")
    inputs = [*lowres(), *drawn(pictures, pages_a_file)]
    ours = _folder(work, "ours")
    whole = programs.digitize_at_once([item.path for item in inputs], ours, jobs) | {"pages": len(inputs)}
    runs, scores = list[dict[str, Any]](), list[dict[str, Any]]()
    for item in inputs:
        outputs = {"digitize": ours / f"{item.path.stem}.pdf"}
        for name in JUDGED:
            runs.append(_one(name, TIMED[name], item, _folder(work, f"{name} pictures"), jobs))
            outputs[name] = work / f"{name} pictures" / f"{item.path.stem}.pdf"
        for name, pdf in outputs.items():
            if pdf.exists():
                judge = judging.lowres if item.group == "lowres" else judging.drawn
                size = {"bytes_in": item.path.stat().st_size, "bytes_out": pdf.stat().st_size}
                scores.append({"program": name, "group": item.group} | asdict(judge(item, pdf)) | size)
    return {"pictures": {"digitize": whole, "runs": runs, "scores": scores}}


def _one(name: str, program: programs.Program, item: Input, folder: Path, jobs: int) -> dict[str, Any]:
    target = folder / f"{item.path.stem}.pdf"
    record = program(item.path, target, jobs) | {
        "program": name,
        "file": f"{item.group}/{item.path.name}",
        "pages": item.pages,
        "bytes_in": item.path.stat().st_size,
        "bytes_out": target.stat().st_size if target.exists() else 0,
    }
    print(f"{name:14} {item.path.name[:40]:40} {record['wall']:7.1f} s  exit {record['exit_code']}", flush=True)
    return record


def _folder(work: Path, name: str) -> Path:
    folder = work / name
    folder.mkdir(exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
