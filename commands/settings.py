"""Where the one-machine data lies, and what every command concludes from it and from the environment."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.settings import DatabaseSettings, sqlite_url
from storage.settings import StorageSettings
from workers.settings import WorkerSettings

LONGEST_SOCKET_PATH = 100  # Linux allows 107 bytes for a unix socket's path


class CommandSettings(BaseSettings):
    """``DIGITIZE_DATA``: the data folder of the one-machine mode.

    The default is a folder of the user and not of the current directory: `digitize up` and `digitize account add` must mean
    the same data wherever they are called.
    """

    model_config = SettingsConfigDict(env_prefix="DIGITIZE_", frozen=True, extra="ignore")

    data: Path | None = None


@dataclass(frozen=True, slots=True)
class Deployment:
    """Everything a process needs to know about where things are.

    What the environment names is used (a province); the rest lies in ``data`` (one machine). ``private_redis``: no broker is
    named, so `digitize up` starts its own.
    """

    data: Path
    database: DatabaseSettings
    storage: StorageSettings
    workers: WorkerSettings
    private_redis: bool

    @property
    def redis_socket(self) -> Path:
        return socket_path(self.data)


def deployment(data: Path | None = None) -> Deployment:
    """``data``: the ``--data`` option; else ``DIGITIZE_DATA``; else ``~/.local/share/digitize``. Made when missing."""
    folder = (data or CommandSettings().data or Path.home() / ".local" / "share" / "digitize").expanduser().absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = DatabaseSettings()
    if "url" not in database.model_fields_set:
        database = DatabaseSettings(url=sqlite_url(folder))
    storage = StorageSettings()
    if "root" not in storage.model_fields_set:
        storage = StorageSettings(root=folder / "objects")
    workers = WorkerSettings()
    private = not workers.broker_url.get_secret_value()
    changes: dict[str, object] = {}
    if private:
        changes["broker_url"] = SecretStr(f"redis+socket://{socket_path(folder)}?virtual_host=0")
    if workers.scratch is None:
        changes["scratch"] = folder / "scratch"
    return Deployment(folder, database, storage, workers.model_copy(update=changes), private)


def socket_path(folder: Path) -> Path:
    """The private Redis' socket: in the data folder, or under a short name when that path is too long for a socket."""
    path = folder / "redis" / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    short = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"digitize-{os.getuid()}-{short}" / "redis.sock"
