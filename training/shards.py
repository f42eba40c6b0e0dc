"""Shards of drawn lines on disk, made by processes of their own a little ahead of the training.

A shard's number is its seed, so a recipe draws the same lines on every machine, whatever the number of makers.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2

from training.lines import Lines, Sample
from training.text import load

LINES = 2048
LENGTHS = ((0.55, 4, 30), (0.32, 20, 50), (0.13, 45, 95))
"""(share, shortest, longest) in symbols. Short lines teach the letters at least cost; long ones how real lines look."""
SEED = 1_000_000
HELD_OUT = 999_000
"""Seeds of the lines that training never sees."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides what the lines look like."""

    texts: tuple[Path, ...]
    fonts: Path
    without: frozenset[str] = frozenset()
    height: int = 40


def draw(recipe: Recipe, seed: int, count: int) -> list[Sample]:
    """``count`` lines of one seed."""
    cv2.setNumThreads(1)
    lines = Lines(load(list(recipe.texts)), recipe.fonts, seed, recipe.without, recipe.height)
    return [sample for share, low, high in LENGTHS for sample in _some(lines, round(count * share), low, high)]


def _some(lines: Lines, count: int, low: int, high: int) -> Iterator[Sample]:
    for _ in range(count):
        yield lines.sample(low, high)


def make(recipe: Recipe, folder: Path, index: int) -> None:
    """Writes shard ``index`` whole or not at all."""
    samples = draw(recipe, SEED + index, LINES)
    part = folder / f"{index:06d}.{os.getpid()}.part"
    part.write_bytes(pickle.dumps([(s.frame, s.text) for s in samples], protocol=5))
    part.rename(path(folder, index))


def path(folder: Path, index: int) -> Path:
    return folder / f"{index:06d}.pickle"


def read(folder: Path, index: int) -> list[Sample]:
    """Shard ``index``; waits for its maker."""
    while not path(folder, index).exists():
        time.sleep(0.2)
    return [Sample(frame, text) for frame, text in pickle.loads(path(folder, index).read_bytes())]  # noqa: S301 - our own file


def _keep_making(  # noqa: PLR0917 - a process's arguments are positional
    recipe: Recipe, folder: Path, first: int, step: int, ahead: int, done: object
) -> None:
    os.nice(19)  # a training step waits for its slowest thread: drawing takes only what training leaves
    index = first
    while True:
        consumed = int(getattr(done, "value", 0))
        if os.getppid() == 1:
            return
        if index > consumed + ahead:
            time.sleep(0.5)
            continue
        if not path(folder, index).exists():
            make(recipe, folder, index)
        index += step


class Makers:
    """Processes that keep ``ahead`` shards ready. ``reached(index)`` tells them how far the training is."""

    def __init__(self, recipe: Recipe, folder: Path, first: int, count: int, ahead: int = 12) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for leftover in folder.glob("*.part"):
            leftover.unlink()
        context = multiprocessing.get_context("spawn")
        self._done = context.Value("q", first)
        self._processes = [
            context.Process(
                target=_keep_making, args=(recipe, folder, first + k, count, ahead, self._done), daemon=True
            )
            for k in range(count)
        ]
        for process in self._processes:
            process.start()

    def reached(self, index: int) -> None:
        self._done.value = index

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
