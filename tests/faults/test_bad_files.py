"""138 broken, odd or hostile files from other projects' test suites: none may harm a worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.harm import DEADLINE, GIBIBYTE, suffer_apart
from tests.paths import SCANS

BAD = sorted(path for path in (SCANS / "bad").glob("*") if path.suffix != ".csv") if SCANS.is_dir() else []


@pytest.mark.slow
@pytest.mark.skipif(not BAD, reason="../shared/scans is absent")
@pytest.mark.parametrize("path", BAD, ids=[path.name.replace("__", "/") for path in BAD])
def test_it_crashes_hangs_and_swells_nothing(path: Path) -> None:
    harm = suffer_apart(path)
    assert harm.seconds < DEADLINE
    assert harm.peak < GIBIBYTE
    assert harm.refused or harm.pages >= 1


def test_a_process_that_dies_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ended with"):
        suffer_apart(tmp_path / "is not there")
