from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.workers.drawn import BODY, Sheet, act, leaning
from workers.page import Pixels, Placement
from workers.steps.clean import for_reading
from workers.steps.placement import apply, centres, edges, place, scaled
from workers.steps.resample import page_jpeg, preview, reading_copy


def test_coloured_ink_goes_and_print_stays() -> None:
    sealed, bare = for_reading(act(seal=True).pixels), act().grey
    assert np.abs(sealed.astype(int) - bare.astype(int)).mean() < 1.0
    assert (sealed < 110).sum() > 0.9 * (bare < 110).sum()


def test_grey_pages_pass_untouched() -> None:
    grey = act().grey
    assert for_reading(grey) is grey


def test_yellow_paper_is_no_coloured_ink() -> None:
    page = act().pixels
    yellowed = (page * np.array([1.0, 0.95, 0.70])).astype(np.uint8)
    assert (for_reading(yellowed) < 110).sum() > 0.9 * (act().grey < 110).sum()


def test_a_text_in_blue_ink_is_kept() -> None:
    page = act().pixels.copy()
    page[..., 2] = np.maximum(page[..., 2], 210)
    assert (for_reading(page) < 128).sum() > 0.8 * (act().grey < 128).sum()


def test_a_coloured_picture_is_only_made_grey() -> None:
    picture = np.zeros((80, 60, 3), np.uint8)
    picture[..., 0] = 200
    assert (for_reading(picture) < 128).all()


def _marked() -> Pixels:
    page = np.full((40, 30, 3), 255, np.uint8)
    page[2:6, 3:9] = (10, 20, 30)
    return page


def test_nothing_to_do_is_the_very_same_array() -> None:
    page = _marked()
    placement = place(30, 40)
    assert placement == Placement.identity(30, 40)
    assert apply(page, placement) is page


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_cardinal_turns_are_exact_and_follow_the_matrix(rotation: int) -> None:
    page = _marked()
    placement = place(30, 40, rotation=rotation)
    turned = apply(page, placement)
    assert turned.shape[:2] == (placement.height, placement.width)
    assert (turned == np.rot90(page, -rotation // 90)).all()
    a, b, c, d, e, f = placement.matrix
    for x, y in ((3, 2), (8, 5), (0, 0), (29, 39)):
        assert (turned[round(d * x + e * y + f), round(a * x + b * y + c)] == page[y, x]).all()


def test_only_quarter_turns() -> None:
    with pytest.raises(ValueError, match="45"):
        place(30, 40, rotation=45)


@pytest.mark.parametrize("angle", [-7.0, 0.2, 1.5, 12.0])
def test_straightening_undoes_the_lean_and_loses_nothing(angle: float) -> None:
    page = act(100).grey
    bent = leaning(page, angle)
    placement = place(page.shape[1], page.shape[0], skew=angle)
    straight = apply(bent, placement)
    assert straight.shape == (placement.height, placement.width)
    y, x = (straight.shape[0] - page.shape[0]) // 2, (straight.shape[1] - page.shape[1]) // 2
    middle = straight[y : y + page.shape[0], x : x + page.shape[1]]
    assert np.abs(middle[100:-100, 100:-100].astype(int) - page[100:-100, 100:-100].astype(int)).mean() < 8
    assert (255 - straight.astype(int)).sum() > 0.97 * (255 - bent.astype(int)).sum()


def test_skew_comes_after_the_turn() -> None:
    page = act(100).pixels
    bent = np.rot90(leaning(page, 2.0), 1)
    straight = apply(np.ascontiguousarray(bent), place(bent.shape[1], bent.shape[0], rotation=90, skew=2.0))
    assert straight.shape[0] > straight.shape[1]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 0.2, -3.05, 11.0])
def test_a_copy_of_the_page_is_the_page_made_smaller(rotation: int, skew: float) -> None:
    """A dot of the image stands on the copy where its place on the page says, to a quarter of a pixel of the copy."""
    size, copied = (2480, 3507), (1571, 2221)
    page = place(*size, rotation=rotation, skew=skew)
    small = scaled(page, size, copied)
    assert (small.rotation, small.skew) == (rotation, skew)
    for x, y in ((0, 0), (2480, 0), (0, 3507), (2480, 3507), (700, 2000)):
        a, b, c, d, e, f = edges(page.matrix)
        wanted = (a * x + b * y + c) * small.width / page.width, (d * x + e * y + f) * small.height / page.height
        a, b, c, d, e, f = edges(small.matrix)
        u, v = x * copied[0] / size[0], y * copied[1] / size[1]
        assert (a * u + b * v + c, d * u + e * v + f) == pytest.approx(wanted, abs=0.25)


def test_centres_undo_edges() -> None:
    matrix = place(300, 200, rotation=90, skew=4.0).matrix
    assert centres(edges(matrix)) == pytest.approx(matrix)


def test_copies_have_their_sizes() -> None:
    pixels = act(300).pixels
    copy, dpi = reading_copy(pixels, 300)
    assert dpi == pytest.approx(190)
    assert copy.shape[0] == pytest.approx(pixels.shape[0] * 190 / 300, abs=1)
    same, dpi = reading_copy(copy, 190)
    assert same is copy
    assert reading_copy(np.zeros((4000, 3000), np.uint8), 72)[0].shape == (4000, 3000)
    placement = place(pixels.shape[1], pixels.shape[0])
    assert preview(pixels, placement).startswith(b"\xff\xd8")
    assert len(preview(pixels, placement)) < len(page_jpeg(pixels, placement))


@pytest.mark.parametrize("tint", [(255, 255, 255), (248, 233, 200), (225, 236, 245)])
@pytest.mark.parametrize("points", [7, 13])
def test_print_under_a_seal_keeps_its_blurred_edges(points: int, tint: tuple[int, int, int]) -> None:
    """Small print is nearly all edges: cut off by a threshold it is no longer legible, which lost dates and names on cards."""
    sheet, seal = Sheet(), Sheet()
    sheet.write(30, 60, BODY)
    sheet.write(30, 140, ["Hải Khê, ngày 12 tháng 08 năm 2018"] * 6, points=points)
    seal.seal(60, 152)
    paper = np.array(tint) / 255.0
    scanned, plain = (
        np.asarray(cv2.GaussianBlur((sheet.pixels * paper * ink).astype(np.uint8), (0, 0), 1.0), np.uint8)
        for ink in (seal.pixels / 255.0, 1.0)
    )
    under = (seal.pixels.min(axis=2) < 250) & (seal.pixels[..., 0] > 150)  # its red strokes; the pen's is blue
    cleaned, truth = for_reading(scanned).astype(int), for_reading(plain).astype(int)
    off, print_ = np.abs(cleaned - truth), truth < 180
    assert (under & print_).sum() > 300
    assert off[under & print_].mean() < 20, "letters are as dark as they were"
    assert off[under & ~print_].mean() < 12, "and what was ink is as light as the paper"
