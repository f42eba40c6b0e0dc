"""Every word of the pages, in the counter's own terms, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from digitize_api.language import Language
from digitize_api.web import event_table, paper_words
from digitize_api.web.admin import words as admin_words
from digitize_api.web.arranging import words as arranging_words
from digitize_api.web.audit_page import words as audit_words
from digitize_api.web.batches import words as batch_words
from digitize_api.web.counter import words as counter_words
from digitize_api.web.home import words as home_words
from digitize_api.web.inventory import exception_words
from digitize_api.web.inventory import words as inventory_words
from digitize_api.web.quality import words as quality_words
from digitize_api.web.reports import words as report_words
from digitize_api.web.review import words as review_words
from digitize_api.web.search_page import words as search_words
from digitize_api.web.warehouse import words as warehouse_words
from digitize_api.web.webhooks import words as webhook_words
from models.catalog import Catalog
from models.errors import catalogue
from models.local_time import LOCAL

TEXT: dict[str, tuple[str, str]] = {
    "app": ("Số hóa hồ sơ", "Digitize"),
    "skip": ("Bỏ qua phần đầu trang", "Skip to content"),
    "counter": ("Quầy", "Counter"),
    "find": ("Tra cứu", "Search"),
    "sign_in": ("Đăng nhập", "Sign in"),
    "sign_out": ("Đăng xuất", "Sign out"),
    "account_name": ("Tên đăng nhập", "Account name"),
    "password": ("Mật khẩu", "Password"),
    "sign_in_hint": ("Dùng tài khoản do cơ quan cấp.", "Use the account your agency gave you."),
    "wrong_password": (
        "Tên đăng nhập hoặc mật khẩu chưa đúng. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt rồi thử lại.",
        "The name or the password is wrong. Check Caps Lock and the input method, then try again.",
    ),
    "other_language": ("English", "Tiếng Việt"),
    "new_dossier": ("Mở hồ sơ mới", "Open a new dossier"),
    "open_dossier": ("Mở hồ sơ", "Open dossier"),
    "title": ("Việc cần giải quyết", "What it is about"),
    "title_hint": ("Ví dụ: Đăng ký khai sinh", "For example: birth registration"),
    "procedure": ("Mã thủ tục", "Procedure code"),
    "optional": ("không bắt buộc", "optional"),
    "holder_id": ("Số định danh của công dân", "Citizen's id number"),
    "holder_hint": ("Đặt con trỏ vào đây rồi quét thẻ", "Put the cursor here and scan the card"),
    "holder_name": ("Họ và tên", "Full name"),
    "recent": ("Hồ sơ mới mở", "Recent dossiers"),
    "no_dossiers": ("Chưa có hồ sơ nào. Mở hồ sơ đầu tiên ở trên.", "No dossiers yet. Open the first one above."),
    "continue_dossier": ("Mở tiếp hồ sơ đã có", "Continue a dossier"),
    "dossier_code": ("Mã hồ sơ", "Dossier code"),
    "opened": ("mở lúc", "opened"),
    "holder": ("Công dân", "Holder"),
    "no_holder": ("Chưa ghi công dân", "No holder recorded"),
    "logged": ("Việc xem giấy tờ được ghi lại.", "Looks at papers are logged."),
    "drop": ("Kéo thả bản quét vào đây", "Drop scans here"),
    "or": ("hoặc", "or"),
    "send_scans": ("Gửi bản quét", "Send scans"),
    "choose": ("Chọn tệp", "Choose files"),
    "kinds": ("PDF, JPEG, PNG, TIFF, WebP, BMP, HEIC", "PDF, JPEG, PNG, TIFF, WebP, BMP, HEIC"),
    "up_to": ("tối đa {size} mỗi tệp", "up to {size} a file"),
    "signed_by": ("Đã ký số", "Digitally signed"),
    "signed_sound": ("còn nguyên vẹn", "unchanged"),
    "signed_broken": (
        "nội dung đã đổi sau khi ký hoặc chữ ký hỏng",
        "changed after signing, or the signature is broken",
    ),
    "signed_unclear": ("chưa kiểm tra được chữ ký", "the signature could not be checked"),
    "papers": ("Giấy tờ đã nhận", "Papers received"),
    "no_papers": ("Chưa nhận bản quét nào.", "Nothing received yet."),
    "uploading": ("Đang gửi", "Sending"),
    "retry": ("Gửi lại", "Send again"),
    "dismiss": ("Bỏ dòng này", "Remove this line"),
    "already": ("Tệp này đã có trong hồ sơ.", "This file is in the dossier already."),
    "lost": ("Mất kết nối, đang nối lại…", "Connection lost, reconnecting…"),
    "network": (
        "Không gửi được: mất mạng. Kiểm tra dây mạng rồi bấm Gửi lại.",
        "Not sent: the network is down. Check the cable, then send again.",
    ),
    "page": ("Trang", "Page"),
    "pages": ("{count} trang", "{count} pages"),
    "progress": ("{done}/{count} trang", "{done}/{count} pages"),
    "open_pdf": ("Xem PDF", "Open PDF"),
    "see_pages": ("Xem trang", "See pages"),
    "paper": ("Giấy tờ", "Paper"),
    "unknown_type": ("Chưa rõ loại giấy tờ", "Type not known"),
    "certain": ("loại: chắc", "type: sure"),
    "look_at_type": ("loại: cần kiểm tra", "type: to be checked"),
    "may_be": ("Có thể là", "May be"),
    "look": ("cần kiểm tra", "check"),
    "confirmed": ("đã xác nhận", "confirmed"),
    "no_value": ("chưa có", "none yet"),
    "paper_code": ("Mã kết quả số hóa", "Code of the result"),
    "fields": ("Dữ liệu trên giấy", "What the paper says"),
    "no_fields": ("Chưa đọc được trường nào.", "No field was read."),
    "secret_kept": (
        "Chữ và ảnh đọc từ tệp này đã bị xóa; tệp gốc được giữ nguyên và không mở được ở đây.",
        "What was read of this file was deleted; the original is kept as it came and can't be opened here.",
    ),
    "needed": ("Thành phần hồ sơ", "What the procedure asks for"),
    "needed_of": ("Theo thủ tục", "By the procedure"),
    "complete": ("Đủ thành phần", "Complete"),
    "incomplete": ("Chưa đủ", "Not complete"),
    "when": ("Điều kiện:", "Condition:"),
    "in_warehouse": ("Kho có", "The warehouse has"),
    "reused_paper": ("Đã dùng lại", "Reused"),
    "use_again": ("Dùng lại", "Use it"),
    "no_scan_needed": ("không phải quét lại", "no need to scan it"),
    "scanned_again": ("Đã quét", "Scanned"),
    "scanned_why": ("Vì sao vẫn quét?", "Why was it scanned all the same?"),
    "keep_scan": ("Giữ bản quét", "Keep the scan"),
    "scan_kept": ("Vẫn quét vì", "Scanned because"),
    "scan_unused": (
        "hồ sơ dùng bản trong kho; bản quét không cấp mã nếu không nêu lý do",
        "the dossier uses the warehouse's; the scan gets no code without a reason",
    ),
    "slip": ("Phiếu yêu cầu bổ sung", "Slip of what is missing"),
    "caution": ("Danh sách này", "This list is"),
    "source": ("Căn cứ", "Source"),
    "no_procedure": (
        "Hồ sơ chưa ghi thủ tục có trong danh mục, nên chưa biết cần những giấy tờ nào.",
        "The dossier names no procedure of the catalog, so what it needs is not known.",
    ),
    "previous": ("Trang trước", "Previous page"),
    "next": ("Trang sau", "Next page"),
    "back_dossier": ("Về hồ sơ", "Back to the dossier"),
    "page_of": ("Trang {number} / {count}", "Page {number} of {count}"),
    "image_of": ("Ảnh trang {number} của giấy tờ", "Image of page {number}"),
    "no_image": ("Trang này không đọc được nên không có ảnh.", "This page could not be read and has no image."),
    "page_text": ("Chữ đọc được", "Text as read"),
    "errors_page": ("Mã lỗi", "Error codes"),
    "code": ("Mã", "Code"),
    "meaning": ("Nghĩa là", "Meaning"),
    "do_now": ("Việc cần làm", "What to do"),
    "request_id": ("Mã yêu cầu", "Request id"),
    "home": ("Về trang đầu", "To the first page"),
    "key": ("phím", "key"),
}

SCAN_STATES: dict[str, tuple[str, str]] = {
    "received": ("Đã nhận, chờ đọc", "Received, waiting"),
    "reading": ("Đang đọc", "Reading"),
    "assembling": ("Đang lập PDF", "Making the PDF"),
    "done": ("Xong", "Done"),
    "refused": ("Không nhận được", "Refused"),
    "blocked_secret": ("Đã dừng: có dấu mật", "Stopped: marked secret"),
    "withdrawn": ("Đã bỏ khỏi hồ sơ", "Taken out of the dossier"),
    "failed": ("Lỗi của hệ thống", "Our defect"),
}
PAGE_STATES: dict[str, tuple[str, str]] = {
    "pending": ("chờ", "waiting"),
    "read": ("đọc được", "read"),
    "failed": ("không đọc được, quét lại trang này", "could not be read, scan it again"),
}
# What the inspection warns of, as a question or a thing to do.
WARNINGS: dict[str, tuple[str, str]] = {
    "DPI_LOW": ("độ phân giải thấp, quét lại ở 300 dpi?", "low resolution, scan again at 300 dpi?"),
    "DPI_UNKNOWN": ("không rõ độ phân giải", "resolution unknown"),
    "NOT_COLOUR": ("ảnh không màu, giấy có dấu đỏ thì quét màu", "not in colour; scan red seals in colour"),
    "BLURRED": ("mờ{where}, quét lại?", "blurred{where}, scan again?"),
    "SKEWED": ("bị lệch, đã chỉnh thẳng", "skewed, straightened"),
    "PHOTO_RECTIFIED": ("ảnh chụp, đã nắn phẳng tờ giấy", "a photo; the sheet was made flat"),
    "CUT_EDGES": ("có thể mất mép giấy, quét lại?", "an edge may be cut off, scan again?"),
    "CUT_CORNER": (
        "góc giấy bị gập hoặc mất{where}, vuốt phẳng rồi quét lại?",
        "a corner is folded or missing{where}, scan again?",
    ),
    "FINGER": ("ngón tay che giấy{where}, quét lại?", "a finger on the sheet{where}, scan again?"),
    "SHADOW": ("có bóng tối{where}, quét lại?", "a shadow{where}, scan again?"),
    "ODD_SIZE": ("khổ giấy lạ, xem đã quét đủ trang chưa", "no usual paper size; is the whole sheet there?"),
    "BLANK": ("trang trắng", "blank page"),
    "TOO_DARK": ("quá tối, quét lại?", "too dark, scan again?"),
    "TOO_LIGHT": ("quá nhạt, quét lại?", "too light, scan again?"),
    "LOW_CONTRAST": ("chữ nhạt, quét lại?", "faint print, scan again?"),
    "ROTATED": ("bị xoay, đã quay lại", "rotated, turned upright"),
    "LOW_GRADE": ("đọc chưa chắc, cần người xem lại", "read with doubt, needs a look"),
}
_WHERE: dict[str, tuple[str, str]] = {
    "top_left": ("ở góc trên bên trái", "at the top left"),
    "top": ("ở phía trên", "at the top"),
    "top_right": ("ở góc trên bên phải", "at the top right"),
    "left": ("ở bên trái", "on the left"),
    "middle": ("ở giữa trang", "in the middle"),
    "right": ("ở bên phải", "on the right"),
    "bottom_left": ("ở góc dưới bên trái", "at the bottom left"),
    "bottom": ("ở phía dưới", "at the bottom"),
    "bottom_right": ("ở góc dưới bên phải", "at the bottom right"),
}
_MENDED = {"SKEWED", "ROTATED", "BLANK", "DPI_UNKNOWN", "PHOTO_RECTIFIED"}  # nothing for the officer to do
_ERRORS = {kind.code: kind for kind in catalogue()}


_OF_PAGES: tuple[Mapping[str, tuple[str, str]], ...] = (
    event_table.TEXT,
    arranging_words.TEXT,
    warehouse_words.TEXT,
    webhook_words.TEXT,
    search_words.TEXT,
    review_words.TEXT,
    counter_words.TEXT,
    audit_words.TEXT,
    admin_words.TEXT,
    batch_words.TEXT,
    quality_words.TEXT,
    home_words.TEXT,
    report_words.TEXT,
    inventory_words.TEXT,
    exception_words.TEXT,
)
"""Words that one page alone needs stand beside it, each key once."""
for _table in _OF_PAGES:
    TEXT.update(_table)


class Words:
    """The words of one language, as templates use them."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._index = 0 if language == "vi" else 1

    def __call__(self, key: str, **values: object) -> str:
        return TEXT[key][self._index].format(**values)

    def scan_state(self, state: str) -> str:
        return SCAN_STATES.get(state, (state, state))[self._index]

    def page_state(self, state: str) -> str:
        return PAGE_STATES.get(state, (state, state))[self._index]

    def warning(self, code: str, regions: Sequence[Mapping[str, Any]] = ()) -> str:
        """What is not in the table is shown as its code rather than hidden. ``regions``: of the page, ``{code, place}``."""
        places = [_WHERE[region["place"]] for region in regions if region["code"] == code and region["place"] in _WHERE]
        names = list(dict.fromkeys(place[self._index] for place in places))
        where = " " + ", ".join(names) if names else ""
        return WARNINGS.get(code, (code, code))[self._index].format(where=where)

    def wants_action(self, code: str) -> bool:
        """Whether the officer should do something about it now."""
        return code not in _MENDED

    def paper_type(self, code: str | None, catalog: Catalog) -> str:
        """The catalog's name of the type; in English ours, where we have one."""
        if code is None:
            return self("unknown_type")
        line = catalog.paper_type(code)
        name = line.name if line else code
        return name if self.language == "vi" else paper_words.PAPER_TYPES_EN.get(code, name)

    def _said(self, table: paper_words.Table, code: str) -> str:
        return table.get(code, (code, code))[self._index]

    def field(self, name: str) -> str:
        return self._said(paper_words.FIELDS, name)

    def open_reason(self, code: str) -> str:
        return self._said(paper_words.OPEN, code)

    def doubt(self, code: str) -> str:
        return self._said(paper_words.DOUBTS, code)

    def attribute(self, code: str) -> str:
        return self._said(paper_words.ATTRIBUTES, code)

    def flag(self, code: str) -> str:
        """Empty for one that the page's own warnings tell."""
        return "" if code in WARNINGS else self._said(paper_words.FLAGS, code)

    def component_state(self, state: str) -> str:
        return self._said(paper_words.COMPONENT_STATES, state)

    def signature(self, state: str) -> str:
        return self._said(paper_words.SIGNATURES, state)

    def slot_state(self, state: str) -> str:
        return self._said(paper_words.SLOT_STATES, state)

    def certainty(self, letter: str) -> str:
        """How sure a line of the catalog is; nothing to say of one that is quoted from the rule's own text."""
        return paper_words.CERTAINTIES.get(letter, ("", ""))[self._index]

    def error(self, code: str) -> tuple[str, str]:
        """Title and advice of an error's code."""
        kind = _ERRORS.get(code, _ERRORS["INTERNAL"])
        if self.language == "vi":
            return kind.title_vi, kind.advice_vi
        return kind.title_en, kind.advice_en

    def when(self, instant: datetime) -> str:
        """``21/11/2026 14:05`` at +07:00."""
        return instant.astimezone(LOCAL).strftime("%d/%m/%Y %H:%M")

    def when_told(self, instant: str) -> str:
        """Of a time as JSON has it."""
        return self.when(datetime.fromisoformat(instant))

    def day(self, day: date) -> str:
        """``21/11/2026``."""
        return f"{day:%d/%m/%Y}"

    def number(self, value: int) -> str:
        """``1.234`` in Vietnamese, ``1,234`` in English."""
        grouped = f"{value:,}"
        return grouped.replace(",", ".") if self.language == "vi" else grouped

    def decimal(self, value: float) -> str:
        """``0,2`` in Vietnamese, ``0.2`` in English."""
        return f"{value:.1f}".replace(".", ",") if self.language == "vi" else f"{value:.1f}"

    def size(self, count: int) -> str:
        """``1,4 MB`` in Vietnamese, ``1.4 MB`` in English."""
        value, unit = (count / 1024 / 1024, "MB") if count >= 1024 * 1024 else (max(1, count / 1024), "KB")
        text = f"{value:.0f}" if value >= 100 or unit == "KB" else f"{value:.1f}"
        return (text.replace(".", ",") if self.language == "vi" else text) + f" {unit}"
