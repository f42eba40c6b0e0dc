"""What the line cutter hands to the readers."""

from __future__ import annotations

from dataclasses import dataclass

from workers.page import Box, Pixels

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CutLine:
    """``pixels``: grey ``(h, w)`` of the line alone, other lines' ink whitened; ``box``: where it stands on the page.

    ``baseline``: y on the page at the middle of the box; it falls by ``slope`` pixels for each pixel to the right.
    ``ink_height``: of the line's own ink; ``x_height``: median letter height of the page, pixels.
    ``cell``: it stands in a cell of a ruled table.
    ``own_x_height``: of this line's letters without ascenders, pixels; height of the capitals where it has no others.
    ``polygon``: four corners around its ink, clockwise from the top left, along the baseline.
    ``handwritten``: its shapes stand on no common line or are unlike in size, as no print's are: a pen's or a seal's remains.
    """

    pixels: Pixels
    box: Box
    baseline: float
    ink_height: int
    x_height: float
    cell: bool
    slope: float = 0.0
    own_x_height: float = 0.0
    polygon: tuple[Point, Point, Point, Point] | None = None
    handwritten: bool = False

    def baseline_at(self, x: float) -> float:
        """Height (y) of the baseline on the page at ``x`` on the page."""
        return self.baseline + self.slope * (x - (self.box[0] + self.box[2]) / 2)
