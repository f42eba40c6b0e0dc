"""Cards copied onto an A4 page, front over back, as a counter's scanner gives them: 85.6 x 54 mm (ISO/IEC 7810 ID-1), sometimes enlarged."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw

from sample_scans import ink
from sample_scans.ink import Colour
from sample_scans.layout.draft import Draft
from sample_scans.layout.qr import qr_mark
from sample_scans.layout.rich import Style

WIDE, TALL = 85.6, 53.98


@dataclass(frozen=True, slots=True)
class Card:
    """A face of a card on a page. ``x``, ``y``: its top left in millimetres of the page; ``scale``: 1 is true size.

    Places on the card are millimetres of the card itself; sizes of type are points on the card.
    """

    draft: Draft
    x: float
    y: float
    scale: float

    def text(
        self,
        markup: str,
        x0: float,
        y: float,
        size: float,
        *,
        x1: float = WIDE - 2.5,
        align: Literal["left", "centre", "right"] = "left",
        bold: bool = False,
        colour: str = "print",
        face: str = "Arimo",
    ) -> float:
        """Sets text from (x0, y), broken at x1; returns the y below it, in millimetres of the card."""
        style = Style(size * self.scale, bold=bold, face=face, ink=colour)
        below = self.draft.block(
            markup, self.x + x0 * self.scale, self.x + x1 * self.scale, self.y + y * self.scale, style, align
        )
        return (below - self.y) / self.scale

    def picture(self, x: float, y: float, wide: float, tall: float, rng: Random) -> None:
        """A portrait: a head and shoulders in greys, nobody's."""
        sheet, k = self.draft.sheet, self.scale
        size = (max(8, round(sheet.px(wide * k))), max(8, round(sheet.px(tall * k))))
        image = Image.new("L", size, 40)
        draw = ImageDraw.Draw(image)
        w, h = size
        draw.ellipse((w * 0.1, h * 0.62, w * 0.9, h * 1.4), fill=200)
        draw.ellipse((w * 0.28, h * 0.1, w * 0.72, h * 0.66), fill=235)
        draw.ellipse((w * 0.31, h * 0.2 + rng.random() * h * 0.03, w * 0.69, h * 0.68), fill=95)
        draw.rectangle((w * 0.42, h * 0.6, w * 0.58, h * 0.74), fill=95)
        place = (round(sheet.px(self.x + x * k)), round(sheet.px(self.y + y * k)))
        sheet.marks.append(ink.Mark(*place, np.asarray(image), (60, 58, 66), "picture"))

    def fingerprint(self, x: float, y: float, size: float) -> None:
        """Rings of ridges in a pale box."""
        sheet, k = self.draft.sheet, self.scale
        edge = max(8, round(sheet.px(size * k)))
        image = Image.new("L", (edge, edge), 30)
        draw = ImageDraw.Draw(image)
        for ring in range(2, edge // 2, 4):
            draw.ellipse((edge / 2 - ring * 0.7, edge / 2 - ring, edge / 2 + ring * 0.7, edge / 2 + ring), outline=190)
        place = (round(sheet.px(self.x + x * k)), round(sheet.px(self.y + y * k)))
        sheet.marks.append(ink.Mark(*place, np.asarray(image), (70, 60, 60), "picture"))

    def qr(self, content: str, x: float, y: float, size: float) -> None:
        """A QR code ``size`` mm wide on the card (never below one pixel a module)."""
        sheet, k = self.draft.sheet, self.scale
        sheet.marks.append(qr_mark(content, sheet, self.x + x * k, self.y + y * k, size * k))

    def emblem(self, x: float, y: float, size: float, colour: str = "seal") -> None:
        """A plain star in a ring, where the state's emblem is on a real card."""
        sheet, k = self.draft.sheet, self.scale
        edge = max(10, round(sheet.px(size * k)))
        image = Image.new("L", (edge, edge), 0)
        draw = ImageDraw.Draw(image)
        draw.ellipse((1, 1, edge - 2, edge - 2), outline=220, width=max(1, edge // 16))
        draw.polygon(ink.star(edge / 2, edge * 0.32), fill=220)
        place = (round(sheet.px(self.x + x * k)), round(sheet.px(self.y + y * k)))
        sheet.marks.append(ink.Mark(*place, np.asarray(image), ink.COLOURS[colour], "picture"))

    def mrz(self, *lines: str, y: float, size: float) -> None:
        """Machine-readable lines, fixed width (Cousine stands in for OCR-B)."""
        for line in lines:
            y = self.text(f"{{mrz|{line}}}", 3.0, y, size, face="Cousine", bold=True, x1=WIDE * 2)


def lay_card(draft: Draft, colour: Colour, x: float, y: float, scale: float, depth: int = 70) -> Card:
    """An empty face with rounded corners and a pale pattern of ``colour`` (``depth`` 0-255: how strong)."""
    sheet = draft.sheet
    wide, tall = round(sheet.px(WIDE * scale)), round(sheet.px(TALL * scale))
    image = Image.new("L", (wide, tall), 0)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, wide - 1, tall - 1), radius=wide // 27, fill=depth)
    wave = Image.new("L", (wide, tall), 0)
    lines = ImageDraw.Draw(wave)
    for step in range(-tall, wide, max(6, wide // 40)):
        lines.line((step, tall, step + tall, 0), fill=depth // 4, width=max(1, wide // 300))
    cover = np.where(np.asarray(image) > 0, np.minimum(255, np.asarray(image).astype(np.uint16) + np.asarray(wave)), 0)
    edge = Image.new("L", (wide, tall), 0)
    ImageDraw.Draw(edge).rounded_rectangle(
        (0, 0, wide - 1, tall - 1), radius=wide // 27, outline=90, width=max(1, wide // 400)
    )
    cover = np.maximum(cover, np.asarray(edge))
    sheet.marks.append(ink.Mark(round(sheet.px(x)), round(sheet.px(y)), cover.astype(np.uint8), colour, "frame"))
    return Card(draft, x, y, scale)


def two_faces(draft: Draft, rng: Random, colour: Colour, depth: int = 70) -> tuple[Card, Card]:
    """Front and back one under the other on the page, at a place and scale by chance."""
    draft.numbered = False
    scale = rng.choice((1.0, 1.0, 1.3, 1.6))
    x = (draft.width_mm - WIDE * scale) / 2 + rng.uniform(-12, 12) / scale
    y = rng.uniform(22, 40)
    gap = rng.uniform(8, 26)
    front = lay_card(draft, colour, x, y, scale, depth)
    back = lay_card(draft, colour, x, y + TALL * scale + gap, scale, depth)
    return front, back
