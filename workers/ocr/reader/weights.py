"""The committed weights and what is known of them, checked before they are used: reading with other weights would be guessing.

``weights/reader.onnx`` is the net, ``weights/reader.json`` says its SHA-256, the symbols, the frame and the calibration that it was
made with. ``training/`` writes both.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from models.errors import MissingProgram
from workers.ocr.reader.confidence import Calibration
from workers.ocr.reader.frame import FRAME_HEIGHT, STRIDE
from workers.ocr.reader.symbols import SYMBOLS

MODEL, FACTS = "reader.onnx", "reader.json"
REMEDY = "install the package again (pip, uv or the image bring the file), or make it with `make train-reader`"
READER_TABLE, TESSERACT_TABLE = "reader", "tesseract"
"""Tables of ``calibration``: for our own raw word confidence, and for tesseract's."""


@dataclass(frozen=True, slots=True)
class Weights:
    """``model``: the bytes of the ONNX file. ``trained_lines``: how many drawn lines it learned from."""

    model: bytes = field(repr=False)
    sha256: str
    calibration: Calibration
    tesseract_calibration: Calibration
    trained_lines: int

    @property
    def version(self) -> str:
        """Eight hex digits that tell these weights from others."""
        return self.sha256[:8]


def weights_folder() -> Traversable:
    return resources.files("workers.ocr.reader") / "weights"


def weights_present(folder: Traversable | None = None) -> bool:
    """Whether there are any; ``load_weights`` says whether they are the right ones."""
    folder = folder or weights_folder()
    return (folder / MODEL).is_file() and (folder / FACTS).is_file()


def load_weights(folder: Traversable | None = None) -> Weights:
    """The weights in ``folder`` (default: those of the package). ``MissingProgram`` when absent, altered or of another make."""
    folder = folder or weights_folder()
    try:
        model, text = (folder / MODEL).read_bytes(), (folder / FACTS).read_text(encoding="utf-8")
    except OSError as error:
        raise MissingProgram(f"the reader's weights ({MODEL}, {FACTS}) are not there: {REMEDY}") from error
    try:
        facts: dict[str, Any] = json.loads(text)
        _check(facts, found := hashlib.sha256(model).hexdigest())
        tables: dict[str, Any] = facts.get("calibration") or {}
        return Weights(
            model=model,
            sha256=found,
            calibration=Calibration.from_json(tables.get(READER_TABLE)),
            tesseract_calibration=Calibration.from_json(tables.get(TESSERACT_TABLE)),
            trained_lines=int(facts.get("trained_lines", 0)),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise MissingProgram(f"{FACTS} beside the reader's weights can't be used ({error}): {REMEDY}") from error


def _check(facts: dict[str, Any], found: str) -> None:
    if facts["sha256"] != found:
        raise MissingProgram(
            f"{MODEL} has been altered: its SHA-256 begins {found[:8]}, {FACTS} says {facts['sha256'][:8]}: {REMEDY}"
        )
    made_for = (facts["symbols"], facts["height"], facts["stride"])
    if made_for != (SYMBOLS, FRAME_HEIGHT, STRIDE):
        raise MissingProgram(f"{MODEL} was made for other symbols or another frame than this version has: {REMEDY}")
