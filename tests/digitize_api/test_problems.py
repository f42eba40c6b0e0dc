from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from digitize_api.arranging import routes as arranging
from digitize_api.auth import routes as auth
from digitize_api.batches import routes as batches
from digitize_api.catalog import routes as catalog
from digitize_api.components import routes as components
from digitize_api.dossiers import routes as dossiers
from digitize_api.examples import answers
from digitize_api.handover import routes as handover
from digitize_api.inventory import exception_routes as inventory_exceptions
from digitize_api.inventory import routes as inventory
from digitize_api.language import negotiate
from digitize_api.quality import routes as quality
from digitize_api.reports import routes as reports
from digitize_api.results import routes as results
from digitize_api.review import routes as review
from digitize_api.scans import routes as scans
from digitize_api.webhooks import routes as webhooks
from models.errors import DigitizeError, catalogue
from models.settings import sqlite_url
from scripts import error_docs
from storage.filesystem import FilesystemStore
from storage.objects import StoreUnavailable
from tests.digitize_api.api import PDF, Api, running_api
from tests.digitize_api.test_upload import post

MEMBERS = {"type", "title", "status", "detail", "code", "advice", "request_id", "retryable"}


def test_the_shape(api: Api) -> None:
    answer = api.station().get("/api/v1/scans/none", headers={"X-Request-ID": "abc-12345678"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json()
    assert set(problem) == MEMBERS
    assert problem["type"] == "/errors#NOT_FOUND"
    assert (problem["title"], problem["status"], problem["code"]) == ("Không tìm thấy", 404, "NOT_FOUND")
    assert problem["request_id"] == answer.headers["x-request-id"] == "abc-12345678"
    assert set(problem["advice"]) == {"vi", "en"}
    assert '<tr id="NOT_FOUND">' in api.client().get("/errors").text, "where `type` points"


@pytest.mark.parametrize(
    ("headers", "query", "title"),
    [
        ({}, "", "Không tìm thấy"),
        ({"Accept-Language": "en-GB,en;q=0.9"}, "", "Not found"),
        ({"Accept-Language": "fr, vi;q=0.5, en;q=0.4"}, "", "Không tìm thấy"),
        ({"Accept-Language": "en"}, "?lang=vi", "Không tìm thấy"),
        ({}, "?lang=en", "Not found"),
        ({}, "?lang=xx", "Không tìm thấy"),
    ],
)
def test_language(api: Api, headers: dict[str, str], query: str, title: str) -> None:
    assert api.station().get(f"/api/v1/scans/none{query}", headers=headers).json()["title"] == title


def test_negotiation() -> None:
    assert negotiate("") == "vi"
    assert negotiate("en;q=0.2, vi;q=0.3") == "vi"
    assert negotiate("en;q=x") == "vi"
    assert negotiate("en;q=0") == "vi"
    assert negotiate("," * 1000 + "en") == "vi", "no more of it is read than anybody means"


def test_the_frameworks_own_refusals_are_problems_too(api: Api) -> None:
    station = api.station()
    assert station.get("/no/such/path").json()["code"] == "NOT_FOUND"
    answer = station.put("/api/v1/dossiers", json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"]
    bad = station.post("/api/v1/dossiers", content=b"{", headers={"Content-Type": "application/json"})
    assert (bad.status_code, bad.json()["code"]) == (422, "INVALID_REQUEST")


def test_fields_are_named_and_values_never_repeated(api: Api) -> None:
    body = {"title": "x" * 301, "holder": {"id_number": "001203004567 bí mật", "birth_date": "31/12/2000", "nope": 1}}
    answer = api.station().post("/api/v1/dossiers", json=body)
    problem = answer.json()
    assert problem["code"] == "INVALID_REQUEST"
    assert {error["field"] for error in problem["errors"]} == {
        "body.title",
        "body.holder.id_number",
        "body.holder.birth_date",
        "body.holder.nope",
    }
    assert {"field": "body.title", "message": "Dài quá 300 ký tự."} in problem["errors"]
    assert "001203004567" not in answer.text
    english = api.station().post("/api/v1/dossiers?lang=en", json=body).json()
    assert {"field": "body.title", "message": "Longer than 300 characters."} in english["errors"]


def test_our_defect_says_nothing_of_itself(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("models.scans.load_dossier", broken)
    answer = api.station().get("/api/v1/dossiers/x")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL")
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert "secret of the inside" in capsys.readouterr().out, "the log has it"


def test_a_store_that_is_away_is_503_and_nothing_is_lost(tmp_path: Path) -> None:
    class Away(FilesystemStore):
        def put_original(self, *_: Any, **__: Any) -> Any:
            raise StoreUnavailable("no disk")

    with running_api(tmp_path, sqlite_url(tmp_path), store=Away(tmp_path / "away")) as api:
        station = api.station()
        answer = post(station, api.dossier(station), PDF)
        assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (503, "UNAVAILABLE", True)
        assert int(answer.headers["retry-after"]) > 0
        assert api.rings == []


def test_body_limit(tmp_path: Path) -> None:
    with running_api(tmp_path, sqlite_url(tmp_path), max_body_bytes=1000) as api:
        station = api.station()
        long = json.dumps({"title": "x" * 2000}).encode()
        headers = {"Content-Type": "application/json"}
        for content in (long, iter([long[:500], long[500:]])):
            answer = station.post("/api/v1/dossiers", content=content, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")
        assert station.post("/api/v1/dossiers", json={"title": "x"}).status_code == 201


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space here", "<script>alert(1)</script>"])
def test_a_strange_request_id_is_replaced(api: Api, given: str) -> None:
    answer = api.client().get("/livez", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 32


def test_the_log_has_no_secrets_and_no_personal_data(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    station = api.station()
    station.get("/api/v1/results", params={"q": "Nguyễn Thị Mẫu", "holder_id": "001203004567"})
    station.post("/api/v1/dossiers", json={"holder": {"id_number": "001203004567", "name": "Nguyễn Thị Mẫu"}})
    api.person()
    logged = capsys.readouterr().out
    assert "/api/v1/results" in logged
    assert "station:may-quet-1" in logged
    for secret in ("Nguyễn", "001203004567", api.keys["may-quet-1"], "mật khẩu", "q="):
        assert secret not in logged


def test_security_headers(api: Api) -> None:
    for path in ("/login", "/livez", "/api/v1/dossiers", "/static/css/base.css"):
        headers = api.client().get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "server" not in headers
    page = api.client().get("/login").headers
    assert page["cache-control"] == "private, no-store"
    assert "immutable" in api.client().get("/static/css/base.css?v=1").headers["cache-control"]


def test_openapi_lists_the_codes_of_each_route(api: Api) -> None:
    document = api.client().get("/openapi.json").json()
    assert api.client().get("/docs").status_code == 404
    known = {kind.code: kind for kind in catalogue()}
    seen: set[str] = set()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"]
            if not path.startswith("/api/"):
                continue
            codes: set[str] = set()
            for status, response in operation["responses"].items():
                content = response.get("content", {}).get("application/problem+json")
                if content is None:
                    continue
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                for code, example in content["examples"].items():
                    assert known[code].status == int(status), (path, method, code)
                    assert set(example["value"]) == MEMBERS
                    codes.add(code)
            assert {"INTERNAL", "INVALID_REQUEST", "NOT_AUTHENTICATED"} <= codes, (path, method)
            seen |= codes
    upload = document["paths"]["/api/v1/dossiers/{code}/scans"]["post"]
    assert "multipart/form-data" in upload["requestBody"]["content"]
    assert {"400", "409", "413", "415", "422", "503"} <= set(upload["responses"])
    assert "HTTPValidationError" not in json.dumps(document)
    # What the pipeline finds out later ends a scan or a page, never a request.
    later = {
        "CORRUPT_FILE",
        "ENCRYPTED_PDF",
        "NO_PAGES",
        "TOO_MANY_PAGES",
        "TOO_MANY_PIXELS",
        "PROCESSING_LIMIT",
        "MISSING_PROGRAM",
        "PAGE_FAILED",
        "PAGE_CRASHED",
        "METHOD_NOT_ALLOWED",
        "SECRET_MATERIAL",
        *(
            "PACKAGE_MALFORMED",
            "PACKAGE_DAMAGED",
            "PACKAGE_UNSAFE",
            "PACKAGE_TOO_LARGE",
            "PACKAGE_CONFLICT",
        ),  # of commands
        "INVALID_CATALOG",  # stops a service before it listens
        "STALE_FORM",  # of pages alone
        # Of a batch's sources: an item says so.
        "UNSAFE_ARCHIVE",
        "ARCHIVE_LIMIT",
        "NESTED_ARCHIVE",
        "ENCRYPTED_ARCHIVE",
        "UNEVEN_SIDES",
        "KEY_TAKEN",
        "SOURCE_CHANGED",
        "SOURCE_GONE",
        "HINDERED",  # what steps and reuse refuse with is a kind of it
    }
    assert set(known) - seen <= later, "a code that no route documents"


def test_openapi_shows_an_answer_of_each_route(api: Api) -> None:
    """Of each route that answers JSON: as its own model reads it and writes it again, so nothing is missing and nothing unknown."""
    document = api.client().get("/openapi.json").json()
    models = {
        (method.lower(), route.path): route.response_model
        for router in (
            auth.router,
            dossiers.router,
            scans.router,
            arranging.router,
            components.router,
            review.router,
            results.router,
            reports.router,
            handover.router,
            webhooks.router,
            inventory.router,
            inventory_exceptions.router,
            batches.router,
            quality.router,
            catalog.router,
        )
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    shown = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                content = response.get("content", {}).get("application/json")
                if path.startswith("/api/") and status.startswith("2") and content is not None:
                    adapter = TypeAdapter(models[method, path])
                    example = content["example"]
                    assert adapter.dump_python(adapter.validate_python(example), mode="json") == example, path
                    shown += 1
    assert shown >= len(answers())


def test_docs_are_in_step() -> None:
    assert error_docs.main(["--check"]) == 0, "run: python -m scripts.error_docs"
    text = error_docs.TARGET.read_text()
    for kind in catalogue():
        assert f"`{kind.code}`" in text
        assert issubclass(kind, DigitizeError)
