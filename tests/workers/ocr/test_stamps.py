"""Words of coloured stamps are found, set level, freed of their frame and read; pens, seals and black print are none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.workers.drawn import FONTS, Sheet
from workers.classify.secrecy import Secrecy, secrecy_mark
from workers.ocr.factory import make_engine
from workers.ocr.slots.witness import LineReader
from workers.ocr.stamps import find_stamps, read_stamps, stamp_reader, with_stamps
from workers.page import Line, LineRole, PageOutcome, Pixels, Word
from workers.settings import WorkerSettings

DPI = 190
RED, VIOLET, BLACK = (205, 40, 55), (105, 50, 160), (25, 25, 25)


@pytest.fixture(scope="module")
def reader() -> LineReader:
    settings = WorkerSettings()
    made = stamp_reader(make_engine(settings.engine, settings.languages))
    assert made is not None
    return made


def stamped(
    *words: str,
    ink: tuple[int, int, int] = RED,
    turned: float = 0.0,
    frame: bool = True,
    at: tuple[float, float] = (30, 60),
) -> Pixels:
    """A page of print with a stamp of 5 mm letters whose top left corner is at ``at`` mm."""
    sheet = Sheet(DPI)
    sheet.write(30, 20, ["ỦY BAN NHÂN DÂN", "XÃ RUỘNG VÀNG", "Số: 12/UBND-VP"])
    sheet.write(30, 90, ["Thực hiện chỉ đạo của Ủy ban nhân dân tỉnh về việc số hóa hồ sơ"])
    size = sheet.px(5)
    font = ImageFont.truetype(FONTS.format("Bold"), size)
    width = round(max(font.getlength(line) for line in words) + 0.9 * size)
    stamp = Image.new("L", (width, round(size * (0.45 + 1.2 * len(words)))), 0)
    draw = ImageDraw.Draw(stamp)
    if frame:
        draw.rectangle((1, 1, stamp.width - 2, stamp.height - 2), outline=255, width=3)
    for place, line in enumerate(words):
        draw.text((stamp.width / 2, size * (0.8 + 1.2 * place)), line, fill=255, font=font, anchor="mm")
    cover = np.asarray(stamp.rotate(turned, Image.Resampling.BICUBIC, expand=True), np.float64)[..., None] / 255
    page = sheet.pixels.copy()
    x, y = sheet.px(at[0]), sheet.px(at[1])
    here = np.s_[y : y + cover.shape[0], x : x + cover.shape[1]]
    page[here] = (page[here] * (1 - cover) + np.array(ink) * cover).astype(np.uint8)
    return page


def read(page: Pixels, reader: LineReader) -> list[str]:
    return [line.text for line in read_stamps(page, DPI, (1.0, 1.0), reader)]


@pytest.mark.parametrize("words", ["MẬT", "TỐI MẬT", "TUYỆT MẬT", "HỎA TỐC", "SAO Y"])
@pytest.mark.parametrize("turned", [-4.0, 0.0, 3.0])
def test_a_framed_stamp_is_read(reader: LineReader, words: str, turned: float) -> None:
    assert read(stamped(words, turned=turned), reader) == [words]


def test_bare_ones_other_colours_and_two_lines(reader: LineReader) -> None:
    assert read(stamped("TỐI MẬT", frame=False), reader) == ["TỐI MẬT"]
    assert read(stamped("MẬT", ink=VIOLET), reader) == ["MẬT"]
    assert read(stamped("BẢN SAO", "KHẨN", turned=2), reader) == ["BẢN SAO", "KHẨN"]


def test_words_stand_where_they_are_in_page_space(reader: LineReader) -> None:
    (line,) = read_stamps(stamped("MẬT", turned=3), DPI, (2.0, 2.0), reader)
    px = 2 * DPI / 25.4
    assert line.role is LineRole.STAMP
    assert line.box[0] >= 30 * px - 3
    assert line.box[2] <= 52 * px
    assert line.box[1] >= 60 * px - 3
    assert line.box[3] <= 72 * px


def test_black_print_grey_pages_and_the_lower_half_hold_none(reader: LineReader) -> None:
    assert find_stamps(stamped("MẬT", ink=BLACK), DPI) == ()
    assert find_stamps(np.asarray(cv2.cvtColor(stamped("MẬT"), cv2.COLOR_RGB2GRAY), np.uint8), DPI) == ()
    assert read(stamped("MẬT", at=(30, 200)), reader) == []
    assert find_stamps(np.full((1, 1, 3), 255, np.uint8), DPI) == ()


def test_a_seal_and_a_pen_are_none(reader: LineReader) -> None:
    page = stamped("X", ink=(255, 255, 255), frame=False)
    cv2.circle(page, (900, 600), 140, RED, 5)
    cv2.circle(page, (900, 600), 95, RED, 3)
    wave = np.linspace(0, 6 * np.pi, 90)
    curve = np.stack([300 + 12 * wave, 620 + 30 * np.sin(wave)], 1).astype(np.int32)
    cv2.polylines(page, [curve], isClosed=False, color=(30, 50, 160), thickness=4)
    assert read(page, reader) == []


def line(text: str, box: tuple[int, int, int, int], confidence: float = 0.9, role: LineRole | None = None) -> Line:
    return Line((Word(text, box, confidence),), role=role)


def test_a_stamp_has_its_place_in_the_reading_order() -> None:
    number, body, right = (
        line("Số:", (100, 100, 300, 130)),
        line("Kính", (100, 300, 300, 330)),
        line("Hà", (800, 90, 900, 130)),
    )
    stamp = line("MẬT", (120, 180, 260, 230), role=LineRole.STAMP)
    assert with_stamps((number, right, body), (stamp,)) == (number, stamp, right, body)
    assert with_stamps((body,), (stamp,)) == (stamp, body)
    assert with_stamps((), (stamp,)) == (stamp,)


def test_of_two_readings_of_one_stamp_the_better_stays() -> None:
    stamp = line("MẬT", (120, 180, 260, 230), role=LineRole.STAMP)
    worse, better = line("MẬ", (125, 182, 255, 228), 0.4), line("MẬT", (125, 182, 255, 228), 0.99)
    assert with_stamps((worse,), (stamp,)) == (stamp,)
    assert with_stamps((better,), (stamp,)) == (better,)


@pytest.mark.parametrize(
    ("text", "level", "doubtful"),
    [
        ("MẬT", Secrecy.SECRET, False),
        ("MẠT", Secrecy.SECRET, False),
        ("MẬI", Secrecy.SECRET, True),
        ("TỔI MẬI", Secrecy.TOP_SECRET, True),
        ("TUYỆ MẬT", Secrecy.UTMOST_SECRET, True),
    ],
)
def test_r02_a_doubtful_stamp_blocks_and_says_so(text: str, level: Secrecy, doubtful: bool) -> None:
    mark = secrecy_mark(PageOutcome(1, 1000, 1400, lines=(line(text, (100, 300, 200, 330), 0.4, LineRole.STAMP),)))
    assert mark is not None
    assert (mark.level, mark.doubtful) == (level, doubtful)
    assert (text in mark.named) == (doubtful or text == "MẬT")


@pytest.mark.parametrize(
    "text", ["KHẨN", "HỎA TỐC", "THƯỢNG KHẨN", "SAO Y", "BẢN SAO", "ĐẾN", "CÔNG VĂN ĐẾN", "GCA", "Ký bởi", "BẢO MẬT"]
)
def test_r02_other_stamps_are_no_marks_of_secrecy(text: str) -> None:
    page = PageOutcome(1, 1000, 1400, lines=(line(text, (100, 300, 200, 330), 0.9, LineRole.STAMP),))
    assert secrecy_mark(page) is None
