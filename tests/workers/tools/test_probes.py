from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from workers.tools import tesseract
from workers.tools.probe import Probe, at_least
from workers.tools.probes import probes


def test_versions_compare_by_number() -> None:
    assert at_least("22.12.0", "22.02")
    assert at_least("10.1", "9.9")
    assert not at_least("9.9", "10.1")
    assert not at_least(None, "1")


def test_every_probe_says_how_to_mend_it() -> None:
    found = {probe.name: probe for probe in probes()}
    assert set(found) == {"poppler", "tesseract", "redis-server", "qpdf", "node"}
    for probe in found.values():
        assert probe.install
        assert (probe.found is not None) == bool(shutil.which("pdftoppm" if probe.name == "poppler" else probe.name))
        if probe.found:
            assert probe.version, f"{probe.name} is there but its version was not understood"


def test_a_missing_program_is_not_ok(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert all(not probe.ok and probe.found is None for probe in probes())


def test_missing_language_is_named_with_its_package() -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed")
    probe = tesseract.probe("vie+xyz")
    assert not probe.ok
    assert "xyz" in probe.detail
    assert "tesseract-ocr-xyz" in probe.install


def test_language_data_is_found_in_given_folders(tmp_path: Path) -> None:
    (tmp_path / "script").mkdir()
    for name in ("vie", "script/Vietnamese"):
        (tmp_path / f"{name}.traineddata").write_bytes(b"x")
    found = tesseract.language_data((tmp_path,))
    assert found["vie"] == tmp_path / "vie.traineddata"
    assert "script/Vietnamese" in found


def test_probe_is_ok_only_when_new_enough() -> None:
    assert not Probe("a", "/usr/bin/a", "1.0", "2.0", "apt-get install a").ok
    assert Probe("a", "/usr/bin/a", "2.0", "2.0", "apt-get install a").ok
