"""What the lines of the catalog's files hold, typed.

Every line says where it comes from (``source``), how sure that is (``certainty``) and when it holds (``valid_from`` and
``valid_to``, both days inclusive, open when absent). Lines are frozen: a rule that changes is a new line with a later date.
"""

from __future__ import annotations

import string
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
ProcedureCode = Annotated[str, StringConstraints(pattern=r"^\d\.\d{6}$")]
"""Mã TTHC quốc gia ``D.DDDDDD``."""
AgencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{2}(?:\.[0-9A-Z]+)*$", max_length=35)]
"""Mã định danh điện tử, highest group first (QĐ 20/2020/QĐ-TTg)."""
OldAgencyCode = Annotated[str, StringConstraints(pattern=r"^\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}$")]
"""The lowest group first (TT 10/2016/TT-BTTTT)."""
PaperCode = Annotated[
    str, StringConstraints(pattern=r"^(?:KQ\.[A-Z]\d{2}\.\d{6}|\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-KQ\d{6})$")
]
"""Mã kết quả, mã thành phần: ``KQ.G15.000031`` or ``000.00.00.G15-KQ004389``."""


class Certainty(StrEnum):
    """How sure a line is; shown wherever the line decides something (R40)."""

    QUOTED = "Q"  # the text of the rule, or the paper itself, was seen
    PARAPHRASED = "P"  # a secondary text or a running program says so
    MEMORY = "M"  # practitioners' knowledge; nothing at hand confirmed it
    INFERRED = "I"  # follows from Q and P facts


class Level(StrEnum):
    """Levels of government that handle a procedure; ``huyen`` ended with 30/6/2025."""

    CENTRAL = "trung_uong"
    PROVINCE = "tinh"
    DISTRICT = "huyen"
    COMMUNE = "xa"


class Line(BaseModel):
    """What every line has. ``note`` is for people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Text
    certainty: Certainty
    note: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self

    def holds(self, on: date) -> bool:
        """Whether the line is in force on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    def overlaps(self, other: Line) -> bool:
        """Whether there is a day on which both are in force."""
        return (self.valid_from or date.min) <= (other.valid_to or date.max) and (other.valid_from or date.min) <= (
            self.valid_to or date.max
        )


class Group(StrEnum):
    """Families of papers."""

    ADMINISTRATIVE = "administrative"  # the 29 types of NĐ 30/2020
    CIVIL_STATUS = "civil_status"
    IDENTITY = "identity"
    RESIDENCE = "residence"
    LAND = "land"
    CONSTRUCTION = "construction"
    BUSINESS = "business"
    TRANSPORT = "transport"
    EDUCATION = "education"
    JUDICIAL = "judicial"
    HEALTH = "health"
    SOCIAL = "social"
    APPLICATION = "application"  # what the applicant writes: never a result
    OTHER = "other"


class ScopeClass(StrEnum):
    """Classes of TT 01/2023 Điều 4 that make a paper one to digitise (R1)."""

    PRIOR_RESULT = "a"
    SPECIAL_LAW = "b"
    LOCAL_DECISION = "c"
    ON_DEMAND = "d"
    OPINION = "opinion"
    VALID_RESULT = "valid_result"


class Exclusion(StrEnum):
    """Classes of the same article that need not or must not be digitised (R1)."""

    DATA_SHARED = "x1"
    COPY = "x2"
    SHOWN_ONLY = "x3"
    SECRET = "x4"  # noqa: S105 - tài liệu mật, no password


class FieldSpec(BaseModel):
    """A field wanted from a paper: its name and the labels printed before it (none: it is known by its place)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Identifier
    labels: tuple[Text, ...] = ()
    required: bool = False


class PaperType(Line):
    """A class of papers.

    ``titles``: its title lines as printed, upper case, most telling first. ``issuers``: who issues it, phrases as printed in
    the header, ``*`` for any words (:func:`models.catalog.issuers.issued_by`). ``cues``: phrases of the body. ``abbreviation``:
    its part of số ký hiệu. ``validity``: the rule in ``validity.yaml``. ``scope_class`` and ``usual_exclusion``: how R1 sees it
    when nothing else is known. ``is_result``: it is the result of a procedure. ``from_applicant``: the applicant wrote it, so it
    never gets a result code (R21).
    """

    id: Identifier
    name: Text
    group: Group
    abbreviation: str | None = None
    titles: tuple[Text, ...] = ()
    issuers: tuple[Text, ...] = ()
    cues: tuple[Text, ...] = ()
    fields: tuple[FieldSpec, ...] = ()
    validity: Identifier = "none"
    scope_class: ScopeClass = ScopeClass.ON_DEMAND
    usual_exclusion: Exclusion | None = None
    is_result: bool = False
    from_applicant: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.from_applicant and self.is_result:
            raise ValueError("a paper from the applicant is no result (R21)")
        for title in self.titles:
            if title != title.upper():
                raise ValueError(f"titles are written in capitals, as printed: {title}")
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise ValueError("a field stands twice")
        return self


class LevelSpan(BaseModel):
    """A level that handles a procedure, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: Level
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


