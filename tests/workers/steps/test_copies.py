"""Grey, halved and resized pictures."""

from __future__ import annotations

import numpy as np
import pytest

from workers.steps.copies import grey_of, halved, resized

STEPS = np.arange(0, 200, 2, dtype=np.uint8).reshape(10, 10)


def test_grey_pages_are_not_copied() -> None:
    assert grey_of(STEPS) is STEPS
    assert grey_of(np.dstack([STEPS] * 3)).tolist() == STEPS.tolist()


@pytest.mark.parametrize("cut", [np.s_[:, :], np.s_[:9, :], np.s_[:, :7]])
def test_a_half_is_the_mean_of_four(cut: tuple[slice, slice]) -> None:
    page = STEPS[cut]
    height, width = page.shape[0] // 2, page.shape[1] // 2
    means = page[: 2 * height, : 2 * width].reshape(height, 2, width, 2).mean(axis=(1, 3))
    assert halved(page).tolist() == means.tolist()
    assert halved(np.dstack([page] * 3))[:, :, 1].tolist() == means.tolist()


def test_nothing_shrinks_to_nothing() -> None:
    assert halved(STEPS[:1]).shape == (1, 5)
    assert halved(STEPS[:3, :1]).shape == (1, 1)
    assert resized(STEPS[:, :1], 0.3).shape == (3, 1)
