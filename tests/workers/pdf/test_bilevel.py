"""Pages of two levels go in without loss as G4, whatever they came as: every viewer shows the very pixels that came."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from tests.workers.pdf.drawing import ROWS, draw, outcome, save, write
from tests.workers.pdf.proof import pdftoppm, preflight, qpdf_check, render
from workers.limits import Limits
from workers.page import DecodedPage, Encoding, PageOutcome, Pixels, Placement, SourceImage
from workers.pdf.recoded import filters_of
from workers.pdf.searchable import PdfReport
from workers.steps.decode import kinds
from workers.steps.decode.images import bilevel_source, decode_image
from workers.steps.decode.pdf import decode_pdf_page
from workers.steps.fax import two_levels

DPI = 72  # a pixel is a point: pdfium has nothing to resample
ENLARGED = 4  # poppler smooths 1-bit pictures that it draws at less
MEDIA = {"PNG": kinds.PNG, "TIFF": kinds.TIFF, "BMP": kinds.BMP}


def ink(width: int = 301) -> Pixels:
    """Letters in 0 and 255, a row of odd width, and nothing symmetric."""
    page = draw(ROWS[:4], dpi=100, height_mm=60).pixels.min(axis=2)
    return np.ascontiguousarray(np.where(page > 128, 255, 0).astype(np.uint8)[20:180, 80 : 80 + width])


def decoded(folder: Path, data: bytes, media_type: str) -> DecodedPage:
    file = folder / "page"
    file.write_bytes(data)
    return decode_image(file, media_type, 1, Limits())


def written(path: Path, source: SourceImage | None, shown: Pixels, pdf: Path | None = None) -> PdfReport:
    height, width = shown.shape[:2]
    page = PageOutcome(1, width, height, DPI, source=source, placement=Placement.identity(width, height))
    return write(path, page, source_pdf=pdf)


def same_in_every_viewer(path: Path, pixels: Pixels) -> None:
    wanted = pixels if pixels.ndim == 3 else np.dstack([pixels] * 3)
    for shown in (render(path, dpi=DPI), pdftoppm(path, ENLARGED * DPI)[1::ENLARGED, 1::ENLARGED]):
        assert shown.shape == wanted.shape
        assert (shown == wanted).all()


def filter_of(path: Path) -> str:
    with pikepdf.open(path) as pdf:
        (name,) = filters_of(pdf.pages[0].obj.Resources.XObject.Im0)
        return name


def one_bit(pixels: Pixels) -> Image.Image:
    return Image.fromarray(pixels > 127)


def palette(pixels: Pixels, dark: tuple[int, int, int], light: tuple[int, int, int]) -> Image.Image:
    image = Image.fromarray((pixels > 127).astype(np.uint8), "P")
    image.putpalette(bytes((*dark, *light)))
    return image


KINDS: dict[str, Callable[[Pixels], tuple[str, bytes]]] = {
    "1-bit PNG": lambda p: ("PNG", save(one_bit(p), "PNG")),
    "grey PNG": lambda p: ("PNG", save(p, "PNG")),
    "RGB PNG": lambda p: ("PNG", save(np.dstack([p] * 3), "PNG")),
    "palette PNG": lambda p: ("PNG", save(palette(p, (0, 0, 0), (255, 255, 255)), "PNG", bits=1)),
    "palette PNG, white first": lambda p: ("PNG", save(palette(255 - p, (255, 255, 255), (0, 0, 0)), "PNG", bits=1)),
    "1-bit BMP": lambda p: ("BMP", save(one_bit(p), "BMP")),
    "grey TIFF": lambda p: ("TIFF", save(p, "TIFF", compression="tiff_lzw")),
    **{
        f"1-bit TIFF {coding}": lambda p, coding=coding: ("TIFF", save(one_bit(p), "TIFF", compression=coding))  # type: ignore[misc] # mypy knows no default in a lambda
        for coding in ("raw", "packbits", "tiff_lzw", "tiff_deflate", "group3", "group4")
    },
    "G4, white is zero": lambda p: ("TIFF", save(one_bit(p), "TIFF", compression="group4", tiffinfo={262: 0})),
    "G4, low bit first": lambda p: ("TIFF", save(one_bit(p), "TIFF", compression="group4", tiffinfo={266: 2})),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_black_and_white_page_becomes_g4(tmp_path: Path, kind: str) -> None:
    pixels = ink()
    media, data = KINDS[kind](pixels)
    page = decoded(tmp_path, data, MEDIA[media])
    assert (page.pixels == (pixels if page.pixels.ndim == 2 else np.dstack([pixels] * 3))).all()
    assert page.source is not None
    assert page.source.encoding is Encoding.CCITT_G4
    path = tmp_path / "out.pdf"
    assert written(path, page.source, pixels).pdfa_level == "1b"
    assert filter_of(path) == "/CCITTFaxDecode"
    same_in_every_viewer(path, pixels)


@pytest.mark.parametrize("width", [1, 7, 8, 9, 64, 65])
def test_any_width(tmp_path: Path, width: int) -> None:
    rng = np.random.default_rng(width)
    pixels = np.repeat(np.repeat(rng.integers(0, 2, (60, width)), 3, axis=0), 3, axis=1).astype(np.uint8) * 255
    path = tmp_path / "out.pdf"
    written(path, bilevel_source(pixels), pixels)
    same_in_every_viewer(path, pixels)


@pytest.mark.parametrize(
    ("dark", "light"), [((0, 0, 0), (250, 250, 250)), ((20, 30, 120), (255, 255, 240)), ((90, 90, 90), (91, 91, 91))]
)
def test_two_other_levels_keep_their_colours(tmp_path: Path, dark: tuple[int, ...], light: tuple[int, ...]) -> None:
    mask = ink() > 127
    pixels = np.where(mask[:, :, None], np.array(light), np.array(dark)).astype(np.uint8)
    page = decoded(tmp_path, save(pixels, "PNG"), kinds.PNG)
    path = tmp_path / "out.pdf"
    assert written(path, page.source, pixels).pdfa_level == "1b"
    assert filter_of(path) == "/CCITTFaxDecode"
    same_in_every_viewer(path, pixels)
    assert preflight(path) == ""


def test_a_g4_strip_keeps_its_bytes(tmp_path: Path) -> None:
    pixels = ink()
    data = save(one_bit(pixels), "TIFF", compression="group4", tiffinfo={278: pixels.shape[0]})
    page = decoded(tmp_path, data, kinds.TIFF)
    path = tmp_path / "out.pdf"
    written(path, page.source, pixels)
    with pikepdf.open(path) as pdf:
        assert pdf.pages[0].obj.Resources.XObject.Im0.read_raw_bytes() in data


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_turned_g4_scan(tmp_path: Path, orientation: int) -> None:
    """TIFF's orientation tag is a matrix in the PDF, as for any other picture."""
    pixels = ink()
    data = save(one_bit(pixels), "TIFF", compression="group4", tiffinfo={274: orientation, 278: pixels.shape[0]})
    page = decoded(tmp_path, data, kinds.TIFF)
    assert page.source is not None
    assert (page.source.exif_orientation, page.source.height) == (orientation, pixels.shape[0])
    path = tmp_path / "out.pdf"
    written(path, page.source, page.pixels)
    same_in_every_viewer(path, page.pixels)


