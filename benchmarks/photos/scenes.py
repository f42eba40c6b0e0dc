"""Phone photos drawn from flat pages: a pinhole camera over a sheet on a table, its light, its shadows, its wear.

Everything is drawn from a seed, so the photo, its corners and what is written on it are known exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Pixels

GROUNDS = ("dark wood", "light wood", "light table", "stone", "cloth", "tiles", "papers", "blue desk")
"""What the sheet lies on. ``papers``: other printed sheets, white under white."""
FOCAL = 0.73
"""Of the picture's long side: the 26 mm (of 36) that phones have."""
LONG = 3024
"""The picture's long side, pixels; the short one is three quarters of it."""
TABLE_MM, TABLE_PX = 700.0, 2.5
"""Side of the drawn table and its pixels a millimetre."""

_Floats = NDArray[np.float32]
_Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Photo:
    """``pixels``: uint8 RGB; ``corners``: ``(4, 2)`` of the sheet's, clockwise from *its* top left, pixel edges."""

    pixels: Pixels
    corners: _Doubles
    ground: str
    curl: float


@dataclass(frozen=True, slots=True)
class Camera:
    """World to picture: millimetres about the sheet's middle, x right, y down, z towards the camera."""

    rotation: _Doubles
    distance: float
    focal: float
    middle: tuple[float, float]

    def project(self, points: _Doubles) -> _Doubles:
        """``(..., 3)`` -> ``(..., 2)`` pixels."""
        seen = points @ self.rotation.T
        depth = self.distance - seen[..., 2]
        flat = self.focal * seen[..., :2] / depth[..., None]
        return np.asarray(flat + np.array(self.middle), np.float64)


