"""qpdf: a second opinion on the PDFs we write, in tests; pikepdf carries the library itself."""

from __future__ import annotations

import shutil

from workers.tools.probe import Probe, ask_version

INSTALL = "apt-get install qpdf"


def probe() -> Probe:
    found = shutil.which("qpdf")
    return Probe(
        name="qpdf",
        found=found,
        version=ask_version(["qpdf", "--version"], r"version (\d+[\d.]*)") if found else None,
        minimum="11.0",
        install=INSTALL,
        needed=False,
    )
