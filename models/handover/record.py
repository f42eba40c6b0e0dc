"""``digitize.handover/1``: a dossier as a package tells it, one JSON file each. What comes in is checked against the same shapes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from models.entities import Channel, ComponentState, PageState, ResultForm, ReuseState, SignatureState
from models.handover.appendix import LENGTHS

SCHEMA = "digitize.handover/1"
TAKEN_IN = "handover"  # the template of a code that came with a package which named none
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,59}$")]
# As long as the columns of models.entities.
Text20 = Annotated[str, StringConstraints(max_length=20)]
Text50 = Annotated[str, StringConstraints(max_length=50)]
Text60 = Annotated[str, StringConstraints(max_length=60)]
Text80 = Annotated[str, StringConstraints(max_length=80)]
Text100 = Annotated[str, StringConstraints(max_length=100)]
Text110 = Annotated[str, StringConstraints(max_length=110)]
Text200 = Annotated[str, StringConstraints(max_length=200)]
Text300 = Annotated[str, StringConstraints(max_length=300)]


class _Part(BaseModel):
    """Unknown members are passed over: a later version of the same schema may add some."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class AgencyRecord(_Part):
    code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z][0-9A-Z.]{0,34}$")]
    name: Text200
    parent: str | None = None


class HolderRecord(_Part):
    id: Id
    kind: Literal["person", "organisation"]
    id_number: Text50 | None
    name: Text200
    birth_date: date | None


class PageRecord(_Part):
    """What was read on a page; its picture is in the PDF."""

    width: int | None = Field(ge=0)
    height: int | None = Field(ge=0)
    dpi: float | None
    origin: Text20 | None
    rotation: int
    skew: float
    blank: bool
    warnings: list[str]
    grade_mean: float | None
    grade_low: float | None
    engine: Text60 | None
    state: PageState
    failure_code: Text50 | None
    text: str
    read_at: AwareDatetime | None


class ResultRecord(_Part):
    """The paper's row in the warehouse; ``replaced_by``: a paper, of this package or not."""

    holder: HolderRecord | None
    valid_until: date | None
    expiry_rule: Text80
    scope: Text200
    stored_at: AwareDatetime
    returned_at: AwareDatetime | None
    ended_on: date | None
    cancelled_at: AwareDatetime | None
    cancelled_by: Text110 | None
    cancel_reason: Text300 | None
    replaced_by: Id | None


class PaperRecord(_Part):
    """A paper. ``ordinal``: its number in the dossier (stt), also in its file's name. ``appendix``: NĐ 30/2020 Phụ lục VI."""

    ordinal: int = Field(ge=1, le=99_999)
    file: str
    bytes: int = Field(ge=1)
    sha256: Sha256
    appendix: dict[str, str]
    cut: list[str] = Field(description="fields of the appendix that were shortened to its lengths")
    left_out: list[str] = Field(description="fields of the appendix that would not have fitted in part")
    id: Id
    code: Text200 | None
    code_template: Text60 | None
    paper_type: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")] | None
    paper_type_score: float | None
    title: Text300
    fields: dict[str, dict[str, Any] | None]
    attributes: list[str]
    flags: list[Any]
    slot: Text60 | None
    scope: dict[str, Any]
    signature: SignatureState
    state: ComponentState
    version: int = Field(ge=1)
    created_at: AwareDatetime
    scanned_at: AwareDatetime
    scanned_by: Text110
    original_sha256: Sha256 = Field(description="of the file that was scanned, which the package does not hold")
    pages: list[PageRecord] = Field(min_length=1, max_length=10_000)
    result: ResultRecord | None

    @model_validator(mode="after")
    def _within_lengths(self) -> PaperRecord:
        for name, value in self.appendix.items():
            longest = LENGTHS.get(name)
            if longest is not None and len(value) > longest:
                raise ValueError(f"{name} has more than {longest} characters")
        return self


class ReuseRecord(_Part):
    """A stored paper of another dossier that this one uses again (R27)."""

    result: Id
    version: int = Field(ge=1)
    slot: Text60
    state: ReuseState
    actor: Text110
    at: AwareDatetime


class DossierRecord(_Part):
    """A dossier. ``whole``: all its papers are told, not a selection of them."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    schema_: Literal["digitize.handover/1"] = Field(default="digitize.handover/1", alias="schema")
    id: Id
    code: Code
    agency: AgencyRecord
    procedure: Text50
    title: Text300
    channel: Channel
    created_at: AwareDatetime
    created_by: Text100
    finished_on: date | None
    result_form: ResultForm | None
    holder: HolderRecord | None
    whole: bool
    papers: list[PaperRecord] = Field(max_length=100_000)
    reuses: list[ReuseRecord]

    @model_validator(mode="after")
    def _each_once(self) -> DossierRecord:
        for name, given in (
            ("id", [paper.id for paper in self.papers]),
            ("ordinal", [paper.ordinal for paper in self.papers]),
            ("file", [paper.file for paper in self.papers]),
        ):
            if len(set(given)) != len(given):
                raise ValueError(f"two papers have the same {name}")
        for paper in self.papers:
            if paper.file != file_name(self.code, paper.ordinal):
                raise ValueError(f"paper {paper.ordinal} lies under another name than <mã hồ sơ>.<stt>")
        return self

    def json_bytes(self) -> bytes:
        return self.model_dump_json(by_alias=True, indent=1).encode() + b"\n"


def file_name(dossier: str, ordinal: int) -> str:
    """``H56.14-261121-0007.001.pdf``: mã hồ sơ, number of the paper in it (TT 02/2019/TT-BNV); padded, so that lists sort as the dossier does."""
    return f"{dossier}.{ordinal:03d}.pdf"


def parse(content: bytes) -> DossierRecord:
    """``ValueError`` names the first member that is wrong; its value, which may be a person's, is not told."""
    try:
        return DossierRecord.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "record"
        raise ValueError(f"{place}: {first['msg']}") from None


def latest(record: DossierRecord) -> datetime:
    """When what the record tells last changed: the time of a package, so that the same content is the same package."""
    moments = [record.created_at]
    for paper in record.papers:
        moments += [paper.created_at, paper.scanned_at]
        if paper.result is not None:
            found = (paper.result.stored_at, paper.result.returned_at, paper.result.cancelled_at)
            moments += [one for one in found if one is not None]
    moments += [one.at for one in record.reuses]
    return max(moments)
