"""Words of the page that arranges pages."""

from __future__ import annotations

from typing import Final

TEXT: Final[dict[str, tuple[str, str]]] = {
    "arrange": ("Sắp xếp trang", "Arrange the pages"),
    "arrange_how": (
        "Đánh dấu ✂ ở trang đầu của mỗi giấy tờ, xoay trang nằm sai chiều, rồi bấm Sắp xếp lại. Tệp gốc không bị thay đổi.",
        "Mark the first page of each paper with ✂, turn pages that lie wrong, then press Arrange. The file that came is not altered.",
    ),
    "arrange_begins": ("Giấy tờ mới", "New paper"),
    "arrange_first": ("Trang đầu", "First page"),
    "arrange_turn": ("Xoay", "Turn"),
    "arrange_turn_0": ("như bây giờ", "as it is"),
    "arrange_turn_90": ("sang phải 90°", "right 90°"),
    "arrange_turn_180": ("ngược lại 180°", "upside down 180°"),
    "arrange_turn_270": ("sang trái 90°", "left 90°"),
    "arrange_do": ("Sắp xếp lại", "Arrange"),
    "arrange_busy": ("Đang sắp xếp lại…", "Arranging…"),
    "arrange_busy_how": (
        "Trang này tự cập nhật khi xong. Có thể rời đi, việc vẫn chạy tiếp.",
        "This page updates by itself when it is done. You may leave, the work goes on.",
    ),
    "arrange_same": ("Các trang đã đúng như vậy.", "The pages are so already."),
    "arrange_failed": (
        "Lần sắp xếp trước không làm được; giấy tờ vẫn như cũ. Tải lại rồi thử lại.",
        "The last arrangement could not be done; the papers are as they were. Reload and try again.",
    ),
    "arrange_not_read": (
        "Bản quét chưa đọc xong hoặc không đọc được, nên chưa sắp xếp được.",
        "The scan is not read (yet), so it can't be arranged.",
    ),
    "arrange_fixed": ("đã xác nhận, giữ nguyên trang", "confirmed, keeps its pages"),
    "arrange_keys": ("Phím: ← → chọn trang, S cắt, R xoay", "Keys: ← → choose a page, S cut, R turn"),
    "arrange_back": ("Về hồ sơ {code}", "Back to {code}"),
    "arrange_page_of": ("Trang {number} của {file}", "Page {number} of {file}"),
}
