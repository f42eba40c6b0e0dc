from __future__ import annotations

import csv

import cv2
import numpy as np
import pytest

from tests.paths import SCANS, needs_scans
from tests.workers.drawn import Sheet, act, leaning
from workers.steps.deskew import skew_angle


@pytest.mark.parametrize("angle", [-19, -12.5, -5, -1.3, -0.4, 0.3, 0.9, 3, 8, 16])
def test_the_angle_that_straightens(angle: float) -> None:
    assert skew_angle(leaning(act().grey, angle), 200) == pytest.approx(angle, abs=0.15)


def table_of_ticks() -> Sheet:
    """Thirteen narrow columns: no line of text is long enough to tell how the page leans."""
    sheet = Sheet(100, landscape=True)
    xs, ys = [20 + 19 * n for n in range(14)], [30 + 14 * n for n in range(11)]
    sheet.grid(xs, ys)
    for y in ys[:-1]:
        for x in xs[:-1]:
            sheet.write(x + 6, y + 4, ("x",))
    return sheet


@pytest.mark.parametrize("angle", [-6, -0.8, 0.5, 3])
def test_a_table_leans_as_its_rules_do(angle: float) -> None:
    assert skew_angle(leaning(table_of_ticks().grey, angle), 100) == pytest.approx(angle, abs=0.2)


def test_a_straight_table_and_a_mere_frame_are_left_alone() -> None:
    assert skew_angle(table_of_ticks().grey, 100) == 0.0
    frame = Sheet(100)
    frame.grid((20, 190), (20, 270))
    assert skew_angle(leaning(frame.grey, 3), 100) == 0.0


def test_a_straight_page_is_left_alone() -> None:
    assert skew_angle(act().grey, 200) == 0.0
    assert skew_angle(act(300).grey, 300) == 0.0


def test_a_trifle_is_left_alone() -> None:
    assert skew_angle(leaning(act().grey, 0.05), 200) == 0.0


@pytest.mark.parametrize("size", [1, 3, 8, 20])
def test_a_texture_without_lines_gives_exactly_nothing(size: float) -> None:
    noise = np.random.default_rng(5).normal(128, 60, (1200, 900)).astype(np.float32)
    soft = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), size), None, 0, 255, cv2.NORM_MINMAX)  # type: ignore[call-overload]  # OpenCV's stub wants a destination
    assert skew_angle(soft.astype(np.uint8), 150) == 0.0


def test_lines_that_disagree_give_nothing() -> None:
    page = act().grey
    half = page.shape[0] // 2
    mixed = np.vstack([leaning(page, 6)[:half], leaning(page, -6)[:half]])
    assert skew_angle(mixed, 200) == 0.0


def test_too_little_to_tell() -> None:
    assert skew_angle(np.full((50, 50), 255, np.uint8), 200) == 0.0
    assert skew_angle(np.full((900, 700), 255, np.uint8), 100) == 0.0


@needs_scans
def test_real_pages_within_half_a_degree_or_untouched() -> None:
    with (SCANS / "skew" / "labels.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["skew_fix_ccw_deg"]]
    assert len(rows) > 10
    for row in rows:
        image = cv2.imread(str(SCANS / "skew" / row["file"]), cv2.IMREAD_GRAYSCALE)
        assert image is not None
        grey = np.asarray(image, np.uint8)
        found, wanted = skew_angle(grey, max(grey.shape) / 11.7), float(row["skew_fix_ccw_deg"])
        assert found == 0.0 or abs(found - wanted) < 0.5, row["file"]
