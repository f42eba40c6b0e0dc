"""From image space to page space: one affine map that holds the cardinal turn and the skew."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Box, Pixels, Placement

SPARE = 0.3
"""Degrees of skew up to which the page keeps its size: less than a millimetre of white margin leaves at the corners."""
WHITE = (255, 255, 255)

Affine = tuple[float, float, float, float, float, float]
"""``(a, b, c, d, e, f)``: ``x' = a x + b y + c``, ``y' = d x + e y + f``, as ``Placement`` has it."""
Size = tuple[int, int]
"""Width and height, pixels."""


def place(width: int, height: int, *, rotation: int = 0, skew: float = 0.0) -> Placement:
    """The placement of an image of ``width`` x ``height`` pixels.

    ``rotation``: clockwise degrees to apply first (0 90 180 270); ``skew``: then degrees counter-clockwise. The page is as large as
    it must be to lose nothing of the image.
    """
    turn = _turn(width, height, rotation)
    if rotation in {90, 270}:
        width, height = height, width
    if skew == 0:
        return _as_placement(turn, width, height, rotation, 0.0)
    angle = math.radians(skew)
    cos, sin = math.cos(angle), math.sin(angle)
    wide, high = width, height
    if abs(skew) > SPARE:
        wide = math.ceil(width * cos + height * abs(sin) - 1e-6)
        high = math.ceil(width * abs(sin) + height * cos - 1e-6)
    # Counter-clockwise on the screen, where y grows downwards, about the middle of the image.
    cx, cy, px, py = (width - 1) / 2, (height - 1) / 2, (wide - 1) / 2, (high - 1) / 2
    lean = np.array([[cos, sin, px - cos * cx - sin * cy], [-sin, cos, py + sin * cx - cos * cy], [0, 0, 1]])
    return _as_placement(lean @ turn, wide, high, rotation, skew)


def apply(pixels: Pixels, placement: Placement) -> Pixels:
    """The image in page space; white where there was none. Cardinal turns are exact copies, the identity is ``pixels``."""
    if placement.skew == 0:
        if placement.rotation == 0:
            return pixels
        return np.ascontiguousarray(np.rot90(pixels, -placement.rotation // 90))
    matrix = np.array(placement.matrix, np.float64).reshape(2, 3)
    size = (placement.width, placement.height)
    return np.asarray(
        cv2.warpAffine(pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=WHITE),
        np.uint8,
    )


def cut_out(pixels: Pixels, placement: Placement, box: Box) -> Pixels:
    """The part ``box`` of what ``apply`` makes of the image, without making the rest."""
    x0, y0, x1, y1 = box
    if placement.skew == 0:
        return np.ascontiguousarray(np.rot90(pixels, -placement.rotation // 90)[y0:y1, x0:x1])
    a, b, c, d, e, f = placement.matrix
    moved = replace(placement, matrix=(a, b, c - x0, d, e, f - y0), width=x1 - x0, height=y1 - y0)
    return apply(pixels, moved)


def scaled(placement: Placement, image: Size, copy: Size) -> Placement:
    """The same page for the image resized from ``image`` to ``copy`` (width, height): a smaller copy to read or to show.

    What stands at ``x`` of the page stands at ``x`` times the widths' ratio of the copied page, and so with ``y``: exactly, though
    both sizes of a copy are rounded to pixels.
    """
    if placement.skew == 0:
        return place(*copy, rotation=placement.rotation)
    fx, fy = copy[0] / image[0], copy[1] / image[1]
    along, down = (fy, fx) if placement.rotation in {90, 270} else (fx, fy)
    wide, high = max(1, round(placement.width * along)), max(1, round(placement.height * down))
    along, down = wide / placement.width, high / placement.height
    a, b, c, d, e, f = edges(placement.matrix)
    moved = (along * a / fx, along * b / fy, along * c, down * d / fx, down * e / fy, down * f)
    return replace(placement, matrix=centres(moved), width=wide, height=high)


def edges(matrix: Affine) -> Affine:
    """The same map between pixel *edges*: ``Placement`` speaks of pixel centres, as OpenCV does, half a pixel off."""
    a, b, c, d, e, f = matrix
    return a, b, c + (1 - a - b) / 2, d, e, f + (1 - d - e) / 2


def centres(matrix: Affine) -> Affine:
    """Undoes ``edges``."""
    a, b, c, d, e, f = matrix
    return a, b, c - (1 - a - b) / 2, d, e, f - (1 - d - e) / 2


def _turn(width: int, height: int, rotation: int) -> NDArray[np.float64]:
    """Clockwise quarter turns of pixel centres (0 .. n-1)."""
    right, bottom = width - 1.0, height - 1.0
    turns: dict[int, list[list[float]]] = {
        0: [[1, 0, 0], [0, 1, 0]],
        90: [[0, -1, bottom], [1, 0, 0]],
        180: [[-1, 0, right], [0, -1, bottom]],
        270: [[0, 1, 0], [-1, 0, right]],
    }
    if rotation not in turns:
        raise ValueError(f"rotation must be 0, 90, 180 or 270, not {rotation}")
    return np.array(turns[rotation] + [[0, 0, 1]], np.float64)


def _as_placement(matrix: NDArray[np.float64], width: int, height: int, rotation: int, skew: float) -> Placement:
    a, b, c, d, e, f = (float(v) for v in matrix[:2].ravel())
    return replace(Placement.identity(width, height), matrix=(a, b, c, d, e, f), rotation=rotation, skew=skew)
