"""The typefaces: Tinos (the metrics of Times New Roman) and Arimo (Arial), from the Debian package fonts-croscore.

No font is kept in the repository. ``Layout.BASIC`` is enough, because every Vietnamese letter is one glyph in NFC, and it
keeps the pixels independent of the text-shaping library.
"""

from __future__ import annotations

import subprocess
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

APT_PACKAGE = "fonts-croscore"
_KNOWN = Path("/usr/share/fonts/truetype/croscore")
_STYLES = {(False, False): "Regular", (True, False): "Bold", (False, True): "Italic", (True, True): "BoldItalic"}


class FontMissingError(RuntimeError):
    """A typeface is not installed; the message names the apt package."""


@lru_cache(maxsize=32)
def font_file(face: str, bold: bool, italic: bool) -> Path:
    """The font's file. ``face``: ``Tinos`` or ``Arimo``. Raises ``FontMissingError``."""
    name = f"{face}-{_STYLES[bold, italic]}.ttf"
    if (_KNOWN / name).is_file():
        return _KNOWN / name
    try:
        listed = subprocess.run(["fc-list", f":family={face}", "file"], capture_output=True, text=True, check=False)
    except OSError:
        listed = None
    for line in listed.stdout.splitlines() if listed else ():
        path = Path(line.rstrip(": "))
        if path.name == name:
            return path
    raise FontMissingError(f"The typeface {name} is not installed. Install it with: sudo apt-get install {APT_PACKAGE}")


@lru_cache(maxsize=256)
def font(face: str, bold: bool, italic: bool, pixels: float) -> ImageFont.FreeTypeFont:
    """The font at an em size in pixels (fractions allowed)."""
    return ImageFont.truetype(font_file(face, bold, italic), pixels, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def inked(text: str, face: str, bold: bool, italic: bool, pixels: float) -> tuple[Image.Image, int, int]:
    """The text's ink as a mask ("L"), cut to where there is any, and its left and top from the origin on the baseline.

    Kept, because words come again and again.
    """
    used = font(face, bold, italic, pixels)
    x0, y0, x1, y1 = (int(value) for value in used.getbbox(text, anchor="ls"))
    mask = Image.new("L", (max(1, x1 - x0), max(1, y1 - y0)), 0)
    ImageDraw.Draw(mask).text((-x0, -y0), text, fill=255, font=used, anchor="ls")
    ink_box = mask.getbbox()
    if ink_box is None:  # a space
        return mask, x0, y0
    return mask.crop(ink_box), x0 + ink_box[0], y0 + ink_box[1]


@lru_cache(maxsize=65536)
def advance(text: str, face: str, bold: bool, italic: bool, pixels: float) -> float:
    """The width the text takes on its line, in pixels."""
    return font(face, bold, italic, pixels).getlength(text)
