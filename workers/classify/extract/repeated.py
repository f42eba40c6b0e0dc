"""A body's name as the rest of the paper spells it: a letter's mark that one line lost stands on others.

Readers disagree with themselves about marks (``BỂN TRĂNG``, ``Bến Trăng``). All places of a paper that have the name in the same letters are heard,
each as loud as its least sure word; the spelling that is louder than all others together stands. Nothing is spelled that was not read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from models.vietnamese.folding import fold, nfc, place_tones
from models.vietnamese.syllables import is_syllable
from workers.classify.extract.field import UNSURE_BELOW, Doubt, Field
from workers.classify.pieces import pieces_of
from workers.page import PageOutcome, Word

_TIERS = (
    ("thành", "phố"),
    ("thị", "xã"),
    ("thị", "trấn"),
    ("đặc", "khu"),
    ("tỉnh",),
    ("huyện",),
    ("quận",),
    ("xã",),
    ("phường",),
)
_TIER = "|".join(" ".join(fold(word) for word in tier) for tier in _TIERS)
_EDGES = " \t.,;:()[]“”\"'’‘-–—_|*•"
MOST_PAGES = 8
LOUDER = 1.2
"""How much louder than the paper's own head the others must be."""


@dataclass(frozen=True)
class PaperText:
    """The words of a paper's pages in reading order, stripped of the signs around them."""

    words: tuple[Word, ...]

    @staticmethod
    def of(pages: Sequence[PageOutcome]) -> PaperText:
        """Of the first :data:`MOST_PAGES` and the last: names stand there, and a long report costs no more than a short one."""
        near = pages if len(pages) <= MOST_PAGES else (*pages[:MOST_PAGES], pages[-1])
        return PaperText(tuple(word for page in near for piece in pieces_of(page) for word in piece.words))

    @cached_property
    def bare(self) -> tuple[str, ...]:
        """Each word folded."""
        return tuple(fold(word.text).strip(_EDGES) for word in self.words)

    def spellings(self, name: Sequence[str]) -> dict[str, float]:
        """How the paper spells these words, in capitals, and how loud each spelling is. A word that is no syllable may be any."""
        wanted = [fold(word) for word in name]
        known = [all(map(str.isalpha, word)) for word in name]
        heard: dict[str, float] = defaultdict(float)
        for start in range(len(self.bare) - len(wanted) + 1):
            if self.bare[start] != wanted[0] and known[0]:
                continue
            stop = start + len(wanted)
            run = self.bare[start:stop]
            if all(one == other or not sure for one, other, sure in zip(run, wanted, known, strict=True)):
                said = [place_tones(nfc(word.text)).strip(_EDGES).upper() for word in self.words[start:stop]]
                if all(map(is_syllable, said)):
                    heard[" ".join(said)] += min(word.confidence for word in self.words[start:stop])
        return dict(heard)

    def tiers_of(self, place: str) -> set[str]:
        """The words that say what a place is (``XÃ``, ``PHƯỜNG``), wherever the paper names it with one."""
        text = " ".join(self.bare)
        found = re.findall(rf"\b({_TIER}) {re.escape(fold(place))}\b", text)
        return {" ".join(tier).upper() for tier in _TIERS if fold(" ".join(tier)) in found}


def as_repeated(issuer: Field, paper: PaperText) -> Field:
    """The issuer with the marks that the rest of the paper has for the place in its name; marked as mended where that differs."""
    words = (issuer.value or "").split()
    name = _proper(words)
    return _settled(issuer, name, paper) if 1 < len(name) < len(words) else issuer


def as_named_again(person: Field, paper: PaperText) -> Field:
    """A person's name with the marks that the rest of the paper has for it (an applicant signs the name that the form begins with)."""
    name = (person.value or "").split()
    return _settled(person, name, paper) if len(name) > 1 else person


def _settled(field: Field, name: Sequence[str], paper: PaperText) -> Field:
    """The field with the last words of its value, ``name``, as they are mostly spelled."""
    words = (field.value or "").split()
    heard = paper.spellings(name)
    own = " ".join(name).upper()
    whole = all(map(str.isalpha, own.replace(" ", "")))
    if not heard or (own not in heard and whole):
        return field
    best = max(heard, key=lambda spelling: heard[spelling])
    if best == own or heard[best] < LOUDER * sum(loud for spelling, loud in heard.items() if spelling != best):
        return field
    right = [word if said.isupper() else word.capitalize() for word, said in zip(best.split(), name, strict=True)]
    value, sure = " ".join([*words[: -len(name)], *right]), min(field.confidence, UNSURE_BELOW)
    return replace(field, value=value, confidence=sure, doubt=field.doubt or str(Doubt.MENDED))


def _proper(words: Sequence[str]) -> list[str]:
    """The place at a name's end with its tier: ``XÃ CỒN SƯƠNG``; nothing where no tier is named."""
    bare = [fold(word) for word in words]
    for at in range(len(words) - 1, 0, -1):
        if any(bare[at - len(tier) + 1 : at + 1] == [fold(word) for word in tier] for tier in _TIERS):
            behind = list(words[at + 1 :])
            return behind if len(behind) > 1 else list(words[at:])
    return []
