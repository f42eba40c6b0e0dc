"""A transaction on this installation's database, for commands: the schema is brought up to date first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from sqlalchemy.orm import Session

from commands.exit_codes import ExitCode
from commands.options import DataOption
from commands.settings import deployment
from models.database import make_engine, make_session_factory, reading, transaction, upgrade
from models.errors import Conflict, NotFound


@contextmanager
def database(data: DataOption, *, read_only: bool = False) -> Iterator[Session]:
    """A contradiction becomes one line and exit code 3, and nothing is kept. ``read_only``: nobody's writes wait meanwhile."""
    engine = make_engine(deployment(data).database.url)
    try:
        upgrade(engine)
        factory = make_session_factory(engine)
        with reading(factory) if read_only else transaction(factory) as session:
            yield session
    except (Conflict, NotFound) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(ExitCode.REFUSED) from error
    finally:
        engine.dispose()
