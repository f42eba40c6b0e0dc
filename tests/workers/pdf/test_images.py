"""The page's own bytes stay as they were, whatever they are, and the page shows what the image shows."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageCms, ImageOps, TiffImagePlugin

from tests.workers.pdf.drawing import ROWS, Drawn, draw, group4, jpeg_source, outcome, save, write
from tests.workers.pdf.proof import pdftoppm, pdftotext, preflight, qpdf_check, render
from workers.page import Encoding, Failure, Origin, PageOutcome, Pixels, Placement, SourceImage
from workers.pdf.icc import cmyk_profile, srgb_profile
from workers.pdf.images import NotEmbeddable, from_source
from workers.pdf.recoded import filters_of


def image_of(path: Path, page: int = 0) -> tuple[dict[str, Any], bytes]:
    """The image dictionary (values as Python text) and the bytes as stored; those of a JPEG without the Flate around them."""
    with pikepdf.open(path) as pdf:
        image = pdf.pages[page].obj.Resources.XObject.Im0
        stored = image.read_raw_bytes()
        if filters_of(image) == ["/FlateDecode", "/DCTDecode"]:
            stored = zlib.decompress(stored)
        return {key: str(value) for key, value in image.items()}, stored


def small() -> Drawn:
    return draw(ROWS[:4], dpi=100, height_mm=100)


def alike(shown: Pixels, wanted: Pixels, limit: float = 6.0) -> None:
    rows, columns = min(shown.shape[0], wanted.shape[0]), min(shown.shape[1], wanted.shape[1])
    blurred = [
        np.asarray(Image.fromarray(p[:rows, :columns]).resize((columns // 8, rows // 8), Image.Resampling.BOX))
        for p in (shown, wanted)
    ]
    assert np.abs(blurred[0].astype(int) - blurred[1]).mean() < limit


def colourful() -> Pixels:
    """Ink, a red seal, a blue signature and yellow paper: wrong channels or inversion can't hide."""
    page = small().pixels.copy()
    page[:, :, 2] = np.minimum(page[:, :, 2], 200)
    page[200:300, 100:200] = (200, 20, 30)
    page[200:300, 300:400] = (20, 40, 180)
    return page


@pytest.mark.parametrize(
    ("mode", "options"),
    [("RGB", {}), ("L", {}), ("RGB", {"progressive": True}), ("RGB", {"subsampling": 0, "dpi": (300, 300)})],
)
def test_jpeg_bytes_are_kept(tmp_path: Path, mode: str, options: dict[str, Any]) -> None:
    page = small()
    source = jpeg_source(Image.fromarray(colourful()).convert(mode), **options)
    path = tmp_path / "out.pdf"
    report = write(path, outcome(page, source))
    entries, stored = image_of(path)
    assert stored == source.data
    assert "/DCTDecode" in entries["/Filter"]
    assert (report.pdfa_level, report.pdfa_reason) == ("1b", "")
    alike(render(path, dpi=page.dpi), np.asarray(Image.fromarray(colourful()).convert(mode).convert("RGB")))
    assert preflight(path) == ""
    assert qpdf_check(path) == ""


def test_cmyk_jpeg_keeps_its_bytes_and_its_colours(tmp_path: Path) -> None:
    """Pillow writes CMYK as Adobe does: inverted, with the APP14 marker."""
    page = small()
    source = jpeg_source(Image.fromarray(colourful()).convert("CMYK"))
    path = tmp_path / "out.pdf"
    report = write(path, outcome(page, source))
    entries, stored = image_of(path)
    assert stored == source.data
    assert "/ICCBased" in entries["/ColorSpace"]
    assert entries["/Decode"].count("1") == 4
    assert report.pdfa_level == "1b"
    assert preflight(path) == ""
    alike(render(path, dpi=page.dpi), colourful(), 12)
    alike(pdftoppm(path, page.dpi), colourful(), 12)


