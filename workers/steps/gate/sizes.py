"""Is the page as large as papers are? A cropped page, or one whose resolution is told wrong, is not."""

from __future__ import annotations

# ISO 216, ISO/IEC 7810 (ID-1 card, ID-3 passport, shut and open), folio and the American sizes that printers here hold; 190 x 265 mm
# is the land use right certificate (Thông tư 23/2014/TT-BTNMT Điều 3), shut and open.
SHEETS_MM = (
    (297.0, 420.0),
    (210.0, 297.0),
    (148.0, 210.0),
    (105.0, 148.0),
    (176.0, 250.0),
    (125.0, 176.0),
    (53.98, 85.60),
    (88.0, 125.0),
    (215.9, 279.4),
    (215.9, 355.6),
    (210.0, 330.0),
    (190.0, 265.0),
    (265.0, 380.0),
)
TOLERANCE, TOLERANCE_MM = 0.045, 4.0  # sides of real scans, trimmed by the scanner's driver, are up to 3.4 % off
SCREEN_DPI = (72.0, 96.0)  # what programs write when they know nothing
_CAMERAS = (4 / 3, 3 / 2, 16 / 9)
_CAMERA = 0.004


def odd_size(width: int, height: int, dpi: float) -> bool:
    """Whether a page of so many pixels at a dpi that its file tells is of no size that papers have; ``False`` when it can't be told."""
    short, long = sorted((width, height))
    if short == 0 or any(abs(dpi - screen) < 0.5 for screen in SCREEN_DPI):
        return False
    if any(abs(long / short / ratio - 1) < _CAMERA for ratio in _CAMERAS):
        return False  # a camera's picture, whatever it says of dots per inch
    sides = (short * 25.4 / dpi, long * 25.4 / dpi)
    return not any(all(_near(a, b) for a, b in zip(sides, sheet, strict=True)) for sheet in SHEETS_MM)


def _near(side: float, sheet: float) -> bool:
    return abs(side - sheet) <= max(TOLERANCE * sheet, TOLERANCE_MM)
