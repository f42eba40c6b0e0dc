"""`digitize batch quality` as a leader calls it: settings, the draw, odd pages, figures and a report."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from models import lifecycle
from models.agencies import create_agency
from models.batches import store as batches
from models.batches.entities import BatchRescan
from models.batches.quality import check
from models.batches.store import Policies
from models.catalog import default_catalog
from models.database import make_engine, make_session_factory, transaction
from models.entities import Component, ComponentState, Dispatch, Scan
from models.rules.faults import Fault
from models.settings import sqlite_url
from tests.commands.machine import at_once, digitize
from tests.databases import migrated_sqlite
from tests.models.batch_papers import scanned

pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path: Path) -> Path:
    engine = make_engine(migrated_sqlite(tmp_path))
    with transaction(make_session_factory(engine)) as session:
        agency = create_agency(session, code="H56.14", name="UBND xã Mẫu")
        batch = batches.create(session, agency=agency, name="Kệ 4", policies=Policies(), actor="command:x")
        ids = [scanned(session, batch.id) for _ in range(9)] + [scanned(session, batch.id, pages=({"skew": 7.0},))]
        for one in ids[:7]:
            component = session.get_one(Component, one)
            lifecycle.advance(
                session, component, ComponentState.VERIFIED, default_catalog(), actor="account:lan", by_person=True
            )
    engine.dispose()
    return tmp_path


def test_a_batch_is_checked_from_the_command_line(data: Path) -> None:
    def quality(*words: str, call: Callable[..., subprocess.CompletedProcess[str]] = at_once) -> str:
        done = call("batch", "quality", words[0], "Kệ 4", *words[1:], "--data", str(data))
        assert done.returncode == 0, done.stderr
        return done.stdout

    settings = ("--sample", "40", "--limit", "2.5", "--field", "number", "--field", "issued_on")
    plan = json.loads(quality("plan", *settings, call=digitize))
    assert (plan["sample_share"], plan["error_limit"], plan["keyed_fields"]) == (0.4, 0.025, ["number", "issued_on"])
    assert quality("draw").startswith("3/7 ")
    assert "0 mới" in quality("draw")
    seen = json.loads(quality("status", "--json"))
    assert seen["round1"] == {"waiting": 3, "passed": 7, "returned": 0}
    assert (seen["round2"]["drawn"], seen["round2"]["share"], seen["keying"]["open"]) == (3, None, 20)
    assert seen["seed"] == plan["seed"]
    told = quality("status")
    assert "7/10 đạt" in told
    assert "account:lan" in told
    (odd,) = [json.loads(line) for line in quality("deviations", "--json").splitlines()]
    assert (odd["what"], odd["value"], odd["file"]) == ("angle", 7.0, "/scan/0010.pdf")
    assert quality("deviations", "--no-find", "--state", "fine") == ""
    rows = list(csv.DictReader(io.StringIO(quality("report").removeprefix("\ufeff"))))
    assert [row["Vòng 1"] for row in rows] == ["passed"] * 7 + ["waiting"] * 3
    assert [row["Vòng 2"] for row in rows].count("drawn") == 3
    assert json.loads(quality("plan", "--field", "-"))["keyed_fields"] == []
    assert json.loads(quality("status", "--json"))["keying"]["open"] == 0


def test_a_returned_paper_is_scanned_again_from_the_command_line(data: Path, tmp_path: Path) -> None:
    def quality(*words: str) -> tuple[int, str, str]:
        done = digitize("batch", "quality", words[0], "Kệ 4", *words[1:], "--data", str(data))
        return done.returncode, done.stdout, done.stderr

    rows = list(csv.DictReader(io.StringIO(quality("report")[1].removeprefix("\ufeff"))))
    paper = rows[-1]["Giấy tờ"]
    new, wrong = tmp_path / "0010 lần 2.pdf", tmp_path / "a.csv"
    new.write_bytes(b"%PDF-1.7\n" + b"x" * 200)
    wrong.write_text("a;b")
    code, _, why = quality("rescan", paper, str(new))
    assert (code, "CONFLICT" in why) == (3, True), "it was not returned"
    engine = make_engine(sqlite_url(data))
    sessions = make_session_factory(engine)
    with transaction(sessions) as session:
        batch = batches.hold(session, batches.named(session, "Kệ 4").id)
        found = check.load_free(session, batch, paper, "account:lan")
        check.send_back(session, batch, found, {Fault.CROOKED}, "", actor="account:lan")
    code, _, why = quality("rescan", paper, str(wrong))
    assert (code, "UNSUPPORTED_TYPE" in why, "Traceback" in why) == (3, True, False)
    assert quality("rescan", "0" * 32, str(new))[0] == 3
    code, scan, _ = quality("rescan", paper, str(new))
    assert code == 0
    assert quality("rescan", paper, str(new))[:2] == (0, scan), "the same again is the same as once"
    with sessions() as session:
        row = session.scalars(select(BatchRescan)).one()
        assert (row.scan_id, row.component_id, row.faults) == (scan.strip(), paper, ["crooked"])
        assert session.get_one(Scan, row.scan_id).queue == "backscan"
        assert session.scalars(select(Dispatch).where(Dispatch.scan_id == row.scan_id)).one().state == "pending"
    engine.dispose()


@pytest.mark.parametrize(
    "words", [("plan", "--field", "colour"), ("plan", "--sample", "101"), ("draw",), ("deviations", "--state", "odd")]
)
def test_what_is_asked_in_vain(data: Path, words: tuple[str, ...]) -> None:
    name = "Kệ 5" if words == ("draw",) else "Kệ 4"
    done = at_once("batch", "quality", words[0], name, *words[1:], "--data", str(data))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
