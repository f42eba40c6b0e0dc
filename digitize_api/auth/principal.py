"""Who is calling: a station by its key, or a person by the session of a browser."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends
from sqlalchemy.orm import Session
from starlette.requests import Request

from digitize_api.auth.rights import Right, may
from digitize_api.context import Context, InContext
from models import accounts, scopes, stations
from models.entities import Agency, Role
from models.errors import Forbidden, NotAuthenticated, StaleForm

COOKIE = "digitize_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Principal:
    """Proven. ``agency_ids`` are those whose papers the caller may reach; ``csrf_token`` is a session's, else ``None``."""

    kind: Literal["station", "account"]
    name: str
    full_name: str
    role: Role
    agency: Agency
    agency_ids: frozenset[str]
    csrf_token: str | None = None

    @property
    def actor(self) -> str:
        """As events and scans name who did it."""
        return f"{self.kind}:{self.name}"

    def demand(self, right: Right) -> None:
        """Raises ``Forbidden``."""
        if not may(self.role, right):
            raise Forbidden(f"The role {self.role.value} may not {right.value.replace('_', ' ')}.")


def _by_key(session: Session, key: str) -> tuple[Principal, str]:
    station = stations.authenticate_station(session, key)
    if station is None:
        raise NotAuthenticated("The key is not one of an active station.")
    reach = scopes.visible_agencies(session, Role.STATION, station.agency_id)
    return Principal("station", station.name, station.name, Role.STATION, station.agency, reach), station.id


def _by_cookie(session: Session, token: str) -> Principal:
    found = accounts.find_login(session, token)
    if found is None:
        raise NotAuthenticated("The session has ended.")
    login, account = found
    role = Role(account.role)
    reach = scopes.visible_agencies(session, role, account.agency_id)
    return Principal(
        "account", account.name, account.full_name or account.name, role, account.agency, reach, login.csrf_token
    )


def _proves(principal: Principal, given: str | None) -> bool:
    """A browser sends its cookie along whoever made the request; the session's own token only our pages know."""
    token = principal.csrf_token
    return token is None or hmac.compare_digest((given or "").encode(), token.encode())


def check_csrf(principal: Principal, given: str | None) -> None:
    """Of a page's form. ``StaleForm``, which tells a person what to do."""
    if not _proves(principal, given):
        raise StaleForm("The token of this session is missing or wrong.")


def _check_header(request: Request, principal: Principal) -> None:
    """The same of a program's request, and of our scripts'."""
    if request.method not in _SAFE and not _proves(principal, request.headers.get(CSRF_HEADER)):
        raise Forbidden(f"The {CSRF_HEADER} of this session is missing or wrong.")


def identify(request: Request, context: Context) -> Principal:
    """The caller, or ``NotAuthenticated``. A bearer key wins over a cookie. Notes when the station was last heard."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme:
        if scheme.lower() != "bearer" or not key.strip():
            raise NotAuthenticated("Authorization must be: Bearer <key>.")
        with context.reading() as session:
            principal, station_id = _by_key(session, key.strip())
        context.presence.heard(station_id)
    elif token := request.cookies.get(COOKIE):
        with context.reading() as session:
            principal = _by_cookie(session, token)
    else:
        raise NotAuthenticated
    request.state.who = principal.actor
    return principal


def allowed(right: Right) -> Callable[[Request, Context], Principal]:
    """A dependency: the caller, who has ``right`` and, in a browser, proves the page that asks is ours."""

    def dependency(request: Request, context: InContext) -> Principal:
        principal = identify(request, context)
        _check_header(request, principal)
        principal.demand(right)
        return principal

    return dependency


def signed_in(request: Request, context: InContext) -> Principal:
    """A dependency: the caller, whatever their rights."""
    principal = identify(request, context)
    _check_header(request, principal)
    return principal


CreatesDossiers = Annotated[Principal, Depends(allowed(Right.CREATE_DOSSIER))]
ReadsDossiers = Annotated[Principal, Depends(allowed(Right.READ_DOSSIER))]
PostsScans = Annotated[Principal, Depends(allowed(Right.POST_SCAN))]
ReadsScans = Annotated[Principal, Depends(allowed(Right.READ_SCAN))]
ReadsPapers = Annotated[Principal, Depends(allowed(Right.READ_PAPER))]
Reviews = Annotated[Principal, Depends(allowed(Right.REVIEW))]
Searches = Annotated[Principal, Depends(allowed(Right.SEARCH))]
Keeps = Annotated[Principal, Depends(allowed(Right.KEEP))]
Reuses = Annotated[Principal, Depends(allowed(Right.REUSE))]
ReadsBatches = Annotated[Principal, Depends(allowed(Right.READ_BATCH))]
RunsBatches = Annotated[Principal, Depends(allowed(Right.RUN_BATCH))]
HandsOver = Annotated[Principal, Depends(allowed(Right.HAND_OVER))]
Cancels = Annotated[Principal, Depends(allowed(Right.CANCEL))]
Concludes = Annotated[Principal, Depends(allowed(Right.CONCLUDE))]
ReadsReports = Annotated[Principal, Depends(allowed(Right.READ_REPORT))]
ReadsInventory = Annotated[Principal, Depends(allowed(Right.READ_INVENTORY))]
KeepsInventory = Annotated[Principal, Depends(allowed(Right.KEEP_INVENTORY))]
Administers = Annotated[Principal, Depends(allowed(Right.ADMINISTER))]
SignedIn = Annotated[Principal, Depends(signed_in)]
