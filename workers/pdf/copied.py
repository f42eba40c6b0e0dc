"""Pages that were born digital: copied from the source PDF, looking as they did, without what only works there.

Signature fields and other annotations are flattened into the page, so seal and signature stay visible; the signature itself
can't survive a copy and stays with the original. Scripts, actions, links into other pages and the structure tree
are left behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from pikepdf import AccessMode, Array, Dictionary, Name, Object, Page, Pdf, Stream

from workers.pdf.pdfa import Claim, resolve

_PAGE_KEYS = {
    "/Type",
    "/Parent",
    "/Resources",
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/Contents",
    "/Group",
    "/UserUnit",
    "/Annots",
}
_PLAIN_BLENDS = ("/Normal", "/Compatible")
_MAX_DEPTH = 12  # nested form XObjects


class SourcePdf:
    """The source document, opened when something of it is first asked for; its file is never written to.

    It is opened a second time for pages that are copied, since flattening changes every page in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._pdf: Pdf | None = None
        self._flat: Pdf | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pdf in (self._pdf, self._flat):
            if pdf is not None:
                pdf.close()

    @property
    def given(self) -> bool:
        return self._path is not None

    @property
    def pdf(self) -> Pdf:
        """As it is. Raises ``pikepdf.PdfError`` when it can't be opened, ``ValueError`` when there is none."""
        if self._pdf is None:
            self._pdf = self._open()
        return self._pdf

    def copy_page(self, target: Pdf, index: int, claim: Claim) -> int:
        """Append page ``index`` (0-based) to ``target``; the bytes of its images. Raises ``PDF_ERRORS`` on a broken source."""
        if self._flat is None:
            self._flat = _flattened(self._open())
        page = self._flat.pages[index]
        for key in [key for key in page.obj.keys() if key not in _PAGE_KEYS]:  # noqa: SIM118 - a pikepdf object is no dict
            del page.obj[key]
        _keep_links(page)
        self._judge(page, claim)
        target.pages.append(page)
        return sum(int(thing.get("/Length", 0)) for thing in _values(page.obj.get("/Resources"), "/XObject"))

    def _open(self) -> Pdf:
        if self._path is None:
            raise ValueError("a page refers to the source PDF, and none was given")
        return Pdf.open(self._path, access_mode=AccessMode.stream)  # a mapped file would count as our memory

    def _judge(self, page: Page, claim: Claim) -> None:
        """PDF/A-1b is passed on only from a source that claims it, for a page that shows no sign against it."""
        assert self._flat is not None
        with self._flat.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as source_xmp:
            status = source_xmp.pdfa_status
        if not status.startswith("1"):
            claim.at_most(None, "pages copied from a PDF that is not PDF/A-1 itself")
            return
        for reason in _offences(page.obj.get("/Resources"), 0):
            claim.at_most(None, f"copied page: {reason}")
        group = page.obj.get("/Group")
        if group is not None and group.get("/S") == Name.Transparency:
            claim.at_most(None, "copied page: transparency group")
        intents = self._flat.Root.get("/OutputIntents")
        intent = intents[0] if isinstance(intents, Array) and len(intents) else None
        profile = resolve(intent, "/DestOutputProfile")
        if profile is not None and profile.get("/N") != 3:
            claim.at_most(None, "copied page: colours meant for another output intent")


def _flattened(pdf: Pdf) -> Pdf:
    """Every annotation that has an appearance becomes part of its page."""
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary) and form.get("/NeedAppearances", False):
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("all")
    return pdf


def _keep_links(page: Page) -> None:
    """Links keep their look, and work when they lead to the web; they must print (PDF/A-1, 6.5.3)."""
    kept = []
    for note in page.obj.get("/Annots", Array()):
        if not isinstance(note, Dictionary) or note.get("/Subtype") != Name.Link or "/Rect" not in note:
            continue
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, F=4)
        for key in ("/Rect", "/Border", "/BS", "/C", "/QuadPoints"):
            if key in note:
                link[key] = note[key]
        if (uri := resolve(note, "/A", "/URI")) is not None:
            link.A = Dictionary(S=Name.URI, URI=uri)
        kept.append(link)
    if "/Annots" in page.obj:
        del page.obj["/Annots"]
    if kept:
        page.obj.Annots = Array(kept)


def _offences(resources: Object | None, depth: int) -> Iterator[str]:
    """Cheap signs that a page can't be PDF/A-1b: fonts not embedded, transparency, JPEG 2000, LZW."""
    if not isinstance(resources, Dictionary) or depth > _MAX_DEPTH:
        return
    for font in _values(resources, "/Font"):
        if not _embedded(font):
            yield "a font is not embedded"
    for state in _values(resources, "/ExtGState"):
        if isinstance(state.get("/SMask"), Dictionary) or state.get("/ca", 1) != 1 or state.get("/CA", 1) != 1:
            yield "transparency"
        if state.get("/BM") is not None and str(state.BM) not in _PLAIN_BLENDS:
            yield "transparency"
    for thing in _values(resources, "/XObject"):
        if "/SMask" in thing or resolve(thing, "/Group", "/S") == Name.Transparency:
            yield "transparency"
        if any(name in str(thing.get("/Filter")) for name in ("JPXDecode", "LZWDecode", "Crypt")):
            yield "a filter PDF/A-1 forbids"
        yield from _offences(thing.get("/Resources"), depth + 1)


def _values(resources: Object | None, kind: str) -> list[Object]:
    table = resolve(resources, kind)
    if not isinstance(table, Dictionary):
        return []
    return [value for _, value in table.items() if isinstance(value, (Dictionary, Stream))]


def _embedded(font: Object) -> bool:
    if font.get("/Subtype") == Name.Type3:
        return True
    descendants = font.get("/DescendantFonts")
    if isinstance(descendants, Array) and len(descendants):
        font = descendants[0]
    descriptor = font.get("/FontDescriptor")
    return isinstance(descriptor, Dictionary) and any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))
