"""A report from outside. Every ratio says its numerator and denominator; where the denominator is 0 there is none (null, ``n/a``)."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from digitize_api.dossiers.schemas import AgencyOut
from models.catalog import Line, ReportRules, ReportTarget
from models.reports.choose import Choice
from models.reports.report import Backlog, Figure, Report, Row, Score
from models.rules.periods import Period
from models.rules.ratios import written


class SourceOut(BaseModel):
    """Where a line of the catalog comes from and how sure it is (R40): Q quoted, P paraphrased, M from memory, I inferred."""

    source: str
    certainty: str
    note: str | None

    @staticmethod
    def about(line: Line) -> dict[str, str | None]:
        return {"source": line.source, "certainty": line.certainty.value, "note": line.note}


class PeriodOut(BaseModel):
    name: str
    first: date
    last: date = Field(description="a day of the period, as the first is")
    due: date | None = Field(description="the day before which the plan wants the report")
    cumulative: bool

    @staticmethod
    def of(period: Period) -> PeriodOut:
        return PeriodOut(
            name=period.name, first=period.first, last=period.last, due=period.due, cumulative=period.cumulative
        )


class ChoiceOut(SourceOut):
    """A period on offer; ``-N`` behind the id of one that comes again is the Nth before the present one."""

    id: str = Field(examples=["month-1", "tien_giang_2023_4"])
    plan: str | None
    period: PeriodOut

    @staticmethod
    def of(choice: Choice) -> ChoiceOut:
        about = {"id": choice.id, "plan": choice.line.plan, "period": PeriodOut.of(choice.period)}
        return ChoiceOut.model_validate({**SourceOut.about(choice.line), **about})


class TargetOut(SourceOut):
    id: str
    name: str
    percent: float
    until: date | None

    @staticmethod
    def of(target: ReportTarget) -> TargetOut:
        about = {"id": target.id, "name": target.name, "percent": float(target.percent), "until": target.valid_to}
        return TargetOut.model_validate({**SourceOut.about(target), **about})


class FigureOut(BaseModel):
    numerator: int
    denominator: int
    percent: float | None = Field(description="rounded as the report says; null: the denominator is 0")
    text: str = Field(description="as Vietnam writes it", examples=["96,7", "n/a"])
    target: TargetOut | None
    reached: bool | None = Field(description="the exact ratio against the target; null: no target, or no ratio")
    lacks: int | None = Field(description="how many more it takes to reach the target")

    @staticmethod
    def of(figure: Figure) -> FigureOut:
        return FigureOut(
            numerator=figure.ratio.numerator,
            denominator=figure.ratio.denominator,
            percent=None if figure.percent is None else float(figure.percent),
            text=written(figure.percent),
            target=TargetOut.of(figure.target) if figure.target else None,
            reached=figure.reached,
            lacks=figure.lacks,
        )


class RowOut(BaseModel):
    """An agency with all below it (``own``: without), or a procedure. ``figures``: by indicator."""

    code: str
    name: str
    own: bool
    figures: dict[str, FigureOut] = Field(
        description="components, reuse, online: of dossiers received in the period; results, e_results, finished_*: of dossiers finished in it"
    )
    inventoried: int = Field(description="paper results counted, of the report's inventory year")
    done: int = Field(description="of these, digitised by the end of the period")
    done_in_period: int

    @staticmethod
    def of(row: Row) -> RowOut:
        return RowOut(
            code=row.code,
            name=row.name,
            own=row.own,
            figures={indicator.value: FigureOut.of(figure) for indicator, figure in row.figures.items()},
            inventoried=row.inventoried,
            done=row.done,
            done_in_period=row.done_in_period,
        )


class ScoreOut(SourceOut):
    """Points of QĐ 766/QĐ-TTg, by a formula that is configuration."""

    id: str
    name: str
    numerator: int
    denominator: int
    points: float | None
    weight: float
    full_from: float | None = Field(description="per cent from which all points are given")

    @staticmethod
    def of(score: Score) -> ScoreOut:
        line = score.line
        about = {
            "id": line.id,
            "name": line.name,
            "numerator": score.ratio.numerator,
            "denominator": score.ratio.denominator,
            "points": None if score.points is None else float(score.points),
            "weight": float(line.weight),
            "full_from": None if line.full_from is None else float(line.full_from),
        }
        return ScoreOut.model_validate({**SourceOut.about(line), **about})


class BacklogOut(BaseModel):
    """The inventory of one year, and when its target is met if the pace of the last days goes on."""

    year: int
    figure: FigureOut
    in_period: int
    by_day: dict[date, int] = Field(description="papers digitised, by the day of their scan")
    as_of: date
    pace_days: int = Field(description="calendar days that the pace is the mean of")
    per_day: float
    met_on: date | None = Field(description="null: never at this pace, or there is no target")
    needed_per_day: int | None = Field(
        description="to meet the target by its last day; null: there is none, or it is over"
    )
    late: bool

    @staticmethod
    def of(backlog: Backlog) -> BacklogOut:
        return BacklogOut(
            year=backlog.year,
            figure=FigureOut.of(backlog.figure),
            in_period=backlog.in_period,
            by_day=backlog.by_day,
            as_of=backlog.as_of,
            pace_days=backlog.pace.days,
            per_day=round(float(backlog.pace.per_day), 2),
            met_on=backlog.met_on,
            needed_per_day=backlog.needed_per_day,
            late=backlog.late,
        )


class RulesOut(SourceOut):
    """What the law's text leaves open, as it was decided here."""

    rounding: str = Field(examples=["truncate", "half_up"])
    decimals: int
    no_result_counts: bool = Field(description="a finished dossier whose procedure gives no paper counts as fulfilled")
    reuse_counts: bool = Field(description="a dossier that only uses stored papers again counts as digitised")

    @staticmethod
    def of(rules: ReportRules, rounding: str) -> RulesOut:
        about = {
            "rounding": rounding,
            "decimals": rules.decimals,
            "no_result_counts": rules.no_result_counts,
            "reuse_counts": rules.reuse_counts,
        }
        return RulesOut.model_validate({**SourceOut.about(rules), **about})


class ReportOut(BaseModel):
    agency: AgencyOut
    period: PeriodOut
    procedure: str
    rules: RulesOut
    made_at: datetime
    total: RowOut
    rows: list[RowOut] = Field(description="the agency itself, and each unit right below it with all below that")
    procedures: list[RowOut]
    lagging: list[str] = Field(description="codes of units that miss a target, those that lack most first")
    scores: list[ScoreOut]
    backlog: BacklogOut | None = Field(description="null: no paper results were counted")
    years: list[int] = Field(description="that paper results were counted of")

    @staticmethod
    def of(report: Report) -> ReportOut:
        return ReportOut(
            agency=AgencyOut.of(report.agency),
            period=PeriodOut.of(report.period),
            procedure=report.procedure,
            rules=RulesOut.of(report.rules, report.rounding.value),
            made_at=report.made_at,
            total=RowOut.of(report.total),
            rows=[RowOut.of(row) for row in report.rows],
            procedures=[RowOut.of(row) for row in report.procedures],
            lagging=[row.code for row in report.lagging],
            scores=[ScoreOut.of(score) for score in report.scores],
            backlog=BacklogOut.of(report.backlog) if report.backlog else None,
            years=list(report.years),
        )
