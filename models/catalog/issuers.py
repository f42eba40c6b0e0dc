"""Who issues a paper: patterns of the catalog against an issuer read off a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from models.vietnamese.folding import fold


def issued_by(patterns: Iterable[str], issuer: str) -> bool:
    """Whether ``issuer`` holds one of the patterns: phrases of whole words, marks and case ignored, ``*`` for any words."""
    text = " ".join(fold(issuer).split())
    return any(_compiled(pattern).search(text) for pattern in patterns)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    phrases = (re.escape(" ".join(fold(part).split())) for part in pattern.split("*"))
    return re.compile(r"(?<!\w)" + r"\b.*?\b".join(phrases) + r"(?!\w)")
