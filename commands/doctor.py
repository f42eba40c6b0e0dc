"""``digitize doctor``: what is missing on this machine, and the command that installs it."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

import typer

from commands.exit_codes import ExitCode
from commands.options import DataOption
from commands.settings import Deployment, deployment
from models.errors import MissingProgram

GIBIBYTE = 1 << 30
LOW_DISK_BYTES = 2 * GIBIBYTE
REINSTALL = "cài lại gói digitize / install the digitize package again"


@dataclass(frozen=True, slots=True)
class Line:
    """``ok`` None: a warning. ``remedy``: what to do, when something is to be done."""

    name: str
    ok: bool | None
    detail: str
    remedy: str = ""


def register(app: typer.Typer) -> None:
    """Add ``doctor``."""
    app.command("doctor")(doctor)


def doctor(
    data: DataOption = None,
    *,
    services: Annotated[
        bool,
        typer.Option("--services", help="Kiểm tra cả CSDL, kho và hàng đợi. / Also ask database, store and broker."),
    ] = False,
) -> None:
    """Kiểm tra máy có đủ chương trình và mô hình chưa. / Check this machine for needed programs and models."""
    place = deployment(data)
    lines = [*_machine(place), *_programs(place), *_weights(place), _engine(place)]
    if services:
        lines += _services(place)
    for line in lines:
        mark = {True: "ok   ", False: "THIẾU", None: "!    "}[line.ok]
        typer.echo(f"{mark}  {line.name:<22} {line.detail}")
        if line.remedy and line.ok is not True:
            typer.echo(f"       → {line.remedy}")
    if any(line.ok is False for line in lines):
        typer.echo("Còn thiếu; chạy các lệnh có dấu → rồi thử lại. / Something is missing; run the commands marked →.")
        raise typer.Exit(ExitCode.MISSING)
    typer.echo("Sẵn sàng. / Ready.")


def _machine(place: Deployment) -> Iterator[Line]:
    yield Line("python", ok=True, detail=f"{platform.python_version()} ({platform.machine()})")
    free = shutil.disk_usage(place.data).free
    yield Line(
        "thư mục / data folder",
        True if free > LOW_DISK_BYTES else None,
        f"{place.data} ({free / GIBIBYTE:.1f} GiB trống / free)",
        "giải phóng dung lượng đĩa / free some disk space",
    )


def _programs(place: Deployment) -> Iterator[Line]:
    from workers.tools.probes import probes  # noqa: PLC0415 - starts programs; other commands have no need of it

    spared = {"tesseract"} if _reads_alone(place) else set()  # then it only gives second opinions
    for probe in probes(place.workers.languages):
        needed = (probe.needed and probe.name not in spared) or (probe.name == "redis-server" and place.private_redis)
        detail = " ".join(part for part in (probe.version, probe.found, probe.detail) if part)
        yield Line(
            probe.name,
            True if probe.ok else (False if needed else None),
            detail or f"chưa cài / not installed (≥ {probe.minimum})",
            probe.install,
        )


def _weights(place: Deployment) -> Iterator[Line]:
    """Our reader's weights, where the settings ask for it; without them tesseract reads in its place."""
    from workers.ocr.factory import READER, READER_ALONE  # noqa: PLC0415 - loads NumPy
    from workers.ocr.reader.weights import load_weights  # noqa: PLC0415 - the same

    if place.workers.engine not in {READER, READER_ALONE}:
        return
    name = "mô hình / weights"
    try:
        weights = load_weights()
    except MissingProgram as error:
        yield Line(name, None if place.workers.engine == READER else False, error.detail, REINSTALL)
        return
    size = len(weights.model) / (1 << 20)
    yield Line(name, ok=True, detail=f"{weights.version}, {size:.1f} MiB, {weights.trained_lines} dòng / lines")


def _reads_alone(place: Deployment) -> bool:
    """Whether our reader does without tesseract here."""
    from workers.ocr.factory import OWN_LANGUAGE  # noqa: PLC0415 - loads NumPy

    return place.workers.languages == OWN_LANGUAGE and any(line.ok for line in _weights(place))


def _engine(place: Deployment) -> Line:
    """The reading engine is asked to load, since only that shows that its language data is there."""
    from workers.ocr.factory import READER_ALONE, make_engine  # noqa: PLC0415 - loads OpenCV

    name = f"đọc chữ / {place.workers.engine}"
    try:
        engine = make_engine(place.workers.engine, place.workers.languages)
    except MissingProgram as error:
        remedy = REINSTALL if place.workers.engine == READER_ALONE else "apt-get install tesseract-ocr-vie"
        return Line(name, ok=False, detail=error.detail, remedy=remedy)
    detail = engine.name
    engine.close()
    return Line(name, ok=True, detail=detail)


def _services(place: Deployment) -> list[Line]:
    from models.database import current_revision, make_engine  # noqa: PLC0415
    from storage.factory import make_store  # noqa: PLC0415
    from workers.celery_app import make_celery  # noqa: PLC0415
    from workers.doorbell import Doorbell  # noqa: PLC0415

    def database() -> str:
        engine = make_engine(place.database.url)
        try:
            return f"{engine.dialect.name}, schema {current_revision(engine) or 'trống / empty'}"
        finally:
            engine.dispose()

    def store() -> str:
        make_store(place.storage).ping()
        return place.storage.kind

    def broker() -> str:
        Doorbell(make_celery(place.workers), 1).ping()
        return "redis"

    return [_ask("CSDL / database", database), _ask("kho / store", store), _ask("hàng đợi / broker", broker)]


def _ask(name: str, question: Callable[[], str]) -> Line:
    try:
        return Line(name, ok=True, detail=question())
    except Exception as error:  # noqa: BLE001 - whatever keeps it from answering is the answer
        return Line(
            name,
            ok=False,
            detail=f"{type(error).__name__}",
            remedy="kiểm tra dịch vụ và biến DIGITIZE_* / check that it runs, and the DIGITIZE_* variables",
        )
