from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from commands.exit_codes import ExitCode
from commands.main import build_app
from tests.workers.drawn import act, leaning
from tests.workers.steps.test_barcodes import qr, with_code, worn
from workers.classify.separators import Separator, is_separator
from workers.limits import Limits
from workers.ocr.engine import OcrEngine
from workers.ocr.factory import make_engine
from workers.page import BarcodeKind, PageOutcome, Pixels
from workers.pipeline import read_page
from workers.report import Source, scan_json
from workers.steps.barcodes import find_barcodes
from workers.steps.decode import open_document

KEY = "H56/2025 số 17"
LIMITS = Limits()


def call(out: Path, *words: str) -> Result:
    return CliRunner().invoke(build_app("separators"), ["separators", "--out", str(out), *words])


def drawn(pdf: Path, dpi: int = 200) -> list[Pixels]:
    document = pypdfium2.PdfDocument(pdf)
    pages = [np.array(page.render(scale=dpi / 72).to_pil().convert("RGB"), np.uint8) for page in document]
    document.close()
    return pages


@pytest.fixture(scope="module")
def engine() -> Iterator[OcrEngine]:
    made = make_engine("tesserocr")
    yield made
    made.close()


def read(folder: Path, pixels: Pixels, engine: OcrEngine) -> PageOutcome:
    path = folder / "page.png"
    Image.fromarray(pixels).save(path, dpi=(200, 200))
    outcome = read_page(open_document(path, LIMITS), 1, engine, LIMITS)
    assert outcome.failure is None
    return outcome


@pytest.mark.parametrize(("lean", "turn"), [(0.0, 0), (2.5, 2)])
def test_a_printed_and_worn_sheet_is_known_again(tmp_path: Path, engine: OcrEngine, lean: float, turn: int) -> None:
    out = tmp_path / "sheets.pdf"
    assert call(out, "--type", "giay_khai_sinh", "--key", KEY).exit_code == 0
    (sheet,) = drawn(out)
    page = worn(np.ascontiguousarray(np.rot90(leaning(sheet, lean), turn)), blur=1.1, noise=9, quality=45, fade=0.3)
    outcome = read(tmp_path, page, engine)
    assert is_separator(outcome) == Separator("giay_khai_sinh", KEY)
    # In page space: where the code lies once the page is set straight.
    (code,) = [code for code in outcome.barcodes if code.kind is BarcodeKind.QR]
    assert outcome.placement is not None
    assert outcome.placement.rotation == 90 * turn
    printed = next(code for code in find_barcodes(sheet, 200) if code.kind is BarcodeKind.QR)
    middle, wanted = ((box[0] + box[2]) / 2 for box in (code.box, printed.box))
    assert middle - outcome.width / 2 == pytest.approx(wanted - sheet.shape[1] / 2, abs=12)
    told = scan_json(Source("a.png", "", 1, "image/png"), [outcome], ())["pages"][0]["barcodes"]
    assert {"kind": "qr", "text": code.text, "box": list(code.box)} in told


def test_a_document_that_shows_such_a_code_is_no_sheet(tmp_path: Path, engine: OcrEngine) -> None:
    outcome = read(tmp_path, with_code(qr("DGZ1:SEP", 140), 150, 200, 200), engine)
    assert [code.text for code in outcome.barcodes] == ["DGZ1:SEP"]
    assert is_separator(outcome) is None


def test_a_page_with_a_code_alone_is_looked_at_though_it_seems_blank(tmp_path: Path, engine: OcrEngine) -> None:
    page = np.full_like(act().pixels, 252)
    page[200:290, 200:290] = cv2.cvtColor(qr("17", 90), cv2.COLOR_GRAY2RGB) // 4 + 180  # paler than ink
    outcome = read(tmp_path, page, engine)
    assert outcome.blank
    assert [code.text for code in outcome.barcodes] == ["17"]


def test_sheets_of_all_kinds(tmp_path: Path) -> None:
    out = tmp_path / "sheets.pdf"
    assert call(out, "--count", "3").exit_code == 0
    assert [[code.text for code in find_barcodes(page, 200)] for page in drawn(out)] == [["DGZ1:SEP"] * 2] * 3
    first = out.read_bytes()
    assert call(out, "--count", "3").exit_code == 0
    assert out.read_bytes() == first
    assert call(out, "--key", "1", "--key", "2", "--count", "2").exit_code == 0
    keys = [find_barcodes(page, 200)[0].text.rsplit("=")[-1] for page in drawn(out)]
    assert keys == ["1", "1", "2", "2"]
    long = "Quyển số 1, " * 9
    assert call(out, "--key", long.strip()).exit_code == 0
    (code,) = find_barcodes(drawn(out)[0], 200)  # too long for bars
    assert code.kind is BarcodeKind.QR


def test_sheets_from_a_list(tmp_path: Path) -> None:
    out, sheet = tmp_path / "sheets.pdf", tmp_path / "danh_muc.csv"
    sheet.write_text("Mã,Loại giấy tờ\nA/1,giay_khai_sinh\nA/2,\n", encoding="utf-8")
    assert call(out, "--from", str(sheet)).exit_code == 0
    said = [find_barcodes(page, 200)[0].text for page in drawn(out)]
    assert said == ["DGZ1:SEP;type=giay_khai_sinh;key=A/1", "DGZ1:SEP;key=A/2"]


def test_mistakes_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    out, sheet = tmp_path / "sheets.pdf", tmp_path / "danh_muc.csv"
    wrong = call(out, "--type", "giay_la")
    assert (wrong.exit_code, "giay_la" in wrong.stderr) == (ExitCode.USAGE, True)
    assert call(out, "--key", "x" * 121).exit_code == ExitCode.USAGE
    assert call(out, "--count", "2000", "--key", "1", "--key", "2").exit_code == ExitCode.USAGE
    sheet.write_text("Mã,Loại giấy tờ\nA/1,giay_la\nA/2,\n", encoding="utf-8")
    refused = call(out, "--from", str(sheet))
    assert (refused.exit_code, "row 2" in refused.stderr) == (ExitCode.REFUSED, True)
    sheet.write_text("Mã,Loại giấy tờ\nA/1,đơn / tờ khai\n" + "x" * 121 + ",\n", encoding="utf-8")
    refused = call(out, "--from", str(sheet))
    assert refused.exit_code == ExitCode.REFUSED
    places = [line.partition(":")[0] for line in refused.stderr.splitlines()]
    assert places == ["dòng/row 2, Loại giấy tờ", "dòng/row 3, Mã"]
    assert call(out, "--from", str(sheet), "--key", "1").exit_code == ExitCode.USAGE
    sheet.write_text("Tên\nA\n", encoding="utf-8")
    assert call(out, "--from", str(sheet)).exit_code == ExitCode.REFUSED
    assert not out.exists()
