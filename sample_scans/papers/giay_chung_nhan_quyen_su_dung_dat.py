"""Giấy chứng nhận quyền sử dụng đất of the form in use since 01/8/2024 (TT 10/2024/TT-BTNMT): one sheet, two pages.

QR and mã Giấy chứng nhận on the upper right of page 1, items 1-3 on page 1, 4-6 on page 2. The old 4-page form's traps are
kept too: ``-/-`` for empty, the number of an earlier certificate in *Ghi chú*, area in digits and words.
"""

from __future__ import annotations

from random import Random

import cv2
import numpy as np

from sample_scans import ink
from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Signature, border, long_date, motto, sign
from sample_scans.layout.rich import Style
from sample_scans.papers.common import holder_fields, short
from sample_scans.people import Cast, say_number

TITLE = "GIẤY CHỨNG NHẬN\nQUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU TÀI SẢN\nGẮN LIỀN VỚI ĐẤT"


def write(draft: Draft, cast: Cast, rng: Random) -> None:
    holder, agency = cast.holder, cast.agency
    serial = f"{rng.choice('ABDKST')}{rng.choice('ABDKST')} {rng.randrange(10**8):08d}"
    code = f"{rng.randint(10, 99)}{rng.randrange(10**10):010d}"
    register = f"CS{rng.randint(1, 9999):05d}"
    draft.numbered = False
    draft.sheet.tint = (253, 236, 232)
    border(draft)
    _qr(draft, code)
    y = motto(draft, draft.left, draft.right - 24, 22, 13)
    x0, x1 = draft.left + 4, draft.right - 26
    draft.y = draft.block(f"**{{title|{TITLE}}}**", x0, x1, y + 7, Style(15, ink="seal"), "centre") + 6
    area = rng.randint(82, 960)
    for line in _parcel(draft, cast, rng, area):
        bold = line[0] in "123"
        draft.paragraph(line, Style(13, bold=bold), "left" if bold else "justify", 0, 0, 1.5)
    draft.y += 3
    split = draft.left + 68
    top = draft.y
    draft.block(
        f"Số phát hành: **{serial}**\nSố vào sổ cấp GCN: **{{number|{register}}}**",
        draft.left,
        split,
        top + 34,
        Style(12),
    )
    y = draft.block(
        f"*{{issued_at|{agency.name}}}, {{issued_on|{long_date(cast.today)}}}*",
        split,
        draft.right,
        top,
        Style(13),
        "centre",
    )
    who = Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), cast.chairman, agency.seal)
    sign(draft, who, split, draft.right, y)
    _second_page(draft, rng, area, serial)
    holder_fields(draft, holder)
    draft.fields |= {
        "title": TITLE.replace("\n", " "),
        "number": register,
        "issued_on": cast.today,
        "issued_at": agency.name,
        "issuer": agency.body,
        "signer": cast.chairman,
        "valid_until": None,
    }
    draft.more |= {"serial_number": serial, "certificate_code": code}


def _parcel(draft: Draft, cast: Cast, rng: Random, area: int) -> tuple[str, ...]:
    holder, agency = cast.holder, cast.agency
    use = rng.choice(("Đất ở tại nông thôn", "Đất ở tại đô thị", "Đất trồng cây lâu năm"))
    term = "Lâu dài" if "ở" in use else f"Đến ngày 15/10/{cast.today.year + 38}"
    parcel, map_sheet = rng.randint(12, 899), rng.randint(2, 64)
    draft.more |= {
        "residence": holder.home,
        "parcel_number": str(parcel),
        "map_sheet": str(map_sheet),
        "parcel_address": f"{agency.place}, tỉnh {agency.province}",
        "area": f"{area},0 m²",
        "area_words": f"{say_number(area)} mét vuông",
        "use_form": "Sử dụng riêng",
        "use_purpose": use,
        "use_term": term,
        "use_origin": "Nhà nước công nhận quyền sử dụng đất như giao đất có thu tiền sử dụng đất",
    }
    return (
        "1. Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất:",
        (
            f"{holder.title.capitalize()} **{{holder_name|{holder.name}}}**, sinh ngày {{holder_birth_date|{short(holder.born)}}}, "
            f"Căn cước số {{holder_id|{holder.id_number}}}, địa chỉ thường trú: {holder.home}."
        ),
        "2. Thông tin thửa đất:",
        f"a) Thửa đất số: {parcel};     tờ bản đồ số: {map_sheet};",
        f"b) Diện tích: {area},0 m² (bằng chữ: {say_number(area)} mét vuông);",
        f"c) Loại đất: {use};",
        f"d) Thời hạn sử dụng đất: {term};",
        "đ) Hình thức sử dụng đất: Sử dụng riêng;",
        f"e) Địa chỉ: {agency.place}, tỉnh {agency.province};",
        "g) Nguồn gốc sử dụng: Nhà nước công nhận quyền sử dụng đất như giao đất có thu tiền sử dụng đất.",
        "3. Thông tin tài sản gắn liền với đất:",
        rng.choice(("-/-", f"Nhà ở riêng lẻ, {rng.randint(1, 3)} tầng, diện tích xây dựng {area // 2},5 m².")),
    )


