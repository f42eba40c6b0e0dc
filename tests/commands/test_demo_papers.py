"""What the demo shows and does with a paper, against a served front door."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from commands.demo_papers import Read, answers, on_paper, said, show_papers, show_reuse
from commands.officer_client import OfficerClient, Refused
from models.database import transaction
from models.entities import Component, Role
from models.settings import sqlite_url
from tests.digitize_api.api import PASSWORD, Api, jpeg, running_api
from tests.digitize_api.test_upload import post
from tests.models.papers import MARRIAGE

HOLDER = {"kind": "person", "id_number": "079200000123", "name": "Nguyễn Thị Mẫu", "birth_date": "1990-02-03"}
TEXT = "Họ, chữ đệm, tên vợ:\nNGUYỄN THỊ MẪU\nHọ, chữ đệm, tên chồng: TRẦN VĂN THỬ\nNơi đăng ký kết hôn: UBND xã Mẫu"
TRUTH = {
    "components": [{"pages": [1], "fields": {"number": {"value": "12/2023"}, "valid_until": {"value": None}}}],
    "pages": [{"number": 1, "text": TEXT}],
}


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with running_api(tmp_path / "data", sqlite_url(tmp_path / "data")) as served:
        yield served


@pytest.fixture
def officer(api: Api) -> Iterator[OfficerClient]:
    api.account("can.bo", Role.CLERK)
    with OfficerClient(api.url, "can.bo", PASSWORD) as signed_in:
        yield signed_in


def read(api: Api, officer: OfficerClient, path: Path, **values: Any) -> Read:
    """A paper in a new dossier of the holder, as read from a file at ``path``."""
    code = officer.create_dossier({"procedure": "1.001193", "title": "Đăng ký khai sinh", "holder": HOLDER})
    station = api.station()
    scan = post(station, code, jpeg(), key=code).json()["id"]
    made = api.read(scan, ["Giấy tờ"])
    with transaction(api.sessions) as session:
        component = session.get_one(Component, made)
        for name, value in ({"paper_type": "giay_chung_nhan_ket_hon", "fields": MARRIAGE} | values).items():
            setattr(component, name, value)
    return Read(code, "Đăng ký khai sinh", path, station.get(f"/api/v1/scans/{scan}").json(), 1.0)


def screen() -> Console:
    return Console(file=io.StringIO(), width=200, highlight=False)


def text_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_result_goes_from_reading_to_another_dossier(api: Api, officer: OfficerClient, tmp_path: Path) -> None:
    """What the machine left open is read off the paper, what it doubts is corrected or confirmed, and then it is used again."""
    paper = tmp_path / "ket_hon.jpg"
    (tmp_path / "ket_hon.jpg.truth.json").write_text(json.dumps(TRUTH, ensure_ascii=False))
    fields = MARRIAGE | {
        "number": MARRIAGE["number"] | {"value": "72/2023", "doubt": "UNSURE"},
        "husband_name": {"value": None, "reason": "EMPTY"},
        "issuer": MARRIAGE["issuer"] | {"doubt": "MENDED"},
    }
    item, shown = read(api, officer, paper, fields=fields, attributes=["sao_y"]), screen()
    assert show_reuse(shown, officer, [item], tmp_path)
    text = text_of(shown)
    assert "Chưa được: Trang có dấu bản sao" in text
    assert "Chưa được: Họ tên chồng: Trường này chưa có giá trị" in text
    assert "nhập Họ tên chồng = TRẦN VĂN THỬ" in text
    assert "nhập Số, ký hiệu = 12/2023" in text
    assert "xác nhận Cơ quan cấp, ban hành" in text
    assert "chưa yêu cầu ký số" in text
    assert "079200000123.KQ.G15.000032.12/2023.01" in text
    assert "Đã có trong kho" in text
    assert "Dùng lại từ kho" in text
    assert "Còn thiếu" in text
    [slip] = tmp_path.glob("*-bo-sung.pdf")
    assert slip.read_bytes().startswith(b"%PDF-")


def test_without_the_true_paper_nobody_answers_for_it(api: Api, officer: OfficerClient, tmp_path: Path) -> None:
    item, shown = read(api, officer, tmp_path / "a.jpg", fields={}), screen()
    assert show_reuse(shown, officer, [item], tmp_path)
    assert "Cần người xem giấy tờ" in text_of(shown)
    other, shown = read(api, officer, tmp_path / "b.jpg", paper_type="don"), screen()
    assert show_reuse(shown, officer, [other], tmp_path)
    assert "không trình diễn" in text_of(shown)


def test_the_table_says_type_score_fields_and_doubts(api: Api, officer: OfficerClient, tmp_path: Path) -> None:
    fields = MARRIAGE | {"number": None, "issuer": MARRIAGE["issuer"] | {"doubt": "NO_PLACE"}}
    item, shown = read(api, officer, tmp_path / "a.jpg", fields=fields, paper_type_score=0.4), screen()
    refused = Read(item.dossier, "", tmp_path / "b.pdf", item.scan | {"state": "refused", "components": []}, 1.0)
    show_papers(shown, officer, [item, refused])
    text = text_of(shown)
    for part in (
        "Giấy chứng nhận kết hôn",
        "0,40 ?",
        "02/05/2023",
        "thiếu địa danh",
        "– không thấy trên giấy",
        "refused",
    ):
        assert part in text, part


def test_a_refusal_carries_its_reasons(api: Api, officer: OfficerClient, tmp_path: Path) -> None:
    item = read(api, officer, tmp_path / "a.jpg", fields={})
    with pytest.raises(Refused) as refused:
        officer.take_on(item.scan["components"][0]["id"], 1, "stored")
    assert refused.value.code == "STEP_BLOCKED"
    assert {reason["code"] for reason in refused.value.reasons} == {"FIELD_MISSING"}


COMPONENT = {
    "paper_type": {"id": "giay_chung_nhan_ket_hon", "score": 0.9},
    "pages": [{"scan_page": 1}],
    "fields": {"number": {"value": "12/2023"}, "wife_name": {"value": "Nguyễn Thị Mẫu"}},
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", "12/2023"),
        ("wife_name", "NGUYỄN THỊ MẪU"),
        ("issuer", "UBND xã Mẫu"),
        ("issued_on", None),
        ("no", None),
    ],
)
def test_the_officer_reads_the_drawn_paper(name: str, value: str | None) -> None:
    assert on_paper(name, COMPONENT, TRUTH) == value
    assert on_paper(name, COMPONENT | {"pages": [{"scan_page": 2}]}, TRUTH) is None


def test_only_what_the_paper_settles_is_answered() -> None:
    missing, doubtful = {"code": "FIELD_MISSING"}, {"code": "FIELD_DOUBTFUL"}
    reasons = [doubtful | {"field": "wife_name"}, doubtful | {"field": "number"}, missing | {"field": "issued_on"}]
    review = answers(reasons, COMPONENT, TRUTH)
    assert review["confirmed"] == ["wife_name", "number"]
    assert review["absent"] == ["issued_on"]
    assert "fields" not in review
    assert answers([*reasons, {"code": "EXCLUDED"}], COMPONENT, TRUTH) == {}
    assert answers(reasons, COMPONENT, {}) == {}


def test_an_unknown_type_says_what_was_read() -> None:
    component = {"paper_type": None, "fields": {"number": {"value": "1/QĐ"}, "issued_on": {"value": "bad"}}}
    assert said(component, {}).plain == "Số, ký hiệu: 1/QĐ · Ngày cấp, ban hành: bad"
