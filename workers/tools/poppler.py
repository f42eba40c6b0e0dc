"""Poppler: ``pdftoppm`` (through pdf2image) draws PDF pages that are not one image; ``pdfinfo`` measures them."""

from __future__ import annotations

import shutil

from workers.tools.probe import Probe, ask_version

INSTALL = "apt-get install poppler-utils"


def probe() -> Probe:
    """Both programs; 22.02 is what Ubuntu 22.04 ships, the oldest tried."""
    missing = [name for name in ("pdftoppm", "pdfinfo") if shutil.which(name) is None]
    return Probe(
        name="poppler",
        found=None if missing else shutil.which("pdftoppm"),
        version=None if missing else ask_version(["pdftoppm", "-v"], r"version (\d+[\d.]*)"),
        minimum="22.02",
        install=INSTALL,
        detail=f"missing: {', '.join(missing)}" if missing else "",
    )
