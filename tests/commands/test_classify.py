"""What ``digitize classify`` says of a paper, and that it says it of a real one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from benchmarks.understanding.reading import as_pdf
from commands.classify import describe
from commands.main import build_app
from models.catalog import default_catalog
from sample_scans.generator import generate_pages

PAPER: dict[str, Any] = {
    "pages": [2, 3],
    "paper_type": {"id": "quyet_dinh", "score": 0.97, "alternatives": []},
    "attributes": ["sao_y"],
    "fields": {
        "issuer": {"value": "UBND XÃ MẪU", "source": "ocr", "confidence": 0.9, "doubt": "UNSURE"},
        "number": None,
    },
    "open_fields": {"number": {"reason": "HANDWRITING", "symbol": "/QĐ-UBND"}},
    "flags": [{"code": "DPI_LOW", "detail": "The resolution is under 200 dpi."}],
}


def test_a_paper_in_lines_for_people() -> None:
    assert describe("a.pdf", PAPER, default_catalog()) == [
        "a.pdf, trang 2-3: Quyết định (quyet_dinh, 0.97) [sao_y]",
        "  issuer               UBND XÃ MẪU  (ocr, 0.90)  ? UNSURE",
        "  number               - …/QĐ-UBND  (HANDWRITING)",
        "  ! DPI_LOW: The resolution is under 200 dpi.",
    ]
    unknown = describe("a.pdf", PAPER | {"paper_type": None, "pages": [1]}, default_catalog())
    assert unknown[0] == "a.pdf, trang 1: chưa rõ loại giấy tờ [sao_y]"


def test_a_drawn_paper_is_typed_and_its_fields_are_told(tmp_path: Path) -> None:
    path = as_pdf(generate_pages("giay_xac_nhan_tinh_trang_hon_nhan", 5, "clean", dpi=150), tmp_path / "a.pdf")
    done = CliRunner().invoke(build_app("classify"), ["classify", "--json", str(path)])
    assert done.exit_code == 0, done.output
    paper = json.loads(done.stdout)
    assert (paper["file"], paper["paper_type"]["id"]) == ("a.pdf", "giay_xac_nhan_tinh_trang_hon_nhan")
    assert all(field is None or field["value"] for field in paper["fields"].values())