def test_more_levels_and_screened_pictures_are_no_fax(tmp_path: Path) -> None:
    pixels = ink()
    pixels[80, 150] = 128  # one pixel, which no glance sees
    assert two_levels(pixels) is None
    assert bilevel_source(np.dstack([pixels] * 3)) is None
    screen = np.indices((200, 300)).sum(axis=0) % 2 * np.uint8(255)
    source = bilevel_source(screen.astype(np.uint8))
    assert source is not None
    assert source.encoding is Encoding.PNG
    path = tmp_path / "out.pdf"
    written(path, source, screen)
    assert filter_of(path) == "/FlateDecode"
    same_in_every_viewer(path, screen)


def source_pdf(path: Path, data: bytes, pixels: Pixels, coding: str = "none", **entries: Any) -> None:
    """A page that is one image of the size of ``pixels``."""
    height, width = pixels.shape[:2]
    with Pdf.new() as pdf:
        image = Stream(pdf, data, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, **entries)
        if coding != "none":
            image.write(data, filter=Name(f"/{coding}"))
        page = pdf.add_blank_page(page_size=(width, height))
        page.obj.Resources = Dictionary(XObject=Dictionary(A=pdf.make_indirect(image)))
        page.obj.Contents = Stream(pdf, f"{width} 0 0 {height} 0 0 cm 0 g /A Do".encode())
        pdf.save(path)


def run_length(rows: bytes) -> bytes:
    """Literal runs only (ISO 32000-1, 7.4.5)."""
    runs = (rows[at : at + 128] for at in range(0, len(rows), 128))
    return b"".join(bytes([len(run) - 1]) + run for run in runs) + b"\x80"


def lzw(rows: bytes) -> bytes:
    """Nine-bit codes, cleared often enough that they never grow (ISO 32000-1, 7.4.4)."""
    codes: list[int] = []
    for at in range(0, len(rows), 250):
        codes += [256, *rows[at : at + 250]]
    bits = "".join(f"{code:09b}" for code in [*codes, 257])
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


CODERS: dict[str, Callable[[bytes], bytes]] = {
    "FlateDecode": zlib.compress, "LZWDecode": lzw, "RunLengthDecode": run_length, "none": bytes,
}  # fmt: skip
LOOKS: dict[str, dict[str, Any]] = {
    "plain": {"BitsPerComponent": 1, "ColorSpace": Name.DeviceGray},
    "Decode": {"BitsPerComponent": 1, "ColorSpace": Name.DeviceGray, "Decode": Array([1, 0])},
    "mask": {"BitsPerComponent": 1, "ImageMask": True},
    "Indexed": {
        "BitsPerComponent": 1,
        "ColorSpace": Array([Name.Indexed, Name.DeviceRGB, 1, pikepdf.String(b"\xff\xff\xff\x10\x20\x30")]),
    },
}


