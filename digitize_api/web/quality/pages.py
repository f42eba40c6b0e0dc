"""``/so-hoa-lo/{lô}/chat-luong``: the overview, one paper after the other, and odd pages. Plain forms; ``quality.js`` adds keys and the moving image."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

import anyio.to_thread
from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from starlette.responses import RedirectResponse

from digitize_api.audit import record_look
from digitize_api.auth.principal import Principal, check_csrf
from digitize_api.auth.rights import Right
from digitize_api.components import service as components
from digitize_api.components.page_words import read_words
from digitize_api.context import Context, InContext
from digitize_api.language import language_of
from digitize_api.quality import rescanning, service
from digitize_api.quality.service import Asked, Check, Work
from digitize_api.review import service as review
from digitize_api.web.papers import paper_shown
from digitize_api.web.quality.shown import (
    decimal,
    deviation_shown,
    faults_shown,
    quality_shown,
    rescanned_shown,
    returned_shown,
    what_said,
)
from digitize_api.web.render import page
from digitize_api.web.review.shown import page_shown
from digitize_api.web.session import form_fields, person, sender
from digitize_api.web.words import Words
from models import review_leases
from models.batches.quality.deviations import MARKS, Sort
from models.batches.quality.entities import DeviationState, Standing
from models.batches.quality.plan import Plan
from models.errors import (
    Conflict,
    DigitizeError,
    Forbidden,
    HeldByAnother,
    Hindered,
    InvalidRequest,
    NotFound,
    OwnWork,
    StepBlocked,
)
from models.rules.deviations import Measure
from models.rules.faults import Fault

router = APIRouter(prefix="/so-hoa-lo/{batch_id}/chat-luong", include_in_schema=False)

Identifier = Annotated[str, Path(max_length=60)]
Short = Annotated[str, Form(max_length=400)]
RETURNED_SHOWN: Final = 50
AT_ONCE: Final = 50
KEYED: Final = ("number", "issued_on", "holder_name", "holder_id", "holder_birth_date", "issuer", "valid_until", "signer")  # fmt: skip
"""Fields offered to be keyed; others by the API."""
_ROUNDS: Final = {1: Work.ROUND1, 2: Work.ROUND2}
_SHARES: Final = ("sample_share", "error_limit", "keying_share")


async def _form(request: Request) -> dict[str, str]:
    return await form_fields(request, most=100)


Fields = Annotated[Mapping[str, str], Depends(_form)]


def base(batch_id: str) -> str:
    return f"/so-hoa-lo/{quote(batch_id, safe='')}/chat-luong"


def _moment() -> int:
    """What makes an address another than that of the page it stands on, or a browser only scrolls to the mark behind it."""
    return time.time_ns() // 1_000_000


@router.get("")
def quality_page(
    batch_id: Identifier,
    request: Request,
    context: InContext,
    done: Annotated[str, Query(alias="het", max_length=20)] = "",
) -> Response:
    """``het``: work of which nothing is left for whoever asks."""
    principal = person(request, context, Right.READ_BATCH)
    words = Words(language_of(request))
    said = words(f"qc_done_{done}") if done in set(Work) else ""
    return _overview(request, context, principal, batch_id, said=said)


def _overview(
    request: Request,
    context: Context,
    principal: Principal,
    batch_id: str,
    *,
    said: str = "",
    problem: str = "",
    refused: tuple[str, str] = ("", ""),
    given: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """``refused``: the paper whose new scan was, and why."""
    words, catalog = Words(language_of(request)), context.read_catalog()
    seen = service.overview(context, principal, batch_id)
    back = service.returned(context, principal, batch_id, limit=RETURNED_SHOWN + 1)
    again = service.rescans_of(context, batch_id, back)
    if refused[0] not in {one.component.id for one in back[:RETURNED_SHOWN]}:
        problem = problem or refused[1]
    with context.reading() as session:
        names = review_leases.names_of(
            session, {one.row.said_by for one in back if one.row} | {one.asked_by for one in again.values()}
        )
    shown = quality_shown(seen, words)
    offered = dict.fromkeys([*KEYED, *seen.overview.plan.keyed_fields])
    return page(
        request,
        "quality.html",
        principal,
        status_code=status,
        here=base(batch_id),
        quality=shown,
        leads=service.sees_people(principal),
        returned=[
            returned_shown(one, again.get(one.component.id), names, catalog, words) for one in back[:RETURNED_SHOWN]
        ],
        refused=refused,
        most=words.size(context.settings.max_upload_bytes),
        moment=_moment(),
        more=len(back) > RETURNED_SHOWN,
        offered=[(name, words.field(name)) for name in offered],
        given={**shown.shares, **(given or {})},
        said=said,
        problem=problem,
    )


@router.post("/cach-kiem")
def save_plan(batch_id: Identifier, request: Request, context: InContext, form: Fields) -> Response:
    principal = person(request, context, Right.RUN_BATCH)
    check_csrf(principal, form.get("csrf_token"))
    words = Words(language_of(request))
    given = {name: form.get(name, "") for name in _SHARES}
    try:
        told: dict[str, Any] = {name: _share(text) for name, text in given.items()}
        told["keyed_fields"] = tuple(key[2:] for key in form if key.startswith("k-"))
        Plan(**told)
        service.change_plan(context, principal, batch_id, told)
    except InvalidRequest as error:
        service.load(context, principal, batch_id)
        problem = words("qc_wrong_share") if not error.detail.startswith("keyed_fields") else error.detail
        return _overview(request, context, principal, batch_id, problem=problem, given=given, status=error.status)
    return _overview(request, context, principal, batch_id, said=words("qc_plan_saved"))


def _share(text: str) -> float:
    """``30``, ``2,5`` or ``2.5 %`` as a share of one. ``InvalidRequest``."""
    tidy = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        share = round(float(tidy) / 100, 6)
    except ValueError as error:
        raise InvalidRequest("no share") from error
    if not 0 <= share <= 1:
        raise InvalidRequest("no share")
    return share


@router.post("/rut-mau")
def draw_sample(batch_id: Identifier, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    """Answered with what came of it; sent again it draws nothing more."""
    principal = sender(request, context, Right.RUN_BATCH, csrf_token)
    words = Words(language_of(request))
    drawn = service.draw(context, principal, batch_id)
    told = {name: words.number(getattr(drawn, name)) for name in ("new", "drawn", "papers")}
    return _overview(request, context, principal, batch_id, said=words("qc_drawn", **told))


@router.post("/nhom/{stratum_id}")
def waive_stratum(
    *,
    batch_id: Identifier,
    stratum_id: Identifier,
    request: Request,
    context: InContext,
    csrf_token: Short = "",
    reason: Short = "",
) -> Response:
    """A refusal says why as a page."""
    principal = sender(request, context, Right.RUN_BATCH, csrf_token)
    service.waive(context, principal, batch_id, stratum_id, reason)
    return RedirectResponse(f"{base(batch_id)}#strata", status_code=303)


@router.post("/da-xu-ly/{component_id}")
def paper_mended(
    batch_id: Identifier, component_id: Identifier, request: Request, context: InContext, csrf_token: Short = ""
) -> Response:
    """A refusal says why as a page."""
    principal = sender(request, context, Right.REVIEW, csrf_token)
    service.mended(context, principal, batch_id, component_id)
    return RedirectResponse(f"{base(batch_id)}#returned", status_code=303)


@router.post("/quet-lai/{component_id}")
async def rescan_paper(
    batch_id: Identifier, component_id: Identifier, request: Request, context: InContext
) -> Response:
    """The file streams to the store like any scan. A refusal is told beside the paper, which stands as it stood."""
    in_thread = anyio.to_thread.run_sync
    principal = await in_thread(person, request, context, Right.REVIEW)
    try:
        await rescanning.take(
            request, context, principal, batch_id, component_id, check_form=partial(check_csrf, principal)
        )
    except (NotFound, Forbidden):
        raise
    except DigitizeError as error:
        words = Words(language_of(request))
        why = words("qc_rescan_not_now") if type(error) is Conflict else ". ".join(words.error(error.code))
        show = partial(_overview, refused=(component_id, why), status=error.status)
        return await in_thread(show, request, context, principal, batch_id)
    return RedirectResponse(f"{base(batch_id)}?luc={_moment()}#paper-{component_id}", status_code=303)


# ---- one paper after the other


@router.get("/kiem")
def next_check(
    *,
    batch_id: Identifier,
    request: Request,
    context: InContext,
    round_: Annotated[int, Query(alias="vong", ge=1, le=2)] = 1,
    after: Annotated[str, Query(alias="sau", max_length=60)] = "",
) -> Response:
    """On to the next paper of the round, held for whoever asks; to the overview when there is none."""
    principal = person(request, context, Right.REVIEW)
    return _onward(context, principal, batch_id, round_, after=after)


def _onward(
    context: Context, principal: Principal, batch_id: str, round_: int, *, after: str, did: str = ""
) -> RedirectResponse:
    work = _ROUNDS[round_]
    following = service.take_next(context, principal, batch_id, work, after)
    if following is None:
        return RedirectResponse(f"{base(batch_id)}?het={work.value}", status_code=303)
    told: dict[str, str | int] = {"vong": round_, **({"xong": after, "la": did} if did else {})}
    return RedirectResponse(f"{base(batch_id)}/kiem/{following}?{urlencode(told)}", status_code=303)


@router.get("/kiem/{component_id}")
def check_page(
    *,
    batch_id: Identifier,
    component_id: Identifier,
    request: Request,
    context: InContext,
    round_: Annotated[int, Query(alias="vong", ge=1, le=2)] = 1,
    number: Annotated[int, Query(alias="trang", ge=1, le=100_000)] = 1,
    done: Annotated[str, Query(alias="xong", max_length=60)] = "",
    did: Annotated[str, Query(alias="la", max_length=10)] = "",
) -> Response:
    principal = person(request, context, Right.REVIEW)
    words = Words(language_of(request))
    said = words(f"qc_did_{did}") if did in {"accept", "return"} else ""
    return _check(
        request, context, principal, batch_id, component_id, round_=round_, number=number, said=said, done=done
    )


def _check(
    request: Request,
    context: Context,
    principal: Principal,
    batch_id: str,
    component_id: str,
    *,
    round_: int,
    number: int = 1,
    said: str = "",
    done: str = "",
    problem: str = "",
    hindered: Hindered | None = None,
    form: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    words, catalog = Words(language_of(request)), context.read_catalog()
    held, until = hold(request, context, principal, batch_id, component_id)
    loaded = service.paper(context, principal, batch_id, component_id)
    component, pages = components.load(context, principal, component_id)
    if number > len(pages):
        raise NotFound
    record_look(context, principal, "fields", component=component)
    record_look(context, principal, "page", component=component, page=number)
    shown = pages[number - 1]
    row = loaded.paper.row
    before = row.faults if row and loaded.paper.standing is not Standing.PASSED else []
    return page(
        request,
        "quality_check.html",
        principal,
        status_code=status,
        here=base(batch_id),
        batch=loaded.batch,
        item=loaded.paper.item,
        component=component,
        paper=paper_shown(component, catalog, words),
        shown=page_shown(component, shown, read_words(context.store, shown), words),
        count=len(pages),
        round=round_,
        faults=faults_shown(words),
        ticked={key[2:] for key in (form or {}) if key.startswith("l-")},
        typed=(form or {}).get("words", ""),
        before=[words(f"qc_f_{one}") for one in before],
        before_words=row.words if row and before else "",
        again=rescanned_shown(loaded, words),
        held=held,
        until=until,
        said=said,
        done=done,
        problem=problem,
        reasons=hindered.reasons if hindered else [],
    )


def hold(request: Request, context: Context, principal: Principal, batch_id: str, component_id: str) -> tuple[str, str]:
    """Why the paper is another's, or until when it is held. A browser that only fetches ahead holds nothing."""
    words = Words(language_of(request))
    if "prefetch" in request.headers.get("sec-purpose", ""):
        return "", ""
    service.paper(context, principal, batch_id, component_id)
    try:
        lease = review.take(context, principal, component_id)
    except HeldByAnother as error:
        return words("qc_held", why=" ".join(str(reason[words.language]) for reason in error.reasons)), ""
    return "", lease.until.isoformat()


