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

COARSE_DPI = 70.0
"""At least so fine is the copy on which the QR codes of the whole page are looked for: 2 pixels to the module of a separator sheet, and more.

What is smaller on the paper shows as dense there.
"""
DENSITY_DPI = 25.0
"""At least so fine is the copy that tells where the page is dense."""
WINDOW_MM, PAPER_MM = 5.0, 15.0
INK = (0.40, 0.90)
"""Share of ink around a place within a code. Bold capitals reach 0.39 on real pages, codes have 0.5 to 0.8, black borders 1."""
AROUND = 0.25
"""The code goes on as far as so much of the paper is ink: a linear one has thin parts."""
EDGES, EDGES_DPI = 0.07, 100.0
"""Mean step between neighbouring pixels, as a share of the paper; photographs and black fields have less."""
BLACK, PALEST = 0.85, 0.45
"""Ink of good print (the darkest pixels of a page, as a share of its paper), and the least that is taken for print."""
SMALLEST_MM, GAP_MM, MARGIN_MM = 2.5, 3.5, 6.0
MOST = 8
"""Dense places of one page that are looked at, the largest first: a page with more of them is a picture."""
LARGE_MM = 60.0
"""What is wider and higher than this has modules large enough for half the resolution."""
LONGER, STRAIGHT = 1.5, 1.0
"""How much longer than high a place of bars is; degrees under which it is not turned."""
ROW_MM = 1.0
"""Rows of a linear code that are averaged."""
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
_BARS = zxingcpp.BarcodeFormats([_F.PDF417, _F.Code128, _F.Code39])
_LINES = zxingcpp.BarcodeFormats([_F.Code128, _F.Code39])
_SAME = np.array([[1.0, 0, 0], [0, 1.0, 0]])
_LINEAR = {BarcodeKind.CODE128, BarcodeKind.CODE39}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a code may be, in image space. ``lean``: degrees that turn it straight, as ``cv2.getRotationMatrix2D`` counts them.

    ``long``: which axis it lies along then, 0 across and 1 down; ``None`` for one about as long as high.
    """

    box: Box
    lean: float = 0.0
    long: int | None = None
    seen: bool = False  # a QR code's corners were found there


def find_barcodes(pixels: Pixels, dpi: float) -> tuple[Barcode, ...]:
    """The codes of a page of ``dpi``, from the top down; their boxes are in the space of ``pixels``, uint8 ``(H, W)`` or ``(H, W, 3)`` RGB.

    Each was read without an error; one that is damaged past its own correction is left out.
    """
    coarse, coarse_dpi = _coarse(pixels, dpi)
    scale = _scale(pixels, coarse)
    found: list[Barcode] = []
    places: list[_Place] = []
    for seen in zxingcpp.read_barcodes(
        coarse, formats=_CORNERED, try_rotate=False, try_downscale=False, try_invert=False, return_errors=True
    ):
        box = _scaled(_box(seen), scale)
        if seen.valid and (code := _as_code(seen, box, dpi)):
            found.append(code)
        else:
            places.append(_Place(box, seen=True))
    for place in (*places, *_dense(pixels, dpi, coarse, coarse_dpi)):
        if not any(meet(place.box, code.box) for code in found):
            found += _read(pixels, dpi, place, found)
    return tuple(sorted(found, key=lambda code: (code.box[1], code.box[0])))


def _coarse(pixels: Pixels, dpi: float) -> tuple[Pixels, float]:
    """(the page without red and colour at ``COARSE_DPI`` or up to twice that, its dpi)."""
    if pixels.ndim == 3 and dpi >= 4 * COARSE_DPI:
        # Every other pixel of a fine page, in half the time that averaging all three channels takes; the next halving averages them.
        pixels, dpi = np.ascontiguousarray(pixels[::2, ::2, 0]), dpi / 2
    while dpi >= 2 * COARSE_DPI:
        pixels, dpi = halved(pixels), dpi / 2
    return _without_red(pixels), dpi


def _without_red(pixels: Pixels) -> Pixels:
    """The red channel: black and blue are dark in it, a seal's ink is not there."""
    return np.asarray(cv2.extractChannel(pixels, 0), np.uint8) if pixels.ndim == 3 else pixels


