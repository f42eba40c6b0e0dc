"""Drawn photos of pages whose text is known: where their corners are found, and what is read with and without ``rectify``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.accuracy import cer, word_recall
from benchmarks.measure import SCANS
from benchmarks.photos.scenes import GROUNDS, Photo, photo
from benchmarks.reader.digital import rendered, sample
from workers.limits import Limits
from workers.ocr.engine import OcrEngine
from workers.page import Pixels
from workers.pipeline import read_page
from workers.reading import straighten_and_read
from workers.steps.decode import decode_page, open_document
from workers.steps.rectify.outline import in_order
from workers.stopwatch import Stopwatch

CURLS = (0.0, 5.0)
"""Millimetres by which the middle of the sheet bulges up."""
SCANNED = ("241_qd_p1.txt", "241_qd_p2.txt", "241_qd_p3.txt")
"""Truths of ``text/241_qd.pdf``, a scan with seal and signatures."""
SEED = 7100


@dataclass(frozen=True, slots=True)
class Original:
    name: str
    pixels: Pixels
    dpi: float
    text: str


@dataclass(slots=True)
class Seen:
    """One photo. ``corner_error``: largest, in thousandths of the picture's long side, ``None`` when no sheet was found.

    Errors and letters of the flat original, of the photo as it is and of the photo as the product reads it; spaces don't count, as in the
    line benchmark. ``found``, ``words``: words of the truth that were read, as ``word_recall`` counts.
    """

    page: str
    ground: str
    curl: float
    corner_error: float | None
    letters: int
    errors: dict[str, int]
    words: int
    found: dict[str, int]
    seconds: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def originals(count: int) -> Iterator[Original]:
    """The scanned decision's first page, a Word-born one, its second, and so on; Word-born ones alone after the third."""
    scan = open_document(SCANS / "text" / "241_qd.pdf", Limits())
    born = sample(2)
    for index in range(count):
        number = index // 2 + 1
        if index % 2 == 0 and number <= len(SCANNED):
            page = decode_page(scan, number, Limits())
            text = (SCANS / "text" / SCANNED[number - 1]).read_text(encoding="utf-8")
            yield Original(f"241_qd.pdf p. {number}", page.pixels, page.dpi, text)
            continue
        path, number = next(born)
        page = decode_page(open_document(path, Limits()), number, Limits())
        text = "\n".join(line.text for line in page.text_layer or ())
        yield Original(f"{path.name} p. {number}", rendered(path, number, 300), 300, text)


def measure(engine: OcrEngine, pages: int) -> Iterator[Seen]:
    """Each of ``pages`` originals on every ground, flat and curled in turn."""
    for index, original in enumerate(originals(pages)):
        flat = _text(straighten_and_read(original.pixels, original.dpi, engine, Stopwatch()).lines)
        for at, ground in enumerate(GROUNDS):
            curl = CURLS[(index + at) % len(CURLS)]
            made = photo(original.pixels, original.dpi, SEED + 100 * index + at, ground=ground, curl=curl)
            yield _seen(original, made, flat, engine)


def _seen(original: Original, made: Photo, flat: str, engine: OcrEngine) -> Seen:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "photo.png"
        cv2.imwrite(str(path), made.pixels[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])
        info = open_document(path, Limits())
        outcome = read_page(info, 1, engine, Limits())
        page = decode_page(info, 1, Limits())
        before = straighten_and_read(page.pixels, page.dpi, engine, Stopwatch())
    error = None
    if outcome.sheet is not None:
        off = np.linalg.norm(in_order(made.corners) - np.array(outcome.sheet), axis=1)
        error = round(1000 * float(off.max()) / max(made.pixels.shape), 2)
    texts = {"flat": flat, "before": _text(before.lines), "after": _text(outcome.lines)}
    return Seen(
        original.name,
        made.ground,
        made.curl,
        error,
        len(_bare(original.text)),
        {key: cer(_bare(original.text), _bare(text))[0] for key, text in texts.items()},
        word_recall(original.text, "")[1],
        {key: word_recall(original.text, text)[0] for key, text in texts.items()},
        outcome.seconds,
    )


def _text(lines: Any) -> str:
    return "\n".join(line.text for line in lines)


def _bare(text: str) -> str:
    return "".join(text.split())
