"""Where the site's own catalog is: ``DIGITIZE_CATALOG_*``."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class CatalogSettings(BaseSettings):
    """``dir``: a folder whose YAML files take the place of the packaged ones of the same name (docs/catalog.md)."""

    model_config = SettingsConfigDict(env_prefix="DIGITIZE_CATALOG_", frozen=True, extra="ignore")

    dir: Path | None = None
