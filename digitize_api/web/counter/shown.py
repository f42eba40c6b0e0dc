"""What the counter's templates show: the citizen's number in plain words, slots with their state in words, pages with what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from digitize_api.web.papers import AgainShown, OfferShown, again_shown, needed_shown
from digitize_api.web.words import Words
from models.arrangements import done_serial, is_pending
from models.catalog import Catalog
from models.dossier_papers import DossierPapers, HeldPapers
from models.entities import Component, Page, PageState, Scan, ScanState
from models.rules.completeness import Filled, SlotState
from models.vietnamese.holder_entry import HolderEntry
from models.vietnamese.names import Sex

OFFER_KEYS: Final = "123456789"
"""What on the keyboard reuses the first, second … offer."""


@dataclass(frozen=True, slots=True)
class EntrySaid:
    """``mood``: ``ok``, ``look`` (true perhaps, but compare), ``wrong``, or empty while somebody types."""

    text: str
    mood: str


def entry_said(entry: HolderEntry, catalog: Catalog, words: Words) -> EntrySaid:
    """R13 in plain words: what the number says of its holder, or what is wrong with it."""
    check = entry.check
    if entry.problem is not None:
        year = check.year if check and check.year else ""
        said = words(f"quay_id_{entry.problem}", digits=entry.digits, year=year)
        return EntrySaid(said, "" if entry.problem == "unfinished" else "wrong")
    if entry.number is None:
        return EntrySaid(words("quay_id_hint"), "")
    if check is None:
        return EntrySaid(words("quay_id_tax" if entry.kind == "organisation" else "quay_id_passport"), "ok")
    parts = [words("quay_id_scanned" if entry.scanned else "quay_id_ok")]
    province = catalog.province(check.province or "")
    if province is not None:
        now = province.now
        place = words("quay_id_now", place=province.name, now=now) if now else province.name
        parts.append(words("quay_id_born", place=place))
    elif "unknown_province" in entry.warnings:
        parts.append(words("quay_id_unknown_province", code=check.province))
    parts.append(words("quay_id_male" if check.sex is Sex.MALE else "quay_id_female"))
    parts.append(words("quay_id_year", year=check.year))
    return EntrySaid(" · ".join(parts), "look" if entry.warnings else "ok")


@dataclass(frozen=True, slots=True)
class HeldSlot:
    """A slot before anything was handed in. ``offers``: (key, offer); ``useless``: what is held and can't be used, with the reasons."""

    id: str
    name: str
    condition: str
    said: str
    offers: tuple[tuple[str, OfferShown], ...]
    useless: tuple[tuple[str, str], ...]


_BEFORE: Final[Mapping[str, str]] = {
    SlotState.IN_WAREHOUSE: "quay_has",
    SlotState.TO_SHOW: "quay_to_show",
    SlotState.NOT_NEEDED: "quay_if_needed",
}


def held_shown(held: HeldPapers, catalog: Catalog, words: Words) -> tuple[HeldSlot, ...]:
    """The slots of the procedure with what the warehouse holds for each; a result is offered once, where it is asked for first."""
    needed = needed_shown(held.papers, catalog, words)
    shown: list[HeldSlot] = []
    keys = iter(OFFER_KEYS)
    given: set[str] = set()
    accepts = {slot.wanted.id: slot.wanted.accepts for slot in held.papers.found.slots}
    for slot in needed.slots if needed else ():
        offers = [offer for offer in slot.offers if offer.id not in given]
        given |= {offer.id for offer in offers}
        useless = [
            (
                words.paper_type(held.papers.results[one].paper_type, catalog),
                " ".join(reason.vi if words.language == "vi" else reason.en for reason in reasons),
            )
            for one, reasons in held.against.items()
            if held.papers.results[one].paper_type in accepts[slot.id]
        ]
        said = words(_BEFORE.get(slot.state, "quay_to_scan"))
        keyed = tuple((next(keys, ""), offer) for offer in offers)
        shown.append(HeldSlot(slot.id, slot.name, slot.condition, said, keyed, tuple(useless)))
    return tuple(shown)


@dataclass(frozen=True, slots=True)
class PaperRef:
    """A paper in a slot. ``first``: the id of its first page on the counter's page."""

    id: str
    kind: str
    first: str


