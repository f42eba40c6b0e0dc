"""Every refusal has a code, an HTTP status, and advice that says what to do now, in Vietnamese and English.

One subclass per refusal. The front door shows them as RFC 9457 problem+json, the command line as one line, a scan's
JSON as ``{"code", "detail"}``. ``catalogue()`` lists them all; OpenAPI and the documentation are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar


class DigitizeError(Exception):
    """Base of all coded errors.

    ``detail`` is a sentence about this occurrence (no personal data, no paths of the server). ``retryable`` says
    whether the same call may succeed later without being changed.
    """

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    title_vi: ClassVar[str] = "Lỗi của hệ thống"
    title_en: ClassVar[str] = "Our defect"
    advice_vi: ClassVar[str] = "Xin thử lại; nếu vẫn lỗi, gửi mã yêu cầu cho bộ phận kỹ thuật."
    advice_en: ClassVar[str] = "Try again; if it persists, give the request id to your IT staff."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.title_en)
        self.detail = detail or self.title_en


class Refusal(DigitizeError):
    """The input itself can't be taken; nothing of ours failed, and the sender is told how to mend it."""

    status = 422


class EmptyFile(Refusal):
    code = "EMPTY_FILE"
    title_vi = "Tệp rỗng"
    title_en = "The file is empty"
    advice_vi = "Quét lại trang giấy rồi gửi lại tệp."
    advice_en = "Scan the paper again and send the new file."


class UnsupportedType(Refusal):
    code = "UNSUPPORTED_TYPE"
    status = 415
    title_vi = "Định dạng tệp không được hỗ trợ"
    title_en = "Not a kind of file we read"
    advice_vi = "Gửi PDF hoặc ảnh JPEG, PNG, WebP, TIFF, BMP, HEIC."
    advice_en = "Send a PDF or a JPEG, PNG, WebP, TIFF, BMP or HEIC image."


class CorruptFile(Refusal):
    code = "CORRUPT_FILE"
    title_vi = "Tệp hỏng hoặc bị cắt cụt"
    title_en = "The file is damaged or cut short"
    advice_vi = "Quét hoặc xuất lại tệp rồi gửi lại."
    advice_en = "Scan or export the file again and send it once more."


class EncryptedPdf(Refusal):
    code = "ENCRYPTED_PDF"
    title_vi = "PDF đặt mật khẩu"
    title_en = "The PDF is locked with a password"
    advice_vi = "Gỡ mật khẩu rồi gửi lại."
    advice_en = "Remove the password and send it again."


class NoPages(Refusal):
    code = "NO_PAGES"
    title_vi = "Tệp không có trang nào"
    title_en = "The file has no pages"
    advice_vi = "Kiểm tra lại tệp gốc rồi quét lại."
    advice_en = "Check the source file and scan again."


class TooManyPages(Refusal):
    code = "TOO_MANY_PAGES"
    status = 413
    title_vi = "Quá nhiều trang"
    title_en = "More pages than the limit"
    advice_vi = "Chia tệp thành nhiều phần nhỏ hơn."
    advice_en = "Split the file into smaller parts."


class TooManyPixels(Refusal):
    code = "TOO_MANY_PIXELS"
    status = 413
    title_vi = "Ảnh quá lớn"
    title_en = "The image has more pixels than the limit"
    advice_vi = "Quét ở 300 dpi hoặc thấp hơn rồi gửi lại."
    advice_en = "Scan at 300 dpi or less and send it again."


class TooLarge(Refusal):
    code = "TOO_LARGE"
    status = 413
    title_vi = "Tệp quá lớn"
    title_en = "The file is larger than the limit"
    advice_vi = "Chia tệp hoặc giảm độ phân giải quét xuống 300 dpi."
    advice_en = "Split the file or scan at 300 dpi."


class ChecksumMismatch(Refusal):
    code = "CHECKSUM_MISMATCH"
    retryable = True
    title_vi = "Tệp nhận được khác tệp đã gửi"
    title_en = "The bytes received are not the bytes announced"
    advice_vi = "Đường truyền có lỗi; gửi lại tệp."
    advice_en = "The transfer was damaged; send the file again."


class ProcessingLimit(Refusal):
    code = "PROCESSING_LIMIT"
    title_vi = "Tệp vượt giới hạn xử lý"
    title_en = "Reading the file passed its time or memory limit"
    advice_vi = "Quét lại tờ giấy thành tệp mới rồi gửi lại."
    advice_en = "Scan the paper into a new file and send that."


