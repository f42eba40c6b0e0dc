"""A dossier against its procedure: what is there, what is doubtful, what the warehouse already holds, what is missing (R4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.catalog import Slot
from models.vietnamese import fold


class SlotState(StrEnum):
    """How a component of the procedure stands; the order is from best to worst."""

    PRESENT = "present"
    REUSED = "reused"  # linked from the warehouse
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
    """A paper handed in. ``likely``: other types it may be, when its type is not certain. ``slot``: where a person put it."""

    id: str
    paper_type: str | None
    certain: bool = True
    likely: frozenset[str] = frozenset()
    slot: str | None = None
    excluded: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A result of the holder in the warehouse. ``linked``: the slot of this dossier that it is linked to (``""``: to none of them)."""

    id: str
    paper_type: str
    reusable: bool
    linked: str | None = None


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
        waits = self.state in {SlotState.MISSING, SlotState.DOUBTFUL}
        return waits or (self.state is SlotState.IN_WAREHOUSE and self.wanted.required and not self.wanted.condition)


@dataclass(frozen=True, slots=True)
class Completeness:
    """``extra``: papers that fill no slot. ``complete``: nothing is open."""

    slots: tuple[Filled, ...]
    extra: tuple[str, ...]

    @property
    def missing(self) -> tuple[Wanted, ...]:
        """What the slip asks for (Phiếu yêu cầu bổ sung)."""
        return tuple(slot.wanted for slot in self.slots if slot.state is SlotState.MISSING)

    @property
    def complete(self) -> bool:
        return not any(slot.is_open for slot in self.slots)


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
    return Completeness(
        tuple(_filled(slot, placed[slot.id], linked[slot.id], held) for slot in wanted),
        tuple(paper.id for paper in free),
    )


def _fits(paper: Given, slot: Wanted, *, certain: bool) -> bool:
    if certain:
        return paper.certain and paper.paper_type in slot.accepts and slot.is_about(paper.title)
    return paper.paper_type in slot.accepts or bool(paper.likely & slot.accepts)


def _filled(slot: Wanted, papers: Sequence[Given], linked: tuple[str, ...], held: Sequence[Held]) -> Filled:
    ids = tuple(paper.id for paper in papers)
    offers = tuple(
        result.id for result in held if result.linked is None and result.reusable and result.paper_type in slot.accepts
    )
    broken = any(result.id in linked and not result.reusable for result in held)
    if linked and not broken:
        return Filled(slot, SlotState.REUSED, ids, linked)
    sure = any(paper.slot == slot.id or _fits(paper, slot, certain=True) for paper in papers)
    if sure:
        return Filled(slot, SlotState.PRESENT, ids, linked, offers)
    if papers or broken:
        return Filled(slot, SlotState.DOUBTFUL, ids, linked, offers)
    if offers:
        return Filled(slot, SlotState.IN_WAREHOUSE, offers=offers)
    if slot.shown_only:
        return Filled(slot, SlotState.TO_SHOW)
    if slot.required and not slot.condition:
        return Filled(slot, SlotState.MISSING)
    return Filled(slot, SlotState.NOT_NEEDED)
