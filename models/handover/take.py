"""A dossier's record into the database: nothing that is stored is replaced, and the same record again changes nothing.

Ids and codes are kept, so that what refers to a paper still finds it, and no code is ever given again (R22). The file that was once scanned is
not in a package: the PDF that was handed over stands in its place, byte for byte, under its own SHA-256.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import counters, events, warehouse
from models.agencies import create_agency
from models.catalog import Catalog
from models.database import insert_into
from models.dossiers import HolderData, find_or_create_holder
from models.entities import (
    Agency,
    Component,
    ComponentState,
    Dossier,
    Holder,
    IssuedCode,
    Page,
    Result,
    ReuseLink,
    Scan,
    ScanState,
    now,
)
from models.errors import Conflict, PackageConflict
from models.handover.record import TAKEN_IN, DossierRecord, HolderRecord, PaperRecord, ResultRecord, ReuseRecord
from models.vietnamese.dossier_codes import parse_dossier_code


@dataclass(slots=True)
class Taken:
    """How many papers and dossiers were new, and what refers to papers that may come later in the package."""

    dossiers: int = 0
    papers: int = 0
    unchanged: int = 0
    links: int = 0
    not_linked: int = 0
    replaced: list[tuple[str, str]] = field(default_factory=list)
    reuses: list[tuple[str, ReuseRecord]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """``package``: its name, for the log; ``keys``: where the store holds the PDFs, by SHA-256."""

    package: str
    actor: str
    keys: Mapping[str, str]


def take(session: Session, told: DossierRecord, source: Source, catalog: Catalog, taken: Taken) -> list[str]:
    """The dossier with its papers; ids of the papers that are new (to be indexed). ``PackageConflict``: then roll back."""
    agency = _agency(session, told)
    dossier = session.scalar(select(Dossier).where(Dossier.code == told.code))
    if dossier is None:
        dossier = _new_dossier(session, told, agency)
        taken.dossiers += 1
    elif (dossier.id, dossier.agency_id) != (told.id, agency.id):
        raise PackageConflict(f"another dossier has the code {told.code}")
    elif dossier.finished_on is None and told.finished_on is not None:
        dossier.finished_on, dossier.result_form = told.finished_on, told.result_form
    new = []
    for paper in told.papers:
        present = session.get(Component, paper.id)
        if present is None:
            _new_paper(session, told, dossier, paper, source=source, catalog=catalog)
            new.append(paper.id)
        elif (present.dossier_id, present.version, present.pdf_sha256, present.code) != (
            dossier.id,
            paper.version,
            paper.sha256,
            paper.code,
        ):
            raise PackageConflict(f"paper {paper.ordinal} of {told.code} is stored with other content")
        elif paper.result is not None:
            _bring_up_to_date(session, paper.id, paper.result)
        if paper.result is not None and paper.result.replaced_by is not None:
            taken.replaced.append((paper.id, paper.result.replaced_by))
    taken.papers += len(new)
    taken.unchanged += len(told.papers) - len(new)
    taken.reuses += [(dossier.id, one) for one in told.reuses]
    if new:
        data = {"package": source.package[:120], "papers": len(new)}
        events.record(session, kind="taken_in", actor=source.actor, dossier=dossier, data=data)
    return new


def connect(session: Session, taken: Taken) -> None:
    """What could wait until every dossier of the package was there: which paper replaces which, and which dossier uses what."""
    for result_id, by in taken.replaced:
        result = session.get(Result, result_id)
        if result is not None and result.replaced_by_id is None and session.get(Result, by) is not None:
            result.replaced_by_id = by
    for dossier_id, reuse in taken.reuses:
        dossier = session.get_one(Dossier, dossier_id)
        if session.get(Result, reuse.result) is None:
            taken.not_linked += 1  # of an agency that who exported did not reach
            continue
        values = {
            "result_id": reuse.result,
            "version": reuse.version,
            "dossier_id": dossier_id,
            "agency_id": dossier.agency_id,
            "slot": reuse.slot,
            "state": reuse.state,
            "actor": reuse.actor,
            "at": reuse.at,
        }
        made = insert_into(session, ReuseLink).values(**values).on_conflict_do_nothing().returning(ReuseLink.id)
        taken.links += session.scalar(made) is not None


def _agency(session: Session, told: DossierRecord) -> Agency:
    found = session.scalar(select(Agency).where(Agency.code == told.agency.code))
    if found is not None:
        return found
    parent = session.scalar(select(Agency).where(Agency.code == told.agency.parent)) if told.agency.parent else None
    return create_agency(session, code=told.agency.code, name=told.agency.name, parent=parent)


def _new_dossier(session: Session, told: DossierRecord, agency: Agency) -> Dossier:
    if session.get(Dossier, told.id) is not None:
        raise PackageConflict(f"{told.code} is stored under another code")
    try:
        holder = _holder(session, told.holder)
    except Conflict as error:
        raise PackageConflict(f"{told.code}: {error.detail}") from error
    dossier = Dossier(
        id=told.id,
        code=told.code,
        agency_id=agency.id,
        holder_id=holder.id if holder else None,
        procedure=told.procedure,
        title=told.title,
        created_by=told.created_by,
        created_at=told.created_at,
        channel=told.channel,
        finished_on=told.finished_on,
        result_form=told.result_form,
    )
    session.add(dossier)
    session.flush()
    code = parse_dossier_code(told.code)
    if code is not None:  # the agency's next dossier of that day must not get this one's number
        given = told.code.rpartition("-")[0].rpartition("-")[0]
        counters.at_least(session, f"dossier/{given}/{code.day.isoformat()}", code.serial)
    return dossier


def _holder(session: Session, told: HolderRecord | None) -> Holder | None:
    if told is None:
        return None
    if told.id_number is not None:
        # Under the id it had, where that is free: handed on, the package says the same.
        statement = insert_into(session, Holder).values(**told.model_dump(), created_at=now())
        session.execute(statement.on_conflict_do_nothing())
        return find_or_create_holder(session, HolderData(told.id_number, told.name, told.birth_date, told.kind))
    found = session.get(Holder, told.id)
    if found is None:
        found = Holder(id=told.id, kind=told.kind, name=told.name, birth_date=told.birth_date)
        session.add(found)
        session.flush()
    return found


def _new_paper(
    session: Session, told: DossierRecord, dossier: Dossier, paper: PaperRecord, *, source: Source, catalog: Catalog
) -> None:
    scan, before, papers = _scan(session, dossier, paper, source)
    pages = [
        Page(
            scan_id=scan.id,
            number=before + number,
            source_number=before + number,
            **page.model_dump(),
        )
        for number, page in enumerate(paper.pages, 1)
    ]
    session.add_all(pages)
    scan.page_count = before + len(pages)
    session.flush()  # ours refer to each other by id only
    component = Component(
        id=paper.id,
        scan_id=scan.id,
        dossier_id=dossier.id,
        agency_id=dossier.agency_id,
        position=papers + 1,
        first_page=before + 1,
        last_page=before + len(pages),
        pdf_key=source.keys[paper.sha256],
        pdf_bytes=paper.bytes,
        pdf_sha256=paper.sha256,
        **{
            name: getattr(paper, name)
            for name in (
                "paper_type",
                "paper_type_score",
                "title",
                "fields",
                "attributes",
                "flags",
                "slot",
                "scope",
                "signature",
                "state",
                "version",
                "code",
                "created_at",
            )
        },
    )
    _claim_code(session, told, paper, source.actor)
    session.add(component)
    session.flush()
    if paper.result is not None and paper.state is ComponentState.STORED:
        _keep(session, component, dossier, paper.result, catalog)


def _scan(session: Session, dossier: Dossier, paper: PaperRecord, source: Source) -> tuple[Scan, int, int]:
    """The scan that the PDF stands for, how many pages and papers it has; two papers of the same bytes are of one."""
    known = session.scalar(select(Scan).where(Scan.dossier_id == dossier.id, Scan.sha256 == paper.sha256))
    if known is not None:
        count = select(func.count()).select_from(Page).where(Page.scan_id == known.id)
        papers = select(func.count()).select_from(Component).where(Component.scan_id == known.id)
        return known, session.scalars(count).one(), session.scalars(papers).one()
    scan = Scan(
        id=paper.id,
        dossier_id=dossier.id,
        agency_id=dossier.agency_id,
        actor=paper.scanned_by,
        filename=paper.file,
        media_type="application/pdf",
        bytes=paper.bytes,
        sha256=paper.sha256,
        original_key=source.keys[paper.sha256],
        queue="backscan",
        state=ScanState.DONE,
        created_at=paper.scanned_at,
        finished_at=paper.scanned_at,
    )
    dossier.backscan = True
    session.add(scan)
    session.flush()
    data = {"package": source.package[:120], "original_sha256": paper.original_sha256}
    events.record(session, kind="taken_in", actor=source.actor, scan=scan, data=data)
    return scan, 0, 0


def _claim_code(session: Session, told: DossierRecord, paper: PaperRecord, actor: str) -> None:
    if paper.code is None:
        return
    row = {"code": paper.code, "component_id": paper.id, "template": paper.code_template or TAKEN_IN, "actor": actor}
    session.execute(insert_into(session, IssuedCode).values(**row).on_conflict_do_nothing())
    owner = session.scalars(select(IssuedCode.component_id).where(IssuedCode.code == paper.code)).one()
    if owner != paper.id:
        raise PackageConflict(f"the code of paper {paper.ordinal} of {told.code} was given to another paper")


def _keep(session: Session, component: Component, dossier: Dossier, told: ResultRecord, catalog: Catalog) -> None:
    result = warehouse.keep(session, component, dossier, catalog)
    try:
        holder = _holder(session, told.holder)
    except Conflict:  # the number stands for a name that is written otherwise: the number identifies (R5)
        holder = session.scalar(
            select(Holder).where(Holder.id_number == (told.holder.id_number if told.holder else ""))
        )
    result.holder_id = holder.id if holder else None
    result.valid_until, result.expiry_rule, result.scope = told.valid_until, told.expiry_rule, told.scope
    result.stored_at = told.stored_at
    _bring_up_to_date(session, component.id, told)


def _bring_up_to_date(session: Session, result_id: str, told: ResultRecord) -> None:
    """What ended since it was handed over; what ended here stays so."""
    result = session.get(Result, result_id)
    if result is None:
        return
    result.returned_at = result.returned_at or told.returned_at
    result.ended_on = result.ended_on or told.ended_on
    if result.cancelled_at is None and told.cancelled_at is not None:
        result.cancelled_at, result.cancelled_by = told.cancelled_at, told.cancelled_by
        result.cancel_reason = told.cancel_reason
    session.flush()
