"""What the net is shown of a line, and where a column of it stands on the page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.workers.ocr.reader.drawn_line import draw_line
from workers.ocr.reader.frame import FRAME_HEIGHT, MAX_WIDTH
from workers.ocr.reader.framing import Look, frame_line, widest_gap

TEXT = "Căn cứ Nghị định số 45/2020/NĐ-CP"


@pytest.mark.parametrize("look", Look)
@pytest.mark.parametrize("text", [TEXT, "-", "Ế", "nnnn", "Ặg"])
def test_columns_lead_back_to_the_page(text: str, look: Look) -> None:
    drawn = draw_line(text)
    (framed,) = frame_line(drawn.cut, look)
    assert framed.frame.shape[0] == FRAME_HEIGHT
    inked = np.flatnonzero(framed.inked)
    assert framed.on_page(float(inked[0])) == pytest.approx(drawn.boxes[0][0], abs=2.5)
    assert framed.on_page(float(inked[-1]) + 1) == pytest.approx(drawn.boxes[-1][2], abs=2.5)


@pytest.mark.parametrize("text", [TEXT, "nnnn xxxx", "Ặ"])
def test_the_second_look_shows_another_picture(text: str) -> None:
    cut = draw_line(text).cut
    (whole,), (band,) = frame_line(cut), frame_line(cut, Look.BAND)
    assert abs(whole.scale / band.scale - 1) > 0.08


def test_nothing_of_a_line_is_cut_off_by_the_first_look() -> None:
    cut = draw_line("Ế Ặ g ộ Ẫ").cut
    (framed,) = frame_line(cut)
    rows = np.flatnonzero(framed.frame.min(axis=1) < 128)
    crop = np.flatnonzero(cut.pixels.min(axis=1) < 128)
    scale = FRAME_HEIGHT / cut.pixels.shape[0]
    assert rows[0] == pytest.approx(crop[0] * scale, abs=1.5)
    assert rows[-1] == pytest.approx(crop[-1] * scale, abs=1.5)


def test_a_stroke_that_leaves_the_line_does_not_make_the_print_small() -> None:
    cut = draw_line("công bố thủ tục").cut
    room = round(4 * cut.x_height)
    tall = np.full((cut.pixels.shape[0] + 2 * room, cut.pixels.shape[1]), 255, np.uint8)
    tall[room:-room] = cut.pixels
    tall[:, 3:6] = 0  # a seal's edge, from top to bottom
    x0, y0, x1, y1 = cut.box
    marked = replace(
        cut, pixels=tall, box=(x0, y0 - room, x1, y1 + room), own_x_height=cut.own_x_height or cut.x_height
    )
    (framed,), (plain,) = frame_line(marked), frame_line(cut)
    assert framed.scale < 1.5 * plain.scale


def test_a_line_too_long_for_one_frame_is_parted_between_words() -> None:
    drawn = draw_line(" ".join(["chữ"] * 96), width=6600)
    parts = frame_line(drawn.cut)
    assert len(parts) > 1
    assert all(part.frame.shape[1] <= MAX_WIDTH for part in parts)
    ends = [part.on_page(part.frame.shape[1]) for part in parts]
    assert ends[:-1] == [pytest.approx(part.left) for part in parts[1:]]
    for end in ends[:-1]:
        assert not any(x0 - 0.5 < end < x1 + 0.5 for x0, _, x1, _ in drawn.boxes)


def test_the_widest_gap() -> None:
    assert widest_gap(np.array([0, 1, 0, 1, 1, 1, 0, 1], np.bool_)) == 4
    assert widest_gap(np.zeros(6, np.bool_)) == 3
    assert widest_gap(np.zeros(0, np.bool_)) == 0
