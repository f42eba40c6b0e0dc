"""Training that may be stopped and gone on with at any time: ``python -m training.train --lines 3000000``.

The learning rate rises, stays, and falls to nothing over the last ``--anneal`` lines (a trapezoid: Hägele et al., *Scaling Laws
and Compute-Optimal Training Beyond Fixed Training Durations*, 2024), so that a run can be prolonged from its plateau without having
been planned so. Every shard is read twice, shifted by other pixels, since drawing costs a third of training on two cores.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from training.checkpoint import shape_of
from training.lines import Sample
from training.net import Net, Shape
from training.scoring import greedy_text, score
from training.shards import HELD_OUT, Makers, Recipe, draw, path, read
from workers.ocr.reader.net import LEFT, RIGHT
from workers.ocr.reader.symbols import encode

COLUMNS, BUCKET = 64 * 400, 64
"""Frame columns a batch (about 64 short lines), in widths of whole buckets: each new shape costs oneDNN a compilation."""
WARM_UP, PEAK, DECAY = 300, 3e-3, 1e-2
AVERAGE = 0.9985
"""Of the running mean of the weights that is evaluated and exported."""
SECOND_READ = 24
"""Shards between the first and the second reading of a shard."""


@dataclass(slots=True)
class State:
    """What a checkpoint holds beside the tensors."""

    step: int = 0
    lines: int = 0
    shard: int = 0
    seconds: float = 0.0
    curve: list[dict[str, float]] = field(default_factory=list)


def batch(frames: list[np.ndarray[Any, Any]], height: int, rng: random.Random | None = None) -> Tensor:
    """float32 ``(N, 1, height, W)``, ink 1; with ``rng`` shifted a little, and up to 12 columns more at the right."""
    widest = max(frame.shape[1] for frame in frames) + LEFT + RIGHT
    out = np.zeros((len(frames), 1, height, _bucket(widest)), np.float32)
    for target, frame in zip(out, frames, strict=True):
        ink = 1.0 - frame.astype(np.float32) / 255.0
        dx = LEFT if rng is None else rng.randint(0, LEFT + 3)
        dy = 0 if rng is None else rng.randint(-1, 1)
        if dy:
            ink = np.roll(ink, dy, axis=0)
            ink[0 if dy > 0 else -1] = 0
        target[0, :, dx : dx + ink.shape[1]] = ink
    return torch.from_numpy(out).to(memory_format=torch.channels_last)


def _bucket(width: int) -> int:
    return -(-width // BUCKET) * BUCKET


def batches(samples: list[Sample], rng: random.Random) -> list[list[Sample]]:
    """Lines of one bucket together, in any order; what does not fill a batch joins the next wider bucket."""
    buckets: dict[int, list[Sample]] = {}
    for sample in samples:
        buckets.setdefault(_bucket(sample.frame.shape[1] + LEFT + RIGHT), []).append(sample)
    groups: list[list[Sample]] = []
    waiting: list[Sample] = []
    for width in sorted(buckets):
        waiting += rng.sample(buckets[width], len(buckets[width]))
        size = max(1, COLUMNS // width)
        while len(waiting) >= size:
            groups.append(waiting[:size])
            waiting = waiting[size:]
    if waiting:
        groups.append(waiting)
    rng.shuffle(groups)
    return groups


def rate(lines: int, step: int, total: int, anneal: int) -> float:
    """The learning rate: trapezoid, its last flank 1 - sqrt as in the paper."""
    left = total - lines
    fall = 1.0 if left >= anneal or not anneal else 1.0 - (1.0 - max(0.0, left / anneal)) ** 0.5
    return PEAK * min(1.0, (step + 1) / WARM_UP) * fall + 1e-6


class Trainer:
    def __init__(self, recipe: Recipe, folder: Path, shape: Shape, device: str) -> None:
        self.recipe, self.folder, self.device = recipe, folder, device
        last = folder / "last.pt"
        saved = torch.load(last, map_location=device) if last.exists() else None
        self.net = Net(shape if saved is None else shape_of(saved)).to(device, memory_format=torch.channels_last)
        self.mean = copy.deepcopy(self.net).eval()
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=PEAK, weight_decay=DECAY, betas=(0.9, 0.98))
        self.state = State()
        folder.mkdir(parents=True, exist_ok=True)
        if saved is not None:
            self._go_on(saved)

    def run(self, total: int, anneal: int, makers: int, every: int) -> None:
        """Trains until ``total`` lines were read; saves and evaluates every ``every`` lines."""
        held_out = draw(self.recipe, HELD_OUT, 400)
        shards = self.folder / "shards"
        crew = Makers(self.recipe, shards, self.state.shard, makers)
        due = self.state.lines + every
        try:
            while self.state.lines < total:
                crew.reached(self.state.shard)
                samples = read(shards, self.state.shard)
                earlier = self.state.shard - SECOND_READ
                if path(shards, earlier).exists():  # not there at the start, nor when somebody cleaned up
                    samples = samples + read(shards, earlier)
                    path(shards, earlier).unlink()
                self._one_shard(samples, total, anneal)
                self.state.shard += 1
                if self.state.lines >= due or self.state.lines >= total:
                    due += every
                    self._report(held_out)
                    self.save(self.folder / "last.pt")
        finally:
            crew.stop()

    def _one_shard(self, samples: list[Sample], total: int, anneal: int) -> None:
        rng = random.Random(self.state.shard)  # noqa: S311 - repeatable on purpose
        started, losses = time.monotonic(), []
        self.net.train()
        for group in batches(samples, rng):
            for part in self.optimizer.param_groups:
                part["lr"] = rate(self.state.lines, self.state.step, total, anneal)
            losses.append(self._step(group, rng))
            self.state.step += 1
            self.state.lines += len(group)
        self.state.seconds += time.monotonic() - started
        print(
            f"{self.state.lines} lines, loss {np.nanmean(losses):.4f}, {len(samples) / (time.monotonic() - started):.0f} lines/s",
            flush=True,
        )

    def _step(self, group: list[Sample], rng: random.Random) -> float:
        frames = batch([s.frame for s in group], self.net.shape.height, rng).to(self.device)
        labels = [encode(s.text) for s in group]
        lengths = torch.tensor([len(label) for label in labels])
        with torch.autocast(self.device, dtype=torch.bfloat16):
            logits = self.net(frames)
        scores = logits.float().permute(2, 0, 1).log_softmax(2)
        steps = torch.full((len(group),), scores.shape[0])
        loss = nn.functional.ctc_loss(
            scores, torch.tensor([i for label in labels for i in label]), steps, lengths, zero_infinity=True
        )
        self.optimizer.zero_grad(set_to_none=True)
        if not torch.isfinite(loss):
            return float("nan")  # one bad batch must not end a night of training; the log shows it
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        if not torch.isfinite(norm):
            return float("nan")  # seen once in some 600 steps of bf16 on a CPU, with finite logits and loss
        self.optimizer.step()
        keep = min(AVERAGE, self.state.step / (self.state.step + 50))
        with torch.no_grad():
            for mean, new in zip(self.mean.state_dict().values(), self.net.state_dict().values(), strict=True):
                if mean.dtype.is_floating_point:
                    mean.lerp_(new, 1 - keep)
                else:
                    mean.copy_(new)
        return float(loss.item())

    def _report(self, held_out: list[Sample]) -> None:
        said: list[tuple[str, str]] = []
        for sample in held_out:
            with torch.no_grad(), torch.autocast(self.device, dtype=torch.bfloat16):
                logits = self.mean(batch([sample.frame], self.net.shape.height).to(self.device))
            said.append((greedy_text(logits[0].float().cpu().numpy()), sample.text))
        result = score(said)
        point = {
            "lines": self.state.lines,
            "minutes": round(self.state.seconds / 60, 1),
            "held_out_cer": round(result.cer, 3),
        }
        self.state.curve.append(point)
        print(json.dumps(point), flush=True)
        (self.folder / "curve.jsonl").write_text("".join(json.dumps(p) + "\n" for p in self.state.curve))

    def save(self, target: Path) -> None:
        state = {slot: getattr(self.state, slot) for slot in State.__slots__}
        part = target.with_suffix(".part")
        torch.save(
            {
                "net": self.net.state_dict(), "mean": self.mean.state_dict(), "optimizer": self.optimizer.state_dict(),
                "state": state, "shape": self.net.recipe(),
            },
            part,
        )  # fmt: skip
        part.replace(target)

    def _go_on(self, saved: dict[str, Any]) -> None:
        self.net.load_state_dict(saved["net"])
        self.mean.load_state_dict(saved["mean"])
        if "optimizer" in saved:  # a narrowed net starts with a new one
            self.optimizer.load_state_dict(saved["optimizer"])
        self.state = State(**saved["state"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=3_000_000, help="read this many lines in all")
    parser.add_argument("--anneal", type=int, default=500_000, help="let the learning rate fall over the last of them")
    parser.add_argument("--folder", type=Path, default=Path(".training/reader"))
    parser.add_argument("--fonts", type=Path, default=Path(".training/fonts"))
    parser.add_argument("--text", type=Path, nargs="+", required=True, help="text files to draw from")
    parser.add_argument("--without", nargs="*", default=[], help="groups of wear to leave out (ablation)")
    parser.add_argument("--height", type=int, default=40)
    parser.add_argument("--every", type=int, default=50_000, help="lines between evaluations")
    parser.add_argument("--makers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    cv2.setNumThreads(1)
    recipe = Recipe(tuple(given.text), given.fonts, frozenset(given.without), given.height)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    Trainer(recipe, given.folder, Shape(height=given.height), device).run(
        given.lines, given.anneal, given.makers, given.every
    )


if __name__ == "__main__":
    main()
