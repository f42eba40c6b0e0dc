"""Papers of a batch as if they had been scanned and read: items, scans, pages and components, without files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.batches import store as batches
from models.batches.entities import BatchItem, ItemState
from models.dossiers import create_dossier
from models.entities import Agency, Component, ComponentState, Dossier, Page, PageState, Scan, ScanState
from tests.models.papers import MARRIAGE, scan_of

KIND = "giay_chung_nhan_ket_hon"
A4 = (2480, 3508)  # at 300 dpi


def scanned(
    session: Session,
    batch_id: str,
    *,
    fields: Mapping[str, Any] = MARRIAGE,
    pages: Sequence[Mapping[str, Any]] = ({},),
    state: ComponentState = ComponentState.CAPTURED,
    scanner: str = "account:phu.trach",
    **values: Any,
) -> str:
    """One more paper; its component's id. ``pages``: what differs of each from a straight A4 page that was read well."""
    batch = batches.hold(session, batch_id)
    number = 1 + session.scalars(select(func.count()).where(BatchItem.batch_id == batch_id)).one()
    dossier: Dossier = create_dossier(session, agency=session.get_one(Agency, batch.agency_id), title=f"{number:04d}")
    scan: Scan = scan_of(session, dossier, state=ScanState.DONE, page_count=len(pages))
    scan.actor = scanner
    path = f"/scan/{number:04d}.pdf"
    session.add(
        BatchItem(
            batch_id=batch_id,
            agency_id=batch.agency_id,
            number=number,
            path=path,
            path_key=batches.path_key(path),
            filename=f"{number:04d}.pdf",
            key=f"{number:04d}",
            state=ItemState.DONE,
            sha256=scan.sha256,
            original_key=scan.original_key,
            dossier_id=dossier.id,
            scan_id=scan.id,
            pages=len(pages),
        )
    )
    for place, different in enumerate(pages, 1):
        usual = {"state": PageState.READ, "width": A4[0], "height": A4[1], "dpi": 300.0, "grade_mean": 0.97, "grade_low": 0.9}  # fmt: skip
        session.add(Page(scan_id=scan.id, number=place, **{**usual, **different}))
    component = Component(
        scan_id=scan.id,
        dossier_id=dossier.id,
        agency_id=batch.agency_id,
        position=1,
        first_page=1,
        last_page=len(pages),
        paper_type=values.pop("paper_type", KIND),
        paper_type_score=0.97,
        fields=dict(fields),
        state=state,
        pdf_key="k",
        **values,
    )
    session.add(component)
    session.flush()
    return component.id
