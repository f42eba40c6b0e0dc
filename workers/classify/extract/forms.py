"""Fields of a form: for each field of the paper's type, the value behind its label.

Labels repeat: ``Năm sinh`` stands under the mother and under the father. Fields whose names begin alike (``mother_name``, ``mother_birth_year``) are of
one person: theirs are the labels that follow that person's name, in its column, up to the next person's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from models.catalog import PaperType
from models.catalog.lines import FieldSpec, Group
from models.vietnamese.folding import fold
from workers.classify.extract.family_names import with_family_name
from workers.classify.extract.field import UNSURE_BELOW, Doubt, Field, Reason, read_field
from workers.classify.extract.labels import WEAK_LETTERS, Answer, Form, Hit, labels_of
from workers.classify.extract.values import Kind, kind_of, value_of
from workers.classify.pieces import em_of, pieces_of
from workers.page import PageOutcome, Word

_NO_PERSON = frozenset({"giay_chung_nhan_dang_ky_doanh_nghiep", "dieu_le", "ban_ve_thiet_ke"})
_OF_PARTIES = frozenset({"hop_dong", "ban_thoa_thuan", "giay_uy_quyen"})
_PLACED = frozenset({"ngày", "Ngày", "V/v", "của", "đến"})
"""Labels that are read by their place on the page, not here."""
_ID_LABELS = ("Căn cước số", "Căn cước công dân số", "Số căn cước", "Số căn cước công dân", "CCCD số", "Số CCCD", "số CCCD", "CMND số", "Số CMND", "số định danh cá nhân",
              "Số định danh cá nhân", "Số ĐDCN", "thẻ căn cước số", "Giấy tờ tùy thân", "Số CMND/CCCD/Hộ chiếu/định danh CD", "CCCD/CMND số", "Số CMND/CCCD", "Hộ chiếu số")  # fmt: skip
_HOLDER = (
    FieldSpec(name="holder_name", labels=("Họ, chữ đệm, tên", "Họ, chữ đệm và tên", "Họ và tên", "Họ tên", "Tôi tên là", "Tên tôi là", "Tôi là", "Ông", "Bà",
                                         "Ông (bà)", "Ông (Bà)", "ông", "bà", "Họ và tên chủ hộ", "cho ông", "cho bà", "giới thiệu ông", "giới thiệu bà")),
    FieldSpec(name="holder_birth_date", labels=("Ngày, tháng, năm sinh", "sinh ngày", "Sinh ngày", "Ngày sinh", "Sinh ngày, tháng, năm")),
    FieldSpec(name="holder_id", labels=_ID_LABELS),
)  # fmt: skip
"""How papers name their owner, if the catalog has no labels of their own for that or theirs were not found."""
_ALSO: Mapping[str, tuple[str, ...]] = {
    "holder_name": ("Họ, chữ đệm, tên người chết", "Đồng chí", "Họ và tên (chữ in hoa)"),
    "issued_on": ("Ngày, tháng, năm đăng ký", "Ngày cấp", "Ngày, tháng, năm cấp", "Hôm nay, ngày"),
    "issuer": ("Nơi đăng ký", "Cơ quan cấp", "Nơi cấp"),
    "valid_until": ("có giá trị đến hết ngày", "có giá trị đến ngày", "có giá trị đến", "Giấy này có giá trị đến hết ngày", "Giấy này có giá trị đến ngày", "Giá trị sử dụng",
                    "Thời hạn", "Thời hạn ủy quyền", "Giá trị thẻ"),
    "summary": ("Nội dung xác nhận", "Về việc", "Trích yếu"),
}  # fmt: skip
"""Labels that papers of many types have; they stand behind those of the catalog."""
_NO_HOLDER = frozenset(
    {"giay_chung_nhan_ket_hon", "giay_chung_nhan_dang_ky_doanh_nghiep", "dieu_le", "danh_sach", "phu_luc"}
)
_ONE_DIGIT_DAY = re.compile(r"(?<!\d)\d[/.-]0\d[/.-]\d{4}")
_LONG = frozenset({Kind.TEXT, Kind.BODY})
_RULE = {Kind.DATE: 0.97, Kind.NAME: 0.95, Kind.PERSON_NUMBER: 0.97, Kind.TEXT: 0.9, Kind.BODY: 0.95, Kind.NUMBER: 0.95}


@dataclass(frozen=True, slots=True)
class _Found:
    """A label on a page of the paper. ``order``: of the page, then of its place on it."""

    page: int
    form: Form
    hit: Hit

    @property
    def order(self) -> tuple[int, int, int]:
        return self.page, self.hit.place, self.hit.start


def form_fields(pages: Sequence[PageOutcome], paper: PaperType) -> dict[str, Field]:
    """The fields of ``paper`` that have labels and of which at least the label was found; values may be ``None`` with a reason."""
    asked = [spec for spec in paper.fields if _labels(spec)]
    also = () if paper.id in _NO_HOLDER or (paper.group is Group.ADMINISTRATIVE and not _has_holder(paper)) else _HOLDER
    labels = labels_of(tuple(label for spec in (*asked, *also) for label in _labels(spec)))
    found: list[_Found] = []
    for page in pages:
        pieces = pieces_of(page)
        if pieces:
            form = Form(pieces, em_of(pieces), labels)
            found += [_Found(page.number, form, hit) for hit in form.hits]
    anchors = _anchors(asked, found)
    holder: _Found | None = None
    fields: dict[str, Field] = {}
    for spec in sorted(asked, key=lambda spec: spec.name != "holder_name"):  # the others are looked for after the name
        field, place = _field(spec, paper, _from(holder, spec, _candidates(spec, found, anchors)))
        if field is not None:
            fields[spec.name] = field
        if spec.name == "holder_name" and field is not None and field.value is not None:
            holder = place
    for spec in also:
        known = fields.get(spec.name)
        if known is None or known.value is None:
            candidates = sorted(_candidates(spec, found, anchors), key=lambda one: one.order)
            field, place = _field(spec, paper, _from(holder, spec, candidates))
            if field is not None and (known is None or field.value is not None):
                fields[spec.name] = field
                holder = place if spec.name == "holder_name" and field.value is not None else holder
    return fields


def _has_holder(paper: PaperType) -> bool:
    return any(spec.name == "holder_name" for spec in paper.fields) or paper.id in _OF_PARTIES


_ADDRESSES = frozenset({"ong", "ba", "ho ong", "ho ba", "ong ba", "anh", "chi"})
"""Forms of address that stand as labels: none is likelier than another, the first on the paper counts."""


def _labels(spec: FieldSpec) -> tuple[str, ...]:
    if spec.name in {"signer", "title"}:
        return ()
    own = tuple(label for label in spec.labels if label not in _PLACED)
    also = _ID_LABELS if spec.name.endswith("_id") else _ALSO.get(spec.name, ())
    return tuple(dict.fromkeys((*own, *also)))


def _person_of(name: str) -> str | None:
    """``mother`` of ``mother_birth_year``."""
    prefix, _, rest = name.partition("_")
    return prefix if rest in {"name", "id", "birth_date", "birth_year", "residence"} and prefix != "holder" else None


def _anchors(asked: Sequence[FieldSpec], found: Sequence[_Found]) -> Mapping[str, _Found]:
    """For each person but the holder, where their name's label stands."""
    anchors: dict[str, _Found] = {}
    for spec in asked:
        person = _person_of(spec.name)
        if person and spec.name.endswith("_name"):
            first = next((one for label in _labels(spec) for one in found if one.hit.label == label), None)
            if first:
                anchors[person] = first
    return anchors


