"""The type faces of the drawn lines, and copies of them whose marks stand a little elsewhere and whose letters lean and swell a little.

Offices print with Times New Roman and Arial, which Debian can't give; Tinos and Arimo have their widths but place and shape the
tone marks in their own way. In these fonts an accented letter is a composite of a letter and its marks (OpenType *glyf*
table), so copies with the marks moved and scaled are cheap, and keep the net from learning one font's marks by heart. Outlines are
bent for the same reason: the stem of the *V* of Times New Roman Italic leans otherwise than that of Tinos, and was read as *T*.
"""

from __future__ import annotations

import argparse
import math
import random
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

from workers.ocr.reader.symbols import SYMBOLS

TRUETYPE, OPENTYPE = Path("/usr/share/fonts/truetype"), Path("/usr/share/fonts/opentype")
TEX = Path("/usr/share/texmf/fonts/opentype/public/tex-gyre")
STYLES = ("regular", "bold", "italic", "bold italic")
VARIANTS, STACKED = 10, 7
"""Copies of a varied font; how many of them set a tone above the circumflex or breve, as Times New Roman does, not beside it."""
MOVE, STRETCH = 0.022, 0.16
"""Of an em, and of a mark's size: one standard deviation, and the widest change. By eye: still good type."""
FLAT = (0.6, 1.05)
"""Height of the marks of capitals beside Tinos's own: Times New Roman presses them flat to fit the line."""
LEAN, SWELL, BEND = 0.05, 0.04, 0.012
"""One standard deviation of a letter's own shear and of its width, and the height in em of the wave that bends its outline."""
LEANING, NARROWED, LEANED, OBLIQUE = "VW", (0.68, 0.95), (0.12, 0.36), 6
"""Capitals that in so many of the copies of an italic are narrower and lean more: the V of Times New Roman Italic stands on the foot of
an upright left stem, its right stroke a hair, and was read as T."""


@dataclass(frozen=True, slots=True)
class Family:
    """``files``: regular, bold, italic, bold italic. ``weight``: how often it is drawn. ``varied``: gets moved marks."""

    files: tuple[Path, Path, Path, Path]
    weight: float
    varied: bool = False


def _family(folder: Path, names: str, weight: float, *, varied: bool = False) -> Family:
    regular, bold, italic, both = (folder / name for name in names.split())
    return Family((regular, bold, italic, both), weight, varied)


FAMILIES = (
    _family(
        TRUETYPE / "croscore", "Tinos-Regular.ttf Tinos-Bold.ttf Tinos-Italic.ttf Tinos-BoldItalic.ttf", 50, varied=True
    ),
    _family(
        TRUETYPE / "freefont",
        "FreeSerif.ttf FreeSerifBold.ttf FreeSerifItalic.ttf FreeSerifBoldItalic.ttf",
        11,
        varied=True,
    ),
    _family(
        TEX, "texgyretermes-regular.otf texgyretermes-bold.otf texgyretermes-italic.otf texgyretermes-bolditalic.otf", 9
    ),
    _family(
        TRUETYPE / "croscore", "Arimo-Regular.ttf Arimo-Bold.ttf Arimo-Italic.ttf Arimo-BoldItalic.ttf", 10, varied=True
    ),
    _family(
        TRUETYPE / "noto", "NotoSerif-Regular.ttf NotoSerif-Bold.ttf NotoSerif-Italic.ttf NotoSerif-BoldItalic.ttf", 3
    ),
    _family(
        TRUETYPE / "dejavu",
        "DejaVuSerifCondensed.ttf DejaVuSerifCondensed-Bold.ttf DejaVuSerifCondensed-Italic.ttf DejaVuSerifCondensed-BoldItalic.ttf",
        3,
    ),
    _family(
        TRUETYPE / "crosextra", "Carlito-Regular.ttf Carlito-Bold.ttf Carlito-Italic.ttf Carlito-BoldItalic.ttf", 3
    ),
    _family(
        TRUETYPE / "charis", "CharisSIL-Regular.ttf CharisSIL-Bold.ttf CharisSIL-Italic.ttf CharisSIL-BoldItalic.ttf", 3
    ),
    _family(
        TRUETYPE / "gentiumplus",
        "GentiumPlus-Regular.ttf GentiumPlus-Bold.ttf GentiumPlus-Italic.ttf GentiumPlus-BoldItalic.ttf",
        2,
    ),
    _family(TRUETYPE / "lato", "Lato-Regular.ttf Lato-Bold.ttf Lato-Italic.ttf Lato-BoldItalic.ttf", 2),
    _family(TRUETYPE / "croscore", "Cousine-Regular.ttf Cousine-Bold.ttf Cousine-Italic.ttf Cousine-BoldItalic.ttf", 2),
    _family(
        TRUETYPE / "dejavu", "DejaVuSans.ttf DejaVuSans-Bold.ttf DejaVuSans-Oblique.ttf DejaVuSans-BoldOblique.ttf", 2
    ),
)


