"""The piece of a page's own text that shows why it was found, hits marked, words never cut."""

from __future__ import annotations

from collections.abc import Sequence

from models.search.query import Term
from models.search.tokens import Token, tokenise
from models.vietnamese import nfc

HIT_START = "[["
HIT_END = "]]"
ELLIPSIS = "…"
WINDOW = 28  # tokens


def snippet(text: str, terms: Sequence[Term], *, window: int = WINDOW) -> str:
    """At most ``window`` words of ``text`` (original spelling, white space made single) around the best hits.

    Hits are between ``HIT_START`` and ``HIT_END``; the same signs in the text are spaced out, so that they can't be taken for
    marks. Without a hit (the dossier's code was found, say) the text's beginning.
    """
    text = nfc(text)
    tokens = tokenise(text)
    hits = _hits(tokens, terms)
    start = _best_start(hits, len(tokens), window)
    stop = min(start + window, len(tokens))
    if not tokens:
        return ""
    parts = [ELLIPSIS] if start else []
    position = tokens[start].start if start else 0
    for first, last in _runs(hits, start, stop):
        parts += [_plain(text[position : tokens[first].start]), HIT_START]
        parts += [_plain(text[tokens[first].start : tokens[last].end]), HIT_END]
        position = tokens[last].end
    end = len(text) if stop == len(tokens) else tokens[stop - 1].end
    parts.append(_plain(text[position:end]))
    if stop < len(tokens):
        parts.append(ELLIPSIS)
    return " ".join("".join(parts).split())


def _plain(text: str) -> str:
    return text.replace(HIT_START, "[ [").replace(HIT_END, "] ]")


def _hits(tokens: Sequence[Token], terms: Sequence[Term]) -> list[int]:
    """For each token the number of the term it belongs to a hit of, or -1. Exactly spelled hits put folded ones aside."""
    hits = [-1] * len(tokens)
    for number, term in enumerate(terms):
        found = _spans([token.exact for token in tokens], term.exact, prefix=term.prefix)
        found = found or _spans([token.folded for token in tokens], term.folded, prefix=term.prefix)
        for first in found:
            hits[first : first + len(term.folded)] = [number] * len(term.folded)
    return hits


def _spans(words: Sequence[str], wanted: Sequence[str], *, prefix: bool) -> list[int]:
    """Where ``wanted`` stands in ``words``: whole words when there are any, else with the last as a prefix."""
    size = len(wanted)
    starts = [at for at in range(len(words) - size + 1) if words[at] == wanted[0] or size == 1]
    whole = [at for at in starts if tuple(words[at : at + size]) == tuple(wanted)]
    if whole or not prefix:
        return whole
    return [
        at
        for at in starts
        if tuple(words[at : at + size - 1]) == tuple(wanted[:-1]) and words[at + size - 1].startswith(wanted[-1])
    ]


def _best_start(hits: Sequence[int], total: int, window: int) -> int:
    """The window with most different terms, then most hits, the earliest such; the first hit near its left."""
    places = [at for at, term in enumerate(hits) if term >= 0]
    if not places or total <= window:
        return 0
    lead = window // 4
    best = max(places, key=lambda at: (_worth(hits[at : at + window - lead]), -at))
    return max(0, min(best - lead, total - window))


def _worth(hits: Sequence[int]) -> tuple[int, int]:
    real = [term for term in hits if term >= 0]
    return len(set(real)), len(real)


def _runs(hits: Sequence[int], start: int, stop: int) -> list[tuple[int, int]]:
    """Neighbouring hit tokens of one term as (first, last), within the window."""
    runs: list[tuple[int, int]] = []
    for at in range(start, stop):
        if hits[at] < 0:
            continue
        if runs and runs[-1][1] == at - 1 and hits[at] == hits[at - 1]:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs
