"""The net: a small fully convolutional CTC reader of digits, stride 2 along the slot, since two ones may stand ten columns apart.

It sees about one digit and a half: numbers have no grammar that it could learn.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from workers.ocr.slots.pen_frame import CLASSES, HEIGHT

CHANNELS = (24, 40, 56, 72)
DEPTH, INNER, REACH, BLOCKS = 80, 48, 5, 2
DROPPED = 0.1


def _conv(before: int, after: int, size: tuple[int, int], pad: tuple[int, int]) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, size, padding=pad, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)
    )


class Residual(nn.Module):  # type: ignore[misc]  # torch is of the training group; the gates run without it
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(DEPTH, INNER, (1, REACH), padding=(0, REACH // 2), bias=False),
            nn.BatchNorm2d(INNER),
            nn.ReLU(inplace=True),
            nn.Conv2d(INNER, DEPTH, 1, bias=False),
            nn.BatchNorm2d(DEPTH),
        )

    def forward(self, seen: Tensor) -> Tensor:
        return torch.relu(seen + self.body(seen))


class Net(nn.Module):  # type: ignore[misc]
    """Frames ``(N, 1, HEIGHT, W)``, ink 1, to logits ``(N, W / 2, CLASSES)``."""

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d = CHANNELS
        self.body = nn.Sequential(
            _conv(1, a, (3, 3), (1, 1)),
            nn.MaxPool2d(2),
            _conv(a, b, (3, 3), (1, 1)),
            nn.MaxPool2d((2, 1)),
            _conv(b, c, (3, 3), (1, 1)),
            nn.MaxPool2d((2, 1)),
            _conv(c, d, (3, 3), (1, 1)),
            _conv(d, DEPTH, (HEIGHT // 8, 1), (0, 0)),
            *[Residual() for _ in range(BLOCKS)],
            nn.Dropout(DROPPED),
        )
        self.head = nn.Conv2d(DEPTH, CLASSES, 1)

    def forward(self, frames: Tensor) -> Tensor:
        logits: Tensor = self.head(self.body(frames))
        return logits.squeeze(2).transpose(1, 2)
