"""The symbols that the reader can name, in the order of its outputs. Output 0 is the CTC blank (Graves et al., 2006).

Changing this list makes committed weights useless: they are checked against it at load.
"""

from __future__ import annotations

import re
import unicodedata

_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_LETTERS = (
    "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES)
    + "đbcdfghjklmnpqrstvwxz"
)
_SIGNS = " !\"#$%&'()*+,-./:;<=>?@[\\]^_{|}~“”‘’–…•°¹²³§×≤≥±½«»№□"

SYMBOLS = "".join(sorted(set(_LETTERS + _LETTERS.upper() + "0123456789" + _SIGNS)))
"""NFC, one code point each; output ``i + 1`` of the net is ``SYMBOLS[i]``."""

CLASSES = len(SYMBOLS) + 1
_INDEX = {symbol: index + 1 for index, symbol in enumerate(SYMBOLS)}

_SAME_INK = str.maketrans(
    {
        "—": "–", "―": "–", "−": "-", "‐": "-", "‑": "-", "\u00ad": "-", "\u00a0": " ", "\u202f": " ", "Ð": "Đ", "ð": "đ",
        "\uf0b7": "•", "·": "•", "●": "•", "▪": "•", "☐": "□", "▢": "□", "⁄": "/", "′": "'", "″": '"', "º": "°", "\uf02d": "-",
        "„": "“", "‚": ",", "´": "'", "`": "'", "¸": ",",
    }
)  # fmt: skip
"""Signs that print alike, or that no reader could tell apart at 200 dpi."""


def readable(text: str) -> str:
    """``text`` in NFC as the reader would write it: like signs merged, unknown ones dropped, spaces single."""
    merged = unicodedata.normalize("NFC", text).translate(_SAME_INK).replace("...", "…")
    return re.sub(r"\s+", " ", "".join(c for c in merged if c in _INDEX or c.isspace())).strip()


def encode(text: str) -> list[int]:
    """Outputs of the net that spell ``text``; ``KeyError`` for a symbol that the reader can't name."""
    return [_INDEX[symbol] for symbol in text]
