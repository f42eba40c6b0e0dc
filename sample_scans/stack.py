"""Mixed stacks: what a scanner gives when a whole dossier, or several, went through the feeder at once.

A plan says what lies on each side; drawing it takes the time, and goes page by page, so that a long stack needs the memory of one paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from sample_scans.generator import KINDS, Sample, blank_back, wear_page, write_paper
from sample_scans.layout.draft import Draft
from sample_scans.people import Cast, make_cast
from sample_scans.separators import separator_sample
from sample_scans.stamps import PUT
from sample_scans.truth import Component, FileTruth
from sample_scans.wear import subseed

PAGE, BLANK_SIDE, SEPARATOR = "page", "blank", "separator"

EXTRAS = ("chung_thuc_ban_sao", "sao_y", "den", "chu_ky_so", "khan", "ban_sao")
"""Attributes that the papers of a stack get now and then. Marks of secrecy only where asked for: they stop a job (R2)."""

SINGLE = ("can_cuoc", "giay_khai_sinh", "giay_xac_nhan", "don", "giay_moi", "trich_luc_ho_tich")
"""One page long in any case: fills a stack to its exact length."""

LONG = (
    *(
        "quyet_dinh",
        "ke_hoach",
        "phu_luc",
        "hop_dong",
        "quy_che",
        "quy_dinh",
        "nghi_quyet",
        "so_ho_khau",
        "ban_thoa_thuan",
    ),
    *("giay_chung_nhan_quyen_su_dung_dat", "giay_chung_nhan_quyen_su_dung_dat-cu", "giay_uy_quyen-khac", "de_an"),
)
"""Kinds of two pages and more as a rule: a third of a stack's papers come from these, so that not every page is a first one."""

TRIES = 4
"""How often another paper is tried before a short one is taken."""


@dataclass(frozen=True, slots=True)
class StackPage:
    """One side. ``role``: page, blank or separator. ``component``: index of its paper in the stack; None on a separator and on the
    blank back that follows one.
    """

    image: Sample
    role: str
    component: int | None


@dataclass(frozen=True, slots=True)
class Stack:
    """``pages`` in the order of the feeder; ``components``: papers with their page numbers from 1, without blank backs.

    ``starts``: the number of the first page of each paper: the boundaries that a splitter must find.
    """

    pages: tuple[StackPage, ...]
    components: tuple[Component, ...]

    @property
    def starts(self) -> tuple[int, ...]:
        return tuple(component.pages[0] for component in self.components)

    @property
    def samples(self) -> tuple[Sample, ...]:
        return tuple(page.image for page in self.pages)

    def truth(self, name: str = "stack.pdf", media_type: str = "application/pdf") -> FileTruth:
        """The truth as it stands beside a file."""
        return FileTruth(name, media_type, tuple(page.image.truth for page in self.pages), self.components)


def stack(
    seed: int,
    pages: int = 40,
    *,
    wear: str | Sequence[str] = "scan",
    kinds: Sequence[str] = KINDS,
    duplex: bool | None = None,
    separators: bool | None = None,
    extras: Sequence[str] = EXTRAS,
    dpi: float = 200.0,
) -> Stack:
    """A stack of exactly ``pages`` sides (1 or more), all drawn. The same arguments give the same pixels.

    ``wear``: one for all, or several, of which each paper takes one. ``duplex``: papers were fed with both sides, so that an odd last
    page has a blank back; ``separators``: a sheet with a QR code before each paper; both by chance when None. ``extras``:
    attributes that a paper in four gets one of. At 200 dpi a side takes 12 MB: use ``sides`` to go through a long one.
    """
    drawn = tuple(
        sides(seed, pages, wear=wear, kinds=kinds, duplex=duplex, separators=separators, extras=extras, dpi=dpi)
    )
    found: dict[int, list[int]] = {}
    for number, page in enumerate(drawn, 1):
        if page.role == PAGE and page.component is not None:
            found.setdefault(page.component, []).append(number)
    components = []
    for numbers in found.values():
        first = drawn[numbers[0] - 1].image.truth
        components.append(Component(tuple(numbers), first.paper_type, first.fields, first.more, first.attributes))
    return Stack(drawn, tuple(components))


def sides(
    seed: int,
    pages: int = 40,
    *,
    wear: str | Sequence[str] = "scan",
    kinds: Sequence[str] = KINDS,
    duplex: bool | None = None,
    separators: bool | None = None,
    extras: Sequence[str] = EXTRAS,
    dpi: float = 200.0,
) -> Iterator[StackPage]:
    """The sides of ``stack`` one after another. ``ValueError`` when ``pages`` is not positive or an extra is not of ``stamps.PUT``."""
    if pages < 1 or not set(extras) <= set(PUT):
        raise ValueError("a stack has at least one page, and extras that can be put on a paper")
    rng = Random(subseed(seed, "stack"))
    wears = (wear,) if isinstance(wear, str) else tuple(wear)
    duplex = rng.random() < 0.4 if duplex is None else duplex
    separators = rng.random() < 0.3 if separators is None else separators
    left, index, cast, papers_left = pages, 0, make_cast(Random(subseed(seed, "cast", 0))), 0
    while left:
        if not papers_left:
            cast, papers_left = make_cast(Random(subseed(seed, "cast", index))), rng.randint(3, 7)
        papers_left -= 1
        worn, own = rng.choice(wears), subseed(seed, "paper", index) % 10**9
        around = (2 if duplex else 1) if separators else 0
        attributes = (rng.choice(tuple(extras)),) if extras and rng.random() < 0.25 else ()
        room = left - around
        if room < 1:
            around, room = 0, left
        kind, draft = _fitting(rng, kinds, own, room, cast, attributes, dpi)
        if around:
            sheet, sample = separator_sample(own, worn, index + 1, dpi)
            yield StackPage(sample, SEPARATOR, None)
            if duplex:
                yield StackPage(blank_back(sheet, own, worn), BLANK_SIDE, None)
        count = len(draft.sheets)
        for number in range(1, count + 1):
            yield StackPage(wear_page(draft, kind, own, worn, number), PAGE, index)
        left -= around + count
        if duplex and count % 2 and left:
            yield StackPage(blank_back(draft.sheets[-1], own, worn), BLANK_SIDE, index)
            left -= 1
        index += 1


def _fitting(
    rng: Random,
    kinds: Sequence[str],
    seed: int,
    room: int,
    cast: Cast,
    attributes: Sequence[str],
    dpi: float,
) -> tuple[str, Draft]:
    """A paper of at most ``room`` pages. A single page of ``SINGLE`` when chance finds none among ``kinds``."""
    long = tuple(kind for kind in LONG if kind in kinds)
    for _ in range(TRIES):
        kind = rng.choice(long if long and rng.random() < 0.33 else tuple(kinds))
        draft = write_paper(kind, seed, dpi=dpi, cast=cast, attributes=attributes)
        if len(draft.sheets) <= room:
            return kind, draft
    kind = rng.choice(SINGLE)
    return kind, write_paper(kind, seed, dpi=dpi, cast=cast, attributes=attributes)
