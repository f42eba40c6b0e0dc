"""Image XObjects that carry the page's own compressed bytes.

``img2pdf`` wraps a JPEG, G4 TIFF or PNG without touching what is compressed; an image of the source PDF is copied with its
dictionary. JPEG 2000 is wrapped here, because img2pdf 0.6.3 loops for ever over a file with a resolution box. What
costs no sample and saves bytes is done (``workers.pdf.recoded``). What PDF/A-1 forbids around the bytes (LZW, a newer ICC profile, bare CMYK) is mended where that
costs nothing of the picture; the rest lowers the claim.
"""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

import img2pdf
from pikepdf import Array, Name, Object, Pdf, Stream
from PIL import Image

from workers.page import Encoding, SourceImage
from workers.pdf.icc import cmyk_profile
from workers.pdf.pdfa import Claim
from workers.pdf.recoded import filters_of, recode
from workers.steps.decode.pdf_file import PDF_ERRORS

# Entries that PDF/A-1 forbids in an image, or that mean nothing outside the document it came from.
_DROPPED = (
    "/Alternates",
    "/OPI",
    "/OC",
    "/Metadata",
    "/StructParent",
    "/ID",
    "/PieceInfo",
    "/LastModified",
    "/Measure",
)
_INTENTS = ("/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation")
_JP2 = b"\0\0\0\x0cjP  \r\n\x87\n"
_ICC_SPACES = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}
_DEVICE = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}


class NotEmbeddable(Exception):
    """The bytes can't go into a PDF as they are."""


def wrap(source: SourceImage) -> tuple[Pdf, Object]:
    """The image as an XObject in a small PDF of its own (keep that open until the object is copied).

    PNG with transparency is laid on white first: paper has none. Raises ``NotEmbeddable``.
    """
    if source.encoding is Encoding.JPEG2000:
        return _wrap_jpeg2000(source.data)
    data = _on_white(source.data) if source.encoding is Encoding.PNG else source.data
    try:
        wrapped = img2pdf.convert(
            data,
            engine=img2pdf.Engine.internal,
            rotation=img2pdf.Rotation.none,  # orientation belongs to the page's matrix
            layout_fun=lambda *_: (72.0, 72.0, 72.0, 72.0),
            first_frame_only=True,
            nodate=True,
        )
    except Exception as error:  # img2pdf and Pillow raise whatever they meet in a broken file
        raise NotEmbeddable(f"{source.encoding}: {type(error).__name__}") from error
    pdf = Pdf.open(io.BytesIO(wrapped))
    return pdf, pdf.pages[0].obj.Resources.XObject.Im0


def from_source(source_pdf: Pdf, source: SourceImage) -> Object:
    """The image XObject that the source PDF holds. Raises ``NotEmbeddable`` when there is none, or its data is elsewhere."""
    if source.pdf_object is None:
        raise NotEmbeddable("no object number")
    image = source_pdf.get_object(*source.pdf_object)
    if not isinstance(image, Stream) or image.get("/Subtype") != Name.Image:
        raise NotEmbeddable(f"object {source.pdf_object[0]} is no image")
    if "/F" in image:
        raise NotEmbeddable("the image lies in another file")
    return image


