"""How a person arranges a scan that is read: the order of its pages, which of them are left out, where papers begin, which way up pages are.

The file that came stays as it is. What is asked for is kept with the scan and done by a worker, which reads turned pages again, makes the
PDFs of the papers whose pages are others now, and leaves all other papers alone. A paper that somebody has confirmed keeps its pages, and
their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import corrections, events, review_leases
from models.entities import Component, ComponentState, ComponentVersion, Page, ReviewLease, Scan, ScanState
from models.errors import Conflict, InvalidRequest, PagesMoved, PaperFixed
from models.page_order import laid_out, papers
from models.search import SearchIndex

FIXED: Final = frozenset({ComponentState.VERIFIED, ComponentState.CODED, ComponentState.STORED})
"""States in which a paper's pages no longer change: a person has confirmed what they say."""
TURNS: Final = frozenset({90, 180, 270})
_DIGITAL: Final = "text"


@dataclass(frozen=True, slots=True)
class Wanted:
    """All numbers are those that the pages have now; ``None`` leaves things as they are.

    ``begins``: pages at which papers begin; the scan's first page always does. ``None``: a paper whose pages are still together begins at the first
    of them, any other at the page where it begins now. ``turned``: clockwise degrees by page, from how it is shown
    now. ``order``: all pages in their new order. ``left_out``: the pages that are to be in no paper, all others being in one. ``as_of``: of which
    arrangement (:func:`done_serial`) the numbers are.
    """

    begins: frozenset[int] | None = None
    turned: Mapping[int, int] = field(default_factory=dict)
    order: tuple[int, ...] | None = None
    left_out: frozenset[int] | None = None
    as_of: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The same for the same wish."""
        return {
            "begins": None if self.begins is None else sorted(self.begins),
            "turned": {str(number): self.turned[number] for number in sorted(self.turned)},
            "order": None if self.order is None else list(self.order),
            "left_out": None if self.left_out is None else sorted(self.left_out),
            "as_of": self.as_of,
        }


def is_pending(scan: Scan) -> bool:
    """Whether a worker is still to do what was asked."""
    return bool(scan.arrangement and scan.arrangement.get("pending"))


def done_serial(scan: Scan) -> int:
    """The arrangement that was done last: as long as it is the same, no page has another number. 0: none since pages can be moved."""
    return int((scan.arrangement or {}).get("done", 0))


def ask(session: Session, scan: Scan, wanted: Wanted, *, actor: str) -> int | None:
    """Keep what is wanted of the scan; its serial, ``None`` when it is so already, or the same was asked of the same pages before.

    Raises ``PagesMoved`` when the pages have other numbers now; ``Conflict`` for a scan that is not read, or still being arranged;
    ``InvalidRequest`` for pages it does not have, an order that is not all of them once, none that stays, turns that are none, and born-digital
    pages, which are upright; ``PaperFixed`` with each confirmed paper that would change; ``HeldByAnother``.
    """
    events.hold_order(session, scan.id)
    session.refresh(scan, ["state", "arrangement"])
    before: dict[str, Any] = dict(scan.arrangement or {})
    if wanted.as_of is not None and before.get("asked") == wanted.as_json():
        return None
    if wanted.as_of is not None and wanted.as_of != done_serial(scan):
        raise PagesMoved
    if scan.state != ScanState.DONE:
        raise Conflict("only a scan that is read can be arranged")
    if is_pending(scan):
        raise Conflict("the scan is being arranged")
    pages = {page.number: page for page in pages_now(session, scan.id)}
    there = papers_now(session, scan.id)
    plan = _plan(wanted, pages, there)
    affected = [component for component in there if plan.changes(component)]
    if fixed := [component for component in affected if component.state in FIXED]:
        raise PaperFixed([named(component) for component in fixed])
    for component in affected:
        review_leases.demand_free(session, component.id, actor)
    moved = plan.order != tuple(pages)
    aside = {number for number, page in pages.items() if page.left_out} != plan.left_out
    if not affected and not moved and not aside and not wanted.turned:
        return None
    serial = int(before.get("serial", 0)) + 1
    scan.arrangement = {
        "serial": serial,
        "done": done_serial(scan),
        "asked": wanted.as_json(),
        # By the numbers in the file: those that pages have now are others when a worker comes to it twice.
        "order": [pages[number].source_number for number in plan.order],
        "begins": sorted(pages[number].source_number for number in plan.starts),
        "left_out": sorted(pages[number].source_number for number in plan.left_out),
        "rotation": {
            str(pages[number].source_number): (pages[number].rotation + turn) % 360
            for number, turn in wanted.turned.items()
        },
        "before": {
            "order": [page.source_number for page in pages.values()],
            "begins": [pages[one.first_page].source_number for one in there],
            "left_out": [page.source_number for page in pages.values() if page.left_out],
            "turned": {str(pages[number].source_number): 360 - turn for number, turn in wanted.turned.items()},
        },
        "actor": actor,
        "pending": True,
    }
    data = {
        "begins": sorted(plan.starts),
        "turned": {str(number): turn for number, turn in wanted.turned.items()},
        **({"order": list(plan.order)} if moved else {}),
        **({"left_out": sorted(plan.left_out)} if aside else {}),
    }
    events.record(session, kind="arranging", actor=actor, scan=scan, data=data)
    return serial


def undoing(scan: Scan) -> Wanted | None:
    """What puts the scan (loaded with its pages) back to how it was before the last arrangement; ``None`` where there is none to undo."""
    before = (scan.arrangement or {}).get("before")
    if before is None or is_pending(scan) or scan.state != ScanState.DONE:
        return None
    number = {page.source_number: page.number for page in scan.pages}
    return Wanted(
        begins=frozenset(number[source] for source in before["begins"]),
        turned={number[int(source)]: turn for source, turn in before["turned"].items()},
        order=tuple(number[source] for source in before["order"]),
        left_out=frozenset(number[source] for source in before["left_out"]),
        as_of=done_serial(scan),
    )


def pages_now(session: Session, scan_id: str) -> Sequence[Page]:
    """The scan's pages by number, as they are in this transaction, whatever was loaded of them before."""
    statement = select(Page).where(Page.scan_id == scan_id).order_by(Page.number)
    return session.scalars(statement, execution_options={"populate_existing": True}).all()