def _scale(pixels: Pixels, copy: Pixels) -> tuple[float, float]:
    """How many times as wide and as high the page is as its copy."""
    return pixels.shape[1] / copy.shape[1], pixels.shape[0] / copy.shape[0]


def _dense(pixels: Pixels, dpi: float, coarse: Pixels, coarse_dpi: float) -> Iterator[_Place]:
    """Places of the page with as much ink and as many edges as a code, the largest first; ``coarse``: a grey copy of it."""
    small, small_dpi = coarse, coarse_dpi
    while small_dpi >= 2 * DENSITY_DPI:
        small, small_dpi = halved(small), small_dpi / 2
    mm = small_dpi / 25.4
    paper = cv2.dilate(small, np.ones((_odd(PAPER_MM * mm),) * 2, np.uint8)).astype(np.float32) + 1
    black = _blackness(coarse, paper)
    ink = 1 - cv2.blur(small, (_odd(WINDOW_MM * mm),) * 2) / paper
    mask = ((ink > AROUND * black) & (ink < INK[1])).astype(np.uint8)
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((_odd(GAP_MM * mm),) * 2, np.uint8)), np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    dense = np.bincount(labels[(mask > 0) & (ink > INK[0] * black) & (ink < INK[1])], minlength=count)
    order = [index for index in range(1, count) if dense[index] >= (SMALLEST_MM * mm) ** 2]
    order.sort(key=lambda index: -int(dense[index]))
    for index in order[:MOST]:
        x, y, w, h, _ = (int(value) for value in stats[index])
        box = _scaled((x, y, x + w, y + h), _scale(pixels, small))
        if _edges(pixels, dpi, box) >= EDGES * black * float(paper[y, x]):
            yield _Place(box, *_lies(labels[y : y + h, x : x + w] == index))


def _blackness(grey: Pixels, paper: NDArray[np.float32]) -> float:
    """How black this page's print is, 1 for a good one: what was faded or badly copied is so all over."""
    ink = 1 - float(np.percentile(grey[::4, ::4], 0.5)) / float(np.median(paper[::4, ::4]))
    return min(1.0, max(PALEST, ink) / BLACK)


def _edges(pixels: Pixels, dpi: float, box: Box) -> float:
    """The mean step between neighbours within the box at ``EDGES_DPI`` or finer, in the direction that has more."""
    x0, y0, x1, y1 = box
    part = _without_red(pixels[y0:y1, x0:x1])
    while dpi >= 2 * EDGES_DPI:
        part, dpi = halved(part), dpi / 2
    if min(part.shape) < 2:
        return 0.0
    return max(cv2.mean(cv2.absdiff(part[:, 1:], part[:, :-1]))[0], cv2.mean(cv2.absdiff(part[1:], part[:-1]))[0])


def _lies(shape: NDArray[np.bool_]) -> tuple[float, int | None]:
    """``lean`` and ``long`` of a place."""
    ys, xs = np.nonzero(shape)
    _, (one, other), angle = cv2.minAreaRect(np.stack([xs, ys], 1).astype(np.float32))
    if max(one, other) < LONGER * min(one, other):
        return 0.0, None
    lean = (angle + 45) % 90 - 45
    turned = round((angle - lean) / 90) % 2  # the first side lies down, not across
    return (lean if abs(lean) >= STRAIGHT else 0.0), int(one < other) ^ turned


