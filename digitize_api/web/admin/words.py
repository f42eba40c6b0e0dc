"""The words of ``/tai-khoan`` and ``/tram``."""

from __future__ import annotations

from typing import Final

TEXT: Final[dict[str, tuple[str, str]]] = {
    "ad_accounts": ("Tài khoản", "Accounts"),
    "ad_stations": ("Trạm quét", "Stations"),
    "ad_logged": ("Mọi thay đổi ở đây được ghi vào nhật ký.", "Every change here is logged."),
    "ad_new_account": ("Thêm tài khoản", "Add an account"),
    "ad_new_station": ("Thêm trạm", "Add a station"),
    "ad_name_hint": ("Không có dấu cách, ví dụ: tran.mau", "No spaces, for example: tran.mau"),
    "ad_station_name": ("Tên trạm", "Station's name"),
    "ad_station_hint": (
        "Không có dấu cách, ví dụ: quay-1. Phần mềm một cửa gọi API cũng là một trạm.",
        "No spaces, for example: quay-1. One-stop software that calls the API is a station too.",
    ),
    "ad_role": ("Vai trò", "Role"),
    "ad_role_of": ("Vai trò của {name}", "Role of {name}"),
    "ad_set_role": ("Đổi", "Change"),
    "ad_change_role": ("Đổi vai trò của {name}", "Change the role of {name}"),
    "ad_agency": ("Cơ quan", "Agency"),
    "ad_state": ("Tình trạng", "State"),
    "ad_open": ("đang dùng", "in use"),
    "ad_closed": ("đã khóa", "closed"),
    "ad_revoked": ("khóa đã thu hồi", "key revoked"),
    "ad_last_login": ("Đăng nhập", "Signed in"),
    "ad_not_in": ("không có phiên nào", "no session"),
    "ad_seen": ("Nghe lần cuối", "Last heard"),
    "ad_never": ("chưa lần nào", "never"),
    "ad_actions": ("Việc làm", "Actions"),
    "ad_close": ("Khóa", "Close"),
    "ad_reopen": ("Mở lại", "Open again"),
    "ad_reset": ("Đặt lại mật khẩu", "Reset password"),
    "ad_new_key": ("Cấp khóa mới", "New key"),
    "ad_revoke": ("Thu hồi khóa", "Revoke key"),
    "ad_you": ("bạn", "you"),
    "ad_none_accounts": ("Chưa có tài khoản nào. Thêm tài khoản đầu tiên.", "No account yet. Add the first."),
    "ad_none_stations": (
        "Chưa có trạm nào. Thêm trạm, chép khóa vào máy quét, rồi quét thử một tờ.",
        "No station yet. Add one, put its key into the scanner, then scan a sheet to try.",
    ),
    "ad_once_password": ("Mật khẩu của {name}", "Password of {name}"),
    "ad_once_key": ("Khóa của trạm {name}", "Key of station {name}"),
    "ad_once": (
        "Chỉ hiện một lần. Chép ngay và trao tận tay; rời trang này là không xem lại được.",
        "Shown this once. Copy it now and hand it over in person; it can't be seen again.",
    ),
    "ad_once_password_next": (
        "Mọi phiên đăng nhập cũ của tài khoản này đã kết thúc.",
        "Every earlier session of this account has ended.",
    ),
    "ad_once_key_next": (
        "Đặt khóa này vào trạm. Khóa cũ, nếu có, không còn dùng được.",
        "Put this key into the station. An earlier key no longer works.",
    ),
    "ad_done": ("Đã chép, về danh sách", "Copied, back to the list"),
    "ad_taken": ("Tên này đã có. Chọn tên khác.", "This name is taken. Choose another."),
    "ad_undo": ("Khóa hay thu hồi đều làm lại được.", "Closing and revoking can be undone."),
    "ad_own_password": ("Đổi mật khẩu của bạn", "Change your password"),
    "ad_old_password": ("Mật khẩu đang dùng", "Present password"),
    "ad_new_password": ("Mật khẩu mới", "New password"),
    "ad_new_again": ("Gõ lại mật khẩu mới", "New password again"),
    "ad_password_hint": (
        "Ít nhất {least} ký tự. Một câu dễ nhớ chắc hơn một từ lạ.",
        "At least {least} characters. A sentence you remember is stronger than an odd word.",
    ),
    "ad_password_wrong": (
        "Mật khẩu đang dùng chưa đúng. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt.",
        "The present password is wrong. Check Caps Lock and the input method.",
    ),
    "ad_password_short": ("Mật khẩu mới ngắn quá.", "The new password is too short."),
    "ad_password_differs": ("Hai lần gõ mật khẩu mới khác nhau.", "The new password was typed differently."),
    "ad_change": ("Đổi mật khẩu", "Change password"),
}
