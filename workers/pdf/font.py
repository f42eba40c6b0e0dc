"""The font of the text layer: no outline is ever painted, every character maps to Unicode, every box fits its ink.

One tiny TrueType program holds a glyph for each *reach* (how far a word's ink stands above and hangs below the baseline). A PDF font is
made for each of the few reaches that ``workers.pdf.heights`` chooses for all pages of a part; they share the program and the ToUnicode map and
differ in ascent, descent and the glyph that every character gets. So a line keeps one size and one baseline, which readers need to
put words into lines, while each word is selected by the height of its own ink. The glyph is a closed contour without area:
poppler takes the box from ascent and descent, pdfium from the outline, and painting it would leave no mark.

A character's number (CID) is its UTF-16 code, so the ToUnicode map is a few ranges; what is no single code gets one of the private use area.
Pages name a font by the reach of its word, and are given the names of the chosen ones when the part is finished.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from workers.pdf.heights import STEP, Reach, chosen

ADVANCE = 500  # width of every glyph, thousandths of the em
BLANK = "S"
"""What a page calls the font of a space until it is finished: it may be any."""
_PRIVATE = (
    *range(1, 0x20),
    *range(0xE000, 0xF900),
)  # no text holds the first, and a map of glyphs is as long as its highest code
_IS_PRIVATE = frozenset(_PRIVATE)
_MAX_CLUSTER = 8  # code points behind one CID; a longer pile of marks is split
_ZERO_WIDTH_JOINER = "\u200d"
_REPLACEMENT = "\ufffd"
_NAMED = re.compile(rb"/(?:H(?P<up>\d+)\.(?P<down>\d+)|S) (?P<size>[\d.]+) Tf |<(?P<codes>[0-9A-F]+)>")
_ESCAPED = {ord("("): b"\\(", ord(")"): b"\\)", ord("\\"): b"\\\\", ord("\r"): b"\\r"}


def clusters(text: str) -> Iterator[str]:
    """NFC text cut into what one box carries: a character with the marks that NFC could not fold into it."""
    pending = ""
    for char in unicodedata.normalize("NFC", text):
        if unicodedata.category(char) in ("Cc", "Cs", "Cn") or char.isspace():
            continue
        joins = unicodedata.category(char)[0] == "M" or char == _ZERO_WIDTH_JOINER
        if pending and (not joins or len(pending) >= _MAX_CLUSTER):
            yield pending
            pending = ""
        pending += char
    if pending:
        yield pending


class InkFont:
    """Hands out codes and notes reaches while pages are written; ``fonts`` and ``finished`` are for when all are."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}  # clusters that are no single code of their own
        self._highest: dict[int, int] = {}  # first byte of the codes that stand for themselves -> largest of them
        self._reaches: dict[Reach, int] = {}  # how many words have it
        self._chosen: dict[Reach, Reach] | None = None

    def code(self, cluster: str) -> int:
        """The CID of a cluster; past 6400 that no single UTF-16 code says (never seen) the replacement character's."""
        if len(cluster) == 1 and (code := ord(cluster)) <= 0xFFFF and code not in _IS_PRIVATE:
            self._highest[code >> 8] = max(self._highest.get(code >> 8, 0), code)
            return code
        if cluster not in self._codes and len(self._codes) >= len(_PRIVATE):
            return self.code(_REPLACEMENT)
        return self._codes.setdefault(cluster, _PRIVATE[len(self._codes)])

    def name(self, size: Reach, *, counts: bool) -> str:
        """What a page calls the font of this reach, without the slash, until it is ``finished``; ``counts``: it is to fit."""
        self._reaches[size] = self._reaches.get(size, 0) + counts
        return f"H{size[0]}.{size[1]}"

    def finished(self, content: bytes) -> bytes:
        """A page's text with the names of the fonts made, none set twice in a row, and strings as bytes instead of hex (half the size)."""
        names = self._names()
        last = b""

        def mended(found: re.Match[bytes]) -> bytes:
            nonlocal last
            if found["codes"]:
                codes = bytes.fromhex(found["codes"].decode())
                return b"(%b)" % b"".join(_ESCAPED.get(byte, b"%c" % byte) for byte in codes)
            name = names[int(found["up"]), int(found["down"])] if found["up"] else _letter(0)
            before, last = last, f"/{name} {found['size'].decode()} Tf ".encode()
            return b"" if last == before else last

        return _NAMED.sub(mended, content)

    def fonts(self, pdf: Pdf) -> Object:
        """An indirect dictionary ``{name: font}`` for the pages' resources."""
        sizes = self._sizes()
        outlines = _program(sizes)
        program = pdf.make_indirect(Stream(pdf, outlines, Length1=len(outlines)))
        to_unicode = pdf.make_indirect(Stream(pdf, self._to_unicode()))
        system = pdf.make_indirect(
            Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0)
        )
        count = max([*self._highest.values(), *self._codes.values()]) + 1
        made: dict[str, Object] = {}
        for glyph, size in enumerate(sizes, start=1):
            up, down = _thousandths(size)
            name = Name(f"/{_letter(glyph - 1)}")
            descriptor = Dictionary(
                Type=Name.FontDescriptor,
                FontName=name,
                Flags=4,
                FontBBox=Array([0, down, ADVANCE, up]),
                ItalicAngle=0,
                Ascent=up,
                Descent=down,
                CapHeight=up,
                StemV=0,
                FontFile2=program,
            )
            descendant = Dictionary(
                Type=Name.Font,
                Subtype=Name.CIDFontType2,
                BaseFont=name,
                DW=ADVANCE,
                CIDSystemInfo=system,
                FontDescriptor=pdf.make_indirect(descriptor),
                CIDToGIDMap=pdf.make_indirect(Stream(pdf, glyph.to_bytes(2, "big") * count)),
            )
            made[f"/{_letter(glyph - 1)}"] = Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=name,
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([descendant]),
                ToUnicode=to_unicode,
            )
        return pdf.make_indirect(Dictionary(made))

    def _names(self) -> dict[Reach, str]:
        sizes = self._sizes()
        assert self._chosen is not None
        return {size: _letter(sizes.index(stands)) for size, stands in self._chosen.items()}

    def _sizes(self) -> list[Reach]:
        if self._chosen is None:
            self._chosen = chosen(self._reaches)
        return sorted(set(self._chosen.values()))

    def _to_unicode(self) -> bytes:
        """A ToUnicode CMap (Adobe Technical Note 5411): a range may not pass its second byte, a block not 100 lines."""
        ranges = [
            f"<{first:04X}><{last:04X}><{first:04X}>"
            for first, last in ((max(byte << 8, 0x20), last) for byte, last in sorted(self._highest.items()))
        ]
        singles = [f"<{code:04X}><{text.encode('utf-16-be').hex().upper()}>" for text, code in self._codes.items()]
        return (
            "/CIDInit/ProcSet findresource begin 12 dict begin begincmap"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def"
            "/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
            "1 begincodespacerange<0000><FFFF>endcodespacerange\n"
            f"{_blocks('bfrange', ranges)}{_blocks('bfchar', singles)}"
            "endcmap CMapName currentdict/CMap defineresource pop end end"
        ).encode("ascii")


