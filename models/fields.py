"""The fields of a paper: the least that TT 01/2023 Điều 9 khoản 2 asks for, and what the contract adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

FIELD_NAMES: Final = (
    "holder_id",
    "holder_name",
    "holder_birth_date",
    "title",
    "number",
    "issued_on",
    "issued_at",
    "issuer",
    "summary",
    "valid_until",
    "scope",
    "signer",
)
"""In the order that Điều 9 lists them. One that can't be read is null."""

DATE_FIELDS: Final = frozenset({"holder_birth_date", "issued_on", "valid_until"})
"""Those whose value is an ISO date."""


def is_day(name: str) -> bool:
    """Whether the field's value is a day, also of those that only one type of paper has (``wife_birth_date``, ``certified_on``)."""
    return name in DATE_FIELDS or name.endswith(("_date", "_on"))


def with_values(fields: Mapping[str, Mapping[str, Any] | None]) -> dict[str, dict[str, Any] | None]:
    """The fields as the contract shows them: one without a value is null, also where it is known why."""
    return {name: dict(field) if field and field.get("value") else None for name, field in fields.items()}


def left_open(fields: Mapping[str, Mapping[str, Any] | None]) -> dict[str, dict[str, Any]]:
    """The others of which something is known: the ``reason``, its place on the page, the ``symbol`` of a number without its serial."""
    return {
        name: {key: value for key, value in field.items() if key not in {"value", "confidence"} and value is not None}
        for name, field in fields.items()
        if field and not field.get("value")
    }
