"""The inventory from outside; holders' id numbers are masked."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from digitize_api.dossiers.schemas import AgencyOut, mask
from models.catalog.sheets import RowError
from models.entities import Agency, InventoryImport, InventoryLine
from models.inventory.counts import Scope
from models.inventory.read import LineState


class ScopeOut(BaseModel):
    """What an agency counted of one year and procedure, and what is digitised of it by today."""

    agency: AgencyOut
    year: int
    procedure: str = Field(description="national code; empty: of several procedures")
    total: int
    listed: int = Field(description="papers that a list names one by one")
    counted: int = Field(description="the number that was given; 0: none")
    done: int
    rest: int

    @staticmethod
    def of(scope: Scope, agency: Agency, by: date) -> ScopeOut:
        ratio = scope.ratio(by)
        return ScopeOut(
            agency=AgencyOut.of(agency),
            year=scope.year,
            procedure=scope.procedure,
            total=scope.total,
            listed=scope.listed,
            counted=scope.counted,
            done=ratio.numerator,
            rest=ratio.rest,
        )


class LineOut(BaseModel):
    id: str
    agency: AgencyOut
    year: int
    procedure: str
    state: LineState
    listed: bool = Field(description="false: so many papers of which only the number is known")
    count: int
    number: str
    title: str
    paper_type: str | None
    holder_name: str
    holder_id_number: str = Field(description="masked")
    issued_on: date | None
    box: str
    shelf: str
    note: str
    result: str | None = Field(description="the stored paper that it became")

    @staticmethod
    def of(line: InventoryLine) -> LineOut:
        return LineOut(
            id=line.id,
            agency=AgencyOut.of(line.agency),
            year=line.year,
            procedure=line.procedure,
            state=state_of(line),
            listed=line.listed,
            count=line.count,
            number=line.number,
            title=line.title,
            paper_type=line.paper_type,
            holder_name=line.holder_name,
            holder_id_number=mask(line.holder_id_number) if line.holder_id_number else "",
            issued_on=line.issued_on,
            box=line.box,
            shelf=line.shelf,
            note=line.note,
            result=line.result_id,
        )


def state_of(line: InventoryLine) -> LineState:
    if line.withdrawn_at is not None:
        return LineState.WITHDRAWN
    return LineState.DONE if line.result_id is not None else LineState.OPEN


class LinesOut(BaseModel):
    total: int
    lines: list[LineOut]


class RowErrorOut(BaseModel):
    """What is wrong with a row, by its number as a spreadsheet shows it."""

    row: int
    column: str
    vi: str
    en: str

    @staticmethod
    def of(error: RowError) -> RowErrorOut:
        return RowErrorOut(row=error.row, column=error.column, vi=error.vi, en=error.en)


class ImportOut(BaseModel):
    """What became of a list. ``taken`` false: it had wrong rows, and nothing of it was kept."""

    taken: bool
    id: str | None
    filename: str
    at: datetime | None
    rows: int = Field(description="rows that are right")
    created: int
    changed: int
    unchanged: int
    withdrawn: int = Field(description="lines that the list no longer has")
    columns: dict[str, str] = Field(
        description="header by column, as they were understood; kept for the agency's next list"
    )
    ignored: list[str] = Field(description="headers that were not understood")
    errors: list[RowErrorOut]


class ImportSummary(BaseModel):
    id: str
    agency: AgencyOut
    at: datetime
    by: str
    filename: str
    created: int
    changed: int
    unchanged: int
    withdrawn: int
    refused: int

    @staticmethod
    def of(one: InventoryImport) -> ImportSummary:
        return ImportSummary(
            id=one.id,
            agency=AgencyOut.of(one.agency),
            at=one.at,
            by=one.actor,
            filename=one.filename,
            created=one.created,
            changed=one.changed,
            unchanged=one.unchanged,
            withdrawn=one.withdrawn,
            refused=one.refused,
        )
