"""``digitize verify``: are the originals still what was received?"""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.progress import Progress

from commands.exit_codes import ExitCode
from commands.options import DataOption
from commands.settings import deployment
from models.database import make_engine, make_session_factory
from storage.factory import make_store
from workers.fixity import PREFIXES, check_prefix, expected_keys


def register(app: typer.Typer) -> None:
    """Add ``verify``."""
    app.command("verify")(verify)


def verify(data: DataOption = None) -> None:
    """Băm lại mọi bản gốc và so với mã đã ghi. / Hash every original again and compare.

    Mã thoát 4 khi có bản gốc hỏng hoặc mất. / Exit code 4 when an original is damaged or missing.
    """
    place = deployment(data)
    store, engine = make_store(place.storage), make_engine(place.database.url)
    sessions = make_session_factory(engine)
    checked, damaged = 0, 0
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        for prefix in progress.track(PREFIXES, description="Kiểm tra / Checking"):
            for report in check_prefix(store, prefix, expected_keys(sessions, prefix)):
                checked += 1
                if not report.intact:
                    damaged += 1
                    typer.echo(f"{report.verdict}\t{report.key}")
    engine.dispose()
    typer.echo(f"{checked} bản gốc, {damaged} hỏng / {checked} originals, {damaged} damaged", err=True)
    if damaged:
        raise typer.Exit(ExitCode.PAGES_FAILED)
