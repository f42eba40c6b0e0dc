"""What the language says where the ink does not: phrases of administrative Vietnamese, over the net's own alternatives.

``sửa đôi, bổ sung`` is no phrase and ``sửa đổi, bổ sung`` is one of the commonest: where the net itself held *đổi* possible, and only
it makes a known phrase with a neighbour, it is taken. Nothing else is ever changed: a word that already stands in a known phrase
stays; digits, codes and names are the ink's alone (a name is as likely spelled one way as the other); and what the net did not offer
is not thought up.
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources.abc import Traversable

from workers.ocr.reader.reading import Alternative, ReadWord
from workers.ocr.reader.weights import weights_folder

PHRASES = "phrases.txt.gz"
LEAST = 3
"""Times that a pair of words must have been seen in print to count as a phrase."""
BEHIND = math.log(40)
"""How much less probable by its ink the word of a phrase may be than what the net read."""
EDGES = ".,;:()[]\"'“”‘’/…-–+*"

Pairs = Mapping[tuple[str, str], int]


def load_phrases(folder: Traversable | None = None) -> Pairs:
    """Pairs of neighbouring words (lower case) and how often they were seen; empty when there is no such file."""
    file = (folder or weights_folder()) / PHRASES
    if not file.is_file():
        return {}
    pairs: dict[tuple[str, str], int] = {}
    for line in gzip.decompress(file.read_bytes()).decode("utf-8").splitlines():
        first, second, count = line.split(" ")
        pairs[first, second] = int(count)
    return pairs


def plain(word: str) -> str:
    """A word as phrases hold it: lower case, without the punctuation around it."""
    return word.strip(EDGES).lower()


def settled(words: Sequence[ReadWord], pairs: Pairs) -> tuple[ReadWord, ...]:
    """The words of a line, doubtful ones as the one alternative that makes a phrase with a neighbour."""
    done = list(words)
    for index, word in enumerate(words):
        if len(word.alternatives) < 2 or not _is_common(word, words):
            continue
        before = done[index - 1].text if index else ""
        after = words[index + 1].text if index + 1 < len(words) else ""
        if _evidence(word.text, before, after, pairs):
            continue
        known = [other for other in _near(word) if _evidence(other[0], before, after, pairs)]
        if len({plain(text) for text, _ in known}) == 1:
            done[index] = _taken(word, known[0])
    return tuple(done)


def _evidence(word: str, before: str, after: str, pairs: Pairs) -> bool:
    # A full stop or colon between two words parts them; a comma does not ("sửa đổi, bổ sung").
    joined = before and not before.endswith((".", ":", ";")) and pairs.get((plain(before), plain(word)), 0) >= LEAST
    follows = after and not word.endswith((".", ":", ";")) and pairs.get((plain(word), plain(after)), 0) >= LEAST
    return bool(joined or follows)


def _near(word: ReadWord) -> list[Alternative]:
    """Alternatives that the ink allows and that differ from what was read in their letters only."""
    best = max(chance for _, chance in word.alternatives)
    return [
        (text, chance)
        for text, chance in word.alternatives
        if chance >= best - BEHIND and " " not in text and _is_word(text) and text.isupper() == word.text.isupper()
    ]


def _is_word(text: str) -> bool:
    return plain(text).isalpha()


def _is_common(word: ReadWord, words: Sequence[ReadWord]) -> bool:
    """A word of the language, no number, code or name: small letters, or a capital among capitals only."""
    text = word.text.strip(EDGES)
    if not text.isalpha():
        return False
    return text.islower() or (text.isupper() and len(words) > 1 and all(_no_small(other.text) for other in words))


def _no_small(text: str) -> bool:
    return text == text.upper()


def _taken(word: ReadWord, other: Alternative) -> ReadWord:
    """The word with the alternative's text. Its confidence is the better half of a doubt: a phrase is evidence, not proof."""
    return replace(word, text=other[0], confidence=max(word.confidence, 0.5))
