"""The piece of a page's own text that shows why it was found, hits marked, words never cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from models.search.misread import variants
from models.search.query import Term
from models.search.tokens import Token, tokenise
from models.vietnamese import nfc

HIT_START = "[["
HIT_END = "]]"
ELLIPSIS = "…"
_BRACKETS = re.compile(r"([\[\]])(?=[\[\]])")
WINDOW = 28  # tokens
MAX_HITS = 200  # of one term on one page that are weighed; a page of one word repeated must not take minutes


def snippet(text: str, terms: Sequence[Term], *, window: int = WINDOW, misread: bool = False) -> str:
    """At most ``window`` words of ``text`` (original spelling, white space made single) around the best hits.

    Hits are between ``HIT_START`` and ``HIT_END``; the same signs in the text are spaced out, so that they can't be taken for
    marks. Without a hit (the dossier's code was found, say) the text's beginning. ``misread``: one letter of a term may be wrong.
    """
    text = nfc(text)
    tokens = tokenise(text)
    if not tokens:
        return ""
    hits = _hits(tokens, terms, misread=misread)
    start = _best_start(hits, len(tokens), window)
    stop = min(start + window, len(tokens))
    parts = [ELLIPSIS] if start else []
    position = tokens[start].start if start else 0
    for hit in _merged(hits, start, stop):
        parts += [_plain(text[position : tokens[hit.first].start]), HIT_START]
        parts += [_plain(text[tokens[hit.first].start : tokens[hit.last].end]), HIT_END]
        position = tokens[hit.last].end
    end = len(text) if stop == len(tokens) else tokens[stop - 1].end
    parts.append(_plain(text[position:end]))
    if stop < len(tokens):
        parts.append(ELLIPSIS)
    return " ".join("".join(parts).split())


def places(text: str, terms: Sequence[Term], *, misread: bool = False) -> list[tuple[int, int]]:
    """Every hit in an NFC text as (start, end) of its letters, in order; overlapping ones are one."""
    tokens = tokenise(text)
    hits = _merged(_hits(tokens, terms, misread=misread), 0, len(tokens))
    return [(tokens[hit.first].start, tokens[hit.last].end) for hit in hits]


def _plain(text: str) -> str:
    """Every bracket apart from the next one, and from a mark before or after the text."""
    apart = _BRACKETS.sub(r"\1 ", text)
    return (" " if apart.startswith(("[", "]")) else "") + apart + (" " if apart.endswith(("[", "]")) else "")


class _Hit(NamedTuple):
    """Tokens ``first`` to ``last`` (inclusive) are where term number ``term`` was found."""

    first: int
    last: int
    term: int


def _hits(tokens: Sequence[Token], terms: Sequence[Term], *, misread: bool = False) -> list[_Hit]:
    """Every hit, by place. Exactly spelled ones put folded ones aside, whole words put beginnings aside."""
    exact, folded = [token.exact for token in tokens], [token.folded for token in tokens]
    hits: list[_Hit] = []
    for number, term in enumerate(terms):
        found = _starts(exact, term.exact, prefix=term.prefix) or _starts(folded, term.folded, prefix=term.prefix)
        if not found and misread and not term.closed:
            found = _misread_starts(folded, term.folded)
        hits += (_Hit(at, at + len(term.folded) - 1, number) for at in found[:MAX_HITS])
    return sorted(hits)


def _starts(words: Sequence[str], wanted: Sequence[str], *, prefix: bool) -> list[int]:
    """Where ``wanted`` begins in ``words``: as whole words when there are any, else with the last as a prefix."""
    *before, last = wanted
    places = [
        at
        for at in range(len(before), len(words))
        if words[at].startswith(last) and list(words[at - len(before) : at]) == before
    ]
    whole = [at for at in places if words[at] == last]
    return [at - len(before) for at in (whole if whole or not prefix else places)]


def _misread_starts(words: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where ``wanted`` begins in ``words``, one letter of one word aside."""
    near = [variants(word) for word in wanted]
    places_ = []
    for at in range(len(words) - len(wanted) + 1):
        wrong = [place for place, word in enumerate(wanted) if words[at + place] != word]
        if len(wrong) == 1 and words[at + wrong[0]] in near[wrong[0]]:
            places_.append(at)
    return places_


def _best_start(hits: Sequence[_Hit], total: int, window: int) -> int:
    """Where the window begins: it holds most different terms, as close together as can be, then the earliest."""
    if not hits or total <= window:
        return 0
    lead = window // 4
    best = max(range(len(hits)), key=lambda index: (*_worth(hits, index, window - lead), -index))
    return max(0, min(hits[best].first - lead, total - window))


def _worth(hits: Sequence[_Hit], index: int, room: int) -> tuple[int, int]:
    """How many terms stand in ``room`` tokens from this hit on, and (negative) how far the last new one is."""
    first = hits[index].first
    seen: set[int] = set()
    reach = 0
    for hit in hits[index:]:
        if hit.last >= first + room:
            break
        if hit.term not in seen:
            seen.add(hit.term)
            reach = hit.last - first
    return len(seen), -reach


def _merged(hits: Sequence[_Hit], start: int, stop: int) -> list[_Hit]:
    """The hits wholly inside the window, overlapping ones as one."""
    merged: list[_Hit] = []
    for hit in hits:
        if hit.first < start or hit.last >= stop:
            continue
        if merged and hit.first <= merged[-1].last:
            merged[-1] = merged[-1]._replace(last=max(merged[-1].last, hit.last))
        else:
            merged.append(hit)
    return merged