class UploadIncomplete(Refusal):
    code = "UPLOAD_INCOMPLETE"
    status = 400
    retryable = True
    title_vi = "Tải lên bị đứt giữa chừng"
    title_en = "The upload stopped half-way"
    advice_vi = "Gửi lại; phần đã nhận không được giữ."
    advice_en = "Send it again; the part received was not kept."


class InvalidRequest(Refusal):
    code = "INVALID_REQUEST"
    title_vi = "Yêu cầu chưa đúng"
    title_en = "The request is not valid"
    advice_vi = "Sửa các mục được nêu rồi gửi lại."
    advice_en = "Correct the fields named and send it again."


class NotAuthenticated(DigitizeError):
    code = "NOT_AUTHENTICATED"
    status = 401
    title_vi = "Chưa đăng nhập"
    title_en = "No valid key or session"
    advice_vi = "Đăng nhập lại, hoặc kiểm tra khóa của trạm quét."
    advice_en = "Sign in again, or check the station's key."


class Forbidden(DigitizeError):
    code = "FORBIDDEN"
    status = 403
    title_vi = "Không có quyền"
    title_en = "Not allowed"
    advice_vi = "Liên hệ người quản trị của cơ quan để được cấp quyền."
    advice_en = "Ask your agency's administrator for this right."


class StaleForm(Forbidden):
    """The page that asks was made for another session: somebody signed in anew since, or another site made it."""

    code = "STALE_FORM"
    title_vi = "Trang này đã cũ"
    title_en = "This page is out of date"
    advice_vi = "Việc vừa rồi chưa được thực hiện. Quay lại trang trước, tải lại trang rồi làm lại."
    advice_en = "Nothing was done. Go back, reload the page and do it again."


class NotFound(DigitizeError):
    code = "NOT_FOUND"
    status = 404
    title_vi = "Không tìm thấy"
    title_en = "Not found"
    advice_vi = "Kiểm tra lại mã hồ sơ hoặc đường dẫn."
    advice_en = "Check the dossier code or the link."


class MethodNotAllowed(DigitizeError):
    code = "METHOD_NOT_ALLOWED"
    status = 405
    title_vi = "Địa chỉ này không nhận cách gọi đó"
    title_en = "This address does not take that method"
    advice_vi = "Xem /openapi.json để biết cách gọi đúng."
    advice_en = "See /openapi.json for the methods it takes."


class Conflict(DigitizeError):
    code = "CONFLICT"
    status = 409
    title_vi = "Trái với dữ liệu đã có"
    title_en = "Contradicts what is already stored"
    advice_vi = "Tải lại trang để xem dữ liệu mới nhất."
    advice_en = "Reload to see the latest data."


class Hindered(Conflict):
    """A conflict that has several grounds at once; each is told. ``reasons``: of {code, vi, en, field?}."""

    code = "HINDERED"
    title_vi = "Còn điều kiện chưa đạt"
    title_en = "Conditions are not met"
    advice_vi = "Xử lý từng lý do được nêu rồi thử lại."
    advice_en = "Settle each reason named and try again."

    def __init__(self, reasons: Sequence[Mapping[str, str | None]] = (), detail: str = "") -> None:
        super().__init__(detail or "; ".join(str(reason["en"]) for reason in reasons))
        self.reasons = [dict(reason) for reason in reasons]


class StepBlocked(Hindered):
    """A component can't take its next step yet."""

    code = "STEP_BLOCKED"
    title_vi = "Thành phần chưa thể sang bước tiếp theo"
    title_en = "The component can't take its next step yet"


class NotReusable(Hindered):
    """A result can't be used again."""

    code = "NOT_REUSABLE"
    title_vi = "Kết quả này không dùng lại được"
    title_en = "This result can't be used again"
    advice_vi = "Xem lý do; yêu cầu giấy tờ còn hiệu lực hoặc quét bản mới."
    advice_en = "See the reasons; ask for a paper that is in force, or scan a new one."


class HeldByAnother(Hindered):
    """Another officer has the component before them; the reason names them."""

    code = "HELD_BY_ANOTHER"
    retryable = True
    title_vi = "Cán bộ khác đang giữ giấy tờ này"
    title_en = "Another officer has this paper"
    advice_vi = "Chọn giấy tờ khác trong hàng đợi, hoặc mở giấy tờ này ở trang Kiểm tra rồi bấm Nhận thay."
    advice_en = "Take another paper of the queue, or open this one on the review page and take it over."


