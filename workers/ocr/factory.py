"""Engines by name, as the settings know them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from models.errors import MissingProgram
from workers.ocr.engine import OcrEngine
from workers.tools.tesseract import INSTALL, language_data

if TYPE_CHECKING:
    from workers.ocr.reader.engine import ReaderEngine
    from workers.ocr.tesseract import PytesseractEngine, TesserocrEngine

log = logging.getLogger(__name__)

READER, READER_ALONE, TESSEROCR, PYTESSERACT = "reader", "reader-alone", "tesserocr", "pytesseract"
ENGINES = (READER, READER_ALONE, TESSEROCR, PYTESSERACT)
OWN_LANGUAGE = "vie"


def make_engine(name: str, languages: str = OWN_LANGUAGE) -> OcrEngine:
    """An engine with its models loaded. ``MissingProgram`` when it or its language data is not installed.

    ``reader``: our own, with tesseract's second opinion where there is tesseract, and tesseract in its place where our weights can't
    be used; ``languages`` are tesseract's. ``reader-alone``: our own and nothing else.
    """
    if name == READER:
        return _reader_or_tesseract(languages)
    if name == READER_ALONE:
        return _reader()
    if name in {TESSEROCR, PYTESSERACT}:
        return _tesseract(name, languages)
    raise MissingProgram(f"no engine is called '{name}'; there are {', '.join(ENGINES)}")


def _reader_or_tesseract(languages: str) -> OcrEngine:
    from workers.ocr.second_opinion import ReaderWithSecondOpinion  # noqa: PLC0415 - as below

    _ask_for_other_languages(languages)
    try:
        first = _reader()
    except MissingProgram as error:
        try:
            instead = _tesseract(TESSEROCR, languages)
        except MissingProgram as second:
            raise MissingProgram(f"{error.detail}; and in its place: {second.detail}") from error
        log.warning("pages are read by %s, since our reader can't be used: %s", instead.name, error.detail)
        return instead
    return ReaderWithSecondOpinion(first, lambda: _tesseract(TESSEROCR, languages))


def _ask_for_other_languages(languages: str) -> None:
    """Our reader needs no language data for Vietnamese; who asks for another language must have it installed."""
    missing = set(languages.split("+")) - {OWN_LANGUAGE} - language_data().keys()
    if missing:
        raise MissingProgram(f"tesseract has no language data '{', '.join(sorted(missing))}' ({INSTALL})")


def _reader() -> ReaderEngine:
    try:
        from workers.ocr.reader.engine import ReaderEngine  # noqa: PLC0415 - the libraries are loaded only by those who read
    except ImportError as error:
        raise MissingProgram(f"our reader can't be loaded: {error}") from error
    return ReaderEngine()


def _tesseract(name: str, languages: str) -> TesserocrEngine | PytesseractEngine:
    try:
        from workers.ocr import tesseract  # noqa: PLC0415 - as above
    except ImportError as error:
        raise MissingProgram(f"the engine '{name}' can't be loaded: {error}") from error
    return tesseract.TesserocrEngine(languages) if name == TESSEROCR else tesseract.PytesseractEngine(languages)
