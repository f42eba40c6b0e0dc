"""``/tai-khoan``, ``/tram`` and one's own ``/mat-khau``: listed, made, closed; secrets are shown once, on the page that answers the request that made them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from digitize_api.administration import service
from digitize_api.auth import login
from digitize_api.auth.principal import Principal, check_csrf
from digitize_api.auth.rights import Right
from digitize_api.context import Context, InContext
from digitize_api.language import language_of
from digitize_api.problems import FieldsInvalid
from digitize_api.web.render import page
from digitize_api.web.session import person, sender
from digitize_api.web.words import Words
from models.credentials import MIN_PASSWORD_LENGTH
from models.errors import Conflict, DigitizeError, Forbidden, InvalidRequest, NotAuthenticated, TooManyRequests

router = APIRouter(include_in_schema=False)

Short = Annotated[str, Form(max_length=200)]
Secret = Annotated[str, Form(max_length=500)]
_BLANK: Mapping[str, str] = {"name": "", "full_name": "", "role": "clerk", "agency": ""}


def _said(error: DigitizeError, words: Words) -> str:
    """What is wrong with the form, in one line."""
    if isinstance(error, FieldsInvalid) and error.errors:
        vi, _, en = error.errors[0].message.partition(" / ")
        return vi if words.language == "vi" else en
    return words("ad_taken")


def _once(request: Request, principal: Principal, kind: str, made: tuple[str, str], back: str) -> Response:
    """The secret, this once: the answer is never cached, and asking for the page again makes another or refuses."""
    return page(request, "admin_once.html", principal, kind=kind, name=made[0], secret=made[1], back=back)


@router.get("/tai-khoan")
def accounts_page(request: Request, context: InContext) -> Response:
    return _accounts(request, context, person(request, context, Right.ADMINISTER))


def _accounts(
    request: Request,
    context: Context,
    principal: Principal,
    given: Mapping[str, str] = _BLANK,
    problem: DigitizeError | None = None,
) -> Response:
    found = service.people(context, principal)
    return page(
        request,
        "admin_accounts.html",
        principal,
        accounts=found.accounts,
        logins=found.logins,
        roles=[role.value for role in service.PEOPLE],
        **_common(request, principal, found.agencies, given, problem),
    )


def _common(
    request: Request,
    principal: Principal,
    agencies: list[Any],
    given: Mapping[str, str],
    problem: DigitizeError | None,
) -> dict[str, Any]:
    return {
        "status_code": problem.status if problem else 200,
        "agencies": agencies,
        "given": {**given, "agency": given["agency"] or principal.agency.code},
        "problem": _said(problem, Words(language_of(request))) if problem else "",
    }


@router.post("/tai-khoan")
def create_account(
    *,
    request: Request,
    context: InContext,
    csrf_token: Short = "",
    name: Short = "",
    full_name: Short = "",
    role: Short = "",
    agency: Short = "",
) -> Response:
    principal = sender(request, context, Right.ADMINISTER, csrf_token)
    given = {"name": name, "full_name": full_name, "role": role, "agency": agency}
    try:
        made = service.create_account(context, principal, **given)
    except (FieldsInvalid, Conflict) as problem:
        return _accounts(request, context, principal, given, problem)
    return _once(request, principal, "password", made, "/tai-khoan")


@router.post("/tai-khoan/{account_id}/mat-khau")
def reset_password(account_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    principal = sender(request, context, Right.ADMINISTER, csrf_token)
    return _once(request, principal, "password", service.reset_password(context, principal, account_id), "/tai-khoan")


@router.post("/tai-khoan/{account_id}/khoa")
def close_account(account_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    principal = sender(request, context, Right.ADMINISTER, csrf_token)
    service.set_active(context, principal, account_id, active=False)
    return RedirectResponse("/tai-khoan", status_code=303)


@router.post("/tai-khoan/{account_id}/mo")
def open_account(account_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    principal = sender(request, context, Right.ADMINISTER, csrf_token)
    service.set_active(context, principal, account_id, active=True)
    return RedirectResponse("/tai-khoan", status_code=303)


@router.post("/tai-khoan/{account_id}/vai-tro")
def change_role(
    account_id: str, request: Request, context: InContext, csrf_token: Short = "", role: Short = ""
) -> Response:
    principal = sender(request, context, Right.ADMINISTER, csrf_token)
    service.set_role(context, principal, account_id, role)
    return RedirectResponse("/tai-khoan", status_code=303)


@router.get("/mat-khau")
def own_password_page(request: Request, context: InContext) -> Response:
    """For whoever has a password: an administrator made it, so its owner should make another."""
    return page(request, "admin_password.html", _with_password(request, context), problem="", least=MIN_PASSWORD_LENGTH)


def _with_password(request: Request, context: Context) -> Principal:
    principal = person(request, context)
    if principal.kind != "account":
        raise Forbidden("A station has no password.")
    return principal


@router.post("/mat-khau")
def change_own_password(
    *,
    request: Request,
    context: InContext,
    csrf_token: Short = "",
    old: Secret = "",
    new: Secret = "",
    again: Secret = "",
) -> Response:
    principal = _with_password(request, context)
    check_csrf(principal, csrf_token)
    words = Words(language_of(request))
    status = InvalidRequest.status
    try:
        made = login.change_password(request, context, principal.name, old, new) if new == again else None
    except ValueError:
        said = words("ad_password_short")
    except NotAuthenticated:
        said = words("ad_password_wrong")
    except TooManyRequests as error:
        said, status = " ".join(words.error(error.code)), error.status
    else:
        if made is not None:
            response = RedirectResponse("/", status_code=303)
            login.set_cookie(request, response, context, made.token)
            return response
        said = words("ad_password_differs")
    return page(request, "admin_password.html", principal, status_code=status, problem=said, least=MIN_PASSWORD_LENGTH)


@router.get("/tram")
def stations_page(request: Request, context: InContext) -> Response:
    return _stations(request, context, person(request, context, Right.ADMINISTER))


def _stations(
    request: Request,
    context: Context,
    principal: Principal,
    given: Mapping[str, str] = _BLANK,
    problem: DigitizeError | None = None,
) -> Response:
    found = service.stations(context, principal)
    return page(
        request,
        "admin_stations.html",
        principal,
        stations=found.stations,
        **_common(request, principal, found.agencies, given, problem),
    )


@router.post("/tram")
def create_station(
    *, request: Request, context: InContext, csrf_token: Short = "", name: Short = "", agency: Short = ""
) -> Response:
    principal = sender(request, context, Right.ADMINISTER, csrf_token)
    try:
        made = service.create_station(context, principal, name=name, agency=agency)
    except (FieldsInvalid, Conflict) as problem:
        return _stations(request, context, principal, {"name": name, "agency": agency}, problem)
    return _once(request, principal, "key", made, "/tram")


@router.post("/tram/{station_id}/khoa-moi")
def replace_key(station_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    principal = sender(request, context, Right.ADMINISTER, csrf_token)
    return _once(request, principal, "key", service.replace_key(context, principal, station_id), "/tram")


@router.post("/tram/{station_id}/thu-hoi")
def revoke_key(station_id: str, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    principal = sender(request, context, Right.ADMINISTER, csrf_token)
    service.revoke_key(context, principal, station_id)
    return RedirectResponse("/tram", status_code=303)
