"""``/kho``: ask whose, and what for; then ``/kho/{key}``, whose key is the holder's random id and tells nobody's number."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right
from digitize_api.context import Context, InContext
from digitize_api.language import language_of
from digitize_api.warehouse import service
from digitize_api.web import event_words
from digitize_api.web.render import page
from digitize_api.web.session import person, sender
from digitize_api.web.warehouse import shown
from digitize_api.web.words import Words
from models.entities import Holder
from models.errors import DigitizeError, InvalidRequest, NotFound

router = APIRouter(include_in_schema=False)

Short = Annotated[str, Form(max_length=100)]
Typed = Annotated[str, Form(max_length=500)]


@router.get("/kho")
def ask(request: Request, context: InContext) -> Response:
    """Whose warehouse, and what for."""
    principal = person(request, context, Right.READ_PAPER)
    return _form(request, context, principal)


def _form(
    request: Request,
    context: Context,
    principal: Principal,
    *,
    whose: Holder | None = None,
    dossier: str = "",
    given: tuple[str, str] = ("", ""),
    problem: DigitizeError | None = None,
    said: str = "",
) -> Response:
    """The form that asks; ``whose``: known already. What was typed as a number is never sent back."""
    return page(
        request,
        "warehouse_ask.html",
        principal,
        status_code=problem.status if problem else 200,
        whose=whose,
        dossier=dossier,
        purposes=service.PURPOSES,
        purpose=given[0] or ("dossier" if dossier else ""),
        words=given[1],
        problem=said,
        minutes=f"{context.settings.warehouse_minutes:g}",
    )


@router.post("/kho")
def find(
    *,
    request: Request,
    context: InContext,
    csrf_token: Short = "",
    id_number: Typed = "",
    purpose: Short = "",
    words: Typed = "",
) -> Response:
    """By the number, which is in the body and so in no log."""
    principal = sender(request, context, Right.READ_PAPER, csrf_token)
    say = Words(language_of(request))
    given = (purpose, words)
    try:
        why = service.purpose_given(purpose, words)
    except InvalidRequest as error:
        return _form(request, context, principal, given=given, problem=error, said=say("wh_no_purpose"))
    try:
        whose = service.find(context, principal, service.number_typed(id_number))
    except InvalidRequest as error:
        return _form(request, context, principal, given=given, problem=error, said=say("wh_bad_number"))
    except NotFound as error:
        return _form(request, context, principal, given=given, problem=error, said=say("wh_none"))
    service.open_for(context, principal, whose, why)
    return RedirectResponse(f"/kho/{whose.id}", status_code=303)


@router.get("/kho/{key}")
def warehouse_page(
    key: str,
    request: Request,
    context: InContext,
    dossier: Annotated[str, Query(alias="ho-so", max_length=60)] = "",
) -> Response:
    """The contents once a purpose was given, and the question until then."""
    principal = person(request, context, Right.READ_PAPER)
    opened = service.look(context, principal, key)
    if opened is None:
        return _form(request, context, principal, whose=service.holder(context, principal, key), dossier=dossier)
    say = Words(language_of(request))
    return page(
        request,
        "warehouse.html",
        principal,
        key=key,
        holder=opened.contents.holder,
        dossiers=opened.contents.dossiers,
        parts=shown.parts(opened, context.read_catalog(), say),
        history=shown.history(opened, say),
        looks=shown.looks(opened, say),
        back=opened.purpose.dossier,
        purpose=event_words.purpose({**asdict(opened.purpose), "purpose": opened.purpose.kind}, say),
        until=opened.until,
    )


@router.post("/kho/{key}")
def give_purpose(
    *,
    key: str,
    request: Request,
    context: InContext,
    csrf_token: Short = "",
    purpose: Short = "",
    words: Typed = "",
    dossier: Short = "",
) -> Response:
    principal = sender(request, context, Right.READ_PAPER, csrf_token)
    whose = service.holder(context, principal, key)
    try:
        why = service.purpose_given(purpose, words, dossier)
    except InvalidRequest as error:
        said = Words(language_of(request))("wh_no_purpose")
        given = (purpose, words)
        return _form(request, context, principal, whose=whose, dossier=dossier, given=given, problem=error, said=said)
    service.open_for(context, principal, whose, why)
    return RedirectResponse(f"/kho/{whose.id}", status_code=303)