@pytest.mark.parametrize("coding", CODERS)
@pytest.mark.parametrize("looks", LOOKS)
def test_a_one_bit_image_of_a_pdf_becomes_g4(tmp_path: Path, coding: str, looks: str) -> None:
    """Only its coding changes: colour space, ``/Decode`` and what a stencil means stay."""
    pixels = ink()
    rows = np.packbits((pixels > 127) ^ (looks in {"Decode", "Indexed"}), axis=1).tobytes()
    original, path = tmp_path / "in.pdf", tmp_path / "out.pdf"
    source_pdf(original, CODERS[coding](rows), pixels, coding, **LOOKS[looks])
    page = decode_pdf_page(original, 1, Limits())
    wanted = pixels
    if looks == "Indexed":
        wanted = np.where((pixels > 127)[:, :, None], 255, np.array([16, 32, 48])).astype(np.uint8)
    assert (page.pixels == wanted).all()
    assert page.source is not None
    assert page.source.encoding is Encoding.PDF_STREAM
    assert written(path, page.source, page.pixels, original).pdfa_level == "1b"
    assert filter_of(path) == "/CCITTFaxDecode"
    same_in_every_viewer(path, wanted)


@pytest.mark.parametrize("coding", ["grey", "RGB"])
def test_two_levels_in_eight_bits_of_a_pdf(tmp_path: Path, coding: str) -> None:
    pixels = ink()
    samples = pixels if coding == "grey" else np.dstack([pixels] * 3)
    original, path = tmp_path / "in.pdf", tmp_path / "out.pdf"
    space = Name.DeviceGray if coding == "grey" else Name.DeviceRGB
    source_pdf(original, samples.tobytes(), pixels, BitsPerComponent=8, ColorSpace=space)
    page = decode_pdf_page(original, 1, Limits())
    written(path, page.source, page.pixels, original)
    assert filter_of(path) == "/CCITTFaxDecode"
    same_in_every_viewer(path, page.pixels)


def test_a_fax_cut_by_the_crop_box_stays_a_fax(tmp_path: Path) -> None:
    """What is cut away has no bytes of its own left, and a JPEG of the rest would be worse and larger."""
    pixels = ink()
    height, width = pixels.shape
    original, path = tmp_path / "in.pdf", tmp_path / "out.pdf"
    source_pdf(original, np.packbits(pixels > 127, axis=1).tobytes(), pixels, **LOOKS["plain"])
    with Pdf.open(original, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.CropBox = Array([0, 0, width, height - 15])
        pdf.save(original)
    page = decode_pdf_page(original, 1, Limits())
    assert (page.pixels == pixels[15:]).all()
    written(path, page.source, page.pixels, original)
    assert filter_of(path) == "/CCITTFaxDecode"
    same_in_every_viewer(path, page.pixels)


def test_a_fax_of_oblong_pixels_keeps_two_levels(tmp_path: Path) -> None:
    """204 x 98 dpi: rows are doubled in the PDF, never blurred."""
    pixels = ink()
    data = save(one_bit(pixels), "TIFF", compression="group3", dpi=(204.0, 98.0))
    page = decoded(tmp_path, data, kinds.TIFF)
    assert page.source is not None
    assert page.source.encoding is Encoding.CCITT_G4
    assert (page.source.width, page.source.height) == page.pixels.shape[::-1]
    with Image.open(io.BytesIO(page.source.data)) as kept:
        stretched = np.asarray(kept.convert("L"))
    assert {tuple(row) for row in stretched} == {tuple(row) for row in pixels}


@pytest.mark.parametrize("coding", ["FlateDecode", "LZWDecode"])
def test_a_damaged_image_stays_as_it_is(tmp_path: Path, coding: str) -> None:
    pixels = ink()
    height, width = pixels.shape
    original, path = tmp_path / "in.pdf", tmp_path / "out.pdf"
    source_pdf(original, b"\xff\x01no such data", pixels, coding, **LOOKS["plain"])
    with Pdf.open(original) as pdf:
        number = pdf.pages[0].obj.Resources.XObject.A.objgen
    stream = SourceImage(Encoding.PDF_STREAM, width, height, pdf_object=(int(number[0]), int(number[1])))
    assert written(path, stream, pixels, original).pages == 1


def test_a_g4_page_with_words_is_valid(tmp_path: Path) -> None:
    page = draw(ROWS[:4], dpi=100, height_mm=60)
    pixels = np.where(page.pixels.min(axis=2) > 128, 255, 0).astype(np.uint8)
    path = tmp_path / "out.pdf"
    write(path, outcome(page, bilevel_source(np.dstack([pixels] * 3))))
    assert preflight(path) == ""
    assert qpdf_check(path) == ""


@pytest.mark.parametrize("level", [0, 255, 40, 200])
def test_a_page_of_one_level(tmp_path: Path, level: int) -> None:
    pixels = np.full((120, 99), level, np.uint8)
    path = tmp_path / "out.pdf"
    written(path, bilevel_source(pixels), pixels)
    same_in_every_viewer(path, pixels)
