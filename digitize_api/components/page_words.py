"""The words of a page with their places, out of the object that the workers keep of it (``models.page_record``), and where searched ones stand."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from models.entities import Page
from models.page_record import Box, PageWords, UnknownFormat, Word, page_words
from models.search.query import Term
from models.search.snippets import places
from models.vietnamese import nfc
from storage.objects import InvalidRange, ObjectMissing, ObjectStore

log = structlog.get_logger("digitize_api.components")


def read_words(store: ObjectStore, page: Page) -> PageWords:
    """What the page says where; nothing for one that was not read, or whose record can't be read (the log says so). ``StoreUnavailable``."""
    if page.words_key is None:
        return PageWords()
    key = page.words_key
    try:
        return page_words(lambda start, length: b"".join(store.read_range(key, start, length)))
    except (ObjectMissing, InvalidRange, UnknownFormat) as error:
        log.warning("page_words_unreadable", page=page.id, error=type(error).__name__)
        return PageWords()


def boxes_of(lines: Sequence[Sequence[Word]], terms: Sequence[Term], *, misread: bool = False) -> list[Box]:
    """Where the terms stand: a box for each run of found words that follow each other on a line, in reading order."""
    text, spans = _laid_out(lines)
    found = places(text, terms, misread=misread)
    hit = [any(first < end and start < last for start, end in found) for first, last, _, _ in spans]
    runs: list[list[Box]] = []
    for at, (_, _, line, box) in enumerate(spans):
        if not hit[at]:
            continue
        if at and hit[at - 1] and spans[at - 1][2] == line:
            runs[-1].append(box)
        else:
            runs.append([box])
    return [_around(run) for run in runs]


def _laid_out(lines: Sequence[Sequence[Word]]) -> tuple[str, list[tuple[int, int, int, Box]]]:
    """The page's text, and of every word (start, end) in it, its line and its box."""
    parts: list[str] = []
    spans: list[tuple[int, int, int, Box]] = []
    at = 0
    for number, line in enumerate(lines):
        for word in line:
            said = nfc(word.text)
            spans.append((at, at + len(said), number, word.box))
            parts.append(said)
            at += len(said) + 1
    return " ".join(parts), spans


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
