"""Made-up dossiers with exact truth, and the generator that draws them. Every person in them is synthetic."""

from __future__ import annotations

from sample_scans.generator import BLANK, KINDS, PAPER_TYPES, Sample, generate, generate_pages
from sample_scans.truth import PageTruth
from sample_scans.wear import WEARS

__all__ = ["BLANK", "KINDS", "PAPER_TYPES", "WEARS", "PageTruth", "Sample", "generate", "generate_pages"]
