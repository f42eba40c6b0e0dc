"""What is asked of a scan's pages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.arrangements import Wanted

PageNumber = Annotated[int, Field(ge=1, le=100_000)]


class ArrangementIn(BaseModel):
    """All numbers are those that the pages have now (``number`` of the scan's pages); ``null`` leaves things as they are."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"begins": [1, 3, 4], "turned": {"3": 90}},
                {"as_of": 0, "order": [1, 2, 4, 3, 5], "begins": [1, 5], "left_out": [3]},
            ]
        },
    )

    begins: list[PageNumber] | None = Field(
        default=None,
        max_length=100_000,
        description="pages at which papers begin; the first page always begins one. `null`: a paper whose pages are still together begins at the "
        "first of them, any other at the page where it begins now",
    )
    turned: dict[PageNumber, Literal[90, 180, 270]] = Field(
        default_factory=dict, description="clockwise degrees by page, from how it is shown now"
    )
    order: list[PageNumber] | None = Field(
        default=None,
        max_length=100_000,
        description="every page of the scan once, in its new order; from then on they are numbered by it",
    )
    left_out: list[PageNumber] | None = Field(
        default=None,
        max_length=100_000,
        description="the pages that are to be in no paper: not searched, in no PDF; those not named here are in one. A page left out of the middle of "
        "a paper comes behind its last page. The mark of one at which a paper begins goes to the next page",
    )
    as_of: int | None = Field(
        default=None,
        ge=0,
        description="`arrangement` of the scan whose page numbers these are: other numbers by now are `409 PAGES_MOVED`, and the same "
        "request sent again is done once. `null`: the numbers are taken as they are",
    )

    def wanted(self) -> Wanted:
        return Wanted(
            begins=None if self.begins is None else frozenset(self.begins),
            turned=dict(self.turned),
            order=None if self.order is None else tuple(self.order),
            left_out=None if self.left_out is None else frozenset(self.left_out),
            as_of=self.as_of,
        )
