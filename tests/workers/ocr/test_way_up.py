"""A page is not left standing on its head because a network saw little of it: its words are asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sample_scans import generate_pages
from workers.ocr.factory import make_engine
from workers.ocr.way_up import in_doubt, is_better
from workers.page import Line, Word
from workers.reading import straighten_and_read
from workers.steps.copies import grey_of
from workers.steps.orient import SURE, leaning
from workers.stopwatch import Stopwatch

SHORT = ("nghi_quyet", 615069958)
"""A last page of six lines and a seal, which the network takes for one on its head, and is sure."""


def lines(*words: tuple[str, float]) -> tuple[Line, ...]:
    return (Line(tuple(Word(text, (0, 0, 1, 1), sure) for text, sure in words)),)


@pytest.fixture(scope="module")
def short() -> NDArray[np.uint8]:
    return generate_pages(*SHORT)[1].image


@pytest.fixture(scope="module")
def engine() -> Any:
    return make_engine("reader", "vie")


def test_few_lines_at_one_end_are_read_upright(short: NDArray[np.uint8], engine: Any) -> None:
    turn, certainty = leaning(grey_of(short))
    assert turn == 180
    assert certainty >= SURE, "the network alone would turn it; else this page shows nothing"
    watch = Stopwatch()
    for turns in range(4):
        read = straighten_and_read(np.ascontiguousarray(np.rot90(short, turns)), 200.0, engine, watch)
        assert read.placement.rotation == 90 * turns
        assert "Nơi nhận" in "\n".join(line.text for line in read.lines)


def test_what_a_person_said_is_not_asked_again(short: NDArray[np.uint8], engine: Any) -> None:
    read = straighten_and_read(short, 200.0, engine, Stopwatch(), lambda _: 180, told=True)
    assert read.placement.rotation == 180
    assert "Nơi nhận" not in "\n".join(line.text for line in read.lines)


def test_a_page_that_reads_well_is_not_read_again() -> None:
    assert not in_doubt(lines(("QUYẾT", 0.99), ("ĐỊNH", 0.95), ("phường", 0.97), ("x", 0.2)))
    assert in_doubt(lines(("8uonga", 0.4), ("uạdn", 0.5), ("OH", 0.93), ("dgo", 0.3)))
    assert not in_doubt(lines(("8uonga", 0.4))), "too little to conclude from"
    assert not in_doubt(())


def test_the_other_way_must_be_clearly_better() -> None:
    bad = lines(("aaaaaaaaaa", 0.5), ("bbbb", 0.95))
    assert is_better(lines(("aaaaaaaaaa", 0.95), ("bb", 0.5)), bad)
    assert not is_better(lines(("aaaaa", 0.95), ("bbbbbbbbb", 0.5)), bad), "five sure letters beside four prove nothing"
    assert not is_better(bad, bad)
    assert not is_better((), bad)
    assert is_better(
        lines(
            ("aa", 0.95),
        ),
        lines(("bbbbbbbbbbbb", 0.1)),
    )
