"""A dossier's record off the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import events, warehouse
from models.catalog import Catalog
from models.entities import (
    Agency,
    Channel,
    Component,
    ComponentState,
    Dossier,
    Event,
    Holder,
    IssuedCode,
    Page,
    Result,
    ResultForm,
    ReuseState,
    Scan,
    ScanState,
    SignatureState,
)
from models.handover import record
from models.handover.appendix import Paper, fill
from models.handover.record import TAKEN_IN
from models.handover.steps import Part
from models.local_time import local_day
from models.paper_facts import date_of, paper_of, value_of
from models.scopes import visible


@dataclass(frozen=True, slots=True)
class Given:
    """A dossier's record and, by file name, where its PDFs lie in the store. ``components``: whose they are; ``without_pdf``: papers not told."""

    record: record.DossierRecord
    keys: dict[str, str]
    components: tuple[Component, ...]
    without_pdf: int = 0

    def without(self, ids: Collection[str]) -> Given:
        """The same but for some papers: then it is a selection of the dossier's."""
        if not ids:
            return self
        papers = [one for one in self.record.papers if one.id not in ids]
        told = self.record.model_copy(update={"papers": papers, "whole": False})
        return replace(self, record=told, components=tuple(one for one in self.components if one.id not in ids))


def dossiers_of_dossier(
    session: Session, dossier: Dossier, agency_ids: Collection[str]
) -> dict[str, frozenset[str] | None]:
    """Ids of the dossiers whose papers belong into the package of this one: itself (``None``: all of it), then those whose results it uses again."""
    chosen: dict[str, set[str]] = {}
    for link in warehouse.links_of(session, dossier.id):
        component = link.result.component
        if component.agency_id in agency_ids and component.pdf_key:
            chosen.setdefault(component.dossier_id, set()).add(component.id)
    return {dossier.id: None, **{key: frozenset(ids) for key, ids in sorted(chosen.items()) if key != dossier.id}}


def give(
    session: Session, dossier_id: str, only: frozenset[str] | None, agency_ids: Collection[str], catalog: Catalog
) -> Given:
    """The dossier with its papers that have a PDF (all, or those of ``only``), of these agencies (its caller was let in to it)."""
    loading = (joinedload(Dossier.agency), joinedload(Dossier.holder))
    dossier = session.scalars(select(Dossier).where(Dossier.id == dossier_id).options(*loading)).one()
    components = _components(session, dossier, agency_ids)
    told = [
        (ordinal, one)
        for ordinal, one in enumerate(components, 1)
        if _has_pdf(one) and (only is None or one.id in only)
    ]
    ids = [one.id for _, one in told]
    results = {
        one.id: one
        for one in session.scalars(select(Result).where(Result.id.in_(ids)).options(joinedload(Result.holder)))
    }
    templates = dict(
        session.execute(select(IssuedCode.code, IssuedCode.template).where(IssuedCode.component_id.in_(ids))).all()
    )
    originals = _originals(session, [one.scan_id for _, one in told])
    papers = [
        _paper(
            dossier,
            ordinal,
            one,
            result=results.get(one.id),
            templates=templates,
            original=originals.get(one.scan_id) or one.scan.sha256,
            catalog=catalog,
        )
        for ordinal, one in told
    ]
    links = warehouse.links_of(session, dossier.id) if only is None else []
    parent = session.get(Agency, dossier.agency.parent_id) if dossier.agency.parent_id else None
    made = record.DossierRecord(
        id=dossier.id,
        code=dossier.code,
        agency=record.AgencyRecord(
            code=dossier.agency.code, name=dossier.agency.name, parent=parent.code if parent else None
        ),
        procedure=dossier.procedure,
        title=dossier.title,
        channel=Channel(dossier.channel),
        created_at=dossier.created_at,
        created_by=dossier.created_by,
        finished_on=dossier.finished_on,
        result_form=ResultForm(dossier.result_form) if dossier.result_form else None,
        holder=_holder(dossier.holder),
        whole=only is None,
        papers=papers,
        reuses=[
            record.ReuseRecord(
                result=link.result_id,
                version=link.version,
                slot=link.slot,
                state=ReuseState(link.state),
                actor=link.actor,
                at=link.at,
            )
            for link in links
            if link.result.component.agency_id in agency_ids
        ],
    )
    keys = {paper.file: one.pdf_key or "" for paper, (_, one) in zip(papers, told, strict=True)}
    without = sum(not _has_pdf(one) for one in components) if only is None else 0
    return Given(made, keys, tuple(one for _, one in told), without)


