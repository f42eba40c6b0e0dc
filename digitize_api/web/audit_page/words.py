"""The words of ``/nhat-ky``."""

from __future__ import annotations

from typing import Final

TEXT: Final[dict[str, tuple[str, str]]] = {
    "log": ("Nhật ký", "Log"),
    "log_title": ("Nhật ký: ai đã xem, ai đã sửa", "Log: who looked, who changed"),
    "log_hint": (
        "Không hiện dữ liệu cá nhân. Việc xem nhật ký cũng được ghi lại.",
        "Shows no personal data. Reading it is logged too.",
    ),
    "log_who": ("Người, trạm", "Who"),
    "log_anyone": ("Tất cả", "Anyone"),
    "log_sort": ("Loại việc", "Kind"),
    "log_all": ("Việc của người, trạm", "By people and stations"),
    "log_looks": ("Xem", "Looks"),
    "log_changes": ("Sửa, chuyển bước, dùng lại, hủy", "Changes"),
    "log_administration": ("Tài khoản, trạm", "Accounts, stations"),
    "log_machine": ("Máy đọc trang", "Pages read by the machine"),
    "log_day": ("Ngày", "Day"),
    "log_show": ("Lọc", "Filter"),
    "log_clear": ("Bỏ lọc", "Clear"),
    "log_when": ("Lúc", "When"),
    "log_what": ("Việc", "What"),
    "log_where": ("Hồ sơ, giấy tờ", "Dossier, paper"),
    "log_agency": ("Cơ quan", "Agency"),
    "log_none": (
        "Không có việc nào khớp. Bỏ bớt điều kiện, hoặc chọn ngày khác.",
        "Nothing fits. Drop a condition, or choose another day.",
    ),
    "log_older": ("Cũ hơn", "Older"),
    "log_newest": ("Mới nhất", "Newest"),
    "log_of_holder": ("Chỉ những việc về một người hoặc tổ chức.", "Only what is about one person or organisation."),
    "log_paper": ("giấy tờ", "paper"),
    "log_no_dossier": (
        "Không có hồ sơ nào mang mã này trong các cơ quan của bạn.",
        "No dossier of your agencies has this code.",
    ),
}
