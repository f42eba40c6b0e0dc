"""Which keys there are: the one place that spells them, and the check that every store makes first.

Originals: ``originals/<first 2 hex>/<sha256>``. What we made of them: ``derived/<first 2>/<scan id>/…``; the two extra
characters keep folders small on a file system. What was learned from reviews: ``learned/<kind>/<model id>.npz``.
"""

from __future__ import annotations

import re

from storage.objects import InvalidKey

ORIGINALS = "originals/"
DERIVED = "derived/"
LEARNED = "learned/"
MAX_KEY = 512  # S3 allows 1024; a file system path has to hold the store's folder too
MAX_SEGMENT = 200  # file systems allow 255

# No segment begins with a dot: ``.`` and ``..`` climb, and hidden names are the store's own (temporary files, sidecars).
_SEGMENT = re.compile(r"[A-Za-z0-9_=-][A-Za-z0-9._=-]*", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_-]{2,64}", re.ASCII)


def check_key(key: str) -> str:
    """The key itself, or ``InvalidKey``."""
    if not key or len(key) > MAX_KEY:
        raise InvalidKey(f"a key has 1 to {MAX_KEY} characters, this one {len(key)}")
    for segment in key.split("/"):
        if len(segment) > MAX_SEGMENT or not _SEGMENT.fullmatch(segment):
            raise InvalidKey(f"not a key: {key[:80]!r}")
    return key


def check_prefix(prefix: str) -> str:
    """A prefix is empty, or the beginning of some key (it may end in ``/``)."""
    if prefix:
        check_key(prefix.removesuffix("/"))
    return prefix


def check_sha256(sha256: str) -> str:
    """Lower case hex of 64 digits, or ``InvalidKey``."""
    if not _SHA256.fullmatch(sha256):
        raise InvalidKey("not the lower-case hex of a SHA-256")
    return sha256


def original_key(sha256: str) -> str:
    return f"{ORIGINALS}{sha256[:2]}/{check_sha256(sha256)}"


def sha256_of(key: str) -> str | None:
    """The hash an original's key announces; ``None`` for derived objects."""
    if not key.startswith(ORIGINALS):
        return None
    last = key.rpartition("/")[2]
    return last if _SHA256.fullmatch(last) and key == original_key(last) else None


def scan_prefix(scan_id: str) -> str:
    """Everything derived from one scan lies under this."""
    if not _ID.fullmatch(scan_id):
        raise InvalidKey(f"not a scan id: {scan_id[:80]!r}")
    return f"{DERIVED}{scan_id[:2]}/{scan_id}/"


def page_image_key(scan_id: str, number: int, version: int = 1) -> str:
    """The page as it is shown (JPEG); pages count from 1, as in the file. Read again it is a new ``version`` under a new key."""
    return f"{scan_prefix(scan_id)}pages/{_serial(number)}{_later(version)}.jpg"


def first_look_key(scan_id: str, number: int) -> str:
    """The page as it came (JPEG), shown until it is read."""
    return f"{scan_prefix(scan_id)}pages/{_serial(number)}-first.jpg"


def page_words_key(scan_id: str, number: int, version: int = 1) -> str:
    """The words read on a page, with what the PDF needs besides; ``version`` as of its picture."""
    return f"{scan_prefix(scan_id)}pages/{_serial(number)}{_later(version)}.words"


def component_pdf_key(scan_id: str, position: int, version: int) -> str:
    """The searchable PDF of a component; a correction is a new version under a new key."""
    return f"{scan_prefix(scan_id)}components/{_serial(position)}-v{_serial(version)}.pdf"


def is_version(key: str, version: int) -> bool:
    """Whether the object is of this later version (from 2) of a page or a PDF."""
    return version > 1 and key.rpartition("/")[2].rpartition(".")[0].endswith(_later(version))


def learned_model_key(kind: str, model_id: str) -> str:
    """The weights of a learned model."""
    if not _ID.fullmatch(model_id):
        raise InvalidKey(f"not a model id: {model_id[:80]!r}")
    return check_key(f"{LEARNED}{kind}/{model_id}.npz")


def _later(version: int) -> str:
    return f"-v{_serial(version)}" if version > 1 else ""


def _serial(number: int) -> str:
    if number < 0:
        raise InvalidKey(f"not a serial number: {number}")
    return f"{number:04d}"
