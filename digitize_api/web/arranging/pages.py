"""``/ban-quet/{id}``: where one paper of a scan ends and the next begins, and which way up its pages are. A plain form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.responses import RedirectResponse

from digitize_api.arranging import service
from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right
from digitize_api.context import InContext
from digitize_api.language import language_of
from digitize_api.scans import service as scans
from digitize_api.web.papers import paper_shown
from digitize_api.web.render import page
from digitize_api.web.session import form_fields, person, sender
from digitize_api.web.words import Words
from models.arrangements import FIXED, TURNS, Wanted, is_pending
from models.entities import Event, Scan, ScanState
from models.errors import Conflict, Hindered, InvalidRequest

router = APIRouter(prefix="/ban-quet")

Identifier = Annotated[str, Path(max_length=60)]
_TOLD = frozenset({"arranged", "arranging", "arrangement_failed"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page as it is shown. ``paper``: the kind of the paper that begins here; ``fixed``: of one that is confirmed. ``turns``: it may be turned."""

    number: int
    begins: bool
    paper: str
    fixed: bool
    turns: bool


async def _form(request: Request) -> dict[str, str]:
    return await form_fields(request, most=4000)


Form = Annotated[Mapping[str, str], Depends(_form)]


@router.get("/{scan_id}")
def arrange_page(
    scan_id: Identifier,
    request: Request,
    context: InContext,
    said: Annotated[str, Query(alias="xong", max_length=1)] = "",
) -> Response:
    """The pages in their order. A scan of another agency is not found."""
    principal = person(request, context, Right.REVIEW)
    scan, timeline = scans.load(context, principal, scan_id)
    told = "arrange_same" if said == "0" else ""
    return _shown(request, context, principal, scan, timeline=timeline, told=told)


@router.post("/{scan_id}")
def arrange_form(scan_id: Identifier, request: Request, context: InContext, form: Form) -> Response:
    """``b-N``: a paper begins at page N; ``t-N``: turn it by so many degrees."""
    principal = sender(request, context, Right.REVIEW, form.get("csrf_token", ""))
    wanted = Wanted(
        frozenset(_numbered(form, "b-")),
        {
            number: int(form[f"t-{number}"])
            for number in _numbered(form, "t-")
            if form[f"t-{number}"] in map(str, TURNS)
        },
    )
    try:
        _, todo = service.arrange(context, principal, scan_id, wanted)
    except (Conflict, InvalidRequest) as error:
        scan, timeline = scans.load(context, principal, scan_id)
        return _shown(request, context, principal, scan, timeline=timeline, problem=error, status_code=error.status)
    return RedirectResponse(f"/ban-quet/{scan_id}?xong={int(todo)}", status_code=303)


def _numbered(form: Mapping[str, str], prefix: str) -> list[int]:
    return [int(key[2:]) for key in form if key.startswith(prefix) and key[2:].isascii() and key[2:].isdecimal() and len(key) < 9]  # fmt: skip


def _shown(
    request: Request,
    context: InContext,
    principal: Principal,
    scan: Scan,
    *,
    timeline: list[Event],
    told: str = "",
    problem: Conflict | InvalidRequest | None = None,
    status_code: int = 200,
) -> Response:
    words = Words(language_of(request))
    catalog = context.read_catalog()
    kinds = {
        component.first_page: (paper_shown(component, catalog, words).kind, component.state in FIXED)
        for component in scan.components
    }
    last = next((event.kind for event in reversed(timeline) if event.kind in _TOLD), "")
    return page(
        request,
        "arrange.html",
        principal,
        status_code=status_code,
        scan=scan,
        leaves=[
            Leaf(one.number, one.number in kinds, *kinds.get(one.number, ("", False)), turns=one.origin != "text")
            for one in scan.pages
        ],
        ready=scan.state == ScanState.DONE,
        pending=is_pending(scan),
        failed=last == "arrangement_failed",
        told=told,
        problem=problem,
        reasons=problem.reasons if isinstance(problem, Hindered) else [],
        language=words.language,
    )
