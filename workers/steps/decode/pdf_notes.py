"""Annotations: which of them put ink on a page, and which are no more than a picture in a rectangle (ISO 32000-1 §12.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pikepdf

from workers.steps.decode.pdf_file import PDF_ERRORS, Rect

_NO_INK = {"/Link", "/Popup"}
_HIDDEN, _NO_VIEW = 2, 32  # annotation flags, table 165
_PRINT, _READ_ONLY, _LOCKED, _LOCKED_CONTENTS = 4, 64, 128, 512
_CHANGES_NOTHING = _PRINT | _READ_ONLY | _LOCKED | _LOCKED_CONTENTS


@dataclass(frozen=True, slots=True)
class Look:
    """What an annotation shows. ``paint``: operators that paint the form ``form``, called ``name``, into ``rect``, in user space."""

    rect: Rect
    form: pikepdf.Stream
    name: str
    paint: bytes


def inked(page: pikepdf.Page) -> tuple[Any, ...]:
    """The annotations that put ink on the page: with an area and an appearance that is not empty. Raises ``PDF_ERRORS`` on nonsense."""
    return tuple(note for note in page.obj.get("/Annots", pikepdf.Array()) if _has_ink(note))


def looks(page: pikepdf.Page) -> tuple[Look, ...] | None:
    """What lies over the page, in painting order; empty when nothing does.

    ``None`` when an annotation that may be seen is more than its appearance in its rectangle: a layer can switch it off, it keeps upright
    on a turned page, its look is left to the viewer, or it makes no sense.
    """
    try:
        notes = inked(page)
        if notes and (_left_to_the_viewer(page) or any(_changes(note) for note in notes)):
            return None
        return tuple(_look(note, f"/Look{index}") for index, note in enumerate(notes))
    except PDF_ERRORS:
        return None


def rect_of(note: Any) -> Rect:
    """``/Rect`` with its corners in order, in user space."""
    one, two, three, four = (float(value) for value in note.get("/Rect", [0, 0, 0, 0]))
    return min(one, three), min(two, four), max(one, three), max(two, four)


def _visible(note: Any) -> bool:
    if str(note.get("/Subtype", "")) in _NO_INK or int(note.get("/F", 0)) & (_HIDDEN | _NO_VIEW):
        return False
    x0, y0, x1, y1 = rect_of(note)
    return x1 - x0 >= 1 and y1 - y0 >= 1


def _has_ink(note: Any) -> bool:
    look = note.get("/AP", pikepdf.Dictionary()).get("/N") if _visible(note) else None
    if look is None:
        return False
    return not isinstance(look, pikepdf.Stream) or len(look.read_raw_bytes()) > 0


def _left_to_the_viewer(page: pikepdf.Page) -> bool:
    """Whether an annotation without an appearance is drawn all the same: a highlight, an arrow, a field that is to be filled in."""
    for note in page.obj.get("/Annots", pikepdf.Array()):
        if _visible(note) and "/AP" not in note and not _signs(note):
            return True
    return False


def _changes(note: Any) -> bool:
    """Whether it isn't always its appearance, upright in its rectangle. A form's fields may be asked to be drawn afresh."""
    field = str(note.get("/Subtype", "")) == "/Widget" and not _signs(note)
    return field or "/OC" in note or bool(int(note.get("/F", 0)) & ~_CHANGES_NOTHING)


def _signs(note: Any) -> bool:
    """Whether it is a signature's field, or one of the places where such a field shows."""
    kind = note.get("/FT") or note.get("/Parent", pikepdf.Dictionary()).get("/FT", "")
    return str(kind) == "/Sig"


def _look(note: Any, name: str) -> Look:
    """Raises ``ValueError`` when there is no such appearance."""
    reader = pikepdf.Annotation(note)
    form = reader.get_appearance_stream(pikepdf.Name.N)
    paint = reader.get_page_content_for_appearance(pikepdf.Name(name), 0)
    if not isinstance(form, pikepdf.Stream) or not paint or "/OC" in form:
        raise ValueError("no appearance that can be drawn by itself")
    return Look(rect_of(note), form, name, bytes(paint))
