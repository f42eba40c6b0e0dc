"""What a page's content stream paints, as far as it tells whether the page is one image (ISO 32000-1 §8, §9.3.6)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf

from workers.steps.decode.orientation import Matrix, chain
from workers.steps.decode.pdf_file import PDF_ERRORS, PageFrame, Rect, area, intersect

_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_MAX_DEPTH = 12
_MAX_INSTRUCTIONS = 500_000  # a page over it is drawn, not understood
_INVISIBLE_TEXT = (3, 7)
_WHOLE_CLIP = 0.98  # a clip that leaves this much of the page changes nothing we look at
_PAINTS_PATH = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"}
_BUILDS_PATH = {"m", "l", "c", "v", "y", "h"}
_SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
_BLACK = {"g": [0.0], "rg": [0.0, 0.0, 0.0], "k": [0.0, 0.0, 0.0, 1.0]}
_OTHER_COLOUR = {"sc", "scn", "cs"}


@dataclass(frozen=True, slots=True)
class PaintedImage:
    """``plain``: shown whole and opaque (no alpha state, no clip that cuts into the page, no optional layer)."""

    image: Any
    matrix: Matrix
    plain: bool
    black: bool  # the fill colour, which a stencil mask is painted with


@dataclass(slots=True)
class Survey:
    """``marks`` in painting order: an image, or ``None`` for any other visible ink."""

    marks: list[PaintedImage | None] = field(default_factory=list)
    visible_text: int = 0
    hidden_text: int = 0
    instructions: int = 0
    understood: bool = True

    def images(self) -> list[PaintedImage]:
        return [mark for mark in self.marks if mark is not None]


@dataclass(frozen=True, slots=True)
class _State:
    matrix: Matrix = _IDENTITY
    text_mode: int = 0
    black: bool = True
    plain: bool = True


def survey(page: pikepdf.Page, frame: PageFrame) -> Survey:
    """Reads the content stream of a page, and of the forms it paints."""
    found = Survey()
    _Walker(page.obj, _State(), frame, found, 0).walk(page)
    return found


def bounds(matrix: Matrix) -> Rect:
    """The rectangle around the unit square put through ``matrix``."""
    a, b, c, d, e, f = matrix
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    return (min(xs), min(ys), max(xs), max(ys))


class _Walker:
    """One content stream: a page's, or a form's at ``depth`` within it. ``holder`` owns the resources it names."""

    def __init__(self, holder: Any, state: _State, frame: PageFrame, found: Survey, depth: int) -> None:
        self.holder, self.state, self.frame, self.found, self.depth = holder, state, frame, found, depth
        self.saved: list[_State] = []
        self.rects: list[Rect] = []
        self.odd_path = False

    def walk(self, stream: Any) -> None:
        try:
            instructions = pikepdf.parse_content_stream(stream)
        except PDF_ERRORS:
            self.found.understood = False
            return
        for instruction in instructions:
            self.found.instructions += 1
            if self.found.instructions > _MAX_INSTRUCTIONS:
                self.found.understood = False
                return
            try:
                self._step(str(instruction.operator), instruction.operands)
            except PDF_ERRORS:
                self.found.understood = False

    def _step(self, name: str, operands: Any) -> None:
        if name == "q":
            self.saved.append(self.state)
        elif name == "Q":
            self.state = self.saved.pop() if self.saved else self.state
        elif name in _SHOWS_TEXT:
            _count_text(operands, self.state, self.found)
        elif name == "Do":
            self._paint(_resource(self.holder, "/XObject", operands[0]))
        elif not self._path(name, operands):
            self.state = _changed(name, operands, self.holder, self.state)

    def _path(self, name: str, operands: Any) -> bool:
        """Paths, clips and inline images; ``False`` when the operator is none of them."""
        if name == "re":
            self.rects.append(_rect(operands, self.state.matrix))
        elif name in _BUILDS_PATH:
            self.odd_path = True
        elif name in ("W", "W*"):
            simple = len(self.rects) == 1 and not self.odd_path
            if not (simple and self._whole(self.rects[0])):
                self.state = replace(self.state, plain=False)
        elif name in _PAINTS_PATH or name in ("sh", "INLINE IMAGE", "n"):
            if name != "n":
                self.found.marks.append(None)
            self.rects, self.odd_path = [], False
        else:
            return False
        return True

    def _whole(self, clip: Rect) -> bool:
        return area(intersect(clip, self.frame.box)) >= _WHOLE_CLIP * self.frame.area

    def _paint(self, thing: Any) -> None:
        if thing is None:
            return
        kind = str(thing.get("/Subtype", ""))
        plain = self.state.plain and "/OC" not in thing
        if kind == "/Image":
            self.found.marks.append(PaintedImage(thing, self.state.matrix, plain, self.state.black))
        elif kind == "/Form" and self.depth >= _MAX_DEPTH:
            self.found.understood = False
        elif kind == "/Form":
            inner = self.state.matrix
            if "/Matrix" in thing:
                a, b, c, d, e, f = (float(value) for value in thing.Matrix)
                inner = chain((a, b, c, d, e, f), inner)
            if "/BBox" in thing:
                x0, y0, x1, y1 = (float(value) for value in thing.BBox)
                plain = plain and self._whole(bounds(chain((x1 - x0, 0.0, 0.0, y1 - y0, x0, y0), inner)))
            own = thing if "/Resources" in thing else self.holder
            state = replace(self.state, matrix=inner, plain=plain)
            _Walker(own, state, self.frame, self.found, self.depth + 1).walk(thing)


def _changed(name: str, operands: Any, holder: Any, state: _State) -> _State:
    """The graphics state after an operator that paints nothing."""
    if name == "cm":
        a, b, c, d, e, f = (float(value) for value in operands)
        return replace(state, matrix=chain((a, b, c, d, e, f), state.matrix))
    if name == "Tr":
        return replace(state, text_mode=int(operands[0]))
    if name in _BLACK:
        return replace(state, black=[float(value) for value in operands] == _BLACK[name])
    if name in _OTHER_COLOUR:
        return replace(state, black=False)
    if name == "gs" and not _opaque(_resource(holder, "/ExtGState", operands[0])):
        return replace(state, plain=False)
    if name == "BDC" and str(operands[0]) == "/OC":
        return replace(state, plain=False)  # an optional layer may be switched off
    return state


def _rect(operands: Any, matrix: Matrix) -> Rect:
    x, y, width, height = (float(value) for value in operands)
    return bounds(chain((width, 0.0, 0.0, height, x, y), matrix))


def _resource(holder: Any, kind: str, name: Any) -> Any:
    return holder.get("/Resources", pikepdf.Dictionary()).get(kind, pikepdf.Dictionary()).get(str(name))


def _opaque(state: Any) -> bool:
    if state is None:
        return True
    if float(state.get("/ca", 1)) < 1 or float(state.get("/CA", 1)) < 1:
        return False
    mask, blend = state.get("/SMask"), state.get("/BM")
    return (mask is None or str(mask) == "/None") and (blend is None or str(blend) in ("/Normal", "/Compatible"))


def _count_text(operands: Any, state: _State, found: Survey) -> None:
    shown = operands[-1] if operands else None
    pieces = list(shown) if isinstance(shown, pikepdf.Array) else [shown]
    length = sum(len(bytes(piece)) for piece in pieces if isinstance(piece, pikepdf.String))
    if length == 0:
        return
    if state.text_mode in _INVISIBLE_TEXT:
        found.hidden_text += length
    else:
        found.visible_text += length
        found.marks.append(None)
