"""From a page's lines to its slots: each boxed, judged, and read where that is certain; a pen's strokes leave the text.

*Unread rather than wrong*: a value is given for print alone, when the page's reader and tesseract's digits agree on the slot's own crop and
the line does not say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from workers.ocr.slots.find import Gap, find_gaps
from workers.ocr.slots.ink import SlotInk, slot_ink
from workers.ocr.slots.witness import SURE, DigitReader, LineReader, as_line, digit_reader, is_value, says
from workers.page import Box, Holds, Line, Pixels, Slot, Word

DOUBT = 0.5
"""Confidence of what may be a pen's strokes taken for print."""

READERS = Callable[[], DigitReader | None]


@dataclass(frozen=True, slots=True)
class Slots:
    """``lines``: the page's, without what an engine made of a pen's strokes in a slot."""

    slots: tuple[Slot, ...]
    lines: tuple[Line, ...]


def read_slots(
    lines: Sequence[Line],
    size: tuple[int, int],
    dpi: float,
    cut: Callable[[Box], Pixels],
    reader: LineReader | None,
    *,
    second: READERS = digit_reader,
) -> Slots:
    """The slots of a page of ``size`` (width, height) at ``dpi``, whose lines were read. ``cut(box)``: that part of it, grey or RGB.

    ``reader``: ``None`` where there is none that reads single lines: then all slots stay unread.
    """
    found: list[tuple[Gap, SlotInk]] = []
    for gap in find_gaps(lines, size[1]):
        ink = slot_ink(gap, size, dpi, cut)
        if ink is not None:
            found.append((gap, ink))
    printed = [ink for _, ink in found if ink.holds is Holds.PRINTED]
    texts = iter(reader.read_lines([as_line(ink) for ink in printed], dpi)) if reader and printed else None
    kept = list(lines)
    slots: list[Slot] = []
    for gap, ink in found:
        heard = next(texts) if texts and ink.holds is Holds.PRINTED else None
        slots.append(_slot(gap, ink, heard, lines[gap.line].text[gap.begin : gap.end], second, known=texts is not None))
    for (gap, ink), slot in sorted(zip(found, slots, strict=True), key=lambda pair: -pair[0][0].begin):
        said = lines[gap.line].text[gap.begin : gap.end].strip()
        if ink.holds is Holds.PEN or (ink.holds is Holds.UNSURE and not is_value(gap.kind, said)):
            kept[gap.line] = without_letters(kept[gap.line], gap, ink.box)
        elif slot.reason not in {None, "EMPTY", "NO_WITNESS"}:
            kept[gap.line] = doubted(kept[gap.line], gap)
    return Slots(tuple(slots), tuple(kept))


def _slot(gap: Gap, ink: SlotInk, heard: Line | None, in_line: str, second: READERS, *, known: bool) -> Slot:
    unread = Slot(gap.kind, ink.box, ink.holds)
    if ink.holds is Holds.EMPTY:
        return replace(unread, reason="EMPTY")
    if ink.holds is Holds.PEN:
        return replace(unread, reason="HANDWRITING")
    if ink.holds is Holds.UNSURE:
        return replace(unread, reason="PRINT_OR_PEN")
    if not known:
        return replace(unread, reason="NO_WITNESS")
    value = "".join(word.text for word in heard.words) if heard else ""
    if not value or not is_value(gap.kind, value):
        return replace(unread, reason="UNREADABLE")
    confidence = min(word.confidence for word in heard.words) if heard else 0.0
    if confidence < SURE or (heard and heard.engine):
        return replace(unread, reason="UNSURE")
    said = in_line.replace(" ", "")
    digits = second()
    if digits is None:
        return replace(unread, reason="NO_WITNESS")
    if (said and said != value) or len(value) != ink.digits or not says(digits, ink, value):
        return replace(unread, reason="WITNESSES_DISAGREE")
    return replace(unread, value=value, confidence=confidence)


def doubted(line: Line, gap: Gap) -> Line:
    """``line`` with no more confidence in the words of the slot than sends them to a person."""
    starts = [0, *accumulate(len(word.text) + 1 for word in line.words)]
    words = [
        replace(word, confidence=min(word.confidence, DOUBT))
        if start < gap.end and start + len(word.text) > gap.begin
        else word
        for word, start in zip(line.words, starts, strict=False)
    ]
    return replace(line, words=tuple(words))


def without_letters(line: Line, gap: Gap, box: Box) -> Line:
    """``line`` without the letters read in the slot; a word that an anchor shares with it keeps the anchor's letters and place."""
    starts = [0, *accumulate(len(word.text) + 1 for word in line.words)]
    words: list[Word] = []
    for word, start in zip(line.words, starts, strict=False):
        first, last = max(0, gap.begin - start), min(len(word.text), gap.end - start)
        if first >= last:
            words.append(_beside(word, box, left=start + len(word.text) <= gap.begin))
            continue
        x0, y0, x1, y1 = word.box
        if word.text[:first]:
            words.append(Word(word.text[:first], (x0, y0, max(x0 + 1, min(x1, box[0])), y1), word.confidence))
        if word.text[last:]:
            words.append(Word(word.text[last:], (min(x1 - 1, max(x0, box[2])), y0, x1, y1), word.confidence))
    return replace(line, words=tuple(words))


def _beside(word: Word, box: Box, *, left: bool) -> Word:
    """An anchor's box may hold some of the slot's ink: it ends where the slot begins."""
    x0, y0, x1, y1 = word.box
    if left and x1 > box[0] > x0:
        return replace(word, box=(x0, y0, box[0], y1))
    if not left and x0 < box[2] < x1:
        return replace(word, box=(box[2], y0, x1, y1))
    return word