class OwnWork(Conflict):
    """What has to be another person's doing: round 2 of a paper that one passed in round 1, a field that one has keyed."""

    code = "OWN_WORK"
    title_vi = "Việc này phải do người khác làm"
    title_en = "Another person has to do this"
    advice_vi = "Bạn đã kiểm hoặc đã nhập giấy tờ này; chọn giấy tờ khác, hệ thống để phần này cho đồng nghiệp."
    advice_en = "You have checked or keyed this paper yourself; take another one, this is left to a colleague."


class NothingHeld(Conflict):
    """There is no result that the paper could have been instead of; nothing is to be explained (R4)."""

    code = "NOTHING_HELD"
    title_vi = "Kho không có kết quả nào thay được giấy tờ này"
    title_en = "The warehouse holds nothing in place of this paper"
    advice_vi = "Không cần nêu lý do; tiếp tục xử lý giấy tờ như thường."
    advice_en = "No reason is needed; go on with the paper as usual."


class PaperFixed(Hindered):
    """A paper whose pages would change has been confirmed, coded or stored; the reasons name each."""

    code = "PAPER_FIXED"
    title_vi = "Giấy tờ đã xác nhận, không đổi trang được nữa"
    title_en = "A paper that is confirmed keeps its pages"
    advice_vi = "Chỉ đổi trang của giấy tờ chưa xác nhận; nếu bản đã xác nhận sai, quét lại tờ giấy."
    advice_en = (
        "Change the pages of papers that are not confirmed yet; scan the paper anew if a confirmed one is wrong."
    )


class PaperKept(Conflict):
    """A paper that is to be scanned again has a code, or lies in the warehouse, where nothing is taken away."""

    code = "PAPER_KEPT"
    title_vi = "Giấy tờ đã cấp mã hoặc đã vào kho"
    title_en = "The paper has a code, or is in the warehouse"
    advice_vi = "Lãnh đạo hủy hiệu lực bản trong kho kèm lý do, rồi thêm bản quét mới vào lô như một tệp mới."
    advice_en = (
        "A leader cancels the result with its reason; then the new scan is added to the batch as a file of its own."
    )


class FileKnown(Conflict):
    """A file that is to take a paper's place is there already: the very one that was returned, or another document of the batch."""

    code = "FILE_KNOWN"
    title_vi = "Tệp này đã có trong hồ sơ hoặc trong lô"
    title_en = "This file is in the dossier or the batch already"
    advice_vi = "Chọn đúng tệp vừa quét lại; bản cũ và các tệp đã nhận của lô không thay cho bản mới."
    advice_en = (
        "Choose the file that was just scanned; the old one, or another that the batch has taken, is no new scan."
    )


class PagesMoved(Conflict):
    """The page numbers that were sent are of an arrangement that is no more: somebody put the pages in another order since."""

    code = "PAGES_MOVED"
    title_vi = "Các trang đã được sắp xếp lại"
    title_en = "The pages have been arranged anew"
    advice_vi = "Việc vừa rồi chưa được thực hiện. Tải lại trang để thấy thứ tự mới rồi làm lại."
    advice_en = "Nothing was done. Reload to see the new order and do it again."


class SecretMaterial(Refusal):
    """A page bears a mark of secrecy (TT 01/2023 Điều 4, x4): nothing that was read of it is kept."""

    code = "SECRET_MATERIAL"
    title_vi = "Tài liệu có dấu mật"
    title_en = "The material is marked secret"
    advice_vi = "Dừng lại: tài liệu mật không được số hóa. Báo người phụ trách bảo vệ bí mật nhà nước."
    advice_en = "Stop: secret material must not be digitised. Tell the officer in charge of state secrets."


class IdempotencyConflict(Conflict):
    code = "IDEMPOTENCY_CONFLICT"
    title_vi = "Khóa Idempotency-Key đã dùng cho tệp khác"
    title_en = "This Idempotency-Key was used for other bytes"
    advice_vi = "Dùng một khóa mới cho mỗi tệp."
    advice_en = "Use a new key for each file."


class RangeNotSatisfiable(DigitizeError):
    code = "RANGE_NOT_SATISFIABLE"
    status = 416
    title_vi = "Khoảng byte ngoài tệp"
    title_en = "The byte range lies outside the file"
    advice_vi = "Tải lại toàn bộ tệp."
    advice_en = "Fetch the whole file."


class NotReady(DigitizeError):
    code = "NOT_READY"
    status = 409
    retryable = True
    title_vi = "Chưa xử lý xong"
    title_en = "Still being read"
    advice_vi = "Chờ trang báo xong rồi mở lại."
    advice_en = "Wait until the scan is done and open it again."


