"""``digitize scan``: the pipeline without a server."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add ``scan`` to the app."""
