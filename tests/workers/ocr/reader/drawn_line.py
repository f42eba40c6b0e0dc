"""One drawn line whose letters' places are known, and what a net that reads it would answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.workers.drawn import FONTS
from tests.workers.ocr.reader.outputs import outputs
from workers.ocr.lines import CutLine
from workers.ocr.reader.framing import Look, frame_line
from workers.ocr.reader.net import LEFT, LogProbabilities, steps
from workers.page import Box, Pixels

DPI, SIZE = 200, 36
LEFT_EDGE, BASELINE = 150, 240
LETTER, MARGIN = 17.0, 3


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """``columns``: for each letter the page column of its middle; ``boxes``: the ink of each word."""

    grey: Pixels
    text: str
    columns: tuple[float, ...]
    boxes: tuple[Box, ...]

    @property
    def cut(self) -> CutLine:
        """As the line cutter would give it, were there a page around it."""
        rows, columns = np.nonzero(self.grey < 250)
        x0, y0 = int(columns.min()) - MARGIN, int(rows.min()) - MARGIN
        x1, y1 = int(columns.max()) + 1 + MARGIN, int(rows.max()) + 1 + MARGIN
        return CutLine(
            pixels=self.grey[y0:y1, x0:x1].copy(),
            box=(x0, y0, x1, y1),
            baseline=float(BASELINE),
            ink_height=y1 - y0 - 2 * MARGIN,
            x_height=LETTER,
            cell=False,
        )

    def answers(self, sure: float = 0.999, look: Look = Look.WHOLE, text: str = "") -> list[LogProbabilities]:
        """Of a net that names each letter (of ``text``, as long as the line's own) in its middle."""
        return [
            outputs(_placed(text or self.text, framed.frame.shape[1], self._in_frame(framed.left, framed.scale), sure))
            for framed in frame_line(self.cut, look)
        ]

    def _in_frame(self, left: float, scale: float) -> list[float]:
        return [(column - left) / scale for column in self.columns]


def draw_line(text: str, *, width: int = 1650) -> DrawnLine:
    """``text`` at ``DPI``, on a page with no other ink."""
    font = ImageFont.truetype(FONTS.format("Regular"), SIZE)
    image = Image.new("L", (width, 600), 255)
    ImageDraw.Draw(image).text((LEFT_EDGE, BASELINE), text, fill=20, font=font, anchor="ls")
    edges = [LEFT_EDGE + font.getlength(text[:count]) for count in range(len(text) + 1)]
    boxes: list[Box] = []
    at = 0
    for word in text.split(" "):
        start, end = int(edges[at]) - SIZE, int(edges[at + len(word)]) + SIZE
        alone = Image.new("L", (end - start, image.height), 255)
        ImageDraw.Draw(alone).text((edges[at] - start, BASELINE), word, fill=20, font=font, anchor="ls")
        rows, columns = np.nonzero(np.asarray(alone) < 138)
        x0, x1 = start + int(columns.min()), start + int(columns.max()) + 1
        boxes.append((x0, int(rows.min()), x1, int(rows.max()) + 1))
        at += len(word) + 1
    middles = tuple((a + b) / 2 for a, b in pairwise(edges))
    return DrawnLine(np.asarray(image, np.uint8).copy(), text, middles, tuple(boxes))


def _placed(text: str, width: int, columns: Sequence[float], sure: float) -> list[dict[str, float]]:
    row: list[dict[str, float]] = [{} for _ in range(steps(width))]
    for letter, column in zip(text, columns, strict=True):
        if 0 <= column < width:
            step = round((column + LEFT) / 4 - 0.5)
            while row[step]:  # letters narrower than a step: the next one
                step += 1
            row[step] = {letter: sure}
    return row


class ScriptedNet:
    """Answers each call with the next of ``answers``."""

    def __init__(self, *answers: list[LogProbabilities]) -> None:
        self.calls: list[int] = []
        self._answers = list(answers)

    def read(self, frames: Sequence[Pixels]) -> list[LogProbabilities]:
        if not frames:
            return []
        self.calls.append(len(frames))
        answer = self._answers.pop(0)
        for frame, said in zip(frames, answer, strict=True):
            if steps(frame.shape[1]) != len(said):
                raise AssertionError("an answer of another frame")
        return answer
