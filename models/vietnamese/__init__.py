"""Vietnamese text, pure: normal form and tone placement, folding for search, numbers of documents."""

from __future__ import annotations

from models.vietnamese.folding import fold, fold_in_place, nfc, place_tones

__all__ = ["fold", "fold_in_place", "nfc", "place_tones"]
