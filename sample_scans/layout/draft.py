"""A paper being written: text flows down the page inside the margins and over to the next sheet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Literal

from sample_scans.layout.rich import RichWord, Style, break_lines, parse
from sample_scans.layout.sheet import MM_PER_INCH, Sheet

Align = Literal["left", "centre", "right", "justify"]
FieldValue = str | date | None

MM_PER_POINT = MM_PER_INCH / 72


@dataclass(frozen=True, slots=True)
class Margins:
    """Millimetres; NĐ 30/2020: top and bottom 20-25, left 30-35, right 15-20."""

    top: float = 20.0
    bottom: float = 20.0
    left: float = 30.0
    right: float = 18.0


@dataclass
class Draft:
    """``y`` is the cursor in millimetres from the top of the current sheet. ``size``: of the body, points. ``fields`` is the truth of Điều 9's fields.

    ``more``: true fields of this type beyond those. ``attributes``: what it is besides its type (``truth.ATTRIBUTES``).
    ``number_form``: for numbers at the foot
    (``Trang {}``); ``page``: the index of the sheet that is written on, the last one as a rule.
    """

    dpi: float
    rng: Random
    width_mm: float = 210.0
    height_mm: float = 297.0
    margins: Margins = field(default_factory=Margins)
    numbered: bool = True
    number_form: str = ""
    leading: float = 1.17
    size: float = 14.0
    sheets: list[Sheet] = field(default_factory=list)
    fields: dict[str, FieldValue] = field(default_factory=dict)
    more: dict[str, FieldValue] = field(default_factory=dict)
    attributes: list[str] = field(default_factory=list)
    y: float = 0.0
    page: int = -1

    def __post_init__(self) -> None:
        self.new_sheet()

    @property
    def sheet(self) -> Sheet:
        return self.sheets[self.page]

    @property
    def left(self) -> float:
        return self.margins.left

    @property
    def right(self) -> float:
        return self.width_mm - self.margins.right

    @property
    def bottom(self) -> float:
        return self.height_mm - self.margins.bottom

    def new_sheet(self) -> None:
        """The next page; its number stands centred in the top margin from page 2 on (NĐ 30/2020), or as ``number_form`` has it."""
        self.sheets.append(Sheet(self.width_mm, self.height_mm, self.dpi, self.rng))
        self.y = self.margins.top
        number = len(self.sheets)
        if self.numbered and number > 1 and self.number_form:
            text = self.number_form.format(number)
            self.block(text, self.left, self.right, self.height_mm - 16, Style(11), "right")
        elif self.numbered and number > 1:
            self.block(str(number), self.left, self.right, self.margins.top - 9, Style(13), "centre")

    def room(self, mm: float) -> None:
        """Goes to a new sheet unless so much height is left on this one."""
        if self.y + mm > self.bottom:
            self.new_sheet()

    def line_height(self, style: Style) -> float:
        return style.size * self.leading * MM_PER_POINT

    def block(
        self,
        markup: str,
        x0: float,
        x1: float,
        y: float,
        style: Style | None = None,
        align: Align = "left",
        indent: float = 0.0,
    ) -> float:
        """Sets text between x0 and x1 from y down on the current sheet; returns the y below it. Millimetres."""
        style = style or Style(self.size)
        lines = self._lines(markup, x0, x1, style, indent)
        if align == "centre":
            lines = self._balanced(lines, markup, x1 - x0, style)
        block = self.sheet.new_block()
        for index, words in enumerate(lines):
            last = index == len(lines) - 1
            self._set(words, x0, x1, y, style, align, indent if index == 0 else 0.0, last=last, block=block)
            y += self.line_height(style)
        return y

    def height_of(self, markup: str, width: float, style: Style) -> float:
        """The height in millimetres that ``block`` would take."""
        return len(self._lines(markup, 0, width, style, 0.0)) * self.line_height(style)

    def paragraph(
        self,
        markup: str,
        style: Style | None = None,
        align: Align = "justify",
        indent: float = 12.7,
        before: float = 1.0,
        after: float = 1.1,
    ) -> None:
        """A paragraph between the margins, over to the next sheet where needed. Distances in millimetres."""
        style = style or Style(self.size)
        self.y += before if self.y > self.margins.top else 0.0
        lines = self._lines(markup, self.left, self.right, style, indent)
        block = self.sheet.new_block()
        for index, words in enumerate(lines):
            if self.y + self.line_height(style) > self.bottom:
                self.new_sheet()
                block = self.sheet.new_block()
            last = index == len(lines) - 1
            first = indent if index == 0 else 0.0
            self._set(words, self.left, self.right, self.y, style, align, first, last=last, block=block)
            self.y += self.line_height(style)
        self.y += after

    def centred(self, markup: str, style: Style | None = None, before: float = 0.0, after: float = 0.0) -> None:
        self.paragraph(markup, style, "centre", 0.0, before, after)

    def entry(self, markup: str, style: Style | None = None, after: float = 0.6) -> None:
        """A form line at the left margin, with a dotted leader to the right one."""
        style = style or Style(13)
        self.paragraph(markup, style, "left", 0.0, 0.0, 0.0)
        if self.sheet.lines:
            end = max(word.box[2] for word in self.sheet.lines[-1].words) / self.dpi * MM_PER_INCH
            baseline = self.y - self.line_height(style) + self._drop(style)
            self.sheet.dots(end + 1.5, self.right, baseline)
        self.y += after

    def _lines(self, markup: str, x0: float, x1: float, style: Style, indent: float) -> list[list[RichWord]]:
        scale = self.dpi / MM_PER_INCH
        return break_lines(parse(markup, style), self.dpi, (x1 - x0) * scale, indent * scale)

    def _balanced(self, lines: list[list[RichWord]], markup: str, width: float, style: Style) -> list[list[RichWord]]:
        """The same number of lines in the least width: titles are not left with one word on their last line."""
        while len(lines) > 1:
            width -= 2.0
            narrower = self._lines(markup, 0, width, style, 0.0)
            if width < 20 or len(narrower) > len(lines):
                break
            lines = narrower
        return lines

    def _drop(self, style: Style) -> float:
        """From the top of a line to its baseline, millimetres (0.9 em and half of the leading)."""
        return (0.9 + (self.leading - 1.1) / 2) * style.size * MM_PER_POINT

    def _set(
        self,
        words: list[RichWord],
        x0: float,
        x1: float,
        y: float,
        style: Style,
        align: Align,
        indent: float,
        *,
        last: bool,
        block: int,
    ) -> None:
        sheet = self.sheet
        gaps = [word.space(self.dpi) for word in words[:-1]]
        width = sum(word.advance(self.dpi) for word in words) + sum(gaps)
        left, spare = sheet.px(x0 + indent), sheet.px(x1 - x0 - indent) - width
        if align == "centre":
            left += spare / 2
        elif align == "right":
            left += spare
        elif align == "justify" and not last and gaps:
            gaps = [gap + spare / len(gaps) for gap in gaps]
        placed: list[tuple[float, RichWord]] = []
        for word, gap in zip(words, [*gaps, 0.0], strict=True):
            placed.append((left, word))
            left += word.advance(self.dpi) + gap
        sheet.line(placed, sheet.px(y + self._drop(style)), block)
