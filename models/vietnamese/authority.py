"""Who signs, and by which authority (NĐ 30/2020 Phụ lục I, mục II.7): TM., KT., TL., TUQ., Q.

``TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH / Võ Phiên``: on behalf of the committee, in place of its chairman, the
deputy chairman Võ Phiên.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.vietnamese.folding import fold, fold_in_place, nfc
from models.vietnamese.names import is_family_vu, is_personal_name, tidy_name


class Authority(StrEnum):
    """Quyền hạn của người ký."""

    ON_BEHALF = "TM"  # thay mặt tập thể
    FOR = "KT"  # ký thay người đứng đầu
    BY_ORDER = "TL"  # thừa lệnh
    BY_MANDATE = "TUQ"  # thừa ủy quyền
    ACTING = "Q"  # quyền: holds the office for the time being


@dataclass(frozen=True, slots=True)
class Mandate:
    """One line of authority: ``TM`` of ``ỦY BAN NHÂN DÂN TỈNH``, ``KT`` of ``CHỦ TỊCH``. ``of`` is as printed."""

    authority: Authority
    of: str


@dataclass(frozen=True, slots=True)
class SignerBlock:
    """``mandates`` in the order of the lines; ``title``: chức vụ as printed; ``name`` as printed, without rank or degree, or ``None``.

    ``acting``: the title stands after ``Q.``.
    """

    mandates: tuple[Mandate, ...]
    title: str
    name: str | None
    acting: bool = False

    @property
    def authority(self) -> Authority | None:
        """The one under which this person signs: the last."""
        return self.mandates[-1].authority if self.mandates else None

    @property
    def on_behalf_of(self) -> str:
        """The body or the office signed for, of the first mandate; empty where the head signs in his own right."""
        return self.mandates[0].of if self.mandates else ""


_EDGES = " .,;:*_…"
# Longest first. The dot may be read as a comma, as two, or not at all where capitals follow.
_MANDATE = re.compile(r"^\W*(tuq|t/uq|tm|t/m|kt|k/t|tl|t/l|q)\s*([.,:;]+\s*|\s+)(?=[^\W\d_])")
_MANDATE_WITHIN = re.compile(r"(?<=\w)\s+(?=(?:tuq|tm|kt|tl)\s*[.,]\s*[^\W\d_])")
_DEPUTY_WITHIN = re.compile(r"(?<=\w)\s+(?=pho\s)")
_TITLE = re.compile(
    r"^(?:q\s*[.,]\s*|quyen\s+)?(?:pho\s+)?(?:tong\s+)?(?:chu tich|giam doc|bo truong|thu truong|thu tuong|cuc truong|vu truong|tong cuc truong|chi cuc truong|"
    r"truong phong|truong ban|truong cong an|chanh van phong|chanh thanh tra|chanh an|vien truong|hieu truong|truong dai dien|bi thu|"
    r"cong chung vien|truong khoa|truong tram|truong doan|chi huy truong|kiem sat vien|cong chuc tu phap|thu ky|chu nhiem|vien chuc|tong thanh tra|truong dai hoc|chanh)(?!\w)"
)


def parse_signer_block(lines: Sequence[str]) -> SignerBlock | None:
    """The parts of a signature block from its lines, top to bottom; ``None`` where no line is of one.

    Lines of other things between them (a stamp's text, ``(Đã ký)``) are passed over; the name is the last line built like one.
    """
    mandates: list[Mandate] = []
    titles: list[str] = []
    name: str | None = None
    acting = False
    for line in _pieces(lines):
        bare = fold_in_place(line)
        mandate = _MANDATE.match(bare)
        if mandate and _stands(line[mandate.start(1) : mandate.end(1)], mandate):
            authority = Authority(mandate[1].replace("/", "").upper())
            of = line[mandate.end() :].strip(_EDGES)
            if authority is Authority.ACTING:
                acting, titles = True, [*titles, of]
            else:
                mandates.append(Mandate(authority, of))
                titles = []
        elif _TITLE.match(bare.strip(_EDGES)) and not is_family_vu(line):
            titles.append(line.strip(_EDGES))
            name = None
        elif mandates and not titles and name is None and _continues(line, mandates[-1]):
            mandates[-1] = Mandate(mandates[-1].authority, f"{mandates[-1].of} {line.strip(_EDGES)}")
        elif (mandates or titles) and is_personal_name(line):
            name = tidy_name(line)
    if not mandates and not titles:
        return None
    return SignerBlock(tuple(mandates), titles[-1] if titles else "", name, acting)


def _pieces(lines: Sequence[str]) -> list[str]:
    """Lines, and the parts of those that a reader joined: ``KT. CHỦ TỊCH PHÓ CHỦ TỊCH``."""
    pieces: list[str] = []
    for raw in lines:
        line = " ".join(nfc(raw).split())
        bare = fold_in_place(line)
        cuts = [match.start() for match in _MANDATE_WITHIN.finditer(bare)]
        if re.search(r"(?<!\w)(?:kt|k/t)\s*[.,]", bare):
            cuts += [match.start() for match in _DEPUTY_WITHIN.finditer(bare)]
        for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(line)], strict=True):
            if line[start:end].strip():
                pieces.append(line[start:end].strip())
    return pieces


def _stands(sign: str, match: re.Match[str]) -> bool:
    """``TM.`` in capitals, with a sign after it, or before capitals; ``q`` alone is none."""
    after = match.string[match.end(1) : match.end()]
    return sign.isupper() and (bool(after.strip()) or sign.replace("/", "") in {"TM", "KT", "TL", "TUQ"})


def _continues(line: str, mandate: Mandate) -> bool:
    """Whether a line of capitals goes on with the body's name: ``TM. ỦY BAN NHÂN DÂN`` / ``XÃ TÂN AN``."""
    if not (line.isupper() and mandate.of.isupper()):
        return False
    return bool(
        re.match(r"^(?:xa|phuong|thi tran|huyen|quan|thi xa|thanh pho|tinh|nhan dan|dac khu)(?!\w)", fold(line))
    )
