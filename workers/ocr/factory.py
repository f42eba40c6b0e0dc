"""Engines by name, as the settings know them."""

from __future__ import annotations

from models.errors import MissingProgram
from workers.ocr.engine import OcrEngine

ENGINES = ("tesserocr", "pytesseract")


def make_engine(name: str, languages: str = "vie") -> OcrEngine:
    """An engine with its models loaded. ``MissingProgram`` when it or its language data is not installed."""
    if name not in ENGINES:
        raise MissingProgram(f"no engine is called '{name}'; there are {', '.join(ENGINES)}")
    try:
        from workers.ocr import tesseract  # noqa: PLC0415 - the libraries are loaded only by those who read
    except ImportError as error:
        raise MissingProgram(f"the engine '{name}' can't be loaded: {error}") from error
    return tesseract.TesserocrEngine(languages) if name == "tesserocr" else tesseract.PytesseractEngine(languages)
