"""``digitize scan``: the pipeline without a server. Files in, a searchable PDF and a JSON beside it out."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_core import to_json

from commands.exit_codes import ExitCode
from commands.scan_progress import Task, progress
from models.errors import MissingProgram, Refusal
from workers.limits import Limits
from workers.parallel import ReaderConfig, ReaderPool, Stopped
from workers.settings import WorkerSettings

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Documents under way together: one's pages are read while another's PDF is written."""
_SINGLE_PAGES = frozenset({".jpg", ".jpeg", ".png"})
"""What one of these holds needs one reading process."""
_GRAVEST_FIRST = (ExitCode.DEFECT, ExitCode.MISSING, ExitCode.REFUSED, ExitCode.PAGES_FAILED, ExitCode.OK)


def register(app: typer.Typer) -> None:
    """Add ``scan``."""
    app.command("scan")(scan)


def scan(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...", help="Ảnh, TIFF nhiều trang, PDF, hoặc thư mục. / Images, TIFFs, PDFs, folders."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", file_okay=False, help="Thư mục kết quả. / Where results go.")],
    languages: Annotated[
        str | None,
        typer.Option(
            help="Ngôn ngữ của tesseract khi đọc lại, vd. vie+eng. / Languages of the second opinion (tesseract)."
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, help="Số tiến trình đọc. / Reading processes; default: one a core."),
    ] = None,
    *,
    no_pdf: Annotated[bool, typer.Option("--no-pdf", help="Chỉ ghi JSON. / Write the JSON only.")] = False,
) -> None:
    """Đọc tệp quét thành PDF tìm kiếm được và JSON. / Read scans into searchable PDFs and JSON.

    Mã thoát / exit codes: 0 xong / done; 2 sai cách dùng / usage; 3 có tệp bị từ chối / an input was refused;
    4 có trang lỗi / some pages failed; 5 thiếu chương trình / something is not installed; 70 lỗi của hệ thống / our defect.
    """
    files = files_of(inputs)
    try:
        settings = WorkerSettings() if languages is None else WorkerSettings(languages=languages)
    except ValidationError as error:
        raise typer.BadParameter(f"--languages: {error.errors()[0]['msg']}") from None
    size = jobs or len(os.sched_getaffinity(0))
    config = ReaderConfig(settings.engine, settings.languages, settings.limits)
    out.mkdir(parents=True, exist_ok=True)
    with progress(len(files)) as shown, ReaderPool(config, size) as pool:
        pool.warm_up(1 if len(files) == 1 and files[0].suffix.lower() in _SINGLE_PAGES else size)

        def one(path: Path, name: str) -> ExitCode:
            return _one(path, out / name, pool, settings.limits, shown.begin(path.name), pdf=not no_pdf)

        documents = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="document")
        try:
            codes = list(documents.map(one, files, _names(files, out)))
        except BaseException:
            pool.stop()  # Ctrl-C, or a program is missing: nothing more can be read
            raise
        finally:
            documents.shutdown(cancel_futures=True)
    raise typer.Exit(next(code for code in _GRAVEST_FIRST if code in codes))


def _one(path: Path, base: Path, pool: ReaderPool, limits: Limits, task: Task, *, pdf: bool) -> ExitCode:
    """One input into ``base``.json and ``base``.pdf; each appears whole or not at all."""
    # What writes PDFs takes half of this command's imports: it loads while the first reading process does.
    from workers.document import scan_document  # noqa: PLC0415
    from workers.report import Source, scan_json  # noqa: PLC0415

    begun = time.monotonic()
    target = base.with_name(f"{base.name}.pdf")
    report = base.with_name(f"{base.name}.json")
    try:
        scanned = scan_document(
            path,
            pool,
            limits,
            pdf=target if pdf else None,
            on_open=lambda info: task.pages(info.page_count),
            on_page=lambda _: task.page(),
        )
        write_json(report, scanned.json)
    except Refusal as refusal:
        write_json(report, scan_json(Source.refused(path), (), (), refusal))
        target.unlink(missing_ok=True)  # of an earlier run, when the file was another
        task.done(f"{refusal.code}: {refusal.detail} ({refusal.advice_vi} / {refusal.advice_en})")
        return ExitCode.REFUSED
    except (MissingProgram, Stopped):
        raise
    except Exception as error:
        log.exception("%s", path.name)
        task.done(f"INTERNAL: {type(error).__name__}")
        return ExitCode.DEFECT
    failed = f", {len(scanned.failed)} lỗi / failed" if scanned.failed else ""
    task.done(f"{scanned.info.page_count} trang / pages{failed}, {time.monotonic() - begun:.1f} s")
    return ExitCode.PAGES_FAILED if scanned.failed else ExitCode.OK


def files_of(inputs: Iterable[Path]) -> list[Path]:
    """Files as given; a folder stands for every file in it, by name. A file named twice is read once."""
    found: list[Path] = []
    for given in inputs:
        if given.is_dir():
            found += sorted(path for path in given.iterdir() if path.is_file() and not path.name.startswith("."))
        elif given.is_file():
            found.append(given)
        else:
            raise typer.BadParameter(f"không có tệp hay thư mục này / no such file or folder: {given}")
    files = list({path.resolve(): path for path in found}.values())
    if not files:
        raise typer.BadParameter("thư mục không có tệp nào / the folder holds no file")
    return files


def _names(files: list[Path], out: Path) -> list[str]:
    """The name of each file's results: its stem, numbered where another input has it or the input itself lies there."""
    inputs = {path.resolve() for path in files}
    taken: set[str] = set()
    names: list[str] = []
    for path in files:
        name, count = path.stem, 1
        while name.casefold() in taken or any((out / f"{name}{end}").resolve() in inputs for end in (".pdf", ".json")):
            count += 1
            name = f"{path.stem}-{count}"
        taken.add(name.casefold())
        names.append(name)
    return names


def write_json(path: Path, data: dict[str, Any]) -> None:
    """UTF-8, readable, and never half there."""
    handle, name = tempfile.mkstemp(prefix=".json-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(to_json(data, indent=1) + b"\n")
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
