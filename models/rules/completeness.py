"""A dossier against its procedure: what is there, what is doubtful, what the warehouse already holds, what is missing (R4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from models.catalog import Slot
from models.vietnamese import fold


class SlotState(StrEnum):
    """How a component of the procedure stands; the order is from best to worst."""

    PRESENT = "present"
    REUSED = "reused"  # linked from the warehouse
    SCANNED_AGAIN = (
        "scanned_again"  # the warehouse held a valid result of it, it was scanned all the same, nobody said why
    )
    DOUBTFUL = "doubtful"  # there is a paper, but a person must look: its type, or that it is no longer valid
    IN_WAREHOUSE = "in_warehouse"  # not handed in; a valid result is there to be linked
    MISSING = "missing"
    TO_SHOW = "to_show"  # looked at and handed back, never digitised (Điều 4, x3)
    NOT_NEEDED = "not_needed"  # optional, or its condition is not met, and nothing was handed in


@dataclass(frozen=True, slots=True)
class Wanted:
    """A component that the procedure asks for. ``accepts``: any one of these paper types satisfies it.

    ``titles``: what the title of the right paper also says (a tờ khai of *this* procedure). ``shown_only``: see ``TO_SHOW``.
    """

    id: str
    name: str
    accepts: frozenset[str]
    required: bool = True
    condition: str = ""  # when it is asked for; a condition makes it optional until a person says that it is met
    titles: tuple[str, ...] = ()
    shown_only: bool = False

    @staticmethod
    def of(slot: Slot) -> Wanted:
        """A slot of the catalog."""
        return Wanted(
            slot.id,
            slot.name,
            frozenset(slot.accepts),
            slot.required,
            slot.condition or "",
            slot.titles,
            slot.shown_only,
        )

    def is_about(self, title: str) -> bool:
        """Whether the title names what the slot asks for; one that could not be read is not held against the paper."""
        said = fold(title)
        return not self.titles or not said or any(fold(part) in said for part in self.titles)


@dataclass(frozen=True, slots=True)
class Given:
    """A paper handed in. ``likely``: other types it may be, when its type is not certain. ``slot``: where a person put it.

    ``scanned_at``: when its scan came; ``None`` asks no question about the warehouse (the paper names somebody else). ``number``: its own, as
    ``models.vietnamese.numbers.number_key`` has it. ``of_many``: another of its type may well be another paper (the procedure's own result; a
    type that is none). ``explained``: an officer said why it was scanned all the same.
    """

    id: str
    paper_type: str | None
    certain: bool = True
    likely: frozenset[str] = frozenset()
    slot: str | None = None
    excluded: bool = False
    title: str = ""
    scanned_at: datetime | None = None
    number: str = ""
    of_many: bool = False
    explained: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A result of the holder in the warehouse. ``linked``: the slot of this dossier that it is linked to (``""``: to none of them).

    ``stored_at``: since when it is there (``None``: no matter); ``number`` as in :class:`Given`.
    """

    id: str
    paper_type: str
    reusable: bool
    linked: str | None = None
    stored_at: datetime | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class ScannedAgain:
    """A paper that was scanned though ``results`` were in the warehouse and valid (R4). ``slot``: that it fills, if it fills one.

    ``linked``: one of them is used in this dossier. ``explained``: an officer said why it was scanned all the same.
    """

    paper: str
    slot: str | None
    results: tuple[str, ...]
    linked: bool
    explained: bool

    @property
    def is_open(self) -> bool:
        """Whether nobody has chosen yet: the result, or the scan and why."""
        return not (self.linked or self.explained)


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot and what fills it. ``offers``: reusable results that would, best left to the officer."""

    wanted: Wanted
    state: SlotState
    papers: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it. An offer for what is not asked for is only an offer."""
        waits = self.state in {SlotState.MISSING, SlotState.DOUBTFUL, SlotState.SCANNED_AGAIN}
        return waits or (self.state is SlotState.IN_WAREHOUSE and self.wanted.required and not self.wanted.condition)


@dataclass(frozen=True, slots=True)
class Completeness:
    """``extra``: papers that fill no slot. ``complete``: nothing is open. ``again``: papers of which the warehouse held a valid result."""

    slots: tuple[Filled, ...]
    extra: tuple[str, ...]
    again: tuple[ScannedAgain, ...] = field(default=())

    @property
    def missing(self) -> tuple[Wanted, ...]:
        """What the slip asks for (Phiếu yêu cầu bổ sung)."""
        return tuple(slot.wanted for slot in self.slots if slot.state is SlotState.MISSING)

    @property
    def complete(self) -> bool:
        return not any(slot.is_open for slot in self.slots) and not any(again.is_open for again in self.again)


