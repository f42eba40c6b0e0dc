"""Every bad input of the list, made here, with the code it gets. None may cost more than its own refusal."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from models.errors import (
    CorruptFile,
    DigitizeError,
    EmptyFile,
    EncryptedPdf,
    NoPages,
    ProcessingLimit,
    TooLarge,
    TooManyPages,
    TooManyPixels,
    UnsupportedType,
)
from tests.workers.steps.samples import encoded, image_pdf, jpeg, page, saved, write
from workers.limits import Limits
from workers.steps import decode

LIMITS = Limits()


@pytest.fixture(scope="module", autouse=True)
def _one_child() -> Iterator[None]:
    yield
    decode.stop()


def everything(path: Path, limits: Limits = LIMITS) -> None:
    """Open and decode all pages, as the pipeline does."""
    info = decode.open_document(path, limits)
    for number in range(1, info.page_count + 1):
        decode.decode_page(info, number, limits)


def refused(folder: Path, data: bytes, limits: Limits = LIMITS) -> type[DigitizeError]:
    with pytest.raises(DigitizeError) as caught:
        everything(write(folder, "bad.bin", data), limits)
    return caught.type


def test_empty(tmp_path: Path) -> None:
    assert refused(tmp_path, b"") is EmptyFile


@pytest.mark.parametrize(
    "data",
    [
        b"hello, this is text",
        b"GIF89a" + bytes(40),
        b"\0" * 4096,
        b"PK\x03\x04" + bytes(100),
        b"BM" + bytes(60),
        b"\0\0\0\x18ftypmp42" + bytes(40),
        b"x" * 1025 + b"%PDF-1.4",
        b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40),
    ],
)
def test_wrong_magic_bytes(tmp_path: Path, data: bytes) -> None:
    assert refused(tmp_path, data) is UnsupportedType


def test_too_large(tmp_path: Path) -> None:
    assert refused(tmp_path, jpeg(), Limits(max_bytes=1000)) is TooLarge


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.7, 0.99])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "G4", "WEBP", "BMP"])
def test_truncated_images(tmp_path: Path, kind: str, kept: float) -> None:
    image = Image.fromarray(page())
    whole = {
        "JPEG": jpeg,
        "G4": lambda: encoded(image.convert("1"), "TIFF", compression="group4"),
    }.get(kind, lambda: encoded(image, kind))()
    assert refused(tmp_path, whole[: int(len(whole) * kept)]) in (CorruptFile, UnsupportedType)


def test_jpeg_whose_middle_is_lost_is_refused_not_greyed(tmp_path: Path) -> None:
    whole = jpeg()
    assert refused(tmp_path, whole[: len(whole) // 2] + b"\xff\xd9") is CorruptFile


def test_png_with_a_flipped_bit_is_refused(tmp_path: Path) -> None:
    whole = bytearray(encoded(Image.fromarray(page()), "PNG"))
    whole[len(whole) // 2] ^= 4
    assert refused(tmp_path, bytes(whole)) is CorruptFile


def test_multi_page_tiff_cut_after_its_first_page(tmp_path: Path) -> None:
    image = Image.fromarray(page())
    whole = encoded(image, "TIFF", save_all=True, append_images=[image])
    assert refused(tmp_path, whole[: len(whole) * 3 // 4]) is CorruptFile


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(10_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_png_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    assert refused(tmp_path, png_header(100_000, 100_000)) is TooManyPixels


def test_bmp_of_absurd_width(tmp_path: Path) -> None:
    data = bytearray(encoded(Image.fromarray(page()), "BMP"))
    data[18:22] = struct.pack("<i", 2_000_000_000)
    assert refused(tmp_path, bytes(data)) is TooManyPixels


def test_tiff_whose_tags_lie_about_its_size(tmp_path: Path) -> None:
    data = bytearray(encoded(Image.fromarray(page(colour=False)), "TIFF", compression="raw"))
    directory = struct.unpack_from("<I", data, 4)[0]
    for entry in range(struct.unpack_from("<H", data, directory)[0]):
        at = directory + 2 + 12 * entry
        if struct.unpack_from("<H", data, at)[0] in (256, 257):  # width, length
            struct.pack_into("<HII", data, at + 2, 4, 1, 0x7FFFFFFF)
    assert refused(tmp_path, bytes(data)) is TooManyPixels


def test_pixel_limit_is_the_configured_one(tmp_path: Path) -> None:
    for data in (jpeg(), encoded(Image.fromarray(page()), "TIFF"), saved(image_pdf(jpeg()))):
        assert refused(tmp_path, data, Limits(max_pixels=10_000)) is TooManyPixels


def test_too_many_pages(tmp_path: Path) -> None:
    image = Image.fromarray(page(colour=False)).resize((20, 28))
    limits = Limits(max_pages=3)
    assert refused(tmp_path, encoded(image, "TIFF", save_all=True, append_images=[image] * 3), limits) is TooManyPages
    assert refused(tmp_path, saved(image_pdf(jpeg(), pages=4)), limits) is TooManyPages
    everything(write(tmp_path, "ok", saved(image_pdf(jpeg(), pages=3))), limits)


def test_zero_page_pdf(tmp_path: Path) -> None:
    assert refused(tmp_path, saved(pikepdf.new())) is NoPages


def test_encrypted_pdf_needs_its_password(tmp_path: Path) -> None:
    locked = saved(image_pdf(jpeg()), encryption=pikepdf.Encryption(user="mat", owner="khau"))
    assert refused(tmp_path, locked) is EncryptedPdf


def test_pdf_with_an_owner_password_only_is_read(tmp_path: Path) -> None:
    open_to_all = saved(image_pdf(jpeg()), encryption=pikepdf.Encryption(user="", owner="khau"))
    info = decode.open_document(write(tmp_path, "o.pdf", open_to_all), LIMITS)
    assert decode.decode_page(info, 1, LIMITS).source is not None


def test_pdf_may_have_junk_before_its_header(tmp_path: Path) -> None:
    data = b"\r\n\0" * 100 + saved(image_pdf(jpeg()))
    info = decode.open_document(write(tmp_path, "j.pdf", data), LIMITS)
    assert (info.media_type, info.page_count) == ("application/pdf", 1)


def test_pdf_that_lost_its_tail_is_mended_when_all_pages_are_there(tmp_path: Path) -> None:
    whole = saved(image_pdf(jpeg(), pages=2), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    cut = whole[: whole.rindex(b"startxref")]
    info = decode.open_document(write(tmp_path, "c.pdf", cut), LIMITS)
    assert (info.page_count, info.warnings) == (2, ("REPAIRED",))
    assert decode.decode_page(info, 2, LIMITS).source is not None


@pytest.mark.parametrize("kept", [0.01, 0.2, 0.5, 0.8])
def test_truncated_pdf(tmp_path: Path, kept: float) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
    whole = saved(image_pdf(encoded(Image.fromarray(noise), "JPEG"), size=(200, 200), pages=2))
    assert refused(tmp_path, whole[: int(len(whole) * kept)]) in (CorruptFile, UnsupportedType)


def test_bomb_in_a_pdf_stream_is_refused_by_its_dictionary(tmp_path: Path) -> None:
    bomb = zlib.compress(bytes(50_000_000), 9)
    data = saved(image_pdf(bomb, size=(60_000, 60_000), image={"/Filter": pikepdf.Name.FlateDecode}))
    assert refused(tmp_path, data) is TooManyPixels


def test_jpeg_in_a_pdf_that_is_larger_than_it_says(tmp_path: Path) -> None:
    large = encoded(Image.new("RGB", (3000, 3000)), "JPEG")
    assert refused(tmp_path, saved(image_pdf(large)), Limits(max_pixels=1_000_000)) is TooManyPixels


def test_content_stream_bomb_is_stopped(tmp_path: Path) -> None:
    pdf = image_pdf(jpeg())
    bomb = zlib.compress(zlib.compress(b"q Q " * (1 << 26), 9), 9)
    pdf.pages[0].Contents = pikepdf.Stream(pdf, bomb, {"/Filter": [pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode]})
    path = write(tmp_path, "bomb.pdf", saved(pdf))
    outcome = _outcome(lambda: everything(path, Limits(tool_seconds=20, tool_memory_bytes=512 << 20)))
    assert outcome in (None, ProcessingLimit, CorruptFile)


def _outcome(action: Callable[[], None]) -> type[DigitizeError] | None:
    try:
        action()
    except DigitizeError as error:
        return type(error)
    return None


def test_one_bad_page_of_a_pdf_fails_alone(tmp_path: Path) -> None:
    pdf = image_pdf(jpeg(), pages=3)
    broken = pikepdf.Stream(pdf, jpeg()[:2000], pdf.pages[1].Resources.XObject.Im0.stream_dict)
    pdf.pages[1].Resources.XObject = pikepdf.Dictionary(Im0=pdf.make_indirect(broken))
    info = decode.open_document(write(tmp_path, "b.pdf", saved(pdf)), LIMITS)
    assert info.page_count == 3
    with pytest.raises(CorruptFile):
        decode.decode_page(info, 2, LIMITS)
    assert decode.decode_page(info, 3, LIMITS).pixels.shape == (560, 400, 3)
