"""Opening a dossier: its holder and its mã số hồ sơ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import counters
from models.database import insert_into
from models.entities import Agency, Channel, Dossier, Holder
from models.errors import Conflict
from models.local_time import local_day
from models.vietnamese import fold


@dataclass(frozen=True, slots=True)
class HolderData:
    """``kind``: ``person`` (số định danh cá nhân) or ``organisation`` (mã số); what isn't known stays empty."""

    id_number: str | None = None
    name: str = ""
    birth_date: date | None = None
    kind: str = "person"


def dossier_code(agency_code: str, day: date, serial: int) -> str:
    """``H56.14-261121-0007``: agency code, YYMMDD, serial of the day (TT 01/2018/TT-VPCP Điều 19; NĐ 118/2025 Điều 26).

    Four digits; the ten-thousandth dossier of a day gets five, it never wraps.
    """
    return f"{agency_code}-{day:%y%m%d}-{serial:04d}"


def create_dossier(
    session: Session,
    *,
    agency: Agency,
    procedure: str = "",
    title: str = "",
    holder: HolderData | None = None,
    created_by: str = "",
    day: date | None = None,
    channel: Channel = Channel.COUNTER,
) -> Dossier:
    """A dossier with the agency's next serial of ``day`` (default: today at +07:00).

    Raises ``Conflict`` when the holder's id number already stands for somebody of another name or birth date.
    """
    day = day or local_day()
    serial = counters.next_value(session, f"dossier/{agency.code}/{day.isoformat()}")
    dossier = Dossier(
        code=dossier_code(agency.code, day, serial),
        agency_id=agency.id,
        holder_id=find_or_create_holder(session, holder).id if holder else None,
        procedure=procedure,
        title=title,
        created_by=created_by,
        channel=channel,
    )
    session.add(dossier)
    session.flush()
    return dossier


def find_or_create_holder(session: Session, data: HolderData) -> Holder:
    """The holder with this id number, blanks filled in; without a number always a new one, since names are not identities."""
    if data.id_number is None:
        holder = Holder(kind=data.kind, name=data.name, birth_date=data.birth_date)
        session.add(holder)
        session.flush()
        return holder
    statement = insert_into(session, Holder).values(
        kind=data.kind, id_number=data.id_number, name=data.name, birth_date=data.birth_date
    )
    session.execute(statement.on_conflict_do_nothing(index_elements=[Holder.id_number]))
    holder = session.scalars(select(Holder).where(Holder.id_number == data.id_number)).one()
    _fill_in(holder, data)
    return holder


def _fill_in(holder: Holder, data: HolderData) -> None:
    if data.name and holder.name and fold(data.name) != fold(holder.name):
        raise Conflict("this id number is recorded for a person of another name")
    if data.birth_date and holder.birth_date and data.birth_date != holder.birth_date:
        raise Conflict("this id number is recorded with another birth date")
    holder.name = holder.name or data.name
    holder.birth_date = holder.birth_date or data.birth_date
