"""Periods, targets, points and rules of reports as a site may change them: wrong ones stop the start (R36-R38, R40)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.catalog import Indicator, Rounding, load_catalog
from tests.models.catalog.test_loader import changed, problems, put

LINE = "  - {id: own, name: x, source: s, certainty: Q, "


@pytest.mark.parametrize(
    ("file", "line", "says"),
    [
        ("report_periods", "every: month, first: 2023-09-01, last: 2023-09-15}", "a period has `every`, or"),
        ("report_periods", "first: 2023-09-01}", "a period has `every`, or"),
        ("report_periods", "first: 2023-09-16, last: 2023-09-15}", "last is before first"),
        ("report_periods", "first: 2023-09-01, last: 2023-09-15, due: 2023-09-15}", "due is not after last"),
        ("report_periods", "every: week}", "every: Input should be"),
        ("report_targets", "indicator: components, percent: 0}", "percent: Input should be greater than 0"),
        (
            "report_targets",
            "indicator: components, percent: 101}",
            "percent: Input should be less than or equal to 100",
        ),
        ("report_targets", "indicator: components, percent: 90, year: 2023}", "only the backlog has a year"),
        ("report_targets", "indicator: speed, percent: 90}", "indicator: Input should be"),
        (
            "report_targets",
            "indicator: components, percent: 95, valid_from: 2023-01-01}",
            "in force twice: qd766_components",
        ),
        ("report_scores", "indicator: reuse, weight: 0}", "weight: Input should be greater than 0"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, file: str, line: str, says: str) -> None:
    put(tmp_path, file, changed(file, "lines:\n", f"lines:\n{LINE}{line}\n"))
    found = problems(tmp_path)
    assert any(says in problem and problem.startswith(f"{file}.yaml:") for problem in found), found


def test_r38_a_site_may_round_otherwise(tmp_path: Path) -> None:
    put(tmp_path, "report_rules", changed("report_rules", "rounding: truncate", "rounding: half_up"))
    rules = load_catalog(tmp_path).report_rule(date(2026, 1, 1))
    assert rules is not None
    assert rules.rounding is Rounding.HALF_UP


def test_r36_an_agency_sets_its_own_target(tmp_path: Path) -> None:
    own = f"{LINE}indicator: components, percent: 95, agency: H56.14}}\n"
    catalog = load_catalog(put(tmp_path, "report_targets", changed("report_targets", "lines:\n", f"lines:\n{own}")))
    found = [
        catalog.target(Indicator.COMPONENTS, code, date(2026, 1, 1))
        for code in ("H56.14", "H56.14.3", "H56.141", "H56")
    ]
    assert [target.percent if target else None for target in found] == [95, 95, 80, 80]
