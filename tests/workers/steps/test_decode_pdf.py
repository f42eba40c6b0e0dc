from __future__ import annotations

import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from tests.paths import SCANS, needs_scans
from tests.workers.steps.samples import HEIGHT, WIDTH, alike, encoded, image_pdf, jpeg, page, saved, write
from workers.limits import Limits
from workers.page import DecodedPage, Encoding, Origin, Pixels
from workers.steps import decode
from workers.steps.decode.orientation import turn_upright
from workers.tools.run import run_tool

LIMITS = Limits()
POINTS = (144.0, 201.6)  # 400 x 560 px at 200 dpi


@pytest.fixture(scope="module", autouse=True)
def _one_child() -> Iterator[None]:
    yield
    decode.stop()


def decoded(folder: Path, pdf: pikepdf.Pdf | bytes, number: int = 1) -> DecodedPage:
    data = pdf if isinstance(pdf, bytes) else saved(pdf)
    return decode.decode_page(decode.open_document(write(folder, "p.pdf", data), LIMITS), number, LIMITS)


def flate(pixels: Pixels, **image: object) -> pikepdf.Pdf:
    """A page with an uncompressed image, which qpdf deflates when saving."""
    return image_pdf(pixels.tobytes(), size=(pixels.shape[1], pixels.shape[0]), image={"/Filter": None} | image)


def test_a_jpeg_page_keeps_pixels_bytes_and_dpi(tmp_path: Path) -> None:
    data = jpeg()
    got = decoded(tmp_path, image_pdf(data))
    assert got.source is not None
    assert (got.source.encoding, got.source.data, got.source.exif_orientation) == (Encoding.JPEG, data, 1)
    assert alike(got.pixels, page())
    assert (round(got.dpi), got.dpi_known, got.image_share, got.text_layer) == (200, True, 1.0, None)


