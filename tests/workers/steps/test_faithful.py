"""How good a JPEG must be."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.workers.drawn import act
from workers.page import Pixels
from workers.steps.faithful import ALIKE, QUALITIES, quality_for, similarity
from workers.steps.placement import place
from workers.steps.resample import page_jpeg


def decoded(data: bytes) -> Pixels:
    bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert bgr is not None
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


def noisy(pixels: Pixels, strength: float) -> Pixels:
    noise = np.random.default_rng(2).normal(0, strength, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("strength", [0.0, 4.0, 12.0])
def test_the_whole_page_looks_like_itself(strength: float) -> None:
    page = noisy(act(150, seal=True).pixels, strength)
    height, width = page.shape[:2]
    assert similarity(decoded(page_jpeg(page, place(width, height))), page) >= ALIKE


def test_what_has_more_to_lose_gets_more() -> None:
    page = act(150).pixels
    assert quality_for(np.full_like(page, 250)) == QUALITIES[0]
    assert quality_for(page) < quality_for(noisy(page, 12))


def test_small_and_grey_pages() -> None:
    grey = act(100).grey
    for page in (grey, grey[:200, :90], grey[:1, :1], grey[:40]):
        assert quality_for(np.ascontiguousarray(page)) in QUALITIES


def test_similarity_is_one_for_equals_and_falls_with_change() -> None:
    page = act(100).grey
    assert similarity(page, page) == pytest.approx(1)
    blurred = np.asarray(cv2.GaussianBlur(page, (0, 0), 2), np.uint8)
    more = np.asarray(cv2.GaussianBlur(page, (0, 0), 5), np.uint8)
    assert 1 > similarity(page, blurred) > similarity(page, more)
