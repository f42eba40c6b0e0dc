"""What a finished PDF may claim, and the entries of the catalogue that the claim needs.

PDF/A-1b (ISO 19005-1; TCVN 14159-1:2024 names it) is claimed only for what this package writes in full and a
validator has accepted in tests. JPEG 2000, soft masks and 16-bit samples are kept, and lower the claim to PDF/A-2b, for which no
validator was found: the report then says *unproven*. Pages copied from elsewhere that nobody vouches for end the claim.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from workers.pdf.icc import srgb_profile
from workers.pdf.metadata import PdfMetadata, docinfo, xmp

_ORDER: tuple[str | None, ...] = ("1b", "2b", None)
UNPROVEN = "unproven: no PDF/A-2 validator was run"


@dataclass(slots=True)
class Claim:
    """The highest level still allowed, and why it is no higher (each reason once, in order of appearance)."""

    level: str | None = "1b"
    reasons: list[str] = field(default_factory=list)

    def at_most(self, level: str | None, reason: str) -> None:
        self.level = max(self.level, level, key=_ORDER.index)
        if reason not in self.reasons:
            self.reasons.append(reason)

    @property
    def reason(self) -> str:
        """Empty for a full claim."""
        if self.level == "1b":
            return ""
        return "; ".join([*self.reasons, UNPROVEN] if self.level == "2b" else self.reasons)

    @property
    def pdf_version(self) -> str:
        return "1.4" if self.level == "1b" else "1.7"


def finish_catalogue(pdf: Pdf, metadata: PdfMetadata, claim: Claim) -> None:
    """Language, title in the window bar, output intent (sRGB), XMP and document information."""
    root = pdf.Root
    root.Lang = pikepdf.String(metadata.language)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    profile = Stream(pdf, srgb_profile(), N=3)
    root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=pikepdf.String("sRGB"),
                Info=pikepdf.String("sRGB IEC61966-2.1"),
                DestOutputProfile=pdf.make_indirect(profile),
            )
        ]
    )
    packet = Stream(pdf, xmp(metadata, claim.level), Type=Name.Metadata, Subtype=Name.XML)
    root.Metadata = pdf.make_indirect(packet)
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary({key: pikepdf.String(value) for key, value in docinfo(metadata).items()})
    )


def resolve(thing: Object | None, *keys: str) -> Object | None:
    """A nested entry, or ``None`` where one of the dictionaries is absent or is none."""
    for key in keys:
        if not isinstance(thing, (Dictionary, Stream)) or key not in thing:
            return None
        thing = thing[key]
    return thing