def _read(pixels: Pixels, dpi: float, place: _Place, known: list[Barcode]) -> list[Barcode]:
    """The codes at a place that are not among the ``known``."""
    height, width = pixels.shape[:2]
    margin = round(MARGIN_MM / 25.4 * dpi)
    x0, y0 = max(0, place.box[0] - margin), max(0, place.box[1] - margin)
    part = _without_red(pixels[y0 : min(height, place.box[3] + margin), x0 : min(width, place.box[2] + margin)])
    found: list[Barcode] = []
    for look in _looks(part, dpi, place):
        for seen in zxingcpp.read_barcodes(
            look.picture,
            formats=look.formats,
            try_rotate=look.formats == _EVERY,
            try_downscale=False,
            try_invert=False,
            binarizer=look.binarizer,
        ):
            box = _moved(_box(seen), look.matrix, x0, y0)
            code = _as_code(seen, box, dpi)
            if code and not any(code.kind == old.kind and meet(box, old.box) for old in (*known, *found)):
                found.append(code)
        if found:
            break
    return found


@dataclass(frozen=True, slots=True)
class _Look:
    """A picture of a part of the page to read; ``matrix``, ``(2, 3)``, leads from it to the part."""

    picture: Pixels
    matrix: NDArray[np.float64]
    formats: Any = _EVERY
    binarizer: Any = zxingcpp.Binarizer.LocalAverage


def _looks(part: Pixels, dpi: float, place: _Place) -> Iterator[_Look]:
    """What to try one after the other until something is read."""
    if min(part.shape) > LARGE_MM / 25.4 * dpi and dpi >= FINE_DPI:
        yield _Look(halved(part), _SAME * 2)
        return
    yield _Look(part, _SAME)
    if place.seen:
        if dpi < FINE_DPI:
            yield _Look(resized(part, 2), _SAME / 2)
        yield _Look(part, _SAME, binarizer=zxingcpp.Binarizer.GlobalHistogram)
    if place.long is not None:
        picture, matrix = _straight(part, place.lean) if place.lean else (part, _SAME)
        if place.long:
            # Upright bars: a quarter turn counter-clockwise, (x, y) of the turned picture was (width - 1 - y, x).
            turn = np.array([[0.0, -1, picture.shape[1] - 1], [1, 0, 0], [0, 0, 1]])
            picture, matrix = np.ascontiguousarray(np.rot90(picture)), matrix @ turn
        if place.lean:
            yield _Look(picture, matrix, _BARS)
        # Averaged along the bars, over which noise goes and they stay.
        rows = max(2, round(picture.shape[0] / (ROW_MM / 25.4 * dpi)))
        down = picture.shape[0] / rows
        flat = cv2.resize(picture, (picture.shape[1], rows), interpolation=cv2.INTER_AREA)
        yield _Look(np.asarray(flat, np.uint8), matrix @ np.diag([1.0, down, 1.0]), _LINES)


def _straight(part: Pixels, lean: float) -> tuple[Pixels, NDArray[np.float64]]:
    """The part turned, on a picture that holds all of it, and the matrix back."""
    height, width = part.shape
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), lean, 1), [0, 0, 1]])
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    wide, high = int(width * cos + height * sin) + 1, int(width * sin + height * cos) + 1
    turn[0, 2] += (wide - width) / 2
    turn[1, 2] += (high - height) / 2
    straight = cv2.warpAffine(part, turn[:2], (wide, high), flags=cv2.INTER_LINEAR, borderValue=255)
    return np.asarray(straight, np.uint8), np.linalg.inv(turn)[:2]


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


def _scaled(box: tuple[float, float, float, float], scale: tuple[float, float]) -> Box:
    across, down = scale
    return round(box[0] * across), round(box[1] * down), round(box[2] * across), round(box[3] * down)


def _moved(box: tuple[float, float, float, float], matrix: NDArray[np.float64], right: int, down: int) -> Box:
    x0, y0, x1, y1 = box
    points = matrix @ np.array([[x, y, 1.0] for x in (x0, x1) for y in (y0, y1)]).T
    return hull([(round(x) + right, round(y) + down, round(x) + right, round(y) + down) for x, y in points.T])


def _odd(size: float) -> int:
    return 2 * max(1, round(size / 2 - 0.5)) + 1
