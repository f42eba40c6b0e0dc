from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from sample_scans import generate_pages
from sample_scans.__main__ import draw_set, main
from sample_scans.dossiers import DOSSIERS, manifest
from sample_scans.files import encode
from sample_scans.layout import fonts
from sample_scans.table import README, table, with_table
from tests.paths import SAMPLES

SET = SAMPLES / "set"
LIMIT = 12 * 1024 * 1024
NAMES = [file.name for dossier in DOSSIERS for file in dossier.files]

PRINT_PIXELS = """
import hashlib
from sample_scans import generate, WEARS
for wear in sorted(WEARS):
    sample = generate("giay_uy_quyen", 5, wear, dpi=80)
    print(wear, hashlib.sha256(sample.image.tobytes()).hexdigest(), hash(sample.truth.matrix))
"""


def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SET / f"{name}.truth.json").read_text(encoding="utf-8"))
    return found


def test_the_set_is_whole_and_small_enough() -> None:
    expected = {"manifest.json", *NAMES, *(f"{name}.truth.json" for name in NAMES)}
    assert {path.name for path in SET.iterdir()} == expected
    assert 20 <= len(NAMES) <= 30
    assert sum(path.stat().st_size for path in SET.iterdir()) <= LIMIT


@pytest.mark.slow
def test_redrawing_gives_the_same_bytes(tmp_path: Path) -> None:
    draw_set(tmp_path)
    different = [
        path.name for path in sorted(SET.iterdir()) if (tmp_path / path.name).read_bytes() != path.read_bytes()
    ]
    assert not different, f"run make samples, look at the change, and commit it: {different}"


@pytest.mark.slow
def test_an_older_processor_draws_the_same_pixels() -> None:
    """OpenCV and numpy without AVX: what their faster kernels round differently must not be used."""
    older = {
        "OPENCV_CPU_DISABLE": "AVX2,AVX,FP16",
        "OPENCV_IPP": "disabled",
        "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX",
        "OPENBLAS_CORETYPE": "Prescott",
    }
    prints = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PRINT_PIXELS],
            env={**os.environ, **more},
            cwd=SAMPLES.parent,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for more in ({}, older)
    ]
    assert prints[0] == prints[1] != ""


def test_the_readme_table_is_in_step() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_table(text) == text
    for name in NAMES:
        assert f"`{name}`" in table()


def test_the_manifest_lists_every_file_once() -> None:
    written = json.loads((SET / "manifest.json").read_text(encoding="utf-8"))
    assert written == manifest()
    assert [name for entry in written for name in entry["files"]] == NAMES
    for entry in written:
        assert set(entry["dossier"]) == {"procedure", "title", "holder"}
        assert entry["dossier"]["holder"]["id_number"][6:9] == "999"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_opens_and_agrees_with_its_truth(name: str) -> None:
    told, path = truth(name), SET / name
    assert told["schema"] == "digitize.truth/1"
    assert told["file"] == name
    sizes = page_sizes(path)
    assert [(page["width"], page["height"]) for page in told["pages"]] == sizes
    for page in told["pages"]:
        assert page["blank"] == (not page["text"])
        assert page["text"] == "\n".join(line["text"] for line in page["lines"])
        for line in page["lines"]:
            assert line["text"] == " ".join(word["text"] for word in line["words"])
            for word in line["words"]:
                x0, y0, x1, y1 = word["box"]
                assert 0 <= x0 < x1 <= page["width"]
                assert 0 <= y0 < y1 <= page["height"]
    numbers = [number for part in told["components"] for number in part["pages"]]
    assert numbers == [page["number"] for page in told["pages"] if not page["blank"]]


def page_sizes(path: Path) -> list[tuple[int, int]]:
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(path)
        try:
            images = [next(iter(page.get_objects(filter=(3,)))) for page in document]
            return [(int(size[0]), int(size[1])) for size in (image.get_px_size() for image in images)]
        finally:
            document.close()
    with Image.open(path) as image:
        sizes = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            sizes.append((image.width, image.height))
        return sizes


def test_the_set_holds_every_form_a_station_sends() -> None:
    assert {Path(name).suffix for name in NAMES} == {".jpg", ".png", ".tif", ".pdf"}
    wears = {page["wear"] for name in NAMES for page in truth(name)["pages"]}
    assert wears >= {
        "scan",
        "photo",
        "rotated",
        "skewed",
        "bitonal",
        "photocopy",
        "yellow",
        "bleed",
        "stamped",
        "lowres",
    }
    assert any(page["blank"] for name in NAMES for page in truth(name)["pages"])
    with Image.open(SET / "vb_2_ke_hoach.tif") as image:
        assert image.mode == "1"
        assert image.info["compression"] == "group4"
        assert round(image.info["dpi"][0]) == 300


def test_fresh_pages_from_the_command_line(tmp_path: Path) -> None:
    arguments = ["--count", "3", "--seed", "7", "--types", "don", "quyet_dinh", "--wear", "scan", "--dpi", "60"]
    assert main(["--out", str(tmp_path), *arguments]) == 0
    images = sorted(path.name for path in tmp_path.glob("*.jpg"))
    assert images[0] == "00000_don_scan.jpg"
    assert len(images) >= 4, "a decision has two pages"
    assert len(list(tmp_path.glob("*.truth.json"))) == len(images)
    other = tmp_path / "tiff"
    assert main(["--out", str(other), *arguments, "--format", "tif"]) == 0
    assert len(list(other.glob("*.tif"))) == 3


def test_a_missing_typeface_says_which_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    fonts.font_file.cache_clear()
    fonts.font.cache_clear()
    fonts.advance.cache_clear()
    fonts.inked.cache_clear()
    monkeypatch.setattr(fonts, "_KNOWN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    try:
        assert main(["--out", str(tmp_path / "out"), "--count", "1"]) == 5
    finally:
        fonts.font_file.cache_clear()
    assert "apt-get install fonts-croscore" in capsys.readouterr().err


def test_a_jpeg_holds_one_page() -> None:
    pages = generate_pages("quyet_dinh", 1, dpi=50)
    with pytest.raises(ValueError, match="holds one page"):
        encode(pages, ".jpg")
    with Image.open(io.BytesIO(encode(pages, ".tif"))) as image:
        assert getattr(image, "n_frames", 1) == len(pages)
