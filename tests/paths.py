"""Where the tests find things outside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCANS = ROOT.parent / "shared" / "scans"  # real official scans; never copied into the repository
SEEDS = ROOT.parent / "shared" / "seeds"
SAMPLES = ROOT / "sample_scans"

needs_scans = pytest.mark.skipif(not SCANS.is_dir(), reason="needs the real scans in ../shared/scans")
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="needs the seed files in ../shared/seeds")
