"""What is read, and how much of it a person has typed or the page itself tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image

from benchmarks.measure import SCANS
from benchmarks.reader.digital import SEED, WEARS, Known, damaged, known_lines, rendered, sample

TRUTHS = [
    ("241_qd.pdf", 1, 1, "241_qd_p1.txt"),
    ("241_qd.pdf", 2, 2, "241_qd_p2.txt"),
    ("241_qd.pdf", 3, 3, "241_qd_p3.txt"),
    ("241_qd.pdf", 4, 11, "241_qd_p4-11_annex_table_rowmajor.txt"),
]
"""Pages of the scanned decision and the file that holds their typed truth."""
LOWRES_TRUTH = SCANS / "lowres" / "4_1_gt.txt"
RESOLUTIONS = (300, 200)


@dataclass(frozen=True, slots=True)
class Input:
    """One file. ``group``: what it is measured with. ``lines``: what is printed on it and where, of a drawn page."""

    path: Path
    group: str
    lines: Sequence[Known] = ()

    @property
    def pages(self) -> int:
        if self.path.suffix != ".pdf":
            return 1
        with pikepdf.open(self.path) as pdf:
            return len(pdf.pages)


def scans(names: Sequence[str]) -> list[Input]:
    """The PDFs of these folders of real scans."""
    return [Input(path, name) for name in names for path in sorted((SCANS / name).glob("*.pdf"))]


def lowres() -> list[Input]:
    """One page of 576 x 960 pixels and what blur, noise, darkness and a turn made of it."""
    return [
        Input(path, "lowres") for path in sorted((SCANS / "lowres").glob("*.jpg")) if path.stem != "4_1_v0_original"
    ]


def drawn(folder: Path, pages_a_file: int) -> Iterator[Input]:
    """Pages of Word-born PDFs drawn into ``folder`` in every resolution and wear, as a scanner would hand them over."""
    for index, (path, number) in enumerate(sample(pages_a_file)):
        for dpi in RESOLUTIONS:
            lines, clean = known_lines(path, number, dpi), rendered(path, number, dpi)
            for wear in WEARS:
                page = clean if wear == "clean" else damaged(clean, SEED + index)
                target = folder / f"{index:02d}-{dpi}-{wear}.{'png' if wear == 'clean' else 'jpg'}"
                Image.fromarray(page).save(target, dpi=(dpi, dpi), quality=90)
                yield Input(target, f"drawn {dpi} {wear}", lines)
