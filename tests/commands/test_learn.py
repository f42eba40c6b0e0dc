from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from typer.testing import CliRunner, Result

from commands.exit_codes import ExitCode
from commands.main import build_app
from models import examples
from models.agencies import create_agency
from models.catalog import default_catalog
from models.database import make_engine, make_session_factory, transaction
from models.dossiers import create_dossier
from models.entities import Component, LearnedModel
from tests.databases import migrated_sqlite
from tests.models.papers import papers
from tests.workers.classify.pages import act
from tests.workers.classify.test_learn import survey
from workers.classify.learn import features_of


@pytest.fixture
def factory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sessionmaker[Session]:
    """A data folder with 10 survey forms that a clerk corrected, and 10 decisions that were right."""
    for name in ("DIGITIZE_DB_URL", "DIGITIZE_STORAGE_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DIGITIZE_DATA", str(tmp_path))
    engine = make_engine(migrated_sqlite(tmp_path))
    made = make_session_factory(engine)
    with transaction(made) as session:
        dossier = create_dossier(
            session, agency=create_agency(session, code="H56.14", name="UBND xã Mẫu"), title="Hồ sơ", holder=None
        )
    catalog = default_catalog()
    forms = [("giay_cam_doan", "to_khai", survey(seed)) for seed in range(10)]
    forms += [("quyet_dinh", "quyet_dinh", act(number=f"Số: {number}/QĐ-UBND")) for number in range(10)]
    ids = papers(made, dossier, len(forms))
    with transaction(made) as session:
        for component_id, (paper_type, guess, page) in zip(ids, forms, strict=True):
            component = session.get_one(Component, component_id)
            component.paper_type = paper_type
            examples.remember(session, component, features_of([page], catalog), guess)
    engine.dispose()
    return made


def call(*words: str) -> Result:
    return CliRunner().invoke(build_app("learn"), ["learn", *words])


def in_use(result: Result) -> str:
    assert result.exit_code == 0, result.output
    (line,) = [line for line in result.stdout.splitlines() if "in use" in line]
    return line.rpartition(" ")[2]


def test_look_train_go_back_and_forth(factory: sessionmaker[Session]) -> None:
    shown = call()
    assert in_use(shown) == "base"
    rows = [line.split() for line in shown.stdout.splitlines()[1:3]]
    assert rows == [["giay_cam_doan", "10", "10"], ["quyet_dinh", "10", "0"]]

    trained = call("--now")
    with transaction(factory) as session:
        model = session.scalars(select(LearnedModel)).one()
    assert model.kept
    assert in_use(trained) == model.id[:8]
    assert f"right 10 -> {model.figures['right_after']} / 20" in trained.stdout

    again = call("--now")
    assert in_use(again) == model.id[:8]
    assert "NOT_BETTER_THAN_THE_ONE_IN_USE" in again.stdout

    assert in_use(call("--use", "base")) == "base"
    assert in_use(call("--use", model.id[:8])) == model.id[:8]


@pytest.mark.usefixtures("factory")
def test_what_can_not_be_used_is_refused_in_a_line() -> None:
    refused = call("--use", "0123abcd")
    assert refused.exit_code == ExitCode.REFUSED
    assert "no such model" in refused.output
    assert call("--use", "base", "--now").exit_code == ExitCode.USAGE
    assert in_use(call()) == "base"
