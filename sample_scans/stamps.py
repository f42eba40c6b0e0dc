"""What is put on a paper after it was written: copies' stamps, secrecy, urgency, incoming mail, a digital signature's words.

Places: secrecy and urgency under the number on the left (NĐ 30/2020 Phụ lục I ô 10a, 10b); the signature of an electronic copy in
the upper right corner (ô 14), of the issuer below the authority; certification where room is left. Stamps are ink, not text: the truth's lines
leave them out, ``attributes`` says what they are. The words of a digital signature are printed, so they are text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random

from sample_scans import ink
from sample_scans.layout.draft import Draft
from sample_scans.layout.rich import Style
from sample_scans.layout.sheet import MM_PER_INCH
from sample_scans.people import Cast
from sample_scans.wear import incoming_stamp


def put(draft: Draft, cast: Cast, attribute: str, rng: Random) -> None:
    """Puts one attribute on a paper that is set, and notes it. ``KeyError`` on one that can't be put on afterwards."""
    PUT[attribute](draft, cast, rng)
    if attribute not in draft.attributes:
        draft.attributes.append(attribute)


def _below_number(draft: Draft) -> tuple[float, float]:
    """Millimetres: the left column's x and the y below its number and ``V/v``; a free corner where there is no number."""
    sheet = draft.sheets[0]
    found: tuple[float, float] | None = None
    for line in sheet.lines:
        first, last = line.words[0], line.words[-1]
        if last.box[2] > sheet.width_px * 0.5 or first.box[3] > sheet.height_px * 0.3:
            if found:
                break
        elif found or first.text == "Số:":
            found = (first.box[0], max(word.box[3] for word in line.words))
    if found:
        return found[0] / draft.dpi * MM_PER_INCH, found[1] / draft.dpi * MM_PER_INCH + 1.5
    framed = any(mark.kind == "frame" for mark in sheet.marks)
    return (20.0, 17.0) if framed else (draft.left, 7.0)


def _tight(draft: Draft, _cast: Cast, rng: Random, *, words: str) -> None:
    """A red frame close round one word or two."""
    sheet = draft.sheets[0]
    x, y = _below_number(draft)
    place = (round(sheet.px(x + rng.uniform(-3, 2))), round(sheet.px(y)))
    mark = ink.framed_word(words, sheet.px(rng.uniform(4.4, 5.2)), rng, *place)
    sheet.marks.append(mark)


def _room_below(draft: Draft, page: int) -> float:
    """The y in millimetres below the last printed line of a page."""
    lowest = max((word.box[3] for line in draft.sheets[page].lines for word in line.words), default=0.0)
    return lowest / draft.dpi * MM_PER_INCH


def _certification(draft: Draft, cast: Cast, rng: Random) -> None:
    """``CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH`` with number, book, date, seal and signature, on the last page."""
    sheet = draft.sheets[-1]
    below = _room_below(draft, -1)
    height = draft.height_mm
    day = cast.today + timedelta(days=rng.randint(0, 9))
    lines = [
        "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH",
        f"Số chứng thực: {rng.randint(11, 4900)}  Quyển số: {rng.randint(1, 9):02d}-SCT/BS",
        f"Ngày {day.day:02d} tháng {day.month:02d} năm {day.year}",
        rng.choice(("KT. CHỦ TỊCH - PHÓ CHỦ TỊCH", "CÔNG CHỨNG VIÊN", "CHỦ TỊCH")),
    ]
    x = rng.uniform(22, 40)
    y = min(max(below + 4, height * 0.55), height - 44)
    colour = rng.choice(("seal", "violet", "print"))
    mark = ink.rubber_stamp(lines, sheet.px(78), rng, round(sheet.px(x)), round(sheet.px(y)), colour)
    sheet.marks.append(mark)
    centre = (sheet.px(x + 26), sheet.px(min(y + 40, height - 20)))
    sheet.marks.append(ink.seal(*cast.agency.seal, sheet.px(35), rng, *centre))
    start = (round(centre[0]), round(centre[1]))
    sheet.marks.append(ink.signature(sheet.px(32), rng, *start))
    draft.more |= {"certified_on": day}


def _true_copy(draft: Draft, cast: Cast, rng: Random) -> None:
    """SAO Y: a stamp of the office that made the copy, or the printed words of its signature (ô 14)."""
    if rng.random() < 0.5:
        _signed(draft, cast, rng, first="SAO Y")
        return
    sheet = draft.sheets[0]
    day = cast.today
    lines = ["SAO Y BẢN CHÍNH", f"Ngày {day.day:02d} tháng {day.month:02d} năm {day.year}", cast.agency.body.upper()]
    x, y = draft.width_mm - rng.uniform(62, 70), rng.uniform(2, 4)
    sheet.marks.append(ink.rubber_stamp(lines, sheet.px(46), rng, round(sheet.px(x)), round(sheet.px(y)), "seal"))


def _signed(draft: Draft, cast: Cast, rng: Random, first: str = "") -> None:
    """Who signed and when, in small letters (NĐ 30/2020: Times New Roman 10; programs print less)."""
    day = draft.sheets[0].day or cast.today
    clock = f"{rng.randint(7, 17):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
    moment = f"{day.day:02d}.{day.month:02d}.{day.year} {clock}"
    who = str(draft.fields.get("issuer") or cast.agency.body)
    lines = [
        f"Ký bởi: {who}",
        f"Cơ quan: {cast.agency.place.capitalize()}, tỉnh {cast.agency.province}",
        f"Thời gian ký: {{signed_at|{moment} +07:00}}",
    ]
    if first:
        lines = [f"**{first}**", *lines[:1], *lines[2:]]
    style = Style(rng.choice((7, 8, 9)), face=rng.choice(("Tinos", "Arimo")), ink=rng.choice(("print", "seal", "pen")))
    draft.page, y = 0, 4.0
    for line in lines:
        y = draft.block(line, draft.width_mm - 66, draft.width_mm - 11, y, style)
    draft.page = -1
    draft.more |= {"signed_at": f"{moment} +07:00", "signed_by": who}


def _copy_words(draft: Draft, _cast: Cast, rng: Random) -> None:
    """``BẢN SAO`` as a stamp beside the title."""
    sheet = draft.sheets[0]
    x, y = draft.width_mm - rng.uniform(48, 62), rng.uniform(3, 7)
    sheet.marks.append(ink.rubber_stamp(["BẢN SAO"], sheet.px(30), rng, round(sheet.px(x)), round(sheet.px(y)), "seal"))


def _incoming(draft: Draft, _cast: Cast, rng: Random) -> None:
    incoming_stamp(draft.sheets[0], rng)


Put = Callable[[Draft, Cast, Random], None]

PUT: dict[str, Put] = {
    "ban_sao": _copy_words,
    "chung_thuc_ban_sao": _certification,
    "sao_y": _true_copy,
    "mat": partial(_tight, words="MẬT"),
    "toi_mat": partial(_tight, words="TỐI MẬT"),
    "tuyet_mat": partial(_tight, words="TUYỆT MẬT"),
    "khan": partial(_tight, words="KHẨN"),
    "thuong_khan": partial(_tight, words="THƯỢNG KHẨN"),
    "hoa_toc": partial(_tight, words="HỎA TỐC"),
    "den": _incoming,
    "chu_ky_so": _signed,
}
"""Attributes that can be put on any paper. ``trich_luc`` is the paper's own title."""
