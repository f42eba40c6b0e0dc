"""Words of the page that arranges pages."""

from __future__ import annotations

from typing import Final

TEXT: Final[dict[str, tuple[str, str]]] = {
    "arrange": ("Sắp xếp trang", "Arrange the pages"),
    "arrange_how": (
        "Kéo trang (hoặc đổi số thứ tự) đến đúng chỗ, đánh dấu ✂ ở trang đầu mỗi giấy tờ, xoay trang nằm sai chiều, bỏ trang thừa ra ngoài, rồi bấm Sắp xếp lại. Tệp gốc không bị thay đổi.",
        "Drag a page (or change its number) to its place, mark the first page of each paper with ✂, turn pages that lie wrong, leave out those that don't belong, then press Arrange. The file that came is not altered.",
    ),
    "arrange_begins": ("Giấy tờ mới", "New paper"),
    "arrange_place": ("Thứ tự", "Place"),
    "arrange_place_of": ("Thứ tự của trang {number}", "Place of page {number}"),
    "arrange_sooner": ("Đưa trang {number} lên trước", "Move page {number} towards the front"),
    "arrange_later": ("Đưa trang {number} ra sau", "Move page {number} towards the end"),
    "arrange_out": ("Bỏ ra ngoài", "Left out"),
    "arrange_sheet": ("tờ ngăn, không thuộc giấy tờ nào", "separator sheet, of no paper"),
    "arrange_source": ("trang {number} của tệp", "page {number} of the file"),
    "arrange_undo": ("Hoàn tác", "Undo"),
    "arrange_undo_last": ("Trả lại như trước lần sắp xếp vừa rồi", "Back to before the last arrangement"),
    "arrange_moved": ("Trang # đứng thứ @, trong giấy tờ thứ %.", "Page # is number @ now, in paper %."),
    "arrange_moved_out": ("Trang # đứng thứ @, ngoài các giấy tờ.", "Page # is number @ now, in no paper."),
    "arrange_left_out": ("Trang # được bỏ ra ngoài.", "Page # is left out."),
    "arrange_put_back": ("Trang # được đưa lại.", "Page # is put back."),
    "arrange_wall": (
        "Không chuyển được: giấy tờ đã xác nhận giữ nguyên trang và số trang.",
        "Not possible: a confirmed paper keeps its pages and their numbers.",
    ),
    "arrange_last": (
        "Phải còn ít nhất một trang. Muốn bỏ cả bản quét, bấm Bỏ bản quét ở Quầy.",
        "A page has to stay. To take out the whole scan, press Take out at the counter.",
    ),
    "arrange_undone": ("Đã hoàn tác.", "Undone."),
    "arrange_nothing": ("Không còn gì để hoàn tác.", "There is nothing left to undo."),
    "arrange_turn": ("Xoay", "Turn"),
    "arrange_turn_0": ("Không xoay", "Not turned"),
    "arrange_turn_90": ("Xoay phải 90°", "Turn right 90°"),
    "arrange_turn_180": ("Xoay ngược 180°", "Turn 180°"),
    "arrange_turn_270": ("Xoay trái 90°", "Turn left 90°"),
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
    "arrange_fixed": ("đã xác nhận", "confirmed"),
    "arrange_keys": (
        "Phím: ← → chọn trang, ⇧← ⇧→ chuyển trang, S cắt, R xoay, X bỏ ra, U hoàn tác",
        "Keys: ← → choose a page, ⇧← ⇧→ move it, S cut, R turn, X leave out, U undo",
    ),
    "arrange_back": ("Về hồ sơ {code}", "Back to {code}"),
    "arrange_page_of": ("Trang {number} của {file}", "Page {number} of {file}"),
}
