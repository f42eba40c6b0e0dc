"""What the packaged catalog must hold, whatever else changes in it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from models.catalog import Catalog, Certainty, Level, ValidityKind, default_catalog, issued_by, load_catalog
from models.fields import FIELD_NAMES
from models.vietnamese.folding import nfc

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
CONTRACT_IDS = [
    "quyet_dinh",
    "ke_hoach",
    "cong_van",
    "thong_bao",
    "bao_cao",
    "to_trinh",
    "chi_thi",
    "bien_ban",
    "nghi_quyet",
    "giay_moi",
    "giay_uy_quyen",
    "hop_dong",
    "giay_khai_sinh",
    "trich_luc_ho_tich",
    "giay_chung_nhan_ket_hon",
    "giay_xac_nhan_tinh_trang_hon_nhan",
    "can_cuoc",
    "can_cuoc_cong_dan",
    "giay_chung_nhan_quyen_su_dung_dat",
    "giay_chung_nhan_dang_ky_doanh_nghiep",
    "giay_chung_nhan_dang_ky_ho_kinh_doanh",
    "giay_phep_xay_dung",
    "giay_phep_lai_xe",
    "bang_tot_nghiep",
    "phieu_ly_lich_tu_phap",
    "giay_chung_sinh",
    "to_khai",
    "don",
    "xac_nhan_cu_tru",
    "phu_luc",
    "khac",
]
ABBREVIATIONS = [
    "NQ",
    "QĐ",
    "CT",
    "QC",
    "QyĐ",
    "TC",
    "TB",
    "HD",
    "CTr",
    "KH",
    "PA",
    "ĐA",
    "DA",
    "BC",
    "BB",
    "TTr",
    "HĐ",
    "CĐ",
    "BGN",
    "BTT",
    "GUQ",
    "GM",
    "GGT",
    "GNP",
    "PG",
    "PC",
    "PB",
]
MERGED = 63 - 34  # provinces that ended on 30/6/2025


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_every_paper_of_the_contract_is_there(catalog: Catalog) -> None:
    assert set(CONTRACT_IDS) <= set(catalog.paper_types)


def test_r15_the_29_administrative_types_with_27_abbreviations(catalog: Catalog) -> None:
    types = [paper for paper in catalog.paper_types.values() if paper.group == "administrative"]
    assert len(types) == 29
    assert sorted(paper.abbreviation for paper in types if paper.abbreviation) == sorted(ABBREVIATIONS)
    assert {paper.id for paper in types if paper.abbreviation is None} == {"cong_van", "thu_cong"}


def test_r40_every_line_has_a_source_and_a_certainty(catalog: Catalog) -> None:
    lines = [*catalog.paper_types.values(), *catalog.procedures, *catalog.agencies, *catalog.provinces.values()]
    lines += [
        *catalog.paper_codes,
        *catalog.validity,
        *catalog.rule_sets,
        *catalog.code_templates,
        *catalog.scan_limits,
        *catalog.visible_signatures,
    ]
    assert len(lines) > 200
    assert all(line.source and line.certainty in Certainty for line in lines)


def test_all_words_are_in_nfc(catalog: Catalog) -> None:
    words = [
        word
        for paper in catalog.paper_types.values()
        for word in (*paper.titles, *paper.cues, *paper.issuers, paper.name)
    ]
    words += [slot.name for procedure in catalog.procedures for slot in procedure.components]
    assert [word for word in words if word != nfc(word)] == []


def test_fields_are_those_of_the_contract_or_plain_words(catalog: Catalog) -> None:
    used = {field.name for paper in catalog.paper_types.values() for field in paper.fields}
    assert set(FIELD_NAMES) <= used
    assert all(re.fullmatch(r"[a-z_]+", name) for name in used)


def test_papers_to_be_kept_say_what_article_9_asks_for(catalog: Catalog) -> None:
    """Ngày cấp and cơ quan cấp of whatever can be a result."""
    results = [paper for paper in catalog.paper_types.values() if paper.is_result]
    assert [p.id for p in results if not {"issued_on", "issuer"} <= {field.name for field in p.fields}] == []


def test_at_least_35_procedures_and_the_named_ones(catalog: Catalog) -> None:
    assert len({procedure.code for procedure in catalog.procedures}) >= 35
    day = date(2026, 3, 2)
    for code in (
        "1.001193",
        "1.000894",
        "1.000656",
        "1.004873",
        "2.000815",
        "2.000635",
        "1.004222",
        "1.001612",
        "1.013225",
    ):
        assert catalog.procedure(code, day) is not None, code
    essential = {procedure.code for procedure in catalog.procedures_on(day) if procedure.essential}
    assert {"1.001193", "1.000894", "1.000656", "1.004222", "1.004194"} <= essential


def test_a_birth_takes_any_of_three_papers_and_shows_the_card_only(catalog: Catalog) -> None:
    birth = catalog.procedure("1.001193.H56", date(2026, 3, 2))
    assert birth is not None
    slots = {slot.id: slot for slot in birth.components}
    assert slots["giay_chung_sinh"].accepts == ("giay_chung_sinh", "van_ban_lam_chung", "giay_cam_doan")
    assert slots["giay_to_tuy_than"].shown_only
    assert slots["van_ban_uy_quyen"].condition
    assert birth.results == ("giay_khai_sinh",)
    assert birth.field_code == "G15-TP07"


def test_r39_no_district_after_the_first_of_july_2025(catalog: Catalog) -> None:
    before, after = catalog.rule_set(BEFORE), catalog.rule_set(AFTER)
    assert before is not None
    assert after is not None
    assert Level.DISTRICT in before.levels
    assert Level.DISTRICT not in after.levels
    assert all(Level.DISTRICT not in procedure.levels_on(AFTER) for procedure in catalog.procedures)
    household = catalog.procedure("1.001612", AFTER)
    assert household is not None
    assert household.levels_on(BEFORE) == (Level.DISTRICT,)
    assert household.levels_on(AFTER) == (Level.COMMUNE,)


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        (date(2019, 1, 2), "nd61_2018"),
        (date(2021, 12, 5), "nd61_2018"),
        (date(2021, 12, 6), "nd107_2021"),
        (date(2023, 5, 24), "nd107_2021"),
        (date(2023, 5, 25), "tt01_2023"),
        (date(2025, 6, 30), "tt01_2023"),
        (date(2025, 7, 1), "nd118_2025"),
        (date(2025, 9, 15), "tt03_2025"),
        (date(2026, 1, 1), "nd367_2025"),
        (date(2026, 7, 1), "luat148_2025"),
    ],
)
def test_r39_the_rule_set_goes_by_the_date_of_the_act(catalog: Catalog, day: date, rules: str) -> None:
    found = catalog.rule_set(day)
    assert found is not None
    assert found.id == rules


def test_r30_nothing_expires_by_default_and_never_after_six_months(catalog: Catalog) -> None:
    day = date(2026, 3, 2)
    six = {
        paper.id
        for paper in catalog.paper_types.values()
        if (rule := catalog.validity_rule(paper.id, day)) and rule.months == 6
    }
    assert six == {"giay_xac_nhan_tinh_trang_hon_nhan"}
    for name in ("giay_khai_sinh", "giay_chung_nhan_ket_hon", "trich_luc_ho_tich", "phieu_ly_lich_tu_phap"):
        rule = catalog.validity_rule(name, day)
        assert rule is not None
        assert rule.kind is ValidityKind.NONE
    assert catalog.validity_rule("no_such_paper", day) is None


def test_r30_the_rule_of_the_day_of_issue_counts(catalog: Catalog) -> None:
    old, new = (catalog.validity_rule("giay_phep_lai_xe", day) for day in (date(2024, 12, 31), date(2025, 1, 1)))
    assert old is not None
    assert new is not None
    assert old.classes is not None
    assert new.classes is not None
    assert "B2" in old.classes
    assert "B2" not in new.classes
    assert new.classes["A1"] is None
    assert new.classes["B"] == 10
    assert new.classes["C"] == 5


def test_r21_a_code_stands_for_several_papers_and_a_paper_has_several_codes(catalog: Catalog) -> None:
    assert catalog.papers_for_code("000.00.00.G15-KQ004389") == (
        "giay_chung_sinh",
        "van_ban_lam_chung",
        "giay_cam_doan",
    )
    assert catalog.papers_for_code("KQ.G15.000031") == ("giay_khai_sinh", "trich_luc_ho_tich")
    assert len(catalog.codes_for_paper("trich_luc_ho_tich")) >= 3
    assert catalog.papers_for_code("KQ.G15.999999") == ()


def test_r21_what_the_applicant_writes_has_no_result_code(catalog: Catalog) -> None:
    applicant = [paper for paper in catalog.paper_types.values() if paper.from_applicant]
    assert {"to_khai", "don"} <= {paper.id for paper in applicant}
    assert [code for paper in applicant for code in catalog.codes_for_paper(paper.id) if code.kind == "result"] == []


def test_63_province_codes_and_34_provinces_after_the_merger(catalog: Catalog) -> None:
    assert len(catalog.provinces) == 63
    assert len({line.now or line.name for line in catalog.provinces.values()}) == 34
    hoa_binh = catalog.province("017")
    assert hoa_binh is not None
    assert (hoa_binh.name, hoa_binh.now) == ("Hòa Bình", "Phú Thọ")
    assert catalog.province("999") is None


def test_agencies_carry_both_orders_and_what_became_of_them(catalog: Catalog) -> None:
    justice = catalog.agency("G15")
    assert justice is not None
    assert justice.old_codes == ("000.00.00.G15",)
    provinces = [agency for agency in catalog.agencies if agency.kind == "province"]
    ended = [agency for agency in provinces if not agency.holds(AFTER)]
    assert len(provinces) == 63
    assert len(ended) == MERGED
    assert all(agency.merged_into and catalog.agency(agency.merged_into, AFTER) for agency in ended)
    assert catalog.agency("H04", AFTER) is None
    assert catalog.agency("H04", BEFORE) is not None


def test_r22_default_templates(catalog: Catalog) -> None:
    day = date(2026, 3, 2)
    result, other = catalog.code_template("result", day), catalog.code_template("other", day)
    assert result is not None
    assert other is not None
    assert result.template == "{dinh_danh}.{ma_loai_ket_qua}.{so_ky_hieu}.{nn}"
    assert other.template == "{dinh_danh}.{ma_tthc}.{ma_giay_to}.{nn}"
    assert result.width == 2
    assert result.certainty is Certainty.INFERRED


def test_r6_scan_limits(catalog: Catalog) -> None:
    limits = catalog.scan_limit(date(2026, 3, 2))
    assert limits is not None
    assert (limits.min_dpi, limits.colour, limits.min_pdf_version, limits.scale_percent) == (200, True, "1.4", 100)


@pytest.mark.parametrize(
    ("paper", "issuer", "right"),
    [
        ("giay_khai_sinh", "ỦY BAN NHÂN DÂN\nPHƯỜNG VÍ DỤ", True),
        ("giay_khai_sinh", "uy ban nhan dan xa Vi Du", True),
        ("can_cuoc_cong_dan", "CỤC TRƯỞNG CỤC CẢNH SÁT QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI", True),
        ("giay_khai_sinh", "BỆNH VIỆN ĐA KHOA", False),
        ("giay_khai_sinh", "XÃ UBNDX", False),
    ],
)
def test_issuers_are_matched_as_whole_words(catalog: Catalog, paper: str, issuer: str, right: bool) -> None:
    found = catalog.paper_type(paper)
    assert found is not None
    assert issued_by(found.issuers, issuer) is right


def test_the_default_catalog_is_loaded_once() -> None:
    assert default_catalog() is default_catalog()


def test_procedures_are_found_by_what_an_officer_types() -> None:
    catalog, today = default_catalog(), date(2026, 11, 22)
    for words in ("dang ky khai sinh", "Đăng ký khai sinh", "DKKS", "1.001193"):
        assert catalog.find_procedures(words, today)[0].code == "1.001193", words
    for day in (today, date(2025, 6, 30), date(2010, 1, 1)):
        assert catalog.find_procedures("", day) == catalog.procedures_on(day)
    assert catalog.find_procedures("sinh khai", today), "in any order"
    assert catalog.find_procedures("d", today) != (), "one letter is a letter, not initials"
    assert catalog.find_procedures("không có thủ tục này", today) == ()
