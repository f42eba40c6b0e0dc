"""The words of ``/kho``."""

from __future__ import annotations

from typing import Final

TEXT: Final[dict[str, tuple[str, str]]] = {
    "wh": ("Kho", "Warehouse"),
    "wh_title": ("Kho dữ liệu điện tử của tổ chức, cá nhân", "Warehouse of a person or organisation"),
    "wh_of": ("Kho của", "Warehouse of"),
    "wh_number": ("Số định danh hoặc mã số của tổ chức", "Personal id or the organisation's number"),
    "wh_number_hint": (
        "Đặt con trỏ vào đây rồi quét thẻ, hoặc gõ số.",
        "Put the cursor here and scan the card, or type.",
    ),
    "wh_why": ("Xem để làm gì?", "What is it for?"),
    "wh_words": ("Nói rõ thêm", "In your own words"),
    "wh_words_hint": (
        "Bắt buộc khi chọn “Việc khác”. Đừng ghi số định danh vào đây.",
        "Needed for “Something else”. Leave id numbers out.",
    ),
    "wh_open": ("Mở kho", "Open"),
    "wh_asked_once": (
        "Hỏi một lần cho mỗi người trong phiên làm việc này, có giá trị {minutes} phút.",
        "Asked once for each person in this session; holds for {minutes} minutes.",
    ),
    "wh_logged": (
        "Việc mở kho được ghi lại: ai, lúc nào, để làm gì.",
        "Opening it is logged: who, when, what for.",
    ),
    "wh_none": (
        "Kho của cơ quan chưa có giấy tờ hay hồ sơ nào của số này. Kiểm tra lại số trên thẻ rồi gõ lại; nếu đúng, mở hồ sơ mới ở quầy.",
        "Your agency holds nothing under this number. Check it against the card; if it is right, open a new dossier at the counter.",
    ),
    "wh_bad_number": (
        "Số này chưa đúng dạng. Số định danh có 12 chữ số; mã số tổ chức có 10 hoặc 13 chữ số.",
        "That is no id number. Personal ids have 12 digits, organisations' numbers 10 or 13.",
    ),
    "wh_no_purpose": (
        "Chọn việc cần làm; nếu là việc khác thì ghi rõ.",
        "Choose what it is for; if it is something else, say what.",
    ),
    "wh_open_until": ("Mở để: {purpose}. Đến {until}.", "Opened for: {purpose}. Until {until}."),
    "wh_person": ("Cá nhân", "Person"),
    "wh_organisation": ("Tổ chức", "Organisation"),
    "wh_no_name": ("Chưa ghi tên", "No name recorded"),
    "wh_birth": ("Ngày sinh", "Date of birth"),
    "wh_part_a": ("Danh tính chủ hồ sơ", "Who the owner is"),
    "wh_part_b": ("Hồ sơ đã tiếp nhận", "Dossiers received"),
    "wh_part_c": ("Quá trình xử lý", "What happened"),
    "wh_part_d": ("Kết quả giải quyết", "Results"),
    "wh_part_đ": ("Bản sao chứng thực điện tử", "Certified electronic copies"),
    "wh_part_e": ("Giấy tờ và dữ liệu khác", "Other papers and data"),
    "wh_law": ("Thông tư 01/2023/TT-VPCP, Điều 24", "Circular 01/2023/TT-VPCP, Article 24"),
    "wh_nothing_a": (
        "Chưa có giấy tờ tùy thân nào trong kho. Giấy tờ vào kho khi hồ sơ đi hết các bước.",
        "No identity paper is stored yet. A paper is stored when it has gone through every step.",
    ),
    "wh_nothing_b": ("Chưa có hồ sơ nào ở cơ quan này.", "No dossier at this agency."),
    "wh_nothing_c": ("Chưa có việc gì được ghi lại.", "Nothing is on record."),
    "wh_nothing_d": (
        "Chưa có kết quả nào trong kho. Kết quả vào kho khi được cấp mã và lưu.",
        "No result is stored yet. A result is stored once it has its code.",
    ),
    "wh_nothing_đ": ("Chưa có bản sao chứng thực nào.", "No certified copy."),
    "wh_nothing_e": ("Không có giấy tờ nào khác.", "No other paper."),
    "wh_looks": ("Ai đã xem", "Who looked"),
    "wh_no_looks": ("Chưa ai xem.", "Nobody looked."),
    "wh_full_log": ("Xem đủ trong nhật ký", "All of it in the log"),
    "wh_counts": (
        "{files} tệp · {papers} giấy tờ · {stored} đã lưu kho",
        "{files} files · {papers} papers · {stored} stored",
    ),
    "wh_valid": ("Còn hiệu lực", "Valid"),
    "wh_valid_until": ("Còn hiệu lực đến {day}", "Valid until {day}"),
    "wh_not": ("Không dùng lại được", "Can't be used again"),
    "wh_issued": ("cấp {day}", "issued {day}"),
    "wh_stored": ("lưu kho {when}", "stored {when}"),
    "wh_version": ("phiên bản {number}", "version {number}"),
    "wh_not_returned": ("chưa trả cho công dân", "not handed to its holder yet"),
    "wh_returned": ("đã trả {when}", "handed over {when}"),
    "wh_more": ("Dữ liệu, phiên bản, nơi đã dùng", "Data, versions, uses"),
    "wh_versions": ("Phiên bản", "Versions"),
    "wh_one_version": ("Chỉ có một phiên bản, chưa sửa lần nào.", "One version, never corrected."),
    "wh_replaced": ("Phiên bản {number}, sửa lúc {when} bởi {who}", "Version {number}, replaced {when} by {who}"),
    "wh_uses": ("Đã dùng cho hồ sơ", "Used in dossiers"),
    "wh_no_uses": ("Chưa dùng lại lần nào.", "Never used again."),
    "wh_used": ("{when}, {who}, phiên bản {number}", "{when}, {who}, version {number}"),
    "wh_see_papers": ("Xem giấy tờ", "See the paper"),
    "wh_to_dossier": ("Về hồ sơ {code}", "Back to dossier {code}"),
    "wh_someone_else": ("Mở kho của người khác", "Open another one"),
    "wh_link": ("Kho của công dân", "Holder's warehouse"),
    "wh_first_shown": ("Đang hiện {count} dòng mới nhất.", "The newest {count} are shown."),
}
