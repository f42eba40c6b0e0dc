"""Redis: digitize up starts a private one when no broker is configured."""

from __future__ import annotations

import shutil

from workers.tools.probe import Probe, ask_version

INSTALL = "apt-get install redis-server"


def probe() -> Probe:
    found = shutil.which("redis-server")
    return Probe(
        name="redis-server",
        found=found,
        version=ask_version(["redis-server", "--version"], r"v=(\d+[\d.]*)") if found else None,
        minimum="6.2",
        install=INSTALL,
        needed=False,
    )
