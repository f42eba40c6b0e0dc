"""The catalog in memory, and how it is loaded: once a process, every line checked, every mistake named at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from models.catalog import checks
from models.catalog.files import Document, UnreadableFile, read_document
from models.catalog.lines import (
    CodeOfPaper,
    CodeTemplate,
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
from models.catalog.problems import CatalogError, Problem
from models.catalog.report_lines import Indicator, ReportPeriod, ReportRules, ReportScore, ReportTarget
from models.catalog.settings import CatalogSettings
from models.vietnamese import fold

PACKAGED = Path(__file__).parent

FILES: Mapping[str, type[Line]] = MappingProxyType(
    {
        "paper_types": PaperType,
        "procedures": Procedure,
        "agencies": ListedAgency,
        "provinces": Province,
        "paper_codes": CodeOfPaper,
        "validity": ValidityRule,
        "rule_sets": RuleSet,
        "code_templates": CodeTemplate,
        "scan_limits": ScanLimits,
        "visible_signatures": VisibleSignature,
        "report_periods": ReportPeriod,
        "report_targets": ReportTarget,
        "report_scores": ReportScore,
        "report_rules": ReportRules,
    }
)
"""The files (``NAME.yaml``) and what a line of each holds."""

AnyLine = TypeVar("AnyLine", bound=Line)


@dataclass(frozen=True)
class Catalog:
    """Everything that the files say. Lookups by date take the day of the act, not today."""

    paper_types: Mapping[str, PaperType]
    procedures: tuple[Procedure, ...]
    agencies: tuple[ListedAgency, ...]
    provinces: Mapping[str, Province]
    paper_codes: tuple[CodeOfPaper, ...]
    validity: tuple[ValidityRule, ...]
    rule_sets: tuple[RuleSet, ...]
    code_templates: tuple[CodeTemplate, ...]
    scan_limits: tuple[ScanLimits, ...]
    visible_signatures: tuple[VisibleSignature, ...]
    report_periods: tuple[ReportPeriod, ...]
    report_targets: tuple[ReportTarget, ...]
    report_scores: tuple[ReportScore, ...]
    report_rules: tuple[ReportRules, ...]

    def paper_type(self, identifier: str) -> PaperType | None:
        """The paper type of this id."""
        return self.paper_types.get(identifier)

    def procedure(self, code: str, on: date) -> Procedure | None:
        """The procedure of this code in force on that day; a local tail (``1.001193.H56``) doesn't matter."""
        return _in_force(self._procedures_by_code.get(national_code(code), ()), on)

    def procedures_on(self, day: date) -> tuple[Procedure, ...]:
        """All in force on that day, in order of the files."""
        return tuple(procedure for procedure in self.procedures if procedure.holds(day))

    def find_procedures(self, words: str, day: date) -> tuple[Procedure, ...]:
        """Those in force on that day whose code, name or field holds every word, marks aside; all of them when none is asked for.

        The initials of the name do as well (``dkks``: *Đăng ký khai sinh*). Best first: the code, or a name that holds the words as they stand.
        """
        wanted = fold(words).split()
        phrase = " ".join(wanted)
        ranked = []
        for place, (procedure, name, initials, text) in enumerate(self._folded_procedures):
            by_initials = len(wanted) == 1 and len(phrase) > 1 and initials.startswith(phrase)
            if not procedure.holds(day) or not (by_initials or all(word in text for word in wanted)):
                continue
            exact = procedure.code.startswith(phrase) or name.startswith(phrase)
            ranked.append((0 if exact else 1 if by_initials or phrase in name else 2, place, procedure))
        return tuple(procedure for _, _, procedure in sorted(ranked, key=lambda one: one[:2]))

    def rule_set(self, on: date) -> RuleSet | None:
        """The rule set for an act of that day."""
        return _in_force(self.rule_sets, on)

    def validity_rule(self, paper_type: str, on: date) -> ValidityRule | None:
        """The expiry rule that held on that day for papers of this type; None for a type that isn't known."""
        paper = self.paper_types.get(paper_type)
        if paper is None:
            return None
        return _in_force((rule for rule in self.validity if rule.id == paper.validity), on)

    def province(self, code: str) -> Province | None:
        """By the three digits that open a personal id."""
        return self.provinces.get(code)

    def agency(self, code: str, on: date | None = None) -> ListedAgency | None:
        """A ministry or province by its level-one code; with ``on``, only while that code stood for it."""
        found = (agency for agency in self.agencies if agency.code == code and (on is None or agency.holds(on)))
        return next(found, None)

    def papers_for_code(self, code: str) -> tuple[str, ...]:
        """Ids of the paper types that a result or component code may stand for."""
        return self._papers_by_code.get(code, ())

    def codes_for_paper(self, identifier: str) -> tuple[CodeOfPaper, ...]:
        """The codes that may stand for this paper type."""
        return tuple(line for line in self.paper_codes if identifier in line.papers)

    def code_template(self, identifier: str, on: date) -> CodeTemplate | None:
        """The template of this id in force on that day."""
        return _in_force((line for line in self.code_templates if line.id == identifier), on)

    def scan_limit(self, on: date) -> ScanLimits | None:
        """What a scan made on that day must be."""
        return _in_force(self.scan_limits, on)

    def visible_signature(self, identifier: str, on: date) -> VisibleSignature | None:
        """Where this signature (``can_bo``, ``sao_y``) stands on a paper signed on that day."""
        return _in_force((line for line in self.visible_signatures if line.id == identifier), on)

    def report_rule(self, on: date) -> ReportRules | None:
        """How ratios are counted and written in a report whose period ends on that day."""
        return _in_force(self.report_rules, on)

    def scores(self, on: date) -> tuple[ReportScore, ...]:
        """What gives points in a report whose period ends on that day."""
        return tuple(line for line in self.report_scores if line.holds(on))

    def target(self, indicator: Indicator, agency: str, on: date, year: int | None = None) -> ReportTarget | None:
        """What the agency with this code is to reach on that day: the line of the longest code that it is or stands below.

        A plan whose last day is over is still the measure of its year's inventory; else a line must hold on the day.
        """
        fitting = [
            line
            for line in self.report_targets
            if line.indicator is indicator
            and (line.year == year or line.year is None)
            and (line.holds(on) or (line.year is not None and (line.valid_from is None or line.valid_from <= on)))
            and (line.agency is None or agency == line.agency or agency.startswith(f"{line.agency}."))
        ]
        return max(
            fitting,
            key=lambda line: (len(line.agency or ""), line.year is not None, line.valid_from or date.min),
            default=None,
        )

    def with_procedures(self, procedures: Iterable[Procedure]) -> Catalog:
        """The catalog with imported procedures: each takes the place of the lines of its code whose dates it meets.

        ``CatalogError`` when one names a paper type that isn't known, or two of them overlap.
        """
        added = tuple(procedures)
        kept = tuple(
            line for line in self.procedures if not any(line.code == new.code and line.overlaps(new) for new in added)
        )
        merged = replace(self, procedures=kept + added)
        problems = checks.check(merged, [Located(new, "import", number, ()) for number, new in enumerate(added, 1)])
        if problems:
            raise CatalogError(problems)
        return merged

    @cached_property
    def _folded_procedures(self) -> tuple[tuple[Procedure, str, str, str], ...]:
        """Each with its folded name, the name's initials, and all that is searched: asked at every key that somebody types."""
        folded = []
        for procedure in self.procedures:
            name = fold(procedure.name)
            initials = "".join(word[0] for word in name.split())
            folded.append((procedure, name, initials, f"{fold(procedure.code)} {name} {fold(procedure.field_name)}"))
        return tuple(folded)

    @cached_property
    def _procedures_by_code(self) -> Mapping[str, tuple[Procedure, ...]]:
        grouped: defaultdict[str, list[Procedure]] = defaultdict(list)
        for procedure in self.procedures:
            grouped[procedure.code].append(procedure)
        return {code: tuple(lines) for code, lines in grouped.items()}

    @cached_property
    def _papers_by_code(self) -> Mapping[str, tuple[str, ...]]:
        grouped: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for line in self.paper_codes:
            for code in (line.code, *line.aliases):
                grouped[code].update(dict.fromkeys(line.papers))
        return {code: tuple(papers) for code, papers in grouped.items()}