def _candidates(spec: FieldSpec, found: Sequence[_Found], anchors: Mapping[str, _Found]) -> list[_Found]:
    """Labels that may be the field's, likeliest first."""
    own = [one for label in _labels(spec) for one in found if _same(one.hit.label, label)]
    address = sorted((one for one in own if _is_address(one)), key=lambda one: one.order)
    own = [address.pop(0) if _is_address(one) else one for one in own]
    if spec.name.startswith("holder_"):
        own = [one for one in own if not _is_anothers(one, found, anchors)]
    if spec.name == "number":  # "số 12/2023" within a text is another paper's
        own = [one for one in own if one.hit.colon or fold(one.hit.label).strip(" :.") not in {"so", "so/no"}]
    person = _person_of(spec.name)
    if person is None:
        return own
    anchor = anchors.get(person)
    if anchor is None:
        return [] if any(_person_of(other) for other in anchors) else own
    following = [one for one in own if one.order >= anchor.order and _in_column(one, anchor)]
    ends = [
        other.order
        for name, other in anchors.items()
        if name != person and other.order > anchor.order and _in_column(other, anchor)
    ]
    return sorted((one for one in following if not ends or one.order < min(ends)), key=lambda one: one.order)


def _is_address(one: _Found) -> bool:
    return " ".join(re.findall(r"[a-z]+", fold(one.hit.label))) in _ADDRESSES


