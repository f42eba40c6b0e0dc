"""OpenCV's decoder with its errors turned into ours."""

from __future__ import annotations

import cv2
import numpy as np

from models.errors import ProcessingLimit
from workers.page import Pixels


def imdecode(data: bytes, *, grey: bool) -> Pixels | None:
    """Stored pixels (EXIF not applied): ``(H, W)`` when ``grey``, else RGB; ``None`` when it can't read them.

    ``ProcessingLimit`` when they do not fit into the memory allowed.
    """
    how = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR_RGB
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), how | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise ProcessingLimit("decoding needs more memory than allowed") from None
        return None
    return None if pixels is None else np.asarray(pixels, dtype=np.uint8)