def _blocks(kind: str, rows: list[str]) -> str:
    blocks = [rows[i : i + 100] for i in range(0, len(rows), 100)]
    return "".join(f"{len(block)} begin{kind}\n" + "\n".join(block) + f"\nend{kind}\n" for block in blocks)


def _letter(index: int) -> str:
    return "ABCDEFGH"[index]


def _thousandths(size: Reach) -> tuple[int, int]:
    """Ascent and descent in thousandths of the em. Readers take a descent of 0 for "not given"."""
    return round(size[0] * STEP * 1000), -max(round(size[1] * STEP * 1000), 1)


def _program(sizes: list[Reach]) -> bytes:
    """A TrueType program: ``.notdef`` and one glyph for each reach, all ``ADVANCE`` wide."""
    names = [".notdef", *(_letter(index) for index in range(len(sizes)))]
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    for name, size in zip(names[1:], sizes, strict=True):
        up, down = _thousandths(size)
        pen = TTGlyphPen(None)
        pen.moveTo((0, down))
        pen.lineTo((ADVANCE, up))
        pen.closePath()
        glyphs[name] = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(names, (ADVANCE, 0)))
    builder.setupHorizontalHeader(ascent=1000, descent=-500)
    builder.font.recalcTimestamp = False
    builder.font["head"].created = builder.font["head"].modified = 0
    buffer = BytesIO()
    builder.save(buffer)
    return buffer.getvalue()
