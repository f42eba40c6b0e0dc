"""The words of the first pages."""

from __future__ import annotations

from typing import Final

TEXT: Final[dict[str, tuple[str, str]]] = {
    "home_title": ("Hôm nay", "Today"),
    "home_waits": ("Đang chờ", "Waiting"),
    "home_to_review": ("Giấy tờ chờ kiểm tra", "Papers to review"),
    "home_oldest": ("cũ nhất từ {when}", "oldest since {when}"),
    "home_reading": ("Bản quét đang đọc", "Scans being read"),
    "home_failed": ("Bản quét không nhận được, 7 ngày", "Scans not taken, 7 days"),
    "home_dossiers": ("Hồ sơ mở", "Dossiers opened"),
    "home_scans": ("Bản quét nhận", "Scans received"),
    "home_pages": ("Trang đã đọc", "Pages read"),
    "home_stored": ("Giấy tờ vào kho", "Papers stored"),
    "home_reused": ("Lần dùng lại", "Papers used again"),
    "home_failed_list": ("Bản quét không nhận được", "Scans not taken"),
    "home_none_failed": ("Không có bản quét nào bị lỗi trong 7 ngày qua.", "No scan failed in the last 7 days."),
    "home_go": ("Đi tới", "Go to"),
    "home_system": ("Hệ thống", "The system"),
    "home_ready": ("Mọi phần đều chạy", "Everything runs"),
    "home_not_ready": ("Có phần không chạy", "Something is down"),
    "home_accounts": ("Tài khoản đang dùng", "Accounts in use"),
    "home_closed": ("{count} đã khóa", "{count} closed"),
    "home_stations": ("Trạm đang dùng", "Stations in use"),
    "home_pending": ("Việc đang chờ máy", "Tasks waiting"),
    "home_dead": ("Việc máy đã bỏ", "Tasks given up"),
    "home_ok": ("chạy", "runs"),
    "home_down": ("không trả lời", "does not answer"),
    "home_database": ("Cơ sở dữ liệu", "Database"),
    "home_store": ("Kho tệp", "Object store"),
    "home_broker": ("Hàng đợi", "Broker"),
    "home_down_advice": (
        "Chạy `digitize doctor` trên máy chủ; hồ sơ đã nhận không mất.",
        "Run `digitize doctor` on the server; what was accepted is not lost.",
    ),
    "home_silent": ("Trạm im lặng hơn một ngày", "Stations not heard for a day"),
    "home_none_silent": ("Trạm nào cũng vừa liên lạc trong một ngày qua.", "Every station was heard within a day."),
    "home_never": ("chưa liên lạc lần nào", "never heard"),
    "home_counter": ("Mở hồ sơ ở quầy", "Open a dossier at the counter"),
    "dossier_zip": ("Tải tất cả PDF (ZIP)", "Download all PDFs (ZIP)"),
    "dossier_history": ("Quá trình xử lý", "What happened"),
    "dossier_looks": ("Ai đã xem hồ sơ này", "Who looked at this dossier"),
    "error_back": ("Quay lại trang trước", "Back to the page before"),
    "error_keep": (
        "Báo bộ phận kỹ thuật? Đọc cho họ mã yêu cầu này.",
        "Calling your IT staff? Read them this request id.",
    ),
}
