"""``digitize batch quality rescan``: a returned paper's new file into the store, and posted; the service rings for it and reads it."""

from __future__ import annotations

from pathlib import Path

import typer

from commands.databases import Opened, actor
from commands.exit_codes import ExitCode
from models.batches.items import Content
from models.batches.quality import rescans
from models.batches.quality.rescans import Came
from models.database import reading, transaction
from models.errors import DigitizeError, TooLarge
from models.search import make_index
from storage.factory import make_store
from workers.feeding.take_in import kind_of
from workers.steps.decode.kinds import HEAD_BYTES


def new_scan(installation: Opened, batch_id: str, paper: str, file: Path) -> ExitCode:
    """Prints the scan's id; a refusal in one line, with what to do."""
    try:
        with reading(installation.sessions) as session:
            rescans.may_ask(session, batch_id, paper)
        came = Came(_stored(installation, file), file.name)
        with transaction(installation.sessions) as session:
            sent = rescans.ask(session, batch_id, paper, came, make_index(installation.engine), actor=actor())
            typer.echo(sent.rescan.scan_id)
    except DigitizeError as error:
        typer.echo(f"{error.code}: {error.title_vi}. {error.advice_vi} / {error.title_en}. {error.advice_en}", err=True)
        return ExitCode.REFUSED
    return ExitCode.OK


def _stored(installation: Opened, file: Path) -> Content:
    most = installation.place.workers.max_bytes
    with file.open("rb") as stream:
        kind = kind_of(stream.read(HEAD_BYTES), file.name)
        stream.seek(0)
        try:
            info = make_store(installation.place.storage).put_original(stream, media_type=kind, max_bytes=most)
        except ValueError as error:
            raise TooLarge(f"the limit is {most} bytes") from error
    return Content(kind, info.size, info.sha256, info.key)