def test_jpeg_with_an_icc_profile(tmp_path: Path) -> None:
    """Version 2 is kept; version 4 is beyond PDF 1.4 and gives way to sRGB; both stay PDF/A-1b."""
    page = small()
    newer = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert newer[8] == 4
    for profile, kept in ((srgb_profile(), True), (newer, False), (b"no profile at all", False)):
        source = jpeg_source(colourful(), icc_profile=profile)
        path = tmp_path / "out.pdf"
        report = write(path, outcome(page, source), outcome(page, source, number=2))
        entries, stored = image_of(path)
        assert stored == source.data
        assert ("ICCBased" in entries["/ColorSpace"]) is kept
        assert report.pdfa_level == "1b"
        assert preflight(path) == ""
        alike(render(path, dpi=page.dpi), colourful())


def test_group4_is_kept_and_stays_one_bit(tmp_path: Path) -> None:
    page = small()
    data = group4(page.pixels)
    with Image.open(io.BytesIO(data)) as tiff:
        assert isinstance(tiff, TiffImagePlugin.TiffImageFile)
        (offset,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]
    source = SourceImage(Encoding.CCITT_G4, page.pixels.shape[1], page.pixels.shape[0], data)
    path = tmp_path / "out.pdf"
    write(path, outcome(page, source))
    entries, stored = image_of(path)
    assert stored == data[offset : offset + length]
    assert "/CCITTFaxDecode" in entries["/Filter"]
    assert entries["/BitsPerComponent"] == "1"
    alike(render(path, dpi=page.dpi), page.pixels, 10)
    assert preflight(path) == ""


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_png_of_every_kind(tmp_path: Path, mode: str) -> None:
    page = small()
    image = Image.fromarray(colourful())
    wanted = image
    if "A" in mode:
        image = image.convert("RGBA")
        image.putalpha(Image.linear_gradient("L").resize(image.size))
        sheet = Image.new("RGBA", image.size, "white")
        sheet.alpha_composite(image.convert(mode).convert("RGBA"))
        wanted = sheet.convert("RGB")
    image = image.convert(mode)
    wanted = wanted if "A" in mode else image.convert("RGB")
    data = save(image, "PNG")
    path = tmp_path / "out.pdf"
    report = write(path, outcome(page, SourceImage(Encoding.PNG, image.width, image.height, data)))
    entries, stored = image_of(path)
    assert "/SMask" not in entries
    if "A" not in mode:
        assert stored in data or len(stored) > 2**16  # the IDAT data; Pillow cuts it into chunks of 64 KiB
        assert entries["/BitsPerComponent"] == {"1": "1"}.get(mode, "8")
    assert report.pdfa_level == "1b"
    alike(render(path, dpi=page.dpi), np.asarray(wanted), 8)
    assert preflight(path) == ""


def test_jpeg_2000_is_kept_and_the_claim_is_lower_and_unproven(tmp_path: Path) -> None:
    page = small()
    data = save(colourful(), "JPEG2000")
    path = tmp_path / "out.pdf"
    report = write(
        path, outcome(page, SourceImage(Encoding.JPEG2000, page.pixels.shape[1], page.pixels.shape[0], data))
    )
    assert image_of(path)[1] == data
    assert report.pdfa_level == "2b"
    assert "JPEG 2000" in report.pdfa_reason
    assert "unproven" in report.pdfa_reason
    assert b"<pdfaid:part>2</pdfaid:part>" in path.read_bytes()
    alike(render(path, dpi=page.dpi), colourful())
    assert qpdf_check(path) == ""


@pytest.mark.timeout(60)
def test_jpeg_2000_that_says_its_resolution(tmp_path: Path) -> None:
    """Scanners write a resolution box; img2pdf 0.6.3 never comes back from one."""
    page = small()
    plain = save(colourful(), "JPEG2000")
    resolution = b"\0\0\0\x1ares \0\0\0\x12resc" + bytes([0x2E, 0xE0, 0, 0xFE, 0x2E, 0xE0, 0, 0xFE, 2, 2])
    start = plain.index(b"jp2h") - 4
    length = int.from_bytes(plain[start : start + 4], "big")
    header = (length + len(resolution)).to_bytes(4, "big") + plain[start + 4 : start + length] + resolution
    data = plain[:start] + header + plain[start + length :]
    path = tmp_path / "out.pdf"
    write(path, outcome(page, SourceImage(Encoding.JPEG2000, page.pixels.shape[1], page.pixels.shape[0], data)))
    assert image_of(path)[1] == data
    alike(render(path, dpi=page.dpi), colourful())


