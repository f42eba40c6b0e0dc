"""A dossier's PDFs as a ZIP, and its timeline."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from models.database import transaction
from models.entities import Component, Event, Role
from tests.digitize_api.api import PDF, Api
from tests.digitize_api.test_pages import HOLDER, read_paper, told
from tests.digitize_api.test_warehouse_page import marriage


def test_the_zip_of_a_dossier(api: Api, tmp_path: Path) -> None:
    _, held = marriage(api)
    clerk = api.person()
    code = api.dossier(clerk, procedure="2.001263", holder=HOLDER)
    assert clerk.get(f"/api/v1/dossiers/{code}/papers.zip").json()["code"] == "NOT_READY"
    assert "papers.zip" not in clerk.get(f"/ho-so/{code}").text
    first = read_paper(api, code, 60, paper_type="to_khai", paper_type_score=0.95, fields={})
    second = read_paper(api, code, 120, paper_type=None, fields={})
    used = {"dossier": code, "slot": "tinh_trang_hon_nhan"}
    assert clerk.post(f"/api/v1/results/{held}/reuse", json=used).status_code == 201
    assert f'href="/api/v1/dossiers/{code}/papers.zip"' in clerk.get(f"/ho-so/{code}").text
    answer = clerk.get(f"/api/v1/dossiers/{code}/papers.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="{code}.zip"'
    assert "content-length" not in answer.headers, "streamed: nobody knows its length before its end"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    manifest = json.loads(archive.read(f"{code}/manifest.json"))
    names = ["01-to_khai.pdf", "02-khac.pdf", "03-giay_chung_nhan_ket_hon.pdf"]
    assert [file["name"] for file in manifest["files"]] == names
    assert [file["component"] for file in manifest["files"]] == [first, second, held]
    assert [file["reused"] for file in manifest["files"]] == [False, False, True]
    assert manifest["files"][2]["code"] == f"test.{held}.01"
    assert (manifest["schema"], manifest["dossier"]) == ("digitize.dossier-zip/1", code)
    assert HOLDER["id_number"] not in json.dumps(manifest)
    for file in manifest["files"]:
        content = archive.read(f"{code}/{file['name']}")
        assert content == PDF
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["bytes"] == len(content)
    archive.extractall(tmp_path)
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path / code, check=True)
    with api.sessions() as session:
        looked = session.scalars(select(Event).where(Event.kind == "viewed"))
        assert {event.component_id for event in looked if event.data["what"] == "zip"} == {first, second, held}


def test_a_damaged_file_breaks_the_download_off(api: Api) -> None:
    code = api.dossier(api.station())
    paper = read_paper(api, code)
    with transaction(api.sessions) as session:
        session.get_one(Component, paper).pdf_sha256 = "0" * 64
    with pytest.raises(Exception, match=r"incomplete|closed|peer"):
        api.person().get(f"/api/v1/dossiers/{code}/papers.zip")


def test_the_timeline_of_a_dossier(api: Api) -> None:
    code, paper = marriage(api)
    head = api.person(Role.SUPERVISOR)
    head.post(f"/api/v1/results/{paper}/hand-over")
    page = head.get(f"/ho-so/{code}").text
    story = told(page.split('id="history"')[1].split("</section>")[0])
    assert story.index("Đã trả kết quả cho công dân") < story.index("Bản quét: Xong") < story.index(f"Mở hồ sơ {code}")
    assert "Trạm may-H56.14" in story
    assert "Đang đọc" not in story
    assert f"/nhat-ky?ho-so={code}" in page
    assert "/nhat-ky" not in api.person().get(f"/ho-so/{code}").text
