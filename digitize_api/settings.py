"""What an operator may set about the front door (``DIGITIZE_API_*``)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MIB = 1024 * 1024


class ApiSettings(BaseSettings):
    """Frozen; sizes in bytes, times in seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="DIGITIZE_API_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    language: Literal["vi", "en"] = "vi"

    max_upload_bytes: int = Field(default=200 * MIB, gt=0)
    max_body_bytes: int = Field(default=1 * MIB, gt=0, description="every request but an upload")
    uploads_at_once: int = Field(default=16, gt=0, description="further ones wait their turn")
    upload_stall_seconds: float = Field(default=60, gt=0, description="no byte for so long ends an upload")

    session_hours: float = Field(default=12, gt=0)
    warehouse_minutes: float = Field(
        default=30, gt=0, le=600, description="so long one purpose opens one person's warehouse in one session"
    )
    secure_cookies: bool | None = Field(default=None, description="None: Secure when the request came by https")
    login_failures: int = Field(default=5, gt=0, description="per account and address, within the window")
    login_failures_per_address: int = Field(default=50, gt=0)
    login_window_seconds: float = Field(default=60, gt=0)

    sse_poll_seconds: float = Field(default=0.2, gt=0, le=5)
    sse_heartbeat_seconds: float = Field(default=15, gt=0)

    probe_timeout_seconds: float = Field(default=2, gt=0, description="for each dependency of /readyz")
    metrics_token: SecretStr | None = Field(default=None, description="without it /metrics answers loopback only")
