"""``/so-hoa-lo/{lô}/chat-luong/nhap`` and ``/phan-xu``: fields keyed blind beside the image, and settled where two differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from digitize_api.audit import record_look
from digitize_api.auth.principal import Principal, check_csrf
from digitize_api.auth.rights import Right
from digitize_api.components import service as components
from digitize_api.context import Context, InContext
from digitize_api.language import language_of
from digitize_api.quality import service
from digitize_api.quality.service import Work
from digitize_api.review.offers import box_of
from digitize_api.web.papers import written
from digitize_api.web.quality.pages import Fields, Identifier, base, hold
from digitize_api.web.render import page
from digitize_api.web.review.shown import page_shown
from digitize_api.web.session import person
from digitize_api.web.words import Words
from models.batches.quality import keying
from models.batches.quality.entities import QualityEntry, QualityKeying
from models.entities import Component
from models.errors import Conflict, HeldByAnother, InvalidRequest, NotFound, OwnWork
from models.fields import is_day
from models.page_record import Box, PageWords
from models.rules.keying import Answer, Keyed, keyed

router = APIRouter(prefix="/so-hoa-lo/{batch_id}/chat-luong", include_in_schema=False)

FIELD, NONE, CHOICE = "f-", "n-", "c-"


@dataclass(frozen=True, slots=True)
class EntryShown:
    """A field to be keyed, or settled. ``readings``: of who settles: what two keyed. ``chosen``: which of the choices was taken."""

    name: str
    label: str
    hint: str
    value: str
    chosen: str
    wrong: str
    page: int | None
    box: Box | None
    readings: tuple[str, ...]


@router.get("/nhap")
def next_to_key(
    batch_id: Identifier,
    request: Request,
    context: InContext,
    after: Annotated[str, Query(alias="sau", max_length=60)] = "",
) -> Response:
    principal = person(request, context, Right.REVIEW)
    return _onward(context, principal, batch_id, Work.KEY, after)


@router.get("/phan-xu")
def next_to_settle(
    batch_id: Identifier,
    request: Request,
    context: InContext,
    after: Annotated[str, Query(alias="sau", max_length=60)] = "",
) -> Response:
    principal = person(request, context, Right.REVIEW)
    return _onward(context, principal, batch_id, Work.SETTLE, after)


def _onward(
    context: Context, principal: Principal, batch_id: str, work: Work, after: str, *, kept: bool = False
) -> RedirectResponse:
    following = service.take_next(context, principal, batch_id, work, after)
    if following is None:
        return RedirectResponse(f"{base(batch_id)}?het={work.value}", status_code=303)
    told = f"?xong={after}" if kept else ""
    return RedirectResponse(f"{base(batch_id)}/{_PATHS[work]}/{following}{told}", status_code=303)


_PATHS = {Work.KEY: "nhap", Work.SETTLE: "phan-xu"}


@router.get("/nhap/{component_id}")
def key_page(
    *,
    batch_id: Identifier,
    component_id: Identifier,
    request: Request,
    context: InContext,
    number: Annotated[int | None, Query(alias="trang", ge=1, le=100_000)] = None,
    done: Annotated[str, Query(alias="xong", max_length=60)] = "",
) -> Response:
    principal = person(request, context, Right.REVIEW)
    return _page(request, context, principal, batch_id, component_id, work=Work.KEY, number=number, done=done)


@router.get("/phan-xu/{component_id}")
def settle_page(
    *,
    batch_id: Identifier,
    component_id: Identifier,
    request: Request,
    context: InContext,
    number: Annotated[int | None, Query(alias="trang", ge=1, le=100_000)] = None,
    done: Annotated[str, Query(alias="xong", max_length=60)] = "",
) -> Response:
    principal = person(request, context, Right.REVIEW)
    return _page(request, context, principal, batch_id, component_id, work=Work.SETTLE, number=number, done=done)


def _page(
    request: Request,
    context: Context,
    principal: Principal,
    batch_id: str,
    component_id: str,
    *,
    work: Work,
    number: int | None = None,
    done: str = "",
    problem: str = "",
    form: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    words = Words(language_of(request))
    held, until = hold(request, context, principal, batch_id, component_id)
    found = service.keying_of(context, principal, batch_id, component_id)
    component, pages = components.load(context, principal, component_id)
    mine = [one for one in found.fields if _is_mine(one, work, principal.actor)]
    entries = [_entry(one, component, words, actor=principal.actor, form=form, wrong=wrong or {}) for one in mine]
    number = number or next((one.page for one in entries if one.page), 1)
    if number > len(pages):
        raise NotFound
    record_look(context, principal, "page", component=component, page=number)
    return page(
        request,
        "quality_key.html",
        principal,
        status_code=status,
        here=base(batch_id),
        work=work.value,
        action=f"{base(batch_id)}/{_PATHS[work]}/{component_id}",
        batch=found.batch,
        item=found.paper.item,
        component=component,
        kind=words.paper_type(component.paper_type, context.read_catalog()),
        # Nothing that was read: neither words nor their doubts.
        shown=page_shown(component, pages[number - 1], PageWords(), words),
        count=len(pages),
        entries=entries,
        held=held,
        until=until,
        done=done,
        problem=problem or ("" if entries else words("qc_nothing_to_key")),
    )


def _is_mine(one: QualityKeying, work: Work, actor: str) -> bool:
    return keying.may_settle(one, actor) if work is Work.SETTLE else keying.may_key(one, actor)


def _entry(
    one: QualityKeying,
    component: Component,
    words: Words,
    *,
    actor: str,
    form: Mapping[str, str] | None,
    wrong: Mapping[str, str],
) -> EntryShown:
    place: Mapping[str, Any] = component.fields.get(one.field) or {}
    on = place.get("page")
    within = isinstance(on, int) and component.first_page <= on <= component.last_page
    own = keying.own(one, actor)
    value = written(own.value or "") if own else ""
    chosen = own.answer if own and own.answer != Answer.VALUE else ""
    if form is not None:
        value, chosen = form.get(FIELD + one.field, ""), form.get(CHOICE + one.field, "") or form.get(NONE + one.field, "")  # fmt: skip
    return EntryShown(
        name=one.field,
        label=words.field(one.field),
        hint=words("qc_day_hint") if is_day(one.field) else "",
        value=value,
        chosen=chosen,
        wrong=wrong.get(one.field, ""),
        page=on - component.first_page + 1 if within and isinstance(on, int) else None,
        box=box_of(place) if within else None,
        readings=tuple(_said(entry, words) for entry in one.entries) if keying.may_settle(one, actor) else (),
    )


def _said(entry: QualityEntry, words: Words) -> str:
    if entry.answer == Answer.VALUE:
        return written(entry.value or "")
    return words("qc_cannot_read" if entry.answer == Answer.UNREADABLE else "qc_absent")


@router.post("/nhap/{component_id}")
def key_paper(
    batch_id: Identifier, component_id: Identifier, request: Request, context: InContext, form: Fields
) -> Response:
    """``do``: ``keep`` (and on to the next) or ``skip``."""
    return _post(request, context, batch_id, component_id, work=Work.KEY, form=form)


@router.post("/phan-xu/{component_id}")
def settle_paper(
    batch_id: Identifier, component_id: Identifier, request: Request, context: InContext, form: Fields
) -> Response:
    """``do``: ``keep`` (and on to the next) or ``skip``."""
    return _post(request, context, batch_id, component_id, work=Work.SETTLE, form=form)


def _post(
    request: Request, context: Context, batch_id: str, component_id: str, *, work: Work, form: Mapping[str, str]
) -> Response:
    principal = person(request, context, Right.REVIEW)
    check_csrf(principal, form.get("csrf_token"))
    words = Words(language_of(request))
    if form.get("do") == "skip":
        service.load(context, principal, batch_id)
        return _onward(context, principal, batch_id, work, component_id)
    found = service.keying_of(context, principal, batch_id, component_id)
    mine = [one for one in found.fields if _is_mine(one, work, principal.actor)]

    def again(problem: str, status: int, wrong: Mapping[str, str] | None = None) -> Response:
        return _page(
            request,
            context,
            principal,
            batch_id,
            component_id,
            work=work,
            problem=problem,
            form=form,
            wrong=wrong,
            status=status,
        )

    if not mine:
        return again(words("qc_taken"), Conflict.status)
    answers, wrong = _answers(mine, form, words)
    if wrong:
        return again(" ".join(dict.fromkeys(wrong.values())), InvalidRequest.status, wrong)
    try:
        service.key(context, principal, batch_id, component_id, answers, settles=work is Work.SETTLE)
    except HeldByAnother as error:
        return again("", error.status)
    except OwnWork as error:
        return again(" ".join(words.error(error.code)), error.status)
    except Conflict as error:
        return again(words("qc_taken"), error.status)
    return _onward(context, principal, batch_id, work, component_id, kept=True)


def _answers(
    mine: list[QualityKeying], form: Mapping[str, str], words: Words
) -> tuple[dict[str, Keyed], dict[str, str]]:
    """What the form says of each field, and what can't be taken."""
    answers: dict[str, Keyed] = {}
    wrong: dict[str, str] = {}
    for one in mine:
        text, choice = form.get(FIELD + one.field, ""), form.get(CHOICE + one.field, "")
        none = choice if choice in set(Answer) else form.get(NONE + one.field, "")
        if choice in {"first", "second"} and len(one.entries) >= 2:
            entry = one.entries[0 if choice == "first" else 1]
            answers[one.field] = Keyed(Answer(entry.answer), entry.value)
        elif none in {Answer.UNREADABLE, Answer.ABSENT} and not (text.strip() and not choice):
            answers[one.field] = Keyed(Answer(none))
        elif not text.strip():
            wrong[one.field] = words("qc_need_value")
        else:
            try:
                answers[one.field] = keyed(one.field, text)
            except ValueError:
                wrong[one.field] = words("qc_bad_value")
    return answers, wrong
