"""Packages on behalf of somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.handover import package
from models import scans
from models.entities import Component
from models.errors import NotReady
from models.handover.give import dossiers_of_dossier, give


@dataclass(frozen=True, slots=True)
class Handover:
    """A package that is made while it is sent. ``papers``: whose PDFs are in it."""

    filename: str
    papers: tuple[Component, ...]
    chunks: Iterator[bytes]


def of_dossier(context: Context, principal: Principal, code: str) -> Handover:
    """The dossier, with the results it uses again that the caller reaches. ``NotFound``; ``NotReady`` when no paper has a PDF."""
    with context.reading() as session:
        dossier = scans.load_dossier(session, code, principal.agency_ids)
        chosen = dossiers_of_dossier(session, dossier, principal.agency_ids)
        catalog = context.catalog.get(session)
        given = [give(session, one, only, principal.agency_ids, catalog) for one, only in chosen.items()]
        about = {"Source-Organization": f"{dossier.agency.name} ({dossier.agency.code})", "External-Identifier": code}
    papers = tuple(paper for one in given for paper in one.components)
    if not papers:
        raise NotReady("The dossier has no PDF yet.")
    wanted = package.Chosen(code, chosen, about, principal.agency_ids)
    stored = package.Stored(context.sessions, context.store, context.catalog)
    return Handover(f"{code}-ban-giao.zip", papers, package.stream(stored, wanted))
