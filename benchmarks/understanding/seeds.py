"""The plans (kế hoạch) of ``../shared/seeds``, set as an office would print them, and the facts that each must give up.

A seed is the text of an act without its sheet: some lack the head, one its number, one is another reader's broken text. What the text says
is drawn and nothing else, so a field that the text leaves empty must stay empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from benchmarks.measure import ROOT
from benchmarks.understanding.labels import Label
from sample_scans.generator import Sample, wear_page
from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Head, Signature, bare_head, head, signature_block, title
from sample_scans.layout.rich import Style

SEEDS: Final = ROOT.parent / "shared" / "seeds"
BODY_SHEETS: Final = 2  # of the body; the signature follows where they end

_TO_TUNG, _VUNG_TAU, _BAC_KAN = "xã Tơ Tung", "thành phố Vũng Tàu", "thành phố Bắc Kạn"
FACTS: Final[Mapping[str, Label]] = {
    "000": Label(
        "ke_hoach",
        "52/KH-UBND",
        "2023-03-14",
        f"Ủy ban nhân dân {_TO_TUNG}",
        "Triển khai thực hiện mô hình “Đội hỗ trợ sử dụng dịch vụ công trực tuyến” tại Bộ phận Một cửa thuộc Ủy ban nhân dân "
        f"{_TO_TUNG}",
    ),
    "001": Label(
        "ke_hoach",
        issuer=f"Ủy ban nhân dân {_VUNG_TAU}",
        summary="Nâng cao tỷ lệ hồ sơ xử lý trực tuyến mức độ 3, 4 và tiếp nhận, trả kết quả qua dịch vụ bưu chính công ích năm 2021 "
        f"trên địa bàn {_VUNG_TAU}",
    ),
    "002": Label(None),
    "003": Label(
        "ke_hoach",
        "383/KH-UBND",
        "2023-08-15",
        "Ủy ban nhân dân tỉnh Tiền Giang",
        "Triển khai thực hiện 60 ngày, đêm tuyên truyền, hướng dẫn người dân cài đặt, đăng ký, kích hoạt tài khoản định danh điện tử "
        "VNeID và thực hiện số hóa kết quả giải quyết thủ tục hành chính, nâng cao hiệu quả sử dụng dịch vụ công trực tuyến và thanh "
        "toán trực tuyến trên địa bàn tỉnh Tiền Giang năm 2023",
    ),
    "004": Label(
        "ke_hoach",
        issuer=f"Ủy ban nhân dân {_BAC_KAN}",
        summary=f"Nâng cao chất lượng, hiệu quả cung cấp dịch vụ công trực tuyến trên địa bàn {_BAC_KAN}",
    ),
}
"""What a person finds in each text. ``None``: the text has none, and none may be said. 002 is broken text: no head, no title."""

_KIND = "KẾ HOẠCH"
_ISSUERS = {"000": "XÃ TƠ TUNG", "001": "THÀNH PHỐ VŨNG TÀU", "003": "TỈNH TIỀN GIANG", "004": "THÀNH PHỐ BẮC KẠN"}
_ITEM = re.compile(r"[-+] |\d+(\.\d+)*[.)] |[IVX]+\. |[a-zđ]\) ")
_MARKUP = str.maketrans("", "", "*{}|_")  # signs of the texts' own markup and of ours
_SERIAL = re.compile(r"\d+(?=/)|(?<=ngày )\d+(?= tháng)")


@dataclass(frozen=True, slots=True)
class Plan:
    """A seed taken apart. ``number`` and ``place_line`` are empty where the text has none; ``body``: paragraphs."""

    number: str
    place_line: str
    summary: str
    body: tuple[str, ...]
    receivers: tuple[str, ...]
    authority: tuple[str, ...]
    signer: str


def texts() -> dict[str, str]:
    """The seeds by their number; none where they are absent."""
    return {path.name[:3]: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))}


def plan_of(text: str) -> Plan:
    """The parts of a plan, by its own lines. ``ValueError`` for a text without a title or an end."""
    lines = [line.translate(_MARKUP).strip() for line in text.splitlines()]
    at, end = lines.index(_KIND), lines.index("Nơi nhận:")
    top = " ".join(line for line in lines[:at] if line)
    number, place_line = re.search(r"Số: ?\d*/[\w-]+", top), re.search(r"[\w.]+ ?[\w]*, ngày [\w ]+ năm \d{4}", top)
    start = next(index for index in range(at + 1, len(lines)) if lines[index])
    stop = next(index for index in range(start, len(lines)) if not _same_title(lines[start], lines[index]))
    last = [line for line in lines[end + 1 :] if line]
    first = next(index for index, line in enumerate(last) if line.isupper())
    signs = next(index for index in range(first, len(last)) if not last[index].isupper())
    return Plan(
        number.group() if number else "",
        place_line.group() if place_line else "",
        " ".join(lines[start:stop]),
        tuple(_paragraphs(lines[stop:end])),
        tuple(last[:first]),
        tuple(last[first:signs]),
        last[signs],
    )


def _same_title(first: str, line: str) -> bool:
    """The trích yếu goes on: to the empty line, or in a text without such while the capitals last."""
    return bool(line) and (not first.isupper() or line.isupper())


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Lines joined that the text breaks within a sentence."""
    open_ = ""
    for line in (*lines, ""):
        if open_ and (not line or _ITEM.match(line) or open_.endswith((".", ":", ";", "./."))):
            yield open_
            open_ = ""
        open_ = f"{open_} {line}".strip()


def draw(name: str, text: str, wear: str, dpi: float, *, pen: bool = False) -> list[Sample]:
    """The sheets of a seed, worn. ``pen``: the serial and the day are written by hand, as most offices do."""
    seed = int(name)
    draft = Draft(dpi, Random(seed))
    if FACTS[name].kind is None:
        for line in text.splitlines():
            if len(draft.sheets) > BODY_SHEETS:
                break
            if line.strip():
                draft.paragraph(line.translate(_MARKUP).strip(), Style(13), "left", 0.0)
        del draft.sheets[BODY_SHEETS:]
    else:
        _set(draft, plan_of(text), _ISSUERS[name], pen=pen)
    return [wear_page(draft, "ke_hoach", seed, wear, page) for page in range(1, len(draft.sheets) + 1)]


def _set(draft: Draft, plan: Plan, place: str, *, pen: bool) -> None:
    issuer = f"ỦY BAN NHÂN DÂN\n{place}"
    if plan.number:
        number, when = _spaced(plan.number, "Số:"), _spaced(plan.place_line, "ngày")
        if pen:
            number, when = (_SERIAL.sub(lambda found: f"{{~|{found.group()}}}", part) for part in (number, when))
        head(draft, Head("", issuer, number, when))
    else:
        bare_head(draft, "", issuer)
    title(draft, _KIND, plan.summary)
    for paragraph in plan.body:
        if len(draft.sheets) > BODY_SHEETS:
            break
        draft.paragraph(paragraph)
    signature_block(draft, Signature(plan.authority, plan.signer, ("ỦY BAN NHÂN DÂN", place), receivers=plan.receivers))


def _spaced(line: str, before: str) -> str:
    """The gap that an office leaves where the serial or the day is still to be written."""
    return re.sub(rf"{before} ?(?=/|tháng)", f"{before}        ", line)