@router.post("/kiem/{component_id}")
def check_paper(
    batch_id: Identifier, component_id: Identifier, request: Request, context: InContext, form: Fields
) -> Response:
    """``do``: ``accept``, ``return``, ``skip``; ``auto`` returns when a reason is chosen, else accepts."""
    principal = person(request, context, Right.REVIEW)
    check_csrf(principal, form.get("csrf_token"))
    words = Words(language_of(request))
    round_ = 2 if form.get("vong") == "2" else 1
    do = form.get("do", "auto")
    if do == "skip":
        service.load(context, principal, batch_id)
        return _onward(context, principal, batch_id, round_, after=component_id)
    faults = _faults(form)
    if do == "auto":
        do = "return" if faults or form.get("words", "").strip() else "accept"

    def again(problem: str, error: DigitizeError, hindered: Hindered | None = None) -> Response:
        return _check(
            request,
            context,
            principal,
            batch_id,
            component_id,
            round_=round_,
            problem=problem,
            hindered=hindered,
            form=form,
            status=error.status,
        )

    if do == "return" and not faults:
        return again(words("qc_need_fault"), InvalidRequest())
    said = Check(round_, _version(form), faults if do == "return" else frozenset(), form.get("words", "")[:300])
    try:
        service.say(context, principal, batch_id, component_id, said)
    except StepBlocked as error:
        return again(words("qc_blocked"), error, error)
    except HeldByAnother as error:
        return again("", error)
    except OwnWork as error:
        return again(words("qc_own"), error)
    except Conflict as error:
        return again(words("qc_changed"), error)
    return _onward(context, principal, batch_id, round_, after=component_id, did=do)


