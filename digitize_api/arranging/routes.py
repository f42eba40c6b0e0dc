"""``/api/v1/scans/{id}/arrangement`` and ``withdrawal``: pages moved, left out and turned, papers parted and joined, a scan taken out and put back."""

from __future__ import annotations

from fastapi import APIRouter, Response

from digitize_api.arranging import service
from digitize_api.arranging.schemas import ArrangementIn
from digitize_api.auth.principal import Reviews
from digitize_api.context import InContext
from digitize_api.problems import documents
from digitize_api.scans.schemas import ScanSummary
from models.errors import (
    Conflict,
    Forbidden,
    HeldByAnother,
    InvalidRequest,
    NotAuthenticated,
    NotFound,
    PagesMoved,
    PaperFixed,
)

router = APIRouter(prefix="/api/v1/scans/{scan_id}", tags=["scans"])


@router.put(
    "/arrangement",
    status_code=202,
    summary="Put a scan's pages in order: move, leave out, turn, part and join papers",
    description=(
        "Papers whose pages change are read and made anew by a worker (`202`; `arranging` is true until then, an event `arranged` tells "
        "what became of them); all others stay with every correction. What a person typed stays too. Papers that are confirmed keep "
        "their pages and the numbers of these (`409 PAPER_FIXED`). `200` when it is so already. The file that came is never altered: "
        "`source_number` is a page's number in it for good, `left_out` pages can be put back."
    ),
    response_model=ScanSummary,
    responses={
        200: {"model": ScanSummary, "description": "The pages are arranged so already"},
        **documents(
            NotAuthenticated, Forbidden, NotFound, InvalidRequest, Conflict, PaperFixed, PagesMoved, HeldByAnother
        ),
    },
)
def put_arrangement(
    scan_id: str, asked: ArrangementIn, principal: Reviews, context: InContext, response: Response
) -> ScanSummary:
    scan, todo = service.arrange(context, principal, scan_id, asked.wanted())
    if not todo:
        response.status_code = 200
    return ScanSummary.of(scan, scan.dossier.code)


@router.put(
    "/withdrawal",
    summary="Take a scan out of its dossier",
    description=(
        "For a scan that is blurred, or of another paper: the dossier no longer counts it, its papers are in no list and no search. The file and "
        "what was read of it stay in the store. Scans that are being read are waited for (`409`); papers that are confirmed stay (`409 PAPER_FIXED`). "
        "Posting the same file again puts it back, as `DELETE` does."
    ),
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict, PaperFixed, HeldByAnother),
)
def put_withdrawal(scan_id: str, principal: Reviews, context: InContext) -> ScanSummary:
    scan = service.withdraw(context, principal, scan_id)
    return ScanSummary.of(scan, scan.dossier.code)


@router.delete(
    "/withdrawal",
    summary="Put a scan back into its dossier",
    description="Its papers are made anew from what was read; `arranging` is true until then.",
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict),
)
def delete_withdrawal(scan_id: str, principal: Reviews, context: InContext) -> ScanSummary:
    scan = service.put_back(context, principal, scan_id)
    return ScanSummary.of(scan, scan.dossier.code)
