"""What somebody typed, as terms. Nothing in it is an operator but quotation marks, which hold a phrase together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.search.tokens import tokenise
from models.vietnamese import nfc

MAX_TOKENS = 32  # of one query; the rest is dropped
MIN_PREFIX = 2  # a single letter standing alone is a word, not the beginning of every word
_PIECES = re.compile(r"\"([^\"]*)(\"|$)|([^\s\"]+)")
_QUOTES = str.maketrans("“”„‟«»", '""""""')


@dataclass(frozen=True, slots=True)
class Term:
    """Consecutive tokens, spelled exactly and folded; with ``prefix`` the last one may go on. ``closed``: in quotes, meant to the letter."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    prefix: bool = False
    closed: bool = False


def parse(text: str) -> tuple[Term, ...]:
    """The terms of a query, all of which a page must have. Words joined by signs (``383/KH-UBND``) are one term.

    The last word, unless it stands in closed quotes, also matches as a prefix: results come while somebody types.
    """
    terms: list[Term] = []
    left = MAX_TOKENS
    for piece in _PIECES.finditer(nfc(text).translate(_QUOTES)):
        tokens = tokenise(piece[3] if piece[1] is None else piece[1])[:left]
        left -= len(tokens)
        if tokens:
            closed = piece[2] == '"'
            exact, folded = tuple(t.exact for t in tokens), tuple(t.folded for t in tokens)
            terms.append(Term(exact, folded, prefix=not closed, closed=closed))
    last = len(terms) - 1
    told = (
        Term(term.exact, term.folded, term.prefix and index == last and _may_go_on(term), term.closed)
        for index, term in enumerate(terms)
    )
    return tuple(dict.fromkeys(told))  # a word said twice asks nothing more


def _may_go_on(term: Term) -> bool:
    return len(term.folded) > 1 or len(term.folded[-1]) >= MIN_PREFIX


def without_begun_letter(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The terms before a letter that stands alone at the end, where nothing has it as a word: the next word is begun there, and words that begin
    with a letter stand on every page. Nothing where the terms don't end so; a digit is not one to leave out.
    """
    *before, last = terms
    begun = last.folded[0] if len(last.folded) == 1 and not last.closed else ""
    return tuple(before) if before and len(begun) == 1 and begun.isalpha() else ()
