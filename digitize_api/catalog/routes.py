"""``/api/v1/catalog``: what may be asked, recognised and coded on a day, with the source of each line. No personal data."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from digitize_api.auth.principal import SignedIn
from digitize_api.catalog.schemas import PaperTypeOut, ProcedureOut, RuleSetOut, paper_type_out
from digitize_api.context import InContext
from digitize_api.problems import documents
from models.errors import NotAuthenticated, NotFound
from models.local_time import local_day

router = APIRouter(prefix="/api/v1/catalog", tags=["catalog"])

On = Annotated[date | None, Query(description="the day of the act; default today at +07:00")]
_READ = documents(NotAuthenticated)
_ONE = documents(NotAuthenticated, NotFound)


@router.get("/paper-types", summary="Every paper type", responses=_READ)
def list_paper_types(_: SignedIn, context: InContext, on: On = None) -> list[PaperTypeOut]:
    catalog, day = context.read_catalog(), on or local_day()
    return [
        paper_type_out(
            paper, [line.code for line in catalog.codes_for_paper(paper.id)], catalog.validity_rule(paper.id, day)
        )
        for paper in catalog.paper_types.values()
        if paper.holds(day)
    ]


@router.get(
    "/procedures",
    summary="Procedures in force on a day",
    description="`q`: words of the name, its initials, or the code, with or without marks; all of them must be found. Best first.",
    responses=_READ,
)
def list_procedures(
    _: SignedIn, context: InContext, q: Annotated[str, Query(max_length=100)] = "", on: On = None
) -> list[ProcedureOut]:
    day = on or local_day()
    return [ProcedureOut.of(procedure, day) for procedure in context.read_catalog().find_procedures(q, day)]


@router.get("/procedures/{code}", summary="A procedure on a day", responses=_ONE)
def get_procedure(code: str, _: SignedIn, context: InContext, on: On = None) -> ProcedureOut:
    day = on or local_day()
    procedure = context.read_catalog().procedure(code, day)
    if procedure is None:
        raise NotFound("the catalog knows no such procedure on that day")
    return ProcedureOut.of(procedure, day)


@router.get("/rule-set", summary="Which law applies to an act of a day", responses=_ONE)
def get_rule_set(_: SignedIn, context: InContext, on: On = None) -> RuleSetOut:
    catalog, day = context.read_catalog(), on or local_day()
    rules = catalog.rule_set(day)
    if rules is None:
        raise NotFound("no rule set covers that day")
    templates = [template for template in catalog.code_templates if template.holds(day)]
    return RuleSetOut.of(rules, templates)