def test_16_bit_png_is_kept_and_lowers_the_claim(tmp_path: Path) -> None:
    page = small()
    grey = np.asarray(Image.fromarray(page.pixels).convert("L")).astype(np.uint16) * 257
    data = save(Image.fromarray(grey), "PNG")
    path = tmp_path / "out.pdf"
    report = write(path, outcome(page, SourceImage(Encoding.PNG, grey.shape[1], grey.shape[0], data)))
    assert image_of(path)[0]["/BitsPerComponent"] == "16"
    assert report.pdfa_level == "2b"
    alike(render(path, dpi=page.dpi), page.pixels)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_a_matrix(tmp_path: Path, orientation: int) -> None:
    page = small()
    upright = Image.fromarray(colourful())
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[274] = orientation
    data = save(stored, "JPEG", quality=90, exif=exif)
    with Image.open(io.BytesIO(data)) as image:
        assert ImageOps.exif_transpose(image).size == upright.size
    source = SourceImage(Encoding.JPEG, stored.width, stored.height, data, exif_orientation=orientation)
    path = tmp_path / "out.pdf"
    write(path, outcome(page, source))
    assert image_of(path)[1] == data
    alike(render(path, dpi=page.dpi), colourful())


def source_document(path: Path, pixels: Pixels) -> tuple[int, int]:
    """A PDF with one Flate image with a Decode array and an LZW-free filter chain; returns the image's object number."""
    grey = np.asarray(Image.fromarray(pixels).convert("L"))
    with pikepdf.new() as pdf:
        image = pikepdf.Stream(pdf, np.ascontiguousarray(255 - grey).tobytes())
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent = grey.shape[1], grey.shape[0], 8
        image.ColorSpace, image.Decode = pikepdf.Name.DeviceGray, pikepdf.Array([1, 0])
        image.Interpolate, image.Alternates = True, pikepdf.Array([])
        page = pdf.add_blank_page()
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=pdf.make_indirect(image)))
        pdf.save(path)
    with pikepdf.open(path) as pdf:
        found = pdf.pages[0].obj.Resources.XObject.A.objgen
        return int(found[0]), int(found[1])


def test_an_image_of_the_source_pdf_is_copied_with_its_dictionary(tmp_path: Path) -> None:
    page = small()
    original, path = tmp_path / "in.pdf", tmp_path / "out.pdf"
    number = source_document(original, page.pixels)
    height, width = page.pixels.shape[:2]
    source = SourceImage(Encoding.PDF_STREAM, width, height, pdf_object=number)
    report = write(path, outcome(page, source), source_pdf=original)
    entries, stored = image_of(path)
    with pikepdf.open(original) as pdf:
        assert stored == pdf.get_object(*number).read_raw_bytes()
    assert entries["/Decode"] == "pikepdf.Array([ 1, 0 ])" or "1" in entries["/Decode"]
    assert "/Alternates" not in entries
    assert report.pdfa_level == "1b"
    assert preflight(path) == ""
    alike(render(path, dpi=page.dpi), page.pixels)


def test_what_is_no_image_is_refused(tmp_path: Path) -> None:
    page = small()
    original = tmp_path / "in.pdf"
    source_document(original, page.pixels)
    with pikepdf.open(original) as pdf:
        for number in (None, (1, 0), (999, 0)):
            with pytest.raises(NotEmbeddable):
                from_source(pdf, SourceImage(Encoding.PDF_STREAM, 5, 5, pdf_object=number))


