"""``/bao-cao``. Every report is a link that can be kept; what is shown goes no further than the reader's own agencies."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right
from digitize_api.context import Context, InContext
from digitize_api.language import language_of
from digitize_api.reports import service
from digitize_api.reports.service import Asked
from digitize_api.web.render import page
from digitize_api.web.reports.charts import bar, climb
from digitize_api.web.session import person
from digitize_api.web.words import Words
from models.administration import list_agencies
from models.catalog import Indicator, Rounding
from models.errors import InvalidRequest
from models.reports.report import Report, Row
from models.rules.ratios import written

router = APIRouter(include_in_schema=False)

_OF: dict[Indicator, str] = {
    Indicator.COMPONENTS: "rp_of_received",
    Indicator.REUSE: "rp_of_received",
    Indicator.ONLINE: "rp_of_received",
    Indicator.RESULTS: "rp_of_finished",
    Indicator.E_RESULTS: "rp_of_finished",
    Indicator.BACKLOG: "rp_of_counted",
}
"""What each ratio is a share of, in words."""
LARGE = (Indicator.COMPONENTS, Indicator.RESULTS, Indicator.REUSE)
SMALL = (Indicator.E_RESULTS, Indicator.ONLINE)
OWN_DAYS = "ngay"
"""The choice of days of one's own among the periods."""


@router.get("/bao-cao")
def report_page(
    *,
    request: Request,
    context: InContext,
    agency: Annotated[str, Query(alias="don-vi", max_length=35)] = "",
    period: Annotated[str, Query(alias="ky", max_length=80)] = "",
    first: Annotated[str, Query(alias="tu", max_length=10)] = "",
    last: Annotated[str, Query(alias="den", max_length=10)] = "",
    procedure: Annotated[str, Query(alias="thu-tuc", max_length=50)] = "",
    year: Annotated[str, Query(alias="nam", max_length=4)] = "",
    rounding: Annotated[str, Query(alias="lam-tron", max_length=20)] = "",
    sort: Annotated[str, Query(alias="xep", max_length=30)] = "",
) -> Response:
    """A condition that is none asks for nothing; an agency out of reach is answered as if it did not exist."""
    principal = person(request, context, Right.READ_REPORT)
    days = [_day(first), _day(last)] if period in {"", OWN_DAYS} else [None, None]
    asked = Asked(
        agency=agency,
        period="" if period == OWN_DAYS else period,
        first=days[0],
        last=days[1],
        procedure=procedure.strip(),
        year=int(year) if year.isdecimal() and 1945 <= int(year) <= 2199 else None,
        rounding=Rounding(rounding) if rounding in set(Rounding) else None,
    )
    wrong = False
    try:
        report = service.report(context, principal, asked)
    except InvalidRequest:
        wrong, asked = True, replace(asked, period="", first=None, last=None)
        report = service.report(context, principal, asked)
    return _shown(request, context, principal, report, asked, sort=sort, wrong=wrong)


def _shown(
    request: Request, context: Context, principal: Principal, report: Report, asked: Asked, *, sort: str, wrong: bool
) -> Response:
    words = Words(language_of(request))
    given = _given(asked)
    kept = {_HERE[name]: value for name, value in given.items()}
    with context.reading() as session:
        agencies = list_agencies(session, principal.agency_ids)
    by = Indicator(sort) if sort in {one.value for one in _OF} else _usual_order(report)
    return page(
        request,
        "reports.html",
        principal,
        status_code=422 if wrong else 200,
        wrong=wrong,
        report=report,
        asked=asked,
        own_days=OWN_DAYS,
        agencies=agencies,
        choices=service.periods(context),
        large=LARGE,
        small=SMALL,
        of=_OF,
        units=_ranked(report, by),
        by=by,
        columns=[one for one in (*LARGE, Indicator.BACKLOG) if one is not Indicator.BACKLOG or report.backlog],
        bar=bar,
        climb=climb(report.backlog) if report.backlog else None,
        percent=lambda value: written(value, comma=words.language == "vi"),
        plain=lambda value: _plain(value, comma=words.language == "vi"),
        link=lambda **more: f"/bao-cao?{urlencode({**kept, **more})}",
        export=urlencode(given),
        totals=sum((score.points for score in report.scores if score.points is not None), Decimal(0)),
    )


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _plain(value: Decimal, *, comma: bool) -> str:
    """A number of the catalog without idle zeros: ``90``, ``87,5``."""
    text = f"{value.normalize():f}"
    return text.replace(".", ",") if comma else text


_HERE: Final = {
    "agency": "don-vi", "period": "ky", "first": "tu", "last": "den", "procedure": "thu-tuc", "year": "nam", "rounding": "lam-tron",
}  # fmt: skip
"""The conditions by the names that the tables' address has for them: those of this page's own."""


def _given(asked: Asked) -> dict[str, str]:
    """The conditions as the tables' address has them."""
    given = {
        "agency": asked.agency,
        "period": asked.period,
        "first": asked.first.isoformat() if asked.first else "",
        "last": asked.last.isoformat() if asked.last else "",
        "procedure": asked.procedure,
        "year": str(asked.year or ""),
        "rounding": asked.rounding.value if asked.rounding else "",
    }
    return {name: value for name, value in given.items() if value}


def _usual_order(report: Report) -> Indicator:
    return Indicator.BACKLOG if report.backlog else Indicator.COMPONENTS


def _ranked(report: Report, by: Indicator) -> list[tuple[int | None, Row]]:
    """Each unit with its rank, 1 the best, the lowest first; units without a ratio have no rank and come last."""
    with_ratio = [row for row in report.rows if by in row.figures and row.figures[by].ratio.denominator]
    ordered = sorted(with_ratio, key=lambda row: (_share(row, by), row.code), reverse=True)
    ranks: dict[str, int] = {}
    for place, row in enumerate(ordered, 1):
        same = place > 1 and _share(row, by) == _share(ordered[place - 2], by)
        ranks[_name(row)] = ranks[_name(ordered[place - 2])] if same else place
    known: list[tuple[int | None, Row]] = [(ranks[_name(row)], row) for row in reversed(ordered)]
    return known + [(None, row) for row in report.rows if _name(row) not in ranks]


def _share(row: Row, by: Indicator) -> Decimal:
    ratio = row.figures[by].ratio
    return Decimal(ratio.numerator) / Decimal(ratio.denominator)


def _name(row: Row) -> str:
    return f"{row.code}{'*' if row.own else ''}"
