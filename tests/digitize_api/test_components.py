from __future__ import annotations

import hashlib

import httpx
import pytest
from sqlalchemy import select

from digitize_api.components.ranges import ByteRange, OutsideObject, etag_matches, parse_range
from models.entities import Component, Event, Role
from tests.digitize_api.api import PDF, Api, jpeg
from tests.digitize_api.test_upload import post

ETAG = f'"{hashlib.sha256(PDF).hexdigest()}"'
SIZE = len(PDF)


@pytest.fixture
def component(api: Api) -> str:
    station = api.station()
    code = api.dossier(
        station, title="Đăng ký khai sinh", holder={"id_number": "001203004567", "name": "Nguyễn Thị Mẫu"}
    )
    return api.read(post(station, code, PDF).json()["id"], ["Ủy ban nhân dân xã Mẫu", "trang hai"])


def events(api: Api, kind: str) -> list[Event]:
    with api.sessions() as session:
        return list(session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def test_a_component_and_its_pages(api: Api, component: str) -> None:
    clerk = api.person()
    body = clerk.get(f"/api/v1/components/{component}").json()
    assert (body["title"], body["paper_type"]["id"], body["version"]) == ("Kế hoạch", "ke_hoach", 1)
    assert body["fields"]["number"]["value"] == "383/KH-UBND"
    assert body["holder"]["id_number"] == "001203004567"
    assert [(page["number"], page["scan_page"], page["text"]) for page in body["pages"]] == [
        (1, 1, "Ủy ban nhân dân xã Mẫu"),
        (2, 2, "trang hai"),
    ]
    assert body["pages"][1]["warnings"] == ["BLURRED"]
    image = clerk.get(body["pages"][1]["links"]["image"])
    assert (image.headers["content-type"], image.content) == ("image/jpeg", jpeg(2))
    assert image.headers["cache-control"] == "private, no-store"
    for missing in (0, 3, 99):
        assert clerk.get(f"/api/v1/components/{component}/pages/{missing}.jpg").status_code in {404, 422}
    scan = clerk.get(body["links"]["scan"]).json()
    assert scan["components"][0]["pages"] == [1, 2]
    assert "text" not in scan["pages"][0]
    assert "Ủy ban" not in str(scan)


def test_every_look_is_on_record_once_a_minute(api: Api, component: str) -> None:
    clerk, station = api.person(), api.station()
    for _ in range(3):
        clerk.get(f"/api/v1/components/{component}")
        clerk.get(f"/api/v1/components/{component}/pdf", headers={"Range": "bytes=0-9"})
    clerk.get(f"/api/v1/components/{component}/pages/1.jpg")
    clerk.get(f"/api/v1/components/{component}/pages/2.jpg")
    station.head(f"/api/v1/components/{component}/pdf")
    looks = [(event.actor, event.data.get("what"), event.data.get("page")) for event in events(api, "viewed")]
    assert looks == [
        ("account:clerk-h56.14", "fields", None),
        ("account:clerk-h56.14", "pdf", None),
        ("account:clerk-h56.14", "page", 1),
        ("account:clerk-h56.14", "page", 2),
        ("station:may-quet-1", "pdf", None),
    ]
    assert {event.component_id for event in events(api, "viewed")} == {component}


def pdf(api: Api, component: str, method: str = "GET", **headers: str) -> httpx.Response:
    return api.station().request(method, f"/api/v1/components/{component}/pdf", headers=headers)


def test_the_whole_pdf(api: Api, component: str) -> None:
    answer = pdf(api, component)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["etag"] == ETAG
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == str(SIZE)
    assert answer.headers["content-disposition"].startswith("inline; filename*=UTF-8''H56.14-")
    head = pdf(api, component, "HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(SIZE))


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", PDF[:1]),
        ("bytes=0-99", PDF[:100]),
        ("bytes=100-199", PDF[100:200]),
        (f"bytes={SIZE - 1}-", PDF[-1:]),
        (f"bytes={SIZE - 1}-{SIZE * 10}", PDF[-1:]),
        ("bytes=-1", PDF[-1:]),
        ("bytes=-500", PDF[-500:]),
        (f"bytes=-{SIZE * 10}", PDF),
        ("Bytes=5-9", PDF[5:10]),
        ("bytes= 5-9", PDF[5:10]),
    ],
)
def test_one_range(api: Api, component: str, header: str, part: bytes) -> None:
    answer = pdf(api, component, Range=header)
    assert (answer.status_code, answer.content) == (206, part)
    start = PDF.index(part) if len(part) > 1 else (0 if header == "bytes=0-0" else SIZE - 1)
    assert answer.headers["content-range"] == f"bytes {start}-{start + len(part) - 1}/{SIZE}"
    assert answer.headers["content-length"] == str(len(part))


