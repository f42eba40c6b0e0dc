"""Copies of a page at other sizes: one to read, one to show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2

from workers.page import Box, Line, Pixels, Placement
from workers.steps.copies import halved, resized
from workers.steps.faithful import quality_for
from workers.steps.placement import apply, scaled

READING_DPI = 190.0
"""Tesseract scales every line to 36 pixels; real pages of 240 and noisy ones of 300 dpi read best when brought to 170-200."""
MAX_READING_PIXELS = 24_000_000
MAX_ENLARGED_SIDE = 2400
PREVIEW_HEIGHT = 1600
PREVIEW_QUALITY = 78
MAX_JPEG_SIDE = 60_000


def reading_copy(pixels: Pixels, dpi: float) -> tuple[Pixels, float]:
    """(the page at the resolution that reads best, its dpi). Coarse pages are enlarged, unless their dpi can't be true."""
    height, width = pixels.shape[:2]
    factor = READING_DPI / dpi
    if factor > 1:
        factor = min(factor, max(1.0, MAX_ENLARGED_SIDE / max(height, width)))
    factor = min(factor, (MAX_READING_PIXELS / (height * width)) ** 0.5)
    if abs(factor - 1) < 0.03:
        return pixels, dpi
    return resized(pixels, factor), dpi * factor


def to_page(lines: tuple[Line, ...], reading: Placement, page: Placement) -> tuple[Line, ...]:
    """Lines read off the reading copy, in pixels of the page."""
    fx, fy = page.width / reading.width, page.height / reading.height
    if fx == 1 and fy == 1:
        return lines

    def box(old: Box) -> Box:
        x0, y0, x1, y1 = old
        left, top = min(page.width - 1, round(x0 * fx)), min(page.height - 1, round(y0 * fy))
        right, bottom = min(page.width, round(x1 * fx)), min(page.height, round(y1 * fy))
        return left, top, max(right, left + 1), max(bottom, top + 1)

    return _mapped(lines, box, lambda at, slope: (at * fy, slope * fy / fx))


def moved(lines: tuple[Line, ...], right: int, down: int) -> tuple[Line, ...]:
    """Lines read off a part of the page that begins so many pixels right of its corner and under it."""

    def box(old: Box) -> Box:
        x0, y0, x1, y1 = old
        return x0 + right, y0 + down, x1 + right, y1 + down

    return _mapped(lines, box, lambda at, slope: (at + down - slope * right, slope))


def _mapped(
    lines: tuple[Line, ...], box: Callable[[Box], Box], base: Callable[[float, float], tuple[float, float]]
) -> tuple[Line, ...]:
    """The lines elsewhere: ``box`` says where the words' boxes are then, ``base`` the baselines (y at x = 0, slope)."""
    return tuple(
        replace(
            line,
            words=tuple(replace(word, box=box(word.box)) for word in line.words),
            baseline=base(*line.baseline) if line.baseline else None,
        )
        for line in lines
    )


def preview(pixels: Pixels, placement: Placement) -> bytes:
    """A JPEG of the page for people, at most 1600 pixels high."""
    factor, small = min(1.0, PREVIEW_HEIGHT / placement.height), pixels
    while factor <= 0.5:
        factor, small = 2 * factor, halved(small)
    small = resized(small, factor) if factor < 1 else small
    shown = scaled(placement, pixels.shape[1::-1], small.shape[1::-1])
    return jpeg(apply(small, shown)[:PREVIEW_HEIGHT], PREVIEW_QUALITY)


def page_jpeg(pixels: Pixels, placement: Placement) -> bytes:
    """The page itself as JPEG, for a PDF page whose own bytes can't be kept; as good as it must be to look the same."""
    page = apply(pixels, placement)
    longest = max(page.shape[:2])
    if longest > MAX_JPEG_SIDE:
        page = resized(page, MAX_JPEG_SIDE / longest)
    return jpeg(page, quality_for(page))


def jpeg(pixels: Pixels, quality: int) -> bytes:
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
    done, coded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the page can't be coded as JPEG")
    return coded.tobytes()
