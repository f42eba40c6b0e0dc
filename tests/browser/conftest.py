"""The whole system as `digitize up` runs it, and a Chromium in front of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.up import wait_for_url
from models import accounts
from models.agencies import create_agency
from models.database import make_engine, make_session_factory, transaction
from models.entities import Role
from tests.databases import migrated_sqlite

ACCOUNT, PASSWORD = "can.bo", "mật khẩu rất dài 1"


@dataclass(frozen=True, slots=True)
class System:
    """``log``: what all its processes said, one JSON object a line."""

    url: str
    log: Path

    def requests(self) -> list[dict[str, object]]:
        lines = (line for line in self.log.read_text().splitlines() if line.startswith("{"))
        return [entry for line in lines if (entry := json.loads(line)).get("event") == "request"]


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("up")
    engine = make_engine(migrated_sqlite(folder))
    with transaction(make_session_factory(engine)) as session:
        agency = create_agency(session, code="H56.14", name="UBND phường Ví Dụ")
        accounts.create_account(
            session, agency=agency, name=ACCOUNT, password=PASSWORD, role=Role.CLERK, full_name="Trần Thị Ví Dụ"
        )
    engine.dispose()
    log = folder / "up.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "commands", "up", "--port", "0", "--data", str(folder)]
        process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            yield System(wait_for_url(folder, alive=lambda: process.poll() is None), log)
        finally:
            process.terminate()
            process.wait(60)
