"""The local folder for what a worker needs only for a while. Nothing in it is ever the only copy."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

WORK_PREFIX = "work-"


class Scratch:
    """``root``: made when missing, for this user only. Default: ``digitize-<uid>`` in the system's temporary folder."""

    def __init__(self, root: Path | None) -> None:
        self.root = root or Path(tempfile.gettempdir()) / f"digitize-{os.getuid()}"
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.root.stat().st_uid != os.getuid():
            # Somebody else made that name first, in a folder that everybody may write to.
            raise PermissionError(f"{self.root} belongs to another user; set DIGITIZE_WORKER_SCRATCH")

    def folder(self, name: str) -> Path:
        path = self.root / name
        path.mkdir(mode=0o700, exist_ok=True)
        return path

    @contextmanager
    def work(self) -> Iterator[Path]:
        """A fresh folder that goes at the end of the ``with`` block; a killed worker's goes with :meth:`clean`."""
        with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=self.root, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def clean(self, older_than_seconds: float) -> int:
        """Remove work folders that a dead worker left; returns how many."""
        removed = 0
        for path in self.root.glob(f"{WORK_PREFIX}*"):
            try:
                old = time.time() - path.stat().st_mtime > older_than_seconds
            except FileNotFoundError:
                continue  # its worker has just ended
            if old:
                shutil.rmtree(path, ignore_errors=True)
                removed += 1
        if removed:
            log.info("removed what dead workers left", folders=removed)
        return removed
