"""Who signed a PDF digitally, when, and whether it is still what was signed.

pyHanko parses and checks, in a child process under limits as every parser of strangers' bytes does. It takes a second to import,
so the child is started for the first signed file only. Whether a signer's authority is to be trusted is not judged: no list of
Vietnamese roots is shipped, and nothing is fetched from the network.
"""

from __future__ import annotations

import mmap
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from models.errors import DigitizeError
from workers.limits import Limits
from workers.page import DocumentInfo
from workers.steps.decode.kinds import PDF
from workers.tools.sandbox import ChildDied, Sandbox

__all__ = ["Signature", "is_signed", "signatures", "stop"]

_sandbox = Sandbox("workers.steps.signatures.child")
_BYTE_RANGE = b"/ByteRange"
"""Stands in every signature (ISO 32000-1, 12.8.1), and in clear text: signatures may not lie in object streams."""


@dataclass(frozen=True, slots=True)
class Signature:
    """``field``: its name in the form, ``None`` when nothing of it is understood. ``signer``, ``organization``: of the signer's certificate. ``signed_at``: as the signer says it.

    ``timestamp``: as a time-stamping authority says it, if its stamp is sound. ``intact``: the signed bytes are unchanged;
    ``valid``: the signature is the certificate's; a sound one is both. ``covers``: ``file``, ``revision`` (more was added later) or ``part``.
    ``problem``: why it can't be checked; then ``intact`` and ``valid`` are ``None``.
    """

    field: str | None
    signer: str | None = None
    organization: str | None = None
    signed_at: datetime | None = None
    timestamp: datetime | None = None
    intact: bool | None = None
    valid: bool | None = None
    covers: str | None = None
    problem: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(self).items()
        }


def is_signed(path: Path) -> bool:
    """Whether the file holds what looks like a digital signature. It is only searched, not parsed."""
    with path.open("rb") as file:
        if not file.read(1):
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return data.find(_BYTE_RANGE) >= 0


def signatures(info: DocumentInfo, limits: Limits) -> tuple[Signature, ...] | None:
    """The signatures of a PDF in the order of signing; ``None`` when it says that it is signed but can't be understood.

    Other kinds of files have none.
    """
    if info.media_type != PDF or not is_signed(info.path):
        return ()
    try:
        facts, _ = _sandbox.call(
            "check",
            {"path": str(info.path.resolve())},
            seconds=limits.tool_seconds,
            memory_bytes=limits.tool_memory_bytes,
            max_reply=0,
        )
    except (ChildDied, DigitizeError):
        return None
    found = facts["signatures"]
    return None if found is None else tuple(_signature(each) for each in found)


def stop() -> None:
    """End the child; the next call starts another."""
    _sandbox.close()


def _signature(facts: dict[str, Any]) -> Signature:
    times = {name: datetime.fromisoformat(facts[name]) for name in ("signed_at", "timestamp") if facts.get(name)}
    return Signature(**(facts | times))
