"""Who stands in front of a page, for all pages: people with a session; others are led to the sign-in page and back."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from digitize_api.auth.principal import Principal, check_csrf, identify
from digitize_api.auth.rights import Right
from digitize_api.context import Context
from models.errors import NotAuthenticated


class SignInFirst(Exception):
    """Nobody is signed in; ``back`` is where to return to."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back


def person(request: Request, context: Context, right: Right | None = None) -> Principal:
    """Who is signed in; pages are for people, so a missing session leads to the sign-in page."""
    try:
        principal = identify(request, context)
    except NotAuthenticated as error:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        raise SignInFirst(back if request.method == "GET" else "/") from error
    if right is not None:
        principal.demand(right)
    return principal


def sender(request: Request, context: Context, right: Right, csrf_token: str) -> Principal:
    """Who sent a page's form, and may. ``StaleForm`` for a form of another session."""
    principal = person(request, context, right)
    check_csrf(principal, csrf_token)
    return principal


async def form_fields(request: Request, *, most: int) -> dict[str, str]:
    """The text fields of a page's form whose names are not known beforehand; at most ``most``, and no files."""
    form = await request.form(max_files=0, max_fields=most)
    return {key: value for key, value in form.items() if isinstance(value, str)}


async def sign_in_first(_request: Request, where: Exception) -> Response:
    """The handler of ``SignInFirst``."""
    back = where.back if isinstance(where, SignInFirst) else "/"
    return RedirectResponse(f"/login?next={quote(back, safe='')}", status_code=303)


def own_path(target: str) -> str:
    """A path of ours, whatever was asked for (no open redirect)."""
    parts = urlsplit(target)
    ours = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if ours and not any(ord(char) < 32 for char in target) else "/"


def came_from(request: Request) -> str:
    """The page of ours that led here, as its browser says; empty when there is none, or it is this one, asked for in the same way."""
    referrer = urlsplit(request.headers.get("referer", ""))
    if referrer.netloc != request.headers.get("host", "") or not referrer.path:
        return ""
    path = own_path(referrer.path + (f"?{referrer.query}" if referrer.query else ""))
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return "" if request.method == "GET" and path == here else path
