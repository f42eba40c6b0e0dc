"""``/kiem-dem``: what was counted, bringing lists in, looking through them. The form is answered with what became of the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from starlette.responses import RedirectResponse

from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right
from digitize_api.context import Context, InContext
from digitize_api.inventory import service
from digitize_api.inventory.schemas import ImportOut, state_of
from digitize_api.language import language_of
from digitize_api.problems import FieldsInvalid
from digitize_api.web.event_words import who
from digitize_api.web.render import page
from digitize_api.web.session import person, sender
from digitize_api.web.words import Words
from models import accounts
from models.catalog import ReportRules, Rounding
from models.entities import Agency
from models.errors import DigitizeError, InvalidRequest, NotFound
from models.inventory import store
from models.inventory.boxes import box_of_code, is_box_code
from models.inventory.columns import NAMES
from models.inventory.counts import Scope
from models.inventory.matching import open_by_kind
from models.inventory.read import Asked, LineState
from models.local_time import local_day
from models.rules.ratios import Ratio, written

router = APIRouter(include_in_schema=False)

AT_ONCE: Final = 50
MOST_SCOPES: Final = 200
ALL_YEARS: Final = "tat-ca"
TOLD: Final = tuple(NAMES)
"""Columns that somebody may name, in the order of the form."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of the table: what an agency counted of a year, by procedure where that is not too much to read."""

    agency_id: str
    year: int
    procedure: str
    total: int
    listed: int
    ratio: Ratio


