"""What a dossier looks like from outside."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from digitize_api.scans.schemas import ScanSummary
from models.entities import Agency, Dossier, Holder, Scan

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


def mask(number: str) -> str:
    """``0010•••••567``: enough to recognise, too little to use."""
    if len(number) < 8:
        return "•" * len(number)
    return number[:4] + "•" * (len(number) - 7) + number[-3:]


def _common(dossier: Dossier, *, masked: bool) -> dict[str, Any]:
    self_link = f"/api/v1/dossiers/{dossier.code}"
    return {
        "code": dossier.code,
        "agency": AgencyOut.of(dossier.agency),
        "procedure": dossier.procedure,
        "title": dossier.title,
        "holder": HolderOut.of(dossier.holder, masked=masked) if dossier.holder else None,
        "created_at": dossier.created_at,
        "links": {"self": self_link, "scans": f"{self_link}/scans"},
    }
