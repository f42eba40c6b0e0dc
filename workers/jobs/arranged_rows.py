"""The rows of a scan that a person arranged: until the one transaction here all of them are as they were, and then as they are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models import arrangements, corrections, events, lifecycle
from models.entities import Component, Dossier, Page, Scan
from models.errors import PaperFixed
from models.page_order import Run, successors
from storage.keys import is_version, scan_prefix
from workers.classify.understand import Paper
from workers.jobs.assemble_scan import VERSION, Made, component_link, fill_component
from workers.jobs.inventory_keys import Codes, keep_keys
from workers.jobs.read_page import fill_page
from workers.page import PageOutcome
from workers.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page and what is wanted of it. ``number``: its place from now on; ``rotation``: clockwise degrees, of one that is to be read again."""

    page: Page
    number: int
    left_out: bool
    rotation: int | None

    @property
    def source(self) -> int:
        return self.page.source_number


@dataclass(frozen=True, slots=True)
class Asked:
    """``leaves``: in their new order. ``papers``: that there are, as pages of the file; ``begins``: new numbers."""

    scan: Scan
    dossier: Dossier
    leaves: tuple[Leaf, ...]
    papers: frozenset[Run]
    begins: frozenset[int]
    serial: int

    @property
    def version(self) -> int:
        """Of all that is made for this arrangement."""
        return VERSION + self.serial

    def in_file(self, paper: Paper) -> Run:
        """Its pages as the file numbers them."""
        return tuple(self.leaves[number - 1].source for number in paper.pages)


@dataclass(frozen=True, slots=True)
class Work:
    """What came of it. ``papers``: in order, those that keep their pages without a new PDF; ``read``: pages read again, and ``keys``: where their
    words and pictures lie, by their numbers in the file. ``codes``: on the pages that stay, by their new numbers.
    """

    papers: Sequence[Made | Paper]
    read: Mapping[int, PageOutcome]
    keys: Mapping[int, Mapping[str, str | None]]
    codes: Codes


def in_file(component: Component, pages: Iterable[Page]) -> Run:
    """The component's pages as the file numbers them; ``pages`` by number."""
    return tuple(page.source_number for page in pages if component.first_page <= page.number <= component.last_page)


def save(runtime: Runtime, session: Session, asked: Asked, work: Work) -> None:
    """Nothing, when it is done already; that it failed, when somebody confirmed a paper that would change since it was asked."""
    events.hold_order(session, asked.scan.id)
    scan = session.get(Scan, asked.scan.id, populate_existing=True)
    if scan is None or not arrangements.is_pending(scan) or (scan.arrangement or {})["serial"] != asked.serial:
        return
    pages = arrangements.pages_now(session, scan.id)
    there = {in_file(component, pages): component for component in arrangements.papers_now(session, scan.id)}
    kept = {asked.in_file(one): one for one in work.papers if isinstance(one, Paper)}
    changing = [component for own, component in there.items() if own not in kept]
    shifting = [one for own, one in there.items() if own in kept and kept[own].pages[0] != one.first_page]
    if not arrangements.may_change([*changing, *shifting]):
        failed(runtime, session, scan, {"code": PaperFixed.code})
        return
    before = [component_link(component) for component in there.values()]
    for place, component in enumerate(there.values(), 1):
        component.position = -place  # two papers never have one place, not even for a moment
    moved, told = _put_in_order(session, asked.leaves, pages)
    for page in pages:
        if page.source_number in work.read:
            fill_page(page, work.read[page.source_number], work.keys[page.source_number])
    for component in shifting:
        _renumber(component, moved)
    _place(session, scan, asked, work.papers, there=there, changing=changing, moved=moved)
    goes = [component for component in changing if component.position < 0]
    removed = [arrangements.remove(session, component, runtime.index) for component in goes]
    stays = {component.id for component in there.values()} - {component.id for component in (*changing, *shifting)}
    now = arrangements.papers_now(session, scan.id)
    for component in now:
        if component.id not in stays:
            runtime.index.index_component(session, component.id)
    papers = [one if isinstance(one, Paper) else one.paper for one in work.papers]
    keep_keys(session, scan, zip(now, papers, strict=True), work.codes)
    after = [component_link(component) for component in now]
    _ended(session, scan, "arranged", {"before": before, "after": after, "removed": removed, **told}, done=asked.serial)


