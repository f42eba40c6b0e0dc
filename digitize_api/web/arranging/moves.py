"""Pure: what the numbers that somebody typed beside the pages mean, where the page's script has not said it exactly."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from models.page_order import papers


def arranged(places: Mapping[int, int], begins: Collection[int]) -> tuple[tuple[int, ...], frozenset[int]]:
    """The pages in the order that their new ``places`` (by the number that each has now) ask for, and where papers begin, ``begins`` being so now.

    Pages whose place is another are taken out and put in at their places, the foremost first; all others close up. A place behind the last is the last.
    A page that moves leaves its paper, which begins at the next of its pages, and joins the one that it is put into: in front of a page of its
    own paper, or of all, it is the first of that one, else it follows the page before. One that is a paper alone stays one.
    """
    whole = papers(sorted(places), begins, ())
    of = {page: run for run in whole for page in run}
    moving = sorted((page for page in places if places[page] != page), key=lambda page: (places[page], page))
    turn = {page: at for at, page in enumerate(moving)}
    marks: set[int] = set()
    for run in whole:
        stay = [page for page in run if page not in turn]
        marks.add(stay[0] if stay else min(run, key=turn.__getitem__))
    order = [page for page in sorted(places) if places[page] == page]
    for page in moving:
        at = places[page] - 1
        behind = order[at] if at < len(order) else None
        order.insert(at, page)
        if page in marks or behind is None or behind not in marks:
            continue
        if at == 0 or of[behind] == of[page]:
            marks.remove(behind)
            marks.add(page)
    return tuple(order), frozenset(marks)
