"""A component as its reviewer sees it: every field with its doubt, its place and what it may be instead; the queue's lines; what was corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from digitize_api.review.offers import Piece, box_of, doubtful_words, offers, pieces
from digitize_api.review.service import Holding, Reviewed, Seen
from digitize_api.web.papers import written
from digitize_api.web.words import Words
from models.catalog import Catalog
from models.entities import Component, Page
from models.fields import FIELD_NAMES
from models.page_record import Box, PageWords
from models.paper_facts import ABSENT, doubtful_fields, missing_fields, paper_of
from models.review_queue import Waiting
from models.rules.scope import needs_comparison

LOW = 0.5
"""A page whose 5th percentile of confidence lies below is told as hard to read."""
_LONG = 44  # characters that fit into one line beside the image
_COLUMN = 40  # of a box of several lines


@dataclass(frozen=True, slots=True)
class OfferShown:
    value: str
    ground: str


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """A field to be filled in. ``value`` as people write it; ``page`` counts from 1 within the component, ``box`` in page space.

    ``act``: somebody has to look. ``wrong``: why what was typed can't be taken. ``rows``: lines it needs, 1: one.
    """

    name: str
    label: str
    value: str
    hint: str
    why: str
    unsure: str
    act: bool
    required: bool
    confirmed: bool
    absent: bool
    wrong: str
    page: int | None
    box: Box | None
    pieces: tuple[Piece, ...]
    offers: tuple[OfferShown, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Typed:
    """What came back from the form and could not be saved: it is shown again. ``wrong``: by field, why."""

    kind: str
    values: Mapping[str, str]
    absent: frozenset[str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PaperEdit:
    """``others``: fields that the type does not ask for and of which nothing is known. ``compare``: the original has to be shown."""

    fields: tuple[FieldEdit, ...]
    others: tuple[FieldEdit, ...]
    compare: bool
    known: bool

    @property
    def begin(self) -> str:
        """Where the reviewer begins: ``kind``, ``compared``, the name of the first field to look at, or ``accept``."""
        if not self.known:
            return "kind"
        first = "compared" if self.compare else next((field.name for field in self.fields if field.act), None)
        return first or "accept"


def paper_edit(
    component: Component,
    catalog: Catalog,
    words: Words,
    read: Mapping[int, PageWords],
    history: Sequence[Reviewed],
    *,
    typed: Typed | None,
) -> PaperEdit:
    """``read``: by the scan's page number. ``history``: the component's corrections, the last first."""
    paper = paper_of(component, catalog)
    asked = [spec.name for spec in paper.fields] if paper else list(FIELD_NAMES)
    known = [name for name, field in component.fields.items() if field]
    shown = dict.fromkeys([*asked, *known])
    others = [name for name in FIELD_NAMES if name not in shown]
    sight = _Sight(component, words, read, history, typed, missing_fields(component, paper), doubtful_fields(component))
    return PaperEdit(
        fields=tuple(sight.field(name) for name in shown),
        others=tuple(sight.field(name) for name in others),
        compare=needs_comparison(frozenset(component.attributes)) and not component.scope.get("compared_by"),
        known=component.paper_type is not None,
    )


@dataclass(frozen=True, slots=True)
class _Sight:
    component: Component
    words: Words
    read: Mapping[int, PageWords]
    history: Sequence[Reviewed]
    typed: Typed | None
    missing: tuple[str, ...]
    doubtful: tuple[str, ...]

    def field(self, name: str) -> FieldEdit:
        field: Mapping[str, Any] = self.component.fields.get(name) or {}
        page, box = self._place(field)
        seen = self.read.get(int(field["page"]), PageWords()) if page is not None else PageWords()
        unsure = doubtful_words(seen.words, box) if box and field.get("source") not in {"manual", "qr", "mrz"} else []
        value = written(str(field.get("value") or ""))
        confirmed = bool(value) and (field.get("source") == "manual" or bool(field.get("confirmed_by")))
        instead = offers(
            name, field, slots=seen.slots, holder=self.component.dossier.holder, earlier=self._earlier(name)
        )
        wrong = self.typed.wrong.get(name, "") if self.typed else ""
        put = self.typed.values.get(name, value) if self.typed else value
        absent = field.get("reason") == ABSENT if self.typed is None else name in self.typed.absent
        cut = () if confirmed or put != value else pieces(value, unsure)
        return FieldEdit(
            name=name,
            label=self.words.field(name),
            value=put,
            hint=str(field.get("symbol") or field.get("known") or "") if not value else "",
            why=self._why(name, field, value, confirmed=confirmed),
            unsure=", ".join(dict.fromkeys(piece.text for piece in cut if piece.doubtful)),
            act=bool(wrong) or name in self.missing or name in self.doubtful,
            required=name in self.missing,
            confirmed=confirmed,
            absent=absent,
            wrong=wrong,
            page=page,
            box=box,
            pieces=cut if any(piece.doubtful for piece in cut) else (),
            offers=tuple(
                OfferShown(written(one.value), self.words(f"review_ground_{one.ground.value}")) for one in instead
            ),
            rows=1 if len(put) <= _LONG and name != "summary" else min(6, 1 + len(put) // _COLUMN),
        )

    def _place(self, field: Mapping[str, Any]) -> tuple[int | None, Box | None]:
        page, one = field.get("page"), self.component
        if not isinstance(page, int) or not one.first_page <= page <= one.last_page:
            return None, None
        return page - one.first_page + 1, box_of(field)

    def _why(self, name: str, field: Mapping[str, Any], value: str, *, confirmed: bool) -> str:
        if confirmed or field.get("reason") == ABSENT:
            return ""
        if value:
            return self.words.doubt(str(field["doubt"])) if field.get("doubt") else ""
        reason = field.get("reason") or ("NOT_FOUND" if name in self.missing else None)
        return self.words.open_reason(str(reason)) if reason else ""

    def _earlier(self, name: str) -> list[str]:
        found = []
        for one in self.history:
            fields = one.before.get("fields")
            field = fields.get(name) if isinstance(fields, dict) else None
            if isinstance(field, dict) and field.get("value"):
                found.append(str(field["value"]))
        return found


def first_page(component: Component, catalog: Catalog) -> int:
    """The page to show first: of the first field that somebody has to look at and that stands somewhere, else the first."""
    waiting = {*missing_fields(component, paper_of(component, catalog)), *doubtful_fields(component)}
    pages = [
        page
        for name, field in component.fields.items()
        if name in waiting and field and isinstance(page := field.get("page"), int)
    ]
    within = [page for page in pages if component.first_page <= page <= component.last_page]
    return min(within, default=component.first_page) - component.first_page + 1


@dataclass(frozen=True, slots=True)
class PageShown:
    """A page with what is drawn on it: ``unsure`` words, ``fields`` by name, in page space."""

    number: int
    width: int
    height: int
    has_image: bool
    unsure: tuple[Box, ...]
    fields: tuple[tuple[str, Box], ...]
    warnings: tuple[str, ...]


def page_shown(component: Component, page: Page, read: PageWords, words: Words) -> PageShown:
    number = page.number - component.first_page + 1
    placed = [
        (name, box)
        for name, field in component.fields.items()
        if field and field.get("page") == page.number and (box := box_of(field)) is not None
    ]
    said = [words.warning(code, page.warning_regions) for code in page.warnings if words.wants_action(code)]
    return PageShown(
        number=number,
        width=page.width or 1,
        height=page.height or 1,
        has_image=page.image_key is not None,
        unsure=tuple(word.box for word in doubtful_words(read.words)),
        fields=tuple(placed),
        warnings=tuple([words.page_state("failed")] if page.failure_code else said),
    )


@dataclass(frozen=True, slots=True)
class LineShown:
    """A component in the queue. ``grounds``: why it is where it is."""

    id: str
    kind: str
    about: str
    dossier: str
    grounds: tuple[str, ...]
    doubt: bool
    held: str
    mine: bool


def lines_shown(seen: Seen, catalog: Catalog, words: Words) -> list[LineShown]:
    """What is ``seen.listed``."""
    weights = {one.id: one for one in seen.queue.waiting}
    return [
        _line(one, weights[one.id], seen.held.get(one.id), catalog, words) for one in seen.listed if one.id in weights
    ]


def _line(component: Component, one: Waiting, holding: Holding | None, catalog: Catalog, words: Words) -> LineShown:
    grounds = [
        *([words("review_type")] if not one.certain else []),
        *([words("review_open", count=one.open)] if one.open else []),
        *([words("review_doubts", count=one.doubts)] if one.doubts else []),
        *([words("review_low")] if one.low < LOW else []),
    ]
    number = (component.fields.get("number") or {}).get("value")
    return LineShown(
        id=component.id,
        kind=words.paper_type(component.paper_type, catalog),
        about=str(number or ""),
        dossier=component.dossier.code,
        grounds=tuple(grounds) or (words("review_fine"),),
        doubt=bool(grounds),
        held="" if holding is None else words("review_mine" if holding.mine else "review_held", name=holding.name),
        mine=holding is not None and holding.mine,
    )


@dataclass(frozen=True, slots=True)
class ChangeShown:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CorrectionShown:
    name: str
    at: datetime
    changes: tuple[ChangeShown, ...]


def corrections_shown(history: Sequence[Reviewed], catalog: Catalog, words: Words) -> list[CorrectionShown]:
    """Each correction with what it changed, as people write it; the last first."""
    return [CorrectionShown(one.name, one.at, tuple(_changes(one, catalog, words))) for one in history]


def _changes(one: Reviewed, catalog: Catalog, words: Words) -> list[ChangeShown]:
    def kind(value: object) -> str:
        return words.paper_type(str(value) if value else None, catalog)

    changes = []
    for name, after in one.after.items():
        before = one.before.get(name)
        if name == "fields" and isinstance(before, dict) and isinstance(after, dict):
            changes += [
                ChangeShown(words.field(field), _told(before.get(field), words), _told(after.get(field), words))
                for field in dict.fromkeys([*before, *after])
                if before.get(field) != after.get(field)
            ]
        elif name == "paper_type":
            changes.append(ChangeShown(words("review_kind"), kind(before), kind(after)))
        elif name == "scope" and isinstance(after, dict) and after.get("compared_by"):
            changes.append(ChangeShown(words("review_compared"), words("review_nothing"), "✓"))
        elif name == "title":
            label = words.field("title")
            if not any(change.label == label for change in changes) and "fields" not in one.after:
                changes.append(ChangeShown(label, str(before or "") or words("review_nothing"), str(after or "")))
    return changes


def _told(field: object, words: Words) -> str:
    if not isinstance(field, dict) or not field.get("value"):
        absent = isinstance(field, dict) and field.get("reason") == ABSENT
        return words("review_not_on_paper" if absent else "review_nothing")
    value = written(str(field["value"]))
    return words("review_confirmed_as", value=value) if field.get("confirmed_by") else value
