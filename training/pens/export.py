"""``python -m training.pens.export``: the product's file of the net, its calibration and its facts.

Batch normalisation is folded away; weights are kept in 16 bits and widened when the file is loaded, so the arithmetic is that of floats. Beliefs are
calibrated on strings of writers that the net has not seen (MNIST's second set, every tenth way of a pen), drawn with other seeds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from training.export import folded
from training.isotonic import Judged, fitted
from training.pens.draw import Writer
from training.pens.net import Net
from training.pens.sources import load
from workers.ocr.reader.confidence import Calibration
from workers.ocr.slots.pen import PenNet, PenReading
from workers.ocr.slots.pen_frame import HEIGHT, SYMBOLS, VIEWS
from workers.ocr.slots.pen_weights import FACTS, MODEL, PenWeights

OPSET = 17
FIRST_SEED, STRINGS = 900_000, 6000
SMALL = 256
"""Numbers of a tensor that are worth narrowing."""


class Product(nn.Module):  # type: ignore[misc]  # torch is of the training group; the gates run without it
    """The net with probabilities as logarithms."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = folded(net.eval())

    def forward(self, frames: Tensor) -> Tensor:
        return torch.log_softmax(self.net(frames), 2)


def to_onnx(net: Net, target: Path) -> None:
    torch.onnx.export(
        Product(net).eval(), (torch.rand(1, 1, HEIGHT, 64),), str(target), input_names=["frames"], output_names=["chances"],
        dynamic_axes={"frames": {0: "slots", 3: "columns"}, "chances": {0: "slots", 1: "steps"}},
        opset_version=OPSET, dynamo=False,
    )  # fmt: skip
    _narrow(target)


def _narrow(path: Path) -> None:
    """Stores large tensors in 16 bits, each widened by a node of its own."""
    model = onnx.load(str(path))
    graph = model.graph
    kept, casts = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < SMALL:
            kept.append(tensor)
            continue
        narrow = f"{tensor.name}_16"
        kept.append(numpy_helper.from_array(values.astype(np.float16), narrow))
        casts.append(helper.make_node("Cast", [narrow], [tensor.name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def held_out(sources: Path, reader: PenNet, strings: int = STRINGS) -> list[tuple[PenReading, str]]:
    """Readings of slots drawn of other writers' digits, and what stands there."""
    writer = Writer(load(sources, held_out=True), FIRST_SEED)
    drawn = (writer.slot() for _ in range(strings))
    return [(reader.read(pixels), text) for pixels, text in drawn]


def beliefs(readings: list[tuple[PenReading, str]], *, agreed: bool) -> Judged:
    """Of the strings that all looks held likeliest, or of all others."""
    return [
        (one.confidence, one.value == text)
        for reading, text in readings
        for place, one in enumerate(reading.candidates)
        if (reading.agreed and place == 0) == agreed
    ]


def export(checkpoint: Path, sources: Path, folder: Path) -> None:
    state = torch.load(checkpoint, weights_only=True)
    net = Net()
    net.load_state_dict(state["net"])
    folder.mkdir(parents=True, exist_ok=True)
    to_onnx(net, folder / MODEL)
    model = (folder / MODEL).read_bytes()
    sha256 = hashlib.sha256(model).hexdigest()
    plain = Calibration()
    readings = held_out(sources, PenNet(PenWeights(model, sha256, plain, plain)))
    tables = {"agreed": fitted(beliefs(readings, agreed=True)), "offered": fitted(beliefs(readings, agreed=False))}
    facts = {
        "sha256": sha256,
        "symbols": SYMBOLS,
        "height": HEIGHT,
        "views": len(VIEWS),
        "trained_strings": state["seen"],
        "calibrated_on_strings": len(readings),
        "calibration": tables,
    }
    (folder / FACTS).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    numbers = [(reading, text) for reading, text in readings if text.isdigit()]
    first = sum(bool(reading.candidates) and reading.candidates[0].value == text for reading, text in numbers)
    print(f"{len(model)} bytes, {first} of {len(numbers)} strings of other writers right")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=Path(".training/pens/last.pt"))
    parser.add_argument("--sources", type=Path, default=Path(".training/pens/sources"))
    parser.add_argument("--folder", type=Path, default=Path("workers/ocr/slots/weights"))
    export(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