@pytest.mark.parametrize("encoding", [Encoding.JPEG, Encoding.PNG, Encoding.JPEG2000, Encoding.CCITT_G4])
def test_a_broken_image_gives_way_to_the_fallback(tmp_path: Path, encoding: Encoding) -> None:
    page = small()
    height, width = page.pixels.shape[:2]
    fallback = save(colourful(), "JPEG")
    path = tmp_path / "out.pdf"
    report = write(path, outcome(page, SourceImage(encoding, width, height, b"broken"), fallback_jpeg=fallback))
    assert image_of(path)[1] == fallback
    assert report.substituted == (1,)
    alike(render(path, dpi=page.dpi), colourful())


def test_a_smaller_fallback_fills_the_page(tmp_path: Path) -> None:
    page = small()
    half = Image.fromarray(colourful()).reduce(2)
    path = tmp_path / "out.pdf"
    write(path, outcome(page, None, fallback_jpeg=save(half, "JPEG", quality=90)))
    alike(render(path, dpi=page.dpi), colourful(), 8)


def test_a_failed_page_stays_a_page(tmp_path: Path) -> None:
    """With its image when there is one, else with a sentence that people can see."""
    page = small()
    failure = Failure("CORRUPT_FILE", "cut short")
    path = tmp_path / "out.pdf"
    source = jpeg_source(colourful())
    with_image = PageOutcome(2, source=source, failure=failure)
    report = write(path, outcome(page, source), with_image, PageOutcome(1234567890, failure=failure))
    assert report.pages == 3
    assert image_of(path, 1)[1] == source.data
    note = render(path, 3, dpi=72)
    assert note.shape[:2] in {(842, 596), (842, 595)}
    assert 0.001 < (note < 128).mean() < 0.05
    assert pdftotext(path, "-f", "3", "-l", "3").strip() == ""
    assert preflight(path) == ""


def test_odd_sizes_stay_within_pdf_limits(tmp_path: Path) -> None:
    dot = jpeg_source(np.zeros((1, 1, 3), np.uint8))
    path = tmp_path / "out.pdf"
    huge = PageOutcome(2, 200_000, 20_000, 72.0, placement=Placement.identity(200_000, 20_000), source=dot)
    write(path, PageOutcome(1, 1, 1, 300.0, source=dot), huge, PageOutcome(3, 1, 1, float("nan"), source=dot))
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            assert all(3 <= side <= 14400 for side in (float(v) for v in page.mediabox[2:]))
    assert preflight(path) == ""


def test_a_text_page_needs_its_source(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="source PDF"):
        write(tmp_path / "out.pdf", PageOutcome(1, 10, 10, 72.0, Origin.TEXT, source_pdf_page=0))
    assert not (tmp_path / "out.pdf").exists()
    assert list(tmp_path.iterdir()) == []


def test_profiles_are_what_colour_management_reads() -> None:
    rgb = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    ours, theirs = ImageCms.createProfile("sRGB"), rgb
    image = Image.fromarray(colourful())
    changed = ImageCms.profileToProfile(image, theirs, ours)
    assert changed is not None
    assert np.abs(np.asarray(changed).astype(int) - np.asarray(image)).max() <= 2
    cmyk = ImageCms.ImageCmsProfile(io.BytesIO(cmyk_profile()))
    inks = image.convert("CMYK")
    back = ImageCms.profileToProfile(inks, cmyk, ours, outputMode="RGB")
    assert back is not None
    assert np.abs(np.asarray(back).astype(int) - np.asarray(inks.convert("RGB"))).mean() < 2


def test_a_jpeg_is_deflated_only_where_that_saves(tmp_path: Path) -> None:
    """Paper in standard Huffman tables repeats itself; noise does not. Inside the Flate lies the JPEG as it came."""
    noise = np.random.default_rng(1).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    path = tmp_path / "out.pdf"
    for pixels, filters in ((colourful(), ["/FlateDecode", "/DCTDecode"]), (noise, ["/DCTDecode"])):
        source = jpeg_source(pixels)
        write(path, outcome(small(), source))
        with pikepdf.open(path) as pdf:
            assert filters_of(pdf.pages[0].obj.Resources.XObject.Im0) == filters
        assert image_of(path)[1] == source.data
        assert preflight(path) == ""
