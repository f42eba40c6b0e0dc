"""138 broken, odd or hostile files from other projects' test suites: none may harm a worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.harm import DEADLINE, GIBIBYTE, suffer_apart
from tests.paths import SCANS

BAD = sorted(path for path in (SCANS / "bad").glob("*") if path.suffix != ".csv") if SCANS.is_dir() else []
BATCHES = 8  # starting a process for each file would take longer than the files


@pytest.mark.slow
@pytest.mark.skipif(not BAD, reason="../shared/scans is absent")
@pytest.mark.parametrize("batch", range(BATCHES))
def test_they_crash_hang_and_swell_nothing(batch: int) -> None:
    paths = BAD[batch::BATCHES]
    harms = suffer_apart(*paths)
    assert [harm.name for harm in harms] == [path.name for path in paths]
    for harm in harms:
        assert harm.seconds < DEADLINE, harm
        assert harm.peak < GIBIBYTE, harm
        assert harm.refused or harm.pages >= 1, harm


def test_a_process_that_dies_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ended with"):
        suffer_apart(tmp_path / "is not there")
