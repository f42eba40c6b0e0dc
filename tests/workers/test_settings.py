from __future__ import annotations

import pytest
from pydantic import ValidationError

from workers.settings import WorkerSettings


def test_defaults_are_consistent_and_give_limits() -> None:
    settings = WorkerSettings()
    assert settings.limits.max_bytes == 200 * 1024 * 1024
    assert settings.limits.max_pages == 1000
    assert settings.limits.max_pixels == 120_000_000
    assert settings.languages == "vie"


def test_environment_is_read_and_the_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITIZE_WORKER_BROKER_URL", "redis://:geheim@broker/0")
    monkeypatch.setenv("DIGITIZE_WORKER_MAX_PAGES", "7")
    settings = WorkerSettings()
    assert settings.limits.max_pages == 7
    assert settings.broker_url.get_secret_value().startswith("redis://")
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize(
    "values",
    [
        {"soft_time_limit": 300.0, "hard_time_limit": 300.0},
        {"hard_time_limit": 1801.0},
        {"long_time_limit": 3600.0},
        {"lease_seconds": 3600.0},
        {"tool_seconds": 240.0},
        {"max_pixels": 0},
        {"languages": "vie; rm"},
    ],
)
def test_inconsistent_values_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        WorkerSettings(**values)  # type: ignore[arg-type]  # wrong values on purpose


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        WorkerSettings().max_pages = 3
