"""Opening and finding dossiers within the caller's agencies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from digitize_api.audit import record_search
from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.dossiers import archive
from digitize_api.dossiers.schemas import ConclusionIn, DossierIn
from digitize_api.problems import FieldError, FieldsInvalid
from models import accounts, conclusions, dossiers, events, scans, warehouse
from models.dossier_papers import DossierPapers, HeldPapers, dossier_papers, held_papers
from models.entities import Agency, Component, Dossier, Event, Scan, now
from models.errors import Conflict, NotReady
from models.local_time import LOCAL, local_day
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
            channel=asked.channel,
        )
        code = created.code
    with context.reading() as session:
        return scans.load_dossier(session, code, principal.agency_ids)


def conclude(context: Context, principal: Principal, code: str, asked: ConclusionIn | None) -> Dossier:
    """It ended so, or (``None``) it has not ended after all. ``NotFound``, ``Conflict``."""
    with context.transaction() as session:
        dossier = scans.load_dossier(session, code, principal.agency_ids)
        if asked is None:
            conclusions.reopen(session, dossier, actor=principal.actor)
        else:
            conclusions.conclude(session, dossier, on=asked.finished_on, form=asked.form, actor=principal.actor)
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


def held(context: Context, principal: Principal, procedure: str, holder_number: str) -> HeldPapers | None:
    """What the warehouse holds for the procedure, before a dossier is opened; on record before it is shown. ``None``: no such procedure today."""
    with context.reading() as session:
        catalog = context.catalog.get(session)
        line = catalog.procedure(procedure, local_day()) if procedure else None
        found = held_papers(session, line, holder_number, principal.agency_ids, catalog) if line else None
    if found is not None:
        record_search(context, principal, found.papers.results)
    return found


def slip(context: Context, principal: Principal, code: str) -> bytes:
    """Phiếu yêu cầu bổ sung as PDF. ``NotFound``; ``Conflict`` when nothing is missing or the procedure is not known."""
    from digitize_api.slips.supplement import (  # noqa: PLC0415 - what draws it takes a fifth of a second to load
        Demand,
        SupplementSlip,
        supplement_pdf,
    )

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


@dataclass(frozen=True, slots=True)
class Download:
    """The dossier's PDFs as a ZIP that is made while it is sent. ``papers``: whose PDFs are in it."""

    filename: str
    papers: list[Component]
    chunks: Iterator[bytes]


def download(context: Context, principal: Principal, code: str) -> Download:
    """All PDFs of the dossier, and of the results it uses again that the caller reaches. ``NotFound``; ``NotReady`` when there is none."""
    with context.reading() as session:
        dossier = scans.load_dossier(session, code, principal.agency_ids)
        own = [one for scan in scans.scans_of(session, dossier.id, principal.agency_ids) for one in scan.components]
        linked = [link.result.component for link in warehouse.links_of(session, dossier.id)]
    reused = [one for one in {one.id: one for one in linked}.values() if one.agency_id in principal.agency_ids]
    papers = [(one, False) for one in own] + [(one, True) for one in reused]
    members = [
        archive.Member(_file_name(number, one), one.pdf_key, one.pdf_sha256, _about(one, reused=again))
        for number, (one, again) in enumerate(papers, 1)
        if one.pdf_key
    ]
    if not members:
        raise NotReady("The dossier has no PDF yet.")
    at = now()
    manifest = {
        "dossier": dossier.code,
        "agency": dossier.agency.code,
        "procedure": dossier.procedure,
        "made_at": at.astimezone(LOCAL).isoformat(timespec="seconds"),
        "made_by": principal.actor,
        "without_pdf": [one.id for one, _ in papers if not one.pdf_key],
        "out_of_reach": len({one.id for one in linked}) - len(reused),
    }
    chunks = archive.stream(context.store, dossier.code, members, manifest, at)
    return Download(f"{dossier.code}.zip", [one for one, _ in papers if one.pdf_key], chunks)


def _file_name(number: int, component: Component) -> str:
    """``02-giay_khai_sinh.pdf``: in the dossier's order, by the type's id."""
    return f"{number:02d}-{component.paper_type or 'khac'}.pdf"


def _about(component: Component, *, reused: bool) -> dict[str, Any]:
    return {
        "component": component.id,
        "paper_type": component.paper_type,
        "code": component.code,
        "version": component.version,
        "state": component.state,
        "pages": component.last_page - component.first_page + 1,
        "reused": reused,
    }


def history(context: Context, principal: Principal, code: str) -> tuple[list[Event], dict[str, str]]:
    """What happened to the dossier, newest first, and the full names of who did it. ``NotFound``."""
    with context.reading() as session:
        dossier = scans.load_dossier(session, code, principal.agency_ids)
        found = events.of_dossier(session, dossier)
        return found, accounts.names_of(session, [dossier.created_by, *(event.actor for event in found)])


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
