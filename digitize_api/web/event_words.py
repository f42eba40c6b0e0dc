"""What happened, in the counter's words: for timelines, for who looked, for the audit page.

Nothing personal is told: of a correction which fields, never what they say; of looks which paper by its kind of look, never its text. Words
that somebody typed are told with the ids in them masked. A kind in no table is shown as its code, never hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from digitize_api.dossiers.schemas import mask_within
from digitize_api.web.event_table import TEXT
from digitize_api.web.words import TEXT as ALL
from digitize_api.web.words import Words
from models.entities import ComponentState, Event, ScanState

_SIMPLE: Final = frozenset(
    {
        "cancelled",
        "result_cancelled",
        "status_ended",
        "returned",
        "scanned_again",
        "concluded",
        "reopened",
        "taken_in",
        "handed_over",
        "webhook_added",
        "webhook_ended",
        "webhook_paused",
        "webhook_resumed",
        "webhook_secret",
        "webhook_tried",
        "webhook_resent",
        "inventory_imported",
        "inventory_matched",
        "inventory_settled",
        "inventory_unsettled",
        "account_created",
        "account_disabled",
        "account_enabled",
        "password_reset",
        "role_changed",
        "station_created",
        "station_key",
        "station_revoked",
        "done",
        "arranging",
        "arranged",
        "arrangement_failed",
        "fixity",
    }
)
_MINOR = frozenset({ScanState.READING.value, ScanState.ASSEMBLING.value})


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a timeline. ``component``: the id of the paper that it is about, if it is about one."""

    at: datetime
    who: str
    what: str
    component: str | None = None


def worth_telling(event: Event) -> bool:
    """Whether a timeline for people tells it: how far the machine is with a scan is no news a day later."""
    return not (event.kind == "state" and event.component_id is None and event.data.get("state") in _MINOR)


def told(event: Event, words: Words, names: Mapping[str, str]) -> Told:
    """The event as a line; ``names``: full names by actor."""
    return Told(event.at, who(event.actor, words, names), what(event, words), event.component_id)


def who(actor: str, words: Words, names: Mapping[str, str]) -> str:
    """``Trần Thị Ví Dụ``, else the account's name; stations and the system in words."""
    kind, _, name = actor.partition(":")
    if kind == "account":
        return names.get(actor, name)
    if kind == "station":
        return words("actor_station", name=name)
    return words(f"actor_{kind}") if f"actor_{kind}" in TEXT else actor


def what(event: Event, words: Words) -> str:
    """What happened, in words."""
    data = event.data
    if event.kind == "viewed":
        return _look(data, words)
    if event.kind == "state":
        state = str(data.get("state"))
        if event.component_id is not None and state in set(ComponentState):
            return words("ev_component", state=words.component_state(state))
        return words("ev_scan", state=words.scan_state(state))
    if event.kind == "reviewed":
        return words("ev_reviewed", fields=", ".join(changed(data.get("before"), data.get("after"), words)))
    if event.kind == "reused":
        into = data.get("dossier")
        return words("ev_reused_into", dossier=into) if into else words("ev_reused")
    if event.kind == "reuse_undone":
        into = data.get("dossier")
        return words("ev_reuse_undone_in", dossier=into) if into else words("ev_reuse_undone")
    if event.kind == "searched":
        shown = len(data.get("components", ()))
        return words("ev_searched", count=shown) if shown else words("ev_asked")
    if event.kind == "page":
        return words("ev_page", number=data.get("number", "?"), state=words.page_state(str(data.get("state"))))
    if event.kind == "warning":
        warnings = ", ".join(words.warning(str(code), data.get("regions", ())) for code in data.get("warnings", ()))
        return words("ev_warning", number=data.get("number", "?"), warning=warnings)
    if event.kind == "batch" or event.kind.startswith("quality_"):
        return _of_batch(event.kind, data, words)
    if event.kind in _SIMPLE:
        role = str(data.get("role", ""))
        return words(
            f"ev_{event.kind}",
            reason=mask_within(str(data.get("reason", ""))),
            day=_day(str(data.get("ended_on") or data.get("finished_on") or "")),
            name=data.get("name") or data.get("file") or data.get("package", ""),
            role=words(f"role_{role}") if f"role_{role}" in TEXT else role,
            papers=data.get("papers", 0),
            left_out=data.get("left_out", 0),
        )
    return event.kind


def _of_batch(kind: str, data: Mapping[str, Any], words: Words) -> str:
    """Faults and fields by name; what was keyed is in no event."""
    if f"ev_{kind}" not in TEXT:
        return kind
    if kind == "batch":
        did = f"ba_did_{data.get('did')}"
        return words("ev_batch", name=data.get("name", ""), did=words(did) if did in TEXT else str(data.get("did")))
    did = f"qc_did_{data.get('did')}" if "did" in data else f"qc_dev_{data.get('decision')}"
    faults = ", ".join(words(f"qc_f_{one}").lower() for one in data.get("faults", ()) if f"qc_f_{one}" in ALL)
    told = words(did) if did in ALL else ""
    return words(
        f"ev_{kind}",
        name=data.get("name", ""),
        new=data.get("new", ""),
        papers=data.get("papers", ""),
        reason=mask_within(str(data.get("reason", ""))),
        round=data.get("round", ""),
        did=f"{told} ({faults})" if faults else told,
        fields=", ".join(words.field(str(one)) for one in data.get("fields", ())),
    )


def purpose(data: Mapping[str, Any], words: Words) -> str:
    """What a warehouse was opened for: the kind, and the officer's own words."""
    kind, said = str(data.get("purpose", "")), mask_within(str(data.get("words", "")))
    named = words(f"purpose_{kind}") if f"purpose_{kind}" in TEXT else kind
    return f"{named} ({said})" if said else named


def changed(before: Any, after: Any, words: Words) -> list[str]:
    """Which parts of a paper differ between two contents, in words; what they say is not told."""
    old: Mapping[str, Any] = before if isinstance(before, dict) else {}
    new: Mapping[str, Any] = after if isinstance(after, dict) else {}
    names = []
    for part in sorted({*old, *new}):
        if old.get(part) == new.get(part):
            continue
        if part == "fields":
            one, other = old.get(part) or {}, new.get(part) or {}
            names += [words.field(name) for name in sorted({*one, *other}) if _value(one, name) != _value(other, name)]
        elif f"part_{part}" in TEXT:
            names.append(words(f"part_{part}"))
    return names or ["…"]


def _value(fields: Mapping[str, Any], name: str) -> Any:
    return (fields.get(name) or {}).get("value")


def _look(data: Mapping[str, Any], words: Words) -> str:
    kind = str(data.get("what", ""))
    if kind == "warehouse":
        return words("look_warehouse", purpose=purpose(data, words))
    return words(f"look_{kind}", page=data.get("page", "")) if f"look_{kind}" in TEXT else kind


def _day(iso: str) -> str:
    try:
        return f"{datetime.fromisoformat(iso):%d/%m/%Y}"
    except ValueError:
        return iso
