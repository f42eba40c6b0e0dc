"""Opening and finding dossiers within the caller's agencies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.dossiers.schemas import DossierIn
from digitize_api.problems import FieldError, FieldsInvalid
from digitize_api.slips.supplement import Demand, SupplementSlip, supplement_pdf
from models import dossiers, scans
from models.dossier_papers import DossierPapers, dossier_papers
from models.entities import Agency, Dossier, Scan
from models.errors import Conflict
from models.local_time import LOCAL
from models.rules.completeness import Filled, SlotState
from models.scopes import visible
from models.vietnamese import nfc


def _agency(session: Session, principal: Principal, code: str | None) -> Agency:
    """The agency named, if the caller reaches it; its own when none is named."""
    wanted = Agency.id == principal.agency.id if code is None else Agency.code == code
    agency = session.scalar(visible(select(Agency).where(wanted), principal.agency_ids))
    if agency is None:
        raise FieldsInvalid(FieldError(field="body.agency", message="Không có cơ quan này. / There is no such agency."))
    return agency


def create(context: Context, principal: Principal, asked: DossierIn) -> Dossier:
    """A new dossier with its mã hồ sơ, its holder known. ``Conflict`` when the id number stands for somebody else."""
    holder = asked.holder
    data = (
        dossiers.HolderData(
            kind=holder.kind, id_number=holder.id_number or None, name=nfc(holder.name), birth_date=holder.birth_date
        )
        if holder is not None and (holder.id_number or holder.name)
        else None
    )
    with context.transaction() as session:
        created = dossiers.create_dossier(
            session,
            agency=_agency(session, principal, asked.agency),
            procedure=asked.procedure,
            title=nfc(asked.title),
            holder=data,
            created_by=principal.actor,
        )
        code = created.code
    with context.reading() as session:
        return scans.load_dossier(session, code, principal.agency_ids)


def load(context: Context, principal: Principal, code: str) -> tuple[Dossier, list[Scan]]:
    """The dossier and its scans with pages and components. ``NotFound``."""
    with context.reading() as session:
        dossier = scans.load_dossier(session, code, principal.agency_ids)
        return dossier, scans.scans_of(session, dossier.id, principal.agency_ids)


def papers(context: Context, principal: Principal, code: str) -> tuple[Dossier, DossierPapers]:
    """The dossier against its procedure. ``NotFound``."""
    with context.reading() as session:
        dossier = scans.load_dossier(session, code, principal.agency_ids)
        return dossier, dossier_papers(session, dossier, principal.agency_ids, context.catalog.get(session))


def slip(context: Context, principal: Principal, code: str) -> bytes:
    """Phiếu yêu cầu bổ sung as PDF. ``NotFound``; ``Conflict`` when nothing is missing or the procedure is not known."""
    dossier, found = papers(context, principal, code)
    if found.procedure is None:
        raise Conflict("the dossier names no procedure that the catalog knows")
    demands = [Demand(slot.wanted.name, _why(slot)) for slot in asked_for(found)]
    if not demands:
        raise Conflict("nothing is missing")
    return supplement_pdf(
        SupplementSlip(
            agency=dossier.agency.name,
            dossier_code=dossier.code,
            procedure_code=found.procedure.code,
            procedure_name=found.procedure.name,
            holder=dossier.holder.name if dossier.holder else "",
            demands=demands,
            officer=principal.full_name,
            at=datetime.now(LOCAL),
        )
    )


def asked_for(found: DossierPapers) -> list[Filled]:
    """What the slip asks for; with nothing of it there is no slip."""
    return [slot for slot in found.found.slots if slot.state in {SlotState.MISSING, SlotState.DOUBTFUL}]


def _why(slot: Filled) -> str:
    if slot.state is SlotState.MISSING:
        return ""
    return "kết quả đã dùng không còn hiệu lực" if slot.linked else "giấy tờ đã nộp chưa rõ là loại giấy tờ này"


def recent(context: Context, principal: Principal, limit: int, offset: int = 0) -> list[Dossier]:
    """Newest first."""
    with context.reading() as session:
        return scans.list_dossiers(session, principal.agency_ids, limit=limit, offset=offset)