class Slot(BaseModel):
    """One component (thành phần hồ sơ) that a procedure asks for; any one paper of ``accepts`` fills it.

    ``condition``: when it is asked for at all, in words for the clerk; without one it is always. ``shown_only``: looked at and
    handed back, so never digitised (x3). ``titles``: what the title of the right paper also says (a tờ khai of *this*
    procedure). ``codes``: its component codes. ``khac`` in ``accepts``: a paper that has no class of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Identifier
    name: Text
    required: bool = True
    condition: str | None = None
    shown_only: bool = False
    accepts: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    titles: tuple[Text, ...] = ()
    codes: tuple[PaperCode, ...] = ()


class Procedure(Line):
    """A procedure (thủ tục hành chính). Several lines may share a code when their dates don't meet.

    ``essential``: one of the 25 of Đề án 06 (QĐ 06/QĐ-TTg). ``code_certainty``: of the code alone. ``results``: paper types.
    ``no_result_paper``: it ends without a paper, so there is none to digitise (R34).
    """

    code: ProcedureCode
    code_certainty: Certainty | None = None
    name: Text
    field_code: Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{2}-[0-9A-Z]+$")] | None = None
    field_name: Text
    levels: Annotated[tuple[LevelSpan, ...], Field(min_length=1)]
    essential: bool = False
    components: tuple[Slot, ...] = ()
    results: tuple[Identifier, ...] = ()
    result_codes: tuple[PaperCode, ...] = ()
    no_result_paper: bool = False
    replaced_by: ProcedureCode | None = None

    @model_validator(mode="after")
    def _slots_once(self) -> Self:
        names = [slot.id for slot in self.components]
        if len(set(names)) != len(names):
            raise ValueError("a component stands twice")
        if self.no_result_paper and self.results:
            raise ValueError("a procedure without a result's paper names none")
        return self

    def levels_on(self, day: date) -> tuple[Level, ...]:
        """The levels that handle it on that day."""
        return tuple(span.level for span in self.levels if span.holds(day))


class ListedAgency(Line):
    """A ministry (G codes) or a province (H codes). ``merged_into``: the code that carries on from ``valid_to``."""

    code: AgencyCode
    name: Text
    kind: Literal["ministry", "province"]
    old_codes: tuple[OldAgencyCode, ...] = ()
    merged_into: AgencyCode | None = None


class Province(Line):
    """``code``: the three digits that open a số định danh cá nhân (TT 07/2016/TT-BCA). They stay in ids for ever.

    ``now``: the name of the province that the territory belongs to since the merger of 01/7/2025, when it changed.
    """

    code: Annotated[str, StringConstraints(pattern=r"^\d{3}$")]
    name: Text
    now: Text | None = None


class CodeOfPaper(Line):
    """A code of the national catalogues and the paper types it may stand for: many to many (R21)."""

    code: PaperCode
    kind: Literal["result", "component"]
    name: Text
    papers: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    aliases: tuple[PaperCode, ...] = ()


class ValidityKind(StrEnum):
    NONE = "none"  # never expires
    PRINTED = "printed"  # the paper says until when
    MONTHS = "months"  # so many months from the day of issue, that day of the month included
    BY_CLASS = "by_class"  # by a class printed on it; a printed date comes first
    BY_AGE = "by_age"  # until the holder's next renewal age; a printed date comes first
    CONTENT = "content"  # only its content tells: a person decides


class ValidityRule(Line):
    """How long papers of a class stay valid (R30).

    Boundary: ``months`` after the day of issue is the last valid day. Issued 15/01/2024 with 6 months: valid on 15/7/2024, no
    more on 16/7/2024; where the month has no such day, its last day (issued 31/8, six months: 28/02).

    ``months`` beside ``printed``: what holds when the paper names no date. ``classes``: years by class, null for no expiry.
    ``void_after``: no such paper is valid after that day. ``ends_on_change``: also ends when the fact changes.
    ``bound_to_scope``: valid for the purpose it names only.
    """

    id: Identifier
    kind: ValidityKind
    months: Annotated[int, Field(ge=1, le=1200)] | None = None
    classes: dict[str, Annotated[int, Field(ge=1, le=100)] | None] | None = None
    ages: tuple[Annotated[int, Field(ge=1, le=120)], ...] = ()
    early_years: Annotated[int, Field(ge=0, le=10)] = 0
    void_after: date | None = None
    ends_on_change: bool = False
    bound_to_scope: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind is ValidityKind.MONTHS and self.months is None:
            raise ValueError("kind months needs months")
        if self.kind is ValidityKind.BY_CLASS and not self.classes:
            raise ValueError("kind by_class needs classes")
        if self.kind is ValidityKind.BY_AGE and not self.ages:
            raise ValueError("kind by_age needs ages")
        if self.months is not None and self.kind not in {ValidityKind.MONTHS, ValidityKind.PRINTED}:
            raise ValueError(f"months mean nothing with kind {self.kind.value}")
        return self


class RuleSet(Line):
    """Which law applies to an act of a day (RULES 2.6, R39): chosen by date, never by today.

    ``levels``: the levels of government that exist. ``dossier_code``: the template of mã hồ sơ in ``code_templates.yaml``.
    ``signature``: whether an officer's signature must stand before extraction is final (Điều 8); ``not_required`` is shown.
    """

    id: Identifier
    name: Text
    intake: tuple[Text, ...]
    digitising: tuple[Text, ...] = ()
    levels: tuple[Level, ...]
    dossier_code: Identifier
    signature: Literal["required", "not_required"]


CODE_PARTS: Final = frozenset(
    {
        "dinh_danh",
        "ma_loai_ket_qua",
        "so_ky_hieu",
        "ma_tthc",
        "ma_giay_to",
        "ma_ho_so",
        "ma_don_vi",
        "ma_don_vi_cu",
        "yymmdd",
        "nn",
    }
)
"""What a code template may name; ``nn`` is the running number."""


class CodeTemplate(Line):
    """A code put together from named parts (R22-R24); ``width``: the digits that ``nn`` is padded to, more when it needs them."""

    id: Identifier
    name: Text
    template: Text
    width: Annotated[int, Field(ge=1, le=10)]
    resets: Literal["never", "daily"] = "never"

    @model_validator(mode="after")
    def _known_parts(self) -> Self:
        try:
            fields = [field for field in string.Formatter().parse(self.template) if field[1] is not None]
        except ValueError as error:
            raise ValueError(f"the braces of the template don't match: {error}") from error
        if any(form or conversion for _, _, form, conversion in fields):
            raise ValueError("a part stands between its braces alone: {dinh_danh}, and not {dinh_danh:>12}")
        parts = self.parts
        unknown = sorted(set(parts) - CODE_PARTS)
        if unknown:
            raise ValueError(f"unknown parts in the template: {', '.join(unknown)}")
        if parts.count("nn") != 1 or not self.template.endswith("{nn}"):
            raise ValueError("a template has {nn} once, at its end: without a running number codes would repeat")
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """The names between braces, in order."""
        return tuple(name for _, name, _, _ in string.Formatter().parse(self.template) if name is not None)


class VisibleSignature(Line):
    """Where the visible part of a signature stands on page 1, and what it says, from top to bottom (R10). Millimetres."""

    id: Identifier
    name: Text
    corner: Literal["upper_left", "upper_right"]
    shows: Annotated[tuple[Literal["signer", "agency", "copy_form", "time"], ...], Field(min_length=1)]
    margin_mm: Annotated[float, Field(ge=0, le=50)]
    width_mm: Annotated[float, Field(ge=20, le=120)]
    height_mm: Annotated[float, Field(ge=6, le=60)]


class ScanLimits(Line):
    """The least a scan must be (R6). Lengths in millimetres, tolerance in per cent of the page's side."""

    id: Identifier
    min_dpi: Annotated[int, Field(ge=72, le=1200)]
    colour: bool
    min_pdf_version: Annotated[str, StringConstraints(pattern=r"^\d\.\d$")]
    scale_percent: Annotated[int, Field(ge=1, le=400)] = 100
    scale_tolerance_percent: Annotated[float, Field(ge=0, le=50)]
    page_width_mm: Annotated[float, Field(gt=0)] = 210
    page_height_mm: Annotated[float, Field(gt=0)] = 297
