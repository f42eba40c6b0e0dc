"""R17: a head is put together again from lines that are broken, joined, stamped over."""

from __future__ import annotations

from collections.abc import Sequence

from tests.workers.classify.pages import act, line, page
from workers.classify.head import read_head
from workers.classify.pieces import Piece
from workers.page import PageOutcome


def said(pieces: Sequence[Piece]) -> list[str]:
    return [piece.text for piece in pieces]


def test_r17_the_parts_of_an_act() -> None:
    head = read_head(act())

    assert said(head.issuer) == ["ỦY BAN NHÂN DÂN", "TỈNH QUẢNG NGÃI"]
    assert said(head.motto) == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert head.number is not None
    assert head.number.text == "Số: 15/QĐ-UBND"
    assert head.place_date is not None
    assert head.place_date.text == "Quảng Ngãi, ngày 05 tháng 01 năm 2025"
    assert head.title_text == "QUYẾT ĐỊNH"
    assert said(head.summary) == ["Về việc phê duyệt Kế hoạch ứng phó", "sự cố tràn dầu huyện Nghĩa Hành"]


def test_r17_columns_that_a_text_layer_joined_are_parted() -> None:
    joined = page(
        [
            line(25, 20, "PHÒNG GD-ĐT QUẬN CẦU GIẤY CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=10),
            line(25, 25.5, "TRƯỜNG THCS DỊCH VỌNG  Độc lập - Tự do - Hạnh phúc", size=10),
            line(25, 38, "Số: 12/TB-THCS Hà Nội, ngày 6 tháng 2 năm 2023"),
            line(105, 50, "THÔNG BÁO", centre=True),
        ]
    )

    head = read_head(joined)

    assert said(head.issuer) == ["PHÒNG GD-ĐT QUẬN CẦU GIẤY", "TRƯỜNG THCS DỊCH VỌNG"]
    assert head.number is not None
    assert head.number.text == "Số: 12/TB-THCS"
    assert head.place_date is not None
    assert head.place_date.text == "Hà Nội, ngày 6 tháng 2 năm 2023"


def test_r17_a_motto_in_two_lines_and_the_dashes_of_a_table() -> None:
    broken = page(
        [
            line(62, 20, "ỦY BAN NHÂN DÂN", centre=True),
            line(62, 25, "TỈNH TIỀN GIANG", centre=True),
            line(62, 30, "-------", centre=True),
            line(140, 20, "CỘNG HÒA XÃ HỘI", centre=True),
            line(140, 25, "CHỦ NGHĨA VIỆT NAM", centre=True),
            line(140, 30, "Độc lập - Tự do - Hạnh phúc", centre=True),
            line(62, 40, "| Số: 383/KH-UBND", centre=True),
            line(140, 40, "Tiền Giang, ngày 15 tháng 8 năm 2023", centre=True),
            line(105, 52, "KẾ HOẠCH", centre=True),
        ]
    )

    head = read_head(broken)

    assert said(head.issuer) == ["ỦY BAN NHÂN DÂN", "TỈNH TIỀN GIANG"]
    assert len(head.motto) == 3
    assert head.number is not None
    assert head.title_text == "KẾ HOẠCH"


def test_what_was_stamped_on_later_is_no_part_of_the_head() -> None:
    above = (
        line(150, 4, "Ký bởi: Ủy ban nhân dân tỉnh Quảng Ngãi", size=7),
        line(150, 8, "Thời gian ký: 17/01/2025 17:06:30", size=7),
        line(95, 4, "TRUNG TÂM CÔNG BÁO", size=7),
        line(20, 47, "CÔNG VĂN ĐẾN"),
        line(20, 53, "Số: 1204"),
    )

    head = read_head(act(above=above))

    assert said(head.issuer) == ["ỦY BAN NHÂN DÂN", "TỈNH QUẢNG NGÃI"]
    assert head.number is not None
    assert head.number.text == "Số: 15/QĐ-UBND"
    assert "Số: 1204" in said(head.stamps)
    assert "Thời gian ký: 17/01/2025 17:06:30" in said(head.stamps)


def test_a_letter_has_its_subject_under_the_number_and_no_title() -> None:
    head = read_head(
        act(
            number="Số: 574/UBND-KTTH",
            title=(),
            summary=(),
            subject=("V/v đăng ký bổ sung", "nội dung trình HĐND tỉnh"),
            body=("Kính gửi: Thường trực HĐND tỉnh",),
        )
    )

    assert said(head.subject) == ["V/v đăng ký bổ sung", "nội dung trình HĐND tỉnh"]
    assert head.title == ()
    assert said(head.recipients) == ["Kính gửi: Thường trực HĐND tỉnh"]


def test_the_line_that_names_the_body_ends_the_summary() -> None:
    head = read_head(act(summary=("Công bố Danh mục thủ tục hành chính", "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH NINH BÌNH")))

    assert said(head.summary) == ["Công bố Danh mục thủ tục hành chính"]
    assert said(head.body_named) == ["CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH NINH BÌNH"]


def test_a_page_without_a_head_has_none() -> None:
    body = page(
        [
            line(30, 20 + 7 * row, "thực hiện các nhiệm vụ được giao tại Kế hoạch này ngày 05 tháng 01 năm 2025;")
            for row in range(20)
        ]
    )

    head = read_head(body)

    assert (head.issuer, head.number, head.place_date, head.title, head.summary) == ((), None, None, (), ())
    assert read_head(PageOutcome(1)).body == ()
