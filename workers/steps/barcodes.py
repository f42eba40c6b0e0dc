"""QR codes and barcodes of a page: separator sheets, identity cards, receipts of the counter, links to signed originals.

Two looks, since nearly every page has none and must not pay for it. A QR code is asked for on a coarse copy of the whole page, where its
three corner squares are found in a few milliseconds. Codes of all kinds are dense as no print is: over half a centimetre about half of the
paper is ink, with edges everywhere. Only where that holds are the page's own pixels looked at, straightened along the code.

What a code says may be personal (an identity card's says all that is on the card): it is never logged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from workers.page import Barcode, BarcodeKind, Box, Pixels, hull, meet
from workers.steps.copies import halved, resized

COARSE_DPI = 140.0
"""At least so fine is the copy on which the whole page's QR codes are looked for: 2.7 pixels to a module of half a millimetre."""
DENSITY_DPI = 25.0
"""At least so fine is the copy that tells where the page is dense."""
WINDOW_MM, PAPER_MM = 5.0, 15.0
INK = (0.40, 0.90)
"""Share of ink around a place within a code. Bold capitals reach 0.39 on real pages, codes have 0.5 to 0.8, black borders 1."""
EDGES = 0.07
"""Mean step between neighbouring pixels of the coarse copy, as a share of the paper; photographs and black fields have less."""
SMALLEST_MM, MARGIN_MM = 2.5, 6.0
MOST = 8
"""Dense places of one page that are looked at, the largest first: a page with more of them is a picture."""
LARGE_MM = 60.0
"""What is wider and higher than this has modules large enough for half the resolution."""
FINE_DPI = 230.0
"""Coarser pages are enlarged for a QR code that was seen and not read."""
LETTERS, LONG_MM, HIGH_MM = 4, 10.0, 2.0
"""A linear code says at least so many letters and is so long and high; less is chance: Code 39 has no check digit."""

_F = zxingcpp.BarcodeFormat
_KINDS: Final[dict[Any, BarcodeKind]] = {
    _F.QRCode: BarcodeKind.QR,
    _F.QRCodeModel1: BarcodeKind.QR,
    _F.QRCodeModel2: BarcodeKind.QR,
    _F.DataMatrix: BarcodeKind.DATA_MATRIX,
    _F.PDF417: BarcodeKind.PDF417,
    _F.Code128: BarcodeKind.CODE128,
    _F.Code39: BarcodeKind.CODE39,
    _F.Code39Std: BarcodeKind.CODE39,
    _F.Code39Ext: BarcodeKind.CODE39,
}
_CORNERED = zxingcpp.BarcodeFormats([_F.QRCode])
_EVERY = zxingcpp.BarcodeFormats([_F.QRCode, _F.DataMatrix, _F.PDF417, _F.Code128, _F.Code39])
_LINEAR = {BarcodeKind.CODE128, BarcodeKind.CODE39}
_STRAIGHT = 2.0  # degrees: a linear code that leans less is read as it lies


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a code may be, in image space. ``lean``: degrees that a long one leans by, counted as ``cv2.minAreaRect`` does."""

    box: Box
    lean: float = 0.0
    seen: bool = False  # a QR code's corners were found there


def find_barcodes(pixels: Pixels, dpi: float) -> tuple[Barcode, ...]:
    """The codes of a page of ``dpi``, from the top down; their boxes are in the space of ``pixels``, uint8 ``(H, W)`` or ``(H, W, 3)`` RGB.

    Each was read without an error; one that is damaged past its own correction is left out.
    """
    if min(pixels.shape[:2]) < 2:
        return ()
    grey = _without_red(pixels)
    coarse, coarse_dpi = grey, dpi
    while coarse_dpi >= 2 * COARSE_DPI:
        coarse, coarse_dpi = halved(coarse), coarse_dpi / 2
    across, down = grey.shape[1] / coarse.shape[1], grey.shape[0] / coarse.shape[0]
    found: list[Barcode] = []
    places: list[_Place] = []
    for seen in zxingcpp.read_barcodes(
        coarse, formats=_CORNERED, try_rotate=False, try_downscale=False, try_invert=False, return_errors=True
    ):
        box = _scaled(_box(seen), across, down)
        if seen.valid and (code := _as_code(seen, box, dpi)):
            found.append(code)
        else:
            places.append(_Place(box, seen=True))
    places += _dense(coarse, coarse_dpi, (across, down))
    for place in places:
        if not any(meet(place.box, code.box) for code in found):
            found += _read(grey, dpi, place, found)
    return tuple(sorted(found, key=lambda code: (code.box[1], code.box[0])))


def _without_red(pixels: Pixels) -> Pixels:
    """The red channel: black and blue are dark in it, a seal's ink is not there."""
    return np.asarray(cv2.extractChannel(pixels, 0), np.uint8) if pixels.ndim == 3 else pixels


