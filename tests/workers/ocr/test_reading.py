"""Lines, order, tables, words: what is done around the engine."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.workers.drawn import BODY, LEFT_HEAD, RECEIVERS, RIGHT_HEAD, SIGNER, Sheet, act, act_text, error_rate
from workers.ocr.engine import OcrEngine
from workers.ocr.factory import make_engine
from workers.ocr.grade import grade
from workers.ocr.layout import analyse
from workers.ocr.lines import cut_lines
from workers.ocr.normal import is_noise, normal, normal_words, settle_lone_case
from workers.ocr.quality import Verdict, coverage, judge, ours_is_better
from workers.page import Line, Word
from workers.steps.clean import for_reading


@pytest.fixture(scope="module")
def engine() -> Iterator[OcrEngine]:
    made = make_engine("tesserocr")
    yield made
    made.close()


def line(*texts: str, sure: float = 0.9) -> Line:
    return Line(tuple(Word(text, (i * 50, 10, i * 50 + 40, 30), sure) for i, text in enumerate(texts)))


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_one_cut_line_for_each_printed_line(dpi: int) -> None:
    cut = cut_lines(act(dpi).grey, dpi)
    assert len(cut) == sum(map(len, (LEFT_HEAD, RIGHT_HEAD, BODY, RECEIVERS, SIGNER)))


def test_tight_lines_keep_their_marks(engine: OcrEngine) -> None:
    sheet = Sheet(200)
    rows = (
        "DANH MỤC, NỘI DUNG, QUY TRÌNH NỘI BỘ, LIÊN THÔNG",
        "THUỘC PHẠM VI CHỨC NĂNG QUẢN LÝ NHÀ NƯỚC",
        "CẤP TỈNH VÀ CẤP HUYỆN",
    )
    sheet.write(25, 40, rows, style="Bold", leading=1.05)
    assert error_rate("\n".join(rows), "\n".join(found.text for found in engine.read(sheet.grey, 200))) < 0.02


def test_the_seal_costs_nothing(engine: OcrEngine) -> None:
    read = "\n".join(found.text for found in engine.read(for_reading(act(seal=True).pixels), 200))
    assert error_rate(act_text(), read) < 0.03


def test_a_ruled_table_is_read_cell_by_cell(engine: OcrEngine) -> None:
    sheet = Sheet(200, landscape=True)
    sheet.write(100, 20, ["Phụ lục I. DANH MỤC THỦ TỤC"], style="Bold")
    xs, ys = (20, 35, 60, 150, 170, 190), (40, 55, 80, 105)
    sheet.grid(xs, ys)
    cells = [
        [["STT"], ["Mã số"], ["Tên thủ tục hành chính"], ["Phí"], ["Ghi chú"]],
        [["1"], ["1.013239"], ["Thẩm định Báo cáo nghiên cứu khả thi", "đầu tư xây dựng điều chỉnh"], ["x"], []],
        [["2"], ["1.013234"], ["Cấp giấy phép xây dựng mới đối với", "công trình cấp đặc biệt"], [], ["x"]],
    ]
    for y, row in zip(ys, cells, strict=False):
        for x, texts in zip(xs, row, strict=False):
            sheet.write(x + 2, y + 3, texts, points=12)
    read = [found.text for found in engine.read(sheet.grey, 200)]
    wanted = ["Phụ lục I. DANH MỤC THỦ TỤC", *(text for row in cells for texts in row for text in texts)]
    assert read == wanted


def test_a_form_is_read_across() -> None:
    sheet = Sheet(200)
    rows = [
        ("Họ và tên: Trần Thị Bình", "Giới tính: Nữ"),
        ("Ngày sinh: 02/03/1990", "Dân tộc: Kinh"),
        ("Quốc tịch: Việt Nam", "Tôn giáo: Không"),
    ]
    y = 150.0
    for left, right in rows:
        sheet.write(30, y, [left])
        sheet.write(120, y, [right])
        y += 8
    assert len(analyse(sheet.grey, 200).regions) == 1


def test_normal_form_invents_nothing() -> None:
    assert normal("794/QĐÐ-UBND") == "794/QĐ-UBND"
    assert normal("23⁄4/2018") == "23/4/2018"
    assert normal("hoà") == normal("hòa")
    assert normal("qúa Xyz123 ﬁ") == normal("qúa") + " Xyz123 fi"
    two = normal_words(Word(" a b ", (0, 0, 30, 10), 0.5))
    assert [w.text for w in two] == ["a", "b"]
    assert two[0].box[2] <= two[1].box[0]
    assert normal_words(Word("  ", (0, 0, 9, 9), 1)) == ()


def test_lone_letters_take_their_case_from_their_height() -> None:
    assert settle_lone_case(line("X"), 20, 20).text == "x"
    assert settle_lone_case(line("X"), 32, 20).text == "X"
    assert settle_lone_case(line("X", "a"), 20, 20).text == "X a"
    assert settle_lone_case(line("B"), 20, 20).text == "B"


def test_remains_of_a_signature_are_no_text() -> None:
    assert is_noise(line("`", "*"))
    assert is_noise(line("Mh", sure=0.2))
    assert not is_noise(line("3", sure=0.8))
    assert not is_noise(line("Trần", "Phước", "Hiền", sure=0.5))


def test_grade_is_mean_and_fifth_percentile() -> None:
    assert grade([]) is None
    lines = [line(*"abcdefghij", sure=1.0), line(*"abcdefghi", sure=1.0), line("z", sure=0.0)]
    found = grade(lines)
    assert found is not None
    assert found.mean == pytest.approx(0.95)
    assert found.low == pytest.approx(0.95)


def test_a_text_layer_is_kept_when_good_and_doubted_when_not(engine: OcrEngine) -> None:
    sheet = act()
    good = engine.read(sheet.grey, 200)
    rubbish = tuple(
        Line(tuple(Word("Qvyét" if len(w.text) > 3 else "d¡nh", w.box, 1.0) for w in row.words)) for row in good
    )
    assert judge(good, sheet.pixels, 200, hidden=False) is Verdict.KEEP
    assert judge(good, sheet.pixels, 200, hidden=True) is Verdict.KEEP
    assert judge(rubbish, sheet.pixels, 200, hidden=False) is Verdict.DOUBT
    assert judge(rubbish, sheet.pixels, 200, hidden=True) is Verdict.REPLACE
    assert judge(good[:3], sheet.pixels, 200, hidden=False) is Verdict.REPLACE
    assert ours_is_better(good, rubbish)
    assert not ours_is_better(rubbish, rubbish)
    assert coverage((), np.full((500, 400), 255, np.uint8), 100) == 1.0
