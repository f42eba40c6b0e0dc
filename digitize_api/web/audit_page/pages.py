"""``/nhat-ky``, for supervisors and administrators, of their agency and those below. Filters are links that can be kept."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from digitize_api.auth.rights import Right
from digitize_api.context import InContext
from digitize_api.event_log import service
from digitize_api.language import language_of
from digitize_api.web.event_words import told
from digitize_api.web.render import page
from digitize_api.web.session import person
from digitize_api.web.words import Words
from models.errors import NotFound
from models.event_log import Asked, Sort

router = APIRouter(include_in_schema=False)


@router.get("/nhat-ky")
def log_page(
    *,
    request: Request,
    context: InContext,
    actor: Annotated[str, Query(alias="ai", max_length=110)] = "",
    dossier: Annotated[str, Query(alias="ho-so", max_length=60)] = "",
    holder: Annotated[str, Query(alias="kho", max_length=32)] = "",
    sort: Annotated[str, Query(alias="loai", max_length=30)] = "",
    day: Annotated[str, Query(alias="ngay", max_length=10)] = "",
    before: Annotated[int | None, Query(alias="truoc", ge=1, le=2**62)] = None,
) -> Response:
    """A condition that is none (no such sort or day) asks for nothing; a dossier out of reach is said not to be there."""
    principal = person(request, context, Right.READ_LOG)
    asked_day: date | None = None
    with suppress(ValueError):
        asked_day = date.fromisoformat(day)
    kind = Sort(sort) if sort in set(Sort) else None
    asked = Asked(actor=actor, dossier=dossier.strip(), holder=holder, sort=kind, day=asked_day, before=before)
    words = Words(language_of(request))
    problem = ""
    try:
        found = service.read(context, principal, asked)
    except NotFound:
        found, problem = service.read(context, principal, Asked(limit=0)), words("log_no_dossier")
    given = {"ai": actor, "ho-so": asked.dossier, "kho": holder, "loai": kind or "", "ngay": asked_day or ""}
    kept = {name: str(value) for name, value in given.items() if value}
    last = found.entries[-1].event.id if found.entries else 0
    return page(
        request,
        "audit.html",
        principal,
        status_code=404 if problem else 200,
        given=given,
        problem=problem,
        sorts=[sort.value for sort in Sort],
        actors=found.actors,
        lines=[
            (told(entry.event, words, found.names), entry.dossier, found.agencies.get(entry.event.agency_id or ""))
            for entry in found.entries
        ],
        several=len(found.agencies) > 1,
        older=f"/nhat-ky?{urlencode({**kept, 'truoc': last})}" if found.more and last else "",
        newest=f"/nhat-ky?{urlencode(kept)}" if before else "",
    )
