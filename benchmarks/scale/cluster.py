"""A PostgreSQL whose folder outlives it, so that a database of a million results is made once and measured again."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.services import PostgresServer

SETTINGS: Final = {
    "shared_buffers": "2GB",
    "effective_cache_size": "12GB",
    "max_wal_size": "8GB",
    "random_page_cost": "1.1",
}
"""What an operator would set for a host of 24 GiB with an SSD (docs/province.md); all else as PostgreSQL comes, fsync on."""
FILLING: Final = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "maintenance_work_mem": "2GB",
}
DATABASE: Final = "scale"


class KeptPostgres(PostgresServer):
    """``PostgresServer`` in ``folder``, which stays. ``filling``: without durability, for making the data."""

    name = "scale"
    grace = 120.0  # a checkpoint of gigabytes

    def __init__(self, folder: Path) -> None:
        super().__init__()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder, self.data, self.filling = folder, folder / "data", False

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.data.exists():
            super().prepare()

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            **SETTINGS,
            **(FILLING if self.filling else {}),
        }
        return [str(self.programs / "postgres"), "-D", str(self.data), *(f"--{k}={v}" for k, v in settings.items())]

    def again(self, *, filling: bool) -> None:
        """Stop and start with the other settings, nothing in its buffers."""
        self.stop()
        self.filling = filling
        self.start()

    def cold(self) -> bool:
        """Stop, let the operating system forget what it read of the files, start; false where it may not be asked to."""
        self.stop()
        subprocess.run(["sync"], check=True)
        forgotten = False
        with suppress(OSError):
            Path("/proc/sys/vm/drop_caches").write_text("3")
            forgotten = True
        self.start()
        return forgotten

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{DATABASE}"

    def __exit__(self, *_: object) -> None:
        self.stop()