@dataclass(frozen=True, slots=True)
class CounterSlot:
    """``mark``: ``done``, ``open``, ``offer`` or ``rest``, for the look; ``said`` says it in words."""

    id: str
    name: str
    condition: str
    mark: str
    said: str
    papers: tuple[PaperRef, ...]
    reused: tuple[OfferShown, ...]
    offers: tuple[tuple[str, OfferShown], ...]


@dataclass(frozen=True, slots=True)
class PageShown:
    """One page of the strip. ``id``: ``<scan>-<number>``; ``ready``: its picture can be asked for; ``said``: (words, wants action). ``version``:
    of its picture. ``movable``: the scan is read and nobody is arranging it; ``turns``: the page may be turned; ``as_of``: of which arrangement its number is.
    """

    id: str
    scan: str
    number: int
    file: str
    ready: bool
    waiting: bool
    said: tuple[tuple[str, bool], ...]
    version: str = ""
    movable: bool = False
    turns: bool = False
    as_of: int = 0

    @property
    def wrong(self) -> bool:
        return any(act for _, act in self.said)


@dataclass(frozen=True, slots=True)
class RefusedShown:
    """A file that could not be taken, and what to do now."""

    file: str
    title: str
    advice: str


@dataclass(frozen=True, slots=True)
class WorkShown:
    """The dossier at the counter. ``source``, ``caution``: of the list of slots (R40); ``again``: scanned though the warehouse held it; ``unread``: pages still being read; ``arriving``: files whose pages are not known yet."""

    known: bool
    source: str
    caution: str
    complete: bool
    slip: bool
    slots: tuple[CounterSlot, ...]
    again: tuple[AgainShown, ...]
    extra: tuple[PaperRef, ...]
    extra_pages: int
    pages: tuple[PageShown, ...]
    refused: tuple[RefusedShown, ...]
    unread: int
    arriving: int

    @property
    def got(self) -> tuple[CounterSlot, ...]:
        return tuple(slot for slot in self.slots if slot.mark == "done")

    @property
    def open(self) -> tuple[CounterSlot, ...]:
        return tuple(slot for slot in self.slots if slot.mark in {"open", "offer"})

    @property
    def busy(self) -> bool:
        return bool(self.unread or self.arriving)

    @property
    def begun(self) -> bool:
        """Whether the next step is to finish; else it is to send."""
        return bool(self.pages) or self.complete


_STATES: Final[Mapping[str, tuple[str, str]]] = {
    SlotState.PRESENT: ("done", "quay_here"),
    SlotState.REUSED: ("done", "quay_reused"),
    SlotState.SCANNED_AGAIN: ("open", "quay_scanned_again"),
    SlotState.DOUBTFUL: ("open", "quay_doubtful"),
    SlotState.IN_WAREHOUSE: ("offer", "quay_in_warehouse"),
    SlotState.MISSING: ("open", "quay_missing"),
    SlotState.TO_SHOW: ("rest", "quay_shown_only"),
    SlotState.NOT_NEEDED: ("rest", "quay_not_needed"),
}


def work_shown(
    scans: Sequence[Scan], papers: DossierPapers, catalog: Catalog, words: Words, *, least_dpi: int | None
) -> WorkShown:
    """Everything on the counter's page of a dossier. ``least_dpi``: of the rule in force today."""
    needed = needed_shown(papers, catalog, words)
    keys = iter(OFFER_KEYS)
    by_slot = {slot.wanted.id: slot for slot in papers.found.slots}
    slots = []
    # What is always asked for comes first, and the order never changes: a list must not move under somebody's hand.
    for slot in sorted(needed.slots, key=lambda slot: _place(by_slot[slot.id], papers)) if needed else ():
        mark, said = _STATES[SlotState(slot.state)]
        given = [papers.components[one] for one in by_slot[slot.id].papers]
        optional = slot.state == SlotState.IN_WAREHOUSE and not slot.is_open
        text = words("quay_n_pages", count=_count(given)) if slot.state == SlotState.PRESENT else words(said)
        offers = slot.offers if slot.state != SlotState.PRESENT else ()
        slots.append(
            CounterSlot(
                id=slot.id,
                name=slot.name,
                condition=slot.condition,
                mark="rest" if optional else mark,
                said=text,
                papers=tuple(_ref(one, catalog, words) for one in given),
                reused=slot.reused,
                offers=tuple((next(keys, ""), offer) for offer in offers),
            )
        )
    extra = [papers.components[one] for one in papers.found.extra] if needed else list(papers.components.values())
    shown = tuple(page for scan in scans for page in _pages(scan, words, least_dpi))
    arriving = sum(_arrives(scan) for scan in scans)
    return WorkShown(
        known=needed is not None,
        source=needed.source if needed else "",
        caution=needed.caution if needed else "",
        complete=bool(needed and needed.complete),
        slip=bool(needed and needed.slip),
        slots=tuple(slots),
        again=again_shown(papers, catalog, words),
        extra=tuple(_ref(one, catalog, words) for one in extra),
        extra_pages=_count(extra),
        pages=shown,
        refused=tuple(_refused(scan, words) for scan in scans if scan.refused_code),
        unread=sum(page.waiting for page in shown) - arriving,
        arriving=arriving,
    )


