"""Straightened grey page -> its printed lines, each with all its marks and nothing of its neighbours.

``cut`` is the way through: ``shapes`` of ink, ``rows`` of letters, ``touching`` shapes parted, ``owners`` of all shapes,
``crops``, and what is no print ``judge``d.
"""

from workers.ocr.lines.cut import cut_lines
from workers.ocr.lines.line import CutLine

__all__ = ["CutLine", "cut_lines"]
