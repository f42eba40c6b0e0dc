"""What a dossier looks like from outside."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from digitize_api.scans.schemas import ScanSummary
from models.dossier_papers import DossierPapers
from models.entities import Agency, Channel, Dossier, Event, Holder, Result, ResultForm, Scan
from models.paper_facts import value_of
from models.rules.completeness import ScannedAgain, SlotState

Text = Annotated[str, StringConstraints(strip_whitespace=True)]


class HolderIn(BaseModel):
    """Whose dossier it is. ``id_number``: số định danh cá nhân (12 digits) or an organisation's mã số."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["person", "organisation"] = "person"
    id_number: Annotated[Text, StringConstraints(pattern=r"^[0-9A-Za-z.-]{1,50}$")] | None = None
    name: Annotated[Text, StringConstraints(max_length=200)] = ""
    birth_date: date | None = None


class DossierIn(BaseModel):
    """``procedure``: mã TTHC (``1.001193`` or ``D.DDDDDD``); ``agency``: code of one below the caller's, default its own."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "procedure": "1.001193",
                    "title": "Đăng ký khai sinh",
                    "holder": {"kind": "person", "id_number": "001203004567", "name": "Nguyễn Thị Mẫu"},
                }
            ]
        },
    )
    procedure: Annotated[Text, StringConstraints(max_length=50)] = ""
    title: Annotated[Text, StringConstraints(max_length=300)] = ""
    holder: HolderIn | None = None
    agency: Annotated[Text, StringConstraints(max_length=35)] | None = None
    channel: Channel = Channel.COUNTER


class ConclusionIn(BaseModel):
    """``form``: what it ended with; ``none``: the procedure gives no paper."""

    model_config = ConfigDict(extra="forbid")
    finished_on: date
    form: ResultForm


class AgencyOut(BaseModel):
    code: str = Field(examples=["H56.14"])
    name: str

    @staticmethod
    def of(agency: Agency) -> AgencyOut:
        return AgencyOut(code=agency.code, name=agency.name)


class HolderOut(BaseModel):
    kind: str
    id_number: str | None
    name: str
    birth_date: date | None

    @staticmethod
    def of(holder: Holder, *, masked: bool = False) -> HolderOut:
        number = mask(holder.id_number) if masked and holder.id_number else holder.id_number
        birth_date = None if masked else holder.birth_date
        return HolderOut(kind=holder.kind, id_number=number, name=holder.name, birth_date=birth_date)


class DossierSummary(BaseModel):
    """As lists show it: the holder's number masked."""

    code: str = Field(description="mã số hồ sơ", examples=["H56.14-261121-0007"])
    agency: AgencyOut
    procedure: str
    title: str
    holder: HolderOut | None
    created_at: datetime
    channel: Channel = Field(description="how it was handed in")
    finished_on: date | None = Field(description="ngày kết thúc; null: in hand")
    result_form: ResultForm | None = Field(description="of a finished dossier: what it ended with")
    links: dict[str, str]

    @staticmethod
    def of(dossier: Dossier) -> DossierSummary:
        return DossierSummary(**_common(dossier, masked=True))


class DossierOut(DossierSummary):
    scans: list[ScanSummary]

    @staticmethod
    def with_scans(dossier: Dossier, scans: list[Scan]) -> DossierOut:
        return DossierOut(
            **_common(dossier, masked=False), scans=[ScanSummary.of(scan, dossier.code) for scan in scans]
        )


class DossierList(BaseModel):
    dossiers: list[DossierSummary]


class OfferOut(BaseModel):
    """A result of the holder that would fill the slot: link it instead of scanning (R4)."""

    result: str
    paper_type: str
    number: str | None
    issued_on: date | None
    issuer: str | None
    valid_until: date | None
    links: dict[str, str]

    @staticmethod
    def of(result: Result) -> OfferOut:
        return OfferOut(
            result=result.id,
            paper_type=result.paper_type,
            number=value_of(result.component, "number"),
            issued_on=result.issued_on,
            issuer=value_of(result.component, "issuer"),
            valid_until=result.valid_until,
            links={
                "self": f"/api/v1/results/{result.id}",
                "reuse": f"/api/v1/results/{result.id}/reuse",
                "pdf": f"/api/v1/components/{result.id}/pdf",
            },
        )


