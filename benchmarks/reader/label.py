"""For making more truth: propose lines, draw sheets to type from, compare two typings.

``python -m benchmarks.reader.label propose FILE... --out DIR`` writes ``proposed.csv`` and a picture of each page with the lines' numbers;
``sheets CSV --out DIR`` draws six lines a picture beside their ids; ``differences A.csv B.csv`` compares two typings (id, text).
Nothing here reads text: who types sees the picture only.
"""

from __future__ import annotations

import argparse
import csv
import unicodedata
from dataclasses import astuple, fields
from itertools import count
from pathlib import Path

import cv2
import numpy as np

from benchmarks.reader.truth import SCANS, TruthLine, crop, load, straight_page
from workers.limits import Limits
from workers.ocr.lines import CutLine, cut_lines
from workers.page import Pixels
from workers.steps import placement as placing
from workers.steps.clean import for_reading
from workers.steps.copies import grey_of
from workers.steps.decode import decode_page, open_document
from workers.steps.deskew import skew_angle
from workers.steps.leaders import without_leaders
from workers.steps.orient import orientation
from workers.steps.resample import reading_copy

SPARE = 0.35
"""Of a line's height, added above and below, so that no mark is cut even where the cutter would."""
ABOVE, BELOW = (1.6, 2.5), (0.5, 1.0)
"""Letter heights above and below the baseline: at least (where there is no ink) and at most (specks and seals may lie further off)."""
ROW_HEIGHT, ROW_WIDTH, LINES_A_SHEET, LABEL_WIDTH = 52, 1200, 6, 80
"""Pixels. Six lines fill a picture that viewers show without making it smaller."""


