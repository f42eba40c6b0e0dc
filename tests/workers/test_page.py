"""Boxes."""

from __future__ import annotations

import pytest

from workers.page import Box, hull, meet


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ((9, 9, 20, 20), True),
        ((2, 3, 4, 5), True),
        ((10, 0, 20, 10), False),  # side by side
        ((0, 10, 10, 20), False),
        ((3, 30, 5, 40), False),
        ((30, 3, 40, 5), False),
    ],
)
def test_boxes_meet_where_they_share_pixels(other: Box, *, expected: bool) -> None:
    box = (0, 0, 10, 10)
    assert meet(box, other) is meet(other, box) is expected


def test_a_hull_holds_all() -> None:
    assert hull([(3, 4, 5, 6), (1, 5, 2, 9)]) == (1, 4, 5, 9)
