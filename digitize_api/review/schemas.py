"""A lease as the API shows it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from models.entities import ReviewLease


class LeaseIn(BaseModel):
    """``take_over``: also when another officer has it; they are told."""

    model_config = ConfigDict(extra="forbid")
    take_over: bool = False


class LeaseOut(BaseModel):
    component: str
    since: datetime
    until: datetime = Field(description="renew it before")

    @staticmethod
    def of(lease: ReviewLease) -> LeaseOut:
        return LeaseOut(component=lease.component_id, since=lease.since, until=lease.until)
