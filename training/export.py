"""Weights for the product: batch normalisation folded away, static int8, SHA-256 and card beside them.

Static quantisation (QDQ) with activations measured on drawn lines. The first convolution stays float: with one channel in, int8 is
slower. The last layer is an integer matrix product whose sums are scaled to logits, never rounded to eight bits. Dynamic quantisation
was slower than float in the first experiment.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from training.checkpoint import load
from training.net import Net
from training.shards import HELD_OUT, Recipe, draw
from training.train import batch
from workers.ocr.reader.frame import STRIDE
from workers.ocr.reader.symbols import SYMBOLS

OPSET = 17
CALIBRATION_LINES = 256


class Drawn(CalibrationDataReader):  # type: ignore[misc]  # untyped library
    def __init__(self, recipe: Recipe) -> None:
        samples = draw(recipe, HELD_OUT + 1, CALIBRATION_LINES)
        self._frames: Iterator[Any] = iter([batch([s.frame], recipe.height).contiguous().numpy() for s in samples])

    def get_next(self) -> dict[str, Any] | None:
        frames = next(self._frames, None)
        return None if frames is None else {"frames": frames}


class Product(nn.Module):  # type: ignore[misc]  # torch is of the training group; the gates run without it
    """The net with its last layer as a matrix product: log-probabilities ``(N, W / 4, CLASSES)``, as the decoder wants them."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.body = folded(net.body)
        self.head = nn.Linear(net.head.in_channels, net.head.out_channels)
        self.head.weight.data, self.head.bias.data = net.head.weight.data[:, :, 0, 0], net.head.bias.data

    def forward(self, frames: Tensor) -> Tensor:
        logits = self.head(self.body(frames).squeeze(2).transpose(1, 2))
        return torch.log_softmax(logits, 2)


def folded(module: nn.Module) -> nn.Module:
    """Every convolution that a batch normalisation follows, in one."""
    children = list(module.named_children())
    for (name, conv), (after, norm) in pairwise(children):
        if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            setattr(module, name, fuse_conv_bn_eval(conv, norm))
            setattr(module, after, nn.Identity())
    for _, child in module.named_children():
        folded(child)
    return module


def to_onnx(net: nn.Module, height: int, target: Path) -> None:
    axes = {"frames": {0: "lines", 3: "columns"}, "chances": {0: "lines", 1: "steps"}}
    torch.onnx.export(
        net, (torch.rand(1, 1, height, 640),), str(target), input_names=["frames"], output_names=["chances"],
        dynamic_axes=axes, opset_version=OPSET, dynamo=False,
    )  # fmt: skip


def quantised(source: Path, recipe: Recipe, target: Path) -> None:
    """``source`` with int8 weights (per channel) and activations."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        nodes = onnx.load(str(prepared)).graph.node
        first = next(node.name for node in nodes if node.op_type == "Conv")
        bias, softmax = (node.name for node in nodes[-2:])
        quantize_static(
            str(prepared), str(target), Drawn(recipe), quant_format=QuantFormat.QDQ, per_channel=True,
            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, calibrate_method=CalibrationMethod.MinMax,
            nodes_to_exclude=[first, bias, softmax], extra_options={"OpTypesToExcludeOutputQuantization": ["MatMul"]},
        )  # fmt: skip


def export(checkpoint: Path, recipe: Recipe, folder: Path) -> None:
    """``reader.onnx`` (int8) and ``reader.json`` in ``folder``; ``reader-float.onnx`` beside the checkpoint, to compare."""
    net, state = load(checkpoint)
    exact = checkpoint.with_name("reader-float.onnx")
    to_onnx(Product(net).eval(), recipe.height, exact)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "reader.onnx"
    quantised(exact, recipe, target)
    facts = {
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        "symbols": SYMBOLS,
        "height": recipe.height,
        "stride": STRIDE,
        "trained_lines": state["lines"],
        "curve": state["curve"],
    }
    (folder / "reader.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=Path(".training/reader/last.pt"))
    parser.add_argument("--folder", type=Path, default=Path("workers/ocr/reader/weights"))
    parser.add_argument("--fonts", type=Path, default=Path(".training/fonts"))
    parser.add_argument("--text", type=Path, nargs="+", required=True)
    given = parser.parse_args()
    export(given.checkpoint, Recipe(tuple(given.text), given.fonts), given.folder)


if __name__ == "__main__":
    main()