@dataclass(frozen=True, slots=True)
class Given:
    """What the form is filled in with."""

    agency: str = ""
    year: str = ""
    procedure: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    skip_bad: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the lists is shown, and, of a province's counts, which unit's (``unit``) and of which year (``counted``: also ``ALL_YEARS``)."""

    agency: str = ""
    year: str = ""
    state: str = ""
    number: str = ""
    first: int = 0
    unit: str = ""
    counted: str = ""

    def link(self, first: int) -> str:
        given = {"co-quan": self.agency, "nam": self.year, "trang-thai": self.state, "tim": self.number}
        given |= {"don-vi": self.unit, "dem-nam": self.counted}
        kept = {name: value for name, value in given.items() if value}
        return f"/kiem-dem?{urlencode({**kept, 'tu': first})}#lines"


def _into(unit: str, year: str | int) -> str:
    given = {"don-vi": unit, "dem-nam": year}
    return f"/kiem-dem?{urlencode(given)}#done"


@router.get("/kiem-dem")
def inventory_page(
    *,
    request: Request,
    context: InContext,
    agency: Annotated[str, Query(alias="co-quan", max_length=35)] = "",
    year: Annotated[str, Query(alias="nam", max_length=4)] = "",
    state: Annotated[str, Query(alias="trang-thai", max_length=20)] = "",
    number: Annotated[str, Query(alias="tim", max_length=100)] = "",
    first: Annotated[int, Query(alias="tu", ge=0, le=10_000_000)] = 0,
    unit: Annotated[str, Query(alias="don-vi", max_length=35)] = "",
    counted: Annotated[str, Query(alias="dem-nam", max_length=6)] = "",
) -> Response:
    """``don-vi``, ``dem-nam``: whose counts and of which year, where all of them are more than a person reads."""
    principal = person(request, context, Right.READ_INVENTORY)
    if is_box_code(number):  # scanned off a box's ticket, or typed
        with context.reading() as session, suppress(NotFound):
            box = box_of_code(session, number, principal.agency_ids)
            place = urlencode({"co-quan": box.agency.code, "nam": box.year, "hop": box.name})
            return RedirectResponse(f"/kiem-dem/hop?{place}", status_code=303)
    return _page(request, context, principal, Filter(agency, year, state, number.strip(), first, unit, counted))


@router.post("/kiem-dem")
def take_list(
    *,
    request: Request,
    context: InContext,
    file: Annotated[UploadFile | None, File()] = None,
    csrf_token: Annotated[str, Form(max_length=100)] = "",
    agency: Annotated[str, Form(max_length=35)] = "",
    year: Annotated[str, Form(max_length=4)] = "",
    procedure: Annotated[str, Form(max_length=50)] = "",
    column: Annotated[list[str], Form(max_length=len(TOLD))] = [],  # noqa: B006 - FastAPI makes a copy of its own
    skip_bad: Annotated[bool, Form()] = False,
    replace: Annotated[bool, Form()] = False,
) -> Response:
    """``column``: the headers told, in the order of ``TOLD``. Answered with what became of the list; sent again it changes nothing."""
    principal = sender(request, context, Right.KEEP_INVENTORY, csrf_token)
    told = {key: header.strip()[:200] for key, header in zip(TOLD, column, strict=False) if header.strip()}
    given = Given(agency, year, procedure.strip(), told, skip_bad, replace)
    words = Words(language_of(request))
    if file is None or not file.filename:
        return _page(
            request, context, principal, Filter(), given=given, problem=words.error("EMPTY_FILE")[0], status=422
        )
    brought = service.Brought(
        filename=file.filename,
        content=file.file,
        agency=agency,
        year=_year(year),
        procedure=given.procedure,
        columns=told,
        skip_bad=skip_bad,
        replace=replace,
    )
    try:
        outcome = service.take(context, principal, brought)
    except DigitizeError as error:
        said = _said(error, words)
        return _page(request, context, principal, Filter(), given=given, problem=said, status=error.status)
    status = 200 if outcome.taken else 422
    return _page(request, context, principal, Filter(), given=given, outcome=outcome, status=status)


def _said(error: DigitizeError, words: Words) -> str:
    """What is wrong, in one line."""
    if isinstance(error, FieldsInvalid) and error.errors:
        vi, _, en = error.errors[0].message.partition(" / ")
        return vi if words.language == "vi" else en
    if isinstance(error, InvalidRequest):
        return words("iv_no_headers")
    return ". ".join(words.error(error.code))


def _page(
    request: Request,
    context: Context,
    principal: Principal,
    asked: Filter,
    *,
    given: Given | None = None,
    outcome: ImportOut | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    words = Words(language_of(request))
    catalog = context.read_catalog()
    today = local_day()
    agencies = service.agencies(context, principal)
    reach = {agency.code for agency in agencies.values()}
    found = service.all_or_level(
        context,
        principal,
        MOST_SCOPES,
        agency=asked.unit if asked.unit in reach else "",
        year=_year(asked.counted),
        all_years=asked.counted == ALL_YEARS,
    )
    level = found if isinstance(found, service.Level) else None
    counted = _counted(found.scopes, agencies)
    wanted = Asked(
        year=_year(asked.year),
        state=LineState(asked.state) if asked.state in set(LineState) else None,
        number=asked.number,
        limit=AT_ONCE,
        offset=asked.first,
    )
    lines, total = service.lines(context, principal, wanted, agency=asked.agency if asked.agency in reach else "")
    lists = service.imports(context, principal)
    all_years = (
        service.years_of_lists(context, principal)
        if level is None or level.agency.id != principal.agency.id
        else level.years
    )
    with context.reading() as session:
        names = accounts.names_of(session, {one.actor for one in lists})
        known = store.remembered(session, principal.agency.id)
        waiting = sum(open_by_kind(session, sorted(principal.agency_ids)).values())

    def procedure(code: str) -> str:
        line = catalog.procedure(code, today) if code else None
        return line.name if line else code or words("iv_several")

    return page(
        request,
        "inventory.html",
        principal,
        status_code=status,
        counted=counted,
        level=level,
        into=_into,
        all_years_word=ALL_YEARS,
        agencies=sorted(agencies.values(), key=lambda agency: agency.code),
        agency_of=agencies,
        years=all_years,
        sum_of=level.total.ratio if level and level.units else _sum_of(counted),
        percent=lambda ratio: _percent(ratio, catalog_rules=catalog.report_rule(today), words=words),
        procedure=procedure,
        told=TOLD,
        given=given or Given(agency=principal.agency.code, columns=known),
        outcome=outcome,
        problem=problem,
        asked=asked,
        states=[state.value for state in LineState],
        state_of=state_of,
        lines=lines,
        total=total,
        at_once=AT_ONCE,
        waiting=waiting,
        lists=[(one, who(one.actor, words, names)) for one in lists],
        paper_name=lambda code: words.paper_type(code, catalog),
    )


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 1945 <= int(text) <= 2199 else None


def _counted(scopes: list[Scope], agencies: Mapping[str, Agency]) -> list[Counted]:
    """Newest year first, then by agency. More than ``MOST_SCOPES``: one line for an agency's year."""
    today = local_day()
    by: defaultdict[tuple[str, int, str], list[Scope]] = defaultdict(list)
    for scope in scopes:
        by[scope.agency_id, scope.year, scope.procedure if len(scopes) <= MOST_SCOPES else ""].append(scope)
    rows = [
        Counted(
            agency_id,
            year,
            procedure,
            total=sum(scope.total for scope in group),
            listed=sum(scope.listed for scope in group),
            ratio=Ratio(sum(scope.done(today) for scope in group), sum(scope.total for scope in group)),
        )
        for (agency_id, year, procedure), group in by.items()
    ]
    return sorted(rows, key=lambda row: (-row.year, agencies[row.agency_id].code, row.procedure))


def _sum_of(rows: list[Counted]) -> Ratio:
    return Ratio(sum(row.ratio.numerator for row in rows), sum(row.total for row in rows))


def _percent(ratio: Ratio, *, catalog_rules: ReportRules | None, words: Words) -> str:
    rounding, decimals = (catalog_rules.rounding, catalog_rules.decimals) if catalog_rules else (Rounding.TRUNCATE, 1)
    shown = written(ratio.percent(rounding, decimals), comma=words.language == "vi")
    return shown if ratio.denominator == 0 else f"{shown} %"
