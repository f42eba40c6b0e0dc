"""The parts of an administrative document (NĐ 30/2020 Phụ lục I, ô 1-9): head, title, signature block, receivers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from PIL import Image, ImageDraw

from sample_scans import ink
from sample_scans.layout.draft import Draft
from sample_scans.layout.rich import Style
from sample_scans.layout.sheet import MM_PER_INCH

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


def long_date(day: date, *, hand: bool = False) -> str:
    """``ngày 05 tháng 01 năm 2026``: a leading zero for days below 10 and for January and February (NĐ 30)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    number = f"{{~issued_on|{day.day:02d}}}" if hand else f"{day.day:02d}"
    return f"ngày {number} tháng {month} năm {day.year}"


def _rule_below(draft: Draft, x0: float, x1: float, y: float, share: float) -> None:
    """A line centred under a column, ``share`` of its width, at y mm."""
    middle, half = (x0 + x1) / 2, (x1 - x0) * share / 2
    draft.sheet.rule(middle - half, y, middle + half, y)


def motto(draft: Draft, x0: float, x1: float, y: float, size: float = 13.0) -> float:
    """Quốc hiệu and tiêu ngữ with the line under them; returns the y below."""
    y = draft.block(f"**{NATION}**", x0, x1, y, Style(size - 1), "centre")
    y = draft.block(f"**{MOTTO}**", x0, x1, y, Style(size), "centre")
    words = draft.sheet.lines[-1].words
    left, right = words[0].box[0], words[-1].box[2]
    draft.sheet.rule(left / draft.dpi * MM_PER_INCH, y + 0.5, right / draft.dpi * MM_PER_INCH, y + 0.5)
    return y


@dataclass(frozen=True, slots=True)
class Head:
    """The two columns on top. ``number`` and ``place_line`` are markup; ``about`` is the ``V/v`` of a công văn."""

    above: str
    issuer: str
    number: str
    place_line: str
    about: str = ""


def head(draft: Draft, parts: Head) -> None:
    """Left: superior body, issuing body, number (and V/v); right: quốc hiệu, tiêu ngữ, place and date."""
    split = draft.left + (draft.right - draft.left) * 0.40
    left0, left1 = draft.left - 8, split - 1
    top = draft.y
    y = draft.block(parts.above, left0, left1, top, Style(12), "centre") if parts.above else top
    y = draft.block(f"**{{issuer|{parts.issuer}}}**", left0, left1, y, Style(12), "centre")
    _rule_below(draft, left0, left1, y + 0.5, 0.36)
    below_left = draft.block(parts.number, left0, left1, y + 2.6, Style(13), "centre")
    if parts.about:
        below_left = draft.block(
            f"{{summary|{parts.about}}}", left0 + 2, left1 - 2, below_left + 0.4, Style(12), "centre"
        )
    y = motto(draft, split, draft.right + 3, top)
    below = draft.block(f"*{parts.place_line}*", split, draft.right + 3, max(y + 2.2, top + 13.2), Style(13), "centre")
    draft.y = max(below_left, below) + 5.5


def bare_head(draft: Draft, above: str, issuer: str) -> None:
    """The two columns without number and date: of what is issued with another act, and of forms."""
    split = draft.left + (draft.right - draft.left) * 0.40
    left0, left1, top = draft.left - 8, split - 1, draft.y
    y = draft.block(above, left0, left1, top, Style(12), "centre") if above else top
    y = draft.block(f"**{{issuer|{issuer}}}**", left0, left1, y, Style(12), "centre")
    _rule_below(draft, left0, left1, y + 0.5, 0.36)
    draft.y = max(y, motto(draft, split, draft.right + 3, top)) + 9


