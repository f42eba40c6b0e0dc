"""Pages that were read before: the same picture again (a page scanned into two files, a form's printed back) is not read twice."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Hashable

import numpy as np

from workers.page import DecodedPage, PageOutcome

KEPT = 32
"""Outcomes; with their previews some 10 MB."""


class Repeats:
    """The outcomes of the last pages that this process read, by what was on them. Not for several threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._outcomes: OrderedDict[Hashable, PageOutcome] = OrderedDict()

    def find(self, key: Hashable) -> PageOutcome | None:
        outcome = self._outcomes.get(key)
        if outcome is not None:
            self._outcomes.move_to_end(key)
        return outcome

    def keep(self, key: Hashable, outcome: PageOutcome) -> None:
        self._outcomes[key] = outcome
        while len(self._outcomes) > self._kept:
            self._outcomes.popitem(last=False)


def content_key(page: DecodedPage) -> Hashable:
    """Equal for pages that look the same to every step: SHA-256 of the compressed picture, or of the pixels where it was drawn."""
    source = page.source
    seen = source.data if source and source.data else np.ascontiguousarray(page.pixels).data
    picture = hashlib.sha256(seen).digest()
    stored = (source.encoding, source.exif_orientation) if source else None
    known = (page.pixels.shape, page.dpi, page.dpi_known, page.warnings, page.image_share, page.text_hidden)
    return picture, stored, known, page.text_layer, page.overlays
