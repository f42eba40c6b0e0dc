"""The font of the text layer: no outline is ever painted, every character maps to Unicode, every box fits its ink.

One tiny TrueType program holds a glyph for each *extent* (how far a word's ink reaches above and below the baseline, in
steps of the em). A PDF font is made for each extent in use; they share the program and the ToUnicode map and differ in ascent,
descent and the glyph that every character gets. So a line keeps one size and one baseline, which readers need to
put words into lines, while each word is selected by the height of its own ink. The glyph is a closed contour without area:
poppler takes the box from ascent and descent, pdfium from the outline, and painting it would leave no mark.

Characters get their numbers (CIDs) in order of first use, across all pages; the fonts are written once, at the end.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from io import BytesIO

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

ADVANCE = 500  # width of every glyph, thousandths of the em
ABOVE_STEP, BELOW_STEP = 125, 125  # extents, thousandths of the em
ABOVE_RANGE, BELOW_RANGE = (2, 8), (0, 3)  # in steps: 0.25 to 1.0 em above the baseline, 0 to 0.375 below
_MAX_CIDS = 0xFFFF
_MAX_CLUSTER = 8  # code points behind one CID; a longer pile of marks is split
_ZERO_WIDTH_JOINER = "\u200d"
_FAMILY = "InkBox"
_FEW = 0.05  # of the words of a part; real words lose 0.009 of their IoU by it (mean 0.919), pages 2 to 4 KB
_TALL = 6  # steps

Extent = tuple[int, int]  # (steps above, steps below) the baseline


def extent(above: float, below: float) -> Extent:
    """The nearest extent for ink reaching ``above`` and ``below`` the baseline, in ems (``below`` is positive downwards)."""
    up = min(max(round(above * 1000 / ABOVE_STEP), ABOVE_RANGE[0]), ABOVE_RANGE[1])
    down = min(max(round(below * 1000 / BELOW_STEP), BELOW_RANGE[0]), BELOW_RANGE[1])
    return up, down


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
    """Hands out CIDs and extents while pages are written; ``fonts`` makes the PDF objects for what was used."""

    def __init__(self) -> None:
        self._cids: dict[str, int] = {" ": 1}
        self._extents: dict[Extent, int] = {}  # how many words have it

    def code(self, cluster: str) -> int:
        """The CID of a cluster; past 65535 different ones (never seen in Vietnamese) the replacement character's."""
        cid = self._cids.get(cluster)
        if cid is None:
            if len(self._cids) >= _MAX_CIDS - 1:
                cluster = "\ufffd"
            cid = self._cids.setdefault(cluster, len(self._cids) + 1)
        return cid

    def name(self, size: Extent) -> str:
        """The resource name of the font with this extent, without the slash."""
        self._extents[size] = self._extents.get(size, 0) + 1
        return _name(size)

    @property
    def used(self) -> bool:
        return bool(self._extents)

    def fonts(self, pdf: Pdf) -> Object:
        """An indirect dictionary ``{name: font}`` for the pages' resources.

        A font is 600 bytes, so extents that hardly a word has share that of their neighbour.
        """
        stands = _stand_ins(self._extents)
        sizes = sorted(set(stands.values()))
        outlines = _program(sizes)
        program = pdf.make_indirect(Stream(pdf, outlines, Length1=len(outlines)))
        to_unicode = pdf.make_indirect(Stream(pdf, self._to_unicode()))
        system = pdf.make_indirect(
            Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0)
        )
        count = len(self._cids) + 1
        made: dict[Extent, Object] = {}
        for glyph, size in enumerate(sizes, start=1):
            up, down = size[0] * ABOVE_STEP, -max(size[1] * BELOW_STEP, 1)  # readers take descent 0 for "not given"
            name = Name(f"/{_FAMILY}-{_name(size)}")
            descriptor = Dictionary(
                Type=Name.FontDescriptor,
                FontName=name,
                Flags=4,
                FontBBox=Array([0, down, ADVANCE, up]),
                ItalicAngle=0,
                Ascent=up,
                Descent=down,
                CapHeight=up,
                StemV=80,
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
            made[size] = pdf.make_indirect(
                Dictionary(
                    Type=Name.Font,
                    Subtype=Name.Type0,
                    BaseFont=name,
                    Encoding=Name("/Identity-H"),
                    DescendantFonts=Array([descendant]),
                    ToUnicode=to_unicode,
                )
            )
        return pdf.make_indirect(Dictionary({f"/{_name(size)}": made[stands[size]] for size in self._extents}))

    def _to_unicode(self) -> bytes:
        """A ToUnicode CMap (Adobe Technical Note 5411), 100 characters a block as it demands."""
        rows = [f"<{cid:04X}> <{text.encode('utf-16-be').hex().upper()}>" for text, cid in self._cids.items()]
        blocks = [rows[i : i + 100] for i in range(0, len(rows), 100)]
        body = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\n"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")


def _name(size: Extent) -> str:
    return f"T{size[0]}{size[1]}"


def _stand_ins(used: dict[Extent, int]) -> dict[Extent, Extent]:
    """Each extent with the one whose font it gets: its own, or a neighbour's (one step away) that far more words have.

    Only tall extents, where a step is a sixth of the height or less, and only for a few words: their boxes are off by that.
    """
    few = _FEW * sum(used.values())
    stands: dict[Extent, Extent] = {}
    for size, count in used.items():
        up, down = size
        near = [(up - 1, down), (up + 1, down), (up, down - 1), (up, down + 1)]
        best = max(near, key=lambda other: used.get(other, 0))
        shares = count <= few < used.get(best, 0) and up + down >= _TALL
        stands[size] = best if shares else size
    return stands


def _program(sizes: list[Extent]) -> bytes:
    """A TrueType program: ``.notdef`` and one glyph for each extent, all ``ADVANCE`` wide."""
    names = [".notdef", *(f"box{up}{down}" for up, down in sizes)]
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    for name, (up, down) in zip(names[1:], sizes, strict=True):
        pen = TTGlyphPen(None)
        pen.moveTo((0, -down * BELOW_STEP))
        pen.lineTo((ADVANCE, up * ABOVE_STEP))
        pen.closePath()
        glyphs[name] = pen.glyph()
    top, bottom = ABOVE_RANGE[1] * ABOVE_STEP, -BELOW_RANGE[1] * BELOW_STEP
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(names, (ADVANCE, 0)))
    builder.setupHorizontalHeader(ascent=top, descent=bottom)
    builder.setupNameTable({"familyName": _FAMILY, "styleName": "Regular", "psName": _FAMILY}, mac=False)
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    builder.font["head"].created = builder.font["head"].modified = 0
    buffer = BytesIO()
    builder.save(buffer)
    return buffer.getvalue()
