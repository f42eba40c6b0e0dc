"""Pages that match, the newest first, looked for no further than somebody asks: how PostgreSQL's index is read at a million papers.

GIN gives whatever matches, in no order. Of a word on every page that is every page, so the newest blocks (1,024 pages each, as they were indexed)
are asked for by name first. Of words on some thousand pages all are asked for at once: a list of numbers is cheap, and held for the rest of the
search; of more, as many blocks as will have enough. The beginning of a word costs the same however few blocks are asked: its pages are gathered before
anything narrows them. So it is asked for once, of all pages; only a short one that stands alone is first looked for in the newest blocks, where it will be found.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence

BLOCK_BITS = 10  # pages of a block: 1,024
FEW_BLOCKS, SOME_BLOCKS = (2, 32), (32,)  # that are asked first
SHORT = 2  # letters of a beginning with which so many words begin that it stands everywhere
MOST_BLOCKS = 512  # of the newest that are asked for by name: gathering their pages takes a tenth of a second
HELD = 6000  # pages that are asked for at once
WANTED = 700  # pages that those blocks should have
CHECKED = 1000  # pages that are read at once
ORDERED = 4000  # the same in the end, where a look at the order of their words leaves few to read
BEGUN = ":*"  # behind a word that may go on
_BEGINNING = re.compile(r"\W*(\w+)':\*\W*")

Ask = Callable[[Sequence[str], int | None], Sequence[int]]
"""Ids of pages that match within these further expressions, all of which must hold, in any order; no more than so many."""
Check = Callable[[Sequence[int]], Sequence[int]]
"""Those of some pages that hold."""


class Pages(ABC):
    """``ids``: the newest of the pages that match, from the newest back, as far as they are known. ``complete``: all of them. ``found``: others."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.complete = False
        self.found: Sequence[int] = ()  # that match, wherever they stand
        self._steps = self._widening()

    @abstractmethod
    def _widening(self) -> Iterator[None]:
        """With every step more ids are known, older than those before; the last one makes them complete."""

    def some(self, count: int) -> Sequence[int]:
        """So many ids, wherever they stand; fewer where there are no more."""
        while max(len(self.ids), len(self.found)) < count and not self.complete:
            self.widen()
        return max(self.ids, self.found, key=len)[:count]

    def chunks(self, size: int, most: int = 0) -> Iterator[list[int]]:
        """Ids from the newest back, so many at a time, until there are no more; each time twice as many, up to ``most``."""
        given = 0
        while True:
            while len(self.ids) <= given and not self.complete:
                self.widen()
            if len(self.ids) <= given:
                return
            yield self.ids[given : given + size]
            given = min(given + size, len(self.ids))
            size = max(size, min(2 * size, most))

    def widen(self) -> None:
        """One step more, where it is not complete."""
        next(self._steps)

    def newest(self, count: int) -> list[int]:
        """So many, the newest."""
        found: list[int] = []
        for ids in self.chunks(count):
            found += ids
            if len(found) >= count:
                break
        return found[:count]

    def _know(self, ids: Iterable[int], *, complete: bool = False) -> None:
        self.ids, self.complete = sorted(ids, reverse=True), complete


class Newest(Pages):
    """As the index gives them."""

    def __init__(self, ask: Ask, last: int, expression: str) -> None:
        """``last``: the newest id of all pages. ``expression``: what they match."""
        super().__init__()
        self._ask = ask
        self._last = last
        self._first: Sequence[int] = FEW_BLOCKS
        if begun := _BEGINNING.fullmatch(expression):
            self._first = SOME_BLOCKS if len(begun[1]) <= SHORT else ()
        elif BEGUN in expression:
            self._first = ()

    def _widening(self) -> Iterator[None]:
        last_block = self._last >> BLOCK_BITS
        of_all = 0  # as thick as they stand among the newest
        for wanted in self._first:
            window, blocks = newest_blocks(last_block, wanted)
            if blocks > last_block:
                break  # nearly all that there is
            self._know(self._ask(window, None))
            yield
            of_all = len(self.ids) * last_block // blocks
        if of_all <= 1.5 * HELD:
            self.found = self._ask([], HELD + 1)
            if len(self.found) <= HELD:
                self._know(self.found, complete=True)
                yield
                return
            yield
            of_all = len(self.found) * self._last // max(self.found)  # they came about as they lie, the oldest first
        enough = 1 + WANTED * (last_block + 1) // of_all
        while enough <= MOST_BLOCKS:
            window, blocks = newest_blocks(last_block, enough)
            if blocks > last_block:
                break
            self._know(self._ask(window, None))
            yield
            enough *= 4
        self._know(self._ask([], None), complete=True)
        yield


class Checked(Pages):
    """Those of ``pages`` that hold more than the index knows (it has no order of words), which ``check`` reads the pages for, in the end ``most`` at once."""

    def __init__(self, pages: Pages, check: Check, most: int = 0) -> None:
        super().__init__()
        self._pages = pages
        self._check = check
        self._most = most

    def _widening(self) -> Iterator[None]:
        for ids in self._pages.chunks(CHECKED, self._most):
            self._know([*self.ids, *self._check(ids)])
            yield
        self.complete = True
        yield


class Beside(Checked):
    """The same for the beginning of a word: where too many of ``pages`` were read, the index is asked (``otherwise``)."""

    def __init__(self, pages: Pages, check: Check, most: int, otherwise: Pages) -> None:
        super().__init__(pages, check)
        self._most = most
        self._otherwise = otherwise

    def _widening(self) -> Iterator[None]:
        read = 0
        for ids in self._pages.chunks(CHECKED):
            self._know([*self.ids, *self._check(ids)])
            read += len(ids)
            yield
            known = len(self._pages.ids) > read  # the next would cost a look into the index
            if (known or not self._pages.complete) and read >= (self._most if known else self._most // 2):
                break
        else:
            self.complete = True
            yield
            return
        while not self.complete:
            self._otherwise.widen()
            self.found = self._otherwise.found
            self.ids = max(self.ids, self._otherwise.ids, key=len)
            self.complete = self._otherwise.complete
            yield


class Known(Checked):
    """The same where another index has told of pages that may hold it, ``ids``: beside them the newest alone are read."""

    def __init__(self, pages: Pages, check: Check, ids: Sequence[int]) -> None:
        super().__init__(pages, check)
        self._told = ids

    def _widening(self) -> Iterator[None]:
        newest = self._pages.newest(CHECKED)
        self._know(self._check(newest))
        yield
        # They come behind: of those that match, the newest were among the newest.
        self._know({*self.ids, *self._check(sorted({*self._told}.difference(newest)))}, complete=True)
        yield


def newest_blocks(last: int, wanted: int) -> tuple[list[str], int]:
    """The newest blocks, as an expression that any of them holds, and how many they are: by name while they are few, then sixteen to a name."""
    step, digits, more = (1, 8, "") if wanted < 16 else (16, 7, BEGUN)
    newest = last // step
    names = [f"'#{newest - back:0{digits}x}'{more}" for back in range(min(-(-wanted // step), newest + 1))]
    return [f"({' | '.join(names)})"], (len(names) - 1) * step + last % step + 1
