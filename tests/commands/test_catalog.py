from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from commands.exit_codes import ExitCode
from commands.main import build_app
from models.agencies import agency_codes
from models.catalog import CatalogError, default_catalog
from models.database import make_engine, make_session_factory, reading
from models.settings import sqlite_url

SHEET = "Mã định danh,Tên cơ quan\nH56,UBND tỉnh\nH56.14,UBND phường Ví Dụ\n"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DIGITIZE_DB_URL", raising=False)
    monkeypatch.setenv("DIGITIZE_DATA", str(tmp_path))
    return tmp_path


def call(*words: str) -> Result:
    return CliRunner().invoke(build_app("catalog"), ["catalog", *words])


def codes(data: Path) -> frozenset[str]:
    engine = make_engine(sqlite_url(data))
    with reading(make_session_factory(engine)) as session:
        found = agency_codes(session)
    engine.dispose()
    return found


def sheet(folder: Path, text: str) -> str:
    path = folder / "co_quan.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_packaged_catalog_is_right_and_shows_its_entries() -> None:
    checked = call("check")
    assert checked.exit_code == 0
    assert "procedures" in checked.stdout
    assert "1.001193" in call("show").stdout
    shown = call("show", "1.001193.H56")
    assert "Đăng ký khai sinh" in shown.stdout
    assert "certainty: P" in shown.stdout
    assert "Giấy khai sinh" in call("show", "KQ.G15.000031").stdout
    assert call("show", "khong_co").exit_code == ExitCode.USAGE


def test_a_wrong_folder_is_refused_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "provinces.yaml").write_text(
        "lines:\n  - {code: 1, name: x, source: s, certainty: P}\n", encoding="utf-8"
    )
    checked = call("check", str(tmp_path))
    assert isinstance(checked.exception, CatalogError)
    assert "provinces.yaml:2: " in str(checked.exception)


@pytest.fixture
def wrong_site(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (data / "scan_limits.yaml").write_text("lines: none", encoding="utf-8")
    monkeypatch.setenv("DIGITIZE_CATALOG_DIR", str(data))
    default_catalog.cache_clear()
    yield
    default_catalog.cache_clear()


@pytest.mark.parametrize("words", [("up", "--port", "0"), ("api",), ("worker", "maintenance")])
@pytest.mark.usefixtures("wrong_site")
def test_nothing_starts_on_a_wrong_catalog(words: tuple[str, ...]) -> None:
    started = CliRunner().invoke(build_app(words[0]), list(words))
    assert isinstance(started.exception, CatalogError)
    assert "scan_limits.yaml:1: " in str(started.exception)


def test_agencies_are_imported_once_however_often(data: Path) -> None:
    first = call("import", "agencies", sheet(data, SHEET))
    assert first.exit_code == 0
    assert codes(data) == {"H56", "H56.14"}
    assert "added: 2" in first.stdout
    again = call("import", "agencies", sheet(data, SHEET))
    assert again.exit_code == 0
    assert "unchanged: 2" in again.stdout


def test_one_wrong_row_and_nothing_is_imported_unless_asked(data: Path) -> None:
    bad = sheet(data, SHEET + "14,Sai\n")
    refused = call("import", "agencies", bad)
    assert refused.exit_code == ExitCode.REFUSED
    assert "row 4" in refused.stderr
    assert codes(data) == frozenset()
    taken = call("import", "agencies", bad, "--skip-bad")
    assert taken.exit_code == ExitCode.REFUSED  # something was left out, and a script should notice
    assert "left out: 1" in taken.stdout
    assert codes(data) == {"H56", "H56.14"}


def test_procedures_are_imported_with_their_components(data: Path) -> None:
    head = "Mã TTHC,Tên TTHC,Thành phần hồ sơ,Loại giấy tờ\n"
    good = sheet(data, head + "9.000001.H56,Thủ tục của tỉnh,Tờ khai,\n,,Giấy chứng nhận,GIẤY KHAI SINH\n")
    first = call("import", "procedures", good)
    assert first.exit_code == 0, first.output
    assert "added: 1" in first.stdout
    assert "unchanged: 1" in call("import", "procedures", good).stdout
    bad = sheet(data, head + "9.000002,Đúng,Tờ khai,\n9.000003,Sai,Tờ khai,giấy lạ\n")
    refused = call("import", "procedures", bad)
    assert refused.exit_code == ExitCode.REFUSED
    assert "row 3, Loại giấy tờ" in refused.stderr
    assert "added: 1" in call("import", "procedures", bad, "--skip-bad").stdout
