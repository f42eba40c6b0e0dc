"""Where the database is: ``DIGITIZE_DB_*``."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

FILE_NAME = "digitize.sqlite3"


def sqlite_url(folder: Path) -> str:
    """The URL of the one-machine database in a data folder."""
    return f"sqlite:///{(folder / FILE_NAME).absolute().as_posix()}"


class DatabaseSettings(BaseSettings):
    """``url``: ``sqlite:///path`` or ``postgresql://user:password@host/name``; kept out of ``repr`` for its password.

    ``pool_size`` is the number of connections a process keeps; half as many again may open under load.
    """

    model_config = SettingsConfigDict(env_prefix="DIGITIZE_DB_", frozen=True, extra="ignore")

    url: str = Field(default_factory=lambda: sqlite_url(Path("data")), repr=False)
    pool_size: int = Field(default=10, ge=1, le=200)

    @field_validator("url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError as error:
            raise ValueError("DIGITIZE_DB_URL is not a database URL") from error
        if backend not in {"sqlite", "postgresql"}:
            raise ValueError(f"DIGITIZE_DB_URL: SQLite and PostgreSQL are supported, not {backend}")
        return value
