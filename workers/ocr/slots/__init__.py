"""Number and date slots of official papers: found between their printed anchors, boxed, and read apart from their line."""

from workers.ocr.slots.read import Slots, read_slots
from workers.ocr.slots.witness import line_reader

__all__ = ["Slots", "line_reader", "read_slots"]
