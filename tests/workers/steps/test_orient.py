from __future__ import annotations

import csv

import cv2
import numpy as np
import pytest

from tests.paths import SCANS, needs_scans
from tests.workers.drawn import act
from workers.page import Pixels
from workers.steps.orient import orientation


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_told_how_to_stand(turn: int) -> None:
    content = np.ascontiguousarray(np.rot90(act().grey, -turn // 90))
    degrees, sure = orientation(content)
    assert degrees == (360 - turn) % 360
    assert sure > 0.8


def test_unsure_means_untouched() -> None:
    rng = np.random.default_rng(3)
    blank = np.full((1000, 700), 250, np.uint8)
    noise = rng.integers(0, 256, (900, 700), dtype=np.uint8)
    texture = np.asarray(cv2.GaussianBlur(noise, (0, 0), 9), np.uint8)
    for page in (blank, noise, texture, blank[:30, :20]):
        assert orientation(page)[0] == 0


def _grey(path: str) -> Pixels:
    return np.asarray(cv2.imread(str(SCANS / "pages" / path), cv2.IMREAD_GRAYSCALE), np.uint8)


@needs_scans
def test_real_pages() -> None:
    with (SCANS / "pages" / "labels.csv").open() as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        turned = int(row["content_rotated_clockwise_deg"] or 0)
        assert orientation(_grey(row["file"]))[0] == (360 - turned) % 360, row["file"]
