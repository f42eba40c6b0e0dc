"""The typeface of printed slips, one with the metrics of Times New Roman, as NĐ 30/2020 asks for; and the slip as bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.fonts import TTFFont

from models.errors import MissingProgram

FAMILY: Final = "slip"
_STYLES: Final = {"": "Regular", "B": "Bold", "I": "Italic"}
_FOLDERS: Final = (
    ("/usr/share/fonts/truetype/croscore", "Tinos-{}.ttf"),
    ("/usr/share/fonts/truetype/liberation", "LiberationSerif-{}.ttf"),
    ("/usr/share/fonts/truetype/liberation2", "LiberationSerif-{}.ttf"),
)


def add_fonts(pdf: FPDF) -> None:
    """Regular, bold and italic under ``FAMILY``, embedded as a subset. ``MissingProgram`` when no such typeface is installed."""
    for folder, pattern in _FOLDERS:
        files = {style: Path(folder) / pattern.format(name) for style, name in _STYLES.items()}
        if all(file.is_file() for file in files.values()):
            for style, file in files.items():
                pdf.add_font(FAMILY, style, file)
            return
    raise MissingProgram(
        "A typeface for printed slips is missing. Install it with: sudo apt-get install fonts-croscore"
    )


def finished(pdf: FPDF) -> bytes:
    """The PDF; nothing more can be drawn. Its typefaces' files are closed, which ``pdf`` would leave open."""
    try:
        return bytes(pdf.output())
    finally:
        for font in pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()
