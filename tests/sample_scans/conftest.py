from __future__ import annotations

import pytest

from sample_scans.layout.fonts import FontMissingError, font_file


@pytest.fixture(scope="session", autouse=True)
def typefaces() -> None:
    """The generator needs two typefaces; the set itself is committed, so a machine without them loses only these tests."""
    try:
        for face in ("Tinos", "Arimo"):
            font_file(face, bold=True, italic=False)
    except FontMissingError as missing:
        pytest.skip(str(missing))
