"""Giving a component its mã kết quả số hóa: unique, atomic, never given again (R22)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy.orm import Session

from models import counters
from models.catalog import CodeTemplate
from models.corrections import lock
from models.database import insert_into
from models.entities import Component, IssuedCode
from models.rules.codes import code_of, code_prefix


def issue_code(
    session: Session, component: Component, template: CodeTemplate, values: Mapping[str, str | None], *, actor: str
) -> str:
    """The component's code; the one it has, if it has one. Raises ``CodeError`` when it would be too long.

    The serial counts within the exact prefix (not within codes that begin alike), and it comes from a counter that only
    grows: a paper that goes away leaves its number behind.
    """
    session.flush()
    lock(session, component)
    if component.code is not None:
        return component.code
    prefix = code_prefix(template, values)
    # The counter's name has room for a digest, and not for every prefix; the prefix itself holds a person's number.
    name = f"code/{hashlib.sha256(prefix.encode()).hexdigest()}"
    while True:
        code = code_of(template, prefix, counters.next_value(session, name))
        row = {"code": code, "component_id": component.id, "template": template.id, "actor": actor}
        given = insert_into(session, IssuedCode).values(**row).on_conflict_do_nothing().returning(IssuedCode.code)
        if session.scalar(given) is not None:  # else somebody brought this very code with an import
            component.code = code
            session.flush()
            return code