def _faults(form: Mapping[str, str]) -> frozenset[Fault]:
    try:
        return frozenset(Fault(key[2:]) for key in form if key.startswith("l-"))
    except ValueError as error:
        raise InvalidRequest from error


def _version(form: Mapping[str, str]) -> int:
    text = form.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        raise InvalidRequest("version")
    return int(text)


# ---- odd pages


@router.get("/khac-thuong")
def deviations_page(
    *,
    batch_id: Identifier,
    request: Request,
    context: InContext,
    state: Annotated[str, Query(alias="trang-thai", max_length=10)] = DeviationState.OPEN.value,
    what: Annotated[str, Query(alias="loai", max_length=30)] = "",
    sort: Annotated[str, Query(alias="xep", max_length=10)] = Sort.UNLIKE.value,
    first: Annotated[int, Query(alias="tu", ge=0, le=1_000_000)] = 0,
) -> Response:
    principal = person(request, context, Right.READ_BATCH)
    known = {one.value for one in DeviationState} - {DeviationState.GONE.value}
    asked = Asked(
        state=DeviationState(state) if state in known else DeviationState.OPEN,
        what=what if what in {*Measure, *MARKS} else "",
        sort=Sort(sort) if sort in set(Sort) else Sort.UNLIKE,
        limit=AT_ONCE,
        offset=first,
    )
    return _deviations(request, context, principal, batch_id, asked)


