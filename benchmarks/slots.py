"""``make bench-slots``: the number and date slots of real papers' heads: found, told print from pen, read right, unread, or wrong.

Every first page of ``official``, ``text``, ``bitonal`` and ``lowres`` as it is; Word-born pages of ``digital`` drawn at four resolutions, clean and
damaged, with the numbers that were stamped into them, and once more without: their slots are empty then. Raw numbers and a table
go to ``benchmarks/results/slots-<date>-<commit>``.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial

import numpy as np
import pypdfium2

from benchmarks.measure import SCANS, keep, machine
from benchmarks.reader.digital import RESOLUTIONS, SEED, WEARS, damaged
from workers.limits import Limits
from workers.ocr.engine import OcrEngine
from workers.ocr.factory import make_engine
from workers.ocr.slots import line_reader, read_slots
from workers.page import Holds, Pixels, Placement, Slot, SlotKind
from workers.reading import straighten_and_read
from workers.steps import placement as placing
from workers.steps.decode import decode_page, open_document
from workers.stopwatch import Stopwatch

PRINTED, PEN, EMPTY = Holds.PRINTED, Holds.PEN, Holds.EMPTY
KINDS = (SlotKind.NUMBER, SlotKind.DAY, SlotKind.MONTH, SlotKind.YEAR)


@dataclass(frozen=True, slots=True)
class Head:
    """What a person sees in the four slots of a paper; ``holds`` in the order of ``KINDS``. ``stamped``: drawn in as annotations."""

    number: str
    day: str
    month: str
    year: str
    holds: tuple[Holds, Holds, Holds, Holds] = (PEN, PEN, PRINTED, PRINTED)
    stamped: frozenset[SlotKind] = frozenset()

    def truth(self, kind: SlotKind) -> str:
        return str(getattr(self, kind.value))


_TYPED = (PRINTED, PRINTED, PRINTED, PRINTED)
_STAMPED = frozenset({SlotKind.NUMBER, SlotKind.DAY})

SCANNED: Mapping[str, Head] = {
    "official/05.signed_20250517_044750.pdf": Head("11", "08", "01", "2025", _TYPED),
    "official/05CT_20250517_033418.pdf": Head("05", "15", "4", "2020"),
    "official/11 CT.signed_20250513_153510.pdf": Head("11", "11", "9", "2024"),
    "official/11CT_20250510_124908.pdf": Head("11", "11", "5", "2021"),
    "official/2352 ( 07-CT-UBND).signed_20250221_092046.pdf": Head("07", "20", "3", "2018"),
    "official/23BC.signed_20250510_124908.pdf": Head("23", "23", "01", "2025"),
    "official/280 BC.signed_20250219_164611.pdf": Head("280", "22", "11", "2024"),
    "official/47 QĐ UB.signed (1)_20250510_124908.pdf": Head("47", "17", "01", "2025"),
    "official/51 QĐ UB.signed_20250219_231940.pdf": Head("51", "17", "01", "2025"),
    "official/574 UB.signed_20250510_124908.pdf": Head("574", "04", "02", "2025"),
    "official/84 QĐ UB.signed_20250513_162846.pdf": Head("84", "03", "02", "2025"),
    "text/241_qd.pdf": Head("241", "17", "02", "2025"),
    "bitonal/464-ttg.signed.pdf": Head("464", "30", "4", "2026"),
    **{
        f"lowres/4_1{copy}.jpg": Head("1906", "26", "7", "2020", _TYPED)
        for copy in ("", "_v0_original", "_v1_noisy", "_v2_blur", "_v3_dark", "_v4_rotated")
    },
}
"""Told by eye, checked against ``documents.csv`` where that has them."""

_GD = "01_Quyet_dinh_CBTTHC_-GD_20250218091002753750_vnpt_ca_vnpt_ca_vnpt_ca_signed_20250219074420.pdf"
_KCB = "217-QDCB.TTHC.So-Y-te-KCB-phult14.02.2025_18h11p19_signed_signed_signed_signed.pdf"
DRAWN: Mapping[str, Head] = {
    _GD: Head("120", "19", "02", "2025", _TYPED, _STAMPED),
    "01_Quyet_dinh_CB_TTHC_-YT_20250214082411607600_vnpt_ca_signed_20250217103745.pdf": Head(
        "119", "17", "02", "2025", _TYPED, _STAMPED
    ),
    "1.Q-CongbodanhmucTTHC51.pdf": Head("251", "18", "02", "2025", _TYPED, _STAMPED | {SlotKind.MONTH}),
    "1.QCBSTP-CN170225.71.pdf": Head("354", "19", "02", "2025", _TYPED, _STAMPED),
    _KCB: Head("217", "17", "02", "2025", _TYPED, _STAMPED),
}
_FIGURES = ("asked", "found", "told", "right", "unread", "wrong", "text_wrong", "text_lost")
_IN_TEXT = {
    SlotKind.NUMBER: re.compile(r"^S[ốôổồ]\s*:?\s*(.*?)\s*/\s?[A-ZĐ§]{2}", re.MULTILINE),
    SlotKind.DAY: re.compile(r"ngày\s*(.*?)\s*tháng.{0,14}?năm.{0,8}$", re.MULTILINE),
}


@dataclass(slots=True)
class Tally:
    """Of the slots of one sort. ``told``: print, pen and nothing told apart. ``text_wrong``: pages whose *text* has something else than the
    paper in that slot; ``text_lost``: print that the text lacks. ``notes``: what was not right."""

    asked: int = 0
    found: int = 0
    told: int = 0
    right: int = 0
    unread: int = 0
    wrong: int = 0
    text_wrong: int = 0
    text_lost: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Result:
    tallies: dict[str, Tally] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    page_seconds: list[float] = field(default_factory=list)


def pages() -> Iterator[tuple[str, str, Pixels, float, Head]]:
    """(group, name, pixels, dpi, what a person sees)."""
    for name, head in SCANNED.items():
        page = decode_page(open_document(SCANS / name, Limits()), 1, Limits())
        yield "scanned", name, page.pixels, page.dpi, head
    for index, (name, head) in enumerate(DRAWN.items()):
        for dpi in RESOLUTIONS:
            for wear in WEARS:
                for filled in (True, False):
                    page_pixels = _drawn(name, dpi, filled=filled)
                    worn = page_pixels if wear == "clean" else damaged(page_pixels, SEED + index)
                    shown = head if filled else _emptied(head)
                    yield (
                        f"drawn, {dpi} dpi, {wear}",
                        f"{name[:20]} {'filled' if filled else 'open'}",
                        worn,
                        float(dpi),
                        shown,
                    )


def _drawn(name: str, dpi: int, *, filled: bool) -> Pixels:
    document = pypdfium2.PdfDocument(SCANS / "digital" / name)
    try:
        if filled:
            document.init_forms()  # the stamps are signature fields
        image = document[0].render(scale=dpi / 72, may_draw_forms=filled, draw_annots=filled).to_numpy()
        return np.ascontiguousarray(image[:, :, 2::-1])
    finally:
        document.close()


def _emptied(head: Head) -> Head:
    holds = tuple(EMPTY if kind in head.stamped else held for kind, held in zip(KINDS, head.holds, strict=True))
    return Head(head.number, head.day, head.month, head.year, (holds[0], holds[1], holds[2], holds[3]), head.stamped)


def measure(engine: OcrEngine) -> Result:
    result = Result()
    for group, name, pixels, dpi, head in pages():
        started = time.process_time()
        read = straighten_and_read(pixels, dpi, engine, Stopwatch())
        result.page_seconds.append(time.process_time() - started)
        _judge(result, group, name, read.slots, head)
        _judge_text(result, group, name, "\n".join(line.text for line in read.lines), head)
        size, whole = (read.placement.width, read.placement.height), placing.apply(pixels, read.placement)
        started = time.process_time()
        cut = partial(placing.cut_out, whole, Placement.identity(*size))
        read_slots(read.lines, size, dpi, cut, line_reader(engine))
        result.seconds.append(time.process_time() - started)
    return result


def _judge(result: Result, group: str, name: str, slots: Sequence[Slot], head: Head) -> None:
    found = {slot.kind: slot for slot in slots}
    for kind, holds in zip(KINDS, head.holds, strict=True):
        tally = result.tallies.setdefault(f"{group}: {kind.value}, {holds.value}", Tally())
        tally.asked += 1
        slot = found.get(kind)
        if slot is None:
            tally.unread += 1
            tally.notes.append(f"{name}: {kind.value} not found")
            continue
        tally.found += 1
        tally.told += slot.holds is holds
        truth = head.truth(kind) if holds is not EMPTY else None
        if slot.value is None:
            tally.unread += 1
        elif slot.value == truth:
            tally.right += 1
        else:
            tally.wrong += 1
        if slot.holds is not holds or (holds is PRINTED and slot.value != truth):
            tally.notes.append(f"{name}: {kind.value} {truth}: {slot.holds.value}, {slot.value or slot.reason}")


def _judge_text(result: Result, group: str, name: str, text: str, head: Head) -> None:
    """The page's text in the slots for number and day."""
    for kind, pattern in _IN_TEXT.items():
        holds = head.holds[KINDS.index(kind)]
        tally = result.tallies[f"{group}: {kind.value}, {holds.value}"]
        match = pattern.search(text)
        said = re.sub(r"\s+", "", match[1]) if match else ""
        truth = head.truth(kind) if holds is not EMPTY else ""
        if said and said != truth:
            tally.text_wrong += 1
            tally.notes.append(f"{name}: {kind.value} {truth or 'empty'} is {said} in the text")
        if holds is PRINTED and not said:
            tally.text_lost += 1
            tally.notes.append(f"{name}: {kind.value} {truth} is not in the text")


