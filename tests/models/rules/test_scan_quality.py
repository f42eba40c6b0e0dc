from __future__ import annotations

import pytest

from models.catalog import default_catalog
from models.local_time import local_day
from models.rules.scan_quality import BELOW, below_the_rule


@pytest.mark.parametrize(
    ("warnings", "named"),
    [
        ((), ()),
        (("DPI_LOW",), ("DPI_LOW",)),  # 150 dpi
        (("NOT_COLOUR", "BLURRED"), ("NOT_COLOUR",)),  # grey; blur is a doubt of its own
        (("ODD_SIZE", "CUT_EDGES", "DPI_LOW"), ("DPI_LOW", "CUT_EDGES", "ODD_SIZE")),
    ],
)
def test_r06_what_is_less_than_the_rule_asks_is_named(warnings: tuple[str, ...], named: tuple[str, ...]) -> None:
    assert below_the_rule(warnings) == named
    assert all(vi and en for vi, en in BELOW.values())


def test_r06_the_floor_is_data_with_its_source() -> None:
    limits = default_catalog().scan_limit(local_day())
    assert limits is not None
    assert (limits.min_dpi, limits.colour, limits.min_pdf_version, limits.scale_percent) == (200, True, "1.4", 100)
    assert "NĐ 30/2020" in limits.source