def _is_anothers(one: _Found, found: Sequence[_Found], anchors: Mapping[str, _Found]) -> bool:
    """Whether a number's or a date's label stands under another person's name, and under no label that may be the owner's."""
    if not any(one.hit.label in labels for labels in (_ID_LABELS, _HOLDER[1].labels)):
        return False
    people = (other for person, other in anchors.items() if kind_of(f"{person}_name") is Kind.NAME)
    others = [other.order for other in people if other.order < one.order and _in_column(one, other)]
    owners = {label for label in _HOLDER[0].labels if len(fold(label)) > WEAK_LETTERS}
    named = [other.order for other in found if other.hit.label in owners and other.order < one.order]
    return bool(others) and max(named, default=(0, 0, 0)) <= max(others)


def _same(one: str, other: str) -> bool:
    return one == other or _key(one) == _key(other)


@lru_cache(maxsize=4096)
def _key(label: str) -> str:
    """What spellings of a label have in common; there are some hundreds of labels, asked for thousands of times."""
    return fold(label).strip(" :")


def _in_column(one: _Found, anchor: _Found) -> bool:
    """Whether a label stands in the anchor's column; on another page any does."""
    if one.page != anchor.page:
        return True
    x0, x1 = anchor.form.column_of(anchor.hit)
    left, right = one.form.column_of(one.hit)
    return left < x1 and right > x0 and abs(left - x0) < 0.25 * (max(x1, right) + 1)


def _from(holder: _Found | None, spec: FieldSpec, candidates: Sequence[_Found]) -> Sequence[_Found]:
    """Of the owner's other fields those first that follow the name, nearest first: further down another person's stand."""
    if holder is None or not spec.name.startswith("holder_"):
        return candidates
    following = sorted((one for one in candidates if one.order >= holder.order), key=lambda one: one.order)
    return [*following, *(one for one in candidates if one.order < holder.order)]


def _field(spec: FieldSpec, paper: PaperType, candidates: Sequence[_Found]) -> tuple[Field | None, _Found | None]:
    """The first candidate with a value, else the one that tells most about why there is none; and its label."""
    kind = kind_of(spec.name)
    blank: tuple[Field | None, _Found | None] = None, None
    for one in candidates:
        long = kind in _LONG or (kind is Kind.NAME and paper.id in _NO_PERSON)
        answer = one.form.answer(one.hit, long=long)
        field = _read(answer, spec.name, one.page, person=paper.id not in _NO_PERSON)
        if field.value is not None and not (kind is Kind.NAME and _is_title(field.value, paper)):
            return field, one
        if blank[0] is None or (blank[0].reason == Reason.EMPTY and field.reason != Reason.EMPTY):
            blank = (field if field.value is None else replace(field, value=None, reason=str(Reason.UNREADABLE))), one
    return blank


def _is_title(name: str, paper: PaperType) -> bool:
    return any(fold(name) == fold(title) for title in paper.titles)


def _read(answer: Answer, name: str, page: int, *, person: bool) -> Field:
    kind = kind_of(name)
    value = value_of(answer.text, kind, person=person, last=name == "valid_until")
    words = _words(answer, value.start, value.end) or answer.words
    more = {"known": value.known} if value.known else {}
    if kind is Kind.DATE and _lost_a_digit(answer.text[value.start : value.end], words):
        return read_field(None, words, page, reason=Reason.UNREADABLE, more=more, raw=answer.text)
    if value.value is None:
        return read_field(None, words, page, reason=value.reason, more=more, raw=answer.text)
    right = with_family_name(value.value) if kind is Kind.NAME and person else None
    doubt = Doubt.MENDED if right else value.doubt
    return read_field(
        right or value.value, words, page, rule=_RULE.get(kind, 0.93), doubt=doubt, more=more, raw=answer.text
    )


def _lost_a_digit(text: str, words: Sequence[Word]) -> bool:
    """Whether a date that was hardly read has one digit for its day and two for its month, as nobody prints it: ``2/03/2025`` may be the 22nd."""
    return bool(_ONE_DIGIT_DAY.search(text)) and any(word.confidence < UNSURE_BELOW for word in words)


def _words(answer: Answer, start: int, end: int) -> tuple[Word, ...]:
    """The words that say ``text[start:end]``: counted by their letters, since leaders were stripped and lines joined."""
    spoken = len("".join(answer.text[:start].split()))
    length = len("".join(answer.text[start:end].split()))
    found, at = [], 0
    for word in answer.words:
        text = word.text.strip(".…_")
        if at < spoken + length and at + len(text) > spoken:
            found.append(word)
        at += len(text)
    return tuple(found)
