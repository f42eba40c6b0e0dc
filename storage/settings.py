"""Where objects are kept: ``DIGITIZE_STORAGE_*``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.s3_options import S3Options

# Secrets that installation guides print; a store of citizens' papers must not open to them.
_KNOWN_SECRETS = {"minioadmin", "admin", "password", "secret", "changeme", "change-me", "any", "some_secret_key1"}


class StorageSettings(BaseSettings):
    """``kind`` decides which of the two other groups counts.

    ``s3_public_endpoint``: where browsers reach the S3 service. Unset, they never see it, and we serve the bytes.
    ``s3_retention_days`` and ``_mode``: how long object lock holds an original. What the law asks depends on the paper
    and may be longer; object lock can be extended later, never shortened in COMPLIANCE mode.
    """

    model_config = SettingsConfigDict(env_prefix="DIGITIZE_STORAGE_", frozen=True, extra="ignore")

    kind: Literal["filesystem", "s3"] = "filesystem"
    root: Path = Path("data/objects")

    s3_endpoint: str | None = None  # host:port
    s3_access_key: str | None = None
    s3_secret_key: SecretStr | None = None
    s3_bucket: str = "digitize"
    s3_secure: bool = True
    s3_region: str = "us-east-1"
    s3_public_endpoint: str | None = None
    s3_public_secure: bool = True
    s3_ca_file: Path | None = None
    s3_retention_days: int = Field(default=3650, ge=1)
    s3_retention_mode: Literal["GOVERNANCE", "COMPLIANCE"] = "GOVERNANCE"
    s3_connect_seconds: float = Field(default=3.0, gt=0, le=30)
    s3_read_seconds: float = Field(default=15.0, gt=0, le=120)

    @field_validator("s3_endpoint", "s3_public_endpoint")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        if value and ("://" in value or "/" in value):
            raise ValueError("host:port only; DIGITIZE_STORAGE_S3_SECURE chooses https")
        return value or None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "s3":
            self.s3_options()
        return self

    def s3_options(self) -> S3Options:
        """What the S3 store needs; ``ValueError`` when a part is missing or the secret is a well-known one."""
        endpoint, access_key, secret = self.s3_endpoint, self.s3_access_key, self.s3_secret_key
        if not endpoint or not access_key or secret is None or not secret.get_secret_value():
            names = "DIGITIZE_STORAGE_S3_ENDPOINT, _S3_ACCESS_KEY and _S3_SECRET_KEY"
            raise ValueError(f"DIGITIZE_STORAGE_KIND=s3 needs {names}")
        if secret.get_secret_value().lower() in _KNOWN_SECRETS:
            raise ValueError("DIGITIZE_STORAGE_S3_SECRET_KEY is a secret that everybody knows")
        return S3Options(
            endpoint=endpoint,
            access_key=access_key,
            secret_key=secret.get_secret_value(),
            bucket=self.s3_bucket,
            secure=self.s3_secure,
            region=self.s3_region,
            public_endpoint=self.s3_public_endpoint,
            public_secure=self.s3_public_secure,
            ca_file=self.s3_ca_file,
            retention=timedelta(days=self.s3_retention_days),
            retention_mode=self.s3_retention_mode,
            connect_seconds=self.s3_connect_seconds,
            read_seconds=self.s3_read_seconds,
        )
