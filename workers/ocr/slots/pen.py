"""A pen's digits read by a net of their own, which knows nothing but digits and that a stroke may be none.

It looks at a slot's ink several times (``pen_frame.VIEWS``), and tells all strings that the looks hold possible. Nothing is cut into digits
first: CTC sums over all ways to lay a string over the ink (Graves et al., 2006), so digits may touch.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.errors import MissingProgram
from workers.ocr.reader.beam import readings
from workers.ocr.reader.confidence import Calibration
from workers.ocr.slots.pen_frame import CLASSES, HEIGHT, SYMBOLS, VIEWS, frame
from workers.ocr.slots.pen_weights import PenWeights, load_pen_weights
from workers.page import Candidate, Pixels

log = logging.getLogger(__name__)

BEAM, TRIED, FLOOR, HOPELESS = 12, 4, 1e-4, 1e-5
"""Of the search for strings: prefixes kept, symbols tried at a step, and chances under which none is."""
UNHEARD = 1e-3
"""Chance of a string in a look that does not name it."""
OFFERED, LEAST = 3, 0.02
"""Candidates that a person is offered, and what each must be worth."""
NO_DIGIT = SYMBOLS[-1]
GRAIN = 16
"""Frames are padded to whole so many columns, as in training."""


@dataclass(frozen=True, slots=True)
class PenReading:
    """``candidates``: likeliest first, together at most 1; strings with strokes that are no digits are not among them. ``agreed``: whether
    every look holds the first one likeliest, above all strings with or without other strokes.
    """

    candidates: tuple[Candidate, ...] = ()
    agreed: bool = False


class PenReader(Protocol):
    def read(self, pixels: Pixels) -> PenReading:
        """What stands in grey ``pixels`` ``(h, w)``, dark on white, that hold nothing but a slot's ink."""
        ...


class PenNet:
    """The committed net. ``MissingProgram`` when the weights are of another make. Not thread-safe."""

    def __init__(self, weights: PenWeights) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # pages are read in parallel, one process a core
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(weights.model, options, providers=["CPUExecutionProvider"])
            (given,), (made,) = self._session.get_inputs(), self._session.get_outputs()
        except Exception as error:  # onnxruntime's errors share no narrower base
            raise MissingProgram(f"the net for pens' digits can't be loaded: {type(error).__name__}") from error
        if (given.name, given.shape[2], made.name, made.shape[2]) != ("frames", HEIGHT, "chances", CLASSES):
            raise MissingProgram("the net for pens' digits has other inputs and outputs than this version")
        self._agreed, self._offered = weights.agreed, weights.offered

    def read(self, pixels: Pixels) -> PenReading:
        looks = [self._strings(shown) for view in VIEWS if (shown := frame(pixels, view)) is not None]
        return combined(looks, self._agreed, self._offered)

    def _strings(self, shown: Pixels) -> dict[str, float]:
        """Probabilities of what a frame may say."""
        sheet = np.zeros((1, 1, HEIGHT, -(-shown.shape[1] // GRAIN) * GRAIN), np.float32)
        np.multiply(shown, np.float32(1 / 255), out=sheet[0, 0, :, : shown.shape[1]])
        (chances,) = self._session.run(None, {"frames": sheet})
        steps: NDArray[np.float32] = np.asarray(chances[0], np.float32)
        found = readings(steps, width=BEAM, symbols=TRIED, floor=FLOOR, hopeless=HOPELESS)
        return {"".join(SYMBOLS[symbol - 1] for symbol in symbols): math.exp(chance) for symbols, chance in found}


def combined(looks: Sequence[dict[str, float]], agreed: Calibration, offered: Calibration) -> PenReading:
    """What several looks say together: the geometric mean of what they believe of each string, calibrated."""
    if not looks:
        return PenReading()
    believed = {
        string: math.exp(sum(math.log(max(look.get(string, 0.0), UNHEARD)) for look in looks) / len(looks))
        for string in {string for look in looks for string in look if string}
    }
    ranked = sorted(believed, key=lambda string: (-believed[string], string))
    digits = [string for string in ranked if NO_DIGIT not in string and believed[string] >= LEAST][:OFFERED]
    if not digits:
        return PenReading()
    first, *others = digits
    same = all(max(look, key=lambda string: look[string], default="") == first for look in looks)
    chance = (agreed if same else offered)(believed[first])
    rest = [offered(believed[string]) for string in others]
    spare = min(1.0, (1.0 - chance) / sum(rest)) if any(rest) else 1.0  # all are no likelier than certain
    told = [chance, *(one * spare for one in rest)]
    return PenReading(tuple(Candidate(string, one) for string, one in zip(digits, told, strict=True)), same)


@lru_cache(maxsize=1)
def pen_reader() -> PenReader | None:
    """The committed net, loaded once a process when the first pen's slot is met; ``None`` where its weights can't be used."""
    try:
        return PenNet(load_pen_weights())
    except MissingProgram as error:
        log.warning("pens' numbers and days are not read: %s", error)
        return None
