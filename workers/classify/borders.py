"""What a page says about whether it begins a paper: one row of numbers for each page of a stack and the page before it.

For: a title, quốc hiệu, an agency and a number at the head. Against: page numbers that go on, a sentence or a table that goes on.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from workers.classify.evidence import Page, is_title
from workers.classify.segments import Segment, body_span
from workers.classify.titles import TitleMatch
from workers.page import LineRole, MarkKind, PageOutcome

BORDER_FEATURES: Final = (
    "constant",
    "title",  # how surely its first title is one: alike, in capitals, in the middle, nothing but a head above it
    "title_top",
    "title_coverage",
    "headless_act",  # that is an administrative act's, which never comes without quốc hiệu, an agency and a number
    "top_line",  # no title of the catalog, but the first line is in capitals in the middle
    "state_name",  # quốc hiệu in the upper half
    "state_name_top",
    "office",  # an agency's name left in the head
    "number",  # số, ký hiệu in the head
    "place_date",  # nơi, ngày in the head
    "known",  # some type of the catalog by its evidence alone, 0..1
    "form_number",  # Mẫu số … at the top
    "page_one",  # it is numbered 1
    "page_follows",  # it is numbered as the next page would be
    "page_later",  # it is numbered 2 or more, but not as the next page would be
    "small_letter",  # it begins in the middle of a sentence
    "heading",  # it begins with a numbered heading, or with a part that papers have behind (_PART)
    "body_first",  # it begins with a full line of text
    "same_table",  # its table has the columns of the one before
    "same_head",  # it begins with the words that the page before begins with
    "other_size",  # its format or its direction differs
    "closed",  # the page before ends as papers do: signature, seal, nơi nhận
    "open",  # the page before is full to its end and ends in no stop
)
"""The columns, in order."""

STARTING: Final = frozenset(
    {"title", "title_top", "title_coverage", "top_line", "state_name", "state_name_top", "office", "number", "place_date", "known", "form_number", "page_one", "closed"}
)  # fmt: skip
"""Those that speak for a border; all others but the constant and ``other_size`` speak against one."""

GOING_ON: Final = frozenset(BORDER_FEATURES) - STARTING - {"constant", "other_size"}

_HEADING: Final = re.compile(
    r"^\W*(?:[ivx]{1,5}|\d{1,2}(?:\.\d{1,2})*|[a-h])\s?[.)]|^\W*(?:dieu|chuong|muc|phan)\s+[ivx\d]"
)
_PART: Final = (
    "loichung",
    "loichungnhan",
    "loicam",
    "xacnhancua",
    "ykiencua",
    "chungthuccua",
    "chungnhancua",
    "mucluc",
    "chuthich",
    "ghichu",
    "noinhan",
)
"""What opens a later page of a paper in capitals: a notary's attestation belongs to its deed, a confirmation to its form."""
_FORM: Final = re.compile(r"^\W*(?:mau|bieu mau|phu bieu)\s*(?:so|ct|tk|hk)?\s*[:.]?\s*[a-z]{0,3}\d")
_ENDINGS: Final = re.compile(
    r"^\W*(?:noi nhan|luu\s?:|- ?luu\b|nguoi (?:lam don|khai|yeu cau|ky|cam doan|viet don)|\(?ky,? )"
)
_DIGITS: Final = re.compile(r"\d{1,3}")


def border_row(page: Page, before: Page, known: float, position: int) -> NDArray[np.float64]:
    """The row of a page. ``before``: the last page with text; ``known``: see ``BORDER_FEATURES``; ``position``: pages with text of its paper."""
    first = opening(page)
    values: dict[str, float] = {"constant": 1.0, "known": known}
    if first is not None:
        candidate = first[0].candidate
        values["title"] = first[1]
        values["title_top"] = first[1] * max(0.0, 1 - 1.5 * candidate.head.top)
        values["title_coverage"] = first[1] * first[0].coverage
        headed = page.state_name is not None or page.number is not None or bool(page.head.issuer)
        values["headless_act"] = float(page.acts_only(first[0]) and not headed)
    state = page.state_name
    values["top_line"] = float(first is None and _is_top_line(page))
    if state is not None:
        values["state_name"], values["state_name_top"] = 1.0, max(0.0, 1 - 2 * state.top)
    head = page.head
    values["office"] = float(bool(head.issuer))
    values["number"] = float(page.number is not None)
    values["place_date"] = float(head.place_date is not None)
    values["form_number"] = float(any(one.top < 0.2 and _FORM.match(one.folded) for one in page.segments[:6]))
    values |= _numbering(page.outcome, before.outcome, position)
    values |= _beginning(page)
    values["same_table"] = float(_same_table(page.outcome, before.outcome))
    values["same_head"] = float(_same_head(page, before))
    values["other_size"] = float(_other_size(page.outcome, before.outcome))
    values |= _ending(before)
    return np.array([values.get(name, 0.0) for name in BORDER_FEATURES])


