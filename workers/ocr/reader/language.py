"""What the language says where the ink does not: phrases of administrative Vietnamese, over the net's own alternatives.

``sửa đôi, bổ sung`` is no phrase and ``sửa đổi, bổ sung`` is one of the commonest: where the net itself held *đổi* possible, and only
it makes a known phrase with a neighbour, it is taken. Nothing else is ever changed: a word that already stands in a known phrase
stays; digits, codes and names of people are the ink's alone (a name is as likely spelled one way as the other); and what the net did
not offer is not thought up.

Phrases are pairs of words counted in published decisions (``weights/phrases.txt.gz``) and the fixed wording of papers, bodies and provinces
(``vocabulary.txt``, with its sources).
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import pairwise

from workers.ocr.reader.reading import Alternative, ReadWord
from workers.ocr.reader.weights import weights_folder

PHRASES, VOCABULARY = "phrases.txt.gz", "vocabulary.txt"
LEAST = 3
"""Times that a pair of words must have been seen in print to count as a phrase; as often counts a pair of the vocabulary."""
NAMED = 1_000_000
"""As often counts a pair of a name in the vocabulary, the only names that are settled (``Đà Nâng``)."""
BEHIND = math.log(300)
"""How much less probable by its ink the word of a phrase may be than what the net read."""
EDGES = ".,;:()[]\"'“”‘’/…-–+*"
_PARTING = (".", ":", ";")

Pairs = Mapping[tuple[str, str], int]


def load_phrases(folder: Traversable | None = None) -> Pairs:
    """Pairs of neighbouring words (lower case) and how often they were seen; of the vocabulary alone when there is no such file."""
    file = (folder or weights_folder()) / PHRASES
    pairs = dict(_vocabulary())
    if file.is_file():
        for line in gzip.decompress(file.read_bytes()).decode("utf-8").splitlines():
            first, second, count = line.split(" ")
            pairs[first, second] = max(int(count), pairs.get((first, second), 0))
    return pairs


@lru_cache(maxsize=1)
def _vocabulary() -> Pairs:
    """The pairs of ``vocabulary.txt``."""
    text = (resources.files("workers.ocr.reader") / VOCABULARY).read_text(encoding="utf-8")
    phrases = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return {
        (plain(first), plain(second)): NAMED if first[0].isupper() else LEAST
        for words in phrases
        for first, second in pairwise(words)
    }


def plain(word: str) -> str:
    """A word as phrases hold it: lower case, without the punctuation around it."""
    return word.strip(EDGES).lower()


def lonely(texts: Sequence[str], pairs: Pairs) -> list[bool]:
    """Which words of a line could be settled: common words of the language that stand in no known phrase."""
    capitals = all(text == text.upper() for text in texts) and len(texts) > 1
    return [
        _is_common(text, capitals=capitals) and not _stands(text, *_beside(texts, index), pairs)
        for index, text in enumerate(texts)
    ]


def settled(words: Sequence[ReadWord], pairs: Pairs) -> tuple[ReadWord, ...]:
    """The words of a line, doubtful ones as the one alternative that makes a phrase with a neighbour."""
    done = list(words)
    capitals = all(word.text == word.text.upper() for word in words) and len(words) > 1
    for index, word in enumerate(words):
        if len(word.alternatives) < 2 or not _is_common(word.text, capitals=capitals):
            continue
        before, after = _beside([other.text for other in done], index)
        if _stands(word.text, before, after, pairs):
            continue
        known = [other for other in _near(word) if _stands(other[0], before, after, pairs)]
        if len({plain(text) for text, _ in known}) == 1:
            done[index] = _taken(word, known[0])
    return tuple(done)


def _beside(texts: Sequence[str], index: int) -> tuple[str, str]:
    return texts[index - 1] if index else "", texts[index + 1] if index + 1 < len(texts) else ""


def _stands(word: str, before: str, after: str, pairs: Pairs) -> bool:
    """Whether it makes a phrase with a neighbour."""
    return any(
        pairs.get((plain(one), plain(other)), 0) >= _least(one, other) for one, other in _joined(word, before, after)
    )


def _joined(word: str, before: str, after: str) -> Iterator[tuple[str, str]]:
    # A full stop or colon between two words parts them; a comma does not ("sửa đổi, bổ sung").
    if before and not before.endswith(_PARTING):
        yield before, word
    if after and not word.endswith(_PARTING):
        yield word, after


def _least(one: str, other: str) -> int:
    """Two words with a capital each are a name: if not of a place that the vocabulary knows, then of a person."""
    return NAMED if _is_title(one) and _is_title(other) else LEAST


def _near(word: ReadWord) -> list[Alternative]:
    """Alternatives that the ink allows and that differ from what was read in their letters only."""
    best = max(chance for _, chance in word.alternatives)
    return [
        (text, chance)
        for text, chance in word.alternatives
        if chance >= best - BEHIND and " " not in text and plain(text).isalpha() and _case(text) == _case(word.text)
    ]


def _is_common(text: str, *, capitals: bool) -> bool:
    """A word of the language, no number or code: small letters but for the first, or a capital among capitals only."""
    bare = text.strip(EDGES)
    return bare.isalpha() and (bare.islower() or _is_title(bare) or (capitals and bare.isupper()))


def _is_title(text: str) -> bool:
    bare = text.strip(EDGES)
    return bare[:1].isupper() and bare[1:].islower()


def _case(text: str) -> tuple[bool, bool]:
    return text.isupper(), _is_title(text)


def _taken(word: ReadWord, other: Alternative) -> ReadWord:
    """The word with the alternative's text. Its confidence is the better half of a doubt: a phrase is evidence, not proof."""
    return replace(word, text=other[0], confidence=max(word.confidence, 0.5))
