"""The programs, each called as its user calls it: a file in, a searchable PDF out. Every call is accounted for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, as_dict, run

OCRMYPDF_VERSION = "17.13.0"
BENCH = ROOT / ".bench"
TESSERACT_DPI = 300
_TESSERACT = """
set -eu
export OMP_THREAD_LIMIT=1
case "$1" in *.pdf) pdftoppm -r {dpi} -png "$1" page;; *) cp "$1" "page-1.${{1##*.}}";; esac
ls page-* | xargs -P "$3" -I @ tesseract @ @ -l vie pdf
qpdf --empty --pages $(ls page-*.pdf | sort -V) -- "$2"
"""

Program = Callable[[Path, Path, int], dict[str, Any]]
"""Source, target PDF and number of cores in; exit code, seconds and bytes out."""


def ocrmypdf_program() -> Path:
    """OCRmyPDF in an environment of its own, installed on first use."""
    home = BENCH / "ocrmypdf"
    program = home / "bin" / "ocrmypdf"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(home / "bin" / "pip"), "install", "-q", f"ocrmypdf=={OCRMYPDF_VERSION}"], check=True)
    return program


def ocrmypdf(source: Path, target: Path, jobs: int) -> dict[str, Any]:
    """With deskew and rotation on."""
    return _ocrmypdf(source, target, jobs, ["--deskew", "--rotate-pages"])


def ocrmypdf_plain(source: Path, target: Path, jobs: int) -> dict[str, Any]:
    """Every page as it lies."""
    return _ocrmypdf(source, target, jobs, [])


def _ocrmypdf(source: Path, target: Path, jobs: int, options: Sequence[str]) -> dict[str, Any]:
    """Where it refuses, the flag it asks for is added, and that is reported. Only the accepted run is timed."""
    flags: list[str] = []
    while True:
        argv = [str(ocrmypdf_program()), "-l", "vie", *options, "--output-type", "pdf"]
        argv += ["-j", str(jobs), *flags, str(source), str(target)]
        result = run(argv)
        said = result.stderr_tail.lower()
        if result.exit_code == 0:
            return as_dict(result) | {"flags": flags}
        if "--invalidate-digital-signatures" not in flags and "signature" in said:
            flags.append("--invalidate-digital-signatures")
        elif result.exit_code == 6 and "--skip-text" not in flags:  # PriorOcrFoundError
            flags.append("--skip-text")
        elif "--image-dpi" not in flags and "dpi" in said:  # a picture that does not tell its resolution
            flags += ["--image-dpi", "82"]
        else:
            return as_dict(result) | {"flags": flags}


def tesseract(source: Path, target: Path, jobs: int) -> dict[str, Any]:
    """Pages drawn at 300 dpi, one tesseract a page, ``jobs`` at a time."""
    with tempfile.TemporaryDirectory() as folder:
        script = f"cd {folder}\n{_TESSERACT.format(dpi=TESSERACT_DPI)}"
        return as_dict(run(["bash", "-c", script, "tesseract", str(source), str(target), str(jobs)]))


def digitize(source: Path, target: Path, jobs: int) -> dict[str, Any]:
    """``digitize scan`` of one file: PDF and JSON written."""
    with tempfile.TemporaryDirectory() as folder:
        record = _scan([source], folder, jobs)
        out = Path(folder) / f"{source.stem}.pdf"
        if out.exists():
            shutil.copyfile(out, target)
            shutil.copyfile(out.with_suffix(".json"), target.with_suffix(".json"))
            report = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
            record["failed_pages"] = sum(1 for page in report["pages"] if page["failure"])
            record["engines"] = sorted({str(page.get("engine")) for page in report["pages"]})
    return record


def digitize_at_once(sources: Sequence[Path], folder: Path, jobs: int) -> dict[str, Any]:
    """All files in one call, as a back-scan team gives them: the readers live on from file to file, as they do in the service."""
    record = _scan(sources, str(folder), jobs)
    seconds = [
        page["seconds"]
        for report in sorted(folder.glob("*.json"))
        for page in json.loads(report.read_text(encoding="utf-8"))["pages"]
    ]
    return record | {"written": len(list(folder.glob("*.pdf"))), "page_seconds": seconds}


def _scan(sources: Sequence[Path], folder: str, jobs: int) -> dict[str, Any]:
    program = os.fspath(ROOT / ".venv" / "bin" / "digitize")
    return as_dict(run([program, "scan", *map(str, sources), "--out", folder, "--jobs", str(jobs)]))