def opening(page: Page) -> tuple[TitleMatch, float] | None:
    """The first title of the page and how surely it is one, 0..1: halved by every full line of text above it."""
    found = [match for own in page.matches.values() for match in own if is_title(match, 0.8)]
    if not found:
        return None
    left, right = body_span(page.segments)
    best = None
    for match in found:
        candidate = match.candidate
        above = sum(_is_text(one, left, right) for one in page.segments[: candidate.place])
        formula = candidate.head.text.rstrip().endswith(":") and page.state_name is None and page.head.annex is None
        stands = 0.2 if formula else 0.4 + 0.3 * candidate.head.capitals + 0.3 * candidate.centred
        sure = min(1.0, (match.likeness - 0.6) / 0.4) * stands * 0.5**above
        if best is None or sure > best[1]:
            best = (match, sure)
    return best


def page_number(outcome: PageOutcome) -> int | None:
    """The number printed on the page, from its role; ``None`` without one."""
    for line in outcome.lines:
        if line.role is LineRole.PAGE_NUMBER and (digits := _DIGITS.search(line.text)):
            return int(digits[0])
    return None


def _numbering(page: PageOutcome, before: PageOutcome, position: int) -> dict[str, float]:
    number = page_number(page)
    if number is None:
        return {}
    if number == 1:
        return {"page_one": 1.0}
    last = page_number(before)
    follows = number == last + 1 if last is not None else number == position + 1
    return {"page_follows" if follows else "page_later": 1.0}


def _beginning(page: Page) -> dict[str, float]:
    first = next((one for one in page.segments if len(one.bare) > 2), None)
    if first is None:
        return {}
    left, right = body_span(page.segments)
    letter = next((letter for letter in first.text if letter.isalpha()), "A")
    heading = bool(_HEADING.match(first.folded)) or (first.bare.startswith(_PART) and page.state_name is None)
    return {
        "small_letter": float(letter.islower() and not heading),
        "heading": float(heading),
        "body_first": float(_is_text(first, left, right)),
    }


def _ending(before: Page) -> dict[str, float]:
    low = [one for one in before.segments if one.top > 0.25]
    ends = any(_ENDINGS.match(one.folded) for one in low)
    signed = any(
        mark.kind in {MarkKind.SIGNATURE, MarkKind.SEAL} and mark.box[1] > 0.3 * before.outcome.height
        for mark in before.outcome.marks
    )
    last = before.segments[-1] if before.segments else None
    full = last is not None and last.bottom > 0.82 and not last.text.rstrip().endswith((".", ":", ";", "./", "/."))
    return {"closed": 1.0 if ends or signed else 0.0, "open": float(full and not ends and not signed)}


def _is_top_line(page: Page) -> bool:
    """Whether the page begins with a line in capitals in the middle that is no numbered heading: the title of a paper of no class."""
    left, right = body_span(page.segments)
    first = next((one for one in page.segments if len(one.bare) > 5), None)
    if first is None or first.capitals < 0.7 or first.text.rstrip().endswith(":") or _HEADING.match(first.folded):
        return False
    if first.bare.startswith(_PART):
        return False
    return abs(first.middle - (left + right) / 2) < 0.06 and first.left > left + 0.05 and first.top < 0.4


def _is_text(segment: Segment, left: float, right: float) -> bool:
    """Whether it is a line of running text: nearly as wide as the print, and not in capitals."""
    return segment.capitals < 0.5 and segment.right - segment.left > 0.7 * (right - left) and len(segment.bare) > 20


def _same_table(page: PageOutcome, before: PageOutcome) -> bool:
    if not page.tables or not before.tables:
        return False
    one, other = page.tables[0], before.tables[-1]
    if one.columns != other.columns or one.columns < 2:
        return False
    off = max(
        abs(one.box[0] / page.width - other.box[0] / before.width),
        abs(one.box[2] / page.width - other.box[2] / before.width),
    )
    return off < 0.03 and one.box[1] < 0.3 * page.height


def _same_head(page: Page, before: Page) -> bool:
    one, other = ("".join(segment.bare for segment in each.segments[:4])[:60] for each in (page, before))
    return len(one) > 15 and page.state_name is None and fuzz.ratio(one, other) > 85


def _other_size(page: PageOutcome, before: PageOutcome) -> bool:
    if not (page.width and page.height and before.width and before.height):
        return False
    return abs(page.width / page.height - before.width / before.height) > 0.15
