"""``digitize batch verify``: every file of the sources has its item, and every item what it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from commands.exit_codes import ExitCode
from commands.settings import Deployment
from digitize_api.batches.check import Difference, stored
from digitize_api.batches.service import UPLOAD
from models.batches import store as batches
from models.batches.entities import Batch, BatchFile, BatchItem
from models.batches.store import Policies
from models.database import reading
from models.errors import DigitizeError
from storage.factory import make_store
from workers.feeding.files import SourceFile, shown
from workers.feeding.folder import Stability, StillChanging
from workers.feeding.look import Looker

GONE = "source_gone"
"""A file that was taken lies in no source any more: told, but no fault, since boxes are cleared away."""
CHUNK = 1 << 20


@dataclass(slots=True)
class _Counts:
    files: int = 0
    differences: int = 0


def verify_batch(place: Deployment, sessions: sessionmaker[Session], batch: Batch, *, as_json: bool) -> ExitCode:
    """Prints one line a difference."""
    counts = _Counts()
    store = make_store(place.storage)
    for found in _all(place, sessions, batch, counts):
        counts.differences += found.what != GONE
        typer.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else _line(found))
    for found in stored(sessions, store, batch.id, deep=True):
        counts.differences += 1
        typer.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else _line(found))
    typer.echo(
        f"{counts.files} tệp nguồn, {counts.differences} khác biệt / {counts.files} files of the sources, {counts.differences} differences",
        err=True,
    )
    return ExitCode.PAGES_FAILED if counts.differences else ExitCode.OK


def _line(found: Difference) -> str:
    number = "" if found.number is None else str(found.number)
    return f"{found.what}\t{number}\t{found.path}\t{found.detail}".rstrip()


def _all(place: Deployment, sessions: sessionmaker[Session], batch: Batch, counts: _Counts) -> Iterator[Difference]:
    """The sources against the rows."""
    with reading(sessions) as session:
        sources = batches.sources(session, batch.id)
        statement = select(BatchFile.path_key, BatchFile.path, BatchFile.sha256, BatchItem.number)
        statement = statement.join(BatchItem, BatchItem.id == BatchFile.item_id).where(BatchFile.batch_id == batch.id)
        known = {key: (path, sha256, number) for key, path, sha256, number in session.execute(statement)}
    looker = Looker(Policies.of(batch), Stability(0.0), place.workers.max_bytes, final=True)
    seen: set[str] = set()
    for source in sources:
        try:
            looked = looker.look(source)
        except OSError as error:
            yield Difference("source_unreadable", shown(source.path), detail=error.strerror or str(error))
            continue
        if looked.error is not None:
            yield Difference("source_unreadable", shown(source.path), detail=looked.error.code)
        for file in (side.file for document in looked.documents for side in document.sides):
            key = batches.path_key(file.path)
            if key in seen:
                continue
            seen.add(key)
            counts.files += 1
            if key not in known:
                yield Difference("no_item", file.path)
                continue
            _, sha256, number = known[key]
            if sha256 is not None and (detail := _differs(file, sha256)):
                yield Difference("changed", file.path, number, detail)
    for key, (path, _, number) in known.items():
        if key not in seen and not path.startswith(UPLOAD):
            yield Difference(GONE, path, number)


def _differs(file: SourceFile, sha256: str) -> str:
    """Why the file is not what was taken; empty when it is."""
    digest = hashlib.sha256()
    try:
        with file.open() as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    except StillChanging:
        return "still changing"
    except DigitizeError as error:
        return error.code
    except OSError as error:
        return error.strerror or type(error).__name__
    return "" if digest.hexdigest() == sha256 else "other bytes"