def test_exif_inside_a_pdf_counts_for_nothing(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    got = decoded(tmp_path, image_pdf(jpeg(exif=exif)))
    assert alike(got.pixels, page())
    assert got.source is not None
    assert got.source.exif_orientation == 1


@pytest.mark.parametrize(("rotate", "orientation"), [(90, 6), (180, 3), (270, 8)])
def test_rotate_makes_upright_pixels_and_is_told(tmp_path: Path, rotate: int, orientation: int) -> None:
    got = decoded(tmp_path, image_pdf(jpeg(), rotate=rotate))
    assert got.source is not None
    assert got.source.exif_orientation == orientation
    assert alike(got.pixels, turn_upright(page(), orientation))


@pytest.mark.parametrize(
    ("matrix", "orientation"),
    [
        ("-144 0 0 201.6 144 0", 2),
        ("-144 0 0 -201.6 144 201.6", 3),
        ("144 0 0 -201.6 0 201.6", 4),
        ("0 -201.6 -144 0 144 201.6", 5),
        ("0 -201.6 144 0 0 201.6", 6),
        ("0 201.6 144 0 0 0", 7),
        ("0 201.6 -144 0 144 0", 8),
    ],
)
def test_every_placement_is_drawn_and_pulled_alike(tmp_path: Path, matrix: str, orientation: int) -> None:
    """Poppler's drawing of the same page is the judge of the matrix arithmetic."""
    stored = Image.fromarray(page())
    if orientation >= 5:
        stored = stored.resize((HEIGHT, WIDTH))  # the shape that this turn makes upright
    data = encoded(stored, "JPEG", quality=92)
    pulled = decoded(tmp_path, image_pdf(data, size=stored.size, content=f"q {matrix} cm /Im0 Do Q"))
    speck = " 0 g 143.9 0 0.01 0.01 re f"  # ink beside the image: the page is drawn
    drawn = decoded(tmp_path, image_pdf(data, size=stored.size, content=f"q {matrix} cm /Im0 Do Q" + speck))
    assert pulled.source is not None
    assert drawn.source is None
    assert pulled.source.exif_orientation == orientation
    assert alike(pulled.pixels, drawn.pixels, 4)


def test_a_page_shown_in_part_is_cut_to_its_crop_box(tmp_path: Path) -> None:
    pdf = image_pdf(jpeg())
    pdf.pages[0].CropBox = [36, 0, 144, 201.6]
    got = decoded(tmp_path, pdf)
    assert got.source is None
    assert alike(got.pixels, page()[:, 100:])


def test_user_unit_scales_the_dpi(tmp_path: Path) -> None:
    pdf = image_pdf(jpeg(), box=(72.0, 100.8))
    pdf.pages[0].obj.UserUnit = 2
    assert round(decoded(tmp_path, pdf).dpi) == 200


def test_a_photo_placed_at_72_dpi_is_estimated_from_a4(tmp_path: Path) -> None:
    large = Image.fromarray(page()).resize((2000, 2800))
    got = decoded(tmp_path, image_pdf(encoded(large, "JPEG"), size=large.size, box=(2000.0, 2800.0)))
    assert not got.dpi_known
    assert round(got.dpi) == round(2800 / 11.693)


def test_one_bit_pages_name_their_object(tmp_path: Path) -> None:
    bilevel = Image.fromarray(page(colour=False)).convert("1", dither=Image.Dither.NONE)
    grey = np.asarray(bilevel.convert("L"))
    raw = np.packbits(np.asarray(bilevel), axis=1).tobytes()
    made = image_pdf(raw, image={"/Filter": None, "/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 1})
    got = decoded(tmp_path, made)
    assert got.source is not None
    assert got.source.encoding is Encoding.PDF_STREAM
    with pikepdf.open(tmp_path / "p.pdf") as pdf:
        assert pdf.pages[0].Resources.XObject.Im0.objgen == got.source.pdf_object
    assert (got.pixels == grey).all()


def test_fax_pages(tmp_path: Path) -> None:
    bilevel = Image.fromarray(page(colour=False)).convert("1", dither=Image.Dither.NONE)
    tiff = encoded(bilevel, "TIFF", compression="group4", tiffinfo={278: HEIGHT, 262: 0})
    with Image.open(io.BytesIO(tiff)) as opened:
        tags = opened.tag_v2  # type: ignore[attr-defined]  # a TIFF's
        start, length = tags[273][0], tags[279][0]
    parameters = pikepdf.Dictionary(K=-1, Columns=WIDTH, Rows=HEIGHT, BlackIs1=False)
    made = image_pdf(
        tiff[start : start + length],
        image={
            "/Filter": pikepdf.Name.CCITTFaxDecode,
            "/DecodeParms": parameters,
            "/ColorSpace": pikepdf.Name.DeviceGray,
            "/BitsPerComponent": 1,
        },
    )
    got = decoded(tmp_path, made)
    assert (got.pixels == np.asarray(bilevel.convert("L"))).all()
    assert got.source is not None
    assert got.source.encoding is Encoding.PDF_STREAM


def test_inverted_decode_is_undone_in_the_pixels(tmp_path: Path) -> None:
    grey = page(colour=False)
    made = flate(255 - grey, **{"/ColorSpace": pikepdf.Name.DeviceGray, "/Decode": [1, 0]})
    assert (decoded(tmp_path, made).pixels == grey).all()


@pytest.mark.parametrize("decode_array", [None, [1, 0]])
def test_a_black_stencil_mask_is_a_page(tmp_path: Path, decode_array: list[int] | None) -> None:
    ink = page(colour=False) < 128
    bits = ~ink if decode_array is None else ink
    mask = {
        "/Filter": None,
        "/ColorSpace": None,
        "/BitsPerComponent": 1,
        "/ImageMask": True,
        "/Decode": decode_array,
    }
    got = decoded(tmp_path, image_pdf(np.packbits(bits, axis=1).tobytes(), image=mask))
    assert got.pixels.shape == (HEIGHT, WIDTH)
    assert ((got.pixels < 128) == ink).all()
    assert got.source is not None
    assert got.source.encoding is Encoding.PDF_STREAM


def test_palette_and_icc_images(tmp_path: Path) -> None:
    seen = Image.fromarray(page()).quantize(32)
    palette = pikepdf.String(bytes(seen.getpalette() or [])[: 32 * 3])
    made = flate(
        np.asarray(seen), **{"/ColorSpace": pikepdf.Array([pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, 31, palette])}
    )
    got = decoded(tmp_path, made)
    assert alike(got.pixels, np.asarray(seen.convert("RGB")), 1)
    assert got.source is not None
    assert got.source.encoding is Encoding.PDF_STREAM


def test_cmyk_is_drawn(tmp_path: Path) -> None:
    cmyk = np.asarray(Image.fromarray(page()).convert("CMYK"))
    got = decoded(tmp_path, flate(cmyk, **{"/ColorSpace": pikepdf.Name.DeviceCMYK}))
    assert got.source is None
    assert got.pixels.shape == (HEIGHT, WIDTH, 3)
    assert alike(got.pixels, page(), 20)


@pytest.mark.parametrize("grey", [False, True])
def test_jpeg2000_pages_keep_their_bytes(tmp_path: Path, grey: bool) -> None:
    data = encoded(Image.fromarray(page(colour=not grey)), "JPEG2000", quality_mode="dB", quality_layers=[45])
    space = pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB
    made = image_pdf(data, image={"/Filter": pikepdf.Name.JPXDecode, "/ColorSpace": space})
    got = decoded(tmp_path, made)
    assert got.source is not None
    assert (got.source.encoding, got.source.data) == (Encoding.JPEG2000, data)
    assert alike(got.pixels, page(colour=not grey))


def stamp(pdf: pikepdf.Pdf, *, flags: int = 4, body: bytes = b"1 0 0 rg 0 0 40 20 re f") -> pikepdf.Pdf:
    look = pikepdf.Stream(
        pdf, body, {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 40, 20]}
    )
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[10, 10, 50, 30], F=flags,
        AP=pikepdf.Dictionary(N=pdf.make_indirect(look)),
    )  # fmt: skip
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])
    return pdf


