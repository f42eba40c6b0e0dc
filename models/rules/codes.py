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
_SPACE = re.compile(r"\s+")


class CodeError(ValueError):
    """A code that would be too long."""


def code_prefix(template: CodeTemplate, values: Mapping[str, str | None]) -> str:
    """All of the code before its serial. A part that is ``None`` or absent stays empty, its separators stay (Điều 10 khoản 2)."""
    said = {name: _SPACE.sub("", nfc(values.get(name) or "")) for name in template.parts}
    return template.template.format(**said | {SERIAL: ""})


def code_of(template: CodeTemplate, prefix: str, serial: int) -> str:
    """The whole code. ``serial`` from 1; raises ``CodeError`` when the code is longer than ``MAX_LENGTH``."""
    if serial < 1:
        raise CodeError(f"a serial of {serial}")
    code = f"{prefix}{serial:0{template.width}d}"
    if len(code) > MAX_LENGTH:
        raise CodeError(f"{template.id}: a code of {len(code)} characters, where {MAX_LENGTH} are the most")
    return code
