"""Good files with bytes changed, lost and doubled at random: each is read or refused with a code, never a defect."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pillow_heif
import pytest
from PIL import Image

from models.errors import DigitizeError
from tests.workers.steps.samples import encoded, image_pdf, jpeg, page, saved, write
from workers.limits import Limits
from workers.steps import decode

LIMITS = Limits(tool_seconds=20.0)
ROUNDS = 25  # 600 were run when this was written: 6000 files, no defect


@pytest.fixture(scope="module", autouse=True)
def _one_child() -> Iterator[None]:
    yield
    decode.stop()


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(page())).save(out, format="HEIF", quality=50)
    return out.getvalue()


def fax_pdf() -> bytes:
    bits = np.packbits(page(colour=False) > 128, axis=1).tobytes()
    grey = {"/Filter": None, "/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 1}
    text = "q 144 0 0 201.6 0 0 cm /Im0 Do Q BT /F1 12 Tf 3 Tr 20 150 Td (Quyet dinh) Tj ET"
    return saved(image_pdf(bits, image=grey, content=text), compress_streams=False)


FILES = {
    "jpeg": jpeg,
    "png": lambda: encoded(Image.fromarray(page()), "PNG"),
    "tiff": lambda: encoded(Image.fromarray(page()), "TIFF", compression="tiff_lzw"),
    "fax": lambda: encoded(Image.fromarray(page()).convert("1"), "TIFF", compression="group4"),
    "webp": lambda: encoded(Image.fromarray(page()), "WEBP"),
    "bmp": lambda: encoded(Image.fromarray(page()), "BMP"),
    "heic": heic,
    "pdf of a jpeg": lambda: saved(image_pdf(jpeg(), pages=2)),
    "pdf of a jpeg 2000": lambda: saved(
        image_pdf(encoded(Image.fromarray(page()), "JPEG2000"), image={"/Filter": pikepdf.Name.JPXDecode})
    ),
    "pdf of bits and text": fax_pdf,
}


def mutated(whole: bytes, chance: random.Random) -> bytes:
    data = bytearray(whole)
    for _ in range(chance.choice((1, 3, 20))):
        # Headers and directories, at either end, decide most; data is hit too.
        place = chance.choice(
            (chance.randrange(len(data)), chance.randrange(min(len(data), 300)), -chance.randrange(1, 300))
        )
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                data[place] ^= 1 << chance.randrange(8)
            case 2:
                del data[place : place + chance.randrange(1, 40)]
            case _:
                data[place:place] = data[place : place + chance.randrange(1, 40)]
    return bytes(data)


@pytest.mark.parametrize("kind", FILES)
def test_mutations(tmp_path: Path, kind: str) -> None:
    whole = FILES[kind]()
    read = refused = 0
    for seed in range(ROUNDS):
        path = write(tmp_path, "mutated", mutated(whole, random.Random(f"{kind} {seed}")))
        try:
            info = decode.open_document(path, LIMITS)
            for number in range(1, min(info.page_count, 3) + 1):
                decode.decode_page(info, number, LIMITS)
            read += 1
        except DigitizeError:
            refused += 1
    assert read + refused == ROUNDS
