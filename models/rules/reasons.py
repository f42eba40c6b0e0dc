"""Why something can't be done: what the rules answer with, and refusals tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Reason:
    """``code``: stable, for programs; ``vi`` and ``en``: for people. ``field``: the field it is about, if it is about one; ``since``: the first
    day that it holds, if it has one.
    """

    code: str
    vi: str
    en: str
    field: str | None = None
    since: date | None = None

    def told(self) -> dict[str, str | None]:
        """As a refusal tells it (``models.errors.Hindered``): {code, vi, en, field}."""
        return {"code": self.code, "vi": self.vi, "en": self.en, "field": self.field}
