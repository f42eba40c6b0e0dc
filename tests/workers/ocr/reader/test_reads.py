"""The committed weights read print: every letter in every style, numbers, and what is not Vietnamese in a Vietnamese line."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

from tests.workers.drawn import FONTS
from workers.ocr.reader.engine import ReaderEngine
from workers.page import Pixels

DPI, STEP, LEFT = 190, 70, 90
SANS = "/usr/share/fonts/truetype/croscore/Arimo-{}.ttf"
STYLES = ("Regular", "Bold", "Italic", "BoldItalic")
LETTERS = (
    "bà cả bã cá bạ cằn rẳng đẵn sắc mặc lần mẩm vẫn bấc mật",
    "bè kẻ vẽ bé kẹ bề kể lễ bế kệ đì mỉ nĩ bí kị",
    "bò bỏ bõ bó bọ bồ bổ bỗ bố bộ bờ bở bỡ bới bợ đơn",
    "bù bủ bũ bú bụ bừ bử bữ bứ bự ưng bỳ bỷ bỹ bý bỵ",
    "phòng khách vườn quyền giữa nghĩa trưởng xuất hoạt",
)
MIXED = (
    "Số: 383/KH-UBND ngày 15/8/2023 và 1.013239.000.00.00.H56",
    "Điểm a khoản 2 Điều 17, Mục III, Chương XIV, Phần II",
    "Email: ttcbth@quangngai.gov.vn, website https://dichvucong.gov.vn",
    "Hệ thống iGate, VNeID và Smart Card của Company Limited",
    "1.250.000 đồng (bằng 96,7% kế hoạch), 20 m², 0912345678",
)


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderEngine]:
    engine = ReaderEngine()
    yield engine
    engine.close()


def page(lines: tuple[str, ...], face: str, points: float = 13.0) -> Pixels:
    image = Image.new("L", (1570, 200 + STEP * len(lines)), 255)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(face, round(points / 72 * DPI))
    for number, text in enumerate(lines):
        pen.text((LEFT, 100 + STEP * number), text, font=font, fill=0, anchor="ls")
    return np.asarray(image)


def said(reader: ReaderEngine, grey: Pixels) -> str:
    return " ".join(line.text for line in reader.read(grey, DPI))


def errors(reader: ReaderEngine, lines: tuple[str, ...], grey: Pixels) -> float:
    """Of a hundred characters."""
    truth = " ".join(lines)
    return 100.0 * Levenshtein.distance(said(reader, grey), truth) / len(truth)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("font", [FONTS, SANS], ids=["Tinos", "Arimo"])
@pytest.mark.parametrize("capitals", [False, True], ids=["small", "capitals"])
def test_every_letter_in_every_style(reader: ReaderEngine, font: str, style: str, *, capitals: bool) -> None:
    lines = tuple(text.upper() for text in LETTERS) if capitals else LETTERS
    assert errors(reader, lines, page(lines, font.format(style))) <= 3.0


@pytest.mark.parametrize("text", MIXED)
def test_numbers_addresses_and_english_words(reader: ReaderEngine, text: str) -> None:
    assert errors(reader, (text,), page((text,), FONTS.format("Regular"))) <= 2.0


def test_a_worn_page(reader: ReaderEngine) -> None:
    clean = page(MIXED, FONTS.format("Regular"))
    soft = cv2.GaussianBlur(clean, (0, 0), 0.9).astype(np.float32)
    grain = np.random.default_rng(4).normal(0, 12, clean.shape)
    worn = np.clip(40 + soft * 0.8 + grain, 0, 255).astype(np.uint8)
    assert errors(reader, MIXED, worn) <= 4.0


def test_sureness_falls_with_wear(reader: ReaderEngine) -> None:
    clean = page(MIXED, FONTS.format("Regular"))
    ruined = cv2.GaussianBlur(clean, (0, 0), 4.0)

    def mean(grey: Pixels) -> float:
        return float(
            np.mean([word.confidence for line in reader.read(np.asarray(grey, np.uint8), DPI) for word in line.words])
        )

    assert mean(clean) > 0.9
    assert mean(np.asarray(ruined, np.uint8)) < mean(clean) - 0.1


def test_words_stand_where_their_ink_is(reader: ReaderEngine) -> None:
    grey = page(("Căn cứ Luật",), FONTS.format("Regular"))
    (line,) = reader.read(grey, DPI)
    assert line.text == "Căn cứ Luật"
    for word in line.words:
        x0, y0, x1, y1 = word.box
        assert grey[y0:y1, x0:x1].min() < 60
        assert grey[y0:y1, max(0, x0 - 3) : x0 - 1].min() > 200
        assert grey[y0:y1, x1 + 1 : x1 + 3].min() > 200
