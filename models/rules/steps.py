"""What must be true before a component takes its next step (TT 01/2023/TT-VPCP Điều 7-10; R1, R3, R5, R9, R11).

One table of conditions, asked by ``models.lifecycle`` alone. A condition that fails is a :class:`~models.rules.reasons.Reason`, told in Vietnamese and
English; several fail at once, and all are told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from models.catalog import Exclusion
from models.entities import ComponentState, SignatureState
from models.rules.completeness import ScannedAgain
from models.rules.reasons import Reason
from models.rules.scope import EXCLUSION_WORDS


@dataclass(frozen=True, slots=True)
class Facts:
    """What the conditions look at.

    ``missing``: required fields with neither a value nor a person's word that there is none. ``doubtful``: fields whose value
    waits for a person. ``identity``: the owner's number is known; ``substitute``: name and birth date (or the like) stand in
    (Điều 9 khoản 2 điểm b). ``by_person``: somebody with the right to review asks for the step.
    """

    paper_type: str | None
    excluded: Exclusion | None
    scope_class: str | None
    compared: bool  # the original was shown, or there is no sign of a copy
    failed_pages: int
    signature: SignatureState
    missing: tuple[str, ...]
    doubtful: tuple[str, ...]
    identity: bool
    substitute: bool
    has_code: bool
    has_pdf: bool
    by_person: bool
    again: ScannedAgain | None = None  # the warehouse held a valid result of it when it was scanned


Condition = Callable[[Facts], Sequence[Reason]]


def _when(code: str, vi: str, en: str, test: Callable[[Facts], bool]) -> Condition:
    reason = Reason(code, vi, en)
    return lambda facts: (reason,) if test(facts) else ()


def _excluded(facts: Facts) -> Sequence[Reason]:
    return [] if facts.excluded is None else [Reason("EXCLUDED", *EXCLUSION_WORDS[facts.excluded])]


def _missing(facts: Facts) -> Sequence[Reason]:
    return [
        Reason("FIELD_MISSING", "Trường này chưa có giá trị; nhập, hoặc xác nhận là không có.",
                "This field has no value; type it, or confirm that there is none.", name)
        for name in facts.missing
    ]  # fmt: skip


def _doubtful(facts: Facts) -> Sequence[Reason]:
    return [
        Reason("FIELD_DOUBTFUL", "Giá trị này cần người kiểm tra.", "This value waits for a person's check.", name)
        for name in facts.doubtful
    ]


CONDITIONS: Final[dict[ComponentState, tuple[Condition, ...]]] = {
    ComponentState.CHECKED: (
        _excluded,
        _when("SCOPE_UNKNOWN", "Chưa xác định vì sao giấy tờ được số hóa (Điều 4).",
              "Why this paper is digitised is not settled (Điều 4).", lambda facts: facts.scope_class is None),
        _when("NOT_COMPARED", "Trang có dấu bản sao: xác nhận đã đối chiếu bản chính.",
              "The page bears a copy's stamp: confirm that the original was compared.", lambda facts: not facts.compared),
        _when("PAGE_FAILED", "Có trang không đọc được; quét lại trang đó.", "A page could not be read; scan it again.",
              lambda facts: facts.failed_pages > 0),
    ),
    ComponentState.SIGNED: (
        _when("SIGNATURE_MISSING", "Chưa có chữ ký số của người sao chụp.", "The officer's digital signature is missing.",
              lambda facts: facts.signature is SignatureState.MISSING),
        _when("SIGNATURE_INVALID", "Chữ ký số không hợp lệ.", "The digital signature is not valid.",
              lambda facts: facts.signature is SignatureState.INVALID),
    ),
    ComponentState.EXTRACTED: (
        _when("TYPE_UNKNOWN", "Chưa xác định loại giấy tờ.", "The type of the paper is not known.",
              lambda facts: facts.paper_type is None),
        _missing,
    ),
    ComponentState.VERIFIED: (
        _when("PERSON_NEEDED", "Cần người kiểm tra xác nhận.", "A person must confirm.", lambda facts: not facts.by_person),
        _doubtful,
    ),
    ComponentState.CODED: (
        # Asked again, not only at SIGNED: results may not become final before a signature is there (Điều 8; R9).
        _when("SIGNATURE_MISSING", "Chưa có chữ ký số của người sao chụp.", "The officer's digital signature is missing.",
              lambda facts: facts.signature in {SignatureState.MISSING, SignatureState.INVALID}),
        _when("IDENTITY_MISSING", "Chưa có số định danh của chủ giấy tờ, cũng chưa có dữ liệu định danh thay thế.",
              "The owner's number is not known, and no substitute data stand in.",
              lambda facts: not (facts.identity or facts.substitute)),
        # A scan of what the warehouse holds is kept, but gets no code of its own unless somebody says why it was made (R4).
        _when("IN_WAREHOUSE", "Kho đã có kết quả còn hiệu lực: dùng lại, hoặc nêu lý do vẫn quét.",
              "The warehouse held a valid result: use that, or say why it was scanned all the same.",
              lambda facts: facts.again is not None and facts.again.is_open),
        _when("REUSED_INSTEAD", "Hồ sơ đã dùng lại kết quả trong kho; bản quét này chỉ được cấp mã khi có lý do.",
              "The dossier uses the warehouse's result; this scan gets a code only with a reason.",
              lambda facts: facts.again is not None and facts.again.linked and not facts.again.explained),
    ),
    ComponentState.STORED: (
        _when("CODE_MISSING", "Chưa có mã kết quả số hóa.", "There is no code.", lambda facts: not facts.has_code),
        _when("PDF_MISSING", "Chưa có tệp PDF.", "There is no PDF.", lambda facts: not facts.has_pdf),
    ),
}  # fmt: skip
"""By the state that is asked for. ``CAPTURED`` has none: it is where a component begins."""


def blockers(state: ComponentState, facts: Facts) -> tuple[Reason, ...]:
    """All that stands in the way of ``state``; empty: the step may be taken."""
    return tuple(reason for condition in CONDITIONS.get(state, ()) for reason in condition(facts))
