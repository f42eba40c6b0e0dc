"""What happens to a paper between the printer and our door: paper, ink, copying, scanning, photographing.

Every step works on 8-bit integers with tables, so that the same seed gives the same bytes on any machine. Geometry is one
matrix from the flat page to the final image, in pixel *edges* (the first pixel covers 0..1), which also maps the truth.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from statistics import NormalDist

import cv2
import numpy as np
from numpy.typing import NDArray

from sample_scans import ink
from sample_scans.layout.sheet import Sheet
from sample_scans.photo import photograph
from sample_scans.truth import Matrix
from sample_scans.warp import warp

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Wear:
    """How a page is treated.

    ``paper``: its colour. ``noise``: standard deviation of the sensor's noise, grey levels. ``blur``: of the optics, 0 or an odd
    kernel size. ``skew``: range of degrees, either way. ``turns``: clockwise degrees that the image may be turned by.
    ``bleed``: how much of the other side shows, 0..1. ``copy``: dust and dark edges of a photocopier. ``bitonal``: 1 bit.
    ``aged``: stains, fold, punch holes. ``photo``: by hand, on a desk. ``stamp``: an incoming-mail stamp.
    ``shrink``: factor of the final size. ``about``: one line for the table.
    """

    about: str
    paper: tuple[int, int, int] = (253, 253, 251)
    noise: float = 1.6
    blur: int = 3
    skew: tuple[float, float] = (0.0, 0.6)
    turns: tuple[int, ...] = (0,)
    bleed: float = 0.0
    copy: bool = False
    bitonal: bool = False
    aged: bool = False
    photo: bool = False
    stamp: bool = False
    shrink: float = 1.0


WEARS: dict[str, Wear] = {
    "clean": Wear("printed and seen straight, no damage", paper=(255, 255, 255), noise=0, blur=0, skew=(0, 0)),
    "scan": Wear("a good flatbed scan: light noise, a touch of skew"),
    "stamped": Wear("scanned, with an incoming-mail stamp", stamp=True),
    "photocopy": Wear("a grey photocopy: dust, dark edges", copy=True, noise=4, skew=(0.2, 1.2)),
    "bitonal": Wear("a 1-bit scan of a photocopy", copy=True, bitonal=True, noise=9, skew=(0.1, 0.8)),
    "yellow": Wear("old yellow paper: stains, fold, punch holes", paper=(236, 219, 178), noise=2.5, aged=True),
    "bleed": Wear("thin paper: the other side shows through", paper=(246, 245, 240), bleed=0.17),
    "skewed": Wear("put askew on the glass", skew=(2.0, 6.0)),
    "rotated": Wear("fed sideways or upside down", turns=(90, 180, 270)),
    "photo": Wear("taken with a phone: perspective, shadow, desk", photo=True, noise=3, paper=(247, 246, 242)),
    "lowres": Wear("scanned at half the resolution", shrink=0.5, noise=2.5),
}


def subseed(seed: int, *names: object) -> int:
    """A seed for one purpose, independent of the others and of Python's hash."""
    text = "/".join(str(name) for name in (seed, *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


@dataclass(frozen=True, slots=True)
class Worn:
    """``image``: uint8 (H, W, 3) RGB, or (H, W) of 0 and 255 when bitonal, grey when copied. ``matrix``: flat page to image."""

    image: Pixels
    matrix: Matrix
    rotation: int
    skew: float
    dpi: float


def apply(sheet: Sheet, wear: Wear, seed: int, back: Sheet | None = None) -> Worn:
    """Puts the sheet through it. ``back``: what is printed on the other side, for ``bleed``."""
    rng, bits = Random(subseed(seed, "wear")), np.random.Generator(np.random.PCG64(subseed(seed, "noise")))
    if wear.stamp:
        incoming_stamp(sheet, rng)
    page = _paper(sheet, wear, rng)
    if wear.bleed and back is not None:
        _show_through(page, back, wear.bleed)
    _put_ink(page, sheet)
    if wear.copy:
        page = _photocopied(page, rng)
    matrix: Matrix = np.eye(3)
    skew = 0.0
    if wear.photo:
        page, matrix = photograph(page, rng)
    elif wear.skew[1]:
        skew = round(rng.uniform(*wear.skew) * rng.choice((-1, 1)), 2)
        page, matrix = _askew(page, skew, 255 if wear.copy else 244)
    if wear.shrink != 1.0:
        page, matrix = _shrunk(page, matrix, wear.shrink)
    if wear.blur:
        page = _u8(cv2.GaussianBlur(page, (wear.blur, wear.blur), 0))
    if wear.noise:
        _add_noise(page, wear.noise, bits)
    if wear.bitonal:
        page = np.where(page > 165, np.uint8(255), np.uint8(0))
    turn = rng.choice(wear.turns)
    page, matrix = _turned(page, matrix, turn)
    return Worn(page, matrix, (360 - turn) % 360, skew, round(sheet.dpi * wear.shrink, 2))


def _u8(array: object) -> Pixels:
    return np.asarray(array, np.uint8)


def _paper(sheet: Sheet, wear: Wear, rng: Random) -> Pixels:
    """The empty page: its colour, and what age did to it."""
    colour = tuple(a * b // 255 for a, b in zip(sheet.tint, wear.paper, strict=True))
    page: Pixels = np.empty((sheet.height_px, sheet.width_px, 3), np.uint8)
    page.reshape(sheet.height_px, -1)[:] = np.tile(_u8(colour), sheet.width_px)  # far faster than page[:] = colour
    if wear.aged:
        cells = np.frombuffer(rng.randbytes(14 * 10), np.uint8).reshape(14, 10) // 10 + 230
        stain = cv2.resize(cells, (sheet.width_px, sheet.height_px), interpolation=cv2.INTER_LINEAR_EXACT)
        page = _u8(cv2.multiply(page, cv2.merge([stain, stain, _u8(stain - (255 - stain) // 2)]), scale=1 / 255))
        fold = round(sheet.height_px * rng.choice((1 / 3, 1 / 2, 2 / 3)))
        page[fold : fold + 2] -= np.uint8(16)
        page[fold + 2 : fold + 4] += np.uint8(8)
        for y in (sheet.height_mm / 2 - 40, sheet.height_mm / 2 + 40):
            spot = (round(sheet.px(10)), round(sheet.px(y)))
            cv2.circle(page, spot, round(sheet.px(3)), (120, 112, 96), -1, cv2.LINE_AA)
    return page


def _show_through(page: Pixels, back: Sheet, strength: float) -> None:
    """The back's ink, mirrored and soft, darkens the page a little. In place."""
    ghost = np.asarray(back.print)
    for mark in back.marks:
        if mark.kind in {"seal", "signature"}:
            ghost = ghost.copy()
            _inside(ghost, mark.x, mark.y, mark.coverage)
    ghost = _u8(cv2.GaussianBlur(cv2.flip(ghost, 1), (7, 7), 0))
    if ghost.shape != page.shape[:2]:
        return
    table = _u8([255 - round(value * strength) for value in range(256)])
    light = cv2.LUT(ghost, table)
    cv2.multiply(page, cv2.merge([light, light, light]), page, scale=1 / 255)


def _inside(canvas: Pixels, x: int, y: int, patch: Pixels) -> None:
    height, width = canvas.shape
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + patch.shape[1], width), min(y + patch.shape[0], height)
    if x0 < x1 and y0 < y1:
        region = canvas[y0:y1, x0:x1]
        np.maximum(region, patch[y0 - y : y1 - y, x0 - x : x1 - x], out=region)


def _put_ink(page: Pixels, sheet: Sheet) -> None:
    """Black print, then each mark over it; ink multiplies what light is left. In place."""
    _multiply(page, np.asarray(sheet.print), ink.COLOURS["print"])
    height, width = page.shape[:2]
    for mark in sheet.marks:
        x0, y0 = max(mark.x, 0), max(mark.y, 0)
        x1, y1 = min(mark.x + mark.coverage.shape[1], width), min(mark.y + mark.coverage.shape[0], height)
        if x0 < x1 and y0 < y1:
            cover = mark.coverage[y0 - mark.y : y1 - mark.y, x0 - mark.x : x1 - mark.x]
            _multiply(page[y0:y1, x0:x1], cover, mark.colour)


def _multiply(region: Pixels, cover: Pixels, colour: ink.Colour) -> None:
    tables = [_u8([255 - (255 - channel) * value // 255 for value in range(256)]) for channel in colour]
    light = cv2.merge([cv2.LUT(cover, table) for table in tables])
    region[:] = cv2.multiply(region, light, scale=1 / 255)


def incoming_stamp(sheet: Sheet, rng: Random) -> None:
    """``ĐẾN`` with number and day, in the free corner over the head."""
    came = (sheet.day or date(2026, 5, 4)) + timedelta(days=rng.randint(1, 4))
    lines = [
        "CÔNG VĂN ĐẾN",
        f"Số: {rng.randint(100, 3900)}",
        f"Ngày: {came.day:02d}/{came.month:02d}/{came.year}",
    ]
    x, y = round(sheet.px(rng.uniform(8, 14))), round(sheet.px(rng.uniform(2, 3)))
    sheet.marks.append(ink.rubber_stamp(lines, sheet.px(27), rng, x, y))


def _photocopied(page: Pixels, rng: Random) -> Pixels:
    """Grey, hard, with dust, and a dark strip where the lid did not close."""
    grey = _u8(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY))
    table = _u8([min(255, max(0, round((value - 60) * 1.45))) for value in range(256)])
    grey = _u8(cv2.LUT(grey, table))
    height, width = grey.shape
    for _ in range(rng.randint(60, 160)):
        spot = (rng.randrange(width), rng.randrange(height))
        cv2.circle(grey, spot, rng.choice((1, 1, 1, 2, 2, 3)), rng.randint(0, 120), -1, cv2.LINE_AA)
    edge = rng.randint(width // 200, width // 60)
    shade = _u8([[round(40 + 215 * min(1.0, x / edge)) for x in range(edge)]])
    strip = grey[:, :edge] if rng.random() < 0.5 else grey[:, ::-1][:, :edge]
    np.minimum(strip, np.broadcast_to(shade, strip.shape), out=strip)
    return grey


def _askew(page: Pixels, skew: float, lid: int) -> tuple[Pixels, Matrix]:
    """Turned so that ``skew`` degrees counter-clockwise straighten it; what is not paper shows the lid."""
    height, width = page.shape[:2]
    angle = math.radians(skew)  # content turns clockwise on screen, y down
    cos, sin = round(math.cos(angle), 12), round(math.sin(angle), 12)
    centre_x, centre_y = width / 2, height / 2
    matrix = np.array(
        [
            [cos, -sin, centre_x - cos * centre_x + sin * centre_y],
            [sin, cos, centre_y - sin * centre_x - cos * centre_y],
            [0.0, 0.0, 1.0],
        ]
    )
    return warp(page, matrix, width, height, lid), matrix


def _shrunk(page: Pixels, matrix: Matrix, factor: float) -> tuple[Pixels, Matrix]:
    height, width = page.shape[:2]
    size = (round(width * factor), round(height * factor))
    scale = np.diag([size[0] / width, size[1] / height, 1.0])
    return _u8(cv2.resize(page, size, interpolation=cv2.INTER_AREA)), scale @ matrix


def _turned(page: Pixels, matrix: Matrix, turn: int) -> tuple[Pixels, Matrix]:
    """Turned clockwise by a multiple of 90 degrees, exactly."""
    height, width = page.shape[:2]
    turns = {
        0: np.eye(3),
        90: np.array([[0, -1, height], [1, 0, 0], [0, 0, 1.0]]),
        180: np.array([[-1, 0, width], [0, -1, height], [0, 0, 1.0]]),
        270: np.array([[0, 1, 0], [-1, 0, width], [0, 0, 1.0]]),
    }
    return np.ascontiguousarray(np.rot90(page, -turn // 90)), turns[turn] @ matrix


def _add_noise(page: Pixels, deviation: float, bits: np.random.Generator) -> None:
    """Normal noise from a table over random bytes, the same on all channels. In place."""
    normal = NormalDist(0, deviation)
    drawn = [round(normal.inv_cdf((value + 0.5) / 256)) for value in range(256)]
    random = np.frombuffer(bits.bytes(page.shape[0] * page.shape[1]), np.uint8).reshape(page.shape[:2])
    more = cv2.LUT(random, _u8([max(0, value) for value in drawn]))
    less = cv2.LUT(random, _u8([max(0, -value) for value in drawn]))
    if page.ndim == 3:
        more, less = cv2.merge([more] * 3), cv2.merge([less] * 3)
    cv2.add(page, more, page)
    cv2.subtract(page, less, page)
