"""A sandbox child that misbehaves on request."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from models.errors import EncryptedPdf
from workers.tools.sandbox_child import Buffer, serve


def echo(**arguments: Any) -> tuple[dict[str, Any], list[Buffer]]:
    return {"pid": os.getpid(), **arguments}, [b"abc", b""]


def crash() -> tuple[dict[str, Any], list[Buffer]]:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError


def hang() -> tuple[dict[str, Any], list[Buffer]]:
    time.sleep(60)
    raise AssertionError


def swell() -> tuple[dict[str, Any], list[Buffer]]:
    return {}, [bytes(2 << 30)]


def refuse() -> tuple[dict[str, Any], list[Buffer]]:
    raise EncryptedPdf("geheim")


def fail() -> tuple[dict[str, Any], list[Buffer]]:
    raise ZeroDivisionError


def chatter() -> tuple[dict[str, Any], list[Buffer]]:
    os.write(1, b"a C library says hello\n")
    return {}, [bytes(5_000_000)]


if __name__ == "__main__":
    serve({call.__name__: call for call in (echo, crash, hang, swell, refuse, fail, chatter)})
