"""Seals, signatures and handwriting are boxed; print, rules and tables are none of them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.workers.drawn import BODY, Sheet
from workers.ocr.marks import find_marks
from workers.page import Box, Cell, Holds, Line, Mark, MarkKind, Pixels, Slot, SlotKind, Table, Word, hull

DPI = 190
SEAL, SIGNATURE, HANDWRITING = MarkKind


def written(sheet: Sheet, *, read: float = 0.97) -> tuple[Line, ...]:
    """Body text at 30 mm, 60 mm; each line read as one word of this confidence."""
    lines = []
    for place, text in enumerate(BODY):
        top = 60 + 7 * place
        sheet.write(30, top, [text])
        box = (sheet.px(30), sheet.px(top), sheet.px(180), sheet.px(top + 6))
        lines.append(Line((Word(text, box, read),)))
    return tuple(lines)


def pen(
    pixels: Pixels, x: float, y: float, *, wide: float = 35, high: float = 12, ink: tuple[int, int, int] = (30, 30, 30)
) -> Box:
    """A curve as of a signature at (x, y) mm; its box in pixels."""
    px = DPI / 25.4
    turns = np.linspace(0, 5 * np.pi, 90)
    across = (x + wide * turns / turns[-1]) * px
    down = (y + high / 2 + high / 2 * np.sin(turns) * np.cos(turns / 4)) * px
    cv2.polylines(pixels, [np.stack([across, down], 1).astype(np.int32)], isClosed=False, color=ink, thickness=4)
    return round(x * px), round(y * px), round((x + wide) * px), round((y + high) * px)


def find(
    pixels: Pixels, lines: tuple[Line, ...], *, tables: tuple[Table, ...] = (), slots: tuple[Slot, ...] = ()
) -> tuple[Mark, ...]:
    return find_marks(pixels, DPI, (1.0, 1.0), lines=lines, tables=tables, slots=slots)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    w, h = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    both = max(0, w) * max(0, h)
    sizes = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return both / (sum(sizes) - both)


def test_print_alone_has_no_marks() -> None:
    sheet = Sheet(DPI)
    lines = written(sheet)
    assert find(sheet.pixels, lines) == ()
    assert find(sheet.grey, lines) == ()


def test_a_seal_and_the_signature_beside_it() -> None:
    sheet = Sheet(DPI)
    lines = written(sheet)
    sheet.seal(120, 150)
    pixels = sheet.pixels
    box = pen(pixels, 139, 140)
    seal, signature = sorted(find(pixels, lines), key=lambda mark: mark.kind.value)
    assert (seal.kind, signature.kind) == (SEAL, SIGNATURE)
    around = tuple(sheet.px(side) for side in (103, 133, 137, 167))
    assert overlap(seal.box, (around[0], around[1], around[2], around[3])) > 0.85
    across = (sheet.px(103), sheet.px(142), sheet.px(137), sheet.px(156))  # the pen's stroke that every drawn seal has
    assert overlap(signature.box, hull([box, across])) > 0.75


@pytest.mark.parametrize("ink", [(30, 30, 30), (40, 60, 200)])
def test_a_note_by_hand_is_no_signature_when_the_seal_is_elsewhere(ink: tuple[int, int, int]) -> None:
    sheet = Sheet(DPI)
    lines = written(sheet)
    sheet.seal(120, 200)
    pixels = sheet.pixels
    box = pen(pixels, 30, 20, wide=14, high=7, ink=ink)
    kinds = {mark.kind: mark for mark in find(pixels, lines)}
    kinds.pop(SIGNATURE)  # the stroke across the seal
    assert set(kinds) == {SEAL, HANDWRITING}
    assert overlap(kinds[HANDWRITING].box, box) > 0.5


def test_rules_tables_and_the_sheets_edge_are_no_strokes() -> None:
    sheet = Sheet(DPI)
    lines = written(sheet)
    sheet.grid([30, 80, 180], [150, 165, 180])
    pixels = sheet.pixels
    pixels[:, : sheet.px(2)] = 90
    cv2.line(pixels, (sheet.px(60), sheet.px(30)), (sheet.px(100), sheet.px(30)), (20, 20, 20), 2)
    box = (sheet.px(30), sheet.px(150), sheet.px(180), sheet.px(180))
    assert find(pixels, lines, tables=(Table(box, 1, 1, (Cell(box, 0, 0),)),)) == ()


def test_a_pens_slot_is_handwriting_and_boxed_once() -> None:
    sheet = Sheet(DPI)
    lines = written(sheet)
    pixels = sheet.pixels
    box = pen(pixels, 50, 30, wide=12, high=6)
    slot = Slot(SlotKind.NUMBER, (box[0] - 9, box[1] - 9, box[2] + 9, box[3] + 9), Holds.PEN, reason="HANDWRITING")
    assert find(pixels, lines, slots=(slot,)) == (Mark(HANDWRITING, slot.box),)


def test_a_photograph_and_a_scrap_have_none() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (800, 600, 3)).astype(np.uint8)
    noise[..., 0] = 255
    assert find_marks(noise, 96, (1.0, 1.0), lines=(), tables=(), slots=()) == ()
    assert find_marks(noise[:10, :10], 96, (1.0, 1.0), lines=(), tables=(), slots=()) == ()
    assert find_marks(noise[:3], DPI, (1.0, 1.0), lines=(), tables=(), slots=()) == (), "a strip has no half of a half"
