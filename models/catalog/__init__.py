"""The catalog: what law and practice say about papers, procedures, agencies and codes, as dated data.

Belongs here: the YAML files, the models of their lines, the loader with its checks, and the reading of spreadsheets into
lines. Does not: rules that decide something with them (``models.rules``), tables, recognition. Only pydantic and YAML.

A law that changes is a change of data: a site's folder (``DIGITIZE_CATALOG_DIR``) replaces files of the same name.
"""

from __future__ import annotations

from models.catalog.catalog import Catalog, default_catalog, load_catalog
from models.catalog.issuers import issued_by
from models.catalog.lines import (
    Certainty,
    CodeOfPaper,
    CodeTemplate,
    Exclusion,
    FieldSpec,
    Group,
    Level,
    LevelSpan,
    Line,
    ListedAgency,
    PaperType,
    Procedure,
    Province,
    RuleSet,
    ScanLimits,
    ScopeClass,
    Slot,
    ValidityKind,
    ValidityRule,
    VisibleSignature,
)
from models.catalog.problems import CatalogError, Problem
from models.catalog.report_lines import (
    Every,
    Indicator,
    ReportPeriod,
    ReportRules,
    ReportScore,
    ReportTarget,
    Rounding,
)

__all__ = [
    "Catalog",
    "CatalogError",
    "Certainty",
    "CodeOfPaper",
    "CodeTemplate",
    "Every",
    "Exclusion",
    "FieldSpec",
    "Group",
    "Indicator",
    "Level",
    "LevelSpan",
    "Line",
    "ListedAgency",
    "PaperType",
    "Problem",
    "Procedure",
    "Province",
    "ReportPeriod",
    "ReportRules",
    "ReportScore",
    "ReportTarget",
    "Rounding",
    "RuleSet",
    "ScanLimits",
    "ScopeClass",
    "Slot",
    "ValidityKind",
    "ValidityRule",
    "VisibleSignature",
    "default_catalog",
    "issued_by",
    "load_catalog",
]
