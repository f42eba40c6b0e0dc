"""``digitize classify``: which papers a file holds and what they say, on the screen or as JSON lines; nothing is written.

The documents are personal: what is shown goes to stdout alone, never to a log.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.exit_codes import ExitCode
from commands.scan import files_of
from models.catalog import Catalog, default_catalog
from models.errors import Refusal
from workers.parallel import ReaderConfig, ReaderPool
from workers.settings import WorkerSettings


def register(app: typer.Typer) -> None:
    """Add ``classify``."""
    app.command("classify")(classify)


def classify(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...", help="Ảnh, TIFF nhiều trang, PDF, hoặc thư mục. / Images, TIFFs, PDFs, folders."
        ),
    ],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Mỗi giấy tờ một dòng JSON. / One JSON line a paper.")
    ] = False,
) -> None:
    """Cho biết tệp gồm những giấy tờ nào và nội dung các trường. / Say which papers a file holds and their fields.

    Mã thoát / exit codes: như `digitize scan` / as `digitize scan`.
    """
    from workers.document import scan_document  # noqa: PLC0415 - loads beside the reader's start, as in `scan`

    settings, catalog = WorkerSettings(), default_catalog()
    config = ReaderConfig(settings.engine, settings.languages, settings.limits)
    code = ExitCode.OK
    with ReaderPool(config, len(os.sched_getaffinity(0))) as pool:
        pool.warm_up()
        for path in files_of(inputs):
            try:
                found = scan_document(path, pool, settings.limits, pdf=None)
            except Refusal as refusal:
                typer.echo(
                    f"{path.name}: {refusal.code}: {refusal.detail} ({refusal.advice_vi} / {refusal.advice_en})",
                    err=True,
                )
                code = ExitCode.REFUSED
                continue
            if found.failed and code is ExitCode.OK:
                code = ExitCode.PAGES_FAILED
            for paper in found.json["components"]:
                _show(path, paper, catalog, as_json=as_json)
    raise typer.Exit(code)


def _show(path: Path, paper: dict[str, Any], catalog: Catalog, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"file": path.name, **paper}, ensure_ascii=False))
        return
    for line in describe(path.name, paper, catalog):
        typer.echo(line)


def describe(name: str, paper: dict[str, Any], catalog: Catalog) -> list[str]:
    """A paper of a scan's JSON in lines for people: its pages, type with score, and each field with its value or why it is open."""
    pages = paper["pages"]
    span = f"trang {pages[0]}" if len(pages) == 1 else f"trang {pages[0]}-{pages[-1]}"
    kind = paper["paper_type"]
    known = catalog.paper_type(kind["id"]) if kind else None
    title = (
        f"{known.name if known else kind['id']} ({kind['id']}, {kind['score']:.2f})" if kind else "chưa rõ loại giấy tờ"
    )
    more = f" [{', '.join(paper['attributes'])}]" if paper["attributes"] else ""
    lines = [f"{name}, {span}: {title}{more}"]
    for field, said in paper["fields"].items():
        if said:
            doubt = f"  ? {said['doubt']}" if said.get("doubt") else ""
            lines.append(f"  {field:<20} {said['value']}  ({said['source']}, {said['confidence']:.2f}){doubt}")
    for field, said in paper["open_fields"].items():
        symbol = f" …{said['symbol']}" if said.get("symbol") else ""
        lines.append(f"  {field:<20} -{symbol}  ({said.get('reason', '')})")
    return [*lines, *(f"  ! {flag['code']}: {flag.get('detail') or ''}".rstrip() for flag in paper["flags"])]
