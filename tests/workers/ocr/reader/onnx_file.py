"""A small ONNX net written byte by byte (protocol buffers, onnx.proto), so that the tests need no training libraries.

One convolution of random weights looks at 40 rows and 12 columns in steps of 4, which is all that the contract of the reader's nets asks for.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.ocr.reader.frame import FRAME_HEIGHT, STRIDE
from workers.ocr.reader.symbols import CLASSES, SYMBOLS

FLOAT, INT64 = 1, 7
_INTS = 7
KERNEL = 12


def tiny_net(seed: int = 0, *, classes: int = CLASSES, height: int = FRAME_HEIGHT, frames: str = "frames") -> bytes:
    """The bytes of ``reader.onnx``."""
    weights = np.random.default_rng(seed).normal(0, 0.3, (classes, 1, height, KERNEL)).astype(np.float32)
    side = (KERNEL - STRIDE) // 2
    graph = (
        _node(
            "Conv",
            [frames, "weights"],
            "flat",
            kernel_shape=[height, KERNEL],
            strides=[height, STRIDE],
            pads=[0, side, 0, side],
        )
        + _node("Squeeze", ["flat", "axis"], "upright")
        + _node("Transpose", ["upright"], "logits", perm=[0, 2, 1])
        + _node("LogSoftmax", ["logits"], "chances")
        + _text(2, "tiny")
        + _part(5, _tensor("weights", FLOAT, weights))
        + _part(5, _tensor("axis", INT64, np.array([2], np.int64)))
        + _part(11, _value(frames, ["n", 1, height, "w"]))
        + _part(12, _value("chances", ["n", "t", classes]))
    )
    return _number(1, 8) + _part(8, _text(1, "") + _number(2, 13)) + _part(7, graph)


def write_weights(folder: Path, **changed: Any) -> Path:
    """``folder`` with ``reader.onnx`` and ``reader.json``; ``changed`` replaces what the latter says."""
    model = tiny_net()
    facts: dict[str, Any] = {
        "sha256": hashlib.sha256(model).hexdigest(),
        "symbols": SYMBOLS,
        "height": FRAME_HEIGHT,
        "stride": STRIDE,
        "calibration": {"reader": [[0.0, 0.1], [0.5, 0.4], [1.0, 0.99]], "tesseract": [[0.0, 0.0], [1.0, 0.9]]},
        "recipe": "tiny",
        "trained_lines": 12,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reader.onnx").write_bytes(model)
    (folder / "reader.json").write_text(json.dumps(facts | changed, ensure_ascii=False), encoding="utf-8")
    return folder


def _node(kind: str, given: list[str], made: str, **attributes: list[int]) -> bytes:
    node = b"".join(_text(1, name) for name in given) + _text(2, made) + _text(4, kind)
    for name, values in attributes.items():
        node += _part(5, _text(1, name) + b"".join(_number(8, value) for value in values) + _number(20, _INTS))
    return _part(1, node)


def _tensor(name: str, kind: int, values: NDArray[Any]) -> bytes:
    dims = b"".join(_number(1, size) for size in values.shape)
    return dims + _number(2, kind) + _text(8, name) + _part(9, values.tobytes())


def _value(name: str, shape: list[int | str]) -> bytes:
    dims = b"".join(_part(1, _number(1, size) if isinstance(size, int) else _text(2, size)) for size in shape)
    return _text(1, name) + _part(2, _part(1, _number(1, FLOAT) + _part(2, dims)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _part(field, value.encode())


def _part(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*data, value))
