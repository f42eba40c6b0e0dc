"""Exception records of matching from outside; no id numbers."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from digitize_api.dossiers.schemas import AgencyOut
from digitize_api.inventory.exception_service import Found
from models.entities import Component, InventoryException, InventoryLine
from models.inventory.decisions import Decision, State
from models.inventory.exceptions import MAX_REASON, Choice
from models.inventory.matching import Matched
from models.paper_facts import date_of, value_of
from models.rules import matching
from models.rules.matching import Kind, Likeness

HOLDERS = ("holder_name", "wife_name", "husband_name")


class MatchIn(BaseModel):
    agency: str = Field(default="", max_length=35, description="one agency alone; default all within reach")


class MatchedOut(BaseModel):
    """What came of matching one agency's papers to its lines."""

    agency: str
    lines: int
    papers: int
    tied: int
    loosened: int = Field(description="machine-made ties that what is now known contradicts")
    waiting: int = Field(description="pairs whose paper is not stored yet; nothing is tied before it is")
    new: int = Field(description="records that were not open before")
    gone: int
    open: dict[Kind, int]

    @staticmethod
    def of(code: str, one: Matched) -> MatchedOut:
        return MatchedOut(
            agency=code,
            lines=one.lines,
            papers=one.papers,
            tied=one.tied,
            loosened=one.loosened,
            waiting=one.waiting,
            new=one.new,
            gone=one.gone,
            open=dict(one.open),
        )


class LineSide(BaseModel):
    """What a line of the inventory says."""

    id: str
    year: int
    number: str
    holder_name: str
    issued_on: date | None
    paper_type: str | None
    box: str
    shelf: str

    @staticmethod
    def of(line: InventoryLine) -> LineSide:
        return LineSide(
            id=line.id,
            year=line.year,
            number=line.number,
            holder_name=line.holder_name,
            issued_on=line.issued_on,
            paper_type=line.paper_type,
            box=line.box,
            shelf=line.shelf,
        )


class PaperSide(BaseModel):
    """What a scanned paper says, as far as it was read. ``id``: the component's."""

    id: str
    scan: str
    number: str
    holder_name: str
    issued_on: date | None
    paper_type: str | None
    state: str

    @staticmethod
    def of(paper: Component) -> PaperSide:
        return PaperSide(
            id=paper.id,
            scan=paper.scan_id,
            number=value_of(paper, "number") or "",
            holder_name="; ".join(value for name in HOLDERS if (value := value_of(paper, name))),
            issued_on=date_of(paper, "issued_on"),
            paper_type=paper.paper_type,
            state=paper.state,
        )


class CandidateOut(BaseModel):
    """A line and a paper beside each other; the points are the sum over the fields."""

    line: LineSide | None
    paper: PaperSide | None
    score: int
    fields: dict[matching.Field, Likeness]


class ExceptionOut(BaseModel):
    id: str
    agency: AgencyOut
    kind: Kind
    state: State
    line: LineSide | None
    paper: PaperSide | None
    candidates: list[CandidateOut] = Field(
        description="best first; of a mismatch or duplicate the first is the pair itself"
    )
    found_at: datetime
    decision: Decision | None
    reason: str
    tied_line: str | None
    tied_paper: str | None
    settled_by: str | None
    settled_at: datetime | None

    @staticmethod
    def of(record: InventoryException, found: Found) -> ExceptionOut:
        def line(id_: str | None) -> LineSide | None:
            return LineSide.of(found.lines[id_]) if id_ in found.lines else None

        def paper(id_: str | None) -> PaperSide | None:
            return PaperSide.of(found.papers[id_]) if id_ in found.papers else None

        return ExceptionOut(
            id=record.id,
            agency=AgencyOut.of(record.agency),
            kind=Kind(record.kind),
            state=State(record.state),
            line=line(record.line_id),
            paper=paper(record.component_id),
            candidates=[
                CandidateOut(
                    line=line(one["line"]), paper=paper(one["paper"]), score=one["score"], fields=one["fields"]
                )
                for one in record.candidates
            ],
            found_at=record.found_at,
            decision=Decision(record.decision) if record.decision else None,
            reason=record.reason,
            tied_line=record.tied_line_id,
            tied_paper=record.tied_component_id,
            settled_by=record.settled_by,
            settled_at=record.settled_at,
        )


class ExceptionsOut(BaseModel):
    total: int
    counts: dict[Kind, int] = Field(description="of the asked state, whatever kind was asked for")
    exceptions: list[ExceptionOut]


class DecisionIn(BaseModel):
    """``line`` or ``paper``: the half that the record lacks, for a tie; or ``number``, that of the one line or stored paper meant."""

    decision: Decision
    reason: str = Field(min_length=1, max_length=MAX_REASON)
    line: str | None = Field(default=None, max_length=32)
    paper: str | None = Field(default=None, max_length=32)
    number: str = Field(default="", max_length=100)

    def choice(self) -> Choice:
        return Choice(self.decision, self.reason, self.line, self.paper, self.number)
