"""Exit codes of ``digitize`` (CONTRACT); every command uses these."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    OK = 0
    USAGE = 2
    REFUSED = 3
    PAGES_FAILED = 4
    MISSING = 5
    DEFECT = 70
    INTERRUPTED = 130  # 128 + SIGINT, as shells expect