def _dense(grey: Pixels, dpi: float, scale: tuple[float, float]) -> Iterator[_Place]:
    """Places with as much ink and as many edges as a code, the largest first; ``scale``: from ``grey`` to image space."""
    here = grey[1:, 1:]
    steps = [here, *(np.asarray(cv2.absdiff(here, near), np.uint8) for near in (grey[1:, :-1], grey[:-1, 1:]))]
    while dpi >= 2 * DENSITY_DPI and min(steps[0].shape) >= 4:
        steps, dpi = [halved(step) for step in steps], dpi / 2
    mm = dpi / 25.4
    paper = cv2.dilate(steps[0], np.ones((_odd(PAPER_MM * mm),) * 2, np.uint8)).astype(np.float32) + 1
    light, along, downward = (cv2.blur(step, (_odd(WINDOW_MM * mm),) * 2) / paper for step in steps)
    ink, edges = 1 - light, np.maximum(along, downward)
    mask = ((ink > INK[0]) & (ink < INK[1]) & (edges > EDGES)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    order = [index for index in range(1, len(stats)) if min(stats[index, 2:4]) >= SMALLEST_MM * mm]
    order.sort(key=lambda index: -int(stats[index, 4]))
    fx, fy = (factor * grey.shape[axis] / mask.shape[axis] for factor, axis in zip(scale, (1, 0), strict=True))
    for index in order[:MOST]:
        x, y, w, h, _ = (int(value) for value in stats[index])
        margin = MARGIN_MM * mm
        box = _scaled((x - margin, y - margin, x + w + margin, y + h + margin), fx, fy)
        yield _Place(box, _lean(labels[y : y + h, x : x + w] == index))


def _lean(shape: NDArray[np.bool_]) -> float:
    """Degrees off the nearest of level and upright that a long shape leans by; 0 for one that is about as long as wide."""
    ys, xs = np.nonzero(shape)
    _, (wide, high), angle = cv2.minAreaRect(np.stack([xs, ys], 1).astype(np.float32))
    if max(wide, high) < 1.5 * min(wide, high):
        return 0.0
    off = (angle + 45) % 90 - 45
    return off if abs(off) >= _STRAIGHT else 0.0


def _read(grey: Pixels, dpi: float, place: _Place, known: list[Barcode]) -> list[Barcode]:
    """The codes at a place that are not among the ``known``."""
    height, width = grey.shape[:2]
    margin = round(MARGIN_MM / 25.4 * dpi) if place.seen else 0
    x0, y0 = max(0, place.box[0] - margin), max(0, place.box[1] - margin)
    part = grey[y0 : min(height, place.box[3] + margin), x0 : min(width, place.box[2] + margin)]
    if min(part.shape) < 2:
        return []
    found: list[Barcode] = []
    for picture, matrix, binarizer in _looks(part, dpi, place):
        for seen in zxingcpp.read_barcodes(
            picture, formats=_EVERY, try_downscale=False, try_invert=False, binarizer=binarizer
        ):
            box = _moved(_box(seen), matrix, x0, y0)
            code = _as_code(seen, box, dpi)
            if code and not any(code.kind == old.kind and meet(box, old.box) for old in (*known, *found)):
                found.append(code)
        if found:
            break
    return found


def _looks(part: Pixels, dpi: float, place: _Place) -> Iterator[tuple[Pixels, NDArray[np.float64], Any]]:
    """Pictures of a part to try one after the other, each with the matrix ``(2, 3)`` from it to the part, and how to make it black and white."""
    local = zxingcpp.Binarizer.LocalAverage
    if min(part.shape) > LARGE_MM / 25.4 * dpi and dpi >= 2 * COARSE_DPI:
        yield halved(part), np.array([[2.0, 0, 0], [0, 2.0, 0]]), local
        return
    same = np.array([[1.0, 0, 0], [0, 1.0, 0]])
    yield part, same, local
    if place.lean:
        height, width = part.shape
        turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), place.lean, 1), [0, 0, 1]])
        # Nothing of the code leaves: the part has the code in its middle and is at least as long as the code whichever way it lies.
        side = int(np.hypot(width, height))
        turn[0, 2] += (side - width) / 2
        turn[1, 2] += (side - height) / 2
        straight = cv2.warpAffine(part, turn[:2], (side, side), flags=cv2.INTER_LINEAR, borderValue=255)
        yield np.asarray(straight, np.uint8), np.linalg.inv(turn)[:2], local
    if place.seen:
        if dpi < FINE_DPI:
            yield resized(part, 2), same / 2, local
        yield part, same, zxingcpp.Binarizer.GlobalHistogram


def _as_code(seen: Any, box: Box, dpi: float) -> Barcode | None:
    """``None`` for what is no code of ours, or too short or small to be meant."""
    kind, text = _KINDS.get(seen.format), _text(seen)
    if kind is None or not text:
        return None
    if kind in _LINEAR:
        short, long = sorted((box[2] - box[0], box[3] - box[1]))
        mm = dpi / 25.4
        if len(text) < LETTERS or long < LONG_MM * mm or short < HIGH_MM * mm:
            return None
    return Barcode(kind, text, box)


def _text(seen: Any) -> str:
    """UTF-8 where the bytes are, since few writers say which they used; NUL, which no database takes, as the sign for unknown."""
    try:
        text = bytes(seen.bytes).decode()
    except UnicodeDecodeError:
        text = str(seen.text)
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").strip()


def _box(seen: Any) -> tuple[float, float, float, float]:
    """Around the code. A linear code's is the line it was read along, with its bars as high as they were found."""
    place = seen.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
    return min(xs), min(ys), max(xs) + 1, max(ys) + 1


def _scaled(box: tuple[float, float, float, float], across: float, down: float) -> Box:
    return round(box[0] * across), round(box[1] * down), round(box[2] * across), round(box[3] * down)


def _moved(box: tuple[float, float, float, float], matrix: NDArray[np.float64], right: int, down: int) -> Box:
    x0, y0, x1, y1 = box
    points = matrix @ np.array([[x, y, 1.0] for x in (x0, x1) for y in (y0, y1)]).T
    return hull([(round(x) + right, round(y) + down, round(x) + right, round(y) + down) for x, y in points.T])


def _odd(size: float) -> int:
    return 2 * max(1, round(size / 2 - 0.5)) + 1
