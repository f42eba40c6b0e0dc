"""Keeps finished images out of memory: they wait in part files until the document is written.

qpdf copies a stream of another *file* only when it writes, a piece at a time. So images are gathered in small PDFs; when
one has grown past ``PART_BYTES`` it goes to disk, is opened again, and the document refers to its streams there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pikepdf import Array, Object, ObjectStreamMode, Pdf, StreamDecodeLevel

PART_BYTES = 16 * 1024 * 1024

Attach = Callable[[Object], None]


class ImageSpool:
    """``add`` promises that ``attach`` is called with the image as an object of ``pdf``, at the latest in ``flush``.

    ``close`` only after ``pdf`` is saved: until then its images are read from the parts.
    """

    def __init__(self, pdf: Pdf, folder: Path) -> None:
        self._pdf = pdf
        self._folder = folder
        self._parts: list[Pdf] = []
        self._owners: list[Pdf] = []
        self._waiting: list[Attach] = []
        self._gathering: Pdf | None = None
        self._bytes = 0

    def add(self, owner: Pdf, image: Object, size: int, attach: Attach) -> None:
        """``image`` belongs to ``owner``, which this takes over and closes. ``size``: its compressed bytes, about."""
        if self._gathering is None:
            self._gathering = Pdf.new()
            self._gathering.Root.Images = Array()
        self._gathering.Root.Images.append(self._gathering.copy_foreign(image))
        self._owners.append(owner)
        self._waiting.append(attach)
        self._bytes += size
        if self._bytes >= PART_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered to a part file and hand its images out."""
        if self._gathering is None:
            return
        path = self._folder / f"part-{len(self._parts)}.pdf"
        self._gathering.save(
            path,
            static_id=True,
            compress_streams=False,
            stream_decode_level=StreamDecodeLevel.none,
            object_stream_mode=ObjectStreamMode.disable,
        )
        for pdf in (self._gathering, *self._owners):
            pdf.close()
        part = Pdf.open(path)
        self._parts.append(part)
        for attach, image in zip(self._waiting, part.Root.Images.as_list(), strict=True):
            attach(self._pdf.copy_foreign(image))
        self._gathering, self._bytes = None, 0
        self._owners.clear()
        self._waiting.clear()

    def close(self) -> None:
        for pdf in (*self._parts, *self._owners):
            pdf.close()
        self._parts.clear()
        self._owners.clear()
