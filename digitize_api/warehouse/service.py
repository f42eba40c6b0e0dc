"""Opening somebody's warehouse. Before anything of it is shown, whoever asks says what for; the look keeps that word.

A purpose holds for one session, one person and a limited time (``ApiSettings.warehouse_minutes``), from when it was given: going on
looking does not prolong it. The key in addresses is the holder's random id: addresses stay in access logs and browser histories,
where a số định danh must not be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from digitize_api.audit import record_look
from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.dossiers.schemas import mask_within
from models import accounts, events, holders, scans
from models.credentials import digest
from models.entities import Holder, now
from models.errors import InvalidRequest, NotFound
from models.holders import Contents
from models.vietnamese import nfc
from models.vietnamese.identity_qr import parse_identity_qr

PURPOSES: Final = ("dossier", "reuse", "compare", "asked", "other")
"""The usual ones; ``other`` needs words."""
OTHER: Final = "other"
MOST_WORDS: Final = 200
_NUMBER = re.compile(r"[0-9A-Za-z-]{1,50}")


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why somebody looks. ``words``: in their own, ids in them masked; ``dossier``: the code of the one at hand, if any."""

    kind: str
    words: str = ""
    dossier: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A warehouse that is open to its reader until ``until``."""

    contents: Contents
    purpose: Purpose
    until: datetime
    names: dict[str, str]  # of the accounts in the history, by their actor


def purpose_given(kind: str, words: str, dossier: str = "") -> Purpose:
    """``InvalidRequest`` for one that is none: no such kind, or ``other`` without words."""
    said = " ".join(nfc(words).split())[:MOST_WORDS]
    if kind not in PURPOSES or (kind == OTHER and len(said) < 3):
        raise InvalidRequest("Say what it is wanted for.")
    return Purpose(kind, mask_within(said), dossier[:60])


def number_typed(text: str) -> str:
    """The id number of what was typed, or of an identity card's QR that a hand scanner typed. ``InvalidRequest``."""
    card = parse_identity_qr(text)
    number = card.personal_id if card else re.sub(r"[\s.]", "", text).upper()
    if not _NUMBER.fullmatch(number):
        raise InvalidRequest("That is no id number.")
    return number


def find(context: Context, principal: Principal, number: str) -> Holder:
    """Whose number it is. ``NotFound``; that somebody asked in vain is on record, the number is not."""
    try:
        with context.reading() as session:
            return holders.find_holder(session, number, principal.agency_ids)
    except NotFound:
        with context.transaction() as session:
            data = {"what": "warehouse", "components": []}
            events.record(session, kind="searched", actor=principal.actor, agency_id=principal.agency.id, data=data)
        raise


def holder(context: Context, principal: Principal, holder_id: str) -> Holder:
    """``NotFound``."""
    with context.reading() as session:
        return holders.load_holder(session, holder_id, principal.agency_ids)


def open_for(context: Context, principal: Principal, whose: Holder, purpose: Purpose) -> None:
    """Open it: a look with its purpose, from now on for this session. A dossier that the reader does not reach is left out."""
    if purpose.dossier:
        try:
            with context.reading() as session:
                scans.load_dossier(session, purpose.dossier, principal.agency_ids)
        except NotFound:
            purpose = replace(purpose, dossier="")
    until = now() + timedelta(minutes=context.settings.warehouse_minutes)
    record_look(context, principal, "warehouse", holder=whose, more=_kept(principal, purpose, until))


def look(context: Context, principal: Principal, holder_id: str) -> Opened | None:
    """What is in it; ``None`` while no purpose was given, or its time is over. ``NotFound``."""
    with context.reading() as session:
        whose = holders.load_holder(session, holder_id, principal.agency_ids)
        opening = holders.purpose_of(session, whose, principal.actor, _mark(principal))
    if opening is None:
        return None
    said, until = opening.data, datetime.fromisoformat(str(opening.data["until"]))
    purpose = Purpose(str(said["purpose"]), str(said.get("words", "")), str(said.get("dossier", "")))
    record_look(context, principal, "warehouse", holder=whose, more=_kept(principal, purpose, until))
    with context.reading() as session:
        found = holders.contents(session, whose, principal.agency_ids, context.catalog.get(session))
        names = accounts.names_of(session, (event.actor for event in (*found.history, *found.looks)))
    return Opened(found, purpose, until, names)


def _kept(principal: Principal, purpose: Purpose, until: datetime) -> dict[str, str]:
    return {
        "purpose": purpose.kind,
        "words": purpose.words,
        "dossier": purpose.dossier,
        "until": until.isoformat(),
        "session": _mark(principal),
    }


def _mark(principal: Principal) -> str:
    """Tells the sessions of an account apart in the record; nobody can sign in with it."""
    return digest(principal.csrf_token)[:16] if principal.csrf_token else ""
