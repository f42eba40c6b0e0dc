"""``/api/v1/inventory``: the paper results that agencies counted, and what is digitised of them."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, UploadFile
from starlette.types import Scope as HttpScope

from digitize_api.auth.principal import KeepsInventory, ReadsInventory, ReadsReports
from digitize_api.context import InContext
from digitize_api.inventory import service
from digitize_api.inventory.schemas import ImportOut, ImportSummary, LineOut, LinesOut, ScopeOut
from digitize_api.problems import FieldError, FieldsInvalid, documents
from models.errors import CorruptFile, EmptyFile, Forbidden, NotAuthenticated, TooLarge, UnsupportedType
from models.inventory.read import Asked, LineState
from models.local_time import local_day

router = APIRouter(prefix="/api/v1/inventory", tags=["inventory"])

_READ = documents(NotAuthenticated, Forbidden)
_UPLOADS = frozenset({"/api/v1/inventory/imports", "/kiem-dem"})

Year = Annotated[int | None, Query(ge=1945, le=2199)]
OfAgency = Annotated[str, Query(max_length=35, description="one agency alone; default all within reach")]


def is_list(scope: HttpScope) -> bool:
    """Whether the body of this request is a list, which may be longer than other requests."""
    return scope["method"] == "POST" and scope["path"] in _UPLOADS


@router.get(
    "",
    summary="What was counted and what is done, by agency, year and procedure",
    description="Without `limit` all of it, which for a province is thousands; always in the same order.",
    responses=_READ,
)
def get_overview(
    *,
    principal: ReadsReports,
    context: InContext,
    agency: OfAgency = "",
    year: Year = None,
    procedure: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int | None, Query(ge=1, le=5000)] = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> list[ScopeOut]:
    found = service.overview(
        context, principal, agency=agency, year=year, procedure=procedure, limit=limit, offset=offset
    )
    today = local_day()
    return [ScopeOut.of(scope, found.agencies[scope.agency_id], today) for scope in found.scopes]


@router.get(
    "/lines",
    summary="The papers of the lists",
    description="By box and row. `number`: a number as somebody writes it, or a box. Looking at them is logged.",
    responses=_READ,
)
def list_lines(
    *,
    principal: ReadsInventory,
    context: InContext,
    agency: OfAgency = "",
    year: Year = None,
    procedure: Annotated[str | None, Query(max_length=50)] = None,
    state: LineState | None = None,
    number: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> LinesOut:
    asked = Asked(year=year, procedure=procedure, state=state, number=number, limit=limit, offset=offset)
    found, total = service.lines(context, principal, asked, agency=agency)
    return LinesOut(total=total, lines=[LineOut.of(line) for line in found])


@router.get("/imports", summary="The last lists that were brought in", responses=_READ)
def list_imports(principal: ReadsInventory, context: InContext) -> list[ImportSummary]:
    return [ImportSummary.of(one) for one in service.imports(context, principal)]


@router.post(
    "/imports",
    summary="Bring a list in",
    description=(
        "CSV or XLSX with headers in Vietnamese. One wrong row and nothing is kept (`taken: false`), unless `skip_bad`; `errors` names every wrong "
        "row. The same list again changes nothing; a corrected one changes its lines. `replace`: it is all that its agencies counted in its "
        "years, so lines that it lacks count no more. `columns`: header by column, as JSON, where they are not guessed right; kept for the next list."
    ),
    responses=documents(NotAuthenticated, Forbidden, EmptyFile, UnsupportedType, CorruptFile, TooLarge),
)
def post_import(
    *,
    principal: KeepsInventory,
    context: InContext,
    file: Annotated[UploadFile, File()],
    agency: Annotated[str, Form(max_length=35)] = "",
    year: Annotated[int | None, Form(ge=1945, le=2199)] = None,
    procedure: Annotated[str, Form(max_length=50)] = "",
    columns: Annotated[str, Form(max_length=5000, description='{"number": "SHKQ"}')] = "",
    skip_bad: Annotated[bool, Form()] = False,
    replace: Annotated[bool, Form()] = False,
) -> ImportOut:
    brought = service.Brought(
        filename=file.filename or "",
        content=file.file,
        agency=agency,
        year=year,
        procedure=procedure,
        columns=_columns(columns),
        skip_bad=skip_bad,
        replace=replace,
    )
    return service.take(context, principal, brought)


def _columns(text: str) -> dict[str, str]:
    try:
        told = json.loads(text) if text else {}
    except ValueError:
        told = None
    if not isinstance(told, dict) or not all(isinstance(header, str) for header in told.values()):
        raise FieldsInvalid(FieldError(field="columns", message="Không phải JSON hợp lệ. / Not valid JSON."))
    return told
