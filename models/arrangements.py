"""How a person arranges a scan that is read: at which pages its papers begin, and which way up pages are.

The file that came stays as it is. What is asked for is kept with the scan and done by a worker, which reads turned pages again, makes the
PDFs of the papers whose pages are others now, and leaves all other papers alone. A paper that somebody has confirmed keeps its pages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import corrections, events, review_leases
from models.entities import Component, ComponentState, ComponentVersion, Page, ReviewLease, Scan, ScanState
from models.errors import Conflict, InvalidRequest, PaperFixed
from models.search import SearchIndex

FIXED: Final = frozenset({ComponentState.VERIFIED, ComponentState.CODED, ComponentState.STORED})
"""States in which a paper's pages no longer change: a person has confirmed what they say."""
TURNS: Final = frozenset({90, 180, 270})
_DIGITAL: Final = "text"


@dataclass(frozen=True, slots=True)
class Wanted:
    """``begins``: numbers of the pages at which papers begin, ``None``: where they begin now; the scan's first page always does. ``turned``: clockwise degrees by page number, from
    how the page is shown now.
    """

    begins: frozenset[int] | None
    turned: Mapping[int, int] = field(default_factory=dict)


def is_pending(scan: Scan) -> bool:
    """Whether a worker is still to do what was asked."""
    return bool(scan.arrangement and scan.arrangement.get("pending"))


def ask(session: Session, scan: Scan, wanted: Wanted, *, actor: str) -> int | None:
    """Keep what is wanted of the scan (loaded with pages and components); its serial, ``None`` when it is so already.

    Raises ``Conflict`` for a scan that is not read, or still being arranged; ``InvalidRequest`` for pages it does not have, turns that are
    none, and born-digital pages, which are upright; ``PaperFixed`` with each confirmed paper that would change; ``HeldByAnother``.
    """
    events.hold_order(session, scan.id)
    session.refresh(scan, ["state", "arrangement"])
    if scan.state != ScanState.DONE:
        raise Conflict("only a scan that is read can be arranged")
    if is_pending(scan):
        raise Conflict("the scan is being arranged")
    pages = {page.number: page for page in scan.pages}
    _check(wanted, pages)
    now = {component.first_page for component in scan.components}
    begins = (now if wanted.begins is None else wanted.begins) | {min(pages)}
    affected = [component for component in scan.components if _changes(component, begins, wanted.turned, max(pages))]
    if not affected and not wanted.turned:
        return None
    if fixed := [component for component in affected if component.state in FIXED]:
        raise PaperFixed([named(component) for component in fixed])
    for component in affected:
        review_leases.demand_free(session, component.id, actor)
    serial = int((scan.arrangement or {}).get("serial", 0)) + 1
    rotation = dict((scan.arrangement or {}).get("rotation", {}))
    rotation |= {str(number): (pages[number].rotation + turn) % 360 for number, turn in wanted.turned.items()}
    scan.arrangement = {
        "serial": serial,
        "begins": sorted(begins),
        "rotation": rotation,
        "actor": actor,
        "pending": True,
    }
    data = {"begins": sorted(begins), "turned": {str(number): turn for number, turn in wanted.turned.items()}}
    events.record(session, kind="arranging", actor=actor, scan=scan, data=data)
    return serial


def _check(wanted: Wanted, pages: Mapping[int, Page]) -> None:
    if unknown := sorted(((wanted.begins or frozenset()) | wanted.turned.keys()) - pages.keys()):
        raise InvalidRequest(f"the scan has no page {unknown[0]}")
    for number, turn in wanted.turned.items():
        if turn not in TURNS:
            raise InvalidRequest("a page turns by 90, 180 or 270 degrees")
        if pages[number].origin == _DIGITAL:
            raise InvalidRequest(f"page {number} is born digital and stands as it is")


def _changes(component: Component, begins: Collection[int], turned: Collection[int], last: int) -> bool:
    own = range(component.first_page, component.last_page + 1)
    begins_there = component.first_page in begins and not any(page in begins for page in own[1:])
    ends_there = component.last_page == last or component.last_page + 1 in begins
    return not (begins_there and ends_there) or any(page in turned for page in own)


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
