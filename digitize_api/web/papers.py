"""A component, and a dossier's components against its procedure, as the pages show them: words instead of codes, doubt where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from digitize_api.dossiers.schemas import mask
from digitize_api.dossiers.service import asked_for
from digitize_api.web.paper_words import KEY_FIELDS
from digitize_api.web.words import Words
from models.catalog import Catalog, PaperType
from models.dossier_papers import DossierPapers, is_certain
from models.entities import Component, Result
from models.fields import FIELD_NAMES
from models.paper_facts import ABSENT, missing_fields, paper_of, value_of
from models.rules.completeness import Filled, SlotState
from models.vietnamese import fold


@dataclass(frozen=True, slots=True)
class FieldShown:
    """``value``: as people write it, empty where there is none. ``why``: what a person should look at, or why nothing stands here.

    ``act``: somebody has to look. ``confirmed``: a person typed or confirmed it.
    """

    name: str
    label: str
    value: str
    why: str = ""
    act: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class PaperShown:
    """``certain``: the type needs no person's look. ``others``: what else it may be. ``about``: its own title, where that says more."""

    id: str
    kind: str
    known: bool
    certain: bool
    others: tuple[str, ...]
    about: str
    fields: tuple[FieldShown, ...]
    attributes: tuple[str, ...]
    flags: tuple[str, ...]
    state: str
    signature: str
    code: str | None

    @property
    def key_fields(self) -> tuple[FieldShown, ...]:
        """Where there is no room for all: what it is told by, and what somebody has to look at. Id numbers are masked."""
        by_name = {field.name: field for field in self.fields}
        order = [*KEY_FIELDS, *(name for name in by_name if name not in KEY_FIELDS)]
        return tuple(
            masked(field)
            for name in order
            if (field := by_name.get(name)) is not None and (field.act or (name in KEY_FIELDS and field.value))
        )


def paper_shown(component: Component, catalog: Catalog, words: Words) -> PaperShown:
    """The component in ``words``; its type's name is the catalog's."""
    paper = paper_of(component, catalog)
    kind = words.paper_type(component.paper_type, catalog)
    others = [str(other.get("id")) for other in component.paper_type_alternatives if isinstance(other, dict)]
    codes = dict.fromkeys(str(flag.get("code")) for flag in component.flags if isinstance(flag, dict))
    title = value_of(component, "title") or component.title
    return PaperShown(
        id=component.id,
        kind=kind,
        known=component.paper_type is not None,
        certain=is_certain(component),
        others=tuple(words.paper_type(other, catalog) for other in others if other != component.paper_type),
        about="" if fold(title) == fold(paper.name if paper else "") else title,
        fields=tuple(_fields(component, paper, words)),
        attributes=tuple(words.attribute(code) for code in component.attributes),
        flags=tuple(said for code in codes if (said := words.flag(code))),
        state=words.component_state(component.state),
        signature=words.signature(component.signature),
        code=component.code,
    )


def _fields(component: Component, paper: PaperType | None, words: Words) -> list[FieldShown]:
    """Those of the type in the catalog's order, then the rest; one that nothing is known of is shown only when it is asked for."""
    missing = set(missing_fields(component, paper))
    names = dict.fromkeys([*([spec.name for spec in paper.fields] if paper else FIELD_NAMES), *component.fields])
    shown = []
    for name in names:
        field: Mapping[str, Any] = component.fields.get(name) or {}
        if name == "title" or not (field.get("value") or field.get("reason") == ABSENT or name in missing):
            continue
        shown.append(_field(name, field, words, required=name in missing))
    return shown


def _field(name: str, field: Mapping[str, Any], words: Words, *, required: bool) -> FieldShown:
    value, label = str(field.get("value") or ""), words.field(name)
    confirmed = bool(value) and (field.get("source") == "manual" or bool(field.get("confirmed_by")))
    if not value:
        reason = str(field.get("reason") or "NOT_FOUND")
        # What is known of an open field: the kind and agency of a number, the year of a date.
        known = str(field.get("symbol") or field.get("known") or "")
        return FieldShown(name, label, f"…{known}" if known else "", words.open_reason(reason), act=required)
    doubt = "" if confirmed else str(field.get("doubt") or "")
    return FieldShown(name, label, written(value), words.doubt(doubt), act=bool(doubt), confirmed=confirmed)


