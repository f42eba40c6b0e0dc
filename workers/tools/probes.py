"""All probes together, for ``digitize doctor`` and ``/readyz``."""

from __future__ import annotations

from workers.tools import node, poppler, qpdf, redis_server, tesseract
from workers.tools.probe import Probe


def probes(languages: str = "vie") -> list[Probe]:
    """Every external program, needed ones first. Takes some tenths of a second: each is started once."""
    return [
        poppler.probe(),
        tesseract.probe(languages),
        redis_server.probe(),
        qpdf.probe(),
        node.probe(),
    ]
