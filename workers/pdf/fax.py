"""Images of one bit a pixel that came Flate, LZW or RunLength coded, or not coded at all: the same samples as CCITT G4, where that is smaller."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Object, StreamDecodeLevel

from workers.steps.fax import group4

_PLAIN = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"}
_INVERTED = bytes(255 - value for value in range(256))


def as_fax(image: Object) -> None:
    """In place. Colour space, palette, ``/Decode`` and masks stay, since every sample does; other images are left alone.

    Raises what pikepdf raises when the data is damaged.
    """
    width, height = int(image.Width), int(image.Height)
    if image.get("/BitsPerComponent", 1 if image.get("/ImageMask", False) else 8) != 1:
        return
    if not set(filters_of(image)) <= _PLAIN:
        return
    rows = image.read_bytes(StreamDecodeLevel.specialized)  # RunLength too
    if len(rows) != (width + 7) // 8 * height:
        return  # cut short, or several components a pixel
    # T.6 is made for pages that are mostly its white: whichever level is more common takes that part.
    ones = int.from_bytes(rows, "big").bit_count()
    mostly_ones = ones > 4 * len(rows)
    coded = group4(bytes(rows).translate(_INVERTED) if mostly_ones else rows, width, height)
    if len(coded) >= int(image.get("/Length", 0)):
        return
    parameters = Dictionary(K=-1, Columns=width, Rows=height, BlackIs1=not mostly_ones)
    image.write(coded, filter=Name.CCITTFaxDecode, decode_parms=parameters)


def filters_of(image: Object) -> list[str]:
    """Names of the filters of a stream, in the order in which they are undone."""
    value = image.get("/Filter")
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, Array) else [str(value)]