class Unavailable(DigitizeError):
    code = "UNAVAILABLE"
    status = 503
    retryable = True
    title_vi = "Một dịch vụ phụ thuộc đang ngừng"
    title_en = "Something we depend on is down"
    advice_vi = "Chờ ít phút rồi thử lại; việc đã nhận không mất."
    advice_en = "Wait a few minutes and try again; what was accepted is not lost."


class TooManyRequests(DigitizeError):
    code = "TOO_MANY_REQUESTS"
    status = 429
    retryable = True
    title_vi = "Thử quá nhiều lần"
    title_en = "Too many attempts"
    advice_vi = "Chờ một phút rồi thử lại."
    advice_en = "Wait a minute and try again."


class InvalidCatalog(Refusal):
    """The catalog's files (``models.catalog``) can't be used; the detail lists every problem with file and line."""

    code = "INVALID_CATALOG"
    status = 500
    title_vi = "Danh mục có lỗi"
    title_en = "The catalog has mistakes"
    advice_vi = "Sửa các dòng được nêu; kiểm tra bằng `digitize catalog check THƯ_MỤC`."
    advice_en = "Mend the lines named; `digitize catalog check FOLDER` checks them."


class MissingProgram(DigitizeError):
    code = "MISSING_PROGRAM"
    status = 503
    title_vi = "Thiếu chương trình hoặc mô hình cần thiết"
    title_en = "A needed program or model is missing"
    advice_vi = "Chạy `digitize doctor` để biết lệnh cài đặt."
    advice_en = "Run `digitize doctor`; it prints the command that installs it."


class WebhookTarget(Refusal):
    """An address that may not be called (``models.webhooks.targets``)."""

    code = "WEBHOOK_TARGET"
    title_vi = "Địa chỉ nhận thông báo không được phép"
    title_en = "This address may not be called"
    advice_vi = "Dùng https tới máy chủ có địa chỉ công khai; mạng nội bộ cần người quản trị hệ thống cho phép."
    advice_en = "Use https to a public address; private networks need the operator's permission."


class PackageMalformed(Refusal):
    """A hand-over package (``storage.bags``, ``models.handover``) that is none, or of another make."""

    code = "PACKAGE_MALFORMED"
    title_vi = "Không phải gói bàn giao hợp lệ"
    title_en = "Not a hand-over package"
    advice_vi = "Xin lại gói từ nơi xuất; gói là tệp ZIP theo BagIt 1.0 do hệ thống xuất ra."
    advice_en = "Ask for the package again; it is a ZIP after BagIt 1.0 as this system writes it."


class PackageDamaged(Refusal):
    code = "PACKAGE_DAMAGED"
    retryable = True
    title_vi = "Gói bàn giao thiếu tệp hoặc sai mã kiểm tra"
    title_en = "The package lacks a file, or one is not what its manifest says"
    advice_vi = "Không có gì được nhập. Chép hoặc tải lại gói rồi nhập lại."
    advice_en = "Nothing was taken in. Copy or fetch the package again."


class PackageUnsafe(Refusal):
    code = "PACKAGE_UNSAFE"
    title_vi = "Gói bàn giao có nội dung nguy hiểm"
    title_en = "The package is made to do harm"
    advice_vi = "Không mở gói này; báo cho bộ phận an toàn thông tin và nơi gửi."
    advice_en = "Do not open it; tell your security staff and its sender."


class PackageTooLarge(Refusal):
    code = "PACKAGE_TOO_LARGE"
    status = 413
    title_vi = "Gói bàn giao vượt giới hạn"
    title_en = "The package is larger than the limit"
    advice_vi = "Xuất thành nhiều gói nhỏ hơn, hoặc tăng giới hạn khi nhập."
    advice_en = "Export it as several smaller ones, or raise the limit."


class PackageConflict(Conflict):
    """What the package tells contradicts what is stored; nothing stored is ever replaced by a package."""

    code = "PACKAGE_CONFLICT"
    title_vi = "Gói bàn giao trái với dữ liệu đã có"
    title_en = "The package contradicts what is stored"
    advice_vi = "Đối chiếu hồ sơ được nêu ở hai nơi; dữ liệu đang có được giữ nguyên."
    advice_en = "Compare the dossier named in both places; what is stored stays as it is."


