"""What a PDF says about itself: document information and XMP, always in step (PDF/A-1, ISO 19005-1 clause 6.7.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

PRODUCER = "Digitize"
OF_SIGNED = (
    "Bản dẫn xuất để tra cứu của một tệp đã ký số; chữ ký số chỉ có ở tệp gốc (SHA-256 ở dc:source). "
    "A searchable copy of a digitally signed file; the signatures are in the original alone (its SHA-256 in dc:source)."
)
"""The subject of a PDF made from a signed one: pages drawn anew can't carry the signature over."""

_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""{namespaces}>'
    '{properties}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
}


@dataclass(frozen=True, slots=True)
class PdfMetadata:
    """``created`` must be aware; the same metadata and pages give the same bytes, so pass the scan's own time.

    ``source_sha256``: hex digest of the original file, which stays in the store untouched; it is written down as
    ``dc:source`` so that a derived copy can be led back to what was signed. ``language`` is BCP 47.
    """

    title: str
    created: datetime
    author: str = ""
    subject: str = ""
    keywords: str = ""
    creator: str = "Digitize"
    source_sha256: str | None = None
    language: str = "vi"

    def __post_init__(self) -> None:
        if self.created.tzinfo is None:
            raise ValueError("PdfMetadata.created must be an aware datetime")


def clean(text: str) -> str:
    """Text that XML 1.0 and a PDF text string can both carry: no control characters, no lone surrogates."""
    return "".join(c if c.isprintable() or c == " " else " " for c in text if not "\ud800" <= c <= "\udfff").strip()


def docinfo(metadata: PdfMetadata) -> dict[str, str]:
    """Entries of the document information dictionary; empty ones are left out, and what repeats another (``/ModDate``, a creator that is the producer)."""
    stamp = metadata.created.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")
    entries = {
        "/Title": clean(metadata.title),
        "/Author": clean(metadata.author),
        "/Subject": clean(metadata.subject),
        "/Keywords": clean(metadata.keywords),
        "/Creator": creator if (creator := clean(metadata.creator)) != PRODUCER else "",
        "/Producer": PRODUCER,
        "/CreationDate": stamp,
    }
    return {key: value for key, value in entries.items() if value}


def xmp(metadata: PdfMetadata, pdfa_level: str | None) -> bytes:
    """The XMP packet as UTF-8. ``pdfa_level``: ``"1b"``, ``"2b"`` or ``None`` (no claim is written).

    Without the room for later changes that editors leave: PDF/A-1 forbids to compress it (6.7.2).
    """
    info = docinfo(metadata)
    stamp = metadata.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    source = metadata.source_sha256
    properties = _alternative("dc:title", info.get("/Title"))
    properties += _alternative("dc:description", info.get("/Subject"))
    properties += _list("dc:creator", "Seq", info.get("/Author"))
    properties += _simple("dc:source", f"urn:sha256:{source}" if source else None)
    properties += _simple("pdf:Keywords", info.get("/Keywords"))
    properties += _simple("pdf:Producer", PRODUCER)
    properties += _simple("xmp:CreatorTool", info.get("/Creator"))
    properties += _simple("xmp:CreateDate", stamp)
    if pdfa_level is not None:
        properties += _simple("pdfaid:part", pdfa_level[0])
        properties += _simple("pdfaid:conformance", pdfa_level[1].upper())
    used = {prefix: name for prefix, name in _NAMESPACES.items() if f"<{prefix}:" in properties}
    namespaces = "".join(f' xmlns:{prefix}="{name}"' for prefix, name in used.items())
    return _PACKET.format(namespaces=namespaces, properties=properties).encode()


def _simple(name: str, value: str | None) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value else ""


def _alternative(name: str, value: str | None) -> str:
    if not value:
        return ""
    return f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(value)}</rdf:li></rdf:Alt></{name}>'


def _list(name: str, kind: str, value: str | None) -> str:
    return f"<{name}><rdf:{kind}><rdf:li>{escape(value)}</rdf:li></rdf:{kind}></{name}>" if value else ""
