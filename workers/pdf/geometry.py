"""From stored pixels to points: EXIF orientation, placement and dpi, composed into one ``cm`` matrix.

A matrix ``(a, b, c, d, e, f)`` maps ``x' = a x + b y + c``, ``y' = d x + e y + f`` (the order of ``Placement``), with y
downwards, until ``image_operator`` turns it into PDF's own order and upward y.
"""

from __future__ import annotations

from workers.page import Placement
from workers.steps.placement import Affine, edges

DEFAULT_DPI = 300.0
MIN_POINTS, MAX_POINTS = 3.0, 14400.0  # page sides that PDF 1.4 allows (implementation limits, ISO 32000-1 annex C)


def exif_affine(orientation: int, width: int, height: int) -> Affine:
    """Stored pixels of a ``width`` x ``height`` image -> upright ones (TIFF 6.0 tag 274; unknown values count as 1)."""
    w, h = float(width), float(height)
    table: dict[int, Affine] = {
        2: (-1, 0, w, 0, 1, 0),
        3: (-1, 0, w, 0, -1, h),
        4: (1, 0, 0, 0, -1, h),
        5: (0, 1, 0, 1, 0, 0),
        6: (0, -1, h, 1, 0, 0),
        7: (0, -1, h, -1, 0, w),
        8: (0, 1, 0, -1, 0, w),
    }
    return table.get(orientation, (1, 0, 0, 0, 1, 0))


def upright_size(orientation: int, width: int, height: int) -> tuple[int, int]:
    """Width and height after ``exif_affine``."""
    return (height, width) if orientation in (5, 6, 7, 8) else (width, height)


def compose(outer: Affine, inner: Affine) -> Affine:
    """First ``inner``, then ``outer``."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f


def points_per_pixel(width: int, height: int, dpi: float) -> float:
    """72 / dpi (``DEFAULT_DPI`` when it makes no sense), bent where the page would leave PDF's limits."""
    scale = 72 / (dpi if 1 <= dpi < 100_000 else DEFAULT_DPI)
    scale = max(scale, MIN_POINTS / min(width, height))
    return min(scale, MAX_POINTS / max(width, height))


def image_operator(matrix: Affine, stored: tuple[int, int], page_height: int, scale: float) -> str:
    """The ``cm`` operands that put an image of ``stored`` size onto the page through ``matrix``.

    An image fills the unit square, its first row at the top: ``(u, v)`` is pixel ``(u w, (1 - v) h)``.
    """
    a, b, c, d, e, f = matrix
    w, h = stored
    values = (a * w, -d * w, -b * h, e * h, b * h + c, page_height - (e * h + f))
    return " ".join(f"{value * scale:.4f}" for value in values)


def covers(matrix: Affine, stored: tuple[int, int], width: int, height: int) -> bool:
    """Whether an unrotated (or cardinally turned) image reaches all four edges of the page, to a pixel."""
    a, b, c, d, e, f = matrix
    if not ((abs(b) < 1e-9 and abs(d) < 1e-9) or (abs(a) < 1e-9 and abs(e) < 1e-9)):
        return False
    w, h = stored
    xs, ys = (c, a * w + b * h + c), (f, d * w + e * h + f)
    return min(xs) <= 0.5 and min(ys) <= 0.5 and max(xs) >= width - 0.5 and max(ys) >= height - 0.5


def page_affine(placement: Placement | None, orientation: int, stored: tuple[int, int]) -> Affine:
    """Stored pixels -> page space."""
    upright = exif_affine(orientation, *stored)
    return compose(edges(placement.matrix), upright) if placement is not None else upright
