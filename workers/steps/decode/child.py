"""The decoder child: ``python -m workers.steps.decode.child``, started and limited by ``workers.tools.sandbox``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2

from workers.limits import Limits
from workers.steps.decode import inside
from workers.steps.decode.wire import page_to_wire
from workers.tools.sandbox_child import Buffer, serve


def look(path: str, media_type: str, limits: dict[str, Any]) -> tuple[dict[str, Any], list[Buffer]]:
    pages, warnings = inside.look(Path(path), media_type, Limits(**limits))
    return {"pages": pages, "warnings": list(warnings)}, []


def decode(path: str, media_type: str, number: int, limits: dict[str, Any]) -> tuple[dict[str, Any], list[Buffer]]:
    facts, buffers = page_to_wire(inside.decode(Path(path), media_type, number, Limits(**limits)))
    return facts, list(buffers)


if __name__ == "__main__":
    cv2.setNumThreads(1)
    serve({"look": look, "decode": decode})
