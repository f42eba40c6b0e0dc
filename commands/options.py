"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Thư mục dữ liệu (mặc định ~/.local/share/digitize hoặc DIGITIZE_DATA). / The data folder.",
        file_okay=False,
    ),
]
