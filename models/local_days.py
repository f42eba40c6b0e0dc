"""Việt Nam's calendar days within the database (``models.local_time`` for everybody else)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from models.local_time import LOCAL


def days(first: date, last: date) -> tuple[datetime, datetime]:
    """The instants from which and before which these days last, both of them included."""
    return datetime.combine(first, time(), LOCAL), datetime.combine(last + timedelta(days=1), time(), LOCAL)


class _LocalDayOf(FunctionElement[date]):
    type = Date()
    inherit_cache = True
    name = "local_day_of"


@compiles(_LocalDayOf, "sqlite")
def _on_sqlite(element: _LocalDayOf, compiler: SQLCompiler, **kw: Any) -> str:
    return f"date({compiler.process(element.clauses, **kw)}, '+7 hours')"


@compiles(_LocalDayOf, "postgresql")
def _on_postgresql(element: _LocalDayOf, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AT TIME ZONE INTERVAL '+7 hours' AS DATE)"


def local_day_of(instant: Any) -> ColumnElement[date]:
    """:func:`local_day` of a column of instants, within the database."""
    return _LocalDayOf(instant)
