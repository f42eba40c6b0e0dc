"""Counts the pairs of neighbouring words in the text that the lines are drawn from, for ``workers.ocr.reader.language``.

Words with digits and names (a capital inside a sentence) are left out: the reader never asks about them.
"""

from __future__ import annotations

import argparse
import gzip
from collections import Counter
from itertools import pairwise
from pathlib import Path

from training.text import load
from workers.ocr.reader.language import LEAST, PHRASES, plain


def counted(lines: tuple[str, ...]) -> Counter[tuple[str, str]]:
    """Pairs with how often they stand side by side."""
    pairs: Counter[tuple[str, str]] = Counter()
    for line in lines:
        for first, second in pairwise(line.split()):
            ends = first.endswith((".", ":", ";"))
            if not ends and plain(first).isalpha() and plain(second).isalpha():
                pairs[plain(first), plain(second)] += 1
    return pairs


def write(pairs: Counter[tuple[str, str]], folder: Path) -> None:
    """Sorted, so that the same text gives the same bytes."""
    kept = sorted((first, second, count) for (first, second), count in pairs.items() if count >= LEAST)
    text = "".join(f"{first} {second} {count}\n" for first, second, count in kept)
    (folder / PHRASES).write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    print(f"{len(kept)} pairs")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, nargs="+", required=True)
    parser.add_argument("--folder", type=Path, default=Path("workers/ocr/reader/weights"))
    given = parser.parse_args()
    write(counted(load(given.text).lines), given.folder)


if __name__ == "__main__":
    main()
