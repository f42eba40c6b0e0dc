"""Signing in and out: what the API route and the page do the same way."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from digitize_api.auth.principal import COOKIE
from digitize_api.context import Context
from models import accounts, administration
from models.entities import Account
from models.errors import Forbidden, NotAuthenticated

# argon2id takes 64 MiB and a core's tens of milliseconds each: more at once would be somebody else's denial of service.
_HASHING = threading.BoundedSemaphore(2)
_OWN_SITES = {"same-origin", "none"}


def address_of(request: Request) -> str:
    """The client's address, as the proxy in front (if it is a trusted one) told it."""
    return request.client.host if request.client else "unknown"


def same_site_only(request: Request) -> None:
    """Raises ``Forbidden`` when another site's page makes the browser sign in (login CSRF); programs send neither header."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in _OWN_SITES:
            raise Forbidden("Sign in from our own page.")
        return
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise Forbidden("Sign in from our own page.")


def sign_in(request: Request, context: Context, name: str, password: str) -> tuple[accounts.Login, Account]:
    """A new session. ``NotAuthenticated`` (which says no more), ``TooManyRequests``, ``Forbidden``."""
    same_site_only(request)
    account = _proven(request, context, name, password)
    with context.transaction() as session:
        login = accounts.create_login(session, account, hours=context.settings.session_hours)
    request.state.who = f"account:{account.name}"
    return login, account


def _proven(request: Request, context: Context, name: str, password: str) -> Account:
    """The account that name and password fit, guesses being slowed down."""
    address = address_of(request)
    context.throttle.check(name, address)
    with _HASHING, context.reading() as session:
        account = accounts.authenticate_account(session, name, password)
    if account is None:
        context.throttle.failed(name, address)
        raise NotAuthenticated("The name or the password is wrong.")
    context.throttle.succeeded(name, address)
    return account


def change_password(request: Request, context: Context, name: str, old: str, new: str) -> accounts.Login:
    """The account's own new password, which ends its other sessions; a new session for this browser.

    ``NotAuthenticated`` when ``old`` is not the password, ``TooManyRequests``; ``ValueError`` for a short new one.
    """
    account = _proven(request, context, name, old)
    with context.transaction() as session:
        mine = session.get_one(Account, account.id)
        administration.set_password(session, mine, new, actor=f"account:{mine.name}")
        return accounts.create_login(session, mine, hours=context.settings.session_hours)


def sign_out(request: Request, context: Context) -> None:
    """End the session of the request's cookie; no error without one."""
    if token := request.cookies.get(COOKIE):
        with context.transaction() as session:
            accounts.end_login(session, token)


def set_cookie(request: Request, response: Response, context: Context, token: str) -> None:
    """HttpOnly; ``Lax``, so that a link in a mail opens signed in, while unsafe requests need the CSRF token besides."""
    secure = context.settings.secure_cookies
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(context.settings.session_hours * 3600),
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https" if secure is None else secure,
    )


def clear_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
