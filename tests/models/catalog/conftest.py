"""The packaged files don't change while tests run: each is parsed once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from models.catalog import catalog as module
from models.catalog.catalog import PACKAGED
from models.catalog.files import Document, read_document

_parsed_once = cache(read_document)


def _read(path: Path) -> Document:
    return _parsed_once(path) if path.parent == PACKAGED else read_document(path)


@pytest.fixture(autouse=True)
def _packaged_files_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "read_document", _read)
