"""Pages drawn for these tests: known words at known ink boxes, as images of every kind a scanner sends."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont, TiffImagePlugin

from workers.page import Box, Encoding, Line, PageOutcome, Pixels, Placement, SourceImage, Word
from workers.pdf.metadata import PdfMetadata
from workers.pdf.searchable import PdfReport, build_pdf

ROWS = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 383/KH-UBND",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015;",
    "Xét đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 794/TTr-SNV,",
    "xem con sao mau sang cao, gọn gàng đẹp đẽ quý giá",
    "QUYẾT ĐỊNH phê duyệt Kế hoạch số hóa hồ sơ, kết quả giải quyết",
)
WHEN = datetime(2025, 3, 14, 8, 30, tzinfo=UTC)
METADATA = PdfMetadata(title="Quyết định 383/KH-UBND", created=WHEN)


@dataclass(frozen=True)
class Drawn:
    """``pixels``: RGB, the straight page. ``lines``: words with the boxes of their ink, end exclusive."""

    pixels: Pixels
    lines: tuple[Line, ...]
    dpi: float

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def words(self) -> list[Word]:
        return [word for line in self.lines for word in line.words]


def font(size: int) -> Any:
    return ImageFont.truetype("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf", size)


@cache
def draw(
    rows: tuple[str, ...] = ROWS, *, dpi: int = 150, size_pt: float = 13, width_mm: int = 210, height_mm: int = 297
) -> Drawn:
    """Rows of words, 13-point type (NĐ 30/2020) on A4 unless told otherwise."""
    width, height = round(width_mm / 25.4 * dpi), round(height_mm / 25.4 * dpi)
    face = font(round(size_pt * dpi / 72))
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    lines = []
    for number, row in enumerate(rows):
        x, y, words = 0.1 * width, (0.08 + 0.035 * number) * height, []
        for word in row.split():
            pen.text((x, y), word, font=face, fill="black")
            words.append(Word(word, _ink(word, face, x, y, image.size), 0.95))
            x += face.getlength(word + " ")
        lines.append(Line(tuple(words)))
    return Drawn(np.asarray(image), tuple(lines), dpi)


def _ink(word: str, face: Any, x: float, y: float, size: tuple[int, int]) -> Box:
    alone = Image.new("L", size, 0)
    ImageDraw.Draw(alone).text((x, y), word, font=face, fill=255)
    found = alone.point(lambda v: 255 if v > 100 else 0).getbbox()
    assert found is not None
    return found


def save(pixels: Pixels | Image.Image, kind: str, **options: Any) -> bytes:
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def group4(pixels: Pixels) -> bytes:
    """A 1-bit TIFF with one G4 strip."""
    image = Image.fromarray(pixels).convert("L").point(lambda v: 255 if v > 140 else 0).convert("1")
    previous, TiffImagePlugin.STRIP_SIZE = TiffImagePlugin.STRIP_SIZE, 1 << 30
    try:
        return save(image, "TIFF", compression="group4")
    finally:
        TiffImagePlugin.STRIP_SIZE = previous


def tilted(page: Drawn, degrees: float) -> tuple[Pixels, Placement]:
    """The page as it looks lying ``degrees`` counter-clockwise in the scanner, and the placement that straightens it.

    Cardinal turns are exact; others grow the image so that no ink is lost.
    """
    height, width = page.pixels.shape[:2]
    radians = np.deg2rad(degrees)
    cos, sin = np.cos(radians), np.sin(radians)
    big_w, big_h = round(abs(width * cos) + abs(height * sin)), round(abs(width * sin) + abs(height * cos))
    to_image = np.array(
        [
            [cos, sin, (big_w - 1) / 2 - cos * (width - 1) / 2 - sin * (height - 1) / 2],
            [-sin, cos, (big_h - 1) / 2 + sin * (width - 1) / 2 - cos * (height - 1) / 2],
        ]
    )
    image = cv2.warpAffine(page.pixels, to_image, (big_w, big_h), flags=cv2.INTER_AREA, borderValue=(255, 255, 255))
    a, b, c, d, e, f = (float(v) for v in cv2.invertAffineTransform(to_image).ravel())
    return image.astype(np.uint8, copy=False), Placement((a, b, c, d, e, f), width, height)


def outcome(page: Drawn, source: SourceImage | None, placement: Placement | None = None, **more: Any) -> PageOutcome:
    height, width = page.pixels.shape[:2]
    values: dict[str, Any] = {
        "number": 1, "width": width, "height": height, "dpi": page.dpi, "lines": page.lines, "source": source,
        "placement": placement or Placement.identity(width, height), **more,
    }  # fmt: skip
    return PageOutcome(**values)


def jpeg_source(pixels: Pixels | Image.Image, **options: Any) -> SourceImage:
    data = save(pixels, "JPEG", quality=90, **options)
    with Image.open(io.BytesIO(data)) as image:
        return SourceImage(Encoding.JPEG, image.width, image.height, data)


def write(
    path: Path, *outcomes: PageOutcome, source_pdf: Path | None = None, metadata: PdfMetadata = METADATA
) -> PdfReport:
    return build_pdf(outcomes, path, source_pdf=source_pdf, metadata=metadata)
