"""The net: a small fully convolutional CTC reader.

Dense 3 x 3 convolutions while the frame is high (on CPUs with bf16 or int8 matrix units they are faster than depthwise ones of
a third of the arithmetic, measured), then the height is folded away and residual 1 x 7 convolutions look about five letters to
each side (``training.narrow`` makes that less). Stride 4 along the line. After Shi et al., *An End-to-End Trainable Neural Network for
Image-based Sequence Recognition* (2015), without its recurrent part.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from workers.ocr.reader.symbols import CLASSES


@dataclass(frozen=True, slots=True)
class Shape:
    """``height`` of the frames; ``channels`` of the four stages; ``depth`` and ``blocks`` of the residual part, ``inner``: channels
    between the two convolutions of a block; ``reach``: columns a convolution looks at, odd.
    """

    height: int = 40
    channels: tuple[int, int, int, int] = (16, 64, 64, 96)
    depth: int = 192
    inner: int = 192
    blocks: int = 2
    reach: int = 7


class Conv(nn.Sequential):  # type: ignore[misc]  # torch is of the training group; the gates run without it
    """Convolution that keeps the size (but for ``stride``), batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, size: tuple[int, int], stride: int | tuple[int, int] = 1) -> None:
        padding = (size[0] // 2, size[1] // 2)
        super().__init__(
            nn.Conv2d(inputs, outputs, size, stride, padding, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class Residual(nn.Module):  # type: ignore[misc]  # as above
    def __init__(self, depth: int, inner: int, size: tuple[int, int]) -> None:
        super().__init__()
        self.first = Conv(depth, inner, size)
        self.second = nn.Conv2d(inner, depth, size, 1, (size[0] // 2, size[1] // 2), bias=False)
        self.norm = nn.BatchNorm2d(depth)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.norm(self.second(self.first(x))))


class Net(nn.Module):  # type: ignore[misc]  # as above
    """``frames`` float ``(N, 1, height, W)``, ink 1 and paper 0 -> logits ``(N, CLASSES, W / 4)``."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        a, b, c, d = shape.channels
        self.body = nn.Sequential(
            Conv(1, a, (3, 3), 2),
            Conv(a, b, (3, 3), 2),
            Conv(b, c, (3, 3)),
            Conv(c, d, (3, 3), (2, 1)),
            Conv(d, d, (3, 3)),
            nn.Conv2d(d, shape.depth, (shape.height // 8, 1), bias=False),
            nn.BatchNorm2d(shape.depth),
            nn.ReLU(inplace=True),
            *[Residual(shape.depth, shape.inner, (1, shape.reach)) for _ in range(shape.blocks)],
        )
        self.head = nn.Conv2d(shape.depth, CLASSES, 1)

    def forward(self, frames: Tensor) -> Tensor:
        logits: Tensor = self.head(self.body(frames))
        return logits.squeeze(2)

    def recipe(self) -> dict[str, object]:
        return asdict(self.shape)
