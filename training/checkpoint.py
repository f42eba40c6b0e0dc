"""Checkpoints of training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from training.net import Net, Shape


def shape_of(saved: dict[str, Any]) -> Shape:
    """Of the net that a checkpoint holds."""
    recipe: dict[str, Any] = saved["shape"]
    return Shape(**{**recipe, "channels": tuple(recipe["channels"])})


def load(checkpoint: Path) -> tuple[Net, dict[str, Any]]:
    """(the running mean of the weights, what the checkpoint says of itself)."""
    saved = torch.load(checkpoint, map_location="cpu")
    net = Net(shape_of(saved))
    net.load_state_dict(saved["mean"])
    return net.eval(), saved["state"]
