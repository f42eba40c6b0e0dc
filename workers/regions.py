"""Where a warning is about: from image space to page space, and as people and other programs are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workers.page import Box, Placement, Region
from workers.steps.placement import edges

MOST = 2 / 3  # of the page: what takes so much of it lies along that whole side
_ACROSS, _DOWN = ("left", "", "right"), ("top", "", "bottom")


def placed(regions: Iterable[Region], placement: Placement) -> tuple[Region, ...]:
    """In page space; a leaning box becomes the upright one around it."""
    return tuple(Region(region.code, box_on_page(region.box, placement)) for region in regions)


def box_on_page(box: Box, placement: Placement) -> Box:
    """A box of image space in page space: the upright one around it."""
    a, b, c, d, e, f = edges(placement.matrix)
    x0, y0, x1, y1 = box
    corners = [(x, y) for x in (x0, x1) for y in (y0, y1)]
    xs, ys = [a * x + b * y + c for x, y in corners], [d * x + e * y + f for x, y in corners]
    return (
        max(0, round(min(xs))),
        max(0, round(min(ys))),
        min(placement.width, round(max(xs))),
        min(placement.height, round(max(ys))),
    )


def place_of(box: Box, width: int, height: int) -> str:
    """``top_left`` ``top`` ``top_right`` ``left`` ``middle`` ``right`` ``bottom_left`` ``bottom`` ``bottom_right``, or ``page``: all of it."""
    x0, y0, x1, y1 = box
    wide, high = x1 - x0 >= MOST * width, y1 - y0 >= MOST * height
    if wide and high:
        return "page"
    across = "" if wide else _ACROSS[min(2, (x0 + x1) * 3 // max(1, 2 * width))]
    down = "" if high else _DOWN[min(2, (y0 + y1) * 3 // max(1, 2 * height))]
    return "_".join(part for part in (down, across) if part) or "middle"


def regions_json(regions: Iterable[Region], width: int, height: int) -> list[dict[str, Any]]:
    """``code``, ``box`` (pixels of a page of ``width`` x ``height``) and ``place``."""
    return [
        {"code": region.code, "box": list(region.box), "place": place_of(region.box, width, height)}
        for region in regions
    ]
