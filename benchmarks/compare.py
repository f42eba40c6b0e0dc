"""Accuracy and speed on real scans, beside OCRmyPDF, in one run.

Both programs read the same files one after the other, in turn, on the same cores; every file is one process start for
both (that is OCRmyPDF's only way, and the harder one for us). Then ``digitize scan`` gets all files in one call, as a back-scan
team gives them; its workers live on from file to file, as they do in the service. Accuracy is judged on the finished PDFs through
``pdftotext``. Raw numbers go to ``benchmarks/results/compare-<date>-<commit>.json``, a table beside it.

    python -m benchmarks.compare [--rounds 3] [--sets official text] [--jobs 2]
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pikepdf

from benchmarks.accuracy import cell_f1, cer, pdf_text, word_recall
from benchmarks.annex import as_truth, without_ticks
from benchmarks.measure import ROOT, SCANS, as_dict, keep, machine, run
from benchmarks.reader.judge import folded

OCRMYPDF_VERSION = "17.13.0"
BENCH = ROOT / ".bench"

# Pages of the scanned decision and the file that holds their typed truth.
TRUTHS = [
    ("241_qd.pdf", 1, 1, "241_qd_p1.txt"),
    ("241_qd.pdf", 2, 2, "241_qd_p2.txt"),
    ("241_qd.pdf", 3, 3, "241_qd_p3.txt"),
    ("241_qd.pdf", 4, 11, "241_qd_p4-11_annex_table_rowmajor.txt"),
]


def ocrmypdf_program() -> Path:
    """OCRmyPDF in an environment of its own, installed on first use."""
    home = BENCH / "ocrmypdf"
    program = home / "bin" / "ocrmypdf"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(home / "bin" / "pip"), "install", "-q", f"ocrmypdf=={OCRMYPDF_VERSION}"], check=True)
    return program


def run_ocrmypdf(source: Path, target: Path, jobs: int) -> dict[str, Any]:
    """OCRmyPDF with deskew and rotation on. Where it refuses, the flag it asks for is added, and that is reported.

    Only the accepted run is timed.
    """
    flags: list[str] = []
    while True:
        argv = [str(ocrmypdf_program()), "-l", "vie", "--deskew", "--rotate-pages", "--output-type", "pdf"]
        argv += ["-j", str(jobs), *flags, str(source), str(target)]
        result = run(argv)
        if result.exit_code == 0:
            return as_dict(result) | {"flags": flags}
        if "--invalidate-digital-signatures" not in flags and "signature" in result.stderr_tail.lower():
            flags.append("--invalidate-digital-signatures")
        elif result.exit_code == 6 and "--skip-text" not in flags:  # PriorOcrFoundError
            flags.append("--skip-text")
        else:
            return as_dict(result) | {"flags": flags}


def run_ours(source: Path, target: Path, jobs: int) -> dict[str, Any]:
    """``digitize scan`` as a user calls it: PDF and JSON written."""
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


def run_ours_at_once(files: list[Path], jobs: int) -> dict[str, Any]:
    """All files in one call of ``digitize scan``."""
    with tempfile.TemporaryDirectory() as folder:
        record = _scan(files, folder, jobs)
        return record | {"pages": sum(map(pages_of, files)), "written": len(list(Path(folder).glob("*.pdf")))}


def _scan(files: list[Path], folder: str, jobs: int) -> dict[str, Any]:
    program = str(ROOT / ".venv" / "bin" / "digitize")
    return as_dict(run([program, "scan", *map(str, files), "--out", folder, "--jobs", str(jobs)]))


def pages_of(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def accuracy(folder: Path) -> list[dict[str, Any]]:
    """CER and word recall for each typed truth, from the PDFs in ``folder``."""
    rows: list[dict[str, Any]] = []
    for name, first, last, truth_name in TRUTHS:
        pdf = folder / name
        if not pdf.exists():
            continue
        truth = folded((SCANS / "text" / truth_name).read_text(encoding="utf-8"))
        read, written = (
            [folded(pdf_text(pdf, number, number, raw=raw)) for number in range(first, last + 1)]
            for raw in (False, True)
        )
        hit, words = word_recall(truth, " ".join(read))
        if "table" in truth_name:
            truth, read, written = without_ticks(truth), [as_truth(read)], [as_truth(written)]
        edits, length = cer(truth, " ".join(read))
        rows.append(
            {
                "pages": f"{name} {first}-{last}",
                "edits": edits,
                "edits_as_written": cer(truth, " ".join(written))[0],
                "characters": length,
                "words_found": hit,
                "words": words,
            }
        )
    return rows


def table_cells(folder: Path) -> float | None:
    """F1 of the cells of the annex; ``None`` for a program that tells no cells."""
    name, *_, truth_name = TRUTHS[-1]
    report = (folder / name).with_suffix(".json")
    if not report.exists():
        return None
    truth = (SCANS / "text" / truth_name).read_text(encoding="utf-8").splitlines()
    tables = json.loads(report.read_text(encoding="utf-8"))["tables"]
    read = [cell["text"] for table in tables for row in table["rows"] for cell in row]
    # The titles above the table stand first in the truth, a line each.
    return cell_f1([folded(cell) for cell in truth[truth.index("STT") :]], [folded(cell) for cell in read])


def summary(runs: list[dict[str, Any]], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Totals of one program: medians of the rounds by file, then sums."""
    by_file: dict[str, list[dict[str, Any]]] = {}
    for record in runs:
        by_file.setdefault(record["file"], []).append(record)
    wall = sum(statistics.median(r["wall"] for r in records) for records in by_file.values())
    cpu = sum(statistics.median(r["cpu"] for r in records) for records in by_file.values())
    pages = sum(records[0]["pages"] for records in by_file.values())
    size_in = sum(records[0]["bytes_in"] for records in by_file.values())
    size_out = sum(records[0]["bytes_out"] for records in by_file.values())
    edits, length = sum(r["edits_as_written"] for r in rows), sum(r["characters"] for r in rows)
    found, words = sum(r["words_found"] for r in rows), sum(r["words"] for r in rows)
    return {
        "pages": pages,
        "wall": wall,
        "cpu": cpu,
        "pages_per_second": pages / wall,
        "peak_mib": max(r["peak_bytes"] for r in runs) / 2**20,
        "largest_process_mib": max(r["worker_bytes"] for r in runs) / 2**20,
        "output_over_input": size_out / size_in,
        "cer_percent": 100 * edits / length if length else None,
        "word_recall_percent": 100 * found / words if words else None,
        "failures": sum(1 for r in runs if r["exit_code"] != 0),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--sets", nargs="+", default=["official", "text"])
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if not SCANS.is_dir():
        print("The scans to measure on (../shared/scans) are not here; nothing was measured.", file=sys.stderr)
        return 2

    files = [path for name in options.sets for path in sorted((SCANS / name).glob("*.pdf"))]
    programs = {"OCRmyPDF": run_ocrmypdf, "digitize": run_ours}
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as work:
        folders = {name: Path(work) / name for name in programs}
        for folder in folders.values():
            folder.mkdir()
        for round_number in range(options.rounds):
            for path in files:
                for name, program in programs.items():
                    target = folders[name] / path.name
                    record = program(path, target, options.jobs)
                    record |= {
                        "file": f"{path.parent.name}/{path.name}",
                        "round": round_number,
                        "pages": pages_of(path),
                        "bytes_in": path.stat().st_size,
                        "bytes_out": target.stat().st_size if target.exists() else 0,
                    }
                    runs[name].append(record)
                    print(
                        f"{name:9} {path.name[:40]:40} {record['wall']:7.1f} s  exit {record['exit_code']}", flush=True
                    )
        rows = {name: accuracy(folder) for name, folder in folders.items()}
        cells = table_cells(folders["digitize"])
    at_once = [run_ours_at_once(files, options.jobs) for _ in range(options.rounds)]

    totals = {name: summary(runs[name], rows[name]) for name in programs}
    record = {"machine": machine(), "options": vars(options), "totals": totals, "accuracy": rows, "runs": runs}
    write(record | {"at_once": at_once, "cell_f1": cells})
    return 0


def _cers(row: dict[str, Any]) -> str:
    return ", ".join(f"{100 * row[key] / row['characters']:.2f}" for key in ("edits", "edits_as_written"))


def write(record: dict[str, Any]) -> None:
    """The raw numbers as JSON and the table as Markdown, both named by date and commit; the table is printed too."""
    theirs, ours = record["totals"]["OCRmyPDF"], record["totals"]["digitize"]
    lines = [
        f"# Beside OCRmyPDF {OCRMYPDF_VERSION}: {', '.join(record['options']['sets'])}",
        "",
        f"{record['machine']}; medians of {record['options']['rounds']} round(s); {ours['pages']} pages.",
        "",
        "| | OCRmyPDF | digitize | ours / theirs |",
        "|---|---|---|---|",
    ]
    for key, label, digits in [
        ("pages_per_second", "pages a second", 2),
        ("cpu", "CPU seconds", 1),
        ("peak_mib", "peak memory, all processes (MiB)", 0),
        ("largest_process_mib", "largest process (MiB)", 0),
        ("output_over_input", "output / input bytes", 2),
        ("cer_percent", "character error rate, as written (%)", 2),
        ("word_recall_percent", "word recall (%)", 2),
        ("failures", "files that failed", 0),
    ]:
        a, b = theirs[key], ours[key]
        if a is None or b is None:
            continue
        ratio = f"{b / a:.2f}" if a else ""
        lines.append(f"| {label} | {a:.{digits}f} | {b:.{digits}f} | {ratio} |")
    at_once = record["at_once"]
    speed = at_once[0]["pages"] / statistics.median(r["wall"] for r in at_once)
    lines += [
        "",
        (
            f"All {ours['pages']} pages in one call of `digitize scan`: {speed:.2f} pages a second, {speed / theirs['pages_per_second']:.1f} "
            f"times OCRmyPDF's; largest process {max(r['worker_bytes'] for r in at_once) / 2**20:.0f} MiB."
        ),
        "",
        "CER in the order that pdftotext makes, and in the order in which the words were written:",
        "",
        "| pages | OCRmyPDF CER % | ours CER % | OCRmyPDF recall % | ours recall % |",
        "|---|---|---|---|---|",
    ]
    for a, b in zip(record["accuracy"]["OCRmyPDF"], record["accuracy"]["digitize"], strict=True):
        lines.append(
            f"| {a['pages']} | {_cers(a)} | {_cers(b)} "
            f"| {100 * a['words_found'] / a['words']:.1f} | {100 * b['words_found'] / b['words']:.1f} |"
        )
    if record["cell_f1"] is not None:
        lines += ["", f"Cells of the annex's table that are wholly right: F1 {record['cell_f1']:.3f}."]
    flagged = {r["file"]: r["flags"] for r in record["runs"]["OCRmyPDF"] if r.get("flags")}
    lines += ["", "OCRmyPDF refused these files until it was given flags:", ""]
    lines += [f"* `{name}`: {' '.join(flags)}" for name, flags in flagged.items()]
    keep("compare", record, lines)


if __name__ == "__main__":
    sys.exit(main())
