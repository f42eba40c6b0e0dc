"""Rich text: a small markup, and the words it breaks into.

``**bold**``, ``*italic*``, ``{field|text}`` marks the words of a field of the truth, ``{~field|text}`` writes them by hand
(digits only; the field may be empty), ``{^field|text}`` fills a form in with blue ink. Fragments that touch form one word: ``Số: {~number|47}/QĐ-UBND`` has two words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from sample_scans.layout.fonts import advance

NEW_LINE = "\n"
_TOKENS = re.compile(r"(\*\*|\*|\{[~^]?[a-z_]*\||\})")


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set. ``size`` in points; ``hand`` text is drawn with a pen; ``ink`` names a colour of ``ink.COLOURS``."""

    size: float = 14.0
    bold: bool = False
    italic: bool = False
    face: str = "Tinos"
    ink: str = "print"
    hand: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fragment:
    text: str
    style: Style

    def advance(self, dpi: float) -> float:
        """Width in pixels. A handwritten digit takes 0.62 em."""
        style = self.style
        if style.hand:
            return 0.62 * len(self.text) * style.size * dpi / 72
        return advance(self.text, style.face, style.bold, style.italic, style.size * dpi / 72)


@dataclass(frozen=True, slots=True)
class RichWord:
    """``spaces``: how many follow it; forms put several between entries of one line."""

    fragments: tuple[Fragment, ...]
    spaces: int = 1

    @property
    def text(self) -> str:
        return "".join(fragment.text for fragment in self.fragments)

    def advance(self, dpi: float) -> float:
        return sum(fragment.advance(dpi) for fragment in self.fragments)

    def space(self, dpi: float) -> float:
        """Width of the space after this word, in pixels."""
        style = self.fragments[-1].style
        return advance(" ", style.face, style.bold, style.italic, style.size * dpi / 72) * self.spaces


def parse(markup: str, style: Style) -> list[RichWord]:
    """The words of a marked-up text, in NFC."""
    words: list[RichWord] = []
    open_word: list[Fragment] = []
    current, outer = style, [style]
    for token in _TOKENS.split(unicodedata.normalize("NFC", markup).replace(NEW_LINE, f" {NEW_LINE} ")):
        if token == "**":  # noqa: S105 -- a mark of the markup, no secret
            current = replace(current, bold=not current.bold)
        elif token == "*":  # noqa: S105 -- the same
            current = replace(current, italic=not current.italic)
        elif token.startswith("{"):
            outer.append(current)
            filled = token.startswith("{^")
            current = replace(
                current,
                field=token.strip("{~^|") or current.field,
                hand=token.startswith("{~"),
                ink="pen" if filled else current.ink,
                italic=filled or current.italic,
            )
        elif token == "}":  # noqa: S105 -- the same
            before = outer.pop()
            current = replace(current, field=before.field, hand=before.hand, ink=before.ink, italic=before.italic)
        elif token:
            _take(token, current, words, open_word)
    if open_word:
        words.append(RichWord(tuple(open_word)))
    return words


def _take(text: str, style: Style, words: list[RichWord], open_word: list[Fragment]) -> None:
    for index, piece in enumerate(text.split(" ")):
        if index and open_word:
            words.append(RichWord(tuple(open_word)))
            open_word.clear()
        elif index and words:
            words[-1] = replace(words[-1], spaces=words[-1].spaces + 1)
        if piece:
            open_word.append(Fragment(piece, style))


def break_lines(words: list[RichWord], dpi: float, width: float, first_indent: float) -> list[list[RichWord]]:
    """Greedy line breaking; widths in pixels. A word wider than the line stands alone; ``NEW_LINE`` words break."""
    lines: list[list[RichWord]] = []
    line: list[RichWord] = []
    used = first_indent
    for word in words:
        if word.text == NEW_LINE:
            lines.append(line)
            line, used = [], 0.0
            continue
        needed = word.advance(dpi)
        if line and used + line[-1].space(dpi) + needed > width:
            lines.append(line)
            line, used = [], 0.0
        if line:
            used += line[-1].space(dpi)
        line.append(word)
        used += needed
    if line:
        lines.append(line)
    return lines