def national_code(code: str) -> str:
    """``1.001193`` of ``1.001193.000.00.00.H56``, ``1.001193.H56`` or ``1.001193.01``."""
    return ".".join(code.strip().split(".")[:2])


def _in_force(lines: Iterable[AnyLine], on: date) -> AnyLine | None:
    return next((line for line in lines if line.holds(on)), None)


def load_catalog(folder: Path | None = None) -> Catalog:
    """The packaged catalog; a file in ``folder`` takes the place of the packaged one of the same name.

    ``CatalogError`` lists every problem with file and line: unreadable files, lines that aren't valid, and lines that
    contradict each other.
    """
    problems: list[Problem] = []
    located: dict[str, list[Located[Line]]] = {}
    if folder is not None:
        problems += _strangers(folder)
    for name, model in FILES.items():
        path = _path_of(name, folder)
        try:
            located[name] = _lines(path.name, read_document(path), model, problems)
        except UnreadableFile as error:
            problems.append(Problem(path.name, error.line, error.vi, error.en))
        except OSError as error:
            problems.append(Problem(path.name, 1, "không mở được tệp", f"can't be opened: {error.strerror}"))
    if problems:  # cross checks of half a catalog would report what isn't wrong
        raise CatalogError(problems)
    catalog = _assemble(located)
    problems = checks.check(catalog, [line for lines in located.values() for line in lines])
    if problems:
        raise CatalogError(problems)
    return catalog


