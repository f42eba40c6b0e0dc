"""The engine protocol. Every engine passes the same contract test (``tests/workers/ocr/test_engine_contract.py``)."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from workers.page import Line, Pixels

MIN_SIDE = 8
"""Pixels: a smaller image holds no text."""


@runtime_checkable
class OcrEngine(Protocol):
    """Reads a straightened page. One instance per process; not thread-safe; models stay loaded between calls."""

    @property
    def name(self) -> str:
        """Name, version and languages, as kept beside each page: ``digitize-reader 1a2b3c4d vie``."""
        ...

    def read(self, grey: Pixels, dpi: float) -> tuple[Line, ...]:
        """Lines in reading order.

        ``grey``: uint8 ``(H, W)``, dark ink on light paper. ``dpi``: of these pixels. Word text is NFC without spaces,
        boxes lie inside the image, confidence is 0..1. A page without text gives an empty tuple. Raises
        ``models.errors.MissingProgram`` when the engine or its language data is not installed.
        """
        ...

    def close(self) -> None:
        """Frees the models; safe to call twice."""
        ...
