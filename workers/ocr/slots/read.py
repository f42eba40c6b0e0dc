"""From a page's lines to its slots: each boxed, judged, and read where that is certain; what an engine made of a pen's strokes leaves the text.

*Unread rather than wrong*: print has a value when the page's reader and tesseract's digits agree on the slot's own crop and neither the line
nor the pens' net says otherwise; a pen's digits when all looks of the pens' net agree and are sure. What is less sure is told as candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from workers.ocr.slots.find import Gap, find_gaps
from workers.ocr.slots.ink import SlotInk, slot_ink
from workers.ocr.slots.pen import PenReader, PenReading, pen_reader
from workers.ocr.slots.witness import SURE, DigitReader, LineReader, as_line, digit_reader, is_value, says
from workers.page import Box, Candidate, Holds, Line, Pixels, Slot, SlotKind, Word

DOUBT = 0.5
"""Confidence of what may be a pen's strokes taken for print."""

PEN_SURE = 0.9
"""Confidence from which a pen's digits stand by themselves, all looks agreeing: of drawn strings of unseen writers 87 % have a value then, and
1.2 % a wrong one; real slots are written better."""
HEAVIER = 1.1
"""Times the stroke of the words beside it: print so heavy may be a pen's, and the pens' net is asked too. Print had 0.8 to 1.2, pens 1.1 to 2."""

SPECKS = ".,:;'-"
"""What dots of a leader, a sentence's end and dirt beside the digits are read as."""

READERS = Callable[[], DigitReader | None]
PEN_READERS = Callable[[], PenReader | None]


@dataclass(frozen=True, slots=True)
class Slots:
    """``lines``: the page's, without what an engine made of a pen's strokes in a slot, and with the slot's value where that is sure."""

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
    pens: PEN_READERS = pen_reader,
) -> Slots:
    """The slots of a page of ``size`` (width, height) at ``dpi``, whose lines were read. ``cut(box)``: that part of it, grey or RGB.

    ``reader``: ``None`` where there is none that reads single lines: then all print in slots stays unread.
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
        said = lines[gap.line].text[gap.begin : gap.end]
        slots.append(_slot(gap, ink, heard, said, second=second, pens=pens, known=texts is not None))
    for (gap, ink), slot in sorted(zip(found, slots, strict=True), key=lambda pair: -pair[0][0].begin):
        said = lines[gap.line].text[gap.begin : gap.end].strip()
        if ink.holds is Holds.PEN or (ink.holds is Holds.UNSURE and not is_value(gap.kind, said)):
            kept[gap.line] = without_letters(kept[gap.line], gap, ink.box)
            if slot.value is not None and slot.confidence is not None:
                kept[gap.line] = with_value(kept[gap.line], ink, slot.value, slot.confidence)
        elif slot.reason not in {None, "EMPTY", "NO_WITNESS"}:
            kept[gap.line] = doubted(kept[gap.line], gap)
    return Slots(tuple(slots), tuple(kept))


def _slot(
    gap: Gap, ink: SlotInk, heard: Line | None, in_line: str, *, second: READERS, pens: PEN_READERS, known: bool
) -> Slot:
    unread = Slot(gap.kind, ink.box, ink.holds)
    if ink.holds is Holds.EMPTY:
        return replace(unread, reason="EMPTY")
    if ink.holds is Holds.PEN:
        return _by_pen(unread, _pen_reading(ink, pens))
    if ink.holds is Holds.UNSURE:
        return replace(unread, reason="PRINT_OR_PEN", candidates=_values(gap.kind, _pen_reading(ink, pens)))
    if not known:
        return replace(unread, reason="NO_WITNESS")
    value = "".join(word.text for word in heard.words).strip(SPECKS) if heard else ""
    if not value or not is_value(gap.kind, value):
        return replace(unread, reason="UNREADABLE")
    confidence = min(word.confidence for word in heard.words) if heard else 0.0
    if confidence < SURE or (heard and heard.engine):
        return replace(unread, reason="UNSURE")
    said = in_line.replace(" ", "").strip(SPECKS)
    digits = second()
    if digits is None:
        return replace(unread, reason="NO_WITNESS")
    if (said and said != value) or len(value) != ink.digits or not says(digits, ink, value):
        return replace(unread, reason="WITNESSES_DISAGREE")
    if ink.stroke > HEAVIER and _sure(_pen_reading(ink, pens)) not in {None, value}:
        return replace(unread, reason="WITNESSES_DISAGREE")
    return replace(unread, value=value, confidence=confidence)


def _by_pen(unread: Slot, reading: PenReading | None) -> Slot:
    offered = replace(unread, reason="HANDWRITING", candidates=_values(unread.kind, reading))
    value = _sure(reading)
    if reading is None or value is None or not is_value(unread.kind, value):
        return offered
    return replace(offered, value=value, confidence=reading.candidates[0].confidence, reason=None)


def _sure(reading: PenReading | None) -> str | None:
    """What the pens' net is sure of."""
    if reading is None or not reading.agreed or not reading.candidates:
        return None
    return reading.candidates[0].value if reading.candidates[0].confidence >= PEN_SURE else None


def _pen_reading(ink: SlotInk, pens: PEN_READERS) -> PenReading | None:
    reader = pens()
    return reader.read(ink.pixels) if reader else None


def _values(kind: SlotKind, reading: PenReading | None) -> tuple[Candidate, ...]:
    return tuple(one for one in reading.candidates if is_value(kind, one.value)) if reading else ()


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


def with_value(line: Line, ink: SlotInk, value: str, confidence: float) -> Line:
    """``line`` with what a pen wrote in the slot, where its strokes are: so it can be found."""
    x, y, width, height = ink.shapes[:, :4].T
    left, top = ink.box[:2]
    box = (left + int(x.min()), top + int(y.min()), left + int((x + width).max()), top + int((y + height).max()))
    place = sum(word.box[0] + word.box[2] < box[0] + box[2] for word in line.words)
    words = (*line.words[:place], Word(value, box, confidence), *line.words[place:])
    return replace(line, words=words)


def _beside(word: Word, box: Box, *, left: bool) -> Word:
    """An anchor's box may hold some of the slot's ink: it ends where the slot begins."""
    x0, y0, x1, y1 = word.box
    if left and x1 > box[0] > x0:
        return replace(word, box=(x0, y0, box[0], y1))
    if not left and x0 < box[2] < x1:
        return replace(word, box=(box[2], y0, x1, y1))
    return word