@cache
def default_catalog() -> Catalog:
    """The catalog of this installation (``DIGITIZE_CATALOG_DIR`` over the packaged files), loaded once a process."""
    return load_catalog(CatalogSettings().dir)


def _path_of(name: str, folder: Path | None) -> Path:
    if folder is not None and (folder / f"{name}.yaml").is_file():
        return folder / f"{name}.yaml"
    return PACKAGED / f"{name}.yaml"


def _strangers(folder: Path) -> list[Problem]:
    """A folder that isn't there, and files whose name is none of ours: a slip there would silently change nothing."""
    if not folder.is_dir():
        return [Problem(str(folder), 1, "không có thư mục này", "there is no such folder")]
    return [
        Problem(path.name, 1, "tên tệp không thuộc danh mục", f"not a file of the catalog; they are {', '.join(FILES)}")
        for path in sorted(folder.glob("*.y*ml"))
        if path.suffix != ".yaml" or path.stem not in FILES
    ]


def _lines(file: str, document: Document, model: type[Line], problems: list[Problem]) -> list[Located[Line]]:
    """The lines of one file, each with its place; what isn't valid goes to ``problems``."""
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("lines"), list):
        problems.append(Problem(file, 1, "thiếu danh sách `lines`", "there is no list `lines`"))
        return []
    problems += [
        Problem(file, document.line_of([key]), f"khóa lạ: {key}", f"unknown key: {key}")
        for key in data.keys() - {"lines", "defaults", "shared"}
    ]
    defaults = data.get("defaults") or {}
    if not isinstance(defaults, dict):
        problems.append(
            Problem(file, document.line_of(["defaults"]), "`defaults` phải là bảng", "`defaults` is no mapping")
        )
        return []
    found: list[Located[Line]] = []
    for index, entry in enumerate(data["lines"]):
        place = ("lines", index)
        number = document.line_of(place)
        if not isinstance(entry, dict):
            problems.append(Problem(file, number, "mục này phải là bảng khóa: giá trị", "this entry is no mapping"))
            continue
        try:
            found.append(Located(model.model_validate({**defaults, **entry}), file, number, place, document))
        except ValidationError as error:
            problems += [_shape_problem(file, document, place, entry, detail) for detail in error.errors()]
    return found


_IN_VIETNAMESE = {"missing": "thiếu mục", "extra_forbidden": "mục lạ"}


def _shape_problem(
    file: str, document: Document, place: tuple[str | int, ...], entry: Mapping[str, Any], detail: Any
) -> Problem:
    location = tuple(detail["loc"])
    name = ".".join(str(step) for step in location) or str(entry.get("id") or entry.get("code") or "")
    vi = _IN_VIETNAMESE.get(detail["type"], "giá trị không hợp lệ")
    said = str(detail["msg"]).removeprefix("Value error, ")
    return Problem(file, document.line_of(place + location), f"{vi}: {name}", f"{name}: {said}")


def _assemble(located: Mapping[str, list[Located[Line]]]) -> Catalog:
    def of(name: str, model: type[AnyLine]) -> tuple[AnyLine, ...]:
        return tuple(line.line for line in located[name] if isinstance(line.line, model))

    return Catalog(
        paper_types=MappingProxyType({line.id: line for line in of("paper_types", PaperType)}),
        procedures=of("procedures", Procedure),
        agencies=of("agencies", ListedAgency),
        provinces=MappingProxyType({line.code: line for line in of("provinces", Province)}),
        paper_codes=of("paper_codes", CodeOfPaper),
        validity=of("validity", ValidityRule),
        rule_sets=of("rule_sets", RuleSet),
        code_templates=of("code_templates", CodeTemplate),
        scan_limits=of("scan_limits", ScanLimits),
        visible_signatures=of("visible_signatures", VisibleSignature),
        report_periods=of("report_periods", ReportPeriod),
        report_targets=of("report_targets", ReportTarget),
        report_scores=of("report_scores", ReportScore),
        report_rules=of("report_rules", ReportRules),
    )
