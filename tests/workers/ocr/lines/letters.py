"""Pages of every Vietnamese letter, of which it is known to which line each pixel of ink belongs."""

from __future__ import annotations

import itertools
import random
import unicodedata
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from workers.ocr.lines import CutLine
from workers.page import Pixels

FACES = tuple(
    f"{family}-{style}" for family in ("Tinos", "Arimo") for style in ("Regular", "Bold", "Italic", "BoldItalic")
)
FOLDER = "/usr/share/fonts/truetype/croscore/{}.ttf"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LOWER = tuple(unicodedata.normalize("NFC", v + t) for v, t in itertools.product("aăâeêioôơuưy", TONES)) + tuple(
    "đbcdfghjklmnpqrstvwxz"
)
LETTERS = LOWER + tuple(letter.upper() for letter in LOWER)
POINTS = 13
LETTERS_A_LINE = 32
INK = 30


def lines_of_letters(seed: int = 5) -> tuple[str, ...]:
    """Every letter, small and capital, mixed, in words of four."""
    letters = list(LETTERS)
    random.Random(seed).shuffle(letters)
    rows = [letters[i : i + LETTERS_A_LINE] for i in range(0, len(letters), LETTERS_A_LINE)]
    return tuple(" ".join("".join(row[i : i + 4]) for i in range(0, len(row), 4)) for row in rows)


@dataclass(frozen=True)
class Sample:
    """``grey``: the page; ``alone``: for each line a mask of where its own ink is."""

    grey: Pixels
    alone: tuple[NDArray[np.bool_], ...]


def drawn(face: str, dpi: int, leading: float, *, damaged: bool = False) -> Sample:
    """A page at ``dpi``; ``leading``: from one baseline to the next, in parts of the type's size."""
    size = POINTS * dpi / 72
    font = ImageFont.truetype(FOLDER.format(face), round(size))
    texts = lines_of_letters()
    width = round(max(font.getlength(text) for text in texts) + 4 * size)
    height = round((len(texts) * leading + 4) * size)
    page = np.full((height, width), 255, np.uint8)
    alone = []
    for index, text in enumerate(texts):
        image = Image.new("L", (width, height), 255)
        ImageDraw.Draw(image).text((2 * size, round((2 + index * leading) * size)), text, fill=INK, font=font)
        line = np.asarray(image, np.uint8)
        alone.append(line < 140)
        page = np.minimum(page, line)
    return Sample(worn(page) if damaged else page, tuple(alone))


def worn(page: Pixels) -> Pixels:
    """As a fair scanner gives it: a little soft, greyish paper, noise."""
    soft = cv2.GaussianBlur(page, (0, 0), 0.6).astype(np.float32)
    noise = np.random.default_rng(3).normal(0, 7, page.shape).astype(np.float32)
    return np.asarray(np.clip(25 + soft * 0.86 + noise, 0, 255), np.uint8)


@dataclass(frozen=True)
class Held:
    """``least``: the smallest share kept of any one shape (letter or mark) of the line that no ink of another line touches (2 pixels
    count as touching: softened edges meet there); ``own``: of all its ink.

    ``foreign``: other ink in the crop, as a share of the line's own.
    """

    least: float
    own: float
    foreign: float


def held(line: CutLine, sample: Sample, index: int) -> Held:
    """What the crop ``line`` holds of the line ``index`` and of others. Kept is what is as the page has it, not whitened."""
    x0, y0, x1, y1 = line.box
    alone = sample.alone[index]
    kept_here = np.zeros(alone.shape, np.bool_)
    kept_here[y0:y1, x0:x1] = line.pixels == sample.grey[y0:y1, x0:x1]
    count, labels = cv2.connectedComponents(alone.astype(np.uint8), connectivity=8)
    total = np.bincount(labels.ravel(), minlength=count)[1:]
    kept = np.bincount(labels[kept_here & alone], minlength=count)[1:]
    others = np.logical_or.reduce([other for place, other in enumerate(sample.alone) if place != index])
    close = cv2.dilate(others.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    shapes = (total >= 3) & (np.bincount(labels[close & alone], minlength=count)[1:] == 0)
    foreign = others & ~alone & kept_here
    return Held(
        float((kept[shapes] / total[shapes]).min()),
        float(kept.sum() / total.sum()),
        float(np.count_nonzero(foreign) / total.sum()),
    )
