"""QR codes as marks."""

from __future__ import annotations

import cv2
import numpy as np

from sample_scans import ink
from sample_scans.layout.sheet import Sheet


def qr_mark(content: str, sheet: Sheet, x: float, y: float, size: float) -> ink.Mark:
    """A QR code (ISO/IEC 18004, UTF-8, level L) with its top left at (x, y), about ``size`` wide, millimetres.

    Drawn in whole pixels a module, at least one, so that it stays sharp. The quiet zone of the encoder's picture is cut off.
    """
    modules = np.asarray(cv2.QRCodeEncoder.create().encode(content), np.uint8)
    rows, columns = np.flatnonzero((modules == 0).any(axis=1)), np.flatnonzero((modules == 0).any(axis=0))
    modules = modules[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = max(1, round(sheet.px(size) / modules.shape[0]))
    coverage = np.kron(255 - modules, np.ones((scale, scale), np.uint8)).astype(np.uint8)
    return ink.Mark(round(sheet.px(x)), round(sheet.px(y)), coverage, ink.COLOURS["print"], "qr")
