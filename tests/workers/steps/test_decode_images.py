from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image, features

from models.errors import NotFound
from tests.workers.steps.samples import DPI, HEIGHT, WIDTH, alike, encoded, jpeg, page, write
from workers.limits import Limits
from workers.page import DecodedPage, Encoding
from workers.steps import decode
from workers.steps.decode.orientation import stored_to_upright, turn_upright

LIMITS = Limits()


@pytest.fixture(scope="module", autouse=True)
def _one_child() -> Iterator[None]:
    yield
    decode.stop()


def decoded(folder: Path, data: bytes, number: int = 1) -> DecodedPage:
    info = decode.open_document(write(folder, "page.bin", data), LIMITS)
    return decode.decode_page(info, number, LIMITS)


@pytest.mark.parametrize("colour", [True, False])
def test_jpeg_keeps_its_bytes_and_grey_stays_grey(tmp_path: Path, colour: bool) -> None:
    data = jpeg(colour=colour)
    got = decoded(tmp_path, data)
    assert alike(got.pixels, page(colour=colour))
    assert (got.dpi, got.dpi_known) == (DPI, True)
    assert got.source is not None
    assert (got.source.encoding, got.source.data, got.source.exif_orientation) == (Encoding.JPEG, data, 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_gives_upright_pixels_and_is_told(tmp_path: Path, orientation: int) -> None:
    back = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}[orientation]
    stored = Image.fromarray(turn_upright(page(), back))
    exif = Image.Exif()
    exif[0x0112] = orientation
    got = decoded(tmp_path, encoded(stored, "JPEG", quality=92, exif=exif, dpi=(DPI, DPI)))
    assert alike(got.pixels, page())
    assert got.source is not None
    assert got.source.exif_orientation == orientation
    assert (got.source.width, got.source.height) == stored.size


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_matrix_of_an_orientation_moves_points_as_pixels_move(orientation: int) -> None:
    stored = np.zeros((5, 7), np.uint8)
    stored[1, 4] = 255
    upright = turn_upright(stored, orientation)
    a, b, c, d, e, f = stored_to_upright(7, 5, orientation)
    x, y = 4.5, 1.5  # the middle of the marked pixel
    assert upright[int(b * x + d * y + f), int(a * x + c * y + e)] == 255


def test_phone_jpeg_with_a_preview_after_it_is_cut_at_its_end(tmp_path: Path) -> None:
    data = jpeg()
    got = decoded(tmp_path, data + jpeg(colour=False) + bytes(100))
    assert got.source is not None
    assert got.source.data == data


def test_cmyk_jpeg_becomes_rgb_and_is_not_embedded(tmp_path: Path) -> None:
    got = decoded(tmp_path, encoded(Image.fromarray(page()).convert("CMYK"), "JPEG", quality=95))
    assert alike(got.pixels, page(), 10)
    assert got.source is None


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_png_modes(tmp_path: Path, mode: str) -> None:
    grey = page(colour=False)
    if mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    elif mode in ("1", "L", "LA"):
        image = Image.fromarray(grey).convert(mode)
    else:
        image = Image.fromarray(page()).convert(mode)
    got = decoded(tmp_path, encoded(image, "PNG", dpi=(DPI, DPI)))
    if mode in ("1", "L", "LA", "I;16"):
        assert got.pixels.shape == (HEIGHT, WIDTH)
        assert alike(got.pixels, grey, 12)
    else:
        assert alike(got.pixels, page(), 12)
    assert abs(got.dpi - DPI) < 0.5
    kept = got.source.encoding if got.source else None
    assert kept == {"1": Encoding.CCITT_G4, "L": Encoding.PNG, "RGB": Encoding.PNG}.get(mode)


def test_transparent_pixels_become_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (40, 60), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (10, 10, 20, 20))
    got = decoded(tmp_path, encoded(image, "PNG"))
    assert tuple(got.pixels[0, 0]) == (255, 255, 255)
    assert tuple(got.pixels[15, 15]) == (200, 0, 0)


def test_palette_of_greys_is_grey_and_a_transparent_palette_lies_on_white(tmp_path: Path) -> None:
    grey = Image.fromarray(page(colour=False)).quantize(16)
    assert decoded(tmp_path, encoded(grey, "PNG")).pixels.ndim == 2
    seen = Image.fromarray(page()).quantize(16)
    got = decoded(tmp_path, encoded(seen, "PNG", transparency=int(np.asarray(seen)[30, 30])))
    assert tuple(got.pixels[30, 30]) == (255, 255, 255)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
def test_tiff_compressions(tmp_path: Path, compression: str) -> None:
    got = decoded(tmp_path, encoded(Image.fromarray(page()), "TIFF", compression=compression, dpi=(DPI, DPI)))
    assert alike(got.pixels, page())
    assert got.dpi == DPI