def completeness(wanted: Sequence[Wanted], given: Sequence[Given], held: Sequence[Held]) -> Completeness:
    """Papers go where a person put them, then where their type is asked for: first to the slot that has least choice.

    A paper fills one slot. One that nobody is certain of fills its slot as doubtful, and one that is excluded fills none.
    """
    placed: dict[str, list[Given]] = {slot.id: [] for slot in wanted}
    free = [paper for paper in given if not paper.excluded]
    for paper in [paper for paper in free if paper.slot in placed]:
        placed[paper.slot or ""].append(paper)
        free.remove(paper)
    linked = {slot.id: tuple(result.id for result in held if result.linked == slot.id) for slot in wanted}
    for certain in (True, False):
        # A slot that accepts little is served first, or a paper that fits two would be taken from it.
        for slot in sorted(wanted, key=lambda slot: (not slot.required, len(slot.accepts))):
            if placed[slot.id] or linked[slot.id]:
                continue
            found = next((paper for paper in free if _fits(paper, slot, certain=certain)), None)
            if found is not None:
                placed[slot.id].append(found)
                free.remove(found)
    # More of the same kind (a second sheet of photographs, another witness) joins the first.
    for paper in list(free):
        home = next((slot for slot in wanted if placed[slot.id] and _fits(paper, slot, certain=True)), None)
        if home is not None:
            placed[home.id].append(paper)
            free.remove(paper)
    # A slot that a result is linked to takes no paper of itself, but a scan of its type was made for it.
    homes = {
        paper.id: slot.id for slot in wanted if linked[slot.id] for paper in free if paper.paper_type in slot.accepts
    }
    homes |= {paper.id: slot for slot, papers in placed.items() for paper in papers}
    asked = [scanned_again(paper, homes.get(paper.id), held) for paper in given if not paper.excluded]
    again = tuple(one for one in asked if one is not None)
    unanswered = frozenset(one.paper for one in again if one.is_open)
    return Completeness(
        tuple(_filled(slot, placed[slot.id], linked[slot.id], held, unanswered) for slot in wanted),
        tuple(paper.id for paper in free),
        again,
    )


def scanned_again(paper: Given, slot: str | None, held: Sequence[Held]) -> ScannedAgain | None:
    """What was in the warehouse, of the same type and still valid, before the paper was scanned; ``None``: nothing (R4).

    A paper that fills a slot is asked for, and any valid result of its type would have done. One that fills none, or may be what this dossier
    led to, is the same paper only with the same number.
    """
    if paper.scanned_at is None:
        return None
    any_will_do = slot is not None and not paper.of_many
    found = [
        result
        for result in held
        if result.reusable
        and result.paper_type == paper.paper_type
        and result.stored_at is not None
        and result.stored_at < paper.scanned_at
        and (any_will_do or (result.number and result.number == paper.number))
    ]
    if not found:
        return None
    linked = any(result.linked is not None for result in found)
    return ScannedAgain(paper.id, slot, tuple(result.id for result in found), linked, paper.explained)


def _fits(paper: Given, slot: Wanted, *, certain: bool) -> bool:
    if certain:
        return paper.certain and paper.paper_type in slot.accepts and slot.is_about(paper.title)
    return paper.paper_type in slot.accepts or bool(paper.likely & slot.accepts)


def _filled(
    slot: Wanted, papers: Sequence[Given], linked: tuple[str, ...], held: Sequence[Held], unanswered: frozenset[str]
) -> Filled:
    ids = tuple(paper.id for paper in papers)
    offers = tuple(
        result.id for result in held if result.linked is None and result.reusable and result.paper_type in slot.accepts
    )
    broken = any(result.id in linked and not result.reusable for result in held)
    if linked and not broken:
        return Filled(slot, SlotState.REUSED, ids, linked)
    sure = any(paper.slot == slot.id or _fits(paper, slot, certain=True) for paper in papers)
    if sure:
        state = SlotState.SCANNED_AGAIN if unanswered.intersection(ids) else SlotState.PRESENT
        return Filled(slot, state, ids, linked, offers)
    if papers or broken:
        return Filled(slot, SlotState.DOUBTFUL, ids, linked, offers)
    if offers:
        return Filled(slot, SlotState.IN_WAREHOUSE, offers=offers)
    if slot.shown_only:
        return Filled(slot, SlotState.TO_SHOW)
    if slot.required and not slot.condition:
        return Filled(slot, SlotState.MISSING)
    return Filled(slot, SlotState.NOT_NEEDED)