def papers_now(session: Session, scan_id: str) -> Sequence[Component]:
    """The scan's papers by position, as they are in this transaction, and ours until its end: nobody corrects them meanwhile."""
    statement = select(Component).where(Component.scan_id == scan_id).order_by(Component.position).with_for_update()
    return session.scalars(statement, execution_options={"populate_existing": True}).all()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What comes of it, by the numbers that pages have now. ``papers``: as far as can be told before separator sheets are looked for anew."""

    order: tuple[int, ...]
    starts: frozenset[int]
    left_out: frozenset[int]
    turned: frozenset[int]
    papers: frozenset[tuple[int, ...]]

    def changes(self, component: Component) -> bool:
        """Whether the paper gets other pages, another order of them, other numbers, or a turned page."""
        own = tuple(range(component.first_page, component.last_page + 1))
        stays = own in self.papers and self.order[own[0] - 1 : own[-1]] == own
        return not stays or not self.turned.isdisjoint(own)


def _plan(wanted: Wanted, pages: Mapping[int, Page], there: Sequence[Component]) -> _Plan:
    _check(wanted, pages)
    aside = frozenset(number for number, page in pages.items() if page.left_out)
    left_out = aside if wanted.left_out is None else wanted.left_out
    wished = tuple(pages) if wanted.order is None else wanted.order
    stay = [number for number in wished if number not in left_out]
    begins = frozenset(_begin(one, stay) for one in there) if wanted.begins is None else wanted.begins
    # A page that is put back behind a confirmed paper can't join it.
    ends = {one.last_page for one in there if one.state in FIXED}
    begins |= {number for before, number in pairwise(stay) if before in ends and number in aside}
    order, starts = laid_out(wished, begins, left_out)
    in_papers = {number for one in there for number in range(one.first_page, one.last_page + 1)}
    sheets = pages.keys() - in_papers - aside
    made = papers([number for number in order if number not in left_out], starts, sheets)
    return _Plan(order, starts, left_out, frozenset(wanted.turned), frozenset(made))


def _begin(component: Component, stay: Sequence[int]) -> int:
    """Where the paper begins among the pages that ``stay``, when nobody says it."""
    places = [at for at, number in enumerate(stay) if component.first_page <= number <= component.last_page]
    together = bool(places) and places[-1] - places[0] < len(places)
    return stay[places[0]] if together else component.first_page


def _check(wanted: Wanted, pages: Mapping[int, Page]) -> None:
    named_pages = (wanted.begins or frozenset()) | (wanted.left_out or frozenset()) | wanted.turned.keys()
    if unknown := sorted((named_pages | set(wanted.order or ())) - pages.keys()):
        raise InvalidRequest(f"the scan has no page {unknown[0]}")
    if wanted.order is not None and sorted(wanted.order) != list(pages):
        raise InvalidRequest("the order names every page of the scan once")
    if wanted.left_out is not None and wanted.left_out >= pages.keys():
        raise InvalidRequest("a page has to stay; take the scan out of its dossier instead")
    for number, turn in wanted.turned.items():
        if turn not in TURNS:
            raise InvalidRequest("a page turns by 90, 180 or 270 degrees")
        if pages[number].origin == _DIGITAL:
            raise InvalidRequest(f"page {number} is born digital and stands as it is")


def named(component: Component) -> dict[str, str | None]:
    """The reason that ``PaperFixed`` tells of this paper."""
    pages = f"{component.first_page}-{component.last_page}"
    return {
        "code": PaperFixed.code,
        "vi": f"Giấy tờ ở trang {pages} đã xác nhận.",
        "en": f"The paper on pages {pages} is confirmed.",
        "field": None,
    }


def may_change(components: Iterable[Component]) -> bool:
    """Whether none of them has been confirmed meanwhile."""
    return all(component.state not in FIXED for component in components)


def remove(session: Session, component: Component, index: SearchIndex) -> dict[str, Any]:
    """Take away a paper that was none, out of the search too; what it said, for the event that tells of it.

    Only for papers that were never confirmed: they have no code, no result, and nothing refers to them.
    """
    if component.state in FIXED:
        raise Conflict("a confirmed paper stays")
    said = corrections.content(component)
    index.remove(session, component.id)
    session.execute(delete(ReviewLease).where(ReviewLease.component_id == component.id))
    session.execute(delete(ComponentVersion).where(ComponentVersion.component_id == component.id))
    session.delete(component)
    session.flush()
    return said
