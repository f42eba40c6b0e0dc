"""The fields of a paper: the least that TT 01/2023 Điều 9 khoản 2 asks for, and what the contract adds."""

from __future__ import annotations

from typing import Final

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
