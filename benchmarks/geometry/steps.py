"""What orientation, blank backs, skew and the inspection make of real pages: counts of right, missed and harmful answers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

import cv2
import numpy as np

from benchmarks.geometry.scans import Scan, grey_copy, quarter_turned, turned
from models.neighbours import neighbours
from workers.steps.deskew import skew_angle
from workers.steps.inspect import inspect
from workers.steps.orient import SURE, leaning, orientation
from workers.steps.stack import upright_among

ANGLES = (-15.0, -8.0, -3.0, -1.0, -0.5, 0.5, 1.0, 3.0, 8.0, 15.0)
WORN_PX = 6.0
"""Blur of the reading copy, sigma in pixels (0.8 mm)."""
WITHIN = 0.3
"""Degrees by which a found angle may be off."""


@dataclass(slots=True)
class Score:
    """``right`` of ``asked``; ``missed``: left as it was where something was to be done; ``harm``: made worse. Names in ``notes``."""

    asked: int = 0
    right: int = 0
    missed: int = 0
    harm: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, found: float, wanted: float, tolerance: float = 0.0) -> None:
        """One answer. What was left untouched can't have done harm."""
        self.asked += 1
        if abs(found - wanted) <= tolerance:
            self.right += 1
            return
        if found == 0:
            self.missed += 1
        else:  # an angle that is nearer than none was did no harm; a wrong turn or verdict always does
            self.harm += tolerance == 0 or abs(found - wanted) >= abs(wanted)
        self.notes.append(f"{name}: {found:g} for {wanted:g}")


def turns(scans: Iterable[Scan]) -> Score:
    """Every page in its four positions; labelled pages as they are and in the other three."""
    score = Score()
    for scan in scans:
        grey, _ = grey_copy(scan.page)
        content = int(scan.label.get("content_rotated_clockwise_deg") or 0)
        for quarter in range(4):
            found, _ = orientation(quarter_turned(grey, quarter))
            score.add(f"{scan.name} turned {90 * quarter}", found, (360 - content - 90 * quarter) % 360)
    return score


def stacks(scans: Iterable[Scan], *, voting: bool) -> Score:
    """Pages blurred until many are in doubt, in stacks of which every page lies the same way; the others are as scanned."""
    score = Score()
    for _, members in groupby(scans, key=lambda scan: scan.name.rpartition(" p. ")[0]):
        greys = [(scan.name, grey_copy(scan.page)[0]) for scan in members]
        sure = [turn if certainty >= SURE else None for turn, certainty in (leaning(grey) for _, grey in greys)]
        for index, (name, grey) in enumerate(greys):
            worn = np.asarray(cv2.GaussianBlur(grey, (0, 0), WORN_PX), np.uint8)
            others = [sure[other - 1] for other in neighbours(index + 1, len(greys))] if voting else []
            for quarter in range(1, 4):
                votes = [(turn - 90 * quarter) % 360 for turn in others if turn is not None]
                found, _ = upright_among(quarter_turned(worn, quarter), partial(list, votes))
                score.add(f"{name} turned {90 * quarter}", found, (360 - 90 * quarter) % 360)
    return score


def blanks(scans: Iterable[Scan]) -> Score:
    score = Score()
    for scan in scans:
        score.add(scan.name, inspect(scan.page).blank, scan.is_blank)
    return score


def labelled_skews(scans: Iterable[Scan]) -> Score:
    score = Score()
    for scan in scans:
        if scan.label["skew_fix_ccw_deg"]:
            grey, dpi = grey_copy(scan.page)
            score.add(scan.name, skew_angle(grey, dpi), float(scan.label["skew_fix_ccw_deg"]), WITHIN)
    return score


def known_skews(scans: Iterable[Scan]) -> tuple[Score, list[float]]:
    """Pages turned by known angles more than they were, and how far off each answer was (degrees, untouched ones left out)."""
    score, off = Score(), list[float]()
    for scan in scans:
        grey, dpi = grey_copy(scan.page)
        own = skew_angle(grey, dpi)
        for angle in ANGLES:
            found = skew_angle(turned(grey, -angle), dpi)
            score.add(f"{scan.name} turned {angle:g}", found, own + angle, WITHIN)
            if found:
                off.append(abs(found - own - angle))
    return score, off


def straight(scans: Iterable[Scan]) -> Score:
    """Pages that are exactly straight must be left exactly so."""
    score = Score()
    for scan in scans:
        grey, dpi = grey_copy(scan.page)
        score.add(scan.name, skew_angle(grey, dpi), 0.0)
    return score


def inspecting(scans: Iterable[Scan]) -> list[float]:
    """Seconds of CPU for each page, the median of three."""
    return [statistics.median(_seconds(scan) for _ in range(3)) for scan in scans]


def _seconds(scan: Scan) -> float:
    started = time.process_time()
    inspect(scan.page)
    return time.process_time() - started
