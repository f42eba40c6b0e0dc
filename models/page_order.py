"""Pure: the pages of a scan in another order, some of them left out, and the papers that they make. Pages are named by any numbers.

A paper is pages in a row. So that leaving a page out never parts a paper, a left-out page that would lie between two pages of one is put
behind the last of them, and no other paper is moved by it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

Run = tuple[int, ...]


def laid_out(order: Sequence[int], begins: Collection[int], left_out: Collection[int]) -> tuple[Run, frozenset[int]]:
    """The same pages in the order that they get, and at which of those that stay papers begin.

    The first page that stays always begins a paper. The mark of one that is left out goes to the page behind it, so that leaving out the
    first page of a paper does not join the rest of it to the paper before.
    """
    placed: list[int] = []
    aside: list[int] = []
    starts: set[int] = set()
    passed_on = True
    for page in order:
        begins_here = page in begins
        if page in left_out:
            aside.append(page)
            passed_on = passed_on or begins_here
            continue
        if begins_here or passed_on:
            starts.add(page)
            placed += aside
            aside = []
        passed_on = False
        placed.append(page)
    return (*placed, *aside), frozenset(starts)


def papers(order: Sequence[int], starts: Collection[int], sheets: Collection[int]) -> tuple[Run, ...]:
    """The papers of pages that stay: runs that begin at ``starts`` and behind separator ``sheets``, which are in none."""
    found: list[Run] = []
    goes_on = False
    for page in order:
        if page in sheets:
            goes_on = False
            continue
        if goes_on and page not in starts:
            found[-1] = (*found[-1], page)
        else:
            found.append((page,))
        goes_on = True
    return tuple(found)


def successors(new: Sequence[Run], old: Sequence[Run]) -> dict[int, int]:
    """Which of the papers ``new`` goes on as which of ``old``, by their places in the two.

    The one that begins on its first page, else the one that shares most pages with it; each once. A paper without a page in common with
    any that is left is a new one.
    """
    pairs = [
        (one[0] != other[0], -len(set(one) & set(other)), place, before)
        for place, one in enumerate(new)
        for before, other in enumerate(old)
        if not set(one).isdisjoint(other)
    ]
    found: dict[int, int] = {}
    given: set[int] = set()
    for _, _, place, before in sorted(pairs):
        if place not in found and before not in given:
            found[place] = before
            given.add(before)
    return found
