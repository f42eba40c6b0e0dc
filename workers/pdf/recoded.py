"""The same picture in fewer bytes: what an image is wrapped in changes, no sample of it and no byte of a JPEG.

1-bit images that came Flate, LZW or RunLength coded, or not coded at all, become CCITT G4 where that is smaller. A JPEG is deflated
where that saves: coders that use the standard Huffman tables leave up to a third in pages that are mostly paper (13
real documents: 10 % of all bytes). A reader undoes the Flate and has the JPEG as it came.
"""

from __future__ import annotations

import zlib

from pikepdf import Array, Dictionary, Name, Object, StreamDecodeLevel

from workers.steps.fax import group4

_PLAIN = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"}
_INVERTED = bytes(255 - value for value in range(256))
_SAVES = 0.995  # of its bytes at most


def recode(image: Object) -> None:
    """In place; images of other codings are left alone. Raises what pikepdf raises when the data is damaged."""
    filters = filters_of(image)
    if filters == ["/DCTDecode"]:
        _deflate(image)
    elif set(filters) <= _PLAIN:
        _as_fax(image)


def _deflate(image: Object) -> None:
    jpeg = image.read_raw_bytes()
    smaller = zlib.compress(jpeg, 6)
    if len(smaller) > _SAVES * len(jpeg):
        return
    parameters = image.get("/DecodeParms")
    image.write(smaller, filter=Array([Name.FlateDecode, Name.DCTDecode]))
    if isinstance(parameters, Dictionary):
        image.DecodeParms = Array([Dictionary(), parameters])
    elif isinstance(parameters, Array) and len(parameters):
        image.DecodeParms = Array([Dictionary(), parameters[0]])


def _as_fax(image: Object) -> None:
    """Colour space, palette, ``/Decode`` and masks stay, since every sample does."""
    width, height = int(image.Width), int(image.Height)
    if image.get("/BitsPerComponent", 1 if image.get("/ImageMask", False) else 8) != 1:
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
