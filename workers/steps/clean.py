"""The page as the reader wants it: grey, without the coloured ink that lies over and beside the print. Never what is kept.

Red seals over signatures and blue pen strokes spoil the lines they touch and the layout around them. Printed letters stay: they
are dark in every channel. Measured on the scanned decision with known text; background division and binarisation were tried
and left out, since they gave nothing or did harm there.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Pixels

COLOURED = 60
"""Spread of the channels above which a pixel is coloured ink, the paper taken as white."""
DARK = 110
"""What is darker than this in every channel is print under the seal, and stays."""
MAX_SHARE = 0.25
"""More colour than this is no seal or signature but a coloured page or a photograph: only its grey is taken."""
MAX_INK_SHARE = 0.9
"""So much of the ink being coloured means a text in coloured ink."""


def for_reading(pixels: Pixels) -> Pixels:
    """Grey ``(H, W)`` from grey or RGB ``(H, W, 3)`` uint8; coloured ink becomes paper."""
    if pixels.ndim == 2:
        return pixels
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    red, green, blue = cv2.split(_on_white(pixels))
    high = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
    spread = cv2.subtract(high, cv2.min(cv2.min(red, green), blue))
    coloured = np.asarray(spread > COLOURED, np.uint8)
    count = int(np.count_nonzero(coloured))
    if count == 0 or count > MAX_SHARE * grey.size:
        return grey
    if count > MAX_INK_SHARE * (count + int(np.count_nonzero(high < DARK))):
        return grey
    around = cv2.dilate(coloured, np.ones((3, 3), np.uint8)) > 0  # the halo that scanners and JPEG leave
    grey[around & (high >= DARK)] = 255
    return grey


def _on_white(pixels: Pixels) -> NDArray[np.uint8]:
    """Channels stretched so that the paper is white: yellowed paper is no coloured ink."""
    sample = pixels[::8, ::8].reshape(-1, 3)
    bright = sample[sample.max(axis=1) >= np.percentile(sample.max(axis=1), 60)]
    paper = np.median(bright, axis=0)
    if float(np.ptp(paper)) < 8 or float(paper.min()) < 100:
        return pixels
    table = np.clip(np.arange(256)[:, None] * (255.0 / paper), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(pixels, table.reshape(256, 1, 3)), np.uint8)
