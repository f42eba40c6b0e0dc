"""``generate``: one page, or all pages of a paper, as a pure function of its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sample_scans import wear as wearing
from sample_scans.layout.draft import Draft, Margins
from sample_scans.layout.sheet import Sheet
from sample_scans.papers import LANDSCAPE, PAPERS, type_of
from sample_scans.people import Cast, make_cast
from sample_scans.stamps import put
from sample_scans.truth import PageTruth, field_values, read_sheet
from sample_scans.wear import WEARS, Pixels, subseed

BLANK = "blank"
"""Not a paper type: the empty back of a page, with the ghost of its front."""

KINDS: tuple[str, ...] = tuple(sorted(PAPERS))
"""Paper types and further ways to write some of them (``papers.type_of``)."""

PAPER_TYPES: tuple[str, ...] = tuple(sorted({type_of(kind) for kind in PAPERS}))


@dataclass(frozen=True, slots=True)
class Sample:
    """``image``: uint8, (H, W, 3) RGB; (H, W) grey for photocopies, of 0 and 255 only for 1-bit scans."""

    image: Pixels
    truth: PageTruth


def write_paper(
    paper_type: str,
    seed: int,
    *,
    dpi: float = 200.0,
    cast: Cast | None = None,
    attributes: Sequence[str] = (),
) -> Draft:
    """Sets a paper, clean. ``cast``: the people of its dossier, by default made from the seed. ``attributes``: stamps to put on it.

    ``KeyError`` on an unknown kind or attribute.
    """
    writer = PAPERS[paper_type]
    cast = cast or make_cast(Random(subseed(seed, "cast")))
    rng = Random(subseed(seed, paper_type))
    draft = Draft(dpi, rng, 297.0, 210.0, Margins(20, 15, 20, 20)) if paper_type in LANDSCAPE else Draft(dpi, rng)
    writer(draft, cast, rng)
    for attribute in attributes:
        put(draft, cast, attribute, Random(subseed(seed, paper_type, attribute)))
    return draft


def generate_pages(
    paper_type: str,
    seed: int,
    wear: str = "scan",
    *,
    dpi: float = 200.0,
    cast: Cast | None = None,
    attributes: Sequence[str] = (),
) -> list[Sample]:
    """All pages of a paper, each worn by its own seed."""
    if paper_type == BLANK:
        return [_blank(seed, wear, dpi, cast)]
    draft = write_paper(paper_type, seed, dpi=dpi, cast=cast, attributes=attributes)
    return [wear_page(draft, paper_type, seed, wear, number) for number in range(1, len(draft.sheets) + 1)]


def generate(
    paper_type: str,
    seed: int,
    wear: str = "scan",
    *,
    page: int = 1,
    dpi: float = 200.0,
    cast: Cast | None = None,
    attributes: Sequence[str] = (),
) -> Sample:
    """One page (from 1) of a paper. ``paper_type``: one of ``PAPER_TYPES``, ``KINDS`` or ``BLANK``; ``wear``: one of ``wear.WEARS``;
    ``attributes``: of ``stamps.PUT``.

    The same arguments give the same pixels and the same truth. Raises ``KeyError`` on an unknown name, ``IndexError`` on a
    page that the paper does not have, ``FontMissingError`` without the typefaces.
    """
    if paper_type == BLANK:
        return _blank(seed, wear, dpi, cast)
    draft = write_paper(paper_type, seed, dpi=dpi, cast=cast, attributes=attributes)
    return wear_page(draft, paper_type, seed, wear, page)


def wear_page(draft: Draft, kind: str | None, seed: int, wear: str, number: int) -> Sample:
    """One page (from 1) of a paper that is set, worn by its own seed. ``kind``: None for what is no paper. An incoming-mail stamp goes on the sheet itself: once only."""
    sheets = draft.sheets
    return _wear(sheets[number - 1], kind, seed, wear, number, draft, sheets[number % len(sheets)])


def blank_back(front: Sheet, seed: int, wear: str) -> Sample:
    """The empty back of a sheet that is set."""
    empty = Sheet(front.width_mm, front.height_mm, front.dpi, Random(subseed(seed, BLANK)))
    return _wear(empty, None, seed, wear, 1, None, front)


def _wear(
    sheet: Sheet,
    kind: str | None,
    seed: int,
    wear: str,
    number: int,
    draft: Draft | None,
    back: Sheet | None,
) -> Sample:
    worn = wearing.apply(sheet, WEARS[wear], subseed(seed, wear, number), back)
    height, width = worn.image.shape[:2]
    lines, marks = read_sheet(sheet, worn.matrix, width, height)
    attributes = tuple(draft.attributes) if draft else ()
    truth = PageTruth(
        paper_type=type_of(kind) if kind else None,
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
        fields=field_values(draft.fields) if draft else {},
        matrix=tuple(round(float(value), 9) for value in worn.matrix.ravel()),
        kind=kind,
        more=field_values(draft.more) if draft else {},
        attributes=(*attributes, "den") if WEARS[wear].stamp and kind else attributes,
    )
    return Sample(worn.image, truth)


def _blank(seed: int, wear: str, dpi: float, cast: Cast | None) -> Sample:
    rng = Random(subseed(seed, BLANK))
    front = write_paper(rng.choice(("quyet_dinh", "ke_hoach", "cong_van")), seed, dpi=dpi, cast=cast).sheets[0]
    empty = Sheet(front.width_mm, front.height_mm, dpi, rng)
    return _wear(empty, None, seed, wear, 1, None, front)
