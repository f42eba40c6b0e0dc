"""A smaller net out of a trained one: ``python -m training.narrow --checkpoint BIG.pt --target last.pt``; then train on.

Filters whose output weighs least with the layer after them are left out (after Li et al., *Pruning Filters for Efficient ConvNets*,
2017, weighted by what batch normalisation says of each filter's output), and convolutions along the line lose their outermost columns.
Training goes on from there; after 300 thousand lines the narrow net read as well as the wide one before it (model card).
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from training.checkpoint import load
from training.net import Net, Residual, Shape

SHAPE = replace(Shape(), channels=(16, 64, 64, 80), inner=128, reach=5)
"""What the product reads with: 0.79 of the time of the wide net, side by side in one run."""


def narrowed(net: Net, shape: Shape) -> Net:
    """``net`` with the last 2-D stage, the inside of the blocks and the reach of ``shape``, which is the same otherwise."""
    small = Net(shape)
    body, new = net.body, small.body
    if net.shape.channels[:3] != shape.channels[:3] or net.shape.depth != shape.depth:
        raise ValueError("only the last 2-D stage, the blocks' inside and the reach can be narrowed")
    third = _heaviest(body[3][1], body[4][0], shape.channels[3])
    fourth = _heaviest(body[4][1], body[5], shape.channels[3])
    every = torch.arange
    for index in range(3):
        new[index].load_state_dict(body[index].state_dict())
    _layer(body[3], new[3], third, every(shape.channels[2]))
    _layer(body[4], new[4], fourth, third)
    new[5].weight.data.copy_(body[5].weight.data[:, fourth])
    new[6].load_state_dict(body[6].state_dict())
    for block, made in zip(body, new, strict=True):
        if isinstance(block, Residual) and isinstance(made, Residual):
            kept = _heaviest(block.first[1], block.second, shape.inner)
            _layer(block.first, made.first, kept, every(shape.depth))
            made.second.weight.data.copy_(_middle(block.second.weight.data[:, kept], shape.reach))
            made.norm.load_state_dict(block.norm.state_dict())
    small.head.load_state_dict(net.head.state_dict())
    return small


def _heaviest(norm: nn.BatchNorm2d, after: nn.Conv2d, count: int) -> Tensor:
    """Indices of the ``count`` channels that matter most to ``after``, rising.

    What comes out of the normalisation is taken as normal with mean beta and deviation gamma; its root mean square after the ReLU
    times the weights it meets.
    """
    beta, gamma = norm.bias.data.double(), norm.weight.data.double().abs().clamp(min=1e-6)
    normal = torch.distributions.Normal(0.0, 1.0)
    at = beta / gamma
    square = (beta**2 + gamma**2) * normal.cdf(at) + beta * gamma * normal.log_prob(at).exp()
    weight = square.clamp(min=0).sqrt() * after.weight.data.double().abs().sum(dim=(0, 2, 3))
    return torch.sort(torch.topk(weight, count).indices).values


def _layer(source: nn.Sequential, target: nn.Sequential, outputs: Tensor, inputs: Tensor) -> None:
    """Convolution and normalisation of the chosen channels."""
    conv, norm = source[0], source[1]
    weight = _middle(conv.weight.data[outputs][:, inputs], target[0].kernel_size[1])
    target[0].weight.data.copy_(weight)
    for name in ("weight", "bias", "running_mean", "running_var"):
        getattr(target[1], name).data.copy_(getattr(norm, name).data[outputs])


def _middle(weight: Tensor, reach: int) -> Tensor:
    cut = (weight.shape[3] - reach) // 2
    return weight[..., cut : weight.shape[3] - cut]


def narrow(checkpoint: Path, shape: Shape, target: Path) -> None:
    """Writes a checkpoint that training goes on from: the optimiser starts anew, with its warm-up; lines and curve are kept."""
    wide, state = load(checkpoint)
    small = narrowed(wide, shape).state_dict()
    target.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"net": small, "mean": small, "state": state | {"step": 0}, "shape": asdict(shape)}, target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--target", type=Path, required=True)
    given = parser.parse_args()
    narrow(given.checkpoint, SHAPE, given.target)


if __name__ == "__main__":
    main()
