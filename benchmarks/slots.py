"""``make bench-slots``: the number and date slots of real papers' heads: found, told print from pen, read right, unread, or wrong.

Every first page of ``official``, ``text``, ``bitonal`` and ``lowres`` as it is, and once more with what its digital signatures and the rest of
the page say of the date; Word-born pages of ``digital`` drawn at four resolutions, clean and damaged, with the numbers that were stamped
into them, and once more without: their slots are empty then; generated papers (``sample_scans``) whose clerk filled them in with a pen. With
``--sources`` (what ``scripts/train-pens.sh`` fetched) also strings of digits of writers whom the net has not seen. Raw numbers and a table go to
``benchmarks/results/slots-<date>-<commit>``.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
import pypdfium2

from benchmarks.measure import SCANS, keep, machine
from benchmarks.reader.digital import RESOLUTIONS, SEED, WEARS, damaged
from sample_scans.generator import generate
from workers.classify.extract.head_slots import head_values
from workers.limits import Limits
from workers.ocr.engine import OcrEngine
from workers.ocr.factory import make_engine
from workers.ocr.slots import line_reader, read_slots
from workers.ocr.slots.pen import pen_reader
from workers.ocr.slots.read import PEN_SURE
from workers.page import Holds, PageOutcome, Pixels, Placement, Slot, SlotKind
from workers.reading import straighten_and_read
from workers.steps import placement as placing
from workers.steps.decode import decode_page, open_document
from workers.steps.signatures import is_signed, signatures
from workers.steps.signatures import stop as stop_signatures
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
PENNED = ("quyet_dinh", "cong_van", "thong_bao", "ke_hoach", "bao_cao")
PENNED_SEEDS, PENNED_WEAR = range(881_000, 881_012), ("scan", "photocopy", "lowres", "stamped")
"""Of the generated papers with a pen's numbers: about half of them have some."""
OTHER_WRITERS, OTHER_SEED = 3000, 950_000
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
    pen_seconds: list[float] = field(default_factory=list)


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


def penned() -> Iterator[tuple[str, str, Pixels, float, Head]]:
    """Generated papers with a pen's number or day, turned upright."""
    for index, seed in enumerate(PENNED_SEEDS):
        for paper in PENNED:
            wear = PENNED_WEAR[index % len(PENNED_WEAR)]
            made = generate(paper, seed, wear)
            hands = {name for line in made.truth.lines for word in line.words if word.hand for name in word.fields}
            issued, number = made.truth.fields["issued_on"], made.truth.fields["number"]
            if not (hands >= {"number", "issued_on"} and issued and number):
                continue
            day = date.fromisoformat(issued)
            month = f"{day.month:02d}" if day.month < 3 else str(day.month)
            number = number.partition("/")[0]
            head = Head(number, f"{day.day:02d}", month, str(day.year))
            yield f"generated, {wear}", f"{paper} {seed}", made.image, made.truth.dpi, head


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
    for group, name, pixels, dpi, head in chain(pages(), penned()):
        started = time.process_time()
        read = straighten_and_read(pixels, dpi, engine, Stopwatch())
        result.page_seconds.append(time.process_time() - started)
        _judge(result, group, name, read.slots, head)
        _judge_text(result, group, name, "\n".join(line.text for line in read.lines), head)
        if group == "scanned":
            _judge_paper(result, name, PageOutcome(1, lines=read.lines, slots=read.slots), head)
        size, whole = (read.placement.width, read.placement.height), placing.apply(pixels, read.placement)
        started = time.process_time()
        cut = partial(placing.cut_out, whole, Placement.identity(*size))
        read_slots(read.lines, size, dpi, cut, line_reader(engine))
        result.seconds.append(time.process_time() - started)
    return result


def _judge_paper(result: Result, name: str, page: PageOutcome, head: Head) -> None:
    """What the slots say together with the page's text and the file's signatures."""
    path = SCANS / name
    found = (
        (signatures(open_document(path, Limits()), Limits()) or ()) if path.suffix == ".pdf" and is_signed(path) else ()
    )
    signed = [one.signed_at.date() for one in found if one.signed_at]
    values = head_values([page], signed=signed)
    settled = [
        replace(one.slot, value=one.agreement.value, confidence=one.agreement.confidence, reason=one.agreement.reason)
        for one in values.values()
    ]
    _judge(result, "scanned with all witnesses", name, settled, head)


def measure_strings(result: Result, sources: Path) -> None:
    """Slots drawn of digits of other writers (MNIST's second set and others): what the pens' net alone says."""
    from training.pens.draw import Writer  # noqa: PLC0415 - the fonts of training are needed for this part alone
    from training.pens.sources import load  # noqa: PLC0415

    reader = pen_reader()
    if reader is None:
        return
    writer = Writer(load(sources, held_out=True), OTHER_SEED)
    for _ in range(OTHER_WRITERS):
        pixels, text = writer.slot()
        started = time.process_time()
        seen = reader.read(pixels)
        result.pen_seconds.append(time.process_time() - started)
        sort = f"{len(text)} digits" if text.isdigit() else "letters, scribbles, struck out"
        tally = result.tallies.setdefault(f"other writers: {sort}", Tally())
        tally.asked += 1
        tally.found += 1
        value = seen.candidates[0].value if seen.agreed and seen.candidates[0].confidence >= PEN_SURE else None
        tally.unread += value is None
        tally.right += value == text
        tally.wrong += value is not None and value != text


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
        if slot.holds is not holds or slot.value != truth:
            offered = ", ".join(f"{one.value} {one.confidence:.3f}" for one in slot.candidates)
            tally.notes.append(
                f"{name}: {kind.value} {truth}: {slot.holds.value}, {slot.value or slot.reason} {offered}".rstrip()
            )


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
        total = sums.setdefault(f"**{group.partition(',')[0]}**: {sort}", Tally())
        for figure in _FIGURES:
            setattr(total, figure, getattr(total, figure) + getattr(tally, figure))
    for name, tally in [*sums.items(), *result.tallies.items()]:
        out.append(f"| {name} | {' | '.join(str(getattr(tally, figure)) for figure in _FIGURES)} |")
    share = sum(result.seconds) / sum(result.page_seconds)
    out += [
        "",
        f"Looking at slots: {1000 * statistics.median(result.seconds):.0f} ms a first page (median, processor time), {share:.1%} of its straightening and reading.",
        *(
            [f"A pen's slot by the net: {1000 * statistics.median(result.pen_seconds):.1f} ms (median)."]
            if result.pen_seconds
            else []
        ),
        "",
    ]
    notes = [f"* {name}: {note}" for name, tally in result.tallies.items() for note in tally.notes]
    return out + (["Not right:", "", *notes] if notes else [])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, help="digits of other writers, from scripts/train-pens.sh")
    given = parser.parse_args()
    if not SCANS.is_dir():
        print(f"{SCANS} is absent: nothing to measure", file=sys.stderr)
        return 1
    engine = make_engine("reader")
    try:
        result = measure(engine)
        if given.sources:
            measure_strings(result, given.sources)
    finally:
        engine.close()
        stop_signatures()
    about = machine()
    keep("slots", {"machine": about, **asdict(result)}, _table(about, result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
