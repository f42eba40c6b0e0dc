from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog import CodeTemplate, default_catalog
from models.rules.codes import CodeError, code_of, code_prefix
from models.vietnamese.dossier_codes import parse_dossier_code


def template(identifier: str) -> CodeTemplate:
    found = default_catalog().code_template(identifier, date(2026, 11, 21))
    assert found is not None
    return found


RESULT, OTHER = template("result"), template("other")
OWNER = "079200000123"


def test_r22_the_default_of_a_result() -> None:
    values = {"dinh_danh": OWNER, "ma_loai_ket_qua": "KQ.G15.000031", "so_ky_hieu": "12/2023"}
    assert code_of(RESULT, code_prefix(RESULT, values), 1) == "079200000123.KQ.G15.000031.12/2023.01"


def test_r22_the_default_of_another_paper() -> None:
    values = {"dinh_danh": OWNER, "ma_tthc": "1.001193", "ma_giay_to": "to_khai"}
    assert code_of(OTHER, code_prefix(OTHER, values), 7) == "079200000123.1.001193.to_khai.07"


def test_r22_the_parts_are_named() -> None:
    assert RESULT.parts == ("dinh_danh", "ma_loai_ket_qua", "so_ky_hieu", "nn")


def test_r22_a_blank_owner_keeps_its_empty_place() -> None:
    assert code_prefix(RESULT, {"ma_loai_ket_qua": "KQ.G15.000031", "so_ky_hieu": "5"}) == ".KQ.G15.000031.5."
    assert code_prefix(RESULT, {"dinh_danh": None}) == "..."


def test_r22_the_serial_grows_and_never_wraps() -> None:
    assert [code_of(OTHER, "p.", serial) for serial in (1, 99, 100, 12345)] == ["p.01", "p.99", "p.100", "p.12345"]
    with pytest.raises(CodeError):
        code_of(OTHER, "p.", 0)


def test_r22_a_code_has_room_in_its_column() -> None:
    with pytest.raises(CodeError, match="200"):
        code_of(RESULT, "x" * 199, 1)


@given(st.text(max_size=30), st.text(max_size=30))
def test_r22_no_code_holds_white_space(number: str, owner: str) -> None:
    prefix = code_prefix(RESULT, {"dinh_danh": owner, "so_ky_hieu": number})
    assert not any(letter.isspace() for letter in prefix)


def test_r23_the_result_of_a_dossier() -> None:
    result = template("dossier_result")
    code = code_of(result, code_prefix(result, {"ma_ho_so": "H56.14-240823-0001"}), 1)
    assert code == "H56.14-240823-0001-KQ1"
    read = parse_dossier_code(code)
    assert read is not None
    assert (read.code, read.result) == ("H56.14-240823-0001", 1)
