from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from tests.workers.drawn import act
from workers.limits import Limits
from workers.page import DecodedPage, Line, Overlay, PageOutcome, Pixels, Word
from workers.pipeline import read_page
from workers.repeats import Repeats, content_key
from workers.steps.decode import open_document

LIMITS = Limits()


class _Counting:
    """Says the same of every page, and how often it was asked."""

    name = "counting 1"

    def __init__(self) -> None:
        self.read_pages = 0

    def read(self, grey: Pixels, dpi: float) -> tuple[Line, ...]:
        _ = dpi
        self.read_pages += 1
        return (Line((Word("chữ", (10, 10, min(90, grey.shape[1]), 40), 0.9),)),)

    def close(self) -> None:
        """Nothing."""


def read(folder: Path, pages: Sequence[Pixels], engine: _Counting, repeats: Repeats | None) -> list[PageOutcome]:
    first, *others = (Image.fromarray(page) for page in pages)
    first.save(folder / "a.tif", save_all=True, append_images=others, dpi=(200, 200), compression="tiff_deflate")
    info = open_document(folder / "a.tif", LIMITS)
    return [read_page(info, number, engine, LIMITS, repeats) for number in range(1, len(pages) + 1)]


def test_the_same_page_again_is_not_read_again(tmp_path: Path) -> None:
    page = act(100).pixels
    other = page.copy()
    other[40:60, 40:60] = 0
    engine = _Counting()
    first, again, third = read(tmp_path, [page, page, other], engine, Repeats())
    assert engine.read_pages == 2
    assert (first.number, again.number, third.number) == (1, 2, 3)
    assert replace(again, number=1, seconds=first.seconds) == first
    assert "recognise" not in again.seconds
    assert "recognise" in third.seconds


def test_without_a_memory_every_page_is_read(tmp_path: Path) -> None:
    page, engine = act(100).pixels, _Counting()
    read(tmp_path, [page, page], engine, None)
    assert engine.read_pages == 2


def test_only_the_last_pages_are_remembered(tmp_path: Path) -> None:
    pages = [np.roll(act(100).pixels, shift, axis=0) for shift in (0, 7, 14)]
    engine = _Counting()
    read(tmp_path, [*pages, pages[0], pages[2]], engine, Repeats(kept=2))
    assert engine.read_pages == 4


def test_what_differs_is_another_page() -> None:
    page = DecodedPage(np.full((8, 6), 255, np.uint8), 200.0)
    word = (Line((Word("chữ", (0, 0, 5, 5), 1.0),)),)
    others = [
        replace(page, pixels=np.full((6, 8), 255, np.uint8)),
        replace(page, pixels=page.pixels - 1),
        replace(page, dpi=300.0),
        replace(page, dpi_known=False),
        replace(page, text_layer=word),
        replace(page, text_layer=word, text_hidden=True),
        replace(page, warnings=("REPAIRED",)),
        replace(page, overlays=(Overlay((0, 0, 3, 3), b"stamp"),)),
    ]
    keys = {content_key(each) for each in (page, *others)}
    assert len(keys) == len(others) + 1
    noise = np.random.default_rng(1).integers(0, 256, (8, 6), np.uint8)
    drawn = replace(page, pixels=noise)
    assert content_key(drawn) == content_key(replace(page, pixels=np.asfortranarray(noise)))
    assert content_key(drawn) != content_key(replace(page, pixels=noise[::-1]))
    assert content_key(page) == content_key(replace(page, pixels=page.pixels.copy()))
