"""``python -m training.pens.train``: draws strings, trains the net on them, and keeps it in ``--folder``.

Strings are drawn once, in shards that are kept, and seen in several rounds, shifted. AdamW with a cosine to nothing; the running mean of the
weights is what is kept. ``training.pens.export`` makes the product's file of it.
"""

from __future__ import annotations

import argparse
import copy
import math
import random
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from training.pens.draw import Writer
from training.pens.net import Net
from training.pens.sources import load
from workers.ocr.slots.pen_frame import HEIGHT, SYMBOLS
from workers.page import Pixels

SHARD, BATCH = 4000, 64
DECAY, WARM_UP, AVERAGE = 1e-2, 200, 0.998
Sample = tuple[Pixels, str]


@dataclass(frozen=True, slots=True)
class Given:
    """``sources``: what ``scripts/train-pens.sh`` fetched; ``folder``: shards and checkpoint. ``begin``: a checkpoint to go on from."""

    sources: Path
    folder: Path
    strings: int
    rounds: int
    processes: int
    seed: int
    peak: float
    begin: Path | None


def shard(given: Given, number: int) -> Path:
    """Draws strings ``number`` if they are not there."""
    target = given.folder / "shards" / f"{number:04}.npz"
    if not target.exists():
        cv2.setNumThreads(1)
        writer = Writer(load(given.sources), seed=number)
        samples = [writer.sample() for _ in range(SHARD)]
        widths = np.array([frame.shape[1] for frame, _ in samples])
        target.parent.mkdir(parents=True, exist_ok=True)
        partial_file = target.with_suffix(".part.npz")
        np.savez_compressed(
            partial_file,
            frames=np.concatenate([frame for frame, _ in samples], axis=1),
            widths=widths,
            texts=np.array([text for _, text in samples]),
        )
        partial_file.rename(target)
    return target


def read(path: Path) -> list[Sample]:
    with np.load(path) as stored:
        frames = np.split(stored["frames"], np.cumsum(stored["widths"])[:-1], axis=1)
        return [(frame, str(text)) for frame, text in zip(frames, stored["texts"], strict=True)]


def batch(frames: list[Pixels], rng: random.Random | None = None) -> Tensor:
    """float32 ``(N, 1, HEIGHT, W)``, ink 1, ``W`` of whole 16 columns; with ``rng`` shifted a little, some fainter or bolder."""
    widest = max(frame.shape[1] for frame in frames) + (4 if rng else 0)
    out = np.zeros((len(frames), 1, HEIGHT, -(-widest // 16) * 16), np.float32)
    for target, frame in zip(out, frames, strict=True):
        dx, dy = (rng.randint(0, 4), rng.choice((-1, 0, 0, 1))) if rng else (0, 0)
        ink = frame.astype(np.float32) / 255
        if rng and rng.random() < 0.3:
            ink **= rng.uniform(0.6, 1.7)
        target[0, :, dx : dx + frame.shape[1]] = np.roll(ink, dy, axis=0)
    return torch.from_numpy(out)


def batches(samples: list[Sample], rng: random.Random) -> list[list[Sample]]:
    """Of like widths, in any order."""
    by_width = sorted(samples, key=lambda sample: sample[0].shape[1] + rng.uniform(0, 12))
    groups = [by_width[start : start + BATCH] for start in range(0, len(by_width), BATCH)]
    rng.shuffle(groups)
    return groups


def train(given: Given) -> None:
    torch.manual_seed(given.seed)
    torch.set_num_threads(1)  # two shared cores: waiting for a second thread costs more than it gives
    rng = random.Random(given.seed)  # noqa: S311 - repeatable on purpose
    shards = given.strings // SHARD
    net, learned = Net(), 0
    if given.begin:
        state = torch.load(given.begin, weights_only=True)
        net.load_state_dict(state["net"])
        learned = state["seen"]
    mean = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=given.peak, weight_decay=DECAY)
    steps, step = given.rounds * shards * math.ceil(SHARD / BATCH), 0
    loss_of = nn.CTCLoss(zero_infinity=True)
    started, lately = time.monotonic(), 0.0
    with ProcessPoolExecutor(given.processes) as pool:
        drawn = pool.map(partial(shard, given), range(shards))  # drawn while the first round trains
        for round_number in range(given.rounds):
            paths = (
                drawn
                if not round_number
                else iter(rng.sample(sorted((given.folder / "shards").glob("????.npz"))[:shards], shards))
            )
            for number, path in enumerate(paths):
                for group in batches(read(path), rng):
                    rate = given.peak * min(1.0, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * step / steps))
                    for parameters in optimiser.param_groups:
                        parameters["lr"] = rate
                    # A third of the time where the processor has matrix units.
                    with torch.autocast("cpu", torch.bfloat16):
                        logits = net(batch([frame for frame, _ in group], rng))
                    chances = torch.log_softmax(logits.float(), 2).transpose(0, 1)
                    targets = torch.tensor([1 + SYMBOLS.index(letter) for _, text in group for letter in text])
                    loss = loss_of(
                        chances,
                        targets,
                        torch.full((len(group),), chances.shape[0]),
                        torch.tensor([len(text) for _, text in group]),
                    )
                    optimiser.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), 2.0)
                    optimiser.step()
                    step += 1
                    _average(mean, net, step)
                    lately = 0.98 * lately + 0.02 * float(loss.detach())
                print(
                    f"round {round_number} shard {number}: loss {lately:.4f}, {time.monotonic() - started:.0f} s",
                    flush=True,
                )
            given.folder.mkdir(parents=True, exist_ok=True)
            seen = learned + (round_number + 1) * shards * SHARD
            torch.save({"net": mean.state_dict(), "seen": seen}, given.folder / "last.pt")


def _average(mean: Net, net: Net, step: int) -> None:
    keep = min(AVERAGE, (1 + step) / (10 + step))
    with torch.no_grad():
        for target, now in zip(mean.state_dict().values(), net.state_dict().values(), strict=True):
            if target.dtype.is_floating_point:
                target.lerp_(now, 1 - keep)
            else:
                target.copy_(now)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, default=Path(".training/pens/sources"))
    parser.add_argument("--folder", type=Path, default=Path(".training/pens"))
    parser.add_argument("--strings", type=int, default=48_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--peak", type=float, default=3e-3, help="highest learning rate")
    parser.add_argument("--begin", type=Path, help="checkpoint to go on from")
    train(Given(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