def photo(
    page: Pixels,
    dpi: float,
    seed: int,
    *,
    ground: str,
    curl: float = 0.0,
    tilt: float | None = None,
    long_side: int = LONG,
) -> Photo:
    """``page`` (grey or RGB at ``dpi``) as a phone sees it. ``curl``: millimetres by which its middle bulges up; ``tilt``: degrees, drawn
    from 4 to 24 when ``None``."""
    bits = np.random.default_rng(seed)
    rgb = page if page.ndim == 3 else np.asarray(cv2.cvtColor(page, cv2.COLOR_GRAY2RGB), np.uint8)
    height, width = rgb.shape[:2]
    across, down = 25.4 * width / dpi, 25.4 * height / dpi
    camera, size = _camera(bits, across, down, tilt, long_side)
    inner = camera.project(_corners(across, down))
    where = _positions(camera, size, across, down, curl)
    u, v = (where[..., 0] / across + 0.5) * width - 0.5, (where[..., 1] / down + 0.5) * height - 0.5
    sheet = cv2.remap(
        rgb, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    mask = _inside(where, across, down)
    paper = np.array(bits.uniform((228, 226, 218), (246, 245, 243)), np.float32) / 255
    lit = sheet.astype(np.float32) * paper + 1.2 * _noise(bits, size)
    table = _table(ground, bits)
    under = _on_table(table, camera, size)
    offset = bits.uniform(4, 16, 2) * size[0] / 3000
    shade = cv2.GaussianBlur(_shifted(mask, offset), (0, 0), 12 * size[0] / 3000)
    under *= 1 - 0.35 * shade[..., None]
    blend = mask[..., None] * lit + (1 - mask[..., None]) * under
    blend *= _light(bits, size)
    seen = np.asarray(cv2.GaussianBlur(blend, (0, 0), float(bits.uniform(0.6, 1.1))), np.float32)
    seen += np.float32(bits.uniform(2, 4)) * _noise(bits, size)
    pixels = _coded(np.clip(seen, 0, 255).astype(np.uint8), int(bits.integers(80, 93)))
    turns = int(bits.choice([0, 0, 1, 2, 3]))
    pixels = np.ascontiguousarray(np.rot90(pixels, -turns))
    return Photo(pixels, _turned(inner, size, turns), ground, curl)


def _camera(
    bits: np.random.Generator, across: float, down: float, tilt: float | None, long_side: int
) -> tuple[Camera, tuple[int, int]]:
    lean = math.radians(bits.uniform(4, 24) if tilt is None else tilt)
    towards, roll = bits.uniform(0, 2 * math.pi), math.radians(bits.uniform(-12, 12))
    axis = np.array([math.cos(towards), math.sin(towards), 0.0]) * lean
    tilted, _ = cv2.Rodrigues(axis)
    rolled, _ = cv2.Rodrigues(np.array([0.0, 0.0, roll]))
    short_side = long_side * 3 // 4
    wide, high = (short_side, long_side) if down >= across else (long_side, short_side)
    rotation = np.asarray(tilted @ rolled, np.float64)
    shift = bits.uniform(-0.02, 0.02, 2) * (wide, high)
    camera = Camera(rotation, 1.0, FOCAL * long_side, (wide / 2 + shift[0], high / 2 + shift[1]))
    fill = bits.uniform(0.80, 0.95)
    near, far = 40.0, 3000.0
    for _ in range(40):  # as near as leaves the sheet whole in the picture
        distance = (near + far) / 2
        camera = Camera(rotation, distance, FOCAL * long_side, camera.middle)
        flat = camera.project(_corners(across, down)) / (wide, high)
        reach = float(np.abs(flat - 0.5).max()) * 2
        near, far = (distance, far) if reach > fill else (near, distance)
    return camera, (high, wide)


def _corners(across: float, down: float) -> _Doubles:
    x, y = across / 2, down / 2
    return np.array([[-x, -y, 0], [x, -y, 0], [x, y, 0], [-x, y, 0]], np.float64)


def _positions(camera: Camera, size: tuple[int, int], across: float, down: float, curl: float) -> _Floats:
    """Where on the sheet (mm about its middle) each pixel looks; found on every eighth and filled in between."""
    step = 8
    ys, xs = np.mgrid[0 : size[0] + step : step, 0 : size[1] + step : step].astype(np.float64)
    target = np.stack([xs + 0.5, ys + 0.5], axis=-1)
    corners = _corners(across, down)
    back = np.linalg.inv(
        cv2.getPerspectiveTransform(corners[:, :2].astype(np.float32), camera.project(corners).astype(np.float32))
    )
    guess = cv2.perspectiveTransform(target.reshape(-1, 1, 2), back).reshape(target.shape)
    aim = target.copy()
    for _ in range(8 if curl else 0):
        high = curl * np.cos(np.pi * np.clip(guess[..., 1] / down, -0.5, 0.5))
        landed = camera.project(np.concatenate([guess, high[..., None]], axis=-1))
        aim += target - landed
        guess = cv2.perspectiveTransform(aim.reshape(-1, 1, 2), back).reshape(target.shape)
    large = cv2.resize(guess.astype(np.float32), None, fx=step, fy=step, interpolation=cv2.INTER_LINEAR)
    # cv2.resize puts the samples at the middles of their cells; the first stood at the first pixel.
    moved = cv2.warpAffine(
        large, np.array([[1, 0, -(step - 1) / 2], [0, 1, -(step - 1) / 2]]), size[::-1], borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, np.float32)


def _inside(where: _Floats, across: float, down: float) -> _Floats:
    """1 on the sheet, 0 beside it, in between on the pixels that its edge crosses."""
    pixel = max(1e-3, float(np.median(np.abs(np.diff(where[..., 0], axis=1)))))
    reach = np.minimum(across / 2 - np.abs(where[..., 0]), down / 2 - np.abs(where[..., 1]))
    return np.clip(reach / pixel + 0.5, 0, 1).astype(np.float32)


def _on_table(table: Pixels, camera: Camera, size: tuple[int, int]) -> _Floats:
    half, count = TABLE_MM / 2, TABLE_MM * TABLE_PX
    world = _corners(2 * half, 2 * half)
    flat = np.array([[0, 0], [count, 0], [count, count], [0, count]], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, camera.project(world).astype(np.float32))
    return cv2.warpPerspective(table, matrix, size[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT).astype(
        np.float32
    )


def _shifted(mask: _Floats, by: _Doubles) -> _Floats:
    matrix = np.array([[1, 0, by[0]], [0, 1, by[1]]])
    return np.asarray(cv2.warpAffine(mask, matrix, mask.shape[::-1]), np.float32)


def _noise(bits: np.random.Generator, size: tuple[int, int]) -> _Floats:
    return bits.standard_normal((*size, 1), np.float32)


def _light(bits: np.random.Generator, size: tuple[int, int]) -> _Floats:
    """Falls off to one side, is a little warm or cold, and a hand or head stands in it half of the time."""
    high, wide = size
    angle, fall = bits.uniform(0, 2 * math.pi), bits.uniform(0.1, 0.45)
    ys, xs = np.mgrid[0:64, 0:64].astype(np.float32) / 63 - 0.5
    ramp = 1 - fall * (0.5 + 0.7 * (xs * math.cos(angle) + ys * math.sin(angle)))
    light = np.asarray(cv2.resize(ramp.astype(np.float32), (wide, high), interpolation=cv2.INTER_LINEAR), np.float32)
    if bits.random() < 0.6:
        shade = np.zeros((high // 8, wide // 8), np.float32)
        x, y = bits.uniform(0, 1, 2) * (wide // 8, high // 8)
        axes = (int(bits.uniform(0.12, 0.3) * wide / 8), int(bits.uniform(0.25, 0.5) * high / 8))
        cv2.ellipse(shade, (int(x), int(y)), axes, float(bits.uniform(0, 180)), 0, 360, 1.0, -1)
        soft = cv2.GaussianBlur(shade, (0, 0), float(bits.uniform(4, 14)))
        large = np.asarray(cv2.resize(soft, (wide, high), interpolation=cv2.INTER_LINEAR), np.float32)
        light = light * np.float32(1 - bits.uniform(0.2, 0.5) * large)
    cast = np.array([1.0, bits.uniform(0.93, 1.0), bits.uniform(0.82, 1.0)], np.float32)
    return np.asarray(bits.uniform(0.8, 1.0) * light[..., None] * cast, np.float32)


def _table(ground: str, bits: np.random.Generator) -> Pixels:
    side = int(TABLE_MM * TABLE_PX)
    fine = _clouds(bits, side, 1, 1) * 0.9
    made: NDArray[np.floating]
    if ground in {"dark wood", "light wood"}:
        wood = (96, 62, 40) if ground == "dark wood" else (196, 160, 118)
        tone = _clouds(bits, side, 2, 40) * 9 + _clouds(bits, side, 12, 200) * 9 + fine
        made = np.array(wood, np.float32) + tone[..., None] * (1.0, 0.8, 0.6)
    elif ground == "light table":
        white = bits.uniform((196, 194, 188), (222, 220, 216))
        made = np.array(white, np.float32) + (_clouds(bits, side, 60, 60) * 2 + fine)[..., None]
    elif ground == "stone":
        made = np.array((128, 124, 120), np.float32) + (_clouds(bits, side, 3, 3) * 18 + fine)[..., None]
    elif ground == "cloth":
        ys, xs = np.mgrid[0:side, 0:side].astype(np.float32) / TABLE_PX
        stripes = 14 * (np.sin(xs / 9.5) > 0.6) + 14 * (np.sin(ys / 9.5) > 0.6)
        weave = 10 * np.sin(xs * 3.6) + 10 * np.sin(ys * 3.6)
        made = np.array((140, 70, 74), np.float32) + (weave + stripes + fine)[..., None]
    elif ground == "tiles":
        made = np.array((182, 176, 166), np.float32) + (_clouds(bits, side, 25, 25) * 3 + fine)[..., None]
        wide = round(2.5 * TABLE_PX)
        for at in range(int(bits.uniform(0, 100) * TABLE_PX), side, int(200 * TABLE_PX)):
            made[at : at + wide] = made[:, at : at + wide] = (120, 116, 110)
    elif ground == "papers":
        made = _papers(bits, side, fine)
    else:
        made = np.array((54, 84, 130), np.float32) + (_clouds(bits, side, 40, 40) * 2.5 + fine)[..., None]
    return np.clip(made, 0, 255).astype(np.uint8)


def _clouds(bits: np.random.Generator, side: int, across: int, down: int) -> _Floats:
    """Smooth noise of deviation 1 whose features are some ``across`` x ``down`` pixels wide and high."""
    coarse = bits.normal(0, 1, (side // down + 3, side // across + 3)).astype(np.float32)
    smooth = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth / smooth.std(), np.float32)


def _papers(bits: np.random.Generator, side: int, fine: _Floats) -> _Floats:
    """Printed sheets lying about under the one that was meant."""
    made: NDArray[np.floating] = np.full((side, side, 3), (110, 90, 72), np.float32)
    wide, high, line = round(210 * TABLE_PX), round(297 * TABLE_PX), round(2 * TABLE_PX)
    for _ in range(5):
        sheet = np.full((high, wide, 3), bits.uniform(222, 240), np.float32)
        for row in range(10 * line, high - 10 * line, 7 * line // 2):
            end = int(bits.uniform(0.6, 0.88) * wide)
            sheet[row : row + line, 10 * line : end] -= 110 * (bits.random((1, end - 10 * line, 1)) > 0.35)
        matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), float(bits.uniform(-25, 25)), 1.0)
        placed = np.array(matrix, np.float64)
        placed[:, 2] += np.array([side - wide, side - high]) / 2 + bits.uniform(-90, 90, 2) * TABLE_PX
        over = np.asarray(cv2.warpAffine(np.ones((high, wide), np.float32), placed, (side, side)), np.float32)[
            ..., None
        ]
        shade = cv2.GaussianBlur(_shifted(over[..., 0], np.array([1.2, 1.5]) * TABLE_PX), (0, 0), 3)[..., None]
        made = made * (1 - 0.3 * shade) * (1 - over) + cv2.warpAffine(sheet, placed, (side, side)) * over
    return np.asarray(made + fine[..., None], np.float32)


def _turned(corners: _Doubles, size: tuple[int, int], turns: int) -> _Doubles:
    """Points after so many clockwise quarter turns of a picture of ``size`` (height, width)."""
    points, (high, wide) = corners, size
    for _ in range(turns):
        points = np.stack([high - points[:, 1], points[:, 0]], axis=1)
        high, wide = wide, high
    return points


def _coded(pixels: Pixels, quality: int) -> Pixels:
    _, data = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])