def title(draft: Draft, kind: str, summary: str = "", *, size: float = 14, rule: bool = True) -> None:
    """Tên loại and trích yếu (ô 5a), the line below a third of the text's width."""
    draft.centred(f"**{{title|{kind}}}**", Style(size))
    if summary:
        width = (draft.right - draft.left) * 0.86
        x0 = draft.left + (draft.right - draft.left - width) / 2
        draft.y = draft.block(f"**{{summary|{summary}}}**", x0, x0 + width, draft.y, Style(14), "centre")
        if rule:
            _rule_below(draft, x0, x0 + width, draft.y + 0.8, 0.36)
    draft.y += 4.5


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs. ``authority``: the capital lines (``TM. ...``, ``CHỦ TỊCH``); ``seal``: (upper, lower) text or none."""

    authority: tuple[str, ...]
    name: str
    seal: tuple[str, str] | None = None
    note: str = ""
    pen: str = "pen"
    field_name: str = "signer"
    receivers: tuple[str, ...] = field(default=())


def signature_block(draft: Draft, who: Signature) -> None:
    """Nơi nhận on the left, authority, seal over signature, and name on the right; never torn between pages."""
    rows = max(len(who.authority) * 6 + 37, len(who.receivers) * 4.6 + 8)
    draft.y += 3
    draft.room(rows)
    top, split = draft.y, draft.left + (draft.right - draft.left) * 0.5
    y_left = top
    if who.receivers:
        y_left = draft.block("***Nơi nhận:***", draft.left, split, top, Style(12))
        for line in who.receivers:
            y_left = draft.block(line, draft.left, split - 2, y_left, Style(11))
    draft.y = max(y_left, sign(draft, who, split, draft.right + 2, top)) + 3


def sign(draft: Draft, who: Signature, x0: float, x1: float, y: float, gap: float = 27.0) -> float:
    """One signature in the column x0..x1 (mm) from y down; returns the y below the name."""
    for line in who.authority:
        y = draft.block(f"**{line}**", x0, x1, y, Style(13 if len(line) < 24 else 12.5), "centre")
    if who.note:
        y = draft.block(f"*{who.note}*", x0, x1, y, Style(12), "centre")
    sheet, rng = draft.sheet, draft.rng
    middle = (x0 + x1) / 2
    width = rng.uniform(30, 42)
    start = middle - width * rng.uniform(0.35, 0.55)
    if who.seal:
        across = middle - 13 + rng.uniform(-2, 2)
        centre = (sheet.px(across), sheet.px(y + gap * 0.47 + rng.uniform(-1.5, 1.5)))
        sheet.marks.append(ink.seal(*who.seal, sheet.px(36), rng, *centre))
        start = across + rng.uniform(-6, 2)
    pen = ink.signature(sheet.px(width), rng, round(sheet.px(start)), round(sheet.px(y + gap * 0.5)), who.pen)
    sheet.marks.append(pen)
    return draft.block(f"**{{{who.field_name}|{who.name}}}**", x0, x1, y + gap, Style(14), "centre")


def table(draft: Draft, widths: list[float], rows: list[list[str]], *, size: float = 12, heading: int = 1) -> None:
    """A ruled table over the text width; ``widths`` are shares. Cells are read row by row; the heading is repeated."""
    total, style = sum(widths), Style(size)
    edges = [draft.left]
    for width in widths:
        edges.append(edges[-1] + (draft.right - draft.left) * width / total)
    for index, row in enumerate(rows):
        bold = index < heading
        cells = [f"**{cell}**" if bold and cell else cell for cell in row]
        tall = max(draft.height_of(c, b - a - 3, style) for c, a, b in zip(cells, edges, edges[1:], strict=False)) + 2.4
        if draft.y + tall > draft.bottom:
            draft.new_sheet()
            if not bold:
                table(draft, widths, rows[:heading], size=size, heading=heading)
        top, below = draft.y, draft.y + tall
        for cell, a, b in zip(cells, edges, edges[1:], strict=False):
            lines = draft.height_of(cell, b - a - 3, style)
            centred = bold or len(cell) < 6
            y = top + (tall - lines) / 2 if centred else top + 1.1
            if cell:
                draft.block(cell, a + 1.5, b - 1.5, y, style, "centre" if centred else "left")
        for y in (top, below):
            draft.sheet.rule(edges[0], y, edges[-1], y, 0.6)
        for x in edges:
            draft.sheet.rule(x, top, x, below, 0.6)
        draft.y = below


def border(draft: Draft, inset: float = 9.0, colour: str = "frame") -> None:
    """The patterned frame of a certificate form: two lines and a chain of lozenges, printed in colour."""
    sheet = draft.sheet
    image = Image.new("L", (sheet.width_px, sheet.height_px), 0)
    draw = ImageDraw.Draw(image)
    step, half = sheet.px(4.0), sheet.px(1.5)
    for reach, weight in ((inset, 1.6), (inset + 4.4, 0.8)):
        box = (sheet.px(reach), sheet.px(reach), sheet.width_px - sheet.px(reach), sheet.height_px - sheet.px(reach))
        draw.rectangle(box, outline=220, width=max(1, round(weight * draft.dpi / 72)))
    line = sheet.px(inset + 2.2)
    for across, along, flip in ((sheet.width_px, sheet.height_px, False), (sheet.height_px, sheet.width_px, True)):
        count = int((across - 2 * line) // step)
        for index in range(count + 1):
            place = line + (across - 2 * line) * index / count
            for other in (line, along - line):
                x, y = (other, place) if flip else (place, other)
                draw.polygon([(x - half, y), (x, y - half), (x + half, y), (x, y + half)], outline=200)
    sheet.marks.append(ink.Mark(0, 0, np.asarray(image), ink.COLOURS[colour], "frame"))
