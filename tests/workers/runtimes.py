"""A runtime on a fresh database and store, for tests that run jobs in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from models.database import transaction
from models.dossiers import create_dossier
from models.entities import Agency, Scan
from models.intake import accept_scan
from models.settings import DatabaseSettings
from storage.settings import StorageSettings
from tests.databases import migrate, migrated_sqlite
from workers.ocr.engine import OcrEngine
from workers.runtime import Runtime, make_runtime
from workers.settings import WorkerSettings

NOBODY = "redis://127.0.0.1:1/0"  # nothing listens there


@contextmanager
def runtime_in(
    folder: Path,
    *,
    broker: str = NOBODY,
    database: str | None = None,
    storage: StorageSettings | None = None,
    load_engine: Callable[[], OcrEngine] | None = None,
    **settings: Any,
) -> Iterator[Runtime]:
    url = migrate(database) if database else migrated_sqlite(folder)
    quick: dict[str, Any] = {"retry_seconds": 0.05, "max_retry_seconds": 0.2, "resend_seconds": 1.0}
    runtime = make_runtime(
        WorkerSettings(broker_url=SecretStr(broker), scratch=folder / "scratch", **(quick | settings)),
        DatabaseSettings(url=url),
        storage or StorageSettings(root=folder / "objects"),
        load_engine=load_engine,
    )
    try:
        yield runtime
    finally:
        runtime.close()


def post(
    runtime: Runtime,
    path: Path,
    *,
    queue: str = "counter",
    media_type: str = "application/pdf",
    before_commit: Callable[[str], object] = lambda _key: None,
) -> tuple[str, str]:
    """What the front door does with a file; the ids of the scan and of its first dispatch row. Nobody is rung."""
    with path.open("rb") as stream:
        stored = runtime.store.put_original(stream, media_type=media_type)
    with transaction(runtime.sessions) as session:
        agency = session.query(Agency).first()
        if agency is None:
            agency = Agency(code="H56.14", name="UBND phường Ví Dụ")
            session.add(agency)
            session.flush()
        dossier = create_dossier(
            session, agency=agency, procedure="1.000894", title="Hồ sơ thử", holder=None, created_by="test"
        )
        accepted = accept_scan(
            session,
            dossier=dossier,
            actor="station:test",
            idempotency_key=None,
            filename=path.name,
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            original_key=stored.key,
            queue=queue,
        )
        assert accepted.dispatch_id is not None
        before_commit(stored.key)
        return accepted.scan.id, accepted.dispatch_id


def scan_of(runtime: Runtime, scan_id: str) -> Scan:
    with runtime.sessions() as session:
        return session.get_one(Scan, scan_id)
