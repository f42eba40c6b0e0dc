from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.errors import MissingProgram
from tests.workers.ocr.reader.onnx_file import tiny_net, write_weights
from workers.ocr.reader.symbols import SYMBOLS
from workers.ocr.reader.weights import load_weights, weights_present


def test_checked_weights_come_with_what_is_known_of_them(tmp_path: Path) -> None:
    weights = load_weights(write_weights(tmp_path))
    assert weights.model == tiny_net()
    assert weights.sha256.startswith(weights.version)
    assert len(weights.version) == 8
    assert weights.trained_lines == 12
    assert weights.calibration(0.5) == pytest.approx(0.4)
    assert weights.tesseract_calibration(0.5) == pytest.approx(0.45)
    assert repr(weights).count("x") < 5  # not a million bytes in a log line


def test_every_altered_byte_is_noticed(tmp_path: Path) -> None:
    file = write_weights(tmp_path) / "reader.onnx"
    data = bytearray(file.read_bytes())
    for place in (0, len(data) // 2, len(data) - 1):
        altered = data.copy()
        altered[place] ^= 1
        file.write_bytes(altered)
        with pytest.raises(MissingProgram, match="altered"):
            load_weights(tmp_path)
    file.write_bytes(data[:-1])
    with pytest.raises(MissingProgram, match="altered"):
        load_weights(tmp_path)


@pytest.mark.parametrize("lost", ["reader.onnx", "reader.json"])
def test_absent_weights_are_told_with_what_to_do(tmp_path: Path, lost: str) -> None:
    assert weights_present(write_weights(tmp_path))
    (tmp_path / lost).unlink()
    assert not weights_present(tmp_path)
    with pytest.raises(MissingProgram, match="install the package again") as raised:
        load_weights(tmp_path)
    assert raised.value.code == "MISSING_PROGRAM"


@pytest.mark.parametrize("changed", [{"symbols": SYMBOLS[1:]}, {"height": 32}, {"stride": 8}])
def test_weights_of_another_make_are_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(MissingProgram, match="other symbols or another frame"):
        load_weights(write_weights(tmp_path, **changed))


@pytest.mark.parametrize(
    "changed", [{"calibration": {"reader": [[0, 1], [1, 0]]}}, {"calibration": [1]}, {"sha256": 5}]
)
def test_facts_that_make_no_sense_are_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(MissingProgram):
        load_weights(write_weights(tmp_path, **changed))
    (tmp_path / "reader.json").write_text("{")
    with pytest.raises(MissingProgram, match=r"reader\.json"):
        load_weights(tmp_path)


def test_a_table_that_is_missing_changes_nothing(tmp_path: Path) -> None:
    weights = load_weights(write_weights(tmp_path, calibration={}))
    assert weights.calibration(0.37) == weights.tesseract_calibration(0.37) == pytest.approx(0.37)