def failed(runtime: Runtime, session: Session, scan: Scan, data: dict[str, Any]) -> None:
    """All stays as it was, and what was made for it goes; no row tells of it."""
    version = VERSION + int((scan.arrangement or {})["serial"])
    for item in list(runtime.store.list(scan_prefix(scan.id))):
        if is_version(item.key, version):
            runtime.store.delete(item.key)
    _ended(session, scan, "arrangement_failed", data, done=None)


def _put_in_order(
    session: Session, leaves: Sequence[Leaf], pages: Sequence[Page]
) -> tuple[dict[int, int], dict[str, Any]]:
    """The pages where they are wanted; their new numbers by their old ones, and what is to be told of it: order and left-out pages before
    and after, as the file numbers them.
    """
    wanted = {leaf.source: leaf for leaf in leaves}
    moved = {page.number: wanted[page.source_number].number for page in pages}
    told: dict[str, Any] = {}
    order = [page.source_number for page in pages]
    if order != list(wanted):
        told["order"] = {"before": order, "after": list(wanted)}
        for page in pages:
            page.number = -moved[page.number]  # as of papers
        session.flush()
        for page in pages:
            page.number = -page.number
    before = sorted(page.source_number for page in pages if page.left_out)
    after = sorted(leaf.source for leaf in leaves if leaf.left_out)
    if before != after:
        told["left_out"] = {"before": before, "after": after}
        for page in pages:
            page.left_out = wanted[page.source_number].left_out
    session.flush()
    return moved, told


def _place(
    session: Session,
    scan: Scan,
    asked: Asked,
    papers: Sequence[Made | Paper],
    *,
    there: Mapping[Run, Component],
    changing: Sequence[Component],
    moved: Mapping[int, int],
) -> None:
    """Every paper gets its row: its own, that of the changed paper which it goes on as, or a new one. Rows left over keep no place."""
    olds = [own for own, component in there.items() if component in changing]
    goes_on = successors([asked.in_file(one.paper) for one in papers if isinstance(one, Made)], olds)
    new = 0
    for position, one in enumerate(papers, 1):
        if isinstance(one, Paper):
            there[asked.in_file(one)].position = position
            continue
        if new in goes_on:
            component = changing[goes_on[new]]
            _refill(session, component, one, moved, str((scan.arrangement or {})["actor"]))
            component.position = position
        else:
            component = Component(
                scan_id=scan.id, dossier_id=scan.dossier_id, agency_id=scan.agency_id, position=position
            )
            session.add(component)
            fill_component(component, one)
        new += 1
    session.flush()


def _refill(session: Session, component: Component, made: Made, moved: Mapping[int, int], actor: str) -> None:
    """As it is read now; what a person typed stays, and what stood before is a version of it."""
    before = corrections.content(component)
    typed = {name: value for name, value in component.fields.items() if (value or {}).get("source") == "manual"}
    fill_component(component, made)
    component.fields = {**component.fields, **{name: _on_page(value, moved) for name, value in typed.items()}}
    lifecycle.recapture(session, component, actor=actor)
    corrections.new_version(session, component, before, actor=actor, reason="arranged")


def _renumber(component: Component, moved: Mapping[int, int]) -> None:
    """The same pages with all that was corrected of them, under the numbers that they have now."""
    component.first_page, component.last_page = moved[component.first_page], moved[component.last_page]
    component.fields = {name: value and _on_page(value, moved) for name, value in component.fields.items()}
    component.flags = [_on_page(flag, moved) for flag in component.flags]


def _on_page(said: dict[str, Any], moved: Mapping[int, int]) -> dict[str, Any]:
    page = said.get("page")
    return said if page is None else {**said, "page": moved.get(page, page)}


def _ended(session: Session, scan: Scan, kind: str, data: dict[str, Any], *, done: int | None) -> None:
    """``done``: the serial of the arrangement that stands now; ``None``: the one before does, and nothing of this one is kept."""
    asked = dict(scan.arrangement or {})
    if done is None:
        asked = {name: value for name, value in asked.items() if name in {"serial", "done", "actor"}}
    else:
        asked["done"] = done
    scan.arrangement = {**asked, "pending": False}
    events.record(session, kind=kind, actor=str(asked.get("actor", "system")), scan=scan, data=data)