def test_a_signature_stamp_is_drawn_over_the_image(tmp_path: Path) -> None:
    got = decoded(tmp_path, stamp(image_pdf(jpeg())))
    assert got.source is not None
    assert len(got.overlays) == 1
    assert got.image_share == 1.0
    assert got.dpi == 200
    assert tuple(got.pixels[HEIGHT - 50, 80]) == (255, 0, 0)
    assert alike(got.pixels[:400], page()[:400])


@pytest.mark.parametrize("how", [{"flags": 2}, {"body": b""}])
def test_a_stamp_that_shows_nothing_changes_nothing(tmp_path: Path, how: dict[str, object]) -> None:
    assert decoded(tmp_path, stamp(image_pdf(jpeg()), **how)).source is not None  # type: ignore[arg-type]  # mixed


TEXT = "BT /F1 12 Tf {mode} Tr 20 150 Td (Quyet dinh so 383) Tj 0 -20 Td (Dieu 1) Tj ET"
PAINT = "q 144 0 0 201.6 0 0 cm /Im0 Do Q "


def test_hidden_text_over_a_scan_is_read_with_its_place(tmp_path: Path) -> None:
    got = decoded(tmp_path, image_pdf(jpeg(), content=PAINT + TEXT.format(mode=3)))
    assert got.source is not None
    assert got.text_hidden
    assert got.text_layer is not None
    assert [line.text for line in got.text_layer] == ["Quyet dinh so 383", "Dieu 1"]
    x0, y0, x1, y1 = got.text_layer[0].words[0].box
    assert abs(x0 - 20 / 72 * 200) < 8
    assert abs(y1 - (201.6 - 150) / 72 * 200) < 12  # the baseline, and the tail of the Q
    assert x1 > x0
    assert y1 > y0


def test_hidden_text_on_a_turned_page_turns_with_it(tmp_path: Path) -> None:
    places = []
    for rotate in (0, 90):
        got = decoded(tmp_path, image_pdf(jpeg(), content=PAINT + TEXT.format(mode=3), rotate=rotate))
        assert got.text_layer is not None
        places.append({word.text: word.box for line in got.text_layer for word in line.words})
    for text, (x0, y0, x1, y1) in places[0].items():
        turned = (HEIGHT - y1, x0, HEIGHT - y0, x1)
        assert all(abs(one - other) <= 2 for one, other in zip(places[1][text], turned, strict=True))


def test_text_under_the_scan_is_hidden_and_text_over_it_is_ink(tmp_path: Path) -> None:
    under = decoded(tmp_path, image_pdf(jpeg(), content=TEXT.format(mode=0) + " " + PAINT))
    over = decoded(tmp_path, image_pdf(jpeg(), content=PAINT + TEXT.format(mode=0)))
    assert under.source is not None
    assert over.source is None
    assert over.text_layer is not None
    assert not over.text_hidden
    assert (under.origin, over.origin) == (Origin.RASTER, Origin.RASTER)


