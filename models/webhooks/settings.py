"""What an operator may set about webhooks (``DIGITIZE_WEBHOOK_*``)."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class WebhookSettings(BaseSettings):
    """Times in seconds. ``private_networks``: whether addresses of private networks may be called (a province's own network has them);
    ``allowed_networks``: as JSON, those that may be called in any case.
    """

    model_config = SettingsConfigDict(env_prefix="DIGITIZE_WEBHOOK_", frozen=True, extra="ignore")

    private_networks: bool = False
    allowed_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    ca_file: Path | None = Field(default=None, description="PEM of the authorities trusted, instead of the public ones")
    timeout_seconds: float = Field(default=15.0, gt=0, le=60)
    retry_seconds: tuple[float, ...] = Field(
        default=(5, 300, 1800, 7200, 18_000, 36_000, 50_400),
        description="the wait before each further attempt; after the last of them a delivery is dead",
    )