def propose(file: str, number: int) -> tuple[TruthLine, ...]:
    """The lines that the cutter finds on a page, with generous boxes, without text."""
    page = decode_page(open_document(SCANS / file, Limits()), number, Limits())
    height, width = page.pixels.shape[:2]
    copy, dpi = reading_copy(page.pixels, page.dpi)
    grey = grey_of(copy)
    rotation, _ = orientation(grey)
    skew = round(skew_angle(np.ascontiguousarray(np.rot90(grey, -rotation // 90)), dpi), 3)
    place = placing.place(width, height, rotation=rotation, skew=skew)
    small = placing.scaled(place, (width, height), (copy.shape[1], copy.shape[0]))
    upright = without_leaders(for_reading(placing.apply(copy, small), dpi), dpi)
    fx, fy = place.width / small.width, place.height / small.height
    lines = []
    cut = cut_lines(upright, dpi)
    for line in cut:
        letter, (x0, _, x1, _) = line.x_height, line.box
        top, bottom = _band(line, cut)
        lines.append(
            TruthLine(
                file, number, rotation, skew,
                x0=max(0, round((x0 - letter) * fx)),
                y0=max(0, round(top * fy)),
                x1=min(place.width, round((x1 + letter) * fx)),
                y1=min(place.height, round(bottom * fy)),
                conditions="table" if line.cell else "",
            )
        )  # fmt: skip
    return tuple(lines)


def _band(line: CutLine, others: tuple[CutLine, ...]) -> tuple[float, float]:
    """Top and bottom to show: generous, but not into the letters of the lines above and below."""
    letter, (x0, y0, x1, y1) = line.x_height, line.box
    top = line.baseline - float(np.clip(line.baseline - y0, ABOVE[0] * letter, ABOVE[1] * letter))
    bottom = line.baseline + float(np.clip(y1 - line.baseline, BELOW[0] * letter, BELOW[1] * letter))
    spare = SPARE * (bottom - top)
    top, bottom = top - spare, bottom + spare
    for other in others:
        beside = min(x1, other.box[2]) <= max(x0, other.box[0])
        if beside or abs(other.baseline - line.baseline) < letter:
            continue
        if other.baseline < line.baseline:
            top = max(top, min(other.baseline, line.baseline - ABOVE[0] * letter))
        else:
            bottom = min(bottom, max(other.baseline - letter, line.baseline + BELOW[0] * letter))
    return top, bottom


def overview(lines: tuple[TruthLine, ...], first: int) -> Pixels:
    """The page, 1800 pixels high, RGB, with each line's box and number (from ``first``)."""
    page = _rgb(straight_page(lines[0])[0])
    factor = 1800 / page.shape[0]
    shown = np.asarray(cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
    for number, line in enumerate(lines, first):
        x0, y0, x1, y1 = (round(v * factor) for v in line.box)
        colour = ((220, 0, 0), (0, 90, 220))[number % 2]
        cv2.rectangle(shown, (x0, y0), (x1, y1), colour, 1)
        cv2.putText(
            shown, str(number), (x1 + 2, (y0 + y1) // 2 + 6), cv2.FONT_HERSHEY_SIMPLEX, 0.55, colour, 1, cv2.LINE_AA
        )
    return shown


def sheet(lines: list[tuple[str, TruthLine]]) -> Pixels:
    """The lines of one picture, one under the other, each beside its id; wide ones go on in a second row. RGB."""
    rows: list[Pixels] = []
    for name, line in lines:
        piece = _rgb(crop(straight_page(line)[0], line.box))
        factor = ROW_HEIGHT * (1 + 2 * SPARE) / piece.shape[0]
        kind = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        piece = np.asarray(cv2.resize(piece, None, fx=factor, fy=factor, interpolation=kind), np.uint8)
        label = name
        for left in range(0, piece.shape[1], ROW_WIDTH - 80):
            part = piece[:, left : left + ROW_WIDTH]
            row = np.full((piece.shape[0] + 6, LABEL_WIDTH + ROW_WIDTH, 3), 255, np.uint8)
            row[:-6, LABEL_WIDTH : LABEL_WIDTH + part.shape[1]] = part
            row[-4:-2] = (0, 150, 0)
            cv2.putText(row, label, (2, 50), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (0, 110, 0), 2, cv2.LINE_AA)
            rows.append(row)
            label = ">"
            if left + ROW_WIDTH >= piece.shape[1]:
                break
    return np.vstack(rows)


def differences(a: Path, b: Path) -> list[tuple[str, str, str]]:
    """(id, one typing, the other) where both typed a line and not the same; composed and decomposed letters are the same."""
    one, other = _typed(a), _typed(b)
    return [(name, one[name], other[name]) for name in sorted(one.keys() & other.keys()) if one[name] != other[name]]


def _typed(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: " ".join(unicodedata.normalize("NFC", row["text"]).split()) for row in csv.DictReader(file)}


def _rgb(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), np.uint8) if pixels.ndim == 2 else pixels


def _write(path: Path, rgb: Pixels) -> None:
    cv2.imwrite(str(path), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))


def _propose_all(files: list[str], out: Path) -> None:
    numbers = count(1)
    with (out / "proposed.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *(f.name for f in fields(TruthLine))])
        for index, name in enumerate(files):
            for page in range(1, open_document(SCANS / name, Limits()).page_count + 1):
                lines = propose(name, page)
                ids = [next(numbers) for _ in lines]
                writer.writerows([number, *astuple(line)] for number, line in zip(ids, lines, strict=True))
                if lines:
                    _write(out / f"page-{index:02d}-{page}.png", overview(lines, ids[0]))


def _sheets(path: Path, out: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        names = [row.get("id") or str(number) for number, row in enumerate(csv.DictReader(file), 1)]
    lines = list(zip(names, load(path), strict=True))
    for number, first in enumerate(range(0, len(lines), LINES_A_SHEET), 1):
        _write(out / f"sheet-{number:02d}.png", sheet(lines[first : first + LINES_A_SHEET]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    wanted = commands.add_parser("propose")
    wanted.add_argument("files", nargs="+", help="under ../shared/scans")
    drawn = commands.add_parser("sheets")
    drawn.add_argument("csv", type=Path)
    for each in (wanted, drawn):
        each.add_argument("--out", type=Path, required=True)
    compared = commands.add_parser("differences")
    compared.add_argument("a", type=Path)
    compared.add_argument("b", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "differences":
        for name, one, other in differences(arguments.a, arguments.b):
            print(f"{name}\n  {one}\n  {other}")
        return
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.command == "propose":
        _propose_all(arguments.files, arguments.out)
    else:
        _sheets(arguments.csv, arguments.out)


if __name__ == "__main__":
    main()