def _place(slot: Filled, papers: DossierPapers) -> tuple[bool, int]:
    wanted = slot.wanted
    return (wanted.shown_only or bool(wanted.condition) or not wanted.required, papers.found.slots.index(slot))


def _count(components: Sequence[Component]) -> int:
    return sum(component.last_page - component.first_page + 1 for component in components)


def _ref(component: Component, catalog: Catalog, words: Words) -> PaperRef:
    kind = words.paper_type(component.paper_type, catalog)
    return PaperRef(component.id, kind, f"{component.scan_id}-{component.first_page}")


def _refused(scan: Scan, words: Words) -> RefusedShown:
    title, advice = words.error(scan.refused_code or "")
    return RefusedShown(scan.filename, title, advice)


def _arrives(scan: Scan) -> bool:
    """It is here, and how many pages it has is not known yet."""
    return scan.finished_at is None and not scan.pages


def _pages(scan: Scan, words: Words, least_dpi: int | None) -> list[PageShown]:
    """Of a scan that was refused nothing is shown but why; of one that is read, its pages as soon as they are known, but for those left out."""
    if scan.refused_code or scan.state == ScanState.BLOCKED_SECRET:
        return []
    if _arrives(scan):  # its first page has its place at once
        said = ((words("quay_page_reading"), False),)
        return [PageShown(f"{scan.id}-1", scan.id, 1, scan.filename, ready=False, waiting=True, said=said)]
    return [
        PageShown(
            id=f"{scan.id}-{page.number}",
            scan=scan.id,
            number=page.number,
            file=scan.filename,
            ready=page.image_key is not None,
            waiting=page.state == PageState.PENDING,
            said=tuple(page_said(page, words, least_dpi)),
            version=f"{page.source_number}.{page.rotation}{'' if page.read_at else '-'}",
            movable=scan.state == ScanState.DONE and not is_pending(scan),
            turns=page.origin != "text",
            as_of=done_serial(scan),
        )
        for page in scan.pages
        if not page.left_out
    ]


def page_said(page: Page, words: Words, least_dpi: int | None) -> list[tuple[str, bool]]:
    """What is to be said of the page: (words, whether the officer should do something)."""
    if page.state == PageState.FAILED:
        return [(words("quay_page_failed"), True)]
    said = [(_warning(code, page, words, least_dpi), words.wants_action(code)) for code in page.warnings]
    if page.state == PageState.PENDING:  # the inspection warns before the page is read
        return [(words("quay_page_reading"), False), *said]
    return said or [(words("quay_page_clear"), False)]


def _warning(code: str, page: Page, words: Words, least_dpi: int | None) -> str:
    """With the figure where the officer can use it; the rest as everywhere."""
    regions: list[Mapping[str, Any]] = page.warning_regions
    if code == "SKEWED" and round(abs(page.skew)) >= 1:
        return words("quay_skewed", degrees=round(abs(page.skew)))
    if code == "DPI_LOW" and page.dpi and least_dpi and page.dpi < least_dpi:
        return words("quay_dpi", dpi=round(page.dpi), least=least_dpi)
    return words.warning(code, regions)