def _deviations(
    request: Request, context: Context, principal: Principal, batch_id: str, asked: Asked, *, said: str = ""
) -> Response:
    words = Words(language_of(request))
    found = service.list_deviations(context, principal, batch_id, asked)
    here = f"{base(batch_id)}/khac-thuong"
    state = (asked.state or DeviationState.OPEN).value

    def link(**other: str | int) -> str:
        told = {"trang-thai": state, "loai": asked.what, "xep": asked.sort.value, **other}
        return f"{here}?{urlencode({name: value for name, value in told.items() if value})}"

    return page(
        request,
        "quality_deviations.html",
        principal,
        here=base(batch_id),
        batch=found.batch,
        rows=[deviation_shown(one, item, found.names, words) for one, item in found.records],
        total=found.total,
        counts={one.value: found.counts[one] for one in DeviationState if one is not DeviationState.GONE},
        state=state,
        what=asked.what,
        whats=[(one, what_said(one, words)) for one in (*Measure, *MARKS)],
        sort=asked.sort.value,
        sorts=[one.value for one in Sort],
        first=asked.offset,
        at_once=AT_ONCE,
        link=link,
        said=said,
        decimal=lambda value: decimal(value, words),
    )


@router.post("/khac-thuong")
def find_deviations(batch_id: Identifier, request: Request, context: InContext, csrf_token: Short = "") -> Response:
    """Answered with what came of it; sent again it changes nothing."""
    principal = sender(request, context, Right.REVIEW, csrf_token)
    words = Words(language_of(request))
    found = service.find_deviations(context, principal, batch_id)
    told = {name: words.number(count) for name, count in asdict(found).items()}
    said = words("qc_found", new=told["new"], gone=told["gone"])
    return _deviations(request, context, principal, batch_id, Asked(), said=said)


@router.post("/khac-thuong/{deviation_id}")
def decide(
    *,
    batch_id: Identifier,
    deviation_id: Identifier,
    request: Request,
    context: InContext,
    csrf_token: Short = "",
    decision: Short = "",
    words: Annotated[str, Form(max_length=300)] = "",
    back: Short = "",
) -> Response:
    """``back``: the query of the list that it was decided in. A refusal says why as a page."""
    principal = sender(request, context, Right.REVIEW, csrf_token)
    if decision not in {DeviationState.FINE, DeviationState.RESCAN, DeviationState.OPEN}:
        raise InvalidRequest("decision")
    service.decide(context, principal, batch_id, deviation_id, DeviationState(decision), words=words)
    query = f"?{back}" if back and "\n" not in back and "#" not in back else ""
    return RedirectResponse(f"{base(batch_id)}/khac-thuong{query}", status_code=303)
