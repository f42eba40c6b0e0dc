"""What a checkpoint reads, before it is exported: drawn lines that it never saw, and the typed lines of real scans.

For learning curves and ablations: greedy best path, no second look, no phrases, no second opinion, one picture a cut line. What the
product makes of the same lines is measured by ``make bench-reader``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch

from benchmarks.reader.crops import cut_page, words_in
from benchmarks.reader.judge import Tally
from benchmarks.reader.truth import SCANS, load, pages, straight_page
from training import checkpoint
from training.net import Net
from training.scoring import Score, greedy_text, score
from training.shards import HELD_OUT, Recipe, draw
from training.train import batch
from training.wear import Grey
from workers.ocr.lines import CutLine
from workers.ocr.reader.framing import frame_line
from workers.page import Line, Word


def text_of(net: Net, frame: Grey) -> str:
    """The best path; frames of another height are brought to the net's."""
    height = net.shape.height
    if frame.shape[0] != height:
        size = (round(frame.shape[1] * height / frame.shape[0]), height)
        frame = np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)
    with torch.no_grad():
        return greedy_text(net(batch([frame], height))[0].numpy())


def drawn(net: Net, recipe: Recipe, count: int) -> Score:
    """Held-out lines with all kinds of wear, whatever the net was trained with."""
    samples = draw(recipe, HELD_OUT, count)
    return score([(text_of(net, sample.frame), sample.text) for sample in samples])


def real(net: Net) -> Tally:
    """The typed lines, cut by the product's cutter; left out are those that it joined with something beside them."""
    tally = Tally()
    for group in pages(load()):
        cut = cut_page(*straight_page(group[0]))
        read = [(line, _line(net, line)) for line in cut.lines]
        for line in group:
            words = words_in(cut, read, line.box)
            x0, _, x1, _ = (value * cut.factor for value in line.box)
            if words and all(x0 <= word.box[0] and word.box[2] <= x1 for word in words):
                tally.add(line.text, words)
    return tally


def _line(net: Net, line: CutLine) -> Line:
    text = " ".join(text_of(net, framed.frame) for framed in frame_line(line))
    return Line((Word(text, line.box, 1.0),))


def report(checkpoints: Sequence[Path], recipe: Recipe, count: int) -> None:
    for path in checkpoints:
        net, state = checkpoint.load(path)
        result: dict[str, object] = {"checkpoint": str(path), "height": net.shape.height, "lines": state["lines"]}
        result["drawn_cer"] = round(drawn(net, recipe, count).cer, 3)
        if SCANS.is_dir():
            tally = real(net)
            result |= {"real_cer": round(tally.cer, 3), "real_exact": f"{tally.exact}/{tally.lines}"}
            result["real_numbers"] = f"{tally.numbers_right}/{tally.numbers}"
        print(json.dumps(result), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--fonts", type=Path, default=Path(".training/fonts"))
    parser.add_argument("--text", type=Path, nargs="+", required=True)
    parser.add_argument("--count", type=int, default=600, help="drawn lines")
    given = parser.parse_args()
    torch.set_num_threads(1)
    report(given.checkpoints, Recipe(tuple(given.text), given.fonts), given.count)


if __name__ == "__main__":
    main()
