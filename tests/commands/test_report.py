"""``digitize report`` and ``digitize inventory``."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from models.agencies import create_agency
from models.database import make_engine, make_session_factory, transaction
from models.entities import Channel
from tests.commands.machine import at_once, digitize
from tests.databases import migrated_sqlite
from tests.models.stored import Paper, at, open_dossier, store

Run = Callable[..., subprocess.CompletedProcess[str]]
DAY = date(2023, 9, 10)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The command over a province whose commune has 155 dossiers, 150 of them online, and five papers of 2023 scanned."""
    engine = make_engine(migrated_sqlite(tmp_path))
    with transaction(make_session_factory(engine)) as session:
        province = create_agency(session, code="H58", name="UBND tỉnh Mẫu")
        commune = create_agency(session, code="H58.2", name="UBND xã Tây", parent=province)
        for number in range(155):
            channel = Channel.ONLINE if number < 150 else Channel.COUNTER
            open_dossier(session, commune, at(DAY), procedure="1.001193", channel=channel)
        boxes = open_dossier(session, commune, at(DAY))
        for number in range(1, 6):
            paper = Paper(number=f"{number}/2023", issued_on=date(2023, 5, 2))
            store(session, boxes, paper, at(DAY + timedelta(days=number)), queue="backscan")
    engine.dispose()

    def call(*words: str, how: Run = at_once) -> subprocess.CompletedProcess[str]:
        return how(*words, "--data", str(tmp_path))

    return call


def test_a_list_and_what_is_done_of_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "kiem-dem.csv"
    file.write_text("SHKQ;Ngày cấp\n" + "".join(f"{one}/2023;02/05/2023\n" for one in range(1, 11)) + "x;31/02/2023\n")
    words = ("inventory", "import", str(file), "--agency", "H58.2", "--column", "number=SHKQ")
    refused = run(*words, how=digitize)
    assert refused.returncode == 3
    assert "dòng/row 12, Ngày cấp: ngày không hợp lệ: 31/02/2023" in refused.stderr
    assert "không nhập dòng nào: 1 lỗi, 10 dòng đúng" in refused.stderr
    taken = run(*words, "--skip-bad")
    assert taken.returncode == 3  # a row was left out
    assert "thêm / added: 10" in taken.stdout
    file.write_text("SHKQ;Ngày cấp\n1/2023;02/05/2023\n")  # remembered
    assert "như cũ / unchanged: 1" in run("inventory", "import", str(file), "--agency", "H58.2").stdout
    shown = run("inventory", "show", "--agency", "H58")
    assert shown.stdout.splitlines()[1].split() == ["H58.2", "2023", "–", "10", "5", "5", "50,0"]
    assert run("inventory", "import", str(file), "--agency", "H99").returncode == 3
    told = run("report", "--period", "tien_giang_2023_4")
    assert "5/10 50,0 % !" in told.stdout
    assert "Tụt lại / lagging: H58.2" in told.stdout


def test_papers_are_matched_to_a_list(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "kiem-dem.csv"
    file.write_text("Số hiệu;Ngày cấp\n" + "".join(f"{one}/2023;02/05/2023\n" for one in range(3, 8)))
    assert run("inventory", "import", str(file), "--agency", "H58.2").returncode == 0
    for new in (4, 0):
        done = run("inventory", "match", "--agency", "H58")
        assert done.returncode == 0, done.stderr
        assert "H58.2: dòng / lines 5; giấy tờ / papers 5; nối / tied 0;" in done.stdout
        assert f"mục mới / new {new};" in done.stdout
        assert "chưa nhận / missing 2; ngoài danh sách / unlisted 2;" in done.stdout
    assert run("inventory", "match", "--agency", "H99").returncode == 3


def test_r38_the_report_in_every_form(run: Run, tmp_path: Path) -> None:
    dot = ("--period", "tien_giang_2023_4")
    table = run("report", *dot, how=digitize)
    assert table.returncode == 0, table.stderr
    assert "150/155 96,7 %" in table.stdout
    assert "n/a" in table.stdout
    assert "150/155 96,8 %" in run("report", *dot, "--rounding", "half_up").stdout
    told = json.loads(run("report", "--from", "01/09/2023", "--to", "2023-10-30", "--format", "json").stdout)
    assert told["total"]["figures"]["online"]["text"] == "96,7"
    assert told["agency"]["code"] == "H58"
    assert "Tổng cộng;H58;UBND tỉnh Mẫu;155" in run("report", *dot, "--format", "csv").stdout
    out = tmp_path / "bao-cao.xlsx"
    assert run("report", *dot, "--format", "xlsx").returncode == 2
    assert run("report", *dot, "--format", "xlsx", "--out", str(out)).returncode == 0
    assert openpyxl.load_workbook(out).sheetnames == ["Báo cáo", "Số liệu", "Điểm"]
    assert "tien_giang_2023_1    01/09/2023 - 15/09/2023" in run("report", "--periods").stdout
    assert run("report", "--period", "week").returncode == 3
    assert run("report", "--agency", "H99").returncode == 3
