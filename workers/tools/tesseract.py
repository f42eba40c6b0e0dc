"""Tesseract's command line and its language data: where each ``*.traineddata`` lies."""

from __future__ import annotations

import shutil
from pathlib import Path

from models.errors import DigitizeError
from workers.tools.probe import PROBE_SECONDS, Probe, ask_version
from workers.tools.run import run_tool

INSTALL = "apt-get install tesseract-ocr tesseract-ocr-vie"
KNOWN_FOLDERS = (
    Path("/usr/share/tesseract-ocr/5/tessdata"),
    Path("/usr/share/tesseract-ocr/4.00/tessdata"),
    Path("/usr/share/tessdata"),
    Path("/usr/local/share/tessdata"),
)


def language_data(extra: tuple[Path, ...] = ()) -> dict[str, Path]:
    """Language or script name -> its data file; ``extra`` folders are looked at first, then the usual ones."""
    found: dict[str, Path] = {}
    for folder in (*extra, *KNOWN_FOLDERS):
        for file in sorted(folder.glob("**/*.traineddata")) if folder.is_dir() else ():
            name = file.relative_to(folder).with_suffix("").as_posix()
            found.setdefault(name, file)
    return found


def listed_languages() -> list[str]:
    """What the program itself says it can load; empty when it is not installed."""
    try:
        answer = run_tool(["tesseract", "--list-langs"], timeout=PROBE_SECONDS)
    except DigitizeError:
        return []
    lines = answer.stdout.decode("utf-8", "replace").splitlines()
    return [line.strip() for line in lines[1:] if line.strip()]


def probe(languages: str = "vie") -> Probe:
    """The program (the second engine) and the data of ``languages`` (``vie+eng``), which both engines read."""
    data = language_data()
    missing = [name for name in languages.split("+") if name not in data]
    places = ", ".join(f"{name}: {path}" for name, path in data.items() if name in languages.split("+"))
    found = shutil.which("tesseract")
    packages = " ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in missing)
    return Probe(
        name="tesseract",
        found=found,
        version=ask_version(["tesseract", "--version"], r"tesseract v?(\d+[\d.]*)") if found else None,
        minimum="5.0",
        install=f"apt-get install {packages}" if found and missing else INSTALL,
        detail=f"no language data: {', '.join(missing)}" if missing else places,
        usable=not missing,
    )