def lacking(path: Path) -> set[str]:
    """The symbols that a font has no glyph for."""
    with TTFont(path, lazy=True) as font:
        known = font.getBestCmap()
        return {symbol for symbol in SYMBOLS if ord(symbol) not in known}


def make_variants(folder: Path, count: int = VARIANTS) -> None:
    """Writes ``count`` copies of every varied font with other marks into ``folder`` (those there are kept)."""
    folder.mkdir(parents=True, exist_ok=True)
    for family in FAMILIES:
        for path in family.files if family.varied else ():
            for index in range(count):
                target = variant(folder, path, index)
                if not target.exists():
                    _vary(
                        path,
                        random.Random(f"{path.name} {index}"),  # noqa: S311 - repeatable on purpose
                        target,
                        stacked=index < STACKED,
                        leaning=path in family.files[2:] and index >= count - OBLIQUE,
                    )


def variant(folder: Path, path: Path, index: int) -> Path:
    return folder / f"{path.stem}-{index}{path.suffix}"


TONE_MARKS = {"\u0301": "é", "\u0300": "è", "\u0309": "ẻ", "\u0303": "ẽ"}
"""Combining tone -> a letter whose glyph holds the mark as a component."""
TONE_SHIFT = {"\u0301": (-0.05, 0.5), "\u0300": (-0.5, 0.1), "\u0309": (-0.15, 0.3), "\u0303": (-0.12, 0.12)}
"""Where a stacked tone's middle may stand from the middle of the mark below it, in widths of that mark."""
TONE_LIFT, TONE_SINK, TONE_SIZE = (0.0, 0.05), 0.08, (0.55, 0.92)
"""From the top of the lower mark to the tone's lower edge, in em, less as it stands further aside (in em a width); and the
tone's size beside that over a plain vowel."""


def _stack_marks(font: TTFont, rng: random.Random) -> None:
    """Rewrites ấ ầ ẩ ẫ ắ … ỗ: the vowel with its circumflex or breve, and the tone as a mark of its own above it."""
    outlines: Any = font["glyf"]
    names, em = font.getBestCmap(), font["head"].unitsPerEm
    chosen = {
        tone: (rng.uniform(*TONE_SHIFT[tone]), rng.uniform(*TONE_LIFT), rng.uniform(*TONE_SIZE)) for tone in TONE_MARKS
    }
    for symbol in SYMBOLS:
        parts = unicodedata.normalize("NFD", symbol)
        if len(parts) != 3 or parts[1] not in "\u0302\u0306" or parts[2] not in TONE_MARKS:
            continue
        lower = names[ord(unicodedata.normalize("NFC", parts[:2]))]
        tone = _mark(outlines, names[ord(TONE_MARKS[parts[2]])])
        below = _mark(outlines, lower)
        if tone is None or below is None:
            continue
        shift, lift, size = chosen[parts[2]]
        left, _, right, top = _bounds(outlines, below)
        mark = outlines[tone.glyphName]
        mark.recalcBounds(outlines)
        middle = (left + right) / 2 + shift * (right - left)
        added = GlyphComponent()
        added.glyphName, added.flags = tone.glyphName, 0x0004
        added.transform = [[size, 0.0], [0.0, size]]
        added.x = round(middle - size * (mark.xMin + mark.xMax) / 2)
        added.y = round(top + (lift - TONE_SINK * abs(shift)) * em - size * mark.yMin)
        base = GlyphComponent()
        base.glyphName, base.flags, base.x, base.y = lower, 0x0204, 0, 0
        glyph = Glyph()
        glyph.numberOfContours = -1
        glyph.components = [base, added]
        outlines[names[ord(symbol)]] = glyph
        glyph.recalcBounds(outlines)


def _mark(outlines: Any, name: str) -> Any:
    """The smallest component of an accented letter: its mark; ``None`` when the letter is one outline."""
    glyph = outlines[name]
    if not glyph.isComposite():
        return None
    return min(glyph.components, key=lambda part: _area(outlines, part.glyphName))


def _bounds(outlines: Any, part: Any) -> tuple[float, float, float, float]:
    mark = outlines[part.glyphName]
    mark.recalcBounds(outlines)
    (wide, _), (_, high) = part.transform if hasattr(part, "transform") else ((1.0, 0.0), (0.0, 1.0))
    return mark.xMin * wide + part.x, mark.yMin * high + part.y, mark.xMax * wide + part.x, mark.yMax * high + part.y


def _lean_capitals(font: TTFont, rng: random.Random) -> None:
    outlines: Any = font["glyf"]
    names, widths = font.getBestCmap(), font["hmtx"].metrics
    for letter in LEANING:
        glyph = outlines[names[ord(letter)]]
        narrow, lean = rng.uniform(*NARROWED), rng.uniform(*LEANED)
        for index, (x, y) in enumerate(glyph.coordinates):
            glyph.coordinates[index] = (round(x * narrow + lean * y), y)
        glyph.recalcBounds(outlines)
        widths[names[ord(letter)]] = (round(glyph.xMax + 0.02 * font["head"].unitsPerEm), glyph.xMin)


