"""Pages drawn for the reader's tests: Vietnamese text in Tinos, with the parts of an administrative act."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

from workers.page import Pixels

FONTS = "/usr/share/fonts/truetype/croscore/Tinos-{}.ttf"
BODY = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm",
    "2015; Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ;",
    "Xét đề nghị của Giám đốc Sở Nội vụ về việc số hóa hồ sơ, giấy tờ và",
    "kết quả giải quyết thủ tục hành chính tại Bộ phận Một cửa các cấp,",
    "các cơ quan, đơn vị, tổ chức và cá nhân có liên quan chịu trách nhiệm",
    "thi hành Quyết định này kể từ ngày ký ban hành văn bản.",
)
LEFT_HEAD = ("ỦY BAN NHÂN DÂN", "TỈNH TIỀN GIANG", "Số: 383/KH-UBND")
RIGHT_HEAD = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Tiền Giang, ngày 15 tháng 8 năm 2023",
)
RECEIVERS = (
    "Nơi nhận:",
    "- Như Điều 4;",
    "- Văn phòng Chính phủ;",
    "- Các sở, ban, ngành tỉnh;",
    "- Cổng thông tin điện tử;",
)
SIGNER = ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Văn An")


class Sheet:
    """A4 at ``dpi``; places in millimetres."""

    def __init__(self, dpi: int = 200, *, landscape: bool = False) -> None:
        self.dpi = dpi
        size = (297, 210) if landscape else (210, 297)
        self._image = Image.new("RGB", (self.px(size[0]), self.px(size[1])), "white")
        self._draw = ImageDraw.Draw(self._image)

    def px(self, mm: float) -> int:
        return round(mm / 25.4 * self.dpi)

    def write(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        *,
        points: float = 13,
        style: str = "Regular",
        leading: float = 1.25,
        ink: tuple[int, int, int] = (20, 20, 20),
    ) -> float:
        """Lines from (x, y) mm down; returns the y below them."""
        size = points * self.dpi / 72
        font = ImageFont.truetype(FONTS.format(style), round(size))
        for line in lines:
            self._draw.text((self.px(x), self.px(y)), line, fill=ink, font=font)
            y += leading * points * 25.4 / 72
        return y

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        for x in xs:
            self._draw.line((self.px(x), self.px(ys[0]), self.px(x), self.px(ys[-1])), fill=(0, 0, 0), width=2)
        for y in ys:
            self._draw.line((self.px(xs[0]), self.px(y), self.px(xs[-1]), self.px(y)), fill=(0, 0, 0), width=2)

    def seal(self, x: float, y: float, radius: float = 17) -> None:
        box = (self.px(x - radius), self.px(y - radius), self.px(x + radius), self.px(y + radius))
        self._draw.ellipse(box, outline=(215, 40, 50), width=self.px(1.2))
        self._draw.ellipse(
            [side + self.px(5) * sign for side, sign in zip(box, (1, 1, -1, -1), strict=True)],
            outline=(215, 40, 50),
            width=self.px(0.6),
        )
        self._draw.line((box[0], self.px(y + 6), box[2], self.px(y - 8)), fill=(30, 40, 190), width=self.px(0.7))

    @property
    def pixels(self) -> Pixels:
        return np.asarray(self._image, np.uint8).copy()

    @property
    def grey(self) -> Pixels:
        return np.asarray(self._image.convert("L"), np.uint8).copy()


def act(dpi: int = 200, *, seal: bool = False) -> Sheet:
    """Head in two columns, body, receivers beside the signature."""
    sheet = Sheet(dpi)
    sheet.write(25, 20, LEFT_HEAD, points=12, style="Bold")
    sheet.write(95, 20, RIGHT_HEAD, points=12, style="Bold")
    y = sheet.write(30, 50, BODY)
    if seal:
        sheet.seal(140, y + 24)
    sheet.write(30, y + 8, RECEIVERS, points=11)
    sheet.write(120, y + 8, SIGNER[:2], points=13, style="Bold")
    sheet.write(125, y + 42, SIGNER[2:], points=13, style="Bold")
    return sheet


def act_text() -> str:
    return "\n".join((*LEFT_HEAD, *RIGHT_HEAD, *BODY, *RECEIVERS, *SIGNER))


def leaning(pixels: Pixels, degrees: float) -> Pixels:
    """Turned so that ``degrees`` counter-clockwise straighten it, on a sheet of the same size."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), borderValue=(255, 255, 255)), np.uint8)


def error_rate(truth: str, read: str) -> float:
    """Edit distance against the truth's characters; NFC, whitespace folded."""
    wanted, got = (" ".join(unicodedata.normalize("NFC", text).split()) for text in (truth, read))
    return float(Levenshtein.distance(wanted, got)) / max(1, len(wanted))
