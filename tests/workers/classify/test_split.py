"""R20: a stack is cut into its papers; what belongs together stays together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.catalog import default_catalog
from tests.workers.classify.pages import act, line, page
from training.kinds.stacks import stack
from workers.classify.separators import Separator
from workers.classify.split import Run, split
from workers.page import Barcode, BarcodeKind, Failure, Line, LineRole, PageOutcome

CATALOG = default_catalog()
BLANK = PageOutcome(1, 1654, 2339, 200.0, blank=True)


def cut(*pages: PageOutcome, barcodes: dict[int, Sequence[str]] | None = None) -> list[tuple[int, ...]]:
    return [run.pages for run in runs(*pages, barcodes=barcodes)]


def runs(*pages: PageOutcome, barcodes: dict[int, Sequence[str]] | None = None) -> list[Run]:
    """``barcodes``: texts of large QR codes that lie on pages, by place."""
    laid = [
        replace(page, barcodes=tuple(_code(text, page) for text in (barcodes or {}).get(place, ())))
        for place, page in enumerate(pages)
    ]
    return split(laid, CATALOG)


def _code(text: str, page: PageOutcome) -> Barcode:
    return Barcode(BarcodeKind.QR, text, (0, 0, page.width // 3, page.width // 3))


def later(number: int | None, *texts: str) -> PageOutcome:
    """A page that goes on."""
    lines = [line(30, 30 + 7 * place, text) for place, text in enumerate(texts or ("dân tỉnh và các cơ quan có liên quan chịu trách nhiệm thi hành quyết định này",))]  # fmt: skip
    if number is not None:
        lines.insert(0, replace(line(108, 10, str(number)), role=LineRole.PAGE_NUMBER))
    return page(lines)


def annex(cited: str = "Quyết định số 15/QĐ-UBND ngày 05 tháng 01 năm 2025") -> PageOutcome:
    return page(
        [
            line(105, 20, "PHỤ LỤC", centre=True),
            line(105, 26, "DANH MỤC THỦ TỤC HÀNH CHÍNH", centre=True),
            line(105, 32, f"(Kèm theo {cited})", centre=True),
            line(30, 45, "1. Đăng ký khai sinh"),
        ]
    )


def form(*, filled: bool = True) -> PageOutcome:
    end = "Lê Khắc Vĩnh Trụ" if filled else "…………………………"
    return page(
        [
            line(150, 12, "Mẫu số 02"),
            line(105, 36, "TỜ KHAI", centre=True),
            *(line(30, 55 + 7 * row, f"{label}: {end}") for row, label in enumerate(("Kính gửi", "Họ và tên", "Nơi cư trú", "Số CCCD", "Đề nghị"))),
        ]
    )  # fmt: skip


def test_r20_two_acts_with_their_later_pages() -> None:
    other = act(title=("THÔNG BÁO",), number="Số: 9/TB-UBND")

    assert cut(act(), later(2), later(3), other, later(2)) == [(0, 1, 2), (3, 4)]


def test_r20_every_page_is_in_one_paper() -> None:
    found = cut(BLANK, act(), BLANK, later(2), replace(BLANK, failure=Failure("TIMEOUT", "")), act(), BLANK)

    assert [place for run in found for place in run] == list(range(7))


def test_r20_a_blank_back_belongs_to_the_paper_before() -> None:
    assert cut(act(), BLANK, act(title=("BÁO CÁO",), number="Số: 2/BC-UBND"), BLANK) == [(0, 1), (2, 3)]
    assert cut(BLANK, act()) == [(0, 1)]
    assert cut(BLANK, BLANK) == [(0, 1)]
    assert cut() == []


def test_r20_separator_sheets_begin_papers_and_belong_to_none() -> None:
    found = runs(
        BLANK, BLANK, later(None), BLANK, later(2),
        barcodes={0: [Separator("to_khai", "H56/3").payload], 3: ["https://example.vn", Separator().payload]},
    )  # fmt: skip

    assert [run.pages for run in found] == [(2,), (4,)]
    assert [run.sheets for run in found] == [(0, 1), (3,)]
    assert found[0].separator == Separator("to_khai", "H56/3")


def test_r20_a_paper_that_bears_the_code_is_a_paper() -> None:
    bearer = later(None, *(["một dòng chữ dài của một văn bản có dán mã của tờ phân cách"] * 20))

    assert cut(act(), bearer, barcodes={1: [Separator().payload]}) == [(0, 1)]


def test_r20_an_annex_stays_with_its_act() -> None:
    assert cut(act(), later(2), annex(), later(2)) == [(0, 1, 2, 3)]
    assert cut(act(number="Số: /QĐ-UBND"), annex()) == [(0, 1)]


def test_r20_an_annex_of_another_act_is_a_paper_of_its_own() -> None:
    assert cut(act(), annex("Quyết định số 99/QĐ-UBND ngày 01 tháng 3 năm 2025")) == [(0,), (1,)]
    assert cut(act(), annex("Kế hoạch số 15/KH-UBND ngày 05 tháng 01 năm 2025")) == [(0,), (1,)]
    assert cut(act(), annex("Quyết định số /QĐ-UBND của Chủ tịch Ủy ban nhân dân tỉnh Ninh Bình")) == [(0,), (1,)]


def test_r20_a_separator_parts_an_annex_from_its_act() -> None:
    assert cut(act(), BLANK, annex(), barcodes={1: [Separator().payload]}) == [(0,), (2,)]


def test_r20_an_attestation_belongs_to_its_deed() -> None:
    deed = act(title=("HỢP ĐỒNG",), number="Số: 12/HĐ-CN")
    attestation = page([line(105, 20, "LỜI CHỨNG CỦA CÔNG CHỨNG VIÊN", centre=True), line(30, 35, "Hôm nay, ngày 05 tháng 01 năm 2025, tại Văn phòng công chứng")])  # fmt: skip

    assert cut(deed, attestation) == [(0, 1)]


def test_r20_blank_forms_stay_in_an_annex_of_forms() -> None:
    forms = annex()
    titled = replace(forms, lines=(*forms.lines, line(105, 60, "CÁC BIỂU MẪU", centre=True)))

    assert cut(titled, form(filled=False)) == [(0, 1)]


def test_r20_the_words_of_a_decision_open_no_second_one() -> None:
    """QUYẾT ĐỊNH: over Điều 1 at the top of the second page."""
    second = later(2, "")
    second = replace(second, lines=(*second.lines, line(105, 20, "QUYẾT ĐỊNH:", centre=True), line(30, 30, "Điều 1. Công bố kèm theo Quyết định này Danh mục thủ tục hành chính")))  # fmt: skip

    assert cut(act(), second) == [(0, 1)]


def card(*lines: Line) -> PageOutcome:
    return page(lines)


def test_r20_both_sides_of_an_identity_card_are_one_paper() -> None:
    front = card(
        line(105, 20, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", centre=True, size=9),
        line(105, 30, "CĂN CƯỚC CÔNG DÂN", centre=True),
        line(60, 40, "Số / No.: 001099012345", size=9),
        line(60, 46, "Họ và tên / Full name: LÊ KHẮC TRỤ", size=9),
    )
    back = card(
        line(60, 20, "Đặc điểm nhận dạng / Personal identification:", size=9),
        line(60, 60, "IDVNM0990123456001099012345<<8", size=9),
        line(60, 66, "9901015M3901014VNM<<<<<<<<<<<4", size=9),
    )

    assert cut(front, back, act()) == [(0, 1), (2,)]
    assert cut(act(), front, back, front) == [(0,), (1, 2), (3,)]


def test_r20_borders_of_a_mixed_stack() -> None:
    """A seed of its own, read with slips."""
    made = stack(90001, 24, 0.01)

    found = {run.pages[0] for run in split(made.pages, CATALOG)}
    wanted = set(made.starts)

    hit = len(found & wanted)
    assert 2 * hit / (len(found) + len(wanted)) >= 0.9
