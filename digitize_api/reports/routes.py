"""``/api/v1/reports``: what was digitised and used again, against which targets, and what lags. No personal data."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from digitize_api.auth.principal import ReadsReports
from digitize_api.context import InContext
from digitize_api.problems import documents
from digitize_api.reports import service
from digitize_api.reports.schemas import ChoiceOut, ReportOut
from models.catalog import Rounding
from models.errors import Forbidden, NotAuthenticated, NotFound
from models.reports.report import Report
from models.reports.sheet import CSV_TYPE, XLSX_TYPE, csv_bytes, xlsx_bytes

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])


def _asked(
    *,
    agency: Annotated[str, Query(max_length=35, description="its code; default the caller's own")] = "",
    period: Annotated[str, Query(max_length=80, description="an id of `/periods`; default `month`")] = "",
    first: Annotated[date | None, Query(description="with `last` instead of `period`: both are days of it")] = None,
    last: date | None = None,
    procedure: Annotated[str, Query(max_length=50, description="mã TTHC; default all")] = "",
    year: Annotated[int | None, Query(ge=1945, le=2199, description="of the inventory of paper results")] = None,
    rounding: Annotated[Rounding | None, Query(description="default: as the catalog has it")] = None,
) -> service.Asked:
    return service.Asked(agency, period, first, last, procedure.strip(), year, rounding)


Asked = Annotated[service.Asked, Depends(_asked)]
_READ = documents(NotAuthenticated, Forbidden, NotFound)


@router.get(
    "",
    summary="Ratios of an agency and those below it over a period",
    description="Every dossier is counted once. Received: by the day of receipt; finished: by the day it ended, at +07:00.",
    responses=_READ,
)
def get_report(asked: Asked, principal: ReadsReports, context: InContext) -> ReportOut:
    return ReportOut.of(service.report(context, principal, asked))


@router.get("/periods", summary="Periods on offer", responses=documents(NotAuthenticated, Forbidden))
def list_periods(_: ReadsReports, context: InContext) -> list[ChoiceOut]:
    return [ChoiceOut.of(choice) for choice in service.periods(context)]


@router.get(
    "/table.csv",
    summary="The same as a table, CSV",
    description="UTF-8 with BOM, semicolons, comma decimals, Vietnamese headers: opens as it is in a Vietnamese Excel.",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The table"}, **_READ},
)
def get_csv(asked: Asked, principal: ReadsReports, context: InContext) -> Response:
    report = service.report(context, principal, asked)
    return _file(report, csv_bytes(report), CSV_TYPE, "csv")


@router.get(
    "/table.xlsx",
    summary="The same as a workbook",
    description="One sheet as printed (ratios as the report states them), one of numbers, one of points.",
    response_class=Response,
    responses={200: {"content": {XLSX_TYPE: {}}, "description": "The workbook"}, **_READ},
)
def get_xlsx(asked: Asked, principal: ReadsReports, context: InContext) -> Response:
    report = service.report(context, principal, asked)
    return _file(report, xlsx_bytes(report), XLSX_TYPE, "xlsx")


def _file(report: Report, content: bytes, media_type: str, ending: str) -> Response:
    name = f"bao-cao-{report.agency.code}-{report.period.first:%Y%m%d}-{report.period.last:%Y%m%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=media_type, headers=headers)
