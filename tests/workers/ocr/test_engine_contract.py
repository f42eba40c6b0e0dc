"""What every engine promises (``workers.ocr.engine``)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import numpy as np
import pytest

from models.errors import MissingProgram
from tests.workers.drawn import BODY, act, act_text, error_rate
from workers.ocr.engine import OcrEngine
from workers.ocr.factory import ENGINES, make_engine


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[OcrEngine]:
    made = make_engine(request.param, "vie")
    yield made
    made.close()
    made.close()


def test_is_an_engine_and_says_what_it_is(engine: OcrEngine) -> None:
    assert isinstance(engine, OcrEngine)
    assert engine.name.endswith(" vie")
    assert any(character.isdigit() for character in engine.name)


def test_reads_an_act_in_the_order_of_a_person(engine: OcrEngine) -> None:
    lines = engine.read(act().grey, 200)
    assert error_rate(act_text(), "\n".join(line.text for line in lines)) < 0.02


def test_words_are_clean_and_lie_inside(engine: OcrEngine) -> None:
    grey = act().grey
    lines = engine.read(grey, 200)
    height, width = grey.shape
    assert sum(len(line.words) for line in lines) > 100
    for line in lines:
        assert line.words
        for word in line.words:
            x0, y0, x1, y1 = word.box
            assert 0 <= x0 < x1 <= width
            assert 0 <= y0 < y1 <= height
            assert 0 <= word.confidence <= 1
            assert word.text == unicodedata.normalize("NFC", word.text)
            assert word.text
            assert not any(character.isspace() for character in word.text)


def test_boxes_lie_on_their_ink(engine: OcrEngine) -> None:
    grey = act().grey
    for line in engine.read(grey, 200):
        for word in line.words:
            x0, y0, x1, y1 = word.box
            assert (grey[y0:y1, x0:x1] < 128).any(), word


def test_a_blank_page_has_no_lines(engine: OcrEngine) -> None:
    assert engine.read(np.full((800, 600), 255, np.uint8), 200) == ()


@pytest.mark.parametrize("shape", [(1, 1), (5, 200), (40, 3), (16, 16)])
def test_tiny_images_do_no_harm(engine: OcrEngine, shape: tuple[int, int]) -> None:
    assert engine.read(np.full(shape, 200, np.uint8), 200) == ()


def test_noise_does_no_harm(engine: OcrEngine) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (400, 300), dtype=np.uint8)
    assert isinstance(engine.read(noise, 200), tuple)


def test_reads_the_same_twice(engine: OcrEngine) -> None:
    grey = act().grey
    assert engine.read(grey, 200) == engine.read(grey, 200)
    assert BODY[0].split()[0] in engine.read(grey, 200)[6].text


def test_missing_data_and_unknown_names_are_told() -> None:
    with pytest.raises(MissingProgram, match="xyz"):
        make_engine("tesserocr", "vie+xyz")
    with pytest.raises(MissingProgram, match="abbyy"):
        make_engine("abbyy")
