"""Where an S3 store is and how long it is waited for; what speaks to it takes a tenth of a second to load, and most machines have none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class S3Options:
    """``endpoint`` is ``host:port``. ``public_endpoint``: where browsers reach the same service, if they may."""

    endpoint: str
    access_key: str
    secret_key: str
    bucket: str
    secure: bool = True
    region: str = "us-east-1"
    public_endpoint: str | None = None
    public_secure: bool = True
    ca_file: Path | None = None
    retention: timedelta = timedelta(days=3650)
    retention_mode: Literal["GOVERNANCE", "COMPLIANCE"] = "GOVERNANCE"
    connect_seconds: float = 3.0
    read_seconds: float = 15.0
