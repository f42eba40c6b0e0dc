"""Who reads a line: our reader, tesseract where ours is in doubt, either alone where the other is not to be had."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from models.errors import MissingProgram
from tests.workers.drawn import act, act_text, error_rate
from tests.workers.ocr.reader.drawn_line import draw_line
from tests.workers.ocr.reader.onnx_file import write_weights
from workers.ocr import factory, second_opinion
from workers.ocr.factory import make_engine
from workers.ocr.lines import CutLine
from workers.ocr.reader import weights as reader_weights
from workers.ocr.reader.confidence import Calibration, sureness
from workers.ocr.reader.reading import ReadLine, ReadWord
from workers.ocr.second_opinion import MAX_ASKED, ReaderWithSecondOpinion, SecondReader
from workers.page import Line, Word

GREY = np.full((50, 50), 255, np.uint8)
CUT = draw_line("Nguyễn Văn").cut


def cut_line(place: int) -> CutLine:
    x0, y0, x1, y1 = CUT.box
    return replace(CUT, box=(x0, y0 + 100 * place, x1, y1 + 100 * place))


def read(text: str, confidence: float) -> ReadLine:
    words = tuple(ReadWord(word, 0, 9, confidence, ((word, -0.1),), 0, 9) for word in text.split())
    return ReadLine(words, (9.0, 0.0))


def line(text: str, confidence: float) -> Line:
    return Line(tuple(Word(word, (0, 0, 9, 9), confidence) for word in text.split()), (9.0, 0.0))


@dataclass
class First:
    lines: list[ReadLine]
    second_calibration: Calibration = field(default_factory=Calibration)
    name: str = "digitize-reader 0123abcd vie"
    closed: int = 0

    def read_lines(self, lines: Sequence[CutLine]) -> list[ReadLine]:
        assert len(lines) == len(self.lines)
        return self.lines

    def close(self) -> None:
        self.closed += 1


@dataclass
class Second:
    line: Line | None
    name: str = "tesserocr 5.5.4 vie"
    asked: list[int] = field(default_factory=list)
    closed: int = 0

    def read_lines(self, cut: Sequence[CutLine], dpi: float) -> list[Line | None]:
        assert dpi == 190
        self.asked += [(piece.box[1] - CUT.box[1]) // 100 for piece in cut]
        return [self.line] * len(cut)

    def close(self) -> None:
        self.closed += 1


def engine(
    patch: pytest.MonkeyPatch, first: First, second: Second | None, *, handwritten: bool = False
) -> ReaderWithSecondOpinion:
    def load() -> SecondReader:
        if second is None:
            raise MissingProgram("no tesseract here")
        return second

    cut = tuple(replace(cut_line(place), handwritten=handwritten) for place in range(len(first.lines)))
    patch.setattr(second_opinion, "cut_lines", lambda _grey, _dpi: cut)
    return ReaderWithSecondOpinion(first, load)


def test_sure_lines_need_no_second_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    made = engine(monkeypatch, First([read("Nguyễn Văn", 0.95)]), None)
    assert made.read(GREY, 190) == (line("Nguyễn Văn", 0.95),)
    assert made.name == "digitize-reader 0123abcd vie"


@pytest.mark.parametrize(
    ("ours", "theirs", "kept"),
    [
        (read("Nguyên Vẵn", 0.4), line("Nguyễn Văn", 0.9), 2),
        (read("Nguyễn Văn", 0.6), line("Nguyên Vằn", 0.3), 1),
        (read("Nguyễn Văn", 0.6), line("Nguyễn", 0.7), 1),  # half a line is no better line
        (read("Nguyễn Văn", 0.6), None, 1),
        (read("", 0.0), line("Nguyễn Văn", 0.9), 2),
    ],
)
def test_the_more_credible_reading_is_kept_whole(
    monkeypatch: pytest.MonkeyPatch, ours: ReadLine, theirs: Line | None, kept: int
) -> None:
    second = Second(theirs)
    (found,) = engine(monkeypatch, First([ours]), second).read(GREY, 190)
    assert second.asked == [0]
    if kept == 1:
        assert found == ours.as_line()
    else:
        assert theirs is not None
        assert found == replace(theirs, engine=second.name)


def test_both_are_compared_on_one_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    boastful = Calibration((0.0, 1.0), (0.0, 0.5))
    ours = read("Nguyễn Văn", 0.6)
    (kept,) = engine(monkeypatch, First([ours], boastful), Second(line("Nguyên Vằn", 0.95))).read(GREY, 190)
    assert kept == ours.as_line()
    (other,) = engine(monkeypatch, First([read("Nguy", 0.01)], boastful), Second(line("Nguyễn", 0.9))).read(GREY, 190)
    assert other.words[0].confidence == pytest.approx(0.45)


def test_the_least_sure_lines_are_asked_about_first(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [read("Nguyễn", 0.64 - 0.01 * place) for place in range(MAX_ASKED + 5)]
    second = Second(None)
    assert len(engine(monkeypatch, First(lines), second).read(GREY, 190)) == len(lines)
    assert second.asked == list(range(MAX_ASKED + 4, 4, -1))


def test_a_pen_is_not_worth_a_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    second = Second(line("Nguyễn", 0.9))
    engine(monkeypatch, First([read("Ngy", 0.4)]), second, handwritten=True).read(GREY, 190)
    assert second.asked == []


def test_without_tesseract_the_reader_goes_on_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = engine(monkeypatch, First([read("Nguyễn Văn", 0.5)]), None)
    with caplog.at_level(logging.WARNING):
        assert made.read(GREY, 190) == made.read(GREY, 190) == (line("Nguyễn Văn", 0.5),)
    assert [record.getMessage() for record in caplog.records] == [
        "no second opinion on doubtful lines: no tesseract here"
    ]


def test_tesseract_is_loaded_once_and_closed_with_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = First([read("Nguyễn Văn", 0.5)]), Second(None)
    made = engine(monkeypatch, first, second)
    made.read(GREY, 190)
    made.read(GREY, 190)
    assert second.asked == [0, 0]
    made.close()
    made.close()
    assert (first.closed, second.closed) == (2, 1)


def test_tesseract_reads_single_lines() -> None:
    made = make_engine("tesserocr")
    assert isinstance(made, SecondReader)
    drawn = draw_line("Nguyễn Văn An, sinh ngày 15/8/1990")
    blank = replace(drawn.cut, pixels=np.full_like(drawn.cut.pixels, 255))
    found, nothing = made.read_lines([drawn.cut, blank], 190)
    made.close()
    assert nothing is None or sureness(nothing.words) < 0.2  # it reads a word into white paper, and does not believe it
    assert found is not None
    assert found.text == drawn.text
    assert np.abs(np.subtract([word.box for word in found.words], drawn.boxes)).max() <= 4


@pytest.fixture
def no_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reader_weights, "weights_folder", lambda: tmp_path)


@pytest.mark.usefixtures("no_weights")
def test_without_weights_tesseract_reads(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        made = make_engine("reader")
    assert made.name.startswith("tesserocr ")
    assert "weights" in caplog.text
    assert error_rate(act_text(), "\n".join(found.text for found in made.read(act().grey, 200))) < 0.02
    made.close()


@pytest.mark.usefixtures("no_weights")
def test_without_weights_and_tesseract_both_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str, languages: str) -> SecondReader:
        raise MissingProgram(f"the engine '{name}' can't be loaded")

    monkeypatch.setattr(factory, "_tesseract", absent)
    with pytest.raises(MissingProgram, match=r"weights.*tesserocr"):
        make_engine("reader")
    with pytest.raises(MissingProgram, match="weights"):
        make_engine("reader-alone")


def test_an_altered_net_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_weights(tmp_path, sha256="0" * 64)
    monkeypatch.setattr(reader_weights, "weights_folder", lambda: tmp_path)
    made = make_engine("reader")
    made.close()
    assert made.name.startswith("tesserocr ")
    assert "altered" in caplog.text


def test_a_language_that_only_tesseract_could_read_must_be_there() -> None:
    with pytest.raises(MissingProgram, match="xyz"):
        make_engine("reader", "vie+xyz")
