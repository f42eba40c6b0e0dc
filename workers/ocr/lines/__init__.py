"""Straightened grey page -> its printed lines, each with all its marks and nothing of its neighbours."""

from workers.ocr.lines.cut import CutLine, cut_lines

__all__ = ["CutLine", "cut_lines"]
