"""Settings of the workers, from ``DIGITIZE_WORKER_*``; inconsistent values are refused at start."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from workers.limits import MEBIBYTE, Limits


class WorkerSettings(BaseSettings):
    """Sizes in bytes, times in seconds.

    A task must be told to stop (soft limit), and be stopped (hard limit), before the broker believes its worker dead
    and hands the message to another (visibility timeout); and a dead worker's lease must lapse before that message comes
    back, or it would be turned away and wait for the sweeper.
    """

    model_config = SettingsConfigDict(env_prefix="DIGITIZE_WORKER_", frozen=True, extra="ignore")

    broker_url: SecretStr = SecretStr("")  # empty: `digitize up` starts a private Redis; may hold a password
    max_bytes: int = Field(default=200 * MEBIBYTE, gt=0)
    max_pages: int = Field(default=1000, gt=0)
    max_pixels: int = Field(default=120_000_000, gt=0)
    tool_seconds: float = Field(default=60.0, gt=0)
    tool_memory_bytes: int = Field(default=1024 * MEBIBYTE, ge=256 * MEBIBYTE)

    engine: str = "reader"  # ours; `workers.ocr.factory` names the others
    languages: str = Field(default="vie", pattern=r"^[A-Za-z_]+(\+[A-Za-z_]+)*$")

    soft_time_limit: float = Field(default=240.0, gt=0)
    hard_time_limit: float = Field(default=300.0, gt=0)
    long_time_limit: float = Field(default=1800.0, gt=0)  # of what grows with a document or a store: assembling, fixity
    visibility_timeout: float = Field(
        default=3600.0, gt=0
    )  # the lease brings a dead worker's task back long before this
    lease_seconds: float = Field(default=15.0, gt=0)  # renewed three times in that while the work goes on
    max_attempts: int = Field(default=3, ge=1)  # crashes and defects; a store that is down costs none
    retry_seconds: float = Field(default=1.0, gt=0)  # first wait after a failure; doubles up to max_retry_seconds
    max_retry_seconds: float = Field(default=60.0, gt=0)
    sweep_seconds: float = Field(default=2.0, gt=0)
    resend_seconds: float = Field(default=60.0, gt=0)  # a message unanswered for so long is sent again
    queue_high_water: int = Field(default=2000, ge=1)  # messages in a queue above which the rest waits in the database

    inspect_seconds: float = Field(default=1.0, ge=0)  # how long one inspection may look at pages before reading starts
    scratch: Path | None = None  # default: a folder of this user under the system's temporary folder
    cache_bytes: int = Field(default=2048 * MEBIBYTE, ge=0)  # originals kept beside the workers
    # A process is renewed now and then; loading the engine costs half a second.
    max_tasks_per_child: int = Field(default=500, ge=1)
    max_memory_per_child: int = Field(default=1536 * MEBIBYTE, ge=128 * MEBIBYTE)
    fixity_days: int = Field(default=30, ge=1)  # every original is hashed again once in so many days
    keep_dispatch_days: int = Field(default=30, ge=1)
    learn_after: int = Field(default=20, ge=0)  # reviewed components that are new since the last training; 0: never
    learn_hours: float = Field(default=6.0, ge=0)  # at least so long between two trainings
    learn_per_type: int = Field(default=300, ge=10)  # examples of a paper type that are kept, the newest
    log_json: bool = True

    @model_validator(mode="after")
    def _times_fit(self) -> Self:
        if not self.soft_time_limit < self.hard_time_limit <= self.long_time_limit < self.visibility_timeout:
            raise ValueError("soft_time_limit < hard_time_limit <= long_time_limit < visibility_timeout must hold")
        if self.lease_seconds >= self.visibility_timeout:
            raise ValueError("lease_seconds must be below visibility_timeout")
        if self.tool_seconds >= self.soft_time_limit:
            raise ValueError("tool_seconds must be below soft_time_limit: a program must end before its task does")
        return self

    @property
    def limits(self) -> Limits:
        return Limits(
            max_bytes=self.max_bytes,
            max_pages=self.max_pages,
            max_pixels=self.max_pixels,
            tool_seconds=self.tool_seconds,
            tool_memory_bytes=self.tool_memory_bytes,
        )
