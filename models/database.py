"""Engine, sessions and migrations: SQLite on one machine, PostgreSQL in a province, the same code on both.

Writes go through :func:`transaction`, reads through :func:`reading`. On SQLite a write transaction takes the write lock at
its *start* (``BEGIN IMMEDIATE``), so that writers queue; one that started as a reader would fail with ``SQLITE_BUSY`` when it
turned into a writer behind another one. Readers see the last commit and block nobody (WAL).

An engine belongs to one process: a worker that forks makes its own afterwards.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session, sessionmaker

if TYPE_CHECKING:  # nothing but migrations needs Alembic, and every process would load it at its start
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_SECONDS = 30
READING = "digitize_reading"  # execution option of a connection that only reads
COUNTING_MEMORY = "64MB"  # of each sort and hash; PostgreSQL's processes of one report take a few of them
MIGRATION_LOCK = 0x4469_6769  # "Digi": two processes that start together must not both migrate


def make_engine(url: str | URL, *, pool_size: int = 10) -> Engine:
    """An engine with the pragmas and pool this project relies on; a SQLite file's folder is made when missing."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed, pool_size)
    if parsed.get_backend_name() != "postgresql":
        raise ValueError(f"SQLite and PostgreSQL are supported, not {parsed.get_backend_name()}")
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=pool_size // 2 + 1,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "application_name": "digitize"},
    )


def _sqlite_engine(url: URL, pool_size: int) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("an in-memory database is not shared by threads; give a file")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size // 2 + 1,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; _begin_sqlite does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
    _set_wal(cursor)
    cursor.execute("PRAGMA synchronous = FULL")  # a commit that was acknowledged survives a power cut
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _set_wal(cursor: Any) -> None:
    """Of a fresh file only one process can do it, and SQLite does not let the others wait: they are told at once that it is locked."""
    end = time.monotonic() + BUSY_TIMEOUT_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reading_only = bool(connection.get_execution_options().get(READING, False))
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading_only else "BEGIN IMMEDIATE")


def make_session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose objects stay readable after commit; relations load only where a loader asks for them."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(factory: sessionmaker[Session]) -> Iterator[Session]:
    """A session for writing: committed at the end, rolled back on any error."""
    with factory() as session, session.begin():
        yield session


@contextmanager
def reading(factory: sessionmaker[Session]) -> Iterator[Session]:
    """A session that only reads one consistent state (PostgreSQL: per statement); a write in it is refused."""
    with factory() as session:
        session.connection(execution_options={READING: True, "postgresql_readonly": True})
        yield session


def insert_into(session: Session, entity: type[Any]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT with ``on_conflict_…`` for the session's database (both spell it the same)."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(entity)
    return sqlite.insert(entity)


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration without a file, so that it works from an installed wheel."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def prepare_to_count(session: Session) -> None:
    """For the rest of the transaction: memory for a statement that adds up a province's rows, which PostgreSQL would else sort on disk in parts of 4 MiB
    (a year's report took half as long again), and none of its compiling, which takes longer than it saves. Nothing on SQLite.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text(f"SELECT set_config('work_mem', '{COUNTING_MEMORY}', true), set_config('jit', 'off', true)")
        )


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to ``revision`` in one transaction; harmless when it is there, or when two processes start at once."""
    from alembic import command  # noqa: PLC0415 - as above

    with _migrating(engine) as config:
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to ``revision`` (``base``: an empty database)."""
    from alembic import command  # noqa: PLC0415 - as above

    with _migrating(engine) as config:
        command.downgrade(config, revision)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Config]:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        yield alembic_config(connection)


def current_revision(engine: Engine) -> str | None:
    """The revision the database is at, or ``None`` before the first migration."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 - as above

    with engine.connect().execution_options(**{READING: True}) as connection:
        return MigrationContext.configure(connection).get_current_revision()