@pytest.mark.parametrize("compression", ["raw", "group3", "group4", "tiff_lzw"])
def test_one_bit_tiff_becomes_one_g4_strip_without_loss(tmp_path: Path, compression: str) -> None:
    bilevel = Image.fromarray(page(colour=False)).convert("1", dither=Image.Dither.NONE)
    got = decoded(tmp_path, encoded(bilevel, "TIFF", compression=compression, dpi=(DPI, DPI)))
    assert (got.pixels == np.asarray(bilevel.convert("L"))).all()
    assert got.source is not None
    assert got.source.encoding is Encoding.CCITT_G4
    with Image.open(io.BytesIO(got.source.data)) as kept:
        assert kept.info["compression"] == "group4"
        assert len(kept.tag_v2[273]) == 1  # type: ignore[attr-defined]  # a TIFF's strips
        assert (np.asarray(kept.convert("L")) == got.pixels).all()


def test_tiff_of_three_pages_in_three_modes(tmp_path: Path) -> None:
    first = Image.fromarray(page())
    rest = [first.convert("L"), first.convert("1")]
    data = encoded(first, "TIFF", save_all=True, append_images=rest, dpi=(DPI, DPI))
    path = write(tmp_path, "three.tif", data)
    info = decode.open_document(path, LIMITS)
    assert (info.page_count, info.media_type) == (3, "image/tiff")
    shapes = [decode.decode_page(info, number, LIMITS).pixels.shape for number in (1, 2, 3)]
    assert shapes == [(HEIGHT, WIDTH, 3), (HEIGHT, WIDTH), (HEIGHT, WIDTH)]
    with pytest.raises(NotFound):
        decode.decode_page(info, 4, LIMITS)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_tiff_orientation(tmp_path: Path, orientation: int) -> None:
    stored = turn_upright(page(), {3: 3, 6: 8, 8: 6}[orientation])
    data = encoded(Image.fromarray(stored), "TIFF", tiffinfo={274: orientation}, dpi=(DPI, DPI))
    assert alike(decoded(tmp_path, data).pixels, page())


def test_sixteen_bit_tiff_and_bigtiff(tmp_path: Path) -> None:
    deep = Image.fromarray(page(colour=False).astype(np.uint16) * 257)
    assert alike(decoded(tmp_path, encoded(deep, "TIFF")).pixels, page(colour=False))
    big = encoded(Image.fromarray(page()), "TIFF", big_tiff=True)
    assert big[2] == 43
    assert alike(decoded(tmp_path, big).pixels, page())


def test_webp_bmp_heic_and_avif(tmp_path: Path) -> None:
    image = Image.fromarray(page())
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, format="HEIF", quality=90)
    kinds = {
        "image/webp": encoded(image, "WEBP", quality=95),
        "image/bmp": encoded(image, "BMP", dpi=(DPI, DPI)),
        "image/heic": out.getvalue(),
    }
    if features.check("avif"):
        kinds["image/avif"] = encoded(image, "AVIF", quality=90)
    for media_type, data in kinds.items():
        path = write(tmp_path, "x", data)
        info = decode.open_document(path, LIMITS)
        assert info.media_type == media_type
        got = decode.decode_page(info, 1, LIMITS)
        assert alike(got.pixels, page(), 8), media_type
        assert got.source is None


@pytest.mark.parametrize(
    ("told", "known"),
    [((300, 300), True), ((72, 72), False), ((1, 1), False), ((20_000, 20_000), False)],
)
def test_dpi_is_believed_only_when_such_a_sheet_can_exist(tmp_path: Path, told: tuple[int, int], known: bool) -> None:
    image = Image.fromarray(np.asarray(cv2.resize(page(), (2480, 3508)), dtype=np.uint8))
    got = decoded(tmp_path, encoded(image, "JPEG", quality=60, dpi=told))
    assert got.dpi_known is known
    assert abs(got.dpi - 300) < 1  # A4 at 300 dpi either way


def test_fax_pixels_are_made_square(tmp_path: Path) -> None:
    fax = Image.fromarray(page(colour=False)).convert("1").resize((1728, 1100))
    got = decoded(tmp_path, encoded(fax, "TIFF", compression="group3", dpi=(204, 98)))
    assert got.dpi == 204
    assert got.pixels.shape == (round(1100 * 204 / 98), 1728)
    assert got.source is not None
    assert (got.source.height, got.source.width) == got.pixels.shape


def test_info_is_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", jpeg())  # the name lies; the bytes count
    info = decode.open_document(path, LIMITS)
    assert (info.media_type, info.page_count, info.bytes) == ("image/jpeg", 1, path.stat().st_size)
    assert len(info.sha256) == 64
