"""R20: which paper type, with three scores; R21: one set of weights, so the catalog alone says which types there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from types import MappingProxyType

import pytest

from models.catalog import Certainty, Group, PaperType, default_catalog
from sample_scans.generator import write_paper
from tests.workers.classify.pages import act, line, page
from training.kinds.readings import Slips, read_draft
from workers.classify.kind import TypeGuess, classify
from workers.classify.understand import FileFacts, understand
from workers.page import Failure, PageOutcome

CERTAIN = 0.8  # models.dossier_papers.CERTAIN: from here on no person is asked
CATALOG = default_catalog()


def of(*pages: PageOutcome) -> TypeGuess:
    return classify(pages, CATALOG)


@pytest.mark.parametrize(
    ("kind", "paper_type"),
    [
        ("quyet_dinh", "quyet_dinh"),
        ("cong_van", "cong_van"),
        ("giay_khai_sinh", "giay_khai_sinh"),
        ("giay_chung_nhan_quyen_su_dung_dat", "giay_chung_nhan_quyen_su_dung_dat"),
        ("giay_xac_nhan_tinh_trang_hon_nhan", "giay_xac_nhan_tinh_trang_hon_nhan"),
        ("can_cuoc", "can_cuoc"),
        ("can_cuoc_cong_dan", "can_cuoc_cong_dan"),
        ("to_khai", "to_khai"),
        ("hop_dong-khac", "hop_dong"),
        ("phu_luc", "phu_luc"),
        ("thong_cao", "thong_cao"),
    ],
)
def test_r20_drawn_papers_read_with_slips(kind: str, paper_type: str) -> None:
    """A seed of its own: neither tuned on nor judged by."""
    draft = write_paper(kind, 424242, dpi=100)

    guess = of(*read_draft(draft, Slips(0.02), Random(7)))

    assert guess.id == paper_type
    assert guess.score >= CERTAIN


def test_r20_three_likeliest_with_scores() -> None:
    guess = of(act())

    assert guess.id == "quyet_dinh"
    assert guess.alternatives[0].id == "quyet_dinh"
    assert len(guess.alternatives) == 3
    scores = [choice.score for choice in guess.alternatives]
    assert scores == sorted(scores, reverse=True)
    assert guess.score == scores[0]
    assert sum(scores) <= 1.0 + 1e-9


def test_r20_the_title_as_printed_with_its_boxes() -> None:
    guess = of(replace(act(title=("TỜ TRÌNH",), number="Số: 15/TTr-UBND"), number=4))

    assert guess.id == "to_trinh"
    assert [(one.text, one.page) for one in guess.title] == [("TỜ TRÌNH", 4)]
    assert guess.title[0].box[0] > 600


def test_r20_a_title_followed_by_more_words_and_broken_over_lines() -> None:
    form = page(
        [
            line(105, 15, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", centre=True),
            line(105, 21, "Độc lập - Tự do - Hạnh phúc", centre=True),
            line(105, 36, "TỜ KHAI ĐĂNG KÝ", centre=True),
            line(105, 42, "LẠI KHAI SINH", centre=True),
            line(30, 55, "Kính gửi: Ủy ban nhân dân xã Cồn Sương"),
            line(30, 65, "Họ, chữ đệm, tên người yêu cầu: Lê Khắc Vĩnh Trụ"),
            line(30, 72, "Tôi cam đoan nội dung đề nghị trên đây là đúng sự thật"),
        ]
    )

    guess = of(form)

    assert guess.id == "to_khai"
    assert " ".join(one.text for one in guess.title) == "TỜ KHAI ĐĂNG KÝ LẠI KHAI SINH"


def test_r20_slips_in_the_title_cost_no_type() -> None:
    guess = of(act(title=("QUYÊT ĐlNH",)))

    assert guess.id == "quyet_dinh"
    assert guess.score >= CERTAIN


def test_r20_a_letter_has_no_title_but_a_number_without_a_kind() -> None:
    letter = act(
        number="Số: 574/UBND-KTTH",
        title=(),
        summary=(),
        subject=("V/v đăng ký bổ sung nội dung",),
        body=("Kính gửi: Thường trực Hội đồng nhân dân tỉnh",),
    )

    assert of(letter).id == "cong_van"


def test_r20_an_annex_that_begins_with_a_form_is_an_annex() -> None:
    annex = page(
        [
            line(105, 20, "Phụ lục III", centre=True),
            line(105, 26, "CÁC BIỂU MẪU LÀ THÀNH PHẦN HỒ SƠ", centre=True),
            line(105, 32, "(Kèm theo Quyết định số 431/QĐ-UBND ngày 20 tháng 02 năm 2025)", centre=True),
            line(105, 80, "TỜ KHAI", centre=True),
            line(30, 90, "Kính gửi: ……………………"),
            line(30, 97, "Họ, chữ đệm và tên: ……………………"),
        ]
    )

    guess = of(annex)

    assert guess.id == "phu_luc" or guess.score < CERTAIN
    assert "phu_luc" in {choice.id for choice in guess.alternatives}


@pytest.mark.parametrize(
    "stranger",
    [
        page([line(105, 40, "MENU HÔM NAY", centre=True), line(40, 60, "Phở bò tái"), line(40, 70, "Bún chả Hà Nội")]),
        page([line(30, 40, "xk l a"), line(50, 60, "t o"), line(90, 80, "9 0 Te")]),
        page(
            [line(20, 20 + 7 * row, "hôm qua em đi học về thấy mẹ ngồi khâu áo bên hiên nhà rồi") for row in range(25)]
        ),
    ],
    ids=["menu", "scraps", "prose"],
)
def test_r20_what_is_no_paper_of_the_catalog_is_unknown(stranger: PageOutcome) -> None:
    guess = of(stranger)

    assert guess.id is None
    assert guess.alternatives[0].id == "khac"


def test_r20_no_text_is_unknown() -> None:
    for empty in (page([]), PageOutcome(1, blank=True), PageOutcome(1, failure=Failure("TIMEOUT", ""))):
        assert of(empty).id is None
    assert of().id is None


@pytest.mark.parametrize(
    ("extra", "attribute"),
    [
        ("SAO Y BẢN CHÍNH", "sao_y"),
        ("SAO Y", "sao_y"),
        ("Số: 12/SL-UBND", "sao_luc"),
        ("TRÍCH SAO", "trich_sao"),
        ("CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH", "ban_sao_chung_thuc"),
        ("Số chứng thực: 271  quyển số: 01 SCT/BS", "ban_sao_chung_thuc"),
        ("(BẢN SAO)", "ban_sao"),
    ],
)
def test_r20_copies_are_attributes_and_no_types(extra: str, attribute: str) -> None:
    paper = act()
    copied = replace(paper, lines=(*paper.lines, line(105, 130, extra, centre=True)))

    (found,), (plain,) = (understand([one], CATALOG, FileFacts()) for one in (copied, paper))

    assert found.kind.id == "quyet_dinh"
    assert attribute in found.attributes
    assert plain.attributes == frozenset()


def test_r20_an_extract_of_civil_status_has_its_own_type() -> None:
    draft = write_paper("trich_luc_ho_tich", 31337, dpi=100)

    guess = of(*read_draft(draft, Slips(0.0), Random(1)))

    assert guess.id == "trich_luc_ho_tich"
    assert "trich_luc" in guess.attributes


def test_r21_a_type_that_a_site_adds_is_known_without_code() -> None:
    added = PaperType(
        id="giay_phep_nuoi_chim_yen",
        name="Giấy phép nuôi chim yến",
        group=Group.OTHER,
        titles=("GIẤY PHÉP NUÔI CHIM YẾN",),
        cues=("Số lượng nhà yến", "Chủ cơ sở nuôi"),
        source="test",
        certainty=Certainty.MEMORY,
    )
    types: Mapping[str, PaperType] = MappingProxyType({**CATALOG.paper_types, added.id: added})
    paper = page(
        [
            line(140, 20, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, centre=True),
            line(60, 20, "ỦY BAN NHÂN DÂN", size=12, centre=True),
            line(105, 50, "GIẤY PHÉP NUÔI CHIM YẾN", centre=True),
            line(30, 65, "Chủ cơ sở nuôi: Ngô Thị Hạc"),
            line(30, 72, "Số lượng nhà yến: 02"),
        ]
    )

    guess = classify([paper], replace(CATALOG, paper_types=types))

    assert guess.id == added.id
    assert classify([paper], CATALOG).id != added.id
