"""Two sides become one document in reading order, without touching a picture."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from models.batches.entities import Duplex
from models.errors import DigitizeError
from workers.feeding import collate as collating
from workers.feeding.collate import Part, collate
from workers.limits import Limits

LIMITS = Limits()
PDF, JPEG, TIFF, WEBP = "application/pdf", "image/jpeg", "image/tiff", "image/webp"


@pytest.fixture(scope="module", autouse=True)
def _child() -> Iterator[None]:
    yield
    collating.stop()


def picture(shade: int) -> Image.Image:
    """Known again by its grey."""
    return Image.new("L", (40, 60), shade)


def file(folder: Path, name: str, shades: Sequence[int]) -> Path:
    path = folder / name
    first, *rest = [picture(shade) for shade in shades]
    options: dict[str, Any] = {"lossless": True} if path.suffix == ".webp" else {"quality": 100}
    if path.suffix in {".pdf", ".tif"}:
        options = {"save_all": True, "append_images": rest}
    first.save(path, **options)
    return path


def shades(pdf: bytes | bytearray) -> list[int]:
    """The grey of each page's picture."""
    found = []
    with pikepdf.open(io.BytesIO(bytes(pdf))) as document:
        for page in document.pages:
            (image,) = page.get_images().values()
            assert isinstance(image, pikepdf.Stream)
            value: Any = pikepdf.PdfImage(image).as_pil_image().convert("L").getpixel((20, 30))
            found.append(round(value / 10) * 10)
    return found


def refusal(parts: Sequence[Part], duplex: Duplex, limits: Limits = LIMITS) -> str:
    with pytest.raises(DigitizeError) as caught:
        collate(parts, duplex, limits)
    return caught.value.code


@pytest.mark.parametrize(
    ("duplex", "order"),
    [
        (Duplex.HALVES, [10, 20, 30, 40, 50, 60]),
        (Duplex.HALVES_BACK, [10, 20, 30, 40, 50, 60]),
        (Duplex.PAIRS, [10, 20, 30, 40, 50, 60]),
        (Duplex.PAIRS_BACK, [10, 20, 30, 40, 50, 60]),
    ],
)
def test_reading_order(tmp_path: Path, duplex: Duplex, order: list[int]) -> None:
    fronts, backs = [10, 30, 50], [20, 40, 60]
    if duplex in {Duplex.HALVES_BACK, Duplex.PAIRS_BACK}:
        backs.reverse()
    if duplex in {Duplex.HALVES, Duplex.HALVES_BACK}:
        parts = [Part(file(tmp_path, "all.tif", fronts + backs), TIFF, "")]
    else:
        parts = [
            Part(file(tmp_path, "f.pdf", fronts), PDF, "front"),
            Part(file(tmp_path, "b.tif", backs), TIFF, "back"),
        ]
    made = collate(parts, duplex, LIMITS)
    assert shades(made) == order
    assert collate(parts, duplex, LIMITS) == made, "the same bytes again"


def test_single_pictures_with_sides_and_without(tmp_path: Path) -> None:
    names = [("1.jpg", JPEG, 10), ("2.webp", WEBP, 20), ("3.tif", TIFF, 30), ("4.jpg", JPEG, 40)]
    paths = [(file(tmp_path, name, [shade]), kind) for name, kind, shade in names]
    assert shades(collate([Part(path, kind, "") for path, kind in paths], Duplex.NONE, LIMITS)) == [10, 20, 30, 40]
    sided = [
        Part(path, kind, side) for (path, kind), side in zip(paths, ("front", "front", "back", "back"), strict=True)
    ]
    assert shades(collate(sided, Duplex.PAIRS, LIMITS)) == [10, 30, 20, 40]
    assert shades(collate(sided, Duplex.PAIRS_BACK, LIMITS)) == [10, 40, 20, 30]


def test_a_jpegs_own_bytes_lie_in_the_pdf(tmp_path: Path) -> None:
    path = file(tmp_path, "1.jpg", [100])
    assert path.read_bytes() in bytes(
        collate([Part(path, JPEG, "front"), Part(path, JPEG, "back")], Duplex.PAIRS, LIMITS)
    )


def test_sides_that_do_not_fit(tmp_path: Path) -> None:
    three, two = file(tmp_path, "3.tif", [10, 20, 30]), file(tmp_path, "2.tif", [10, 20])
    assert refusal([Part(three, TIFF, "")], Duplex.HALVES) == "UNEVEN_SIDES"
    assert refusal([Part(three, TIFF, "front"), Part(two, TIFF, "back")], Duplex.PAIRS) == "UNEVEN_SIDES"
    assert refusal([Part(three, TIFF, "front"), Part(two, TIFF, "")], Duplex.PAIRS) == "UNEVEN_SIDES"


def test_bad_files_cost_the_child_at_most(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 broken")
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(file(tmp_path, "open.pdf", [10, 20])) as document:
        document.save(locked, encryption=pikepdf.Encryption(user="mật khẩu", owner="x"))
    assert refusal([Part(broken, PDF, "")], Duplex.HALVES) == "CORRUPT_FILE"
    assert refusal([Part(broken, JPEG, "")], Duplex.HALVES) == "CORRUPT_FILE"
    assert refusal([Part(locked, PDF, "")], Duplex.HALVES) == "ENCRYPTED_PDF"
    many = file(tmp_path, "many.tif", [10] * 12)
    assert refusal([Part(many, TIFF, "")], Duplex.HALVES, Limits(max_pages=10)) == "TOO_MANY_PAGES"
    assert len(shades(collate([Part(many, TIFF, "")], Duplex.HALVES, LIMITS))) == 12, "the child lives on"
