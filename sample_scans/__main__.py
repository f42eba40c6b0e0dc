"""``python -m sample_scans --out DIR``: redraws the curated set, or draws any number of fresh pages."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from sample_scans import BLANK, KINDS, PAPER_TYPES, WEARS, generate_pages
from sample_scans.dossiers import DOSSIERS, draw_file, manifest
from sample_scans.files import MEDIA_TYPES, encode
from sample_scans.layout.fonts import FontMissingError
from sample_scans.table import README, with_table
from sample_scans.truth import Component, FileTruth
from sample_scans.wear import subseed


def main(arguments: list[str] | None = None) -> int:
    """Exit code: 0 done, 2 wrong usage, 5 a typeface is missing."""
    options = _parser().parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        if options.count:
            _fresh(options)
        else:
            draw_set(options.out)
    except FontMissingError as missing:
        sys.stderr.write(f"{missing}\n")
        return 5
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sample_scans", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--count", type=int, default=0, help="draw so many fresh papers instead of the curated set")
    parser.add_argument("--seed", type=int, default=1, help="first seed of the fresh papers")
    parser.add_argument("--types", nargs="+", choices=[*KINDS, BLANK], default=list(PAPER_TYPES), metavar="TYPE")
    parser.add_argument("--wear", nargs="+", choices=sorted(WEARS), default=["scan"], metavar="WEAR")
    parser.add_argument("--dpi", type=float, default=200)
    parser.add_argument("--format", choices=["jpg", "png", "tif", "pdf"], default="jpg")
    return parser


def draw_set(out: Path) -> None:
    """Writes the curated set: files, a truth beside each, the manifest; renews the README's table when ``out`` is its folder."""
    for dossier in DOSSIERS:
        for file in dossier.files:
            data, truth = draw_file(dossier, file)
            (out / file.name).write_bytes(data)
            (out / f"{file.name}.truth.json").write_text(truth.dumps(), encoding="utf-8")
    text = json.dumps(manifest(), ensure_ascii=False, indent=1) + "\n"
    (out / "manifest.json").write_text(text, encoding="utf-8")
    if out.resolve() == (README.parent / "set").resolve():
        README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")


def _fresh(options: argparse.Namespace) -> None:
    """Papers in turn through the types and wears asked for; JPEG and PNG one file a page."""
    suffix, started, drawn = f".{options.format}", time.perf_counter(), 0
    for index in range(options.count):
        paper_type = options.types[index % len(options.types)]
        wear = options.wear[index // len(options.types) % len(options.wear)]
        seed = subseed(options.seed, index) % 10**9
        samples = generate_pages(paper_type, seed, wear, dpi=options.dpi)
        groups = [samples] if suffix in {".tif", ".pdf"} else [[sample] for sample in samples]
        for number, group in enumerate(groups, 1):
            name = f"{index:05d}_{paper_type}_{wear}" + (f"_{number}" if len(groups) > 1 else "") + suffix
            (options.out / name).write_bytes(encode(group, suffix))
            truths = tuple(sample.truth for sample in group)
            first = truths[0]
            pages = tuple(range(1, len(group) + 1))
            parts = (
                (Component(pages, first.paper_type, first.fields, first.more, first.attributes),)
                if first.paper_type
                else ()
            )
            truth = FileTruth(name, MEDIA_TYPES[suffix], truths, parts)
            (options.out / f"{name}.truth.json").write_text(truth.dumps(), encoding="utf-8")
        drawn += len(samples)
    seconds = time.perf_counter() - started
    sys.stderr.write(f"{drawn} pages in {seconds:.1f} s\n")


if __name__ == "__main__":
    sys.exit(main())
