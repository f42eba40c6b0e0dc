from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner, Result

from commands import doctor as doctor_module
from commands.main import COMMANDS, build_app
from commands.settings import LONGEST_SOCKET_PATH, deployment, socket_path
from tests.commands.machine import digitize
from tests.paths import SAMPLES
from tests.workers.runtimes import post, runtime_in
from workers.tools.probe import Probe


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DIGITIZE_DB_URL", "DIGITIZE_STORAGE_ROOT", "DIGITIZE_WORKER_BROKER_URL", "DIGITIZE_WORKER_SCRATCH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DIGITIZE_DATA", str(tmp_path))
    return tmp_path


def call(*words: str) -> Result:
    return CliRunner().invoke(build_app(), list(words))


@pytest.mark.parametrize(
    "words",
    [
        (),
        *[(name,) for name in ("up", "scan", "demo", "doctor", "verify", "api", "migrate", "worker", "sweep")],
        *[("agency", "add"), ("account", "add"), ("account", "password"), ("station", "add"), ("station", "key")],
    ],
)
def test_every_command_explains_itself_in_both_languages(words: tuple[str, ...]) -> None:
    result = call(*words, "--help")
    assert result.exit_code == 0
    assert " / " in result.output
    assert any(letter in result.output for letter in "ạảãàáâậầấẩẫăắằặẳẵđếệểễềốồộổỗơớờợởỡ")


def test_each_word_leads_to_its_module() -> None:
    words = [word for group in COMMANDS.values() for word in group]
    everything = get_command(build_app())
    assert isinstance(everything, TyperGroup)
    assert sorted(words) == sorted(everything.commands)
    for word in words:
        alone = get_command(build_app(word))
        assert isinstance(alone, TyperGroup)
        assert word in alone.commands


def test_one_folder_holds_all_unless_the_environment_says_otherwise(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = deployment()
    assert place.private_redis
    assert str(data) in place.database.url
    assert place.storage.root == data / "objects"
    assert place.workers.scratch == data / "scratch"
    monkeypatch.setenv("DIGITIZE_WORKER_BROKER_URL", "rediss://:geheim@broker/0")
    monkeypatch.setenv("DIGITIZE_DB_URL", "postgresql://db/digitize")
    place = deployment()
    assert not place.private_redis
    assert place.database.url == "postgresql://db/digitize"
    assert "geheim" not in repr(place)


def test_a_socket_s_path_is_never_too_long(tmp_path: Path) -> None:
    assert socket_path(tmp_path) == tmp_path / "redis" / "redis.sock"
    deep = tmp_path / ("x" * 200)
    assert len(str(socket_path(deep))) < LONGEST_SOCKET_PATH
    assert socket_path(deep) != socket_path(tmp_path / ("y" * 200))


def test_doctor_is_content_here(data: Path) -> None:
    result = call("doctor")
    assert result.exit_code == 0, result.output
    assert "Ready" in result.output
    assert str(data) in result.output


def test_doctor_names_the_command_that_installs_what_is_missing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = Probe("poppler", None, None, "22.0", "apt-get install poppler-utils")
    monkeypatch.setattr("workers.tools.probes.probes", lambda _languages: [missing])
    monkeypatch.setattr(doctor_module, "_engine", lambda _place: doctor_module.Line("engine", ok=True, detail=""))
    result = call("doctor")
    assert result.exit_code == 5
    assert "apt-get install poppler-utils" in result.output


def test_doctor_says_what_reads_without_our_weights(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.ocr.reader.weights.weights_folder", lambda: tmp_path)
    with_tesseract = call("doctor")
    assert with_tesseract.exit_code == 0, with_tesseract.output
    assert "reader.onnx" in with_tesseract.output
    assert "tesserocr" in with_tesseract.output
    monkeypatch.setenv("DIGITIZE_WORKER_ENGINE", "reader-alone")
    assert call("doctor").exit_code == 5


def test_doctor_asks_the_services_when_told_to(data: Path) -> None:
    result = call("doctor", "--services")
    assert result.exit_code == 5  # no Redis runs on this folder
    assert "ConnectionError" in result.output


def test_migrate_says_from_where_to_where(data: Path) -> None:
    assert "- →" in call("migrate").output
    assert call("migrate").exit_code == 0
    assert (data / "objects").is_dir()


def test_verify_finds_a_damaged_original(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1")
    with runtime_in(data) as runtime:
        post(runtime, path)
    assert call("verify").exit_code == 0
    (original,) = (data / "objects" / "originals").glob("*/*")
    original.chmod(0o600)
    original.write_bytes(b"%PDF-2")
    result = call("verify")
    assert result.exit_code == 4
    assert "changed" in result.stdout


def test_a_worker_needs_a_role(data: Path) -> None:
    assert call("worker").exit_code == 2
    assert call("worker", "kitchen").exit_code == 2


@pytest.mark.services
@pytest.mark.slow
def test_the_demo_shows_the_whole_way(tmp_path: Path) -> None:
    samples = tmp_path / "set"
    samples.mkdir()
    entry = json.loads((SAMPLES / "set" / "manifest.json").read_text())[0]
    for name in entry["files"]:
        shutil.copy(SAMPLES / "set" / name, samples)
        shutil.copy(SAMPLES / "set" / f"{name}.truth.json", samples)
    (samples / "manifest.json").write_text(json.dumps([entry]))
    options = ("--data", str(tmp_path / "demo"), "--samples", str(samples))
    shown = digitize("demo", "--once", *options, seconds=280)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    for name in entry["files"]:
        assert name in shown.stdout
    assert "/api/v1/components/" in shown.stdout
    assert "giay khai sinh" in shown.stdout
    assert "Giấy chứng nhận kết hôn" in shown.stdout
    assert "001195999872.KQ.G15.000032.14/2021" in shown.stdout, "mã kết quả số hóa"
    assert "Dùng lại từ kho" in shown.stdout
    assert list((tmp_path / "demo").glob("*-bo-sung.pdf"))


def test_the_demo_empties_no_folder_that_is_not_its_own(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("x")
    assert call("demo", "--once", "--data", str(tmp_path)).exit_code == 2
    assert precious.exists()
