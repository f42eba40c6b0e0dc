"""``DecodedPage`` as JSON and buffers: what crosses the pipe from the decoder child."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from models.errors import CorruptFile
from workers.page import DecodedPage, Encoding, Line, Origin, Overlay, SourceImage, Word


def page_to_wire(page: DecodedPage) -> tuple[dict[str, Any], list[bytes | memoryview]]:
    source = page.source
    facts = {
        "shape": page.pixels.shape,
        "dpi": page.dpi,
        "dpi_known": page.dpi_known,
        "origin": page.origin,
        "warnings": page.warnings,
        "image_share": page.image_share,
        "text_hidden": page.text_hidden,
        "source": source
        and {
            "encoding": source.encoding,
            "width": source.width,
            "height": source.height,
            "pdf_object": source.pdf_object,
            "exif_orientation": source.exif_orientation,
        },
        "overlays": [[overlay.box, len(overlay.jpeg)] for overlay in page.overlays],
        "text_layer": page.text_layer
        and [[[word.text, word.box, word.confidence] for word in line.words] for line in page.text_layer],
    }
    return facts, [page.pixels.data, source.data if source else b"", b"".join(one.jpeg for one in page.overlays)]


def page_from_wire(facts: dict[str, Any], buffers: Sequence[bytearray]) -> DecodedPage:
    """The page again; its pixels are the received buffer itself. ``CorruptFile`` when the child's answer does not fit."""
    try:
        return _page(facts, buffers)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise CorruptFile("the decoder's answer makes no sense") from error


def _page(facts: dict[str, Any], buffers: Sequence[bytearray]) -> DecodedPage:
    pixels = np.frombuffer(buffers[0], dtype=np.uint8).reshape(facts["shape"])
    told = facts["source"]
    source = told and SourceImage(
        encoding=Encoding(told["encoding"]),
        width=int(told["width"]),
        height=int(told["height"]),
        data=bytes(buffers[1]),
        pdf_object=(int(told["pdf_object"][0]), int(told["pdf_object"][1])) if told["pdf_object"] else None,
        exif_orientation=int(told["exif_orientation"]),
    )
    lines = facts["text_layer"]
    return DecodedPage(
        pixels=pixels,
        dpi=float(facts["dpi"]),
        dpi_known=bool(facts["dpi_known"]),
        source=source or None,
        origin=Origin(facts["origin"]),
        text_layer=None if lines is None else tuple(_line(line) for line in lines),
        warnings=tuple(str(warning) for warning in facts["warnings"]),
        image_share=float(facts["image_share"]),
        text_hidden=bool(facts["text_hidden"]),
        overlays=tuple(_overlays(facts["overlays"], bytes(buffers[2]))),
    )


def _overlays(told: list[Any], jpegs: bytes) -> Iterator[Overlay]:
    at = 0
    for box, length in told:
        yield Overlay((int(box[0]), int(box[1]), int(box[2]), int(box[3])), jpegs[at : at + int(length)])
        at += int(length)


def _line(words: list[Any]) -> Line:
    return Line(
        tuple(
            Word(str(text), (int(box[0]), int(box[1]), int(box[2]), int(box[3])), float(confidence))
            for text, box, confidence in words
        )
    )
