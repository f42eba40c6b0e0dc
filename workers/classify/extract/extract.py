"""All fields of one paper: what Điều 9 khoản 2 asks for, and those that the catalog lists for its type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default

from models.catalog import Catalog, PaperType, issued_by
from models.catalog.lines import Group
from models.fields import FIELD_NAMES
from models.vietnamese.dates import parse_date
from models.vietnamese.folding import fold_in_place, nfc
from workers.classify.extract import acts
from workers.classify.extract.annex import annex_fields
from workers.classify.extract.cards import has_identity_code, identity_fields, passport_fields, zone_of
from workers.classify.extract.checks import Fields, cross_checked
from workers.classify.extract.evidence import Evidence
from workers.classify.extract.field import Doubt, Field, Reason, read_field
from workers.classify.extract.forms import form_fields
from workers.classify.extract.issuers import body_like, standing_words, without_head
from workers.classify.extract.land import land_fields
from workers.classify.extract.repeated import PaperText, as_named_again, as_repeated
from workers.classify.extract.slots import first_page_of, slot_values
from workers.classify.foot import Foot, read_foot
from workers.classify.head import SUBJECT, Head, is_capitals, place_date_of, read_head
from workers.classify.pieces import Piece, pieces_of
from workers.page import PageOutcome

_IDENTITY = frozenset({"can_cuoc", "can_cuoc_cong_dan"})
_PASSPORT = "ho_chieu"
_ANNEX = "phu_luc"
_OTHER = "khac"
_ARTICLES = "dieu_le"
_COMPANY = re.compile(r"^(?:cong ty|doanh nghiep|hop tac xa|tap doan|tong cong ty)\b")
_ENDS_WITH_DAY = re.compile(r"[^\W\d_],\s?ngay\W*$")
_BEGINS_WITH_DAY = re.compile(r"^\W*\d{1,2}\s?thang\b.*\bnam\b")
_DATE_ALONE = re.compile(r"^\W*ngay(?: lap)?\s?:?\s?\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}\W*$")
_LAND = "giay_chung_nhan_quyen_su_dung_dat"
_OF_PARTIES = frozenset({"hop_dong", "ban_thoa_thuan", "ban_ghi_nho", "giay_uy_quyen", "bien_ban"})
_FIRST_PARTY = (
    "BÊN ỦY QUYỀN",
    "NGƯỜI ỦY QUYỀN",
    "BÊN CHUYỂN NHƯỢNG",
    "BÊN TẶNG CHO",
    "BÊN BÁN",
    "BÊN CHO THUÊ",
    "ĐẠI DIỆN BÊN A",
    "BÊN A",
    "ĐẠI DIỆN BÊN GIAO",
)
_TAX_NUMBERED = frozenset({"giay_chung_nhan_dang_ky_doanh_nghiep", "giay_chung_nhan_dang_ky_ho_kinh_doanh"})
_HEADED = frozenset({"number", "issued_on", "issued_at", "issuer", "title", "signer"})
"""Fields with a place of their own on every paper, label or not."""
_LONGEST_BODY = 90
_LEADER = re.compile(r"^(?:cuc truong|tong cuc truong|bo truong)\b")
_PLACE = re.compile(r"\b(?:tinh|thanh pho|huyen|quan|thi xa|xa|phuong|thi tran)\s+\S")
_AT_BODY = re.compile(
    r"\btại\s+(?:trụ sở\s+|văn phòng\s+|phòng họp\s+|hội trường\s+)?(?P<body>(?:Ủy ban nhân dân|Uỷ ban nhân dân|UBND|Công an|Văn phòng [Cc]ông chứng|Phòng [Cc]ông chứng|Trường|Sở)\b[^,;.(]{2,60})"
)


@dataclass(frozen=True, slots=True)
class Extraction:
    """``fields``: by name, those of :data:`models.fields.FIELD_NAMES` first; ``None`` where the paper's type has no such field.

    ``flags``: what a person should know of the whole paper: ``NO_TEXT``, ``TYPE_UNKNOWN``.
    """

    fields: Mapping[str, Field | None]
    flags: tuple[str, ...] = ()
    head: Head = default(default_factory=Head, repr=False)

    def as_json(self) -> dict[str, dict[str, object] | None]:
        return {name: one.as_json() if one else None for name, one in self.fields.items()}


def extract(
    pages: Sequence[PageOutcome], paper_type: PaperType | None, catalog: Catalog, evidence: Evidence | None = None
) -> Extraction:
    """The fields of one paper, whose ``pages`` these are, in order. Pure; never raises for what stands on them.

    ``paper_type``: ``None`` or *khac*: only what every paper has is looked for.
    """
    evidence = evidence or Evidence()
    first = first_page_of(pages)
    names = (
        tuple(dict.fromkeys((*FIELD_NAMES, *(spec.name for spec in paper_type.fields)))) if paper_type else FIELD_NAMES
    )
    if first is None:
        required = {spec.name for spec in paper_type.fields if spec.required} if paper_type else set[str]()
        missing: Fields = {name: Field(None, reason=Reason.NOT_FOUND) if name in required else None for name in names}
        return Extraction(missing, ("NO_TEXT",))
    foot, last = _foot(pages, paper_type)
    paper = _Paper(pages, paper_type, evidence, read_head(first), first, foot, last)
    fields: Fields = dict.fromkeys(names)
    if paper_type is None or paper_type.group is Group.ADMINISTRATIVE:
        _as_act(fields, paper)
    if paper_type is not None:
        _as_form(fields, paper, paper_type)
    elif (other := catalog.paper_type(_OTHER)) is not None:
        _as_any_form(fields, paper, other)
    _by_place(fields, paper)
    if _is_identity(paper):
        fields = identity_fields(fields, pages, evidence)
    elif paper_type is not None and paper_type.id == _PASSPORT:
        fields = passport_fields(fields, pages)
    tax = paper_type is not None and paper_type.id in _TAX_NUMBERED
    fields = cross_checked(fields, evidence, frozenset(catalog.provinces), tax_code=tax)
    _hear_the_names_again(fields, paper)
    flags = () if paper_type is not None and paper_type.id != "khac" else ("TYPE_UNKNOWN",)
    return Extraction(_settled(fields, names, paper_type), flags, paper.head)


@dataclass(frozen=True, slots=True)
class _Paper:
    """``first``: its first page with text; ``last``: the page with ``foot``, which need not be the last: annexes may follow."""

    pages: Sequence[PageOutcome]
    kind: PaperType | None
    evidence: Evidence
    head: Head
    first: PageOutcome
    foot: Foot
    last: PageOutcome

    def number(self) -> Field:
        slots = slot_values(self.first, self.evidence)
        return acts.number_field(
            self.head, self.first.number, slots, kind=self.kind.abbreviation if self.kind else None
        )

    def date_and_place(self) -> tuple[Field, Field]:
        """Of the head, or of the end where the head has none."""
        if self.head.place_date is None and self.foot.place_date is not None:
            return acts.date_fields(self.foot.place_date, self.last.number, slot_values(self.last, self.evidence))
        if self.head.place_date is None and (self.kind is None or self.kind.group is not Group.ADMINISTRATIVE):
            found = next(((one, page) for page in self.pages for one in pieces_of(page) if _is_date_line(one)), None)
            if found is not None:
                return acts.date_fields(found[0], found[1].number, slot_values(found[1], self.evidence))
            broken = next(((one, page) for page in self.pages for one in _broken_date_lines(page)), None)
            if broken is not None:
                return acts.date_fields(broken[0], broken[1].number, {})
        return acts.date_fields(self.head.place_date, self.first.number, slot_values(self.first, self.evidence))


def _is_date_line(piece: Piece) -> bool:
    """``Hải Khê, ngày 16 tháng 01 năm 2025`` alone on its line, wherever that stands (cards)."""
    match = place_date_of(piece)
    return match is not None and bool(match["place"])


def _broken_date_lines(page: PageOutcome) -> Iterator[Piece]:
    """Place and date on two lines of a narrow column: ``Giếng Ngọc Nam, ngày`` / ``11 tháng 8 năm 2026``."""
    pieces = pieces_of(page)
    for place, piece in enumerate(pieces):
        if not _ENDS_WITH_DAY.search(piece.bare):
            continue
        for other in pieces[place + 1 :]:
            if other.box[1] > piece.box[3] + 1.5 * (piece.box[3] - piece.box[1]):
                break
            if other.box[0] < piece.box[2] and piece.box[0] < other.box[2] and _BEGINS_WITH_DAY.match(other.bare):
                joined = Piece((*piece.words, *other.words), piece.line)
                if _is_date_line(joined):
                    yield joined


def _is_identity(paper: _Paper) -> bool:
    if paper.kind is not None:
        return paper.kind.id in _IDENTITY
    return has_identity_code(paper.evidence.codes) or any(zone_of(page) for page in paper.pages)


def _as_act(fields: Fields, paper: _Paper) -> None:
    fields["number"] = paper.number()
    fields["issued_on"], fields["issued_at"] = paper.date_and_place()
    fields["issuer"] = acts.issuer_field(paper.head, paper.first.number)
    fields["summary"] = acts.summary_field(paper.head, paper.first.number)


def _as_form(fields: Fields, paper: _Paper, kind: PaperType) -> None:
    """Labelled values; what a label says stands over an empty place, not over a value that was read by its place."""
    if kind.id == _ANNEX or (kind.group is Group.ADMINISTRATIVE and paper.head.number is None):
        found = annex_fields(paper.head, paper.first.number)
        fields.update({name: one for name, one in found.items() if kind.id == _ANNEX or one.value is not None})
    if kind.id == _ANNEX:
        return
    if paper.head.number is not None and any(
        label in {"Số:", "Số"} for spec in kind.fields if spec.name == "number" for label in spec.labels
    ):
        fields["number"] = paper.number()
    for name, field in form_fields(paper.pages, kind).items():
        known = fields.get(name)
        act = kind.group is Group.ADMINISTRATIVE and kind.id not in _OF_PARTIES
        if act and name in {"number", "issuer", "issued_on", "issued_at"}:
            continue  # an act's own stand in its head; what its text names are others'
        # A day that the head leaves blank is the one on which minutes say they were written.
        if known is None or known.reason == Reason.NOT_FOUND or (name == "issued_on" and _fills(field, known)):
            fields[name] = field
    if kind.id == _LAND:
        fields.update(land_fields(paper.pages, paper.evidence))


def _fills(field: Field, blank: Field) -> bool:
    """Whether a date is the one of which the head has only month and year."""
    known = str(blank.more.get("known", ""))
    return blank.reason == Reason.EMPTY and bool(known) and str(field.value or "").startswith(f"{known}-")


def _as_any_form(fields: Fields, paper: _Paper, other: PaperType) -> None:
    """Of a paper of unknown type what usual labels tell of its owner, and the date that stands alone on one of its lines."""
    known = form_fields(paper.pages, other)
    fields.update({name: one for name, one in known.items() if name.startswith("holder_") and one.value is not None})
    if _is_open(fields.get("issued_on")):
        lines = [(piece, page) for page in paper.pages for piece in pieces_of(page) if _DATE_ALONE.match(piece.bare)]
        if len(lines) == 1:
            piece, page = lines[0]
            day = parse_date(piece.text)
            if day is not None:
                fields["issued_on"] = read_field(day.isoformat(), piece.words, page.number, rule=0.9)


def _by_place(fields: Fields, paper: _Paper) -> None:
    """What no label told: by its place in the head and at the end."""
    head, first = paper.head, paper.first
    fields["title"] = acts.title_field(head, first.number, paper.kind.titles if paper.kind else (), pieces_of(first))
    if paper.kind is not None and paper.kind.id == _ARTICLES and _is_open(fields.get("holder_name")):
        named = next((piece for piece in (*head.title, *head.summary) if _COMPANY.match(piece.bare)), None)
        if named is not None:  # a company's articles have its name under their title
            fields["holder_name"] = read_field(acts.join_lines([named.text]), named.words, first.number, rule=0.9)
    wanted = {name for name in _HEADED if _is_open(fields.get(name))}
    if "number" in wanted and head.number is not None:
        fields["number"] = paper.number()
    for name, found in zip(("issued_on", "issued_at"), paper.date_and_place(), strict=True):
        if name in wanted and (found.value is not None or found.reason != Reason.NOT_FOUND):
            fields[name] = found
    if "issuer" in wanted:
        issuer = acts.issuer_field(head, first.number)
        fields["issuer"] = issuer if issuer.value else _other_issuer(paper) or fields.get("issuer")
    if "signer" in wanted:
        fields["signer"] = acts.signer_field(paper.foot, paper.last.number)
    about = (*head.subject, *head.summary)[:1]
    told = bool(about) and SUBJECT.match(about[0].bare) is not None
    if paper.kind is not None and (
        paper.kind.id == _ANNEX or (told and "summary" in fields and _is_open(fields["summary"]))
    ):
        fields["summary"] = acts.summary_field(head, first.number)


def _hear_the_names_again(fields: Fields, paper: _Paper) -> None:
    """The owner's and the signer's names, and the issuer's place, with the marks that the rest of the paper has for them. An issuer whose own line has no
    place gets that of the line of place and date, if the paper says elsewhere what sort of place that is (``TM. ỦY BAN NHÂN DÂN`` …
    ``Cồn Sương, ngày`` … ``xã Cồn Sương``).
    """
    issuer, place = fields.get("issuer"), fields.get("issued_at")
    text = PaperText.of(paper.pages)
    for name in ("holder_name", "signer"):
        person = fields.get(name)
        if person is not None and person.value is not None:
            fields[name] = as_named_again(person, text)
    if issuer is None or issuer.value is None:
        return
    if issuer.doubt == Doubt.NO_PLACE and place is not None and place.value is not None:
        tiers = text.tiers_of(place.value)
        if len(tiers) == 1:
            name = f"{issuer.value} {tiers.pop()} {place.value.upper()}"
            issuer = replace(issuer, value=name, doubt=str(Doubt.PLACE_ELSEWHERE))
    fields["issuer"] = as_repeated(issuer, text)


def _other_issuer(paper: _Paper) -> Field | None:
    """Who issues a paper without a head of two columns."""
    signing = _signing_body(paper)
    if signing is not None and signing.doubt is None:
        return signing
    return _at_body(paper) or _by_pattern(paper) or signing


def _by_pattern(paper: _Paper) -> Field | None:
    """A line in capitals that names an issuer of the paper's type (cards, books): with a place, if one of several has it."""
    if paper.kind is None or paper.kind.group is Group.ADMINISTRATIVE:
        return None
    found: list[tuple[bool, Field]] = []
    for page in paper.pages:
        pieces = pieces_of(page)
        for place, piece in enumerate(pieces):
            if not is_capitals(piece) or (paper.head.title and piece in paper.head.title):
                continue
            for lines in ((piece,), (piece, *_line_below(pieces, place))):
                text = acts.join_lines(line.text for line in lines)
                body = without_head(text)
                begins = body_like(body) or _LEADER.match(fold_in_place(text))
                if begins and len(text) <= _LONGEST_BODY and issued_by(paper.kind.issuers, text):
                    words = [word for line in lines for word in line.words]
                    found.append(
                        (
                            bool(_PLACE.search(fold_in_place(body))),
                            read_field(_spelled(body, paper.kind), words, page.number, rule=0.88),
                        )
                    )
                    break
    return max(found, key=lambda one: one[0], default=(False, None))[1]