def _second_page(draft: Draft, rng: Random, area: int, serial: str) -> None:
    draft.new_sheet()
    draft.sheet.tint = (253, 236, 232)
    border(draft)
    draft.y = 24
    draft.paragraph("4. Sơ đồ thửa đất, tài sản gắn liền với đất:", Style(13, bold=True), "left", 0)
    _plan(draft, rng, area)
    draft.paragraph("5. Ghi chú:", Style(13, bold=True), "left", 0)
    draft.paragraph(
        f"Cấp đổi từ Giấy chứng nhận số {rng.choice('BCDK')}{rng.choice('ABDS')} {rng.randrange(10**6):06d} "
        f"cấp ngày {rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{rng.randint(2006, 2014)}.",
        Style(13),
        indent=0,
    )
    draft.paragraph("6. Những thay đổi sau khi cấp Giấy chứng nhận:", Style(13, bold=True), "left", 0)
    edges = (draft.left, draft.left + 105, draft.right)
    top = draft.y + 2
    for text, x0, x1 in zip(
        ("Nội dung thay đổi và cơ sở pháp lý", "Xác nhận của cơ quan có thẩm quyền"), edges, edges[1:], strict=False
    ):
        draft.block(f"*{text}*", x0 + 1, x1 - 1, top + 1.5, Style(12), "centre")
    floor = 255.0
    for y in (top, top + 13, floor):
        draft.sheet.rule(edges[0], y, edges[2], y)
    for x in edges:
        draft.sheet.rule(x, top, x, floor)
    draft.block(f"Số phát hành: **{serial}**", draft.left, draft.right, floor + 4, Style(12), "right")


def _plan(draft: Draft, rng: Random, area: int) -> None:
    """A parcel's outline with its side lengths and a north arrow."""
    sheet, top = draft.sheet, draft.y + 4
    left = draft.left + 30 + rng.uniform(0, 10)
    wide, tall = rng.uniform(48, 66), rng.uniform(48, 62)
    corners = [
        (left, top + rng.uniform(4, 12)),
        (left + wide, top),
        (left + wide + rng.uniform(2, 10), top + tall),
        (left - rng.uniform(0, 8), top + tall - rng.uniform(0, 6)),
    ]
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        sheet.rule(ax, ay, bx, by, 1.4)
        length = ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5 * 0.31
        outward = 9 if ax <= bx and abs(ax - bx) > abs(ay - by) else -4
        x, y = (ax + bx) / 2, (ay + by) / 2
        beside = abs(ay - by) > abs(ax - bx)
        shown = f"{length:.1f}m".replace(".", ",")
        if beside:
            draft.block(shown, x + 3 if by > ay else x - 15, x + 20, y - 2, Style(10))
        else:
            draft.block(shown, x - 6, x + 14, y - outward + 1.5, Style(10))
    draft.block(f"{area},0 m²", left + wide / 2 - 10, left + wide / 2 + 20, top + tall / 2, Style(12))
    sheet.rule(draft.right - 14, top + 18, draft.right - 14, top + 2, 1.2)
    sheet.rule(draft.right - 16, top + 6, draft.right - 14, top + 2, 1.2)
    sheet.rule(draft.right - 12, top + 6, draft.right - 14, top + 2, 1.2)
    draft.block("B", draft.right - 16, draft.right - 12, top - 4, Style(12, bold=True), "centre")
    draft.y = top + tall + 14


def _qr(draft: Draft, code: str) -> None:
    """The QR code and, under it, the code of the certificate."""
    sheet = draft.sheet
    modules = cv2.QRCodeEncoder.create().encode(code)
    scale = max(1, round(sheet.px(21) / modules.shape[0]))
    coverage = np.kron(255 - modules, np.ones((scale, scale), np.uint8)).astype(np.uint8)
    x, y = round(sheet.px(draft.width_mm - 42)), round(sheet.px(18))
    sheet.marks.append(ink.Mark(x, y, coverage, ink.COLOURS["print"], "qr"))
    left = draft.width_mm - 44
    draft.block(code, left, left + 27, 18 + coverage.shape[0] / draft.dpi * 25.4 + 0.5, Style(9), "centre")
