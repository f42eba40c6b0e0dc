"""What of a batch can be handed over, as seen from outside."""

from __future__ import annotations

from pydantic import BaseModel, Field

from digitize_api.handover.service import Plan, Range
from models.handover.steps import LEFT, Part


class LeftOut(BaseModel):
    reason: str
    vi: str
    en: str
    files: int


class PartOut(BaseModel):
    """One package: of the batch's files ``first`` to ``last``. ``bytes``: of its PDFs."""

    first: int
    last: int
    dossiers: int
    papers: int
    bytes: int
    left_out: int
    link: str

    @staticmethod
    def of(within: Range, part: Part, link: str) -> PartOut:
        return PartOut(
            first=within.first,
            last=within.last,
            dossiers=part.dossiers,
            papers=part.papers,
            bytes=part.bytes,
            left_out=part.left_out,
            link=link,
        )


class PlanOut(BaseModel):
    """``left_out``: papers, and files that are none, by why they are in no package."""

    batch: str
    unfinished: bool
    dossiers: int
    papers: int
    bytes: int
    parts: list[PartOut]
    left_out: list[LeftOut] = Field(description="most of them first")

    @staticmethod
    def of(plan: Plan) -> PlanOut:
        return PlanOut(
            batch=plan.batch.id,
            unfinished=plan.unfinished,
            dossiers=plan.dossiers,
            papers=plan.papers,
            bytes=plan.bytes,
            parts=[PartOut.of(within, part, link(plan, within)) for within, part in plan.parts],
            left_out=[
                LeftOut(reason=left.value, vi=LEFT[left][0], en=LEFT[left][1], files=count)
                for left, count in plan.left.most_common()
            ],
        )


def link(plan: Plan, within: Range) -> str:
    """Where the package is got."""
    asked = f"first={within.first}&last={within.last}" + ("&unfinished=true" if plan.unfinished else "")
    return f"/api/v1/batches/{plan.batch.id}/handover.zip?{asked}"