@pytest.mark.parametrize(
    "header", ["bytes=0-9,20-29", "bytes=9-5", "bytes=-", "bytes=a-b", "lines=1-2", "bytes", "bytes=1-2-3"]
)
def test_what_is_no_single_range_is_the_whole(api: Api, component: str, header: str) -> None:
    answer = pdf(api, component, Range=header)
    assert (answer.status_code, answer.content) == (200, PDF)


@pytest.mark.parametrize("header", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0"])
def test_outside(api: Api, component: str, header: str) -> None:
    answer = pdf(api, component, Range=header)
    assert (answer.status_code, answer.json()["code"]) == (416, "RANGE_NOT_SATISFIABLE")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


def test_conditions(api: Api, component: str) -> None:
    assert pdf(api, component, **{"If-None-Match": ETAG}).status_code == 304
    assert pdf(api, component, **{"If-None-Match": f'"x", W/{ETAG}'}).status_code == 304
    assert pdf(api, component, **{"If-None-Match": '"x"'}).status_code == 200
    assert pdf(api, component, Range="bytes=0-4", **{"If-Range": ETAG}).status_code == 206
    other = pdf(api, component, Range="bytes=0-4", **{"If-Range": '"other"'})
    assert (other.status_code, other.content) == (200, PDF)


def test_ranges_pure() -> None:
    assert parse_range(None, 10) is None
    assert parse_range("bytes=2-", 10) == ByteRange(2, 8)
    assert ByteRange(2, 8).content_range(10) == "bytes 2-9/10"
    with pytest.raises(OutsideObject):
        parse_range("bytes=0-", 0)
    assert etag_matches("*", '"a"')
    assert not etag_matches("", '"a"')


def test_not_ready(api: Api, component: str) -> None:
    with api.sessions.begin() as session:
        session.get_one(Component, component).pdf_key = None
    answer = pdf(api, component)
    assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (409, "NOT_READY", True)
    assert "pdf" not in api.station().get(f"/api/v1/components/{component}").json()["links"]


def test_review(api: Api, component: str) -> None:
    clerk = api.person()
    url = f"/api/v1/components/{component}"
    correction = {
        "version": 1,
        "title": "Kế hoạch số hóa",
        "fields": {"number": "384/KH-UBND", "issued_on": "2025-12-31", "signer": None},
    }
    answer = clerk.patch(url, json=correction)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["version"], body["title"]) == (2, "Kế hoạch số hóa")
    assert body["fields"]["number"] == {
        "value": "384/KH-UBND",
        "confidence": 1.0,
        "page": 1,
        "box": [1, 2, 3, 4],
        "source": "manual",
    }
    assert body["fields"]["signer"] is None
    reviewed = events(api, "reviewed")
    assert len(reviewed) == 1
    assert reviewed[0].actor == "account:clerk-h56.14"
    assert reviewed[0].data["before"]["title"] == "Kế hoạch"
    assert reviewed[0].data["after"]["fields"]["number"]["value"] == "384/KH-UBND"
    assert "paper_type" not in reviewed[0].data["after"]
    stale = clerk.patch(url, json={"version": 1, "title": "Khác"})
    assert (stale.status_code, stale.json()["code"]) == (409, "CONFLICT")
    nothing = clerk.patch(url, json={"version": 2, "title": "Kế hoạch số hóa"})
    assert nothing.json()["version"] == 2, "a review that changes nothing is no new version"
    found = clerk.get("/api/v1/results", params={"number": "384/KH-UBND"}).json()
    assert [result["component"] for result in found["results"]] == [component]
    assert api.station().patch(url, json={"version": 2, "title": "x"}).status_code == 403, "a machine does not review"


@pytest.mark.parametrize(
    "correction",
    [
        {"title": "không có phiên bản"},
        {"version": 1, "fields": {"no_such_field": "x"}},
        {"version": 1, "fields": {"issued_on": "31/12/2025"}},
        {"version": 1, "paper_type": "Quyết định"},
        {"version": 1, "title": "x" * 301},
        {"version": 1, "state": "signed"},
    ],
)
def test_review_refused(api: Api, component: str, correction: dict[str, object]) -> None:
    answer = api.person().patch(f"/api/v1/components/{component}", json=correction)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_REQUEST")
    assert answer.json()["errors"]


@pytest.mark.services
def test_review_on_postgresql(province: Api) -> None:
    station = province.station()
    made = province.read(post(station, province.dossier(station), PDF).json()["id"], ["một"])
    clerk = province.person(Role.SUPERVISOR)
    assert clerk.patch(f"/api/v1/components/{made}", json={"version": 1, "title": "Hai"}).json()["version"] == 2
    assert clerk.patch(f"/api/v1/components/{made}", json={"version": 1, "title": "Ba"}).status_code == 409
    assert clerk.get("/api/v1/results", params={"q": "mot"}).json()["total"] == 1