def written(value: str) -> str:
    """An ISO day as Vietnam writes it; anything else as it is."""
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}" if len(value) == len("2026-11-22") else value
    except ValueError:
        return value


def masked(field: FieldShown) -> FieldShown:
    if not field.name.endswith("_id"):
        return field
    return FieldShown(field.name, field.label, mask(field.value), field.why, field.act, field.confirmed)


@dataclass(frozen=True, slots=True)
class OfferShown:
    """A result that fills the slot, or would."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class SlotShown:
    """A component that the procedure asks for. ``condition``: when. ``papers``: (component id, what it is) of those handed in."""

    id: str
    name: str
    condition: str
    state: str
    said: str
    is_open: bool
    papers: tuple[tuple[str, str], ...]
    reused: tuple[OfferShown, ...]
    offers: tuple[OfferShown, ...]


@dataclass(frozen=True, slots=True)
class AgainShown:
    """A paper (component id, what it is) that was scanned though the warehouse held ``held``. ``reason`` and ``by``, once somebody said why.

    ``used``: the dossier uses one of them.
    """

    id: str
    kind: str
    slot: str
    held: tuple[OfferShown, ...]
    used: bool
    reason: str
    by: str
    at: datetime | None


def again_shown(papers: DossierPapers, catalog: Catalog, words: Words) -> tuple[AgainShown, ...]:
    """All such papers of the dossier, whether or not a procedure asks for them."""
    shown = []
    for again in papers.found.again:
        said = papers.reasons.get(again.paper)
        component = papers.components[again.paper]
        shown.append(
            AgainShown(
                id=again.paper,
                kind=words.paper_type(component.paper_type, catalog),
                slot=again.slot or "",
                held=tuple(OfferShown(one, _told(papers.results[one], catalog, words)) for one in again.results),
                used=again.linked,
                reason=str(said.data["reason"]) if said else "",
                by=said.actor.partition(":")[2] if said else "",
                at=said.at if said else None,
            )
        )
    return tuple(shown)


@dataclass(frozen=True, slots=True)
class NeededShown:
    """The dossier against its procedure. ``caution``: how sure the list is, empty where the rule's own text says it. ``slip``: there is one."""

    name: str
    source: str
    caution: str
    complete: bool
    slip: bool
    slots: tuple[SlotShown, ...]


_LAST = frozenset({SlotState.TO_SHOW, SlotState.NOT_NEEDED})


def needed_shown(papers: DossierPapers, catalog: Catalog, words: Words) -> NeededShown | None:
    """``None`` when the dossier names no procedure that the catalog knows. What nobody has to hand in comes last."""
    procedure = papers.procedure
    if procedure is None:
        return None
    slots = sorted(papers.found.slots, key=lambda slot: slot.state in _LAST)
    return NeededShown(
        name=procedure.name,
        source=procedure.source,
        caution=words.certainty(procedure.certainty.value),
        complete=papers.found.complete,
        slip=bool(asked_for(papers)),
        slots=tuple(_slot(slot, papers, catalog, words) for slot in slots),
    )


def _slot(slot: Filled, papers: DossierPapers, catalog: Catalog, words: Words) -> SlotShown:
    def result(identifier: str) -> OfferShown:
        return OfferShown(identifier, _told(papers.results[identifier], catalog, words))

    given = [papers.components[one] for one in slot.papers]
    return SlotShown(
        id=slot.wanted.id,
        name=slot.wanted.name,
        condition=slot.wanted.condition,
        state=slot.state.value,
        said=words.slot_state(slot.state.value),
        is_open=slot.is_open,
        papers=tuple((one.id, words.paper_type(one.paper_type, catalog)) for one in given),
        reused=tuple(result(one) for one in slot.linked),
        # What was held of a paper that was scanned all the same is shown with that paper.
        offers=tuple(result(one) for one in slot.offers if slot.state is not SlotState.SCANNED_AGAIN),
    )


def _told(result: Result, catalog: Catalog, words: Words) -> str:
    """``Giấy chứng nhận kết hôn số 14/2021, 29/11/2021``."""
    number = value_of(result.component, "number")
    told = words.paper_type(result.paper_type, catalog) + (f" {number}" if number else "")
    return f"{told}, {result.issued_on:%d/%m/%Y}" if result.issued_on else told
