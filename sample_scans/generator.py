"""``generate``: one page, or all pages of a paper, as a pure function of its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sample_scans import wear as wearing
from sample_scans.layout.draft import Draft, Margins
from sample_scans.layout.sheet import Sheet
from sample_scans.papers import LANDSCAPE, PAPERS
from sample_scans.people import Cast, make_cast
from sample_scans.truth import PageTruth, field_values, read_sheet
from sample_scans.wear import WEARS, Pixels, subseed

BLANK = "blank"
"""Not a paper type: the empty back of a page, with the ghost of its front."""

PAPER_TYPES: tuple[str, ...] = tuple(sorted(PAPERS))


@dataclass(frozen=True, slots=True)
class Sample:
    """``image``: uint8, (H, W, 3) RGB; (H, W) grey for photocopies, of 0 and 255 only for 1-bit scans."""

    image: Pixels
    truth: PageTruth


def write_paper(paper_type: str, seed: int, *, dpi: float = 200.0, cast: Cast | None = None) -> Draft:
    """Sets a paper, clean. ``cast``: the people of its dossier, by default made from the seed. ``KeyError`` on an unknown type."""
    writer = PAPERS[paper_type]
    cast = cast or make_cast(Random(subseed(seed, "cast")))
    rng = Random(subseed(seed, paper_type))
    draft = Draft(dpi, rng, 297.0, 210.0, Margins(20, 15, 20, 20)) if paper_type in LANDSCAPE else Draft(dpi, rng)
    writer(draft, cast, rng)
    return draft


def generate_pages(
    paper_type: str,
    seed: int,
    wear: str = "scan",
    *,
    dpi: float = 200.0,
    cast: Cast | None = None,
) -> list[Sample]:
    """All pages of a paper, each worn by its own seed."""
    if paper_type == BLANK:
        return [_blank(seed, wear, dpi, cast)]
    draft = write_paper(paper_type, seed, dpi=dpi, cast=cast)
    fields = field_values(draft.fields)
    samples = []
    for number, sheet in enumerate(draft.sheets, 1):
        other = draft.sheets[number % len(draft.sheets)] if len(draft.sheets) > 1 else None
        samples.append(_wear(sheet, paper_type, seed, wear, number, fields, other or sheet))
    return samples


def generate(
    paper_type: str,
    seed: int,
    wear: str = "scan",
    *,
    page: int = 1,
    dpi: float = 200.0,
    cast: Cast | None = None,
) -> Sample:
    """One page (from 1) of a paper. ``paper_type``: one of ``PAPER_TYPES`` or ``BLANK``; ``wear``: one of ``wear.WEARS``.

    The same arguments give the same pixels and the same truth. Raises ``KeyError`` on an unknown name, ``IndexError`` on a
    page that the paper does not have, ``FontMissingError`` without the typefaces.
    """
    if paper_type == BLANK:
        return _blank(seed, wear, dpi, cast)
    draft = write_paper(paper_type, seed, dpi=dpi, cast=cast)
    sheets = draft.sheets
    other = sheets[page % len(sheets)]
    return _wear(sheets[page - 1], paper_type, seed, wear, page, field_values(draft.fields), other)


def _wear(
    sheet: Sheet,
    paper_type: str | None,
    seed: int,
    wear: str,
    number: int,
    fields: dict[str, str | None],
    back: Sheet | None,
) -> Sample:
    worn = wearing.apply(sheet, WEARS[wear], subseed(seed, wear, number), back)
    height, width = worn.image.shape[:2]
    lines, marks = read_sheet(sheet, worn.matrix, width, height)
    truth = PageTruth(
        paper_type=paper_type,
        seed=seed,
        wear=wear,
        sheet_page=number,
        width=width,
        height=height,
        dpi=worn.dpi,
        rotation=worn.rotation,
        skew=worn.skew,
        perspective=WEARS[wear].photo,
        blank=not lines,
        lines=lines,
        marks=marks,
        fields=fields,
        matrix=tuple(round(float(value), 9) for value in worn.matrix.ravel()),
    )
    return Sample(worn.image, truth)


def _blank(seed: int, wear: str, dpi: float, cast: Cast | None) -> Sample:
    rng = Random(subseed(seed, BLANK))
    front = write_paper(rng.choice(("quyet_dinh", "ke_hoach", "cong_van")), seed, dpi=dpi, cast=cast).sheets[0]
    empty = Sheet(front.width_mm, front.height_mm, dpi, rng)
    return _wear(empty, None, seed, wear, 1, {}, front)
