"""The contents of a warehouse in words: what each paper is, whether it holds, its versions and uses."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from digitize_api.warehouse.service import Opened
from digitize_api.web.event_words import Told, changed, told, who, worth_telling
from digitize_api.web.papers import FieldShown, masked, paper_shown
from digitize_api.web.words import Words
from models import corrections, warehouse
from models.catalog import Catalog
from models.holders import Kept, Part
from models.paper_facts import validity_of, value_of

LOOKS = 50
HISTORY = 100


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A version that was replaced: when, by whom, which fields, why."""

    said: str
    changed: str
    reason: str


@dataclass(frozen=True, slots=True)
class UseShown:
    dossier: str
    said: str


@dataclass(frozen=True, slots=True)
class KeptShown:
    """``badge``: whether it may be used again, in words; ``reasons``: why not."""

    id: str
    kind: str
    number: str
    about: tuple[str, ...]
    valid: bool
    badge: str
    reasons: tuple[str, ...]
    code: str
    has_pdf: bool
    fields: tuple[FieldShown, ...]
    versions: tuple[VersionShown, ...]
    uses: tuple[UseShown, ...]


@dataclass(frozen=True, slots=True)
class PartShown:
    """``letter`` of Điều 24, ``papers`` that stand there."""

    letter: str
    papers: tuple[KeptShown, ...]


def parts(opened: Opened, catalog: Catalog, words: Words) -> dict[str, PartShown]:
    """The papers by the letter of their part; every part is there, empty or not."""
    return {
        part.value: PartShown(
            part.value,
            tuple(_kept(one, opened.names, catalog, words) for one in opened.contents.kept if one.part is part),
        )
        for part in Part
    }


def history(opened: Opened, words: Words) -> list[Told]:
    """What happened, newest first, with the opening of each dossier."""
    lines = [told(event, words, opened.names) for event in opened.contents.history if worth_telling(event)]
    for one in opened.contents.dossiers:
        by = who(one.dossier.created_by, words, opened.names) if one.dossier.created_by else ""
        lines.append(Told(one.dossier.created_at, by, words("ev_opened", code=one.dossier.code)))
    return sorted(lines, key=lambda line: line.at, reverse=True)[:HISTORY]


def looks(opened: Opened, words: Words) -> list[Told]:
    """Who looked, newest first."""
    return [told(event, words, opened.names) for event in opened.contents.looks[:LOOKS]]


def _kept(kept: Kept, names: dict[str, str], catalog: Catalog, words: Words) -> KeptShown:
    result, component = kept.result, kept.result.component
    against = warehouse.reasons_against(component, result, catalog)
    until = validity_of(component, catalog).until
    paper = paper_shown(component, catalog, words)
    if against:
        badge = words("wh_not")
    else:
        badge = words("wh_valid_until", day=f"{until:%d/%m/%Y}") if until else words("wh_valid")
    about = [
        words("wh_issued", day=f"{result.issued_on:%d/%m/%Y}") if result.issued_on else "",
        value_of(component, "issuer") or "",
        words("wh_stored", when=words.when(result.stored_at)),
        words("wh_returned", when=words.when(result.returned_at)) if result.returned_at else words("wh_not_returned"),
        words("wh_version", number=component.version) if component.version > 1 else "",
    ]
    return KeptShown(
        id=result.id,
        kind=paper.kind,
        number=value_of(component, "number") or "",
        about=tuple(one for one in about if one),
        valid=not against,
        badge=badge,
        reasons=tuple(reason.vi if words.language == "vi" else reason.en for reason in against),
        code=component.code or "",
        has_pdf=component.pdf_key is not None,
        fields=tuple(masked(field) for field in paper.fields),
        versions=tuple(_versions(kept, names, words)),
        uses=tuple(
            UseShown(
                link.dossier.code,
                words("wh_used", when=words.when(link.at), who=who(link.actor, words, names), number=link.version),
            )
            for link in reversed(kept.uses)
        ),
    )


def _versions(kept: Kept, names: dict[str, str], words: Words) -> list[VersionShown]:
    """Newest first; which fields each correction changed, not what they said."""
    contents = [*(version.content for version in kept.versions), corrections.content(kept.result.component)]
    shown = [
        VersionShown(
            words(
                "wh_replaced",
                number=version.version,
                when=words.when(version.replaced_at),
                who=who(version.replaced_by, words, names),
            ),
            ", ".join(changed(before, after, words)),
            version.reason,
        )
        for version, (before, after) in zip(kept.versions, pairwise(contents), strict=True)
    ]
    return shown[::-1]
