"""Vietnamese text, pure: normal form and tone placement, folding for search, numbers of documents."""

from __future__ import annotations

from models.vietnamese.folding import fold, nfc, place_tones

__all__ = ["fold", "nfc", "place_tones"]
