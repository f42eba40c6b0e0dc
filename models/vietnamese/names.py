"""Names of persons, and their sex. A name is kept as it is written: ``NGUYỄN VĂN AN`` does not become ``Nguyễn Văn An``."""

from __future__ import annotations

import re
from enum import StrEnum

from models.vietnamese.folding import fold, nfc
from models.vietnamese.syllables import is_syllable

MOST_WORDS = 8
"""Of a name; three in ten thousand have more than five."""

_SPACES = re.compile(r"\s+")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’`\-][^\W\d_]+)*\.?")  # H'Hen, Y-Bhăm
_EDGES = ' \t\u00a0.,;:|_…·*"“”()[]/\\-–'
_BEFORE = re.compile(
    r"^(?:(?:ông|bà|anh|chị|cháu|đ/c|đồng chí|gs|pgs|ts|ths|bs|ds|ks|cn|ls|cv|ckii|cki|nsưt|nsnd|"
    r"(?:đại|thượng|trung|thiếu) (?:tướng|tá|úy|uý|sĩ)|đại tướng)(?:[./:]+\s*|\s+))+",
    re.IGNORECASE,
)
# Words that begin a title or a note beside a signature, hardly a name; folded.
_NO_NAME = tuple(f"{words} " for words in (
    "chu tich", "pho", "giam doc", "truong phong", "chanh van phong", "bo truong", "thu truong", "cuc truong", "vu truong", "truong ban",
    "truong cong an", "da ky", "ky ten", "ky boi", "nguoi ky", "nguoi khai", "nguoi yeu cau", "nguoi thuc hien", "cong chung vien",
    "noi nhan", "kinh gui", "luu y", "luu vt", "luu tru", "luu ho so", "luu hs", "uy ban nhan dan", "hoi dong nhan dan", "tu phap", "can bo", "cong chuc", "ho ten", "ho va ten", "ngay ky",
    "phu luc", "quyet dinh", "ke hoach", "bao cao", "thong bao", "danh muc", "cong hoa", "doc lap",
))  # fmt: skip
_FAMILY_VU = re.compile(r"vũ\s+trư(?!ởng(?!\w))", re.IGNORECASE)

_PLACES = (
    "tỉnh",
    "thành phố",
    "huyện",
    "quận",
    "thị trấn",
    "thị xã",
    "phường",
    "xã",
    "sở",
    "bộ",
)  # with marks: Quan and Phương are families


class Sex(StrEnum):
    """Giới tính, as papers know it."""

    MALE = "male"  # Nam
    FEMALE = "female"  # Nữ


_SEXES = {"nam": Sex.MALE, "nu": Sex.FEMALE, "m": Sex.MALE, "f": Sex.FEMALE, "male": Sex.MALE, "female": Sex.FEMALE}


def parse_sex(text: str) -> Sex | None:
    """``Nam``, ``Nữ``, ``Nam / M``, ``F``; ``None`` for anything else, also for a form's ``Nam/Nữ``."""
    found = {_SEXES.get(part) for part in re.split(r"[\s/,.]+", fold(text)) if part}
    return found.pop() if len(found) == 1 else None


def tidy_name(text: str) -> str:
    """The name in NFC without stray signs, double spaces and forms of address (``Ông``, ``ThS.``, ``Thượng tá``); its case is kept."""
    return _BEFORE.sub("", _SPACES.sub(" ", nfc(text)).strip(_EDGES)).strip(_EDGES)


def name_key(text: str) -> str:
    """What spellings of one name have in common: no marks, case or spaces; ``NGUYỄN  VĂN AN`` and the MRZ's ``NGUYEN VAN AN`` meet."""
    return re.sub(r"[^a-z0-9]", "", fold(tidy_name(text)))


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, marks and case aside; empty names are never the same."""
    return bool(name_key(one)) and name_key(one) == name_key(other)


def is_family_vu(text: str) -> bool:
    """Whether the text begins as a name like ``Vũ Trường Giang`` does, which is the title *Vụ trưởng* once its marks are gone.

    Both words' marks must say so: ``VU TRUONG`` may be either, and in ``VŨ TRƯỞNG`` a reader missed one mark of the title.
    """
    return _FAMILY_VU.match(tidy_name(text)) is not None


def is_personal_name(text: str) -> bool:
    """Whether the text is built like a full name: 2 … ``MOST_WORDS`` words, each with a capital first or all of them capitals.

    At least one word is a Vietnamese syllable; a title (``PHÓ CHỦ TỊCH``) or a note (``Đã ký``) is no name.
    """
    name = tidy_name(text)
    words = name.split(" ")
    if not 2 <= len(words) <= MOST_WORDS or not all(_NAME_WORD.fullmatch(word) for word in words):
        return False
    if f"{fold(name)} ".startswith(_NO_NAME) and not is_family_vu(name):
        return False
    if name.lower().startswith(tuple(f"{word} " for word in _PLACES)):
        return False
    capitals = all(word.isupper() for word in words) or all(
        (word[0].isupper() and not word[1:].isupper()) or len(word) == 1 for word in words
    )
    return capitals and any(is_syllable(word) for word in words)
