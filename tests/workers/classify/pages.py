"""Pages as the reader hands them on, set from text: words where Times would put them, without a picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from workers.ocr.slots.find import width_of
from workers.page import Holds, Line, PageOutcome, Slot, SlotKind, Word

DPI = 200.0
WIDTH, HEIGHT = 1654, 2339  # A4


def px(millimetres: float) -> float:
    return millimetres / 25.4 * DPI


def line(x: float, y: float, text: str, *, size: float = 13.0, confidence: float = 0.97, centre: bool = False) -> Line:
    """``x``, ``y`` in millimetres: where the line begins (its middle, with ``centre``) and its top. Two spaces or more are a gap of 10 mm each."""
    em = size / 72 * DPI
    parts = [part.split() for part in text.split("  ") if part.strip()]
    widths = [sum(em * width_of(word) for word in part) + 0.25 * em * (len(part) - 1) for part in parts]
    start = px(x) - (sum(widths) / 2 if centre else 0)
    words: list[Word] = []
    for part in parts:
        for word in part:
            wide = em * width_of(word)
            box = (round(start), round(px(y)), round(start + wide), round(px(y) + 0.9 * em))
            words.append(Word(word, box, confidence))
            start += wide + 0.25 * em
        start += px(10)
    return Line(tuple(words))


def page(lines: Iterable[Line], number: int = 1) -> PageOutcome:
    return PageOutcome(number, WIDTH, HEIGHT, DPI, lines=tuple(lines))


def act(
    *,
    issuer: tuple[str, ...] = ("ỦY BAN NHÂN DÂN", "TỈNH QUẢNG NGÃI"),
    number: str = "Số: 15/QĐ-UBND",
    date: str = "Quảng Ngãi, ngày 05 tháng 01 năm 2025",
    title: tuple[str, ...] = ("QUYẾT ĐỊNH",),
    summary: tuple[str, ...] = ("Về việc phê duyệt Kế hoạch ứng phó", "sự cố tràn dầu huyện Nghĩa Hành"),
    subject: tuple[str, ...] = (),
    body: tuple[str, ...] = ("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015 và các văn bản",),
    above: tuple[Line, ...] = (),
) -> PageOutcome:
    """The first page of an act as NĐ 30/2020 has it: two columns, title in the middle, body."""
    lines = list(above)
    lines += [line(62, 20 + 5.5 * place, text, centre=True) for place, text in enumerate(issuer)]
    lines.append(line(62, 38, number, centre=True))
    lines += [line(62, 45 + 5.5 * place, text, size=12, centre=True) for place, text in enumerate(subject)]
    lines.append(line(140, 20, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, centre=True))
    lines.append(line(140, 25.5, "Độc lập - Tự do - Hạnh phúc", centre=True))
    lines.append(line(140, 38, date, centre=True))
    y = 55.0
    for text in (*title, *summary):
        lines.append(line(110, y, text, centre=True))
        y += 6
    y += 10 if not subject else 20
    for text in body:
        lines.append(line(30, y, text))
        y += 7
    return page(lines)


def with_slot(
    one: PageOutcome, kind: SlotKind, value: str | None, holds: Holds, reason: str | None = None
) -> PageOutcome:
    """The page with a slot in its head."""
    place = {SlotKind.NUMBER: (45, 38), SlotKind.DAY: (128, 38), SlotKind.MONTH: (150, 38), SlotKind.YEAR: (170, 38)}[
        kind
    ]
    box = (round(px(place[0])), round(px(place[1])), round(px(place[0] + 6)), round(px(place[1] + 5)))
    slot = Slot(kind, box, holds, value, 0.95 if value else None, reason)
    return replace(one, slots=(*one.slots, slot))