def _wrap_jpeg2000(data: bytes) -> tuple[Pdf, Object]:
    """Grey or RGB; the reader learns the rest from the data itself (ISO 32000-1, 7.4.9)."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG2000"]) as header:
            space = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}.get(header.mode)
            width, height = header.size
    except Exception as error:  # Pillow raises whatever it meets in a broken file
        raise NotEmbeddable(f"jpeg2000: {type(error).__name__}") from error
    if space is None:
        raise NotEmbeddable("jpeg2000: neither grey nor RGB of 8 bits")
    pdf = Pdf.new()
    image = Stream(pdf, data, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height)
    image.ColorSpace, image.BitsPerComponent, image.Filter = space, 8, Name.JPXDecode
    return pdf, pdf.make_indirect(image)


class ImageTidier:
    """Makes copied images fit PDF/A-1 where possible; shares what it adds among the pages of one document."""

    def __init__(self, pdf: Pdf, claim: Claim) -> None:
        self._pdf = pdf
        self._claim = claim
        self._cmyk: Object | None = None

    def tidy(self, image: Object) -> None:
        """In place. ``image`` must belong to the document."""
        _drop_entries(image)
        if isinstance(image.get("/SMask"), Stream):
            self._claim.at_most("2b", "an image has a soft mask")
        mask = image.get("/Mask")
        if isinstance(mask, Stream):
            self.tidy(mask)
        with suppress(*PDF_ERRORS):  # damaged: it stays as it is
            recode(image)
        filters = filters_of(image)
        if "/JPXDecode" in filters:
            self._claim.at_most("2b", "JPEG 2000 kept as scanned (PDF/A-1 does not know it)")
            if not image.read_raw_bytes().startswith(_JP2):
                self._claim.at_most(None, "a JPEG 2000 codestream without the file header that PDF/A-2 asks for")
        if "/Crypt" in filters:
            self._claim.at_most(None, "an image is encrypted by itself")
        if "/LZWDecode" in filters:
            try:
                image.write(image.read_bytes())  # PDF/A-1 forbids LZW; Flate loses nothing
            except PDF_ERRORS:
                self._claim.at_most(None, "an image of a coding that PDF/A forbids is damaged")
        if image.get("/BitsPerComponent", 8) == 16:
            self._claim.at_most("2b", "16-bit samples (PDF 1.4 ends at 8)")
        space = image.get("/ColorSpace")
        if space is not None and not image.get("/ImageMask", False):
            image.ColorSpace = self._space(space)

    def _space(self, space: Object) -> Object:
        if space == Name.DeviceCMYK:
            return self._cmyk_space()
        if not isinstance(space, Array) or len(space) == 0:
            if str(space) not in ("/DeviceGray", "/DeviceRGB"):
                self._claim.at_most(None, "an image names a colour space that is not its own")
            return space
        family = str(space[0])
        if family == "/ICCBased":
            return self._icc(space)
        if family in ("/Indexed", "/I") and len(space) == 4:
            return Array([Name.Indexed, self._space(space[1]), space[2], space[3]])
        if family in ("/Separation", "/DeviceN") and len(space) >= 4:
            return Array([space[0], space[1], self._space(space[2]), *list(space)[3:]])
        if family not in ("/CalGray", "/CalRGB", "/Lab"):
            self._claim.at_most(None, "an image has an unknown colour space")
        return space

    def _icc(self, space: Array) -> Object:
        """Version 2 profiles are kept; a newer or broken one gives way to the device space (sRGB by output intent).

        PDF 1.4 knows ICC profiles up to version 2 only. The original file still has the profile.
        """
        profile: Any = space[1]
        count = int(profile.get("/N", 0))
        head = bytes(profile.read_bytes()[:128])
        if len(head) == 128 and head[36:40] == b"acsp" and head[8] <= 2 and head[16:20] == _ICC_SPACES.get(count):
            for key in ("/Alternate", "/Metadata"):  # no use to a reader that understands the profile
                if key in profile:
                    del profile[key]
            return space
        if count == 4:
            return self._cmyk_space()
        return _DEVICE.get(count, Name.DeviceRGB)

    def _cmyk_space(self) -> Object:
        if self._cmyk is None:
            profile = Stream(self._pdf, cmyk_profile(), N=4)
            self._cmyk = self._pdf.make_indirect(Array([Name.ICCBased, self._pdf.make_indirect(profile)]))
        return self._cmyk


def _drop_entries(image: Object) -> None:
    for key in _DROPPED:
        if key in image:
            del image[key]
    if image.get("/Intent") is not None and str(image.Intent) not in _INTENTS:
        del image["/Intent"]
    if image.get("/Interpolate"):
        image.Interpolate = False


def _on_white(png: bytes) -> bytes:
    """PNG without transparency; the very same bytes when it had none. Raises ``NotEmbeddable`` when it can't be read."""
    try:
        with Image.open(io.BytesIO(png)) as image:
            if not image.has_transparency_data:
                return png
            image.load()
            layer = image.convert("RGBA")
    except Exception as error:  # Pillow raises whatever it meets in a broken file
        raise NotEmbeddable(f"png: {type(error).__name__}") from error
    sheet = Image.new("RGBA", layer.size, "white")
    sheet.alpha_composite(layer)
    buffer = io.BytesIO()
    sheet.convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()
