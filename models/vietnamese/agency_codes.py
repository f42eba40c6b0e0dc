"""Mã định danh điện tử of agencies (R23): both orders read, one normal form, the given one kept.

QĐ 20/2020/QĐ-TTg writes the highest level first (``H56.22.17``), TT 10/2016/TT-BTTTT wrote it last, padded with zeros
(``000.17.22.H56``). That the new code is the old one turned round without its zeros is inferred from examples, not a text of law.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from models.vietnamese.folding import nfc

LONGEST = 35
"""Characters of a code at most (QĐ 20/2020/QĐ-TTg)."""

OLD_ORDER = r"\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}"
NEW_ORDER = r"[A-Z]\d{2}(?:\.[0-9A-Z]+)*"
_OLD, _NEW = re.compile(OLD_ORDER, re.ASCII), re.compile(NEW_ORDER, re.ASCII)
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")


class CodeOrder(StrEnum):
    """Which rule wrote the code."""

    OLD = "old"  # 000.17.22.H56
    NEW = "new"  # H56.22.17


@dataclass(frozen=True, slots=True)
class AgencyCode:
    """``given``: as it was written; ``code``: in the new order; ``top``: its level 1 (``H56``)."""

    given: str
    code: str
    top: str
    order: CodeOrder

    @property
    def old_code(self) -> str | None:
        """In the old order, where the groups fit it (two, two and three digits): ``H56.14`` → ``000.00.14.H56``; else ``None``."""
        top, *groups = self.code.split(".")
        if len(groups) > 3 or top[0] == "Z":
            return None
        padded = [*groups, "00", "00", "000"][: len(groups)] + ["00", "00", "000"][len(groups) :]
        old = ".".join([*reversed(padded), top])
        return old if _OLD.fullmatch(old) and _turned(old) == self.code else None


def parse_agency_code(text: str) -> AgencyCode | None:
    """The code that the text is; spaces around it are overlooked, ``None`` if it is none or longer than ``LONGEST``."""
    code = tidy_code(text)
    if _OLD.fullmatch(code):
        return AgencyCode(text, _turned(code), code[-3:], CodeOrder.OLD)
    if _NEW.fullmatch(code) and len(code) <= LONGEST:
        return AgencyCode(text, code, code[:3], CodeOrder.NEW)
    return None


def tidy_code(text: str) -> str:
    """A code as people and readers write it, with plain hyphens, capitals and no spaces. Digits and letters stay as they are."""
    return _DASHES.sub("-", re.sub(r"\s+", "", nfc(text))).upper()


def _turned(old: str) -> str:
    """Zeros below the last level that is used are no level; one between used levels stays, or two agencies would share a code."""
    groups = old.split(".")[::-1]
    while len(groups) > 1 and not groups[-1].strip("0"):
        groups.pop()
    return ".".join(groups)
