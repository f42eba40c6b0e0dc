from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from models.neighbours import neighbours, skew_deviations
from tests.workers.drawn import act
from workers.limits import Limits
from workers.page import Pixels
from workers.steps.decode import open_document
from workers.steps.stack import Stack

LIMITS = Limits()


def turned(pixels: Pixels, degrees: int) -> Pixels:
    return np.ascontiguousarray(np.rot90(pixels, -degrees // 90))


def doubtful() -> Pixels:
    """A few blurred lines at the top of a page: which way up is likely, but not sure."""
    grey = np.asarray(cv2.GaussianBlur(act().grey, (0, 0), 6), np.uint8)
    grey[int(0.3 * grey.shape[0]) :] = 250
    return grey


def stack(folder: Path, pages: Sequence[Pixels], number: int) -> Stack:
    first, *others = (Image.fromarray(page) for page in pages)
    first.save(folder / "stack.tif", save_all=True, append_images=others, dpi=(200, 200))
    return Stack(open_document(folder / "stack.tif", LIMITS), number, LIMITS)


def test_a_page_in_doubt_is_turned_as_its_neighbours_are(tmp_path: Path) -> None:
    page, whole = turned(doubtful(), 180), turned(act().grey, 180)
    found = stack(tmp_path, [whole, page, whole], 2)
    assert found.upright(page) == 180
    assert found.asked


@pytest.mark.parametrize("others", [(0, 0), (0, 180), (90, 90), ()])
def test_without_agreement_it_stays(tmp_path: Path, others: tuple[int, ...]) -> None:
    page = turned(doubtful(), 180)
    pages = [page, *(turned(act().grey, degrees) for degrees in others)]
    assert stack(tmp_path, pages, 1).upright(page) == 0


def test_blank_and_unsure_neighbours_have_no_voice(tmp_path: Path) -> None:
    page, whole = turned(doubtful(), 180), turned(act().grey, 180)
    blank = np.full_like(page, 250)
    assert stack(tmp_path, [blank, page, whole], 2).upright(page) == 180
    assert stack(tmp_path, [blank, page, blank], 2).upright(page) == 0


def test_a_blank_page_among_turned_ones_is_left_alone_and_a_sure_page_asks_nobody(tmp_path: Path) -> None:
    whole = turned(act().grey, 180)
    blank = np.full_like(whole, 250)
    found = stack(tmp_path, [whole, blank, whole], 2)
    assert found.upright(blank) == 0
    assert found.upright(act().grey) == 0
    assert found.upright(whole) == 180
    assert not found.asked


def test_neighbours_are_the_nearest_pages_that_exist() -> None:
    assert neighbours(5, 9) == [4, 6, 3, 7]
    assert neighbours(1, 3) == [2, 3]
    assert neighbours(1, 1) == []


def test_a_page_that_went_askew_stands_out_from_its_neighbours() -> None:
    found = skew_deviations([(1, 0.3), (2, 0.2), (3, 4.0), (4, None), (5, 0.4)])
    assert found == {1: -1.8, 2: -0.2, 3: 3.7, 5: -1.7}
    assert skew_deviations([(1, 3.0), (2, 0.0)]) == {}
    assert skew_deviations([(1, None), (2, None), (3, 1.0)]) == {}
