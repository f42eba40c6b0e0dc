"""Names of files in a bag, how manifests spell them, and what can be wrong with a bag."""

from __future__ import annotations

import re
from enum import StrEnum

from storage.objects import StorageError

LONGEST_PATH = 512
PAYLOAD = "data/"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
DECLARATION, INFO, FETCH = "bagit.txt", "bag-info.txt", "fetch.txt"
DECLARED = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

_DRIVE = re.compile(r"[A-Za-z]:")
# A space and an asterisk, as md5sum's family marks what it read as binary; behind two spaces an asterisk is the path's own.
_LINE = re.compile(r"([0-9a-fA-F]{64})(?: \*|[ \t]+)(.+)")
_ESCAPED = re.compile(r"%(0A|0D|25)", re.IGNORECASE)


class Fault(StrEnum):
    """The kinds of things that are wrong with a bag."""

    UNSAFE = "unsafe"  # a path that climbs out, a link, a file that unpacks to far more than it is
    DAMAGED = "damaged"  # a file is missing, too many, or not the one the manifest names
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"  # no ZIP, no bag, not this version of one


class BagProblem(StorageError):
    """A bag that can't be taken."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault
        self.detail = detail


def check_path(name: str) -> str:
    """The path itself, or ``BagProblem``: relative, forward slashes, no segment that climbs or is empty, nothing invisible."""
    parts = name.split("/")
    wrong = (
        not name
        or len(name) > LONGEST_PATH
        or "\\" in name
        or _DRIVE.match(name) is not None
        or any(part in {"", ".", ".."} for part in parts)
        or any(ord(sign) < 0x20 or ord(sign) == 0x7F for sign in name)
        or name.startswith("~")
    )
    if wrong:
        raise BagProblem(Fault.UNSAFE, f"a path that may lead out of the package: {name[:80]!r}")
    return name


def manifest_line(digest: str, path: str) -> str:
    """RFC 8493 2.1.3: CR, LF and percent signs of a path are percent-encoded."""
    spelled = path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
    return f"{digest}  {spelled}\n"


def parse_manifest(text: str, name: str) -> dict[str, str]:
    """SHA-256 by path. ``BagProblem`` for a line that is none, and for a path told twice."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise BagProblem(Fault.MALFORMED, f"{name}, line {number}: no checksum and path")
        path = check_path(_ESCAPED.sub(lambda one: chr(int(one[1], 16)), match[2]).removeprefix("./"))
        if path in found:
            raise BagProblem(Fault.MALFORMED, f"{name} names a path twice: {path[:80]!r}")
        found[path] = match[1].lower()
    return found
