"""R11, R15-R17: number, date, issuer, summary and signer of acts; what is not there is not invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from random import Random

import pytest

from models.catalog import default_catalog
from models.fields import FIELD_NAMES
from tests.workers.classify.pages import act, line, page, with_slot
from workers.classify.extract import Evidence, Extraction, Field, extract
from workers.page import Holds, Mark, MarkKind, PageOutcome, Slot, SlotKind

CATALOG = default_catalog()


def read(
    pages: PageOutcome | list[PageOutcome], kind: str | None = "quyet_dinh", evidence: Evidence | None = None
) -> Extraction:
    paper = CATALOG.paper_type(kind) if kind else None
    return extract(pages if isinstance(pages, list) else [pages], paper, CATALOG, evidence)


def field(extraction: Extraction, name: str) -> Field:
    found = extraction.fields[name]
    assert found is not None
    return found


def test_r11_every_field_is_there_with_value_page_box_source_and_confidence() -> None:
    found = read(replace(act(), number=3))

    assert set(FIELD_NAMES) <= set(found.fields)
    number = field(found, "number")
    assert (number.value, number.page, number.source.value, number.doubt) == ("15/QĐ-UBND", 3, "ocr", None)
    assert number.box is not None
    assert 0.9 < number.confidence <= 1
    told = number.as_json()
    assert told["value"] == "15/QĐ-UBND"
    assert told["symbol"] == "/QĐ-UBND"
    assert field(found, "issuer").value == "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI"
    assert field(found, "issued_on").value == "2025-01-05"
    assert field(found, "issued_at").value == "Quảng Ngãi"
    assert field(found, "title").value == "QUYẾT ĐỊNH"
    assert field(found, "summary").value == "Về việc phê duyệt Kế hoạch ứng phó sự cố tràn dầu huyện Nghĩa Hành"
    assert found.fields["holder_name"] is None


def test_r11_nothing_is_made_up_of_an_empty_page() -> None:
    found = read(PageOutcome(1))

    assert found.flags == ("NO_TEXT",)
    assert all(one is None or one.value is None for one in found.fields.values())


def test_r15_the_head_of_a_plan_whose_cells_are_broken_over_lines() -> None:
    broken = page(
        [
            line(55, 20, "ỦY BAN NHÂN DÂN", centre=True),
            line(55, 25, "TỈNH TIỀN GIANG", centre=True),
            line(55, 30, "-------", centre=True),
            line(145, 20, "CỘNG HÒA XÃ HỘI", centre=True),
            line(145, 25, "CHỦ NGHĨA VIỆT NAM", centre=True),
            line(145, 30, "Độc lập - Tự do - Hạnh phúc", centre=True),
            line(55, 40, "| Số: 383/KH-UBND", centre=True),
            line(145, 40, "Tiền Giang, ngày 15 tháng 8 năm 2023", centre=True),
            line(105, 52, "KẾ HOẠCH", centre=True),
        ]
    )

    found = read(broken, "ke_hoach")

    assert field(found, "number").value == "383/KH-UBND"
    assert field(found, "issued_on").value == "2023-08-15"
    assert field(found, "issuer").value == "ỦY BAN NHÂN DÂN TỈNH TIỀN GIANG"


def test_r15_a_head_without_its_columns() -> None:
    bare = page(
        [
            line(30, 20, "Số: 52/KH-UBND"),
            line(110, 28, "Tơ Tung, ngày 14 tháng 3 năm 2023"),
            line(105, 40, "KẾ HOẠCH", centre=True),
            line(105, 46, "Triển khai thực hiện mô hình “Đội hỗ trợ sử dụng dịch vụ công”", centre=True),
        ]
    )

    found = read(bare, "ke_hoach")

    assert (field(found, "number").value, field(found, "issued_on").value) == ("52/KH-UBND", "2023-03-14")
    assert field(found, "issued_at").value == "Tơ Tung"
    assert field(found, "issuer").value is None


def test_r15_a_blank_number_and_day_stay_open_and_say_so() -> None:
    blank = page(
        [
            line(30, 20, "Số: /KH-UBND"),
            line(100, 28, "TP.Bắc Kạn, ngày tháng 8 năm 2022"),
            line(105, 40, "KẾ HOẠCH", centre=True),
            line(30, 60, "Thực hiện Kế hoạch số 439/KH-UBND ngày 12/7/2022 của Ủy ban nhân dân tỉnh về việc"),
        ]
    )

    found = read(blank, "ke_hoach")

    number, issued = field(found, "number"), field(found, "issued_on")
    assert (number.value, number.reason, number.more["symbol"]) == (None, "EMPTY", "/KH-UBND")
    assert (issued.value, issued.reason, issued.more["known"]) == (None, "EMPTY", "2022-08")


def minutes(day: str) -> PageOutcome:
    return act(
        number="Số: 74/BB-UBND",
        date="Quảng Ngãi, ngày tháng 9 năm 2025",
        title=("BIÊN BẢN",),
        body=(f"Hôm nay, vào hồi 10 giờ 00 phút, ngày {day} năm 2025, tại xã Bãi Sậy Tây.",),
    )


def test_minutes_whose_head_leaves_the_day_blank_say_it_in_their_first_line() -> None:
    told, another = read(minutes("08 tháng 09"), "bien_ban"), read(minutes("08 tháng 07"), "bien_ban")
    assert field(told, "issued_on").value == "2025-09-08"
    assert (field(another, "issued_on").value, field(another, "issued_on").more["known"]) == (None, "2025-09")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Chợ Gạch; ngày 25 tháng 12 năm 2023", "2023-12-25"),
        ("Hải Khê, ngàyldate 26 tháng/monmh 02 năn;2z: 2018", "2018-02-26"),
        ("Hải Khê, ngày/date 26 tháng/month 02 năm/year 2018", "2018-02-26"),
    ],
)
def test_place_and_date_as_readers_spoil_them(said: str, day: str) -> None:
    assert field(read(act(date=said)), "issued_on").value == day


def test_r15_a_text_whose_marks_are_destroyed_gives_nothing() -> None:
    ruined = page(
        [
            line(30, 20, "X4ay dung mé hinh diém tai B$ phan Tiép nhin va Tra két qua phuc vu giai"),
            line(30, 27, "quyét hiéu qua Dich vu cOng truc tuyén"),
            line(30, 40, "Thue hién Quyét dinh s6 06/QD-TTg cta Thu twéng Chinh phu vé viée"),
            line(30, 47, "nam 2030 (goi tit 1a Pé an 06); Dé trién khai c6 hiéu qua viéc tiép nhan"),
        ]
    )

    found = read(ruined, "ke_hoach")

    assert all(
        found.fields[name] is None or field(found, name).value is None
        for name in ("number", "issued_on", "issuer", "signer")
    )


@pytest.mark.parametrize(
    "cited", ["Thực hiện Chỉ thị số 16/CT-TTg ngày 20/5/2024", "số 728/QĐ-UBND ngày 14/11/2024, số 736/QĐ-UBND"]
)
def test_r15_a_number_that_the_text_cites_is_not_the_papers_own(cited: str) -> None:
    one = with_slot(
        act(number="Số: /BC-UBND", title=("BÁO CÁO",), body=(cited,)), SlotKind.NUMBER, None, Holds.PEN, "HANDWRITING"
    )

    number = field(read(one, "bao_cao"), "number")

    assert (number.value, number.reason, number.more["symbol"]) == (None, "HANDWRITING", "/BC-UBND")
    assert number.box == one.slots[0].box


def test_r15_what_a_slot_says_is_the_serial_and_the_day() -> None:
    one = act(number="Số: /QĐ-UBND", date="Quảng Ngãi, ngày tháng 01 năm 2025")
    one = with_slot(one, SlotKind.NUMBER, "47", Holds.PRINTED)
    one = with_slot(one, SlotKind.DAY, "17", Holds.PRINTED)

    found = read(one)

    assert field(found, "number").value == "47/QĐ-UBND"
    assert field(found, "issued_on").value == "2025-01-17"


def test_r15_print_of_which_the_witnesses_disagree_is_in_doubt() -> None:
    one = with_slot(act(), SlotKind.NUMBER, None, Holds.PRINTED, "WITNESSES_DISAGREE")

    number = field(read(one), "number")

    assert (number.value, number.doubt) == ("15/QĐ-UBND", "WITNESSES_DISAGREE")
    assert number.confidence < 0.6


@dataclass(frozen=True)
class Said:
    value: str | None
    confidence: float = 0.99
    reason: str | None = None


@dataclass(frozen=True)
class Settled:
    page: int
    slot: Slot
    agreement: Said


def test_witnesses_that_settled_a_slot_are_heard_before_the_slot() -> None:
    one = with_slot(act(number="Số: /QĐ-UBND"), SlotKind.NUMBER, None, Holds.PEN, "HANDWRITING")
    settled = {SlotKind.NUMBER: Settled(1, one.slots[0], Said("84"))}

    assert field(read(one, evidence=Evidence(settled=settled)), "number").value == "84/QĐ-UBND"


def test_r15_a_letter_of_the_symbol_that_the_head_itself_puts_right_is_told() -> None:
    one = act(
        issuer=("UBND THÀNH PHỐ ĐÀ NẴNG", "SỞ GIÁO DỤC VÀ ĐÀO TẠO"),
        number="Số: 1906/§GDĐT-CTrTT",
        title=(),
        summary=(),
        subject=("V/v khẩn trương thực hiện các biện", "pháp phòng, chống dịch"),
    )

    found = read(one, "cong_van")

    number, issuer = field(found, "number"), field(found, "issuer")
    assert (number.value, number.doubt) == ("1906/SGDĐT-CTrTT", "MENDED")
    assert (issuer.value, issuer.more["superior"]) == ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", "UBND THÀNH PHỐ ĐÀ NẴNG")
    assert field(found, "summary").value == "V/v khẩn trương thực hiện các biện pháp phòng, chống dịch"


def test_r16_an_act_is_not_dated_after_its_scan_nor_on_a_day_that_no_calendar_has() -> None:
    late = field(read(act(), evidence=Evidence(scanned=date(2025, 1, 4))), "issued_on")
    in_time = field(read(act(), evidence=Evidence(scanned=date(2025, 1, 5))), "issued_on")
    never = field(read(act(date="Quảng Ngãi, ngày 31 tháng 02 năm 2025")), "issued_on")
    signed = field(read(act(), evidence=Evidence(signed=(date(2025, 1, 3),))), "issued_on")

    assert (late.value, late.doubt) == ("2025-01-05", "ISSUED_AFTER_SCAN")
    assert in_time.doubt is None
    assert (never.value, never.reason) == (None, "IMPOSSIBLE")
    assert signed.doubt == "SIGNED_BEFORE_ISSUE"


@pytest.mark.parametrize(
    ("lines", "issuer", "superior"),
    [
        (("ỦY BAN NHÂN DÂN", "TỈNH TIÈN GIANG"), "ỦY BAN NHÂN DÂN TỈNH TIỀN GIANG", None),
        (("UBND TỈNH TUYÊN QUANG", "SỞ TƯ PHÁP"), "SỞ TƯ PHÁP", "UBND TỈNH TUYÊN QUANG"),
        (("ỦY BAN NHÂN DÂN", "HUYỆN ĐỒNG GẠCH", "ỦY BAN NHÂN DÂN XÃ NÚI DẺ"), "ỦY BAN NHÂN DÂN XÃ NÚI DẺ", "ỦY BAN NHÂN DÂN HUYỆN ĐỒNG GẠCH"),
        (
            ("UBND XÃ NÚI DẺ", "VĂN PHÒNG", "HỘI ĐỒNG NHÂN DÂN VÀ", "ỦY BAN NHÂN DÂN"),
            "VĂN PHÒNG HỘI ĐỒNG NHÂN DÂN VÀ ỦY BAN NHÂN DÂN",
            "UBND XÃ NÚI DẺ",
        ),
        (("THỦ TƯỚNG CHÍNH PHỦ",), "THỦ TƯỚNG CHÍNH PHỦ", None),
        (("BỘ TƯ PHÁP",), "BỘ TƯ PHÁP", None),
    ],
)  # fmt: skip
def test_r17_the_issuing_body_and_the_one_above_it(lines: tuple[str, ...], issuer: str, superior: str | None) -> None:
    found = field(read(act(issuer=lines)), "issuer")

    assert found.value == issuer
    assert found.more.get("superior") == superior


def test_r17_an_issuer_whose_place_was_lost_is_in_doubt_unless_the_act_names_it_again() -> None:
    alone = field(read(act(issuer=("ỦY BAN NHÂN DÂN",))), "issuer")
    again = field(
        read(act(issuer=("ỦY BAN NHÂN DÂN",), summary=("Phê duyệt kế hoạch năm 2025", "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH NINH BÌNH"))), "issuer"
    )  # fmt: skip

    assert (alone.value, alone.doubt) == ("ỦY BAN NHÂN DÂN", "NO_PLACE")
    assert (again.value, again.doubt) == ("ỦY BAN NHÂN DÂN TỈNH NINH BÌNH", None)


def last_page(*signature: str) -> PageOutcome:
    lines = [line(30, 20, "hiện Quyết định này có hiệu lực kể từ ngày ký và được đăng Công báo tỉnh theo quy định;")]
    lines += [
        line(25, 60 + 5 * row, text, size=11) for row, text in enumerate(("Nơi nhận:", "- Như Điều 4;", "- Lưu: VT."))
    ]
    *titles, name = signature
    lines += [line(145, 60 + 6 * row, text, centre=True) for row, text in enumerate(titles)]
    lines.append(line(145, 92, name, centre=True))
    return replace(page(lines, 2), marks=(Mark(MarkKind.SIGNATURE, (1000, 600, 1300, 720)),))


def test_the_signer_and_by_which_authority() -> None:
    found = field(
        read([act(), last_page("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Phước Hiền")]), "signer"
    )

    assert (found.value, found.page, found.doubt) == ("Trần Phước Hiền", 2, None)
    assert (found.more["authority"], found.more["position"]) == ("KT.", "PHÓ CHỦ TỊCH")
    assert found.more["on_behalf_of"] == "ỦY BAN NHÂN DÂN"


def test_a_family_name_that_folds_like_a_title_is_a_name() -> None:
    for name in ("Vũ Trường Giang", "VŨ TRƯỜNG GIANG", "Lưu Thị Vân Hạc"):
        found = field(read([act(), last_page("TL. BỘ TRƯỞNG", "VỤ TRƯỞNG", name)]), "signer")
        assert (found.value, found.doubt, found.more["position"]) == (name, None, "VỤ TRƯỞNG")
    slip = field(read([act(), last_page("TL. BỘ TRƯỞNG", "VŨ TRƯỞNG", "Lò Thị Tố Nga")]), "signer")
    assert (slip.value, slip.more["position"]) == ("Lò Thị Tố Nga", "VŨ TRƯỞNG")


def test_a_signers_name_that_is_no_vietnamese_is_in_doubt() -> None:
    found = field(read([act(), last_page("CHỦ TỊCH", "Pnạm Trường Thọ")]), "signer")

    assert (found.value, found.doubt) == ("Pnạm Trường Thọ", "NOT_A_NAME")


def test_an_annex_names_the_act_it_belongs_to() -> None:
    annex = page(
        [
            line(105, 20, "Phụ lục II", centre=True),
            line(105, 26, "DANH MỤC THỦ TỤC HÀNH CHÍNH SỬA ĐỔI, BỔ SUNG", centre=True),
            line(105, 32, "(Kèm theo Quyết định số 371/QĐ-UBND ngày 18/02/2025", centre=True),
            line(105, 38, "của Chủ tịch UBND tỉnh Lạng Sơn)", centre=True),
        ]
    )

    found = read(annex, "phu_luc")

    assert field(found, "number").value == "371/QĐ-UBND"
    assert field(found, "issued_on").value == "2025-02-18"
    assert field(found, "issuer").value == "UBND tỉnh Lạng Sơn"
    assert field(found, "summary").value == "DANH MỤC THỦ TỤC HÀNH CHÍNH SỬA ĐỔI, BỔ SUNG"


def test_a_word_that_the_reader_is_not_sure_of_makes_its_field_doubtful() -> None:
    sure = act()
    worse = replace(
        sure, lines=tuple(replace(one, words=tuple(replace(word, confidence=0.4) for word in one.words)) if "TỈNH" in one.text else one for one in sure.lines)
    )  # fmt: skip

    assert field(read(sure), "issuer").doubt is None
    assert field(read(worse), "issuer").doubt == "UNSURE"


def test_r17_damaged_readings_never_crash_and_make_nothing_up() -> None:
    rng = Random(17)
    odd = ["Số:", "/", "ngày", "V/v", "…", "²", "\u0301", "<<<", "MẬT", "x", "Điều"]
    for _ in range(60):
        lines = [
            replace(
                one,
                words=tuple(replace(word, text=rng.choice(odd)) if rng.random() < 0.3 else word for word in one.words),
            )
            for one in act(number="Số: /QĐ-UBND").lines
        ]
        rng.shuffle(lines)
        damaged = with_slot(
            page(lines), SlotKind.DAY, rng.choice([None, "²", "abc", "99"]), Holds.PRINTED, "UNREADABLE"
        )

        found = read(
            [damaged, PageOutcome(2)], rng.choice(["quyet_dinh", "giay_khai_sinh", "can_cuoc", "phu_luc", None])
        )

        number = found.fields["number"]
        assert number is None or number.value is None
