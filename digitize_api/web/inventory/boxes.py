"""``/kiem-dem/hop``: what lies in a box and how much of it is stored; and its ticket to print."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from digitize_api.audit import record_look
from digitize_api.auth.rights import Right
from digitize_api.context import InContext
from digitize_api.inventory.schemas import state_of
from digitize_api.language import language_of
from digitize_api.web.render import page
from digitize_api.web.session import person
from digitize_api.web.words import Words
from models.inventory.boxes import find_box
from models.local_time import LOCAL

router = APIRouter(include_in_schema=False)

OfAgency = Annotated[str, Query(alias="co-quan", max_length=35)]
OfYear = Annotated[int, Query(alias="nam", ge=1945, le=2199)]
Named = Annotated[str, Query(alias="hop", max_length=60)]


@router.get("/kiem-dem/hop")
def box_page(*, request: Request, context: InContext, agency: OfAgency, year: OfYear, name: Named) -> Response:
    principal = person(request, context, Right.READ_INVENTORY)
    words = Words(language_of(request))
    with context.reading() as session:
        box = find_box(session, agency, year, name, principal.agency_ids)
        catalog = context.catalog.get(session)
    record_look(context, principal, "inventory", more={"box": box.code})
    return page(
        request,
        "inventory_box.html",
        principal,
        box=box,
        state_of=state_of,
        paper_name=lambda code: words.paper_type(code, catalog),
    )


@router.get("/kiem-dem/hop/phieu.pdf")
def box_ticket(*, request: Request, context: InContext, agency: OfAgency, year: OfYear, name: Named) -> Response:
    from digitize_api.slips.box_ticket import (  # noqa: PLC0415 - what draws it takes a fifth of a second to load
        BoxTicket,
        box_ticket_pdf,
    )

    principal = person(request, context, Right.READ_INVENTORY)
    with context.reading() as session:
        box = find_box(session, agency, year, name, principal.agency_ids)
    pdf = box_ticket_pdf(
        BoxTicket(
            agency=box.agency.name,
            agency_code=box.agency.code,
            year=box.year,
            box=box.title,
            shelf=" · ".join(box.shelves),
            papers=box.papers,
            code=box.code,
            at=datetime.now(LOCAL),
        )
    )
    headers = {"Content-Disposition": 'inline; filename="phieu-hop.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)
