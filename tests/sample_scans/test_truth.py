"""The truth's boxes, measured against the pixels: ink inside, paper around, after every geometric step."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from sample_scans import Sample, generate
from sample_scans.truth import TruthWord
from sample_scans.warp import inverse, warp
from tests.sample_scans.kinds import FIRST

Pixels = NDArray[np.uint8]


def brightness(sample: Sample) -> Pixels:
    image = sample.image
    return image if image.ndim == 2 else np.asarray(image.min(axis=2), np.uint8)


def free_words(sample: Sample) -> list[TruthWord]:
    """Printed words of some size that no seal, signature or stamp touches, and that the image does not cut."""
    truth = sample.truth
    found = []
    for word in truth.words:
        x0, y0, x1, y1 = word.box
        touched = any(x0 < m.box[2] and m.box[0] < x1 and y0 < m.box[3] and m.box[1] < y1 for m in truth.marks)
        if len(word.text) > 2 and not touched and not word.hand and x0 > 4 and y0 > 4 and x1 < truth.width - 4:
            found.append(word)
    return found


@pytest.mark.parametrize("paper_type", [*FIRST, "hop_dong", "bang_tot_nghiep", "to_khai-khac"])
def test_boxes_are_the_ink_itself_on_a_clean_page(paper_type: str) -> None:
    sample = generate(paper_type, 31, "clean", dpi=150)
    light = brightness(sample)
    dark: NDArray[np.bool_] = np.asarray(light < int(np.median(light)) - 2)
    for word in free_words(sample):
        x0, y0, x1, y1 = word.box
        inside = dark[y0:y1, x0:x1]
        for edge in (inside[:2], inside[-2:], inside[:, :2], inside[:, -2:]):
            assert edge.any(), f"no ink at an edge of {word}"


@pytest.mark.parametrize("wear", ["scan", "skewed", "rotated", "photo", "photocopy", "yellow", "lowres"])
@pytest.mark.parametrize("paper_type", ["quyet_dinh", "don", "phu_luc"])
def test_words_have_ink_inside_and_paper_around(paper_type: str, wear: str) -> None:
    sample = generate(paper_type, 32, wear, dpi=150)
    light = brightness(sample).astype(np.float64)
    words = free_words(sample)
    assert len(words) > 60
    good = 0
    for word in words:
        centre, wide, tall = quad_shape(word)
        upright = cut(light, word, centre, wide, tall, margin=3)
        inside = upright[3:-3, 3:-3]
        ends = np.concatenate([upright[3:-3, :2].ravel(), upright[3:-3, -2:].ravel()])
        paper = np.percentile(upright, 95)
        good += bool((paper - inside).mean() > 3.0 * max(1.0, (paper - ends).mean()))
    assert good >= 0.97 * len(words), f"{good} of {len(words)}"


def quad_shape(word: TruthWord) -> tuple[tuple[float, float], float, float]:
    corners = np.array(word.quad)
    wide = float(np.hypot(*(corners[1] - corners[0])))
    tall = float(np.hypot(*(corners[3] - corners[0])))
    return (float(corners[:, 0].mean()), float(corners[:, 1].mean())), wide, tall


def cut(
    light: NDArray[np.float64],
    word: TruthWord,
    _centre: tuple[float, float],
    wide: float,
    tall: float,
    margin: int,
) -> NDArray[np.float64]:
    """The word's quad set upright, with a margin in pixels."""
    size = (round(wide), round(tall))
    goal = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32) + margin
    matrix = cv2.getPerspectiveTransform(np.array(word.quad, np.float32) - 0.5, goal - 0.5)
    return np.asarray(cv2.warpPerspective(light, matrix, (size[0] + 2 * margin, size[1] + 2 * margin)), np.float64)


@pytest.mark.parametrize("wear", ["scan", "skewed", "rotated", "photo", "lowres"])
def test_undoing_the_matrix_gives_the_clean_page(wear: str) -> None:
    clean, worn = generate("giay_uy_quyen", 33, "clean", dpi=100), generate("giay_uy_quyen", 33, wear, dpi=100)
    height, width = clean.image.shape[:2]
    back = inverse(np.array(worn.truth.matrix).reshape(3, 3))
    flat = warp(worn.image, back, width, height, 255)
    assert correlation(brightness(clean), np.asarray(flat.min(axis=2), np.uint8)) > 0.75


@pytest.mark.parametrize("seed", [41, 42, 43, 44])
def test_skew_is_the_counter_clockwise_turn_that_straightens(seed: int) -> None:
    clean, skewed = generate("ke_hoach", seed, "clean", dpi=80), generate("ke_hoach", seed, "skewed", dpi=80)
    assert 2 <= abs(skewed.truth.skew) <= 6
    height, width = skewed.image.shape[:2]
    # OpenCV's getRotationMatrix2D turns counter-clockwise for positive angles.
    turn = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), skewed.truth.skew, 1.0)
    straight = cv2.warpAffine(brightness(skewed), turn, (width, height), borderValue=(255,))
    assert correlation(brightness(clean), np.asarray(straight, np.uint8)) > 0.7


@pytest.mark.parametrize("seed", range(51, 57))
def test_rotation_is_the_clockwise_turn_that_makes_it_upright(seed: int) -> None:
    clean, turned = generate("don", seed, "clean", dpi=60), generate("don", seed, "rotated", dpi=60)
    assert turned.truth.rotation in {90, 180, 270}
    upright = np.rot90(brightness(turned), -turned.truth.rotation // 90)
    assert upright.shape == clean.image.shape[:2]
    assert correlation(brightness(clean), np.ascontiguousarray(upright)) > 0.5


def correlation(a: Pixels, b: Pixels) -> float:
    """Of the inks (what is darker than its surroundings), softened a little, so that half a pixel does not matter."""
    inks = [cv2.subtract(cv2.dilate(image, np.ones((15, 15), np.uint8)), image) for image in (a, b)]
    soft = [cv2.GaussianBlur(image.astype(np.float64), (5, 5), 0) for image in inks]
    return float(np.corrcoef(soft[0].ravel(), soft[1].ravel())[0, 1])