def test_a_born_digital_page_is_drawn_at_200_dpi_with_its_text(tmp_path: Path) -> None:
    got = decoded(tmp_path, image_pdf(jpeg(), content=TEXT.format(mode=0)))
    assert (got.origin, got.source, got.image_share) == (Origin.TEXT, None, 0.0)
    assert (round(got.dpi), got.pixels.shape) == (200, (HEIGHT, WIDTH, 3))
    assert got.text_layer is not None
    assert len(got.text_layer) == 2
    word = got.text_layer[0].words[0]
    inside = got.pixels[word.box[1] : word.box[3], word.box[0] : word.box[2]]
    assert inside.min() < 80  # its box is on its ink


def test_two_images_side_by_side_are_drawn(tmp_path: Path) -> None:
    got = decoded(
        tmp_path, image_pdf(jpeg(), content="q 72 0 0 201.6 0 0 cm /Im0 Do Q q 72 0 0 201.6 72 0 cm /Im0 Do Q")
    )
    assert got.source is None
    assert got.image_share == pytest.approx(0.5)


def test_a_skewed_image_and_one_clipped_in_half_are_drawn(tmp_path: Path) -> None:
    for content in (
        "q 143.9 5 -7 201.5 3 -2 cm /Im0 Do Q",
        "q 0 0 70 201.6 re W n 144 0 0 201.6 0 0 cm /Im0 Do Q",
        "q 0 0 144 201.6 re 10 10 5 5 re W* n 144 0 0 201.6 0 0 cm /Im0 Do Q",
    ):
        assert decoded(tmp_path, image_pdf(jpeg(), content=content)).source is None


def test_an_image_inside_a_form_is_found(tmp_path: Path) -> None:
    pdf = image_pdf(jpeg(), content="q 2 0 0 2 0 0 cm /Fm0 Do Q")
    image = pdf.pages[0].Resources.XObject.Im0
    form = pikepdf.Stream(
        pdf,
        b"/Im1 Do",
        {
            "/Type": pikepdf.Name.XObject,
            "/Subtype": pikepdf.Name.Form,
            "/BBox": [0, 0, 1, 1],
            "/Matrix": [72, 0, 0, 100.8, 0, 0],
            "/Resources": pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im1=image)),
        },
    )
    pdf.pages[0].Resources.XObject.Fm0 = pdf.make_indirect(form)
    got = decoded(tmp_path, pdf)
    assert got.source is not None
    assert alike(got.pixels, page())


def test_low_resolution_of_a_stamped_scan_is_told(tmp_path: Path) -> None:
    small = Image.fromarray(page()).resize((200, 280))
    got = decoded(tmp_path, stamp(image_pdf(encoded(small, "JPEG"), size=small.size)))
    assert got.warnings == ("DPI_LOW",)
    assert got.dpi == pytest.approx(150, abs=1)


def test_a_poster_is_drawn_within_the_pixel_limit(tmp_path: Path) -> None:
    got = decoded(tmp_path, image_pdf(jpeg(), content=TEXT.format(mode=0), box=(14_000.0, 14_000.0)))
    assert got.pixels.shape[0] * got.pixels.shape[1] <= 40_000_000
    assert got.dpi == pytest.approx(32.5, abs=0.5)


@needs_scans
def test_words_that_word_processors_tear_apart_are_whole() -> None:
    """pdfium tells a line break inside nearly every word of this page; pdftotext, which does not, finds the same words."""
    path = SCANS / "digital" / "2.PLSYTCBKCB170225.443.pdf"
    got = decode.decode_page(decode.open_document(path, LIMITS), 2, LIMITS)
    assert got.text_layer is not None
    mine = Counter(word.text for line in got.text_layer for word in line.words)
    told = run_tool(["pdftotext", "-f", "2", "-l", "2", str(path), "-"], timeout=30).stdout.decode()
    assert mine == Counter(unicodedata.normalize("NFC", told).split())
    assert "dinh dưỡng lâm sàng" in "\n".join(line.text for line in got.text_layer)


@needs_scans
def test_words_of_real_digital_pages_lie_on_their_ink() -> None:
    for path in sorted((SCANS / "digital").glob("*.pdf"))[2:5]:
        got = decode.decode_page(decode.open_document(path, LIMITS), 1, LIMITS)
        assert got.text_layer is not None
        dark = got.pixels.min(axis=2)
        for line in got.text_layer:
            for word in line.words:
                x0, y0, x1, y1 = word.box
                assert dark[y0:y1, x0:x1].min() < 160, word
