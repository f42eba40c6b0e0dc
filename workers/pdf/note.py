"""A page that could not be read and left no image says so, in strokes: no font is needed, nothing is left to a reader's choice.

Letters are drawn on a grid 4 wide and 6 high (x-height 4), y upwards from the baseline.
"""

from __future__ import annotations

A4 = (595.28, 841.89)  # points
_UNIT = 3.0  # points a grid step
_ADVANCE = 5.5  # grid steps a letter

_BOWL = "0,1 1,0 3,0 4,1 4,3 3,4 1,4 0,3 0,1"
_STEM = "4,4 4,0"
_HORN = "4,4 5,5"
_STROKES: dict[str, tuple[str, ...]] = {
    " ": (),
    "T": ("0,6 4,6", "2,6 2,0"),
    "r": ("0,4 0,0", "0,3 1,4 3,4"),
    "a": (_BOWL, _STEM),
    "n": ("0,4 0,0", "0,3 1,4 3,4 4,3 4,0"),
    "g": (_BOWL, "4,4 4,-1 3,-2 1,-2 0,-1"),
    "k": ("0,6 0,0", "4,4 0,2 4,0"),
    "h": ("0,6 0,0", "0,3 1,4 3,4 4,3 4,0"),
    "c": ("4,1 3,0 1,0 0,1 0,3 1,4 3,4 4,3",),
    "ô": (_BOWL, "1,4.8 2,6 3,4.8"),
    "đ": (_BOWL, "4,6 4,0", "2.5,5 5,5"),
    "ọ": (_BOWL, "1.9,-1.5 2.1,-1.5"),
    "ư": ("0,4 0,1 1,0 3,0 4,1", _STEM, _HORN),
    "ợ": (_BOWL, "3.5,3.5 5,5", "1.9,-1.5 2.1,-1.5"),
    "0": ("0,1 1,0 3,0 4,1 4,5 3,6 1,6 0,5 0,1", "0,1 4,5"),
    "1": ("1,5 2,6 2,0", "1,0 3,0"),
    "2": ("0,5 1,6 3,6 4,5 4,4 0,0 4,0",),
    "3": ("0,6 4,6 2,4 4,2 4,1 3,0 1,0 0,1",),
    "4": ("3,0 3,6 0,2 4,2",),
    "5": ("4,6 0,6 0,3.5 3,3.5 4,2.5 4,1 3,0 0,0",),
    "6": ("4,6 2,6 0,4 0,1 1,0 3,0 4,1 4,2 3,3 0,3",),
    "7": ("0,6 4,6 1,0",),
    "8": ("1,3 0,4 0,5 1,6 3,6 4,5 4,4 3,3 1,3 0,2 0,1 1,0 3,0 4,1 4,2 3,3",),
    "9": ("4,3 1,3 0,4 0,5 1,6 3,6 4,5 4,2 2,0 0,0",),
}


def unreadable_page(number: int) -> bytes:
    """Content stream, on an A4 page, of the sentence "Trang n không đọc được" (page n could not be read)."""
    text = f"Trang {number} không đọc được"
    left = (A4[0] - len(text) * _ADVANCE * _UNIT) / 2
    ops = ["q 0.3 G 1.6 w 1 J 1 j"]
    for index, letter in enumerate(text):
        for stroke in _STROKES[letter]:
            points = [tuple(map(float, pair.split(","))) for pair in stroke.split()]
            at = [(left + (index * _ADVANCE + x) * _UNIT, A4[1] / 2 + y * _UNIT) for x, y in points]
            ops.append(" ".join(f"{x:.2f} {y:.2f} {'l' if i else 'm'}" for i, (x, y) in enumerate(at)) + " S")
    return ("\n".join([*ops, "Q"]) + "\n").encode("ascii")
