"""Mã kết quả số hóa: how a code is put together (R22).

The formula in TT 01/2023/TT-VPCP Điều 10 is an image in every copy that could be read, so the order of the parts is data
(``models/catalog/code_templates.yaml``, with its certainty), and only what holds for any order is code: an unknown part keeps
its empty place, the serial has at least ``width`` digits and grows beyond them, and a part never holds white space.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from models.catalog import CodeTemplate
from models.vietnamese import nfc

SERIAL: Final = "nn"  # stands at the end: the catalog makes sure of it
MAX_LENGTH: Final = 200  # of the column, and of what the national exchange takes (RULES 6.3)
_FIELD = re.compile(r"\{([a-z_]+)\}")
_SPACE = re.compile(r"\s+")


class CodeError(ValueError):
    """A code that would be too long."""


def code_parts(template: CodeTemplate) -> tuple[str, ...]:
    """The names that the template uses, in order, without the serial."""
    return tuple(name for name in template.parts if name != SERIAL)


def code_prefix(template: CodeTemplate, values: Mapping[str, str | None]) -> str:
    """All of the code before its serial. A part that is ``None`` or absent stays empty, its separators stay (Điều 10 khoản 2)."""

    def part(match: re.Match[str]) -> str:
        return "" if match[1] == SERIAL else _SPACE.sub("", nfc(values.get(match[1]) or ""))

    return _FIELD.sub(part, template.template)


def code_of(template: CodeTemplate, prefix: str, serial: int) -> str:
    """The whole code. ``serial`` from 1; raises ``CodeError`` when the code is longer than ``MAX_LENGTH``."""
    if serial < 1:
        raise CodeError(f"a serial of {serial}")
    code = f"{prefix}{serial:0{template.width}d}"
    if len(code) > MAX_LENGTH:
        raise CodeError(f"{template.id}: a code of {len(code)} characters, where {MAX_LENGTH} are the most")
    return code


def result_of_dossier(dossier_code: str, n: int) -> str:
    """``H56.14-240823-0001-KQ1``: the n-th result of a dossier (NĐ 45/2020/NĐ-CP Điều 14 khoản 3)."""
    if n < 1:
        raise CodeError(f"result number {n}")
    return f"{dossier_code}-KQ{n}"
