"""How much of a text came out right: character error rate and word recall against a typed truth."""

from __future__ import annotations

import subprocess
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rapidfuzz.distance import LCSseq, Levenshtein


def normalise(text: str) -> str:
    """NFC, and every run of white space one space: what both sides of a comparison go through."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def cer(truth: str, read: str) -> tuple[int, int]:
    """(edit distance, characters of the truth) after ``normalise``; their quotient is the character error rate."""
    truth, read = normalise(truth), normalise(read)
    return Levenshtein.distance(truth, read), len(truth)


def word_recall(truth: str, read: str) -> tuple[int, int]:
    """(words of the truth found in what was read, words of the truth), as multisets: order does not count."""
    wanted, found = Counter(normalise(truth).split()), Counter(normalise(read).split())
    return sum((wanted & found).values()), sum(wanted.values())


def words_in_order(truth: str, read: str) -> tuple[int, int]:
    """(words of the truth met in its order, words of the truth): the longest row of words common to both."""
    wanted, found = normalise(truth).split(), normalise(read).split()
    return int(LCSseq.similarity(wanted, found)), len(wanted)


def pdf_text(path: Path, first: int, last: int, *, raw: bool = False) -> str:
    """What ``pdftotext`` gives back of pages ``first``..``last`` (from 1): the same judge for every program.

    ``raw``: in the order in which the program wrote its words, not in the one that pdftotext makes of their places.
    """
    order = ["-raw"] if raw else []
    done = subprocess.run(
        ["pdftotext", *order, "-f", str(first), "-l", str(last), "-enc", "UTF-8", str(path), "-"],
        capture_output=True,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace").replace("\f", "\n")


def cell_f1(truth: Sequence[str], read: Sequence[str]) -> float:
    """Harmonic mean of precision and recall of table cells, 0..1: a cell counts when all of its text is right; empty ones don't."""
    wanted, found = (Counter(filter(None, map(normalise, cells))) for cells in (truth, read))
    total = sum(wanted.values()) + sum(found.values())
    return 2 * sum((wanted & found).values()) / total if total else 1.0