def _vary(path: Path, rng: random.Random, target: Path, *, stacked: bool, leaning: bool) -> None:
    """A copy with moved marks and bent letters."""
    font = TTFont(path)
    if leaning:
        _lean_capitals(font, rng)
    outlines: Any = font["glyf"]
    em = font["head"].unitsPerEm
    shifts: dict[tuple[str, bool], tuple[float, float, float]] = {}
    flatness: dict[tuple[str, bool], float] = {}
    for symbol, name in font.getBestCmap().items():
        glyph = outlines[name]
        if chr(symbol) not in SYMBOLS or not glyph.isComposite():
            continue
        parts = glyph.components
        base = max(parts, key=lambda part: _area(outlines, part.glyphName))
        for part in parts:
            if part is base or not hasattr(part, "x"):
                continue
            key = (part.glyphName, chr(symbol).isupper())
            if key not in shifts:
                shifts[key] = (rng.gauss(0, MOVE) * em, rng.gauss(0, MOVE) * em, 1 + rng.uniform(-STRETCH, STRETCH))
                flatness[key] = rng.uniform(*FLAT) if chr(symbol).isupper() else 1.0
            dx, dy, factor = shifts[key]
            flat = factor * flatness[key]
            mark = outlines[part.glyphName]
            mark.recalcBounds(outlines)
            # Scaled about the middle of its lower edge, so that a mark grows away from its letter.
            part.x = round(part.x + dx + (1 - factor) * (mark.xMin + mark.xMax) / 2)
            part.y = round(part.y + max(dy, -0.4 * MOVE * em) + (1 - flat) * mark.yMin)
            part.transform = [[factor, 0.0], [0.0, flat]]
            part.flags &= ~0x0200  # metrics stay those of the letter
        glyph.recalcBounds(outlines)
    _bend_letters(font, rng)
    if stacked:
        _stack_marks(font, rng)
    for table in ("GSUB", "GPOS", "fpgm", "prep", "cvt ", "DSIG", "hdmx", "VDMX", "LTSH"):
        if table in font:
            del font[table]
    font.save(target)
    font.close()


def _bend_letters(font: TTFont, rng: random.Random) -> None:
    """Shears, widens and bends the outline of each letter by itself; its accented forms are made of it and follow."""
    outlines: Any = font["glyf"]
    widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
    tops: dict[str, float] = {}
    for symbol, name in font.getBestCmap().items():
        glyph = outlines[name]
        if chr(symbol) not in SYMBOLS or glyph.numberOfContours <= 0 or name in tops:
            continue
        lean, swell = max(-0.12, min(0.12, rng.gauss(0, LEAN))), max(0.9, min(1.1, rng.gauss(1, SWELL)))
        waves = [(rng.uniform(0.6, 2.0) / em * math.tau, rng.uniform(0, math.tau)) for _ in range(4)]
        dx, dy = rng.uniform(0, BEND) * em, rng.uniform(0, BEND) * em
        glyph.recalcBounds(outlines)
        middle = glyph.yMax / 2  # sheared about its middle, it stays over its place
        for index, (x, y) in enumerate(glyph.coordinates):
            (a, p), (b, q), (c, r), (d, s) = waves
            across = dx * math.sin(a * x + p) * math.cos(b * y + q)
            # The foot of a letter stays on the line, where rows are found by it.
            along = dy * math.sin(c * x + r) * math.cos(d * y + s) * min(1.0, abs(y) / (0.1 * em))
            glyph.coordinates[index] = (round(x * swell + lean * (y - middle) + across), round(y + along))
        glyph.recalcBounds(outlines)
        tops[name] = lean * (glyph.yMax - middle)
        advance, _ = widths[name]
        widths[name] = (round(advance * swell), glyph.xMin)
    for symbol, name in font.getBestCmap().items():
        glyph = outlines[name]
        if chr(symbol) not in SYMBOLS or not glyph.isComposite():
            continue
        base = max(glyph.components, key=lambda part: _area(outlines, part.glyphName))
        for part in glyph.components:
            if part is not base and hasattr(part, "x") and part.y > 0:
                part.x += round(tops.get(base.glyphName, 0.0))
        glyph.recalcBounds(outlines)
        widths[name] = (widths[base.glyphName][0], glyph.xMin)


def _area(outlines: Any, name: str) -> float:
    glyph = outlines[name]
    if glyph.numberOfContours == 0:
        return 0.0
    glyph.recalcBounds(outlines)
    return float((glyph.xMax - glyph.xMin) * (glyph.yMax - glyph.yMin))


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the fonts with moved marks.")
    parser.add_argument("--folder", type=Path, required=True)
    make_variants(parser.parse_args().folder)


if __name__ == "__main__":
    main()