class PageFailed(DigitizeError):
    """One page could not be read; the rest of the document goes on."""

    code = "PAGE_FAILED"
    title_vi = "Không đọc được trang này"
    title_en = "This page could not be read"
    advice_vi = "Quét lại riêng trang này."
    advice_en = "Scan this page again."


class PageCrashed(PageFailed):
    code = "PAGE_CRASHED"
    title_vi = "Trang làm dừng chương trình đọc"
    title_en = "Reading this page stopped the worker several times"


class UnsafeArchive(Refusal):
    """A member of a ZIP whose name leads out of it, or that is a link; nothing is ever written under such a name."""

    code = "UNSAFE_ARCHIVE"
    title_vi = "Tệp ZIP có đường dẫn không an toàn"
    title_en = "The ZIP holds an unsafe path"
    advice_vi = "Nén lại từ một thư mục bình thường, không dùng đường dẫn tuyệt đối, '..' hay liên kết."
    advice_en = "Make the ZIP anew from a plain folder, without absolute paths, '..' or links."


class ArchiveLimit(Refusal):
    code = "ARCHIVE_LIMIT"
    status = 413
    title_vi = "Tệp ZIP vượt giới hạn khi giải nén"
    title_en = "The ZIP unpacks to more than the limit"
    advice_vi = "Chia thành nhiều tệp ZIP nhỏ hơn, hoặc để các tệp trong một thư mục."
    advice_en = "Make several smaller ZIPs, or put the files into a folder."


class NestedArchive(Refusal):
    code = "NESTED_ARCHIVE"
    title_vi = "Tệp nén nằm trong tệp ZIP"
    title_en = "An archive within the ZIP"
    advice_vi = "Giải nén tệp bên trong rồi thêm nó vào lô như một tệp ZIP riêng."
    advice_en = "Unpack the inner archive, or add it to the batch as a ZIP of its own."


class EncryptedArchive(Refusal):
    code = "ENCRYPTED_ARCHIVE"
    title_vi = "Tệp ZIP đặt mật khẩu"
    title_en = "The ZIP is locked with a password"
    advice_vi = "Nén lại không đặt mật khẩu."
    advice_en = "Make the ZIP anew without a password."


class UnevenSides(Refusal):
    """Fronts and backs of a duplex scan that do not fit together."""

    code = "UNEVEN_SIDES"
    title_vi = "Mặt trước và mặt sau không khớp số trang"
    title_en = "Fronts and backs do not match"
    advice_vi = "Kiểm tra máy quét có kéo hai tờ một lần không, rồi quét lại cả hai mặt của tập này."
    advice_en = "See whether the feeder took two sheets at once, then scan both sides of this stack again."


class KeyTaken(Refusal):
    """Existing output is skipped: another file stands for this key already."""

    code = "KEY_TAKEN"
    title_vi = "Mã này đã có bản quét"
    title_en = "This key has a scan already"
    advice_vi = "Nếu bản mới đúng hơn, đặt lô thành ghi đè rồi chạy lại các tệp này."
    advice_en = "If the new file is the better one, set the batch to overwrite and run these files again."


class SourceChanged(Refusal):
    """A file has other bytes than those that were taken, and existing output is skipped."""

    code = "SOURCE_CHANGED"
    title_vi = "Tệp nguồn đã đổi sau khi nhận"
    title_en = "The source file has changed since it was taken"
    advice_vi = "Nếu bản mới đúng hơn, đặt lô thành ghi đè rồi chạy lại."
    advice_en = "If the new file is the better one, set the batch to overwrite and run it again."


class SourceGone(Refusal):
    """A file that was refused lies in its source no more: cleared away, mended under another name, or its ZIP was made anew."""

    code = "SOURCE_GONE"
    title_vi = "Tệp không còn trong nguồn"
    title_en = "The file is in its source no more"
    advice_vi = "Nếu tờ giấy chưa được số hóa dưới tên khác, quét lại rồi để vào nguồn của lô."
    advice_en = "Unless the paper was digitised under another name, scan it again and put it into the batch's source."


def catalogue() -> list[type[DigitizeError]]:
    """All coded errors, by code; each code stands once."""
    found: dict[str, type[DigitizeError]] = {}
    todo: list[type[DigitizeError]] = [DigitizeError]
    while todo:
        kind = todo.pop()
        if "code" in kind.__dict__:
            if kind.code in found and found[kind.code] is not kind:
                raise AssertionError(f"two errors share the code {kind.code}")
            found[kind.code] = kind
        todo.extend(kind.__subclasses__())
    return [found[code] for code in sorted(found)]
