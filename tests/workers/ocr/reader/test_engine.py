"""The reader around its net: words, boxes, second looks, alternatives. The nets here say what the test tells them to."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.workers.ocr.reader.drawn_line import DPI, DrawnLine, ScriptedNet, draw_line
from tests.workers.ocr.reader.onnx_file import write_weights
from tests.workers.ocr.reader.outputs import outputs
from workers.ocr.reader import engine as engine_module
from workers.ocr.reader.confidence import Calibration
from workers.ocr.reader.engine import ReaderEngine
from workers.ocr.reader.framing import Look, frame_line
from workers.ocr.reader.net import LogProbabilities, steps
from workers.ocr.reader.symbols import encode
from workers.ocr.reader.weights import Weights, load_weights

Cutting = Callable[[DrawnLine], None]
TEXT = "Căn cứ Nghị định số 45/2020/NĐ-CP ngày 08/4/2020"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Weights:
    made = load_weights(write_weights(tmp_path_factory.mktemp("weights"), calibration={}))
    return replace(made, calibration=Calibration())


@pytest.fixture(scope="module")
def drawn() -> DrawnLine:
    return draw_line(TEXT)


@pytest.fixture
def cutting(monkeypatch: pytest.MonkeyPatch) -> Cutting:
    """Makes the line cutter, which has its own tests, find one line."""

    def cut(drawn: DrawnLine) -> None:
        monkeypatch.setattr(engine_module, "cut_lines", lambda _grey, _dpi: (drawn.cut,))

    return cut


def nothing(drawn: DrawnLine, look: Look) -> list[LogProbabilities]:
    return [outputs([{}] * steps(framed.frame.shape[1])) for framed in frame_line(drawn.cut, look)]


def named(answer: LogProbabilities, symbol: str) -> int:
    """The first step at which it is named."""
    return int(np.flatnonzero(answer.argmax(axis=1) == encode(symbol)[0])[0])


def test_the_words_of_a_line_with_boxes_on_their_ink(weights: Weights, drawn: DrawnLine, cutting: Cutting) -> None:
    cutting(drawn)
    net = ScriptedNet(drawn.answers())
    engine = ReaderEngine(weights, net)
    (line,) = engine.read(drawn.grey, DPI)
    assert engine.name == f"digitize-reader {weights.version} vie"
    assert line.text == TEXT
    assert net.calls == [1]  # it was sure at once
    for word, box in zip(line.words, drawn.boxes, strict=True):
        assert np.abs(np.subtract(word.box, box)).max() <= 2, word
        assert word.confidence > 0.98
    assert line.baseline is not None
    assert line.baseline[0] == pytest.approx(drawn.boxes[0][3], abs=2)


@pytest.mark.parametrize("text", ["g", "i", "-", "1", "Ẫ ẵ", "a . b", "…" * 3 + " x", "I I I I I I"])
def test_boxes_of_narrow_and_flat_words(weights: Weights, text: str) -> None:
    drawn = draw_line(f"Số {text}")
    line = ReaderEngine(weights, ScriptedNet(drawn.answers())).read_lines([drawn.cut])[0]
    assert line.text == f"Số {text}"
    for word, box in zip(line.words, drawn.boxes, strict=True):
        assert np.abs(np.subtract(word.box, box)).max() <= 3, word


def test_a_line_in_doubt_is_looked_at_twice_and_the_likelier_reading_stays(weights: Weights, drawn: DrawnLine) -> None:
    wrong = TEXT.replace("Nghị", "Nghi")
    for first, second, kept in (
        (drawn.answers(0.6, text=wrong), drawn.answers(0.95, Look.BAND), TEXT),
        (drawn.answers(0.9), drawn.answers(0.6, Look.BAND, wrong), TEXT),
    ):
        net = ScriptedNet(first, second)
        (line,) = ReaderEngine(weights, net).read_lines([drawn.cut])
        assert net.calls == [1, 1]
        assert line.text == kept
        for word, box in zip(line.words, drawn.boxes, strict=True):
            assert np.abs(np.subtract(word.box, box)).max() <= 2, word


def test_silence_is_no_better_reading_however_sure(weights: Weights, drawn: DrawnLine) -> None:
    engine = ReaderEngine(weights, ScriptedNet(drawn.answers(0.8), nothing(drawn, Look.BAND)))
    assert engine.read_lines([drawn.cut])[0].text == TEXT
    engine = ReaderEngine(weights, ScriptedNet(nothing(drawn, Look.WHOLE), drawn.answers(0.99, Look.BAND)))
    assert engine.read_lines([drawn.cut])[0].text == TEXT


def test_only_lines_in_doubt_are_looked_at_twice(weights: Weights, drawn: DrawnLine) -> None:
    net = ScriptedNet([*drawn.answers(), *drawn.answers(0.7), *drawn.answers()], drawn.answers(0.99, Look.BAND))
    lines = ReaderEngine(weights, net).read_lines([drawn.cut] * 3)
    assert net.calls == [3, 1]
    assert [line.text for line in lines] == [TEXT] * 3
    assert min(line.confidence for line in lines) > 0.9


def test_an_unsure_word_brings_alternatives_and_a_sure_one_none(weights: Weights) -> None:
    drawn = draw_line("sửa bổ")
    (answer,) = drawn.answers()
    answer[named(answer, "ổ")] = outputs([{"ổ": 0.5, "ố": 0.3, "ỗ": 0.15}])[0]
    (line,) = ReaderEngine(weights, ScriptedNet([answer], nothing(drawn, Look.BAND))).read_lines([drawn.cut])
    sure, unsure = line.words
    assert [text for text, _ in sure.alternatives] == ["sửa"]
    assert [text for text, _ in unsure.alternatives][:3] == ["bổ", "bố", "bỗ"]
    assert unsure.confidence == pytest.approx(0.5, abs=0.02)
    assert math.exp(unsure.alternatives[1][1]) == pytest.approx(0.3, abs=0.02)


def test_confidence_is_calibrated(weights: Weights, drawn: DrawnLine) -> None:
    humble = replace(weights, calibration=Calibration((0.0, 1.0), (0.0, 0.6)))
    net = ScriptedNet(drawn.answers(), nothing(drawn, Look.BAND))
    (line,) = ReaderEngine(humble, net).read_lines([drawn.cut])
    assert line.text == TEXT
    assert 0.55 < line.confidence <= 0.6


def test_a_line_drawn_by_hand_is_believed_half(weights: Weights, drawn: DrawnLine) -> None:
    cut = replace(drawn.cut, handwritten=True, slope=0.01)
    (line,) = ReaderEngine(weights, ScriptedNet(drawn.answers())).read_lines([cut])
    assert line.text == TEXT
    assert 0.49 < line.confidence <= 0.5
    intercept, slope = line.baseline
    middle = (cut.box[0] + cut.box[2]) / 2
    assert intercept + slope * middle == pytest.approx(cut.baseline)


def test_an_unsure_space_makes_the_words_beside_it_unsure(weights: Weights) -> None:
    drawn = draw_line("hai chữ rời")
    (answer,) = drawn.answers()
    answer[named(answer, " ")] = outputs([{" ": 0.6}])[0]
    (line,) = ReaderEngine(weights, ScriptedNet([answer], nothing(drawn, Look.BAND))).read_lines([drawn.cut])
    one, two, three = (word.confidence for word in line.words)
    assert one == pytest.approx(0.6, abs=0.02)
    assert two == pytest.approx(0.6, abs=0.02)
    assert three > 0.98


def test_words_come_in_normal_form(weights: Weights, cutting: Cutting) -> None:
    drawn = draw_line("hoà thuý")
    cutting(drawn)
    (line,) = ReaderEngine(weights, ScriptedNet(drawn.answers())).read(drawn.grey, DPI)
    assert line.text == "hòa thúy"


def test_what_dust_left_is_no_line(weights: Weights, drawn: DrawnLine, cutting: Cutting) -> None:
    cutting(drawn)
    dust = drawn.answers(text="".join("." if c != " " else " " for c in TEXT))
    assert ReaderEngine(weights, ScriptedNet(dust)).read(drawn.grey, DPI) == ()
    silent = ScriptedNet(nothing(drawn, Look.WHOLE), nothing(drawn, Look.BAND))
    assert ReaderEngine(weights, silent).read(drawn.grey, DPI) == ()


def test_a_long_line_is_put_together_again(weights: Weights) -> None:
    drawn = draw_line(" ".join(["chữ"] * 96), width=6600)
    answers = drawn.answers()
    assert len(answers) > 1
    (line,) = ReaderEngine(weights, ScriptedNet(answers)).read_lines([drawn.cut])
    assert line.text == drawn.text
    for word, box in zip(line.words, drawn.boxes, strict=True):
        assert np.abs(np.subtract(word.box, box)).max() <= 2, word


def test_a_closed_engine_says_so(tmp_path: Path, drawn: DrawnLine) -> None:
    engine = ReaderEngine(load_weights(write_weights(tmp_path)))
    assert isinstance(engine.read(drawn.grey, DPI), tuple)
    engine.close()
    engine.close()
    with pytest.raises(RuntimeError, match="closed"):
        engine.read(drawn.grey, DPI)
