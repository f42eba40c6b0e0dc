"""The end of a paper: Nơi nhận on the left, the signature on the right (NĐ 30/2020 Phụ lục I, ô 7 and 9b)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.vietnamese.folding import fold
from models.vietnamese.names import is_family_vu, is_personal_name
from workers.classify.head import is_capitals, place_date_of
from workers.classify.pieces import Piece, em_of, pieces_of
from workers.page import MarkKind, PageOutcome

REACH = 16
"""Em below the first line of a signature block within which its name stands: there is room for a seal."""

MOST_WORDS = 7
"""Of a line over a signature."""

_RECEIVERS = re.compile(r"^\W*noi nhan\b")
_POST = re.compile(
    r"^\W*(?:(?:tm|kt|tl|tuq|q|t/m|k/t|t/l)\s*[.,:]|(?:q\W+)?(?:pho )?(?:tong )?(?:chu tich|giam doc|bo truong|thu truong|thu tuong|cuc truong|"
    r"vu truong|chi cuc truong|truong phong|truong ban|truong cong an|chanh van phong|chanh thanh tra|chanh an|vien truong|hieu truong|bi thu|"
    r"cong chung vien|tham phan|truong tram|chi huy truong|tong thanh tra|nguoi ky|nguoi dung dau|thu ky|chu toa|chu tri|hoi dong xet xu)\b)"
)
_APPLICANT = re.compile(
    r"^\W*(?:(?:nguoi|dai dien|nhung nguoi) [a-z ,()/]{2,34}|ben [ab]|ben (?:duoc )?(?:uy quyen|[a-z ]{2,24})|chu ho|chu (?:dau tu|doanh nghiep)|to chuc[a-z ,]{0,20})\W*$"
)
_NOTE = re.compile(r"^\W*\(")


@dataclass(frozen=True, slots=True)
class Foot:
    """``receivers``: ``Nơi nhận`` and its lines. ``signature``: the lines of the (right-hand) signature block down to the name.

    ``name``: the piece that is the name. ``place_date``: place and date above the signature, as certificates have it.
    """

    receivers: tuple[Piece, ...] = ()
    signature: tuple[Piece, ...] = ()
    name: Piece | None = None
    place_date: Piece | None = None


def read_foot(page: PageOutcome, labels: Iterable[str] = (), *, top: float = 0.25) -> Foot:
    """``labels``: lines that head the signature that counts, for papers that have their own (``Người yêu cầu``). ``top``: share of the page's height
    under which a signature may begin; on a paper's later pages it may stand first.
    """
    pieces = pieces_of(page)
    if not pieces:
        return Foot()
    em = em_of(pieces)
    receivers = _receivers(pieces, em)
    heads = [fold(label) for label in labels]
    first = _anchor([piece for piece in pieces if piece.middle > top * page.height], page, receivers, heads)
    block = _block(pieces, first, em) if first else _beside(pieces, receivers, page, em)
    name = _name(block, page)
    dates = [
        piece
        for piece in pieces
        if piece.middle > top * page.height and (match := place_date_of(piece)) and (match["place"] or block)
    ]
    near = [piece for piece in dates if block and -8 * em < piece.middle - block[0].middle < 0]
    return Foot(receivers, block, name, next(iter((*near[::-1], *dates[::-1])), None))


def _receivers(pieces: Sequence[Piece], em: float) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for piece in pieces:
        if not found:
            if _RECEIVERS.match(piece.bare):
                found.append(piece)
            continue
        if piece.box[0] < found[0].box[2] + 2 * em and piece.box[0] > found[0].box[0] - 3 * em:
            if piece.box[1] - found[-1].box[3] > 2 * em:
                break
            found.append(piece)
    return tuple(found)


def _anchor(
    pieces: Sequence[Piece], page: PageOutcome, receivers: Sequence[Piece], heads: Sequence[str]
) -> Piece | None:
    """The first line of the last signature block on the page."""
    for head in heads:  # the likeliest first; each where it stands last
        for piece in reversed(pieces):
            bare = piece.bare.strip(" .")
            named = bare.startswith(head) and len(bare) < len(head) + 12
            if named and piece.width < 0.5 * page.width and ":" not in piece.text:
                return piece
    top = receivers[0].box[1] - 4 * (receivers[0].box[3] - receivers[0].box[1]) if receivers else 0
    posts = [
        piece
        for piece in pieces
        if piece.box[1] >= top
        and piece.centre > 0.5 * page.width
        and piece.box[0] > 0.38 * page.width
        and _is_post(piece)
        and is_capitals(piece, 0.7)
    ]
    if not posts:
        return _applicant(pieces, page)
    anchor = posts[-1]
    for piece in reversed(pieces):
        near = anchor.middle - piece.middle > 0 and anchor.box[1] - piece.box[3] < 1.5 * (anchor.box[3] - anchor.box[1])
        if near and is_capitals(piece, 0.7) and abs(piece.centre - anchor.centre) < max(piece.width, anchor.width) / 2:
            anchor = piece
    return anchor


def _applicant(pieces: Sequence[Piece], page: PageOutcome) -> Piece | None:
    """``Người yêu cầu``, ``NGƯỜI LÀM ĐƠN``: the first of the lowest row of such lines, or the one on the right if they stand alone."""
    heads = [
        piece
        for piece in pieces
        if _APPLICANT.match(piece.bare)
        and len(piece.words) <= MOST_WORDS
        and piece.width < 0.45 * page.width
        and piece.box[0] > 0.06 * page.width
        and not piece.text.rstrip().endswith((",", ";", "."))
        and (is_capitals(piece, 0.7) or piece.centre > 0.5 * page.width)
    ]
    if not heads:
        return None
    return next(piece for piece in heads if abs(piece.middle - heads[-1].middle) < 0.02 * page.height)


def _block(pieces: Sequence[Piece], first: Piece, em: float) -> tuple[Piece, ...]:
    """The lines under ``first`` in its column, down to the name."""
    half = max(first.width / 2, 5 * em)
    below = [
        piece
        for piece in pieces
        if piece is not first
        and -0.2 * em < piece.box[1] - first.box[1] < REACH * em
        and abs(piece.centre - first.centre) < half
        and piece.width < 2 * max(first.width, 8 * em)
        and piece.box[0] > first.centre - 12 * em
    ]
    return (first, *below)


def _beside(pieces: Sequence[Piece], receivers: Sequence[Piece], page: PageOutcome, em: float) -> tuple[Piece, ...]:
    """Where a seal hides the title: what stands to the right of Nơi nhận."""
    if not receivers:
        return ()
    top = receivers[0].box[1] - 2 * em
    return tuple(
        piece for piece in pieces
        if top < piece.box[1] < top + (REACH + 4) * em and piece.box[0] > 0.5 * page.width and piece.width < 0.45 * page.width
    )  # fmt: skip


def _name(block: Sequence[Piece], page: PageOutcome) -> Piece | None:
    """The first line under the titles that is built like a name; of several, one near the signature."""
    names = [
        piece
        for piece in block[1:]
        if is_personal_name(piece.text) and not _is_post(piece) and not _NOTE.match(piece.text)
        and not (is_capitals(piece) and _is_title_like(piece))
    ]  # fmt: skip
    names = [
        piece for piece in names if not (is_capitals(piece) and _is_under(piece, block)) and piece.text[:1].isupper()
    ]
    if not names:
        return None
    marks = [mark.box for mark in page.marks if mark.kind in {MarkKind.SIGNATURE, MarkKind.SEAL}]
    near = [
        piece
        for piece in names
        if any(mark[1] < piece.box[3] and mark[3] > piece.box[1] - 3 * (piece.box[3] - piece.box[1]) for mark in marks)
    ]
    return (near or names)[0]


def _is_under(piece: Piece, block: Sequence[Piece]) -> bool:
    """Whether a line in capitals stands right under another: then it is of the title, not a name over which somebody signed."""
    high = piece.box[3] - piece.box[1]
    return any(-0.3 * high < piece.box[1] - other.box[3] < 1.2 * high for other in block if other is not piece)


def _is_post(piece: Piece) -> bool:
    """Whether a line begins with a position or with an authority to sign."""
    return _POST.match(piece.bare) is not None and not is_family_vu(piece.text)


def _is_title_like(piece: Piece) -> bool:
    return bool(re.match(r"^(?:pho|chu|giam|truong|ban|uy ban|cuc|so|tinh|huyen|xa|phuong|thi|nguoi)\b", piece.bare))
