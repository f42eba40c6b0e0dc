"""For which base an example was made: its scores mean nothing beside other weights. Light, as the sweeper asks too."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Final

WEIGHTS: Final = Path(__file__).with_name("weights.json")
FEATURES: Final = 1
"""How ``workers.classify.learn.features`` cuts a paper into features; one more when that changes."""


@cache
def example_version() -> str:
    """Changes with the features and with the weights of ``workers.classify.kind``: then examples are made anew and models learned again."""
    weights = json.loads(WEIGHTS.read_text(encoding="utf-8"))["kind"]
    digest = hashlib.sha256(json.dumps(weights, sort_keys=True).encode()).hexdigest()
    return f"{FEATURES}.{digest[:12]}"
