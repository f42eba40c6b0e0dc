"""``/api/v1/components``: each look is on record before anything is sent."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from digitize_api.audit import record_look
from digitize_api.auth.principal import Keeps, ReadsPapers, Reviews
from digitize_api.components import service
from digitize_api.components.schemas import ComponentOut, Correction, NextStep, ScannedAgainIn, StepIn, VersionOut
from digitize_api.components.serve import Servable, serve
from digitize_api.context import InContext
from digitize_api.dossiers.schemas import ScannedAgainOut
from digitize_api.problems import documents
from models.entities import Component
from models.errors import (
    Conflict,
    Forbidden,
    HeldByAnother,
    NotAuthenticated,
    NotFound,
    NothingHeld,
    NotReady,
    RangeNotSatisfiable,
    StepBlocked,
    Unavailable,
)

router = APIRouter(prefix="/api/v1/components", tags=["components"])

_READ = documents(NotAuthenticated, Forbidden, NotFound)


@router.get("/{component_id}", summary="A component: fields, pages with their text", responses=_READ)
def get_component(component_id: str, principal: ReadsPapers, context: InContext) -> ComponentOut:
    component, pages = service.load(context, principal, component_id)
    record_look(context, principal, "fields", component=component)
    return ComponentOut.of(component, pages)


@router.patch(
    "/{component_id}",
    summary="Correct a component (review)",
    description=(
        "Send the `version` that was looked at; `409` when somebody was faster, or while another officer holds the component "
        "(`PUT …/lease`). What was there before and after stays on record. "
        "A machine's key may not review."
    ),
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict, HeldByAnother),
)
def patch_component(component_id: str, correction: Correction, principal: Reviews, context: InContext) -> ComponentOut:
    service.correct(context, principal, component_id, correction)
    component, pages = service.load(context, principal, component_id)
    return ComponentOut.of(component, pages)


@router.get(
    "/{component_id}/next-step",
    summary="What comes next, and what stands in its way",
    description="`captured → checked → signed → extracted → verified → coded → stored` (TT 01/2023 Điều 7-10); `null` once stored.",
    responses=_READ,
)
def get_next_step(component_id: str, principal: ReadsPapers, context: InContext) -> NextStep | None:
    return service.hindrances(context, principal, component_id)


@router.post(
    "/{component_id}/steps",
    summary="Take the component on",
    description=(
        "To the state named, through all before it; a person's call also confirms what is shown. `409 STEP_BLOCKED` tells every "
        "reason in `reasons`, and then no step was taken. Reaching `coded` gives the mã kết quả số hóa, `stored` puts it in the warehouse."
    ),
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict, HeldByAnother, StepBlocked),
)
def post_step(component_id: str, asked: StepIn, principal: Keeps, context: InContext) -> ComponentOut:
    service.step(context, principal, component_id, asked)
    component, pages = service.load(context, principal, component_id)
    return ComponentOut.of(component, pages)


@router.post(
    "/{component_id}/scanned-again",
    summary="Why it was scanned all the same",
    description=(
        "For a paper of which the warehouse held a valid result when it was scanned (`scanned_again` of the dossier's completeness). Without the "
        "reason it gets no code. `409 NOTHING_HELD` when there was no such result."
    ),
    responses=documents(NotAuthenticated, Forbidden, NotFound, NothingHeld),
)
def post_scanned_again(
    component_id: str, asked: ScannedAgainIn, principal: Keeps, context: InContext
) -> ScannedAgainOut:
    return service.explain(context, principal, component_id, asked)


@router.get("/{component_id}/versions", summary="What it said before its corrections", responses=_READ)
def get_versions(component_id: str, principal: ReadsPapers, context: InContext) -> list[VersionOut]:
    found = service.history(context, principal, component_id)
    record_look(context, principal, "versions", component=service.load_alone(context, principal, component_id))
    return [VersionOut.of(version) for version in found]


def _name(component: Component, ending: str) -> str:
    return f"{component.dossier.code}-{component.position:02d}{ending}"


@router.head("/{component_id}/pdf", include_in_schema=False)
@router.get(
    "/{component_id}/pdf",
    summary="The searchable PDF",
    description="One `Range` is honoured (206); several are answered with the whole file. `ETag` is its SHA-256.",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}, "description": "The whole file"},
        206: {"content": {"application/pdf": {}}, "description": "The range asked for"},
        304: {"description": "The caller has these bytes"},
        **documents(NotAuthenticated, Forbidden, NotFound, NotReady, RangeNotSatisfiable, Unavailable),
    },
)
def get_pdf(component_id: str, request: Request, principal: ReadsPapers, context: InContext) -> Response:
    component = service.load_alone(context, principal, component_id)
    if component.pdf_key is None:
        raise NotReady
    record_look(context, principal, "pdf", component=component)
    size, sha256 = component.pdf_bytes, component.pdf_sha256
    if size is None or sha256 is None:
        info = context.store.stat(component.pdf_key)
        size, sha256 = info.size, info.sha256
    thing = Servable(component.pdf_key, size, sha256, "application/pdf", _name(component, ".pdf"))
    return serve(request, context.store, thing)


@router.head("/{component_id}/pages/{number}.jpg", include_in_schema=False)
@router.get(
    "/{component_id}/pages/{number}.jpg",
    summary="A page as people see it",
    description="The straightened page as JPEG; pages count from 1 within the component, as in its PDF.",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}}, "description": "The image"},
        304: {"description": "The caller has these bytes"},
        **documents(NotAuthenticated, Forbidden, NotFound, NotReady, RangeNotSatisfiable, Unavailable),
    },
)
def get_page_image(
    component_id: str,
    number: Annotated[int, Path(ge=1, le=100_000)],
    request: Request,
    principal: ReadsPapers,
    context: InContext,
) -> Response:
    component, page = service.load_page(context, principal, component_id, number)
    record_look(context, principal, "page", component=component, page=number)
    info = context.store.stat(page.image_key or "")
    thing = Servable(info.key, info.size, info.sha256, "image/jpeg", _name(component, f"-{number}.jpg"))
    return serve(request, context.store, thing)
