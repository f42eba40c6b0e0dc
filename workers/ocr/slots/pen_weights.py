"""The committed weights of the digits' net, checked before they are used: ``weights/pen.onnx``, and ``weights/pen.json``, which says what they are.

``training/pens`` writes both.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable

from models.errors import MissingProgram
from workers.ocr.reader.confidence import Calibration
from workers.ocr.slots.pen_frame import HEIGHT, SYMBOLS, VIEWS

MODEL, FACTS = "pen.onnx", "pen.json"
REMEDY = "install the package again (pip, uv or the image bring the file), or make it with `make train-pens`"


@dataclass(frozen=True, slots=True)
class PenWeights:
    """``model``: the bytes of the ONNX file. From what the looks believe together to how often that is right: ``agreed`` of a string that each
    of them holds likeliest, ``offered`` of all others.
    """

    model: bytes = field(repr=False)
    sha256: str
    agreed: Calibration
    offered: Calibration


def weights_folder() -> Traversable:
    return resources.files("workers.ocr.slots") / "weights"


def load_pen_weights(folder: Traversable | None = None) -> PenWeights:
    """The weights in ``folder`` (default: those of the package). ``MissingProgram`` when absent, altered or of another make."""
    folder = folder or weights_folder()
    try:
        model, text = (folder / MODEL).read_bytes(), (folder / FACTS).read_text(encoding="utf-8")
    except OSError as error:
        raise MissingProgram(f"the weights for pens' digits ({MODEL}, {FACTS}) are not there: {REMEDY}") from error
    found = hashlib.sha256(model).hexdigest()
    try:
        facts = json.loads(text)
        if facts["sha256"] != found:
            raise MissingProgram(f"{MODEL} has been altered: its SHA-256 begins {found[:8]}: {REMEDY}")
        if (facts["symbols"], facts["height"], facts["views"]) != (SYMBOLS, HEIGHT, len(VIEWS)):
            raise MissingProgram(f"{MODEL} was made for other symbols or frames than this version has: {REMEDY}")
        tables = facts["calibration"]
        return PenWeights(model, found, *(Calibration.from_json(tables[name]) for name in ("agreed", "offered")))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise MissingProgram(f"{FACTS} beside the pen's weights can't be used ({error}): {REMEDY}") from error
