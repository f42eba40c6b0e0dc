"""Templates, with what every page needs: the words, who is signed in, the CSRF token, the mark that busts caches."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right, may
from digitize_api.dossiers.schemas import mask
from digitize_api.language import language_of
from digitize_api.web import STATIC, TEMPLATES
from digitize_api.web.links import LINKS
from digitize_api.web.words import Words


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def asset(path: str) -> str:
    """The URL of a static file, with a mark of its content: a new version is a new URL."""
    file = STATIC / path
    if not file.is_file():
        return ""
    return f"/static/{path}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"


def page(
    request: Request, template: str, principal: Principal | None = None, *, status_code: int = 200, **values: Any
) -> HTMLResponse:
    """The rendered template as a response."""
    words = Words(language_of(request))
    html = (
        _environment()
        .get_template(template)
        .render(
            t=words,
            asset=asset,
            mask=mask,
            principal=principal,
            may=lambda right: principal is not None and may(principal.role, Right(right)),
            request_id=getattr(request.state, "request_id", ""),
            path=request.url.path,
            links=LINKS,
            **values,
        )
    )
    return HTMLResponse(html, status_code=status_code, headers={"Content-Language": words.language})
