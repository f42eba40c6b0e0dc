"""The first page of a supervisor and of an administrator. Its links are those of the head, so that none leads nowhere."""

from __future__ import annotations

from fastapi import Request, Response

from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.overview import service
from digitize_api.web.links import LINKS
from digitize_api.web.render import page
from models.entities import Role

REVIEW = "/kiem-tra"
COUNTER = next((link.path for link in LINKS if link.word == "counter" and link.path != "/"), "/dossiers")
"""Where the counter is for those whose first page it is not."""


def home(request: Request, context: Context, principal: Principal) -> Response | None:
    """``None`` for those whose first page is the counter."""
    if principal.role not in {Role.SUPERVISOR, Role.ADMIN}:
        return None
    day, waits = service.figures(context, principal)
    return page(
        request,
        "home.html",
        principal,
        day=day,
        waits=waits,
        health=service.health(context, principal) if principal.role is Role.ADMIN else None,
        review=REVIEW if any(link.path == REVIEW for link in LINKS) else "",
        counter=COUNTER,
    )
