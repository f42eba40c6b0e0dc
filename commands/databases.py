"""The database of this installation, for commands: the schema is brought up to date first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getuser

import typer
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from commands.exit_codes import ExitCode
from commands.options import DataOption
from commands.settings import Deployment, deployment
from models.database import make_engine, make_session_factory, reading, transaction, upgrade
from models.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Opened:
    """An installation whose database is open."""

    place: Deployment
    engine: Engine
    sessions: sessionmaker[Session]


@contextmanager
def opened(data: DataOption) -> Iterator[Opened]:
    """The installation, until the command is done with it."""
    place = deployment(data)
    engine = make_engine(place.database.url)
    try:
        upgrade(engine)
        yield Opened(place, engine, make_session_factory(engine))
    finally:
        engine.dispose()


@contextmanager
def database(data: DataOption, *, read_only: bool = False) -> Iterator[Session]:
    """A transaction. A contradiction becomes one line and exit code 3, and nothing is kept. ``read_only``: nobody's writes wait meanwhile."""
    with opened(data) as installation:
        try:
            with (reading if read_only else transaction)(installation.sessions) as session:
                yield session
        except (Conflict, NotFound) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(ExitCode.REFUSED) from error


def actor() -> str:
    """Who runs the command, as events name them."""
    return f"command:{getuser()}"[:110]
