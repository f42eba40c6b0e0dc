"""Contradictions between lines: names that stand for nothing, rules whose dates meet, codes where none may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from models.catalog.lines import (
    CodeOfPaper,
    CodeTemplate,
    Level,
    Line,
    ListedAgency,
    PaperType,
    Procedure,
    Province,
    RuleSet,
    ScanLimits,
    ValidityRule,
    VisibleSignature,
)
from models.catalog.located import Located
from models.catalog.problems import Problem
from models.catalog.report_lines import ReportPeriod, ReportRules, ReportScore, ReportTarget

if TYPE_CHECKING:
    from models.catalog.catalog import Catalog


def check(catalog: Catalog, located: Iterable[Located[Line]]) -> list[Problem]:
    """The problems of these lines as parts of that catalog."""
    lines = list(located)
    return [
        *_twice(lines),
        *_titles_twice(lines),
        *(problem for line in lines for problem in _of_line(catalog, line)),
        *_gaps(lines),
    ]


def _problem(line: Located[Line], path: Sequence[str | int], vi: str, en: str) -> Problem:
    return Problem(line.file, line.line_of(path), vi, en)


def _key(line: Line) -> tuple[str, str]:
    """What may stand only once on any day, and how it is called."""
    if isinstance(line, Procedure | ListedAgency | Province):
        return f"{type(line).__name__} {line.code}", line.code
    if isinstance(line, CodeOfPaper):
        return f"code {line.code}", line.code
    if isinstance(line, RuleSet):
        return "rule set", "rule_set"
    if isinstance(line, ReportTarget):
        return f"target {line.indicator} {line.agency} {line.year}", line.id
    if isinstance(line, ReportRules):
        return "report rules", "report_rules"
    if isinstance(line, ReportPeriod | ReportScore):
        return f"{type(line).__name__} {line.id}", line.id
    if isinstance(line, PaperType | ValidityRule | CodeTemplate | ScanLimits | VisibleSignature):
        return f"{type(line).__name__} {line.id}", line.id
    raise TypeError(f"no key for {type(line).__name__}")


def _twice(lines: Iterable[Located[Line]]) -> Iterator[Problem]:
    """Lines of the same thing that are in force on the same day; papers and provinces are looked up without a day."""
    groups: defaultdict[str, list[Located[Line]]] = defaultdict(list)
    for line in lines:
        groups[_key(line.line)[0]].append(line)
    for group in groups.values():
        for position, later in enumerate(group):
            for earlier in group[:position]:
                timeless = isinstance(later.line, PaperType | Province)
                if timeless or later.line.overlaps(earlier.line):
                    name = _key(later.line)[1]
                    where = f"{earlier.file}:{earlier.number}"
                    yield _problem(
                        later, (), f"trùng hiệu lực: {name} (xem {where})", f"in force twice: {name}, also at {where}"
                    )


def _titles_twice(lines: Iterable[Located[Line]]) -> Iterator[Problem]:
    """The same title for two papers: nobody could tell them apart by it."""
    seen: dict[str, str] = {}
    for line in lines:
        if not isinstance(line.line, PaperType):
            continue
        for index, title in enumerate(line.line.titles):
            owner = seen.setdefault(title, line.line.id)
            if owner != line.line.id:
                yield _problem(
                    line,
                    ("titles", index),
                    f"tiêu đề trùng với {owner}: {title}",
                    f"{owner} has this title too: {title}",
                )


def _of_line(catalog: Catalog, located: Located[Line]) -> Iterator[Problem]:
    line = located.line
    if isinstance(line, PaperType):
        yield from _of_paper_type(catalog, located, line)
    elif isinstance(line, Procedure):
        yield from _of_procedure(catalog, located, line)
    elif isinstance(line, CodeOfPaper):
        yield from _of_code(catalog, located, line)
    elif isinstance(line, ListedAgency):
        if line.merged_into and catalog.agency(line.merged_into) is None:
            yield _problem(
                located,
                ("merged_into",),
                f"không có cơ quan {line.merged_into}",
                f"no agency has the code {line.merged_into}",
            )
    elif isinstance(line, RuleSet) and not any(template.id == line.dossier_code for template in catalog.code_templates):
        yield _problem(
            located,
            ("dossier_code",),
            f"không có mẫu mã {line.dossier_code}",
            f"no code template is named {line.dossier_code}",
        )


def _of_paper_type(catalog: Catalog, located: Located[Line], line: PaperType) -> Iterator[Problem]:
    if not any(rule.id == line.validity for rule in catalog.validity):
        yield _problem(
            located, ("validity",), f"không có quy tắc {line.validity}", f"no validity rule is named {line.validity}"
        )


def _of_procedure(catalog: Catalog, located: Located[Line], line: Procedure) -> Iterator[Problem]:
    for number, slot in enumerate(line.components):
        yield from _unknown_papers(catalog, located, ("components", number, "accepts"), slot.accepts)
    yield from _unknown_papers(catalog, located, ("results",), line.results)
    for number, name in enumerate(line.results):
        paper = catalog.paper_types.get(name)
        if paper and paper.from_applicant:
            yield _problem(
                located,
                ("results", number),
                f"giấy của người nộp không thể là kết quả: {name}",
                f"a paper from the applicant is no result: {name} (R21)",
            )
    if line.replaced_by and not any(other.code == line.replaced_by for other in catalog.procedures):
        yield _problem(
            located,
            ("replaced_by",),
            f"không có thủ tục {line.replaced_by}",
            f"no procedure has the code {line.replaced_by}",
        )
    for number, span in enumerate(line.levels):
        start = max(span.valid_from or date.min, line.valid_from or date.min)
        end = min(span.valid_to or date.max, line.valid_to or date.max)
        if end >= start and not _level_exists(catalog, span.level, end):
            yield _problem(
                located,
                ("levels", number),
                f"cấp {span.level.value} không còn vào ngày {end:%d/%m/%Y}",
                f"there is no level {span.level.value} on {end.isoformat()}",
            )


def _level_exists(catalog: Catalog, level: Level, on: date) -> bool:
    """Whether the rule set of that day knows the level; a day that no rule set covers is reported elsewhere."""
    rules = catalog.rule_set(on)
    return rules is None or level in rules.levels


def _of_code(catalog: Catalog, located: Located[Line], line: CodeOfPaper) -> Iterator[Problem]:
    yield from _unknown_papers(catalog, located, ("papers",), line.papers)
    if line.kind != "result":
        return
    for number, name in enumerate(line.papers):
        paper = catalog.paper_types.get(name)
        if paper and paper.from_applicant:
            yield _problem(
                located,
                ("papers", number),
                f"giấy của người nộp không được mang mã kết quả: {name}",
                f"a paper from the applicant never gets a result code: {name} (R21)",
            )


def _unknown_papers(
    catalog: Catalog, located: Located[Line], path: tuple[str | int, ...], names: Sequence[str]
) -> Iterator[Problem]:
    for number, name in enumerate(names):
        if name not in catalog.paper_types:
            yield _problem(located, (*path, number), f"không có loại giấy tờ {name}", f"no paper type is named {name}")


def _gaps(lines: Iterable[Located[Line]]) -> Iterator[Problem]:
    """Days between rule sets that none covers: an act of such a day would have no law."""
    rules = sorted(
        (line for line in lines if isinstance(line.line, RuleSet)), key=lambda line: line.line.valid_from or date.min
    )
    for before, after in pairwise(rules):
        end, start = before.line.valid_to, after.line.valid_from
        if end and start and (start - end).days > 1:
            yield _problem(
                after,
                ("valid_from",),
                "có ngày không thuộc bộ quy tắc nào",
                f"no rule set from the day after {end} to {start}",
            )
    if rules and rules[-1].line.valid_to is not None:
        yield _problem(rules[-1], ("valid_to",), "bộ quy tắc cuối phải để ngỏ", "the last rule set has no end")
