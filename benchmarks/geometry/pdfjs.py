"""pdf.js, the viewer of Firefox, in Chromium: what it draws, what its search sees, and where a selection lies.

The package is fetched at set-up for tests alone (``tests/pdfjs``); its files are handed to the browser without a server.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from playwright.sync_api import Browser, Page, Route

from benchmarks.measure import ROOT
from workers.page import Pixels

HOME = ROOT / "tests" / "pdfjs"
PACKAGE = HOME / "node_modules" / "pdfjs-dist"
ORIGIN = "http://pdfjs.invalid"  # answered here, never looked up
_TYPES = {".html": "text/html", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A page. ``drawn``: grey. ``words``: text and box ``(x0, y0, x1, y1)`` of its selection, in pixels of ``drawn``."""

    text: str
    words: list[tuple[str, tuple[float, float, float, float]]]
    drawn: Pixels


class Viewer:
    """``pages`` for one file after another."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def pages(self, pdf: Path, dpi: float) -> list[Shown]:
        """Every page at ``dpi``. Raises playwright's ``Error`` when pdf.js can't read the file."""
        data = base64.b64encode(pdf.read_bytes()).decode()
        found: list[dict[str, Any]] = self._page.evaluate(
            "([data, scale]) => window.pages(data, scale)", [data, dpi / 72]
        )
        return [_shown(page) for page in found]


def _shown(page: dict[str, Any]) -> Shown:
    coded = np.frombuffer(base64.b64decode(page["png"]), np.uint8)
    drawn = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)
    return Shown(page["text"], [(text, (x0, y0, x1, y1)) for text, x0, y0, x1, y1 in page["words"]], drawn)


@contextmanager
def viewer(browser: Browser) -> Iterator[Viewer]:
    """pdf.js in a page of ``browser``. Raises ``FileNotFoundError`` when the package is missing."""
    if not PACKAGE.is_dir():
        raise FileNotFoundError("pdf.js is fetched by scripts/setup.sh test")
    page = browser.new_page(viewport={"width": 1800, "height": 1800})
    try:
        page.route("**/*", _answer)
        page.goto(f"{ORIGIN}/viewer.html")
        page.wait_for_function("window.ready")
        yield Viewer(page)
    finally:
        page.close()


def _answer(route: Route) -> None:
    name = route.request.url.removeprefix(ORIGIN).lstrip("/")
    file = HOME / name if name == "viewer.html" else PACKAGE / name
    if not route.request.url.startswith(ORIGIN) or not file.is_file():
        route.fulfill(status=404)
        return
    route.fulfill(body=file.read_bytes(), content_type=_TYPES.get(file.suffix, "application/octet-stream"))
