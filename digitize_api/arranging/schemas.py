"""What is asked of a scan's pages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.arrangements import Wanted

PageNumber = Annotated[int, Field(ge=1, le=100_000)]


class ArrangementIn(BaseModel):
    """``begins``: at which pages papers begin, ``null``: where they begin now; the first page always does. ``turned``: clockwise degrees by page, from how it is shown now."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"begins": [1, 3, 4], "turned": {"3": 90}}]}
    )

    begins: list[PageNumber] | None = Field(default=None, max_length=100_000)
    turned: dict[PageNumber, Literal[90, 180, 270]] = Field(default_factory=dict)

    def wanted(self) -> Wanted:
        return Wanted(None if self.begins is None else frozenset(self.begins), dict(self.turned))
