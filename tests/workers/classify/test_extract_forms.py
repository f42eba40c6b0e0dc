"""R11, R13, R14, R16, R19: fields of forms, certificates and cards, by their labels."""

from __future__ import annotations

from datetime import date

import pytest

from models.catalog import default_catalog
from models.vietnamese.mrz import mrz_lines
from models.vietnamese.names import Sex
from tests.workers.classify.pages import line, page
from workers.classify.extract import Code, Evidence, Extraction, Field, Source, extract
from workers.page import PageOutcome

CATALOG = default_catalog()
MOTTO = (
    line(105, 12, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", centre=True),
    line(105, 18, "Độc lập - Tự do - Hạnh phúc", centre=True),
)


def form(title: str, *lines: str, left: float = 25, top: float = 48) -> PageOutcome:
    rows = [line(left, top + 8 * row, text, size=11) for row, text in enumerate(lines)]
    return page([*MOTTO, line(105, 28, title, centre=True), *rows])


def read(pages: PageOutcome | list[PageOutcome], kind: str, evidence: Evidence | None = None) -> Extraction:
    return extract(pages if isinstance(pages, list) else [pages], CATALOG.paper_type(kind), CATALOG, evidence)


def field(extraction: Extraction, name: str) -> Field:
    found = extraction.fields[name]
    assert found is not None, name
    return found


def value(extraction: Extraction, name: str) -> str | None:
    return field(extraction, name).value


BIRTH = (
    "Số: 33/2023",
    "Họ, chữ đệm, tên: HOÀNG THỊ SAO KHUÊ",
    "Ngày, tháng, năm sinh: 15/08/2023 ghi bằng chữ: ngày mười lăm tháng tám năm hai nghìn không trăm hai mươi ba",
    "Giới tính: Nữ   Dân tộc: Kinh   Quốc tịch: Việt Nam",
    "Nơi sinh: Trạm Y tế xã Núi Dẻ ……………",
    "Số định danh cá nhân: 001323999191",
    "Họ, chữ đệm, tên người mẹ: DƯƠNG THỊ VÂN SƯƠNG",
    "Năm sinh: 1998   Dân tộc: Tày   Quốc tịch: Việt Nam",
    "Nơi cư trú: Thôn Bờ Rào, xã Núi Dẻ, tỉnh Hải Khê",
    "Họ, chữ đệm, tên người cha: HOÀNG TRƯỜNG LỘC ĐIỀN",
    "Năm sinh: 1995   Dân tộc: Kinh   Quốc tịch: Việt Nam",
    "Nơi cư trú: ……………………………",
    "Nơi đăng ký khai sinh: Ủy ban nhân dân xã Núi Dẻ, huyện Đồng Gạch, tỉnh Hải Khê",
    "Ngày, tháng, năm đăng ký: 28/08/2023",
)


def test_r11_a_birth_certificate_and_labels_that_repeat() -> None:
    found = read(form("GIẤY KHAI SINH", *BIRTH), "giay_khai_sinh")

    assert value(found, "title") == "GIẤY KHAI SINH"
    assert value(found, "number") == "33/2023"
    assert value(found, "holder_name") == "HOÀNG THỊ SAO KHUÊ"
    assert value(found, "holder_birth_date") == "2023-08-15"
    assert value(found, "holder_id") == "001323999191"
    assert value(found, "sex") == "Nữ"
    assert value(found, "ethnicity") == "Kinh"
    assert value(found, "birth_place") == "Trạm Y tế xã Núi Dẻ"
    assert (value(found, "mother_name"), value(found, "mother_birth_year")) == ("DƯƠNG THỊ VÂN SƯƠNG", "1998")
    assert (value(found, "father_name"), value(found, "father_birth_year")) == ("HOÀNG TRƯỜNG LỘC ĐIỀN", "1995")
    assert value(found, "mother_residence") == "Thôn Bờ Rào, xã Núi Dẻ, tỉnh Hải Khê"
    assert value(found, "issuer") == "Ủy ban nhân dân xã Núi Dẻ"
    assert value(found, "issued_on") == "2023-08-28"
    assert not [one for one in found.fields.values() if one and one.value and one.doubt]


def test_r11_dotted_leaders_are_nothing_filled_in() -> None:
    found = read(form("GIẤY KHAI SINH", *BIRTH), "giay_khai_sinh")

    blank = field(found, "father_residence")
    assert (blank.value, blank.reason) == (None, "EMPTY")


def test_r11_a_label_with_a_letter_misread_is_still_the_label() -> None:
    found = read(
        form("GIẤY KHAI SINH", "Họ, chử đệm, tèn: HOÀNG THỊ SAO KHUÊ", "Ngày, thảng, nám sinh: 15/08/2023"),
        "giay_khai_sinh",
    )

    assert value(found, "holder_name") == "HOÀNG THỊ SAO KHUÊ"
    assert value(found, "holder_birth_date") == "2023-08-15"


@pytest.mark.parametrize(
    ("number", "born", "sex", "doubt"),
    [
        ("001323999191", "15/08/2023", "Nữ", None),
        ("001323999191", "15/08/2022", "Nữ", "ID_YEAR_DIFFERS"),
        ("001323999191", "15/08/2023", "Nam", "ID_SEX_DIFFERS"),
        ("001123999191", "15/08/1923", "Nữ", None),
        ("00132399919", "15/08/2023", "Nữ", "ID_FORM"),
    ],
)
def test_r13_the_number_is_held_against_birth_date_and_sex(number: str, born: str, sex: str, doubt: str | None) -> None:
    found = read(
        form("GIẤY KHAI SINH", "Họ, chữ đệm, tên: HOÀNG THỊ SAO KHUÊ", f"Ngày, tháng, năm sinh: {born}", f"Giới tính: {sex}", f"Số định danh cá nhân: {number}"),
        "giay_khai_sinh",
    )  # fmt: skip

    assert field(found, "holder_id").doubt == doubt


def test_r13_an_unknown_province_is_told_and_no_error() -> None:
    found = field(read(form("GIẤY KHAI SINH", "Số định danh cá nhân: 133323999191"), "giay_khai_sinh"), "holder_id")

    assert (found.doubt, found.more["warning"]) == (None, "unknown_province")


@pytest.mark.parametrize(("number", "doubt"), [("0300588569", None), ("0300588568", "CHECK_DIGIT")])
def test_r14_a_companys_number_is_a_tax_code(number: str, doubt: str | None) -> None:
    found = read(
        form("GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", f"Mã số doanh nghiệp: {number}", "Đăng ký lần đầu, ngày 25 tháng 7 năm 2014", "Tên công ty viết bằng tiếng Việt: CÔNG TY TNHH BẾN NỨA"),
        "giay_chung_nhan_dang_ky_doanh_nghiep",
    )  # fmt: skip

    assert (value(found, "number"), field(found, "number").doubt) == (number, doubt)
    assert value(found, "issued_on") == "2014-07-25"
    assert value(found, "holder_name") == "CÔNG TY TNHH BẾN NỨA"


def test_r11_wife_and_husband_side_by_side_keep_their_own() -> None:
    wife = (
        "Họ, chữ đệm, tên vợ:",
        "LÊ THỊ MỸ HẠNH",
        "Ngày, tháng, năm sinh: 12/02/1998",
        "Giấy tờ tùy thân: Căn cước số 001198999006",
    )
    husband = (
        "Họ, chữ đệm, tên chồng:",
        "VŨ TRƯỜNG GIANG",
        "Ngày, tháng, năm sinh: 03/06/1995",
        "Giấy tờ tùy thân: Căn cước số 001095999998",
    )
    lines = [line(22, 50 + 7 * row, text, size=10) for row, text in enumerate(wife)]
    lines += [line(110, 50 + 7 * row, text, size=10) for row, text in enumerate(husband)]
    found = read(
        page([*MOTTO, line(105, 28, "GIẤY CHỨNG NHẬN KẾT HÔN", centre=True), *lines]), "giay_chung_nhan_ket_hon"
    )

    assert (value(found, "wife_name"), value(found, "husband_name")) == ("LÊ THỊ MỸ HẠNH", "VŨ TRƯỜNG GIANG")
    assert (value(found, "wife_birth_date"), value(found, "husband_birth_date")) == ("1998-02-12", "1995-06-03")
    assert (value(found, "wife_id"), value(found, "husband_id")) == ("001198999006", "001095999998")
    assert found.fields["holder_name"] is None


LAND = (
    "1. Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất:",
    "Ông Hoàng Mạnh Sơn Thạch, sinh ngày 06/03/1986, Căn cước số 001086999998",
    "2. Thông tin thửa đất:",
    "a) Thửa đất số: 202;   tờ bản đồ số: 20;",
    "b) Diện tích: 85,0 m² (bằng chữ: tám mươi lăm mét vuông);",
    "c) Loại đất: Đất ở tại nông thôn;",
    "3. Thông tin tài sản gắn liền với đất:",
    "-/-",
    "Số phát hành: AB 12345678",
    "Số vào sổ cấp GCN: CS01234",
    "5. Ghi chú:",
    "Cấp đổi từ Giấy chứng nhận số BK 654321, số vào sổ CH00077 cấp ngày 12/05/2010.",
)


def test_r19_the_two_numbers_are_not_swapped_and_those_of_the_notes_not_taken() -> None:
    found = read(form("GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT", *LAND), "giay_chung_nhan_quyen_su_dung_dat")

    assert (value(found, "number"), value(found, "serial_number")) == ("CS01234", "AB 12345678")
    assert value(found, "holder_name") == "Hoàng Mạnh Sơn Thạch"
    assert (value(found, "holder_birth_date"), value(found, "holder_id")) == ("1986-03-06", "001086999998")
    assert (value(found, "parcel_number"), value(found, "map_sheet")) == ("202", "20")
    assert field(found, "area").doubt is None


def test_r19_an_area_that_its_words_contradict_is_in_doubt() -> None:
    lines = [text.replace("tám mươi lăm", "tám mươi sáu") for text in LAND]

    found = read(form("GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT", *lines), "giay_chung_nhan_quyen_su_dung_dat")

    assert (field(found, "area").doubt, field(found, "area_words").doubt) == ("WORDS_DIFFER", "WORDS_DIFFER")


def test_r16_a_paper_that_expires_before_its_issue_is_in_doubt() -> None:
    found = read(
        form("THẺ BẢO HIỂM Y TẾ", "Mã số: HN4456609020964", "Họ và tên: HOÀNG HỮU THẠCH KIÊN", "Giá trị sử dụng: từ 23/06/2024 đến 23/06/2023", "Ngày cấp: 23/06/2024"),
        "the_bao_hiem_y_te",
    )  # fmt: skip

    assert (value(found, "valid_until"), field(found, "valid_until").doubt) == ("2023-06-23", "EXPIRES_BEFORE_ISSUE")


CARD = (
    "Số / No.: 001095999006",
    "Họ và tên / Full name:",
    "ĐỖ TRƯỜNG GIANG",
    "Ngày sinh / Date of birth: 12/02/1995",
    "Giới tính / Sex: Nam   Quốc tịch / Nationality: Việt Nam",
    "Có giá trị đến / Date of expiry: 12/02/2035",
)


def card(born: date = date(1995, 2, 12)) -> PageOutcome:
    zone = mrz_lines(
        personal_id="001095999006",
        birth_date=born,
        sex=Sex.MALE,
        valid_until=date(2035, 2, 12),
        surname="DO",
        given_names="TRUONG GIANG",
    )
    return form("CĂN CƯỚC CÔNG DÂN", *CARD, *zone)


def test_r11_a_card_whose_zone_agrees_is_surer_than_its_print() -> None:
    plain = read(form("CĂN CƯỚC CÔNG DÂN", *CARD), "can_cuoc_cong_dan")
    zoned = read(card(), "can_cuoc_cong_dan")

    for name, said in (
        ("holder_id", "001095999006"),
        ("holder_name", "ĐỖ TRƯỜNG GIANG"),
        ("valid_until", "2035-02-12"),
    ):
        assert value(plain, name) == value(zoned, name) == said
        assert field(zoned, name).confidence >= 0.99 > field(plain, name).confidence


def test_r13_a_zone_that_says_otherwise_makes_the_field_doubtful() -> None:
    found = read(card(date(1995, 2, 11)), "can_cuoc_cong_dan")

    assert field(found, "holder_birth_date").doubt == "WITNESSES_DIFFER"


def test_r11_a_cards_code_tells_what_the_print_does_not() -> None:
    text = "001095999006||Đỗ Trường Giang|12021995|Nam|Thôn Bờ Rào, xã Núi Dẻ, tỉnh Hải Khê|12082023"
    evidence = Evidence(codes=(Code(1, text, (10, 10, 90, 90)),))

    found = read(form("CĂN CƯỚC CÔNG DÂN", "Ngày sinh / Date of birth: 12/02/1995"), "can_cuoc_cong_dan", evidence)

    number = field(found, "holder_id")
    assert (number.value, number.source, number.box) == ("001095999006", Source.QR, (10, 10, 90, 90))
    assert value(found, "holder_name") == "Đỗ Trường Giang"
    assert value(found, "issued_on") == "2023-08-12"
    assert "Đỗ" not in repr(evidence)


def test_an_application_is_its_applicants_not_the_childs() -> None:
    found = read(
        form(
            "TỜ KHAI CẤP BẢN SAO TRÍCH LỤC HỘ TỊCH",
            "Kính gửi: Ủy ban nhân dân xã Núi Dẻ",
            "Họ, chữ đệm, tên người yêu cầu: Hoàng Mạnh Sơn Thạch",
            "Ngày, tháng, năm sinh: 06/03/1986",
            "Giấy tờ tùy thân: Căn cước số 001086999998",
            "Họ, chữ đệm, tên: HOÀNG HỮU THẠCH KIÊN",
            "Số định danh cá nhân: 001223999223",
        ),
        "to_khai",
    )

    assert value(found, "title") == "TỜ KHAI CẤP BẢN SAO TRÍCH LỤC HỘ TỊCH"
    assert value(found, "holder_name") == "Hoàng Mạnh Sơn Thạch"
    assert value(found, "holder_id") == "001086999998"


def test_a_paper_of_no_known_type_is_read_as_far_as_any_paper_is() -> None:
    found = extract([form("THỰC ĐƠN", "Cơm trắng, canh rau ngót, cá kho")], None, CATALOG)

    assert found.flags == ("TYPE_UNKNOWN",)
    assert value(found, "number") is None


def test_a_label_broken_over_a_line_and_what_stands_before_it() -> None:
    found = read(
        form(
            "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT",
            "Ông Quách Công Bình Dã, sinh ngày 21/04/1988, Căn cước số 038088999769, địa chỉ",
            "thường trú: Thôn Vườn Trầu, xã Ruộng Vàng, tỉnh Sơn Mây.",
            "e) Địa chỉ: xã Ruộng Vàng, tỉnh Sơn Mây;",
        ),
        "giay_chung_nhan_quyen_su_dung_dat",
    )

    assert value(found, "residence") == "Thôn Vườn Trầu, xã Ruộng Vàng, tỉnh Sơn Mây"
    assert value(found, "parcel_address") == "xã Ruộng Vàng, tỉnh Sơn Mây"
    assert value(found, "holder_id") == "038088999769"


def test_the_first_form_of_address_is_the_owner_whichever_it_is() -> None:
    found = read(
        form(
            "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT",
            "Bà Nông Ngọc Tố Nga, sinh ngày 06/09/1990, Căn cước số 042190999722",
            "a) Thửa đất số: 585; tờ bản đồ số: 12;",
            "ông Vĩnh Trụ",
        ),
        "giay_chung_nhan_quyen_su_dung_dat",
    )

    assert value(found, "holder_name") == "Nông Ngọc Tố Nga"


def test_a_mothers_number_is_not_her_childs() -> None:
    found = read(
        form(
            "GIẤY CHỨNG SINH",
            "Họ và tên mẹ/Người nuôi dưỡng: LÝ THỊ HỒNG THỦY TRÚC",
            "Số CCCD/Mã định danh cá nhân: 033198999586",
            "Đã sinh con vào lúc: 18 giờ 36 phút, ngày 10 tháng 11 năm 2023",
            "Dự định đặt tên con là: NGÔ KHÁNH VÂN SƯƠNG",
        ),
        "giay_chung_sinh",
    )

    assert found.fields["holder_id"] is None
    assert (value(found, "mother_id"), value(found, "holder_name")) == ("033198999586", "NGÔ KHÁNH VÂN SƯƠNG")


def test_a_name_ends_before_the_sentence_goes_on_and_a_value_with_its_paragraph() -> None:
    asked = read(form("ĐƠN XIN XÁC NHẬN", "Tôi tên là: Nông Khánh Thủy Trúc là chủ hộ gia đình tại xã Núi Dẻ"), "don")
    poor = [line(25, 60, "Nội dung xác nhận: hộ nghèo theo chuẩn nghèo đa chiều giai đoạn hiện hành của Nhà nước."),
            line(35, 66, "Đề nghị các cơ quan liên quan tạo điều kiện giải quyết theo quy định./.")]  # fmt: skip
    confirmed = read(page([*MOTTO, line(105, 40, "GIẤY XÁC NHẬN", centre=True), *poor]), "giay_xac_nhan")

    assert value(asked, "holder_name") == "Nông Khánh Thủy Trúc"
    assert value(confirmed, "summary") == "hộ nghèo theo chuẩn nghèo đa chiều giai đoạn hiện hành của Nhà nước"


def test_specks_in_a_date_do_no_harm_but_a_lost_digit_leaves_it_open() -> None:
    said = "Ngày cấp: “2/03/2025"
    sure = read(page([line(105, 20, "THẺ BẢO HIỂM Y TẾ", centre=True), line(25, 60, said)]), "the_bao_hiem_y_te")
    unsure = read(
        page([line(105, 20, "THẺ BẢO HIỂM Y TẾ", centre=True), line(25, 60, said, confidence=0.3)]), "the_bao_hiem_y_te"
    )

    assert value(sure, "issued_on") == "2025-03-02"
    assert (field(unsure, "issued_on").value, field(unsure, "issued_on").reason) == (None, "UNREADABLE")


def test_a_label_whose_letters_were_read_as_digits_is_still_that_label() -> None:
    found = read(form("THẺ BẢO HIỂM Y TẾ", "N9ày cếP: 01/01/2025"), "the_bao_hiem_y_te")
    other = read(form("THẺ BẢO HIỂM Y TẾ", "N9ày tiêm: 01/01/2025"), "the_bao_hiem_y_te")

    assert value(found, "issued_on") == "2025-01-01"
    assert value(other, "issued_on") is None


def test_place_and_date_on_two_lines_of_a_narrow_column() -> None:
    lines = [line(105, 30, "DANH SÁCH THÀNH VIÊN", centre=True), line(150, 180, "Giếng Ngọc Nam, ngày", centre=True),
             line(150, 186, "11 tháng 8 năm 2026", centre=True), line(150, 192, "NGƯỜI LẬP DANH SÁCH", centre=True)]  # fmt: skip
    found = read(page([*MOTTO, *lines]), "danh_sach")

    assert (value(found, "issued_on"), value(found, "issued_at")) == ("2026-08-11", "Giếng Ngọc Nam")


def test_a_paper_of_no_type_tells_its_owner_and_the_date_that_stands_alone() -> None:
    lines = form("PHIẾU BẢO HÀNH", "Họ và tên: Dương Bá Khởi Nguyên", "Thời hạn bảo hành: 12 tháng", "Ngày 05/08/2025")
    found = extract([lines], None, CATALOG)

    assert (value(found, "holder_name"), value(found, "issued_on")) == ("Dương Bá Khởi Nguyên", "2025-08-05")
    assert found.flags == ("TYPE_UNKNOWN",)


def test_r11_a_passports_zone_tells_what_the_print_lost() -> None:
    zone = "C42007209VNM9309164F291011608319399951346"  # its filler was lost
    lines = [line(105, 20, "HỘ CHIẾU / PASSPORT", centre=True), line(60, 40, "Ngày snh 1 Date of binh"), line(60, 44, "16/09/1993"),
             line(60, 50, "Có giá trị đến / Date of expiry"), line(60, 54, "11/10/2029"), line(25, 90, zone)]  # fmt: skip
    found = read(page(lines), "ho_chieu")

    assert (value(found, "number"), value(found, "holder_id")) == ("C4200720", "083193999513")
    assert (value(found, "holder_birth_date"), value(found, "valid_until")) == ("1993-09-16", "2029-10-11")
    assert field(found, "holder_birth_date").source is Source.MRZ


@pytest.mark.parametrize(
    ("kind", "printed", "title", "doubt"),
    [
        ("giay_phep_lai_xe", "GIẤY PHÉP LÁI XE I DRIVERS LICENSE", "GIẤY PHÉP LÁI XE", None),
        ("ban_ve_thiet_ke", "MẶT BẰNG TẦNG 1", "MẶT BẰNG TẦNG 1", None),
        ("huong_dan", "HƯỚNG DẪN 7", "HƯỚNG DẪN", None),
        (
            "giay_chung_nhan_quyen_su_dung_dat",
            "GIẤY CHỨNG NHẬN SỬ DỤNG ĐẤT HỮU NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT",
            "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT",
            "MENDED",
        ),
    ],
)
def test_titles_that_the_catalog_knows_by_what_was_read(kind: str, printed: str, title: str, doubt: str | None) -> None:
    found = field(read(form(printed, "Họ và tên: Trần Ngọc Tố Nga"), kind), "title")

    assert (found.value, found.doubt) == (title, doubt)
