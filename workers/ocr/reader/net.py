"""The net itself: frames in, log-probabilities out, by onnxruntime on one thread.

A frame is padded to the next rung of a ladder of widths that depends on its own width alone, and shares a run only with frames of
the same rung: its answers are the same whatever else is on the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.errors import MissingProgram
from workers.ocr.reader.frame import FRAME_HEIGHT, STRIDE
from workers.ocr.reader.symbols import CLASSES
from workers.page import Pixels

LogProbabilities = NDArray[np.float32]
"""``(T, CLASSES)`` of one frame; step ``t`` looks at the frame's columns from ``STRIDE * t - LEFT`` on."""

LEFT, RIGHT = 4, 12
"""Columns of paper added beside a frame; without those at the right a net drops the last letter."""
GRAIN = 8
WASTE = 0.125
"""A rung is at most this much wider than the one before (or one grain): the mean of what is computed for nothing is half of it."""
BATCH_COLUMNS = 1536
"""Columns in one run. A full line alone already fills the caches: larger runs take more memory and no less time."""


class LineNet(Protocol):
    """What the reader needs of a net."""

    def read(self, frames: Sequence[Pixels]) -> list[LogProbabilities]:
        """For each frame, uint8 ``(FRAME_HEIGHT, w)`` dark on white, its log-probabilities, ``T = ceil((w + 16) / STRIDE)``."""
        ...


class Net:
    """``model``: the bytes of the ONNX file. ``MissingProgram`` when it is no net of this make. Not thread-safe."""

    def __init__(self, model: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # pages are read in parallel, one process a core
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # shapes vary; a plan for each would only be kept
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            (given,), (made,) = self._session.get_inputs(), self._session.get_outputs()
        except Exception as error:  # onnxruntime's errors share no narrower base
            raise MissingProgram(f"the reader's net can't be loaded: {type(error).__name__}") from error
        shapes = (given.name, list(given.shape[1:3]), made.name, made.shape[2])
        if shapes != ("frames", [1, FRAME_HEIGHT], "chances", CLASSES):
            raise MissingProgram(f"the reader's net has other inputs and outputs than this version: {shapes}")

    def read(self, frames: Sequence[Pixels]) -> list[LogProbabilities]:
        rungs: dict[int, list[int]] = defaultdict(list)
        for index, frame in enumerate(frames):
            rungs[rung(frame.shape[1])].append(index)
        answers: dict[int, LogProbabilities] = {}
        for width, members in rungs.items():
            size = max(1, BATCH_COLUMNS // width)
            for start in range(0, len(members), size):
                chosen = members[start : start + size]
                (chances,) = self._session.run(None, {"frames": _batch([frames[i] for i in chosen], width)})
                for index, line in zip(chosen, np.asarray(chances, np.float32), strict=True):
                    answers[index] = line[: steps(frames[index].shape[1])]
        return [answers[index] for index in range(len(frames))]


def steps(width: int) -> int:
    """Outputs that belong to a frame of ``width`` columns and the paper beside it."""
    return -(-(LEFT + width + RIGHT) // STRIDE)


def rung(width: int) -> int:
    """Columns of the net's input for a frame of ``width`` columns."""
    needed, here = LEFT + width + RIGHT, 4 * GRAIN
    while here < needed:
        here += max(GRAIN, int(here * WASTE) // GRAIN * GRAIN)
    return here


def _batch(frames: Sequence[Pixels], width: int) -> NDArray[np.float32]:
    """``(N, 1, FRAME_HEIGHT, width)``: ink 1, paper 0."""
    sheet = np.zeros((len(frames), 1, FRAME_HEIGHT, width), np.float32)
    for row, frame in zip(sheet, frames, strict=True):
        np.subtract(255, frame, out=row[0, :, LEFT : LEFT + frame.shape[1]], dtype=np.float32)
    sheet *= np.float32(1 / 255)
    return sheet
