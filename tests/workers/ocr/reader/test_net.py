"""The net behind its contract: same answers whatever shares the run, as many steps as the frame has."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import MissingProgram
from tests.workers.ocr.reader.onnx_file import tiny_net
from workers.ocr.reader.frame import FRAME_HEIGHT, MAX_WIDTH
from workers.ocr.reader.net import GRAIN, LEFT, RIGHT, WASTE, Net, rung, steps
from workers.ocr.reader.symbols import CLASSES
from workers.page import Pixels


@pytest.fixture(scope="module")
def net() -> Net:
    return Net(tiny_net())


def frames(*widths: int) -> list[Pixels]:
    random = np.random.default_rng(3)
    return [random.integers(0, 256, (FRAME_HEIGHT, width), dtype=np.uint8) for width in widths]


@given(st.integers(1, MAX_WIDTH))
def test_a_rung_holds_the_frame_and_wastes_little(width: int) -> None:
    needed, given_width = LEFT + width + RIGHT, rung(width)
    assert given_width >= needed
    assert given_width % GRAIN == 0
    assert given_width - needed <= max(GRAIN, 2 * GRAIN, WASTE * needed)
    assert 4 * steps(width) <= given_width
    assert rung(width) <= rung(width + 1)


def test_answers_are_the_same_whatever_else_is_read(net: Net) -> None:
    page = frames(900, 16, 901, 340, 341, 338, 17, 2000, 90, 903, 100, 342)
    together = net.read(page)
    for frame, answer in zip(page, together, strict=True):
        assert np.array_equal(net.read([frame])[0], answer)
        assert answer.shape == (steps(frame.shape[1]), CLASSES)
        assert np.exp(answer).sum(axis=1) == pytest.approx(1, abs=1e-4)
    shuffled = net.read(page[::-1])[::-1]
    assert all(np.array_equal(a, b) for a, b in zip(together, shuffled, strict=True))


def test_paper_is_zero_and_ink_is_one(net: Net) -> None:
    white = np.full((FRAME_HEIGHT, 40), 255, np.uint8)
    blank, inked = net.read([white, np.zeros_like(white)])
    assert np.allclose(blank, -np.log(CLASSES), atol=1e-5)  # no bias: nothing in, nothing out
    assert not np.allclose(inked, blank)


def test_no_frames_no_answers(net: Net) -> None:
    assert net.read([]) == []


@pytest.mark.parametrize(
    "model",
    [b"", b"not a net", tiny_net()[:-100], tiny_net(classes=10), tiny_net(height=32), tiny_net(frames="images")],
)
def test_other_nets_are_refused(model: bytes) -> None:
    with pytest.raises(MissingProgram, match="net"):
        Net(model)