def _spelled(body: str, kind: PaperType) -> str:
    """In capitals, and as the catalog spells it where it has the same letters."""
    text = body.upper()
    for pattern in kind.issuers:
        if "*" not in pattern and fold_in_place(text).startswith(fold_in_place(pattern)):
            return pattern + text[len(pattern) :]
    return text


def _line_below(pieces: Sequence[Piece], place: int) -> tuple[Piece, ...]:
    """The line in capitals that goes on with the one at ``place``, in its column."""
    piece = pieces[place]
    for other in pieces[place + 1 :]:
        if other.box[1] - piece.box[3] > piece.box[3] - piece.box[1]:
            return ()
        if other.middle > piece.box[3] and abs(other.centre - piece.centre) < 0.5 * piece.width:
            return (other,) if is_capitals(other) else ()
    return ()


def _is_open(known: Field | None) -> bool:
    """Whether a place on the page may tell what a label did not."""
    reasons = {None, str(Reason.NOT_FOUND), str(Reason.EMPTY), str(Reason.UNREADABLE)}
    return known is None or (known.value is None and known.reason in reasons)


def _at_body(paper: _Paper) -> Field | None:
    """``tại trụ sở Ủy ban nhân dân xã …``: where minutes and contracts are made."""
    page = paper.first
    pieces = pieces_of(page)
    top = max((piece.box[3] for piece in (*paper.head.title, *paper.head.summary)), default=0)
    pieces = tuple(piece for piece in pieces if piece.middle > top)
    for place, piece in enumerate(pieces):
        following = pieces[place + 1] if place + 1 < len(pieces) else None
        words = (*piece.words, *(following.words if following else ()))
        text = nfc(" ".join(word.text for word in words))
        match = _AT_BODY.search(text)
        if match and match.start() < len(piece.text):
            at, spoken = 0, []
            for word in words:
                if at < match.end("body") and at + len(word.text) > match.start("body"):
                    spoken.append(word)
                at += len(word.text) + 1
            return read_field(match["body"].strip(), spoken, page.number, rule=0.85)
    return None


