"""``digitize scan`` as a user runs it: files in, files and an exit code out."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image

from tests.workers.drawn import act, act_text, error_rate


def digitize(*arguments: str | Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "commands", "scan", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


def page(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(act(150).pixels).save(path, dpi=(150, 150))
    return path


def test_a_folder_with_good_and_bad_files(tmp_path: Path) -> None:
    inputs, out = tmp_path / "in", tmp_path / "out"
    page(inputs / "a.png")
    page(inputs / "a.jpg")
    (inputs / "hỏng.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (inputs / "trống.jpg").write_bytes(b"")
    done = digitize(inputs, "--out", out, "--jobs", "1")
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 4
    names = {path.name for path in out.iterdir()}
    assert names == {"a.pdf", "a.json", "a-2.pdf", "a-2.json", "hỏng.json", "trống.json"}
    assert json.loads((out / "a.json").read_text())["source"]["name"] == "a.jpg"
    assert json.loads((out / "trống.json").read_text())["refused"]["code"] == "EMPTY_FILE"
    good = json.loads((out / "a-2.json").read_text())
    assert good["source"]["name"] == "a.png"
    assert error_rate(act_text(), good["pages"][0]["text"]) < 0.05


def test_no_pdf_and_results_beside_the_inputs(tmp_path: Path) -> None:
    source = page(tmp_path / "scan.png")
    pdf = tmp_path / "scan.pdf"
    Image.fromarray(act(100).grey).save(pdf, resolution=100)
    before = pdf.read_bytes()
    done = digitize(source, pdf, "--out", tmp_path, "--no-pdf", "-j", "1")
    assert done.returncode == 0, done.stderr
    assert pdf.read_bytes() == before
    assert {path.name for path in tmp_path.glob("*.json")} == {"scan-2.json", "scan-3.json"}


def test_usage_and_missing_data(tmp_path: Path) -> None:
    assert digitize(tmp_path / "absent.png", "--out", tmp_path / "o").returncode == 2
    assert digitize(page(tmp_path / "p.png")).returncode == 2
    missing = digitize(tmp_path / "p.png", "--out", tmp_path / "o", "--languages", "xyz")
    assert missing.returncode == 5
    assert "MISSING_PROGRAM" in missing.stderr
    assert "digitize doctor" in missing.stderr


def test_ctrl_c_leaves_nothing_half_done(tmp_path: Path) -> None:
    page = act(150).pixels
    pages = []
    for number in range(31):  # no two alike: a repeated page would not be read again, and all be done too soon
        page[0, :, ...] = number
        pages.append(Image.fromarray(page.copy()))
    source = tmp_path / "long.tif"
    pages[0].save(source, save_all=True, append_images=pages[1:], dpi=(150, 150))
    out = tmp_path / "out"
    command = [sys.executable, "-m", "commands", "scan", str(source), "--out", str(out), "-j", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not out.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(2)  # reading has begun
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert list(out.iterdir()) == []
