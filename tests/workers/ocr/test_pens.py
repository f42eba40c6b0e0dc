"""A pen's digits: how a slot is shown to the net, what its looks say together, and the committed net on digits drawn here."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.errors import MissingProgram
from training.pens.strokes import strokes
from workers.ocr.reader.confidence import Calibration
from workers.ocr.slots.pen import PenNet, combined
from workers.ocr.slots.pen_frame import HEIGHT, MARGIN, SYMBOLS, VIEWS, WIDEST, View, frame
from workers.ocr.slots.pen_weights import FACTS, MODEL, PenWeights, load_pen_weights, weights_folder
from workers.page import Pixels

PLAIN = Calibration()


def written(text: str, seed: int, *, high: int = 48, pen: int = 6, ink: int = 20) -> Pixels:
    """Digits of strokes, as a pen sets them in a slot 300 dpi fine."""
    rng = random.Random(seed)
    sheet = np.full((3 * high, (len(text) + 2) * high), 255, np.uint8)
    x = float(high)
    for digit in text:
        lines = strokes(int(digit), rng)
        left = min(float(line[:, 0].min() - 0.15 * line[:, 1].max()) for line in lines)
        for line in lines:
            points = np.stack([line[:, 0] - 0.15 * line[:, 1] - left, line[:, 1]], axis=1) * high + [x, high]
            cv2.polylines(
                sheet,
                [np.round(points).astype(np.int32)],
                isClosed=False,
                color=ink,
                thickness=pen,
                lineType=cv2.LINE_AA,
            )
        right = max(float((line[:, 0] - 0.15 * line[:, 1]).max()) for line in lines)
        x += (right - left + 0.2) * high
    return np.asarray(cv2.GaussianBlur(sheet, (0, 0), 0.8), np.uint8)


def test_a_frame_holds_the_ink_and_nothing_else() -> None:
    sheet = np.full((90, 200), 255, np.uint8)
    sheet[30:78, 60:100] = 140  # a pale pen
    shown = frame(sheet)
    assert shown is not None
    assert shown.shape == (HEIGHT, 20 + 2 * MARGIN)
    assert (shown[4:28, MARGIN + 1 : -MARGIN - 1] == 255).all()
    assert not shown[:3].any()
    assert not shown[:, : MARGIN - 1].any()
    assert frame(np.full((10, 10), 250, np.uint8)) is None


@pytest.mark.parametrize("view", [*VIEWS, View(28, -2, -0.3)])
@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 900), (400, 2), (60, 70)])
def test_any_ink_fits_a_frame(view: View, height: int, width: int) -> None:
    sheet = np.full((height + 4, width + 4), 255, np.uint8)
    sheet[2:-2, 2:-2] = 0
    shown = frame(sheet, view)
    assert shown is not None
    assert shown.shape[0] == HEIGHT
    assert shown.shape[1] <= WIDEST
    assert shown.any()


def test_looks_are_one_reading_only_where_all_hold_it_likeliest() -> None:
    sure = combined([{"11": 0.98, "14": 0.01}, {"11": 0.9, "17": 0.1}], PLAIN, PLAIN)
    assert sure.agreed
    assert sure.candidates[0].value == "11"
    assert sure.candidates[0].confidence == pytest.approx((0.98 * 0.9) ** 0.5)
    torn = combined([{"11": 0.6, "14": 0.4}, {"14": 0.7, "11": 0.3}], PLAIN, PLAIN)
    assert not torn.agreed
    assert {one.value for one in torn.candidates} == {"11", "14"}


def test_candidates_are_no_likelier_than_certain() -> None:
    optimist = Calibration((0.0, 0.5, 1.0), (0.0, 0.98, 1.0))
    told = combined([{"11": 0.5, "14": 0.3, "17": 0.2}], optimist, optimist).candidates
    assert [one.value for one in told] == ["11", "14", "17"]
    assert told[0].confidence == pytest.approx(0.98)
    assert sum(one.confidence for one in told) == pytest.approx(1.0)
    assert told[1].confidence > told[2].confidence


def test_strokes_that_are_no_digits_are_never_a_value() -> None:
    odd = combined([{"1?": 0.7, "11": 0.3}], PLAIN, PLAIN)
    assert not odd.agreed
    assert [one.value for one in odd.candidates] == ["11"]
    assert combined([{"??": 0.9}], PLAIN, PLAIN).candidates == ()
    assert combined([{"": 1.0}], PLAIN, PLAIN).candidates == ()
    assert combined([], PLAIN, PLAIN).candidates == ()


@pytest.fixture(scope="module")
def net() -> PenNet:
    return PenNet(load_pen_weights())


def test_the_committed_net_reads_what_a_hand_writes(net: PenNet) -> None:
    rng = random.Random(7)
    texts = [
        "11",
        "17",
        "47",
        "574",
        "07",
        "280",
        *("".join(rng.choices("0123456789", k=rng.choice((1, 2, 2, 3)))) for _ in range(34)),
    ]
    read = [(text, net.read(written(text, seed))) for seed, text in enumerate(texts)]
    right = sum(bool(seen.candidates) and seen.candidates[0].value == text for text, seen in read)
    sure = [
        (text, seen.candidates[0].value) for text, seen in read if seen.agreed and seen.candidates[0].confidence >= 0.9
    ]
    assert right >= 0.85 * len(texts)
    assert len(sure) >= 0.5 * len(texts)
    assert sum(text != value for text, value in sure) <= 1


def test_a_scribble_is_no_number(net: PenNet) -> None:
    rng = random.Random(3)
    for _ in range(10):
        sheet = np.full((90, 160), 255, np.uint8)
        points = [(rng.randrange(20, 140), rng.randrange(20, 70)) for _ in range(25)]
        cv2.polylines(sheet, [np.array(points, np.int32)], isClosed=False, color=0, thickness=4)
        seen = net.read(sheet)
        assert not (seen.agreed and seen.candidates[0].confidence >= 0.9)
    assert net.read(np.full((40, 60), 255, np.uint8)).candidates == ()


def test_weights_that_are_not_the_ones_told_are_refused(tmp_path: Path) -> None:
    good = weights_folder()
    model, facts = (good / MODEL).read_bytes(), json.loads((good / FACTS).read_text(encoding="utf-8"))
    with pytest.raises(MissingProgram, match="not there"):
        load_pen_weights(tmp_path)
    (tmp_path / MODEL).write_bytes(model[:-1])
    (tmp_path / FACTS).write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(MissingProgram, match="altered"):
        load_pen_weights(tmp_path)
    (tmp_path / MODEL).write_bytes(model)
    (tmp_path / FACTS).write_text(json.dumps(facts | {"symbols": SYMBOLS[:-1]}), encoding="utf-8")
    with pytest.raises(MissingProgram, match="other symbols"):
        load_pen_weights(tmp_path)
    (tmp_path / FACTS).write_text("[]", encoding="utf-8")
    with pytest.raises(MissingProgram, match="can't be used"):
        load_pen_weights(tmp_path)
    junk = b"no net"
    with pytest.raises(MissingProgram, match="can't be loaded"):
        PenNet(PenWeights(junk, hashlib.sha256(junk).hexdigest(), PLAIN, PLAIN))