def _table(about: dict[str, object], result: Result) -> list[str]:
    out = [f"# Slots, {about['date']}", "", f"{about}", ""]
    out += [
        "| slot | asked | found | print, pen, nothing told | read right | unread | wrong | text wrong | print lost from text |"
    ]
    out += ["|---|---|---|---|---|---|---|---|---|"]
    sums: dict[str, Tally] = {}
    for name, tally in result.tallies.items():
        group, _, sort = name.partition(": ")
        total = sums.setdefault(f"**{'scanned' if group == 'scanned' else 'drawn'}**: {sort}", Tally())
        for figure in _FIGURES:
            setattr(total, figure, getattr(total, figure) + getattr(tally, figure))
    for name, tally in [*sums.items(), *result.tallies.items()]:
        out.append(f"| {name} | {' | '.join(str(getattr(tally, figure)) for figure in _FIGURES)} |")
    share = sum(result.seconds) / sum(result.page_seconds)
    out += [
        "",
        f"Looking at slots: {1000 * statistics.median(result.seconds):.0f} ms a first page (median, processor time), {share:.1%} of its straightening and reading.",
        "",
    ]
    notes = [f"* {name}: {note}" for name, tally in result.tallies.items() for note in tally.notes]
    return out + (["Not right:", "", *notes] if notes else [])


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    if not SCANS.is_dir():
        print(f"{SCANS} is absent: nothing to measure", file=sys.stderr)
        return 1
    engine = make_engine("reader")
    try:
        result = measure(engine)
    finally:
        engine.close()
    about = machine()
    keep("slots", {"machine": about, **asdict(result)}, _table(about, result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
