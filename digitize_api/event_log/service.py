"""Reading the log; that somebody reads it is on record too."""

from __future__ import annotations

from dataclasses import dataclass

from digitize_api.audit import record_look
from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from models import accounts, administration, event_log
from models.entities import Agency
from models.event_log import Asked, Entry


@dataclass(frozen=True, slots=True)
class Page:
    """``names``: full names by actor. ``actors``: who can be asked for, (actor, name)."""

    entries: list[Entry]
    more: bool
    names: dict[str, str]
    actors: list[tuple[str, str]]
    agencies: dict[str, Agency]


def read(context: Context, principal: Principal, asked: Asked) -> Page:
    """Within the reader's agencies. ``NotFound`` for a dossier out of reach."""
    record_look(context, principal, "log")
    with context.reading() as session:
        entries, more = event_log.read(session, asked, principal.agency_ids)
        people = administration.list_accounts(session, principal.agency_ids)
        stations = administration.list_stations(session, principal.agency_ids)
        agencies = administration.list_agencies(session, principal.agency_ids)
        names = accounts.names_of(session, (entry.event.actor for entry in entries))
    actors = [(f"account:{one.name}", one.full_name or one.name) for one in people]
    actors += [(f"station:{one.name}", one.name) for one in stations]
    return Page(entries, more, names, actors, {agency.id: agency for agency in agencies})