def note(session: Session, *, actor: str, agency_id: str, name: str, part: Part, **more: Any) -> None:
    """On record, before a byte leaves: who took how many papers out, of what, and how many stayed behind."""
    counts = {"dossiers": part.dossiers, "papers": part.papers, "left_out": part.left_out}
    events.record(session, kind="handed_over", actor=actor, agency_id=agency_id, data={"name": name, **counts, **more})


def _components(session: Session, dossier: Dossier, agency_ids: Collection[str]) -> list[Component]:
    """The dossier's papers in its order: a paper keeps its number whatever part of the dossier is asked for."""
    statement = (
        visible(select(Component).where(Component.dossier_id == dossier.id), agency_ids)
        .join(Scan, Scan.id == Component.scan_id)
        .where(Scan.state != ScanState.WITHDRAWN)
        .options(joinedload(Component.scan).options(selectinload(Scan.pages)))
        .order_by(Scan.created_at, Scan.id, Component.position)
    )
    return list(session.scalars(statement))


def _originals(session: Session, scan_ids: Sequence[str]) -> dict[str, str]:
    """SHA-256 of the file that was scanned, of scans that were taken in without it (``models.handover.take``)."""
    statement = select(Event).where(Event.scan_id.in_(list(scan_ids)), Event.kind == "taken_in")
    return {
        one.scan_id: str(one.data.get("original_sha256") or "") for one in session.scalars(statement) if one.scan_id
    }


def _has_pdf(component: Component) -> bool:
    return bool(component.pdf_key and component.pdf_sha256 and component.pdf_bytes)


def _paper(
    dossier: Dossier,
    ordinal: int,
    component: Component,
    *,
    result: Result | None,
    templates: dict[str, str],
    original: str,
    catalog: Catalog,
) -> record.PaperRecord:
    kind = paper_of(component, catalog)
    pages = [one for one in component.scan.pages if component.first_page <= one.number <= component.last_page]
    title = value_of(component, "title") or component.title
    filled = fill(
        Paper(
            agency=dossier.agency.code,
            dossier=dossier.code,
            year=local_day(dossier.created_at).year,
            ordinal=ordinal,
            type_name=kind.name if kind else title,
            number=value_of(component, "number") or "",
            issued_on=date_of(component, "issued_on"),
            issuer=value_of(component, "issuer") or "",
            subject=value_of(component, "summary") or title,
            pages=len(pages),
            description=f"Mã kết quả số hóa: {component.code}" if component.code else "",
            received_on=local_day(component.scan.created_at),
            signer=value_of(component, "signer") or "",
        )
    )
    template = templates.get(component.code or "")
    return record.PaperRecord(
        ordinal=ordinal,
        file=record.file_name(dossier.code, ordinal),
        bytes=component.pdf_bytes or 0,
        sha256=component.pdf_sha256 or "",
        appendix=filled.fields,
        cut=list(filled.cut),
        left_out=list(filled.left_out),
        id=component.id,
        code=component.code,
        code_template=template if template != TAKEN_IN else None,
        paper_type=component.paper_type,
        paper_type_score=component.paper_type_score,
        title=component.title,
        fields=component.fields,
        attributes=component.attributes,
        flags=component.flags,
        slot=component.slot,
        scope=component.scope,
        signature=SignatureState(component.signature),
        state=ComponentState(component.state),
        version=component.version,
        created_at=component.created_at,
        scanned_at=component.scan.created_at,
        scanned_by=component.scan.actor,
        original_sha256=original,
        pages=[_page(one) for one in pages],
        result=_result(result) if result else None,
    )


def _page(page: Page) -> record.PageRecord:
    return record.PageRecord(
        **{name: getattr(page, name) for name in record.PageRecord.model_fields},
    )


def _result(result: Result) -> record.ResultRecord:
    return record.ResultRecord(
        holder=_holder(result.holder),
        valid_until=result.valid_until,
        expiry_rule=result.expiry_rule,
        scope=result.scope,
        stored_at=result.stored_at,
        returned_at=result.returned_at,
        ended_on=result.ended_on,
        cancelled_at=result.cancelled_at,
        cancelled_by=result.cancelled_by,
        cancel_reason=result.cancel_reason,
        replaced_by=result.replaced_by_id,
    )


def _holder(holder: Holder | None) -> record.HolderRecord | None:
    if holder is None:
        return None
    return record.HolderRecord(
        id=holder.id,
        kind="organisation" if holder.kind == "organisation" else "person",
        id_number=holder.id_number,
        name=holder.name,
        birth_date=holder.birth_date,
    )