def _signing_body(paper: _Paper) -> Field | None:
    """``TM. ỦY BAN NHÂN DÂN XÃ …`` over the signature."""
    foot, page = paper.foot, paper.last
    signer = acts.signer_field(foot, page.number)
    body = signer.more.get("on_behalf_of", "")
    if not body_like(body):  # a line of the body alone over the title
        body = next((acts.join_lines([piece.text]) for piece in foot.signature if body_like(piece.text)), "")
    words = [
        word for piece in foot.signature if any(part in piece.text for part in body.split()) for word in piece.words
    ]
    if not body_like(body):
        return None
    body = standing_words(body)
    bare = body.upper() in {"ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN"}
    return read_field(body, words, page.number, rule=0.9, doubt=Doubt.NO_PLACE if bare else None)


def _foot(pages: Sequence[PageOutcome], paper: PaperType | None) -> tuple[Foot, PageOutcome]:
    """The end of the paper: on the last of its pages that has a signature; annexes may follow, and a notary's words behind the parties'."""
    labels = next((spec.labels for spec in paper.fields if spec.name == "signer"), ()) if paper else ()
    parties = paper is not None and paper.id in _OF_PARTIES
    read = [page for page in pages if page.lines]
    best: tuple[Foot, PageOutcome] | None = None
    for place, page in enumerate(read):
        foot = read_foot(page, (*labels, *_FIRST_PARTY) if parties else labels, top=0.0 if place else 0.25)
        if foot.signature and (best is None or foot.name is not None or best[0].name is None):
            best = (foot, page)
            if foot.name is not None and (foot.receivers or parties):
                break
    return best or (Foot(place_date=next((read_foot(page).place_date for page in reversed(read)), None)), read[-1])


def _settled(fields: Fields, names: Sequence[str], paper: PaperType | None) -> Fields:
    """In order; what the type lacks and nobody found is ``None``, what it must have and is not there says so."""
    specs = {spec.name: spec for spec in paper.fields} if paper else {}
    settled: Fields = {}
    for name in dict.fromkeys((*names, *fields)):
        one = fields.get(name)
        spec = specs.get(name)
        if one is None:
            settled[name] = Field(None, reason=Reason.NOT_FOUND) if spec else None
        elif one.value is None and one.reason == Reason.NOT_FOUND and spec is None and paper is not None:
            settled[name] = None
        else:
            settled[name] = one
    return settled
