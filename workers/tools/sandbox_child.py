"""The child's side of ``workers.tools.sandbox``: answers calls until its parent is gone."""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from models.errors import DigitizeError, ProcessingLimit

Buffer = bytes | bytearray | memoryview
Handler = Callable[..., tuple[dict[str, Any], Sequence[Buffer]]]
_HEAD = struct.Struct("<II")


def serve(handlers: dict[str, Handler]) -> None:
    """Read calls from stdin, write answers to stdout, one at a time; returns when stdin ends."""
    calls = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(2, sys.stdout.fileno())  # a library that prints must not garble the answers
    while head := calls.read(_HEAD.size):
        length, _ = _HEAD.unpack(head)
        message = json.loads(calls.read(length))
        _allow_processor(message["cpu_seconds"])
        try:
            result, buffers = handlers[message["call"]](**message["arguments"])
        except DigitizeError as error:
            _answer(answers, {"error": {"code": error.code, "detail": error.detail}})
        except MemoryError:
            # What the libraries hold after running out is anybody's guess: this child is spent.
            _answer(answers, {"error": _told(ProcessingLimit("reading needs more memory than allowed")), "spent": True})
        except Exception:  # noqa: BLE001  # a defect of ours: told in full to the parent, which raises it
            _answer(answers, {"error": {"code": "INTERNAL", "traceback": traceback.format_exc()}, "spent": True})
        else:
            _answer(answers, {"result": result}, buffers)


def _told(error: DigitizeError) -> dict[str, str]:
    return {"code": error.code, "detail": error.detail}


def _allow_processor(seconds: float) -> None:
    """Moves the soft processor limit on: a child whose parent was killed can't spin for ever."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, hard))


def _answer(stream: BinaryIO, message: dict[str, Any], buffers: Sequence[Buffer] = ()) -> None:
    text = json.dumps(message).encode()
    views = [memoryview(buffer).cast("B") for buffer in buffers]
    lengths = struct.pack(f"<{len(views)}Q", *(len(view) for view in views))
    for left in (memoryview(_HEAD.pack(len(text), len(views)) + lengths + text), *views):
        sent = 0
        while sent < len(left):
            sent += stream.write(left[sent:])