class SlotOut(BaseModel):
    """A component that the procedure asks for, and what fills it."""

    id: str
    name: str
    accepts: list[str] = Field(description="paper types, any one of which fills it")
    required: bool
    condition: str = Field(description="when it is asked for at all; empty: always")
    state: SlotState
    components: list[str] = Field(description="papers of the dossier")
    reused: list[str] = Field(description="results linked")
    offers: list[OfferOut]


class ScannedAgainOut(BaseModel):
    """A paper that was scanned though the warehouse held a valid result of it (R4); it gets a code only with a reason."""

    component: str
    slot: str | None = Field(description="the procedure's component that it fills")
    results: list[str] = Field(description="what the warehouse held when it was scanned; each can be used instead")
    used: bool = Field(description="the dossier uses one of them")
    reason: str | None = Field(description="why it was scanned all the same; null: nobody has said")
    by: str | None
    at: datetime | None
    links: dict[str, str]

    @staticmethod
    def of(again: ScannedAgain, said: Event | None) -> ScannedAgainOut:
        base = f"/api/v1/components/{again.paper}"
        return ScannedAgainOut(
            component=again.paper,
            slot=again.slot,
            results=list(again.results),
            used=again.linked,
            reason=str(said.data["reason"]) if said else None,
            by=said.actor if said else None,
            at=said.at if said else None,
            links={"component": base, "explain": f"{base}/scanned-again"},
        )


class CompletenessOut(BaseModel):
    """The dossier against its procedure. ``procedure`` is null when it names none that the catalog knows: then nothing is asked for."""

    dossier: str
    procedure: str | None
    procedure_name: str | None
    source: str | None = Field(description="where the list of components comes from")
    certainty: str | None = Field(description="Q quoted, P paraphrased, M from memory, I inferred (R40)")
    complete: bool
    slots: list[SlotOut]
    extra: list[str] = Field(description="papers that fill no slot")
    scanned_again: list[ScannedAgainOut] = Field(description="papers scanned though the warehouse held a valid result")
    links: dict[str, str]

    @staticmethod
    def of(dossier: Dossier, papers: DossierPapers) -> CompletenessOut:
        procedure, found = papers.procedure, papers.found
        base = f"/api/v1/dossiers/{dossier.code}"
        return CompletenessOut(
            dossier=dossier.code,
            procedure=procedure.code if procedure else None,
            procedure_name=procedure.name if procedure else None,
            source=procedure.source if procedure else None,
            certainty=procedure.certainty.value if procedure else None,
            complete=procedure is not None and found.complete,
            slots=[
                SlotOut(
                    id=slot.wanted.id,
                    name=slot.wanted.name,
                    accepts=sorted(slot.wanted.accepts),
                    required=slot.wanted.required,
                    condition=slot.wanted.condition,
                    state=slot.state,
                    components=list(slot.papers),
                    reused=list(slot.linked),
                    offers=[OfferOut.of(papers.results[one]) for one in slot.offers],
                )
                for slot in found.slots
            ],
            extra=list(found.extra),
            scanned_again=[ScannedAgainOut.of(again, papers.reasons.get(again.paper)) for again in found.again],
            links={"dossier": base, "slip": f"{base}/supplement-slip.pdf"},
        )


def mask(number: str) -> str:
    """``0010•••••567``: enough to recognise, too little to use."""
    if len(number) < 8:
        return "•" * len(number)
    return number[:4] + "•" * (len(number) - 7) + number[-3:]


_ID_WITHIN = re.compile(r"(?<![\w.])(?:\d(?:[ .]?\d){8,}|[A-Z]\d{7,8})(?!\w)")


def mask_within(text: str) -> str:
    """Words that somebody typed, with what may be an id number in them (nine digits or more, a passport's) masked."""
    return _ID_WITHIN.sub(lambda found: mask(re.sub(r"[ .]", "", found[0])), text)


def _common(dossier: Dossier, *, masked: bool) -> dict[str, Any]:
    self_link = f"/api/v1/dossiers/{dossier.code}"
    return {
        "code": dossier.code,
        "agency": AgencyOut.of(dossier.agency),
        "procedure": dossier.procedure,
        "title": dossier.title,
        "holder": HolderOut.of(dossier.holder, masked=masked) if dossier.holder else None,
        "created_at": dossier.created_at,
        "channel": Channel(dossier.channel),
        "finished_on": dossier.finished_on,
        "result_form": ResultForm(dossier.result_form) if dossier.result_form else None,
        "links": {"self": self_link, "scans": f"{self_link}/scans"},
    }
