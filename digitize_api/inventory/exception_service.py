"""Matching and its exception records within the caller's agencies. Who saw records, with their holders' names, is on record."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from digitize_api.audit import record_look
from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.inventory.service import agency_of
from models.entities import Component, InventoryException, InventoryLine
from models.inventory import exceptions, matching
from models.inventory.exceptions import Asked, Choice
from models.inventory.matching import Matched
from models.rules.matching import Kind


@dataclass(frozen=True, slots=True)
class Found:
    """``lines``, ``papers``: what the records and their candidates are about, by id."""

    records: list[InventoryException]
    counts: dict[Kind, int]
    total: int
    lines: dict[str, InventoryLine]
    papers: dict[str, Component]


def match(context: Context, principal: Principal, *, agency: str = "") -> list[tuple[str, Matched]]:
    """Each agency by itself, with its code: one, or all within reach that listed papers. ``FieldsInvalid`` for one out of reach."""
    with context.reading() as session:
        catalog = context.catalog.get(session)
        ids = [agency_of(session, principal, agency).id] if agency else sorted(principal.agency_ids)
        found = matching.agencies_with_lists(session, ids)
    done: list[tuple[str, Matched]] = []
    for agency_id, code in found:
        with context.reading() as session:
            looked = matching.look(session, agency_id, catalog)
        with context.transaction() as session:
            done.append((code, matching.keep(session, looked, principal.actor)))
    return done


def listed(context: Context, principal: Principal, asked: Asked, *, agency: str = "") -> Found:
    """``FieldsInvalid`` for an agency out of reach."""
    record_look(context, principal, "inventory")
    with context.reading() as session:
        ids = {agency_of(session, principal, agency).id} if agency else principal.agency_ids
        records, counts, total = exceptions.listed(session, asked, ids)
        return _with_names(session, records, counts, total)


def settle(context: Context, principal: Principal, exception_id: str, choice: Choice) -> Found:
    """What ``models.inventory.exceptions.settle`` raises."""
    with context.transaction() as session:
        record = exceptions.settle(session, exception_id, principal.agency_ids, choice, principal.actor)
        return _with_names(session, [record], {}, 1)


def undo(context: Context, principal: Principal, exception_id: str) -> Found:
    """``NotFound``."""
    with context.transaction() as session:
        record = exceptions.undo(session, exception_id, principal.agency_ids, principal.actor)
        return _with_names(session, [record], {}, 1)


def _with_names(session: Session, records: list[InventoryException], counts: dict[Kind, int], total: int) -> Found:
    lines, papers = exceptions.named(session, records)
    lines |= {record.line.id: record.line for record in records if record.line}
    papers |= {record.component.id: record.component for record in records if record.component}
    return Found(records, counts, total, lines, papers)
