"""The dpi of an image: what the file says when that can be true, else what it must be if the sheet is A4."""

from __future__ import annotations

from dataclasses import dataclass

A4_LONG_INCHES = 297 / 25.4
SCREEN_DPI = (72.0, 96.0)  # what programs write when they know nothing
MIN_DPI, MAX_DPI = 50.0, 1300.0
SMALLEST_INCHES = 2.0  # the short side of an identity card (ID-1, 53.98 mm), a little less
LARGEST_INCHES = 50.0  # A0 is 46.8
LARGEST_SCREEN_INCHES = 17.0  # a believable 72 or 96 dpi sheet is A3 at most; larger ones are photos
SQUARE = 1.03  # more than this apart, x and y are different resolutions (fax), not rounding


@dataclass(frozen=True, slots=True)
class Resolution:
    """``x`` and ``y`` in dots per inch; ``known`` is false when they were estimated."""

    x: float
    y: float
    known: bool

    @property
    def square(self) -> bool:
        return max(self.x, self.y) <= SQUARE * min(self.x, self.y)


def resolution_of(width: int, height: int, told: tuple[float, float] | None) -> Resolution:
    """What the file tells (dpi of the x and y axis), if the sheet it implies can exist; else the A4 estimate."""
    if told is not None and _plausible(width, height, told):
        return Resolution(told[0], told[1], known=True)
    estimate = max(width, height) / A4_LONG_INCHES
    return Resolution(estimate, estimate, known=False)


def _plausible(width: int, height: int, told: tuple[float, float]) -> bool:
    x, y = told
    if not (MIN_DPI <= x <= MAX_DPI and MIN_DPI <= y <= MAX_DPI) or max(x, y) > 2.2 * min(x, y):
        return False
    longest = max(width / x, height / y)
    if any(abs(x - screen) < 0.5 for screen in SCREEN_DPI):
        return SMALLEST_INCHES * 2 <= longest <= LARGEST_SCREEN_INCHES
    return SMALLEST_INCHES <= longest <= LARGEST_INCHES
