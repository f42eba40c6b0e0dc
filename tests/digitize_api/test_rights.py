"""Role × agency × route: every route that shows or changes data is in the table, and nobody gets what the table denies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select

from digitize_api.auth.rights import RIGHTS, Right, may
from digitize_api.scans.service import resume_point
from digitize_api.web.admin import pages as admin_pages
from digitize_api.web.audit_page import pages as audit_pages
from digitize_api.web.inventory import boxes as box_pages
from digitize_api.web.inventory import exception_pages
from digitize_api.web.inventory import pages as inventory_pages
from digitize_api.web.reports import pages as report_pages
from digitize_api.web.warehouse import pages as warehouse_pages
from models.batches import store as batches
from models.batches.entities import Batch
from models.batches.quality import check
from models.batches.quality.entities import QualityDeviation, QualityStratum
from models.database import transaction
from models.entities import Account, Holder, Role, Station
from models.local_time import local_day
from models.rules.faults import Fault
from models.settings import sqlite_url
from models.webhooks.tables import DeliveryState, Webhook, WebhookDelivery
from tests.digitize_api.api import PDF, Api, running_api
from tests.digitize_api.test_upload import post
from tests.models.batch_papers import scanned

PROVINCE, COMMUNE, OTHER = "H56", "H56.14", "H57.1"


@dataclass
class World:
    """A dossier, scan and component of the commune ``H56.14``, below the province ``H56``; ``H57.1`` is a stranger."""

    api: Api
    clients: dict[tuple[str, str], httpx.Client]
    code: str
    scan: str
    component: str
    result: str
    later: str
    batch: str
    exception: str
    scanned: str
    stratum: str
    deviation: str


def missing(clients: dict[tuple[str, str], httpx.Client]) -> str:
    """An exception record of the commune: a paper that was reported and never received."""
    head = clients["supervisor", COMMUNE]
    files = {"file": ("a.csv", "Số, ký hiệu;Ngày cấp\n99/2019;02/05/2019\n".encode())}
    assert head.post("/api/v1/inventory/imports", files=files).json()["created"] == 1
    head.post("/api/v1/inventory/exceptions/match", json={})
    return str(head.get("/api/v1/inventory/exceptions").json()["exceptions"][0]["id"])


def quality(api: Api, batch: str) -> tuple[str, str, str]:
    """A paper of the batch, a stratum that has failed, and a page unlike its neighbours."""
    with transaction(api.sessions) as session:
        paper = scanned(session, batch)
        of_batch = {"batch_id": batch, "agency_id": session.get_one(Batch, batch).agency_id}
        stratum = QualityStratum(checker="", scanner="", band="low", papers=1, state="failed", **of_batch)
        deviation = QualityDeviation(component_id=paper, item_number=1, page=1, what="angle", **of_batch)
        session.add_all([stratum, deviation])
        session.flush()
        return paper, stratum.id, deviation.id


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("world")
    with running_api(folder, sqlite_url(folder)) as api:
        api.agency(PROVINCE, "UBND tỉnh Mẫu")
        api.agency(COMMUNE, "UBND xã Mẫu", parent=PROVINCE)
        api.agency(OTHER, "UBND xã Khác")
        station = api.station("may-quet-1", COMMUNE)
        code = api.dossier(station, procedure="1.001193")
        scan = post(station, code, PDF).json()["id"]
        clients: dict[tuple[str, str], httpx.Client] = {}
        for agency in (PROVINCE, COMMUNE, OTHER):
            clients["station", agency] = station if agency == COMMUNE else api.station(f"may-quet-{agency}", agency)
            for role in (Role.CLERK, Role.SUPERVISOR, Role.ADMIN):
                clients[role.value, agency] = api.person(role, agency)
        clients["nobody", ""] = api.client()
        clients["wrong key", ""] = api.client(Authorization="Bearer wrong")
        clients["wrong cookie", ""] = api.client(Cookie="digitize_session=wrong")
        component = api.read(scan, ["Ủy ban nhân dân"])
        kept = api.dossier(station)
        result = api.read(post(station, kept, PDF, key="kept").json()["id"], ["Giấy chứng nhận kết hôn"])
        api.keep(result, paper_type="giay_chung_nhan_ket_hon")
        made = clients["supervisor", COMMUNE].post("/api/v1/batches", json={"name": "Lô mẫu của xã"})
        yield World(
            api,
            clients,
            code,
            scan,
            component,
            result,
            code,
            made.json()["id"],
            missing(clients),
            *quality(api, made.json()["id"]),
        )


LATER = "{later}"  # the dossier that uses the result again
DONE = {  # what those who may are answered; the first of them does it, and it is done when the others come
    "/api/v1/results/{result_id}/reuse": {201, 200, 204},
    "/api/v1/results/{result_id}/cancel": {200, 409},
    "/api/v1/components/{component_id}/lease": {200, 204, 409},  # one has it, the others are told so
    "/api/v1/scans/{scan_id}/withdrawal": {409},
    "/api/v1/batches/{batch_id}/files": {202, 200},
    "/api/v1/batches/{batch_id}/handover.zip": {409},  # nothing of it is in the warehouse
    "/api/v1/components/{component_id}/scanned-again": {409},  # the warehouse held nothing in its place
}
QUALITY_PAGE = "/so-hoa-lo/{batch_id}/chat-luong"
QUALITY = "/api/v1/batches/{batch_id}/quality"
RETURN = {"round": 1, "version": 1, "verdict": "return", "faults": ["crooked"]}
KEYED = {"answers": {"number": {"value": "12/2023"}}}
DONE |= {
    f"{QUALITY}/papers/{{scanned_id}}/keying": {200, 409},  # two have keyed it
    f"{QUALITY}/papers/{{scanned_id}}/settlement": {409},  # they agreed
}
CONCLUSION = {"finished_on": local_day().isoformat(), "form": "paper"}
# (method, route, right, what to send). {code} {scan} {component} are the commune's.
ROUTES: list[tuple[str, str, Right, dict[str, Any]]] = [
    ("GET", "/api/v1/dossiers/{code}", Right.READ_DOSSIER, {}),
    ("POST", "/api/v1/dossiers/{code}/scans", Right.POST_SCAN, {"upload": True}),
    ("GET", "/api/v1/scans/{scan_id}", Right.READ_SCAN, {}),
    ("GET", "/api/v1/scans/{scan_id}/events", Right.READ_SCAN, {}),
    ("GET", "/api/v1/scans/{scan_id}/pages/{number}.jpg", Right.READ_PAPER, {}),
    ("HEAD", "/api/v1/scans/{scan_id}/pages/{number}.jpg", Right.READ_PAPER, {}),
    ("GET", "/api/v1/components/{component_id}", Right.READ_PAPER, {}),
    ("GET", "/api/v1/components/{component_id}/pdf", Right.READ_PAPER, {}),
    ("HEAD", "/api/v1/components/{component_id}/pdf", Right.READ_PAPER, {}),
    ("GET", "/api/v1/components/{component_id}/pages/{number}.jpg", Right.READ_PAPER, {}),
    ("HEAD", "/api/v1/components/{component_id}/pages/{number}.jpg", Right.READ_PAPER, {}),
    ("PATCH", "/api/v1/components/{component_id}", Right.REVIEW, {"json": {"version": 1}}),
    ("GET", "/api/v1/components/{component_id}/next-step", Right.READ_PAPER, {}),
    ("GET", "/api/v1/components/{component_id}/versions", Right.READ_PAPER, {}),
    ("POST", "/api/v1/components/{component_id}/scanned-again", Right.KEEP, {"json": {"reason": "thử"}}),
    ("POST", "/api/v1/components/{component_id}/steps", Right.KEEP, {"json": {"version": 1, "to": "captured"}}),
    ("GET", "/api/v1/dossiers/{code}/completeness", Right.READ_PAPER, {}),
    ("PUT", "/api/v1/dossiers/{code}/conclusion", Right.CONCLUDE, {"json": CONCLUSION}),
    ("DELETE", "/api/v1/dossiers/{code}/conclusion", Right.CONCLUDE, {}),
    ("GET", "/api/v1/dossiers/{code}/supplement-slip.pdf", Right.READ_PAPER, {}),
    ("GET", "/api/v1/dossiers/{code}/papers.zip", Right.READ_PAPER, {}),
    ("GET", "/api/v1/dossiers/{code}/handover.zip", Right.READ_PAPER, {}),
    ("GET", "/api/v1/results/{result_id}", Right.READ_PAPER, {}),
    ("GET", "/api/v1/results/{result_id}/uses", Right.READ_PAPER, {}),
    ("POST", "/api/v1/results/{result_id}/reuse", Right.REUSE, {"json": {"dossier": LATER}}),
    ("DELETE", "/api/v1/results/{result_id}/reuse", Right.REUSE, {"params": {"dossier": LATER}}),
    (
        "POST",
        "/api/v1/results/{result_id}/status-end",
        Right.KEEP,
        {"json": {"ended_on": "2999-01-01", "reason": "thử"}},
    ),
    ("POST", "/api/v1/results/{result_id}/hand-over", Right.KEEP, {}),
    ("POST", "/api/v1/results/{result_id}/cancel", Right.CANCEL, {"json": {"reason": "thử hủy"}}),
    ("GET", "/api/v1/batches/{batch_id}", Right.READ_BATCH, {}),
    ("PATCH", "/api/v1/batches/{batch_id}", Right.RUN_BATCH, {"json": {"state": "running"}}),
    ("POST", "/api/v1/batches/{batch_id}/files", Right.RUN_BATCH, {"file": True}),
    ("GET", "/api/v1/batches/{batch_id}/items", Right.READ_BATCH, {}),
    ("POST", "/api/v1/batches/{batch_id}/retry", Right.RUN_BATCH, {}),
    ("GET", "/api/v1/batches/{batch_id}/verification", Right.READ_BATCH, {}),
    ("GET", "/api/v1/batches/{batch_id}/report.csv", Right.READ_BATCH, {}),
    ("GET", "/api/v1/batches/{batch_id}/handover", Right.HAND_OVER, {}),
    ("GET", "/api/v1/batches/{batch_id}/handover.zip", Right.HAND_OVER, {}),
    ("GET", "/api/v1/batches/{batch_id}/quality", Right.READ_BATCH, {}),
    ("PUT", f"{QUALITY}/plan", Right.RUN_BATCH, {"json": {"keyed_fields": ["number"], "sample_share": 1.0}}),
    ("POST", f"{QUALITY}/draw", Right.RUN_BATCH, {}),
    ("PUT", f"{QUALITY}/strata/{{stratum_id}}/waiver", Right.RUN_BATCH, {"json": {"reason": "thử"}}),
    ("POST", f"{QUALITY}/next", Right.REVIEW, {"json": {"work": "settle"}}),
    ("GET", f"{QUALITY}/returned", Right.READ_BATCH, {}),
    ("PUT", f"{QUALITY}/papers/{{scanned_id}}/check", Right.REVIEW, {"json": RETURN}),
    ("PUT", f"{QUALITY}/papers/{{scanned_id}}/mended", Right.REVIEW, {}),
    ("GET", f"{QUALITY}/papers/{{scanned_id}}/keying", Right.REVIEW, {}),
    ("PUT", f"{QUALITY}/papers/{{scanned_id}}/keying", Right.REVIEW, {"json": KEYED}),
    ("PUT", f"{QUALITY}/papers/{{scanned_id}}/settlement", Right.REVIEW, {"json": KEYED}),
    ("GET", f"{QUALITY}/deviations", Right.READ_BATCH, {}),
    ("PUT", f"{QUALITY}/deviations/{{deviation_id}}/decision", Right.REVIEW, {"json": {"decision": "fine"}}),
    ("POST", f"{QUALITY}/deviations", Right.REVIEW, {}),
    ("GET", f"{QUALITY}/report.csv", Right.RUN_BATCH, {}),
    (
        "PUT",
        "/api/v1/inventory/exceptions/{exception_id}/decision",
        Right.KEEP_INVENTORY,
        {"json": {"decision": "apart", "reason": "thử"}},
    ),
    ("DELETE", "/api/v1/inventory/exceptions/{exception_id}/decision", Right.KEEP_INVENTORY, {}),
    ("PUT", "/api/v1/scans/{scan_id}/arrangement", Right.REVIEW, {"json": {"begins": [1]}}),
    # Last: who holds the component hinders the others, and a scan that is taken out and put back has other components.
    ("PUT", "/api/v1/components/{component_id}/lease", Right.REVIEW, {"json": {}}),
    ("DELETE", "/api/v1/components/{component_id}/lease", Right.REVIEW, {}),
    ("DELETE", "/api/v1/scans/{scan_id}/withdrawal", Right.REVIEW, {}),  # it is in its dossier
]
# Not about one object: who may call them at all, and what they show is scoped (tested below).
OTHERS = {
    ("POST", "/api/v1/dossiers"): Right.CREATE_DOSSIER,
    ("GET", "/api/v1/dossiers"): Right.READ_DOSSIER,
    ("GET", "/api/v1/results"): Right.SEARCH,
    ("POST", "/api/v1/batches"): Right.RUN_BATCH,
    ("GET", "/api/v1/batches"): Right.READ_BATCH,
}
ALONE = {
    ("PUT", "/api/v1/scans/{scan_id}/withdrawal"),  # test_a_scan_is_taken_out_by_those_who_may
    # test_a_returned_paper_is_scanned_again_by_those_who_may
    ("POST", "/api/v1/batches/{batch_id}/quality/papers/{component_id}/rescan"),
    ("POST", "/api/v1/inventory/exceptions/match"),  # test_papers_are_matched_by_those_who_may
    ("GET", "/api/v1/inventory/handover.zip"),  # test_a_box_is_handed_over_by_those_who_may
    ("POST", "/api/v1/inventory/imports"),  # test_a_list_is_brought_in_by_those_who_may
    ("GET", "/api/v1/batches/{batch_id}/events"),  # test_a_batch_is_followed_by_those_who_may: it never ends
    # test_webhooks_are_for_administrators
    ("POST", "/api/v1/webhooks"),
    ("PATCH", "/api/v1/webhooks/{webhook_id}"),
    ("POST", "/api/v1/webhooks/{webhook_id}/secret"),
    ("POST", "/api/v1/webhooks/{webhook_id}/trial"),
    ("DELETE", "/api/v1/webhooks/{webhook_id}"),
    ("POST", "/api/v1/webhooks/deliveries/{delivery_id}/resend"),
}
OF_AN_AGENCY = {  # test_reports_and_inventories_reach_as_far_as_their_reader
    ("GET", "/api/v1/reports"): Right.READ_REPORT,
    ("GET", "/api/v1/reports/table.csv"): Right.READ_REPORT,
    ("GET", "/api/v1/reports/table.xlsx"): Right.READ_REPORT,
    ("GET", "/api/v1/inventory"): Right.READ_REPORT,
    ("GET", "/api/v1/inventory/lines"): Right.READ_INVENTORY,
    ("GET", "/api/v1/inventory/exceptions"): Right.READ_INVENTORY,
}
FOR_READERS = {
    ("GET", "/api/v1/reports/periods"): Right.READ_REPORT,
    ("GET", "/api/v1/inventory/imports"): Right.READ_INVENTORY,
    ("GET", "/api/v1/webhooks"): Right.ADMINISTER,
    ("GET", "/api/v1/webhooks/deliveries"): Right.ADMINISTER,
}
CATALOG = {  # whoever is signed in: it holds no personal data
    ("GET", "/api/v1/catalog/paper-types"),
    ("GET", "/api/v1/catalog/procedures"),
    ("GET", "/api/v1/catalog/procedures/{code}"),
    ("GET", "/api/v1/catalog/rule-set"),
}
OPEN = {
    ("POST", "/api/v1/sessions"),
    ("GET", "/api/v1/sessions/current"),
    ("DELETE", "/api/v1/sessions/current"),
    ("GET", "/livez"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
}
PAGES = {
    ("GET", "/dossiers/{code}"): Right.READ_DOSSIER,
    ("GET", "/scans/{scan_id}/card"): Right.READ_SCAN,
    ("GET", "/components/{component_id}/pages/{number}"): Right.READ_PAPER,
    ("GET", "/tra-cuu/{component_id}/{number}"): Right.READ_PAPER,
    ("GET", "/kiem-tra/{component_id}"): Right.REVIEW,
    ("GET", "/kiem-tra/{component_id}/trang/{number}"): Right.REVIEW,
    ("POST", "/kiem-tra/{component_id}"): Right.REVIEW,
    ("POST", "/kiem-tra/{component_id}/tha"): Right.REVIEW,
    ("GET", "/quay/{code}"): Right.READ_DOSSIER,
    ("GET", "/quay/{code}/phan"): Right.READ_DOSSIER,
    ("GET", "/quay/{code}/xong"): Right.READ_DOSSIER,
    ("GET", "/ban-quet/{scan_id}"): Right.REVIEW,
    ("POST", "/ban-quet/{scan_id}"): Right.REVIEW,
    ("GET", "/so-hoa-lo/{batch_id}"): Right.READ_BATCH,
    ("GET", "/so-hoa-lo/{batch_id}/phan"): Right.READ_BATCH,
    ("GET", "/so-hoa-lo/{batch_id}/ban-giao"): Right.HAND_OVER,
    ("POST", "/so-hoa-lo/{batch_id}/chay"): Right.RUN_BATCH,
    ("POST", "/so-hoa-lo/{batch_id}/tam-dung"): Right.RUN_BATCH,
    ("POST", "/so-hoa-lo/{batch_id}/lam-lai"): Right.RUN_BATCH,
    ("GET", f"{QUALITY_PAGE}"): Right.READ_BATCH,
    ("GET", f"{QUALITY_PAGE}/kiem"): Right.REVIEW,
    ("GET", f"{QUALITY_PAGE}/kiem/{{scanned_id}}"): Right.REVIEW,
    ("POST", f"{QUALITY_PAGE}/kiem/{{scanned_id}}"): Right.REVIEW,
    ("GET", f"{QUALITY_PAGE}/nhap"): Right.REVIEW,
    ("GET", f"{QUALITY_PAGE}/nhap/{{scanned_id}}"): Right.REVIEW,
    ("POST", f"{QUALITY_PAGE}/nhap/{{scanned_id}}"): Right.REVIEW,
    ("GET", f"{QUALITY_PAGE}/phan-xu"): Right.REVIEW,
    ("GET", f"{QUALITY_PAGE}/phan-xu/{{scanned_id}}"): Right.REVIEW,
    ("POST", f"{QUALITY_PAGE}/phan-xu/{{scanned_id}}"): Right.REVIEW,
    ("GET", f"{QUALITY_PAGE}/khac-thuong"): Right.READ_BATCH,
    ("POST", f"{QUALITY_PAGE}/khac-thuong"): Right.REVIEW,
    ("POST", f"{QUALITY_PAGE}/da-xu-ly/{{scanned_id}}"): Right.REVIEW,
    ("POST", f"{QUALITY_PAGE}/rut-mau"): Right.RUN_BATCH,
    ("POST", f"{QUALITY_PAGE}/cach-kiem"): Right.RUN_BATCH,
    ("POST", f"{QUALITY_PAGE}/nhom/{{stratum_id}}"): Right.RUN_BATCH,
    ("POST", "/kiem-dem/doi-chieu/{exception_id}"): Right.KEEP_INVENTORY,
    ("POST", "/kiem-dem/doi-chieu/{exception_id}/mo-lai"): Right.KEEP_INVENTORY,
}
PAGES_OF_LISTS = {"/tra-cuu?q=uy+ban": "result-{component_id}"}  # for whoever is signed in; what they show is scoped
REACH = {  # whose papers of the commune a role in an agency reaches
    ("station", COMMUNE),
    ("clerk", COMMUNE),
    ("supervisor", COMMUNE),
    ("admin", COMMUNE),
    ("supervisor", PROVINCE),
    ("admin", PROVINCE),
}


def fill(world: World, path: str) -> str:
    return path.format(
        code=world.code,
        scan_id=world.scan,
        component_id=world.component,
        result_id=world.result,
        batch_id=world.batch,
        exception_id=world.exception,
        scanned_id=world.scanned,
        stratum_id=world.stratum,
        deviation_id=world.deviation,
        number=1,
    )


def call(
    world: World, client: httpx.Client, method: str, path: str, *, body: dict[str, Any], key: str
) -> httpx.Response:
    if body.get("upload"):
        return post(client, world.code, PDF, key=key)
    if body.get("file"):
        return client.post(fill(world, path), files={"file": ("1.pdf", PDF)})
    body = {
        name: value | {"dossier": world.later} if value.get("dossier") == LATER else value
        for name, value in body.items()
    }
    return client.request(method, fill(world, path), **body)


def all_routes(app: Any) -> Iterator[tuple[str, str]]:
    document = app.openapi()
    for path, operations in document["paths"].items():
        for method in operations:
            yield method.upper(), path


def test_every_route_is_in_the_table(world: World) -> None:
    listed = (
        {(method, path.replace("{scanned_id}", "{component_id}")) for method, path, _, _ in ROUTES}
        | set(OTHERS)
        | OPEN
        | CATALOG
        | ALONE
        | set(OF_AN_AGENCY)
        | set(FOR_READERS)
    )
    shown = set(all_routes(world.api.server.config.app))
    assert shown <= listed, "a new route belongs into ROUTES, OTHERS, CATALOG or OPEN"
    assert {route for route in listed if route[0] != "HEAD"} == shown


@pytest.mark.parametrize(("method", "path", "right", "body"), ROUTES, ids=lambda value: str(value)[:60])
def test_table(world: World, method: str, path: str, right: Right, body: dict[str, Any]) -> None:
    for index, ((role, agency), client) in enumerate(world.clients.items()):
        answer = call(world, client, method, path, body=body, key=f"{path}-{index}")
        if not agency:
            expected = {401}
        elif not may(Role(role), right):
            expected = {403}
        elif (role, agency) in REACH:
            expected = DONE.get(path, {200})
        else:
            expected = {404}
        assert answer.status_code in expected, (role, agency, method, path, answer.text[:300])


def test_lists_show_only_what_is_reached(world: World) -> None:
    for (role, agency), client in world.clients.items():
        dossiers, results = client.get("/api/v1/dossiers"), client.get("/api/v1/results", params={"q": "uy ban"})
        if not agency:
            assert {dossiers.status_code, results.status_code} == {401}
            continue
        reached = (role, agency) in REACH
        assert (world.code in dossiers.text) == reached, (role, agency)
        assert results.json()["total"] == int(reached), (role, agency)


def test_the_catalog_is_for_whoever_is_signed_in(world: World) -> None:
    for (_, agency), client in world.clients.items():
        for _, path in sorted(CATALOG):
            answer = client.get(path.format(code="1.001193"))
            assert answer.status_code == (200 if agency else 401), path


def test_reports_and_inventories_reach_as_far_as_their_reader(world: World) -> None:
    """Each is asked for the commune's: those of its province may, a stranger learns not even that it exists."""
    for (role, agency), client in world.clients.items():
        for (_, path), right in (OF_AN_AGENCY | FOR_READERS).items():
            answer = client.get(path, params={"agency": COMMUNE})
            denied = 422 if path.startswith("/api/v1/inventory") else 404
            reached = (role, agency) in REACH or ("GET", path) in FOR_READERS
            expected = 401 if not agency else 403 if not may(Role(role), right) else 200 if reached else denied
            assert answer.status_code == expected, (role, agency, path, answer.text[:200])
        for path, right in (
            ("/bao-cao", Right.READ_REPORT),
            ("/kiem-dem", Right.READ_INVENTORY),
            ("/kiem-dem/doi-chieu", Right.READ_INVENTORY),
        ):
            expected = 303 if not agency else 200 if may(Role(role), right) else 403
            assert client.get(path).status_code == expected, (role, agency, path)
        answer = client.get("/bao-cao", params={"don-vi": COMMUNE})
        assert answer.status_code == (303 if not agency else 200 if (role, agency) in REACH else 404), (role, agency)


def test_a_list_is_brought_in_by_those_who_may(world: World) -> None:
    for (role, agency), client in world.clients.items():
        for path in ("/api/v1/inventory/imports", "/kiem-dem"):
            files = {"file": ("a.csv", "Số, ký hiệu;Ngày cấp\n1/2023;02/05/2023\n".encode())}
            token = client.headers.get("X-CSRF-Token", "")
            answer = client.post(path, data={"agency": COMMUNE, "csrf_token": token}, files=files)
            page = path == "/kiem-dem"
            allowed = agency and may(Role(role), Right.KEEP_INVENTORY)
            reached = (role, agency) in REACH
            expected = (303 if page else 401) if not agency else 403 if not allowed else 200 if reached else 422
            assert answer.status_code == expected, (role, agency, path, answer.text[:300])
            if page and allowed and token:
                assert client.post(path, data={"agency": COMMUNE}, files=files).status_code == 403, "without its token"


def test_a_box_is_handed_over_by_those_who_may(world: World) -> None:
    for (role, agency), client in world.clients.items():
        answer = client.get("/api/v1/inventory/handover.zip", params={"agency": COMMUNE, "year": 2019})
        expected = (
            401
            if not agency
            else 403
            if not may(Role(role), Right.HAND_OVER)
            else 409
            if (role, agency) in REACH
            else 404
        )
        assert answer.status_code == expected, (role, agency, answer.text[:200])


def test_webhooks_are_for_administrators(world: World) -> None:
    """Each role subscribes the commune, looks, sends again and ends; nobody else's administrator learns of it."""
    admin = world.clients["admin", COMMUNE]
    for index, ((role, agency), client) in enumerate(world.clients.items()):
        allowed, reached = agency and may(Role(role), Right.ADMINISTER), (role, agency) in REACH
        body = {"url": f"https://portal.example/{index}", "agency": COMMUNE}
        made = client.post("/api/v1/webhooks", json=body)
        expected = 401 if not agency else 403 if not allowed else 201 if reached else 422
        assert made.status_code == expected, (role, agency, made.text[:200])
        its = made.json()["id"] if expected == 201 else admin.post("/api/v1/webhooks", json=body).json()["id"]
        if allowed:
            listed = client.get("/api/v1/webhooks").text
            assert (its in listed) == reached, (role, agency)
            assert "whsec_" not in listed
        with world.api.sessions() as session, session.begin():
            webhook = session.get_one(Webhook, its)
            dead = WebhookDelivery(
                webhook_id=its, agency_id=webhook.agency_id, kind="result.stored", body="{}", state=DeliveryState.DEAD
            )
            session.add(dead)
            session.flush()
            its_delivery = dead.id
        expected = 401 if not agency else 403 if not allowed else 200 if reached else 404
        again = client.post(f"/api/v1/webhooks/deliveries/{its_delivery}/resend")
        assert again.status_code == expected, (role, agency, again.text[:200])
        for paused in (True, False):
            assert client.patch(f"/api/v1/webhooks/{its}", json={"paused": paused}).status_code == expected, (
                role,
                agency,
            )
        assert client.post(f"/api/v1/webhooks/{its}/secret").status_code == expected, (role, agency)
        tried = client.post(f"/api/v1/webhooks/{its}/trial").status_code
        assert tried == (202 if expected == 200 else expected), (role, agency)
        shown = 303 if not agency else expected
        for path in ("", "/phan"):
            assert client.get(f"/noi-nhan/{its}{path}").status_code == shown, (role, agency)
        assert client.get("/noi-nhan").status_code == (303 if not agency else 200 if allowed else 403)
        token = client.headers.get("X-CSRF-Token", "")
        for path in ("tam-dung", "bao-tiep", "gui-thu", "gui-lai", f"gui-lai/{its_delivery}", "khoa-moi"):
            sent = client.post(f"/noi-nhan/{its}/{path}", data={"csrf_token": token}).status_code
            done = 200 if path == "khoa-moi" else 303
            assert sent == (done if shown == 200 else shown), (role, agency, path)
            if shown == 200:
                assert client.post(f"/noi-nhan/{its}/{path}").status_code == 403, "without its token"
        assert client.delete(f"/api/v1/webhooks/{its}").status_code == expected, (role, agency)
        admin.delete(f"/api/v1/webhooks/{its}")


def test_papers_are_matched_by_those_who_may(world: World) -> None:
    for (role, agency), client in world.clients.items():
        allowed, reached = agency and may(Role(role), Right.KEEP_INVENTORY), (role, agency) in REACH
        answer = client.post("/api/v1/inventory/exceptions/match", json={"agency": COMMUNE})
        expected = 401 if not agency else 403 if not allowed else 200 if reached else 422
        assert answer.status_code == expected, (role, agency, answer.text[:300])
        token = {"csrf_token": client.headers.get("X-CSRF-Token", "")}
        page = client.post("/kiem-dem/doi-chieu", data=token)
        assert page.status_code == (303 if not agency else 200 if allowed else 403), (role, agency)
        if allowed:
            assert ("99/2019" in page.text) == reached, (role, agency)
            assert client.post("/kiem-dem/doi-chieu").status_code == 403, "without its token"


def test_pages_follow_the_same_table(world: World) -> None:
    for (role, agency), client in world.clients.items():
        for (method, path), right in PAGES.items():
            # Without what its form says, and in it the session's token.
            sent = {"csrf_token": client.headers.get("X-CSRF-Token", ""), "do": "skip", "until": "2026-01-01"}
            sent |= {
                "decision": "apart",
                "reason": "thử",
                "sample_share": "30",
                "error_limit": "2",
                "keying_share": "100",
            }
            answer = client.request(method, fill(world, path), data=sent if method == "POST" else None)
            expected = {303} if not agency else {200, 204, 303} if (role, agency) in REACH else {404}
            if agency and not may(Role(role), right):
                expected = {403}
            assert answer.status_code in expected, (role, agency, method, path)
            if not agency:
                assert answer.headers["location"].startswith("/login"), path
            if expected == {404}:
                assert world.code not in answer.text


def test_pages_of_lists_show_only_what_is_reached(world: World) -> None:
    for (role, agency), client in world.clients.items():
        for path, shown in PAGES_OF_LISTS.items():
            answer = client.get(path)
            assert answer.status_code == (200 if agency else 303), (role, agency, path)
            assert (fill(world, shown) in answer.text) == ((role, agency) in REACH), (role, agency, path)


def test_the_form_that_reuses_a_found_paper_follows_the_same_table(world: World) -> None:
    for (role, agency), client in world.clients.items():
        data = {
            "result": world.result,
            "dossier": "H56.14-000000-0000",
            "csrf_token": client.headers.get("X-CSRF-Token", ""),
        }
        answer = client.post("/tra-cuu/dung-lai", data=data)
        assert answer.status_code == (404 if agency else 303), (
            role,
            agency,
        )  # who may is told that there is no such dossier


def test_the_queue_shows_only_what_is_reached(world: World) -> None:
    for (role, agency), client in world.clients.items():
        answer = client.get("/kiem-tra")
        expected = 303 if not agency else 200 if may(Role(role), Right.REVIEW) else 403
        assert answer.status_code == expected, (role, agency)
        assert (world.code in answer.text) == (expected == 200 and (role, agency) in REACH), (role, agency)


# What pages send: (path, right, fields), and what those who may and reach it are answered.
FORMS: list[tuple[str, Right, dict[str, str], set[int]]] = [
    ("/quay/{code}/dung-lai", Right.REUSE, {"result": "{result_id}", "slot": "trang"}, {303, 409}),  # cancelled by then
    ("/quay/{code}/thoi-dung-lai", Right.REUSE, {"result": "{result_id}"}, {303}),
    ("/dossiers/{code}/conclusion", Right.CONCLUDE, {**CONCLUSION, "do": "close"}, {303}),
    ("/dossiers/{code}/conclusion", Right.CONCLUDE, {"do": "reopen"}, {303}),
    ("/quay/{code}/vi-sao", Right.KEEP, {"component": "{component_id}", "reason": "thử"}, {409}),
]


@pytest.mark.parametrize(("path", "right", "fields", "done"), FORMS, ids=lambda value: str(value)[:40])
def test_forms_follow_the_same_table(
    world: World, path: str, right: Right, fields: dict[str, str], done: set[int]
) -> None:
    for (role, agency), client in world.clients.items():
        data = {name: fill(world, value) for name, value in fields.items()}
        token = client.headers.get("X-CSRF-Token")
        answer = client.post(fill(world, path), data=data | {"csrf_token": token or ""})
        if not agency:
            assert answer.headers["location"].startswith("/login"), role
            continue
        expected = {403} if not may(Role(role), right) else done if (role, agency) in REACH else {404}
        assert answer.status_code in expected, (role, agency, path, answer.text[:300])
        if token:
            assert client.post(fill(world, path), data=data).status_code == 403, "without the session's own token"


def test_a_scan_is_taken_out_by_those_who_may(world: World) -> None:
    """Apart from the table, where every role needs the same component: each takes out a scan of its own and puts it back."""
    station = world.clients["station", COMMUNE]
    code = world.api.dossier(station)
    for index, ((role, agency), client) in enumerate(world.clients.items()):
        scan = post(station, code, PDF + f"% {index}".encode(), key=f"out-{index}").json()["id"]
        world.api.read(scan, ["Ủy ban nhân dân"])
        expected = (
            401 if not agency else 403 if not may(Role(role), Right.REVIEW) else 200 if (role, agency) in REACH else 404
        )
        for method in ("PUT", "DELETE"):
            answer = client.request(method, f"/api/v1/scans/{scan}/withdrawal")
            assert answer.status_code == expected, (role, agency, method, answer.text[:300])


def test_a_batch_is_followed_by_those_who_may(world: World) -> None:
    for (role, agency), client in world.clients.items():
        reached = (role, agency) in REACH
        allowed = bool(agency) and may(Role(role), Right.READ_BATCH)
        expected = 401 if not agency else 403 if not allowed else 200 if reached else 404
        with client.stream("GET", fill(world, "/api/v1/batches/{batch_id}/events")) as answer:
            assert answer.status_code == expected, (role, agency)
            if expected == 200:
                assert any("event: changed" in line for line, _ in zip(answer.iter_lines(), range(6), strict=False))


def test_batches_are_listed_and_made_by_those_who_may(world: World) -> None:
    for (role, agency), client in world.clients.items():
        listed, page = client.get("/api/v1/batches"), client.get("/so-hoa-lo")
        made = client.post("/api/v1/batches", json={"name": f"Lô của {role} {agency}"})
        if not agency:
            assert {listed.status_code, made.status_code} == {401}
            assert page.headers["location"].startswith("/login")
            continue
        reads, runs = may(Role(role), Right.READ_BATCH), may(Role(role), Right.RUN_BATCH)
        assert (listed.status_code, page.status_code) == ((200, 200) if reads else (403, 403)), (role, agency)
        assert made.status_code == (201 if runs else 403), (role, agency)
        reached = (role, agency) in REACH and reads
        assert (world.batch in listed.text, world.batch in page.text) == (reached, reached), (role, agency)
        form = {"name": f"Lô trang {role} {agency}", "csrf_token": client.headers.get("X-CSRF-Token", "")}
        assert client.post("/so-hoa-lo", data=form).status_code == (303 if runs else 403), (role, agency)
        assert client.post("/so-hoa-lo", data={"name": "x"}).status_code == 403, "without the session's own token"
    supervisor = world.clients["supervisor", PROVINCE]
    assert supervisor.post("/api/v1/batches", json={"name": "Dưới", "agency": COMMUNE}).status_code == 201
    assert supervisor.post("/api/v1/batches", json={"name": "Ngoài", "agency": OTHER}).status_code == 422


def test_the_counter_shows_everybody_only_their_own(world: World) -> None:
    for (role, agency), client in world.clients.items():
        pages = [client.get(path) for path in ("/quay", "/quay/thu-tuc?q=khai")]
        assert {page.status_code for page in pages} == ({200} if agency else {303}), (role, agency)
        assert (world.code in pages[0].text) == ((role, agency) in REACH), (role, agency)


def test_a_dossier_may_be_opened_for_an_agency_below_and_no_other(world: World) -> None:
    supervisor = world.clients["supervisor", PROVINCE]
    made = supervisor.post("/api/v1/dossiers", json={"agency": COMMUNE})
    assert made.json()["code"].startswith(COMMUNE + "-")
    for client, agency in [
        (supervisor, OTHER),
        (world.clients["clerk", COMMUNE], PROVINCE),
        (world.clients["station", COMMUNE], OTHER),
    ]:
        answer = client.post("/api/v1/dossiers", json={"agency": agency})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.agency")


def test_rights_name_every_role() -> None:
    assert set(RIGHTS) == set(Role)
    assert all(RIGHTS.values())


@pytest.mark.parametrize(
    ("header", "point"), [(None, 0), ("", 0), ("7", 7), (" 7 ", 7), ("-1", 0), ("x", 0), ("9" * 40, 0)]
)
def test_resume_point(header: str | None, point: int) -> None:
    assert resume_point(header) == point


NEWCOMER = {"name": "nguoi.moi", "full_name": "Lê Văn Mới", "role": "clerk", "agency": COMMUNE}
WHY = {"purpose": "reuse"}
# The office's pages: (method, path, right, what the form says, done, out of reach). {holder} {account} {its_station} are the commune's.
OFFICE: list[tuple[str, str, Right, dict[str, str], set[int], set[int]]] = [
    ("GET", "/ho-so/{code}", Right.READ_DOSSIER, {}, {200}, {404}),
    ("GET", "/kho", Right.READ_PAPER, {}, {200}, {200}),
    ("POST", "/kho", Right.READ_PAPER, {"id_number": "079200000123", **WHY}, {303}, {404}),
    ("GET", "/kho/{key}", Right.READ_PAPER, {}, {200}, {404}),
    ("POST", "/kho/{key}", Right.READ_PAPER, WHY, {303}, {404}),
    ("GET", "/nhat-ky", Right.READ_LOG, {}, {200}, {200}),
    ("GET", "/nhat-ky?ho-so={code}", Right.READ_LOG, {}, {200}, {404}),
    ("GET", "/tai-khoan", Right.ADMINISTER, {}, {200}, {200}),
    ("POST", "/tai-khoan", Right.ADMINISTER, NEWCOMER, {200, 409}, {422}),
    ("POST", "/tai-khoan/{account_id}/mat-khau", Right.ADMINISTER, {}, {200}, {404}),
    ("POST", "/tai-khoan/{account_id}/khoa", Right.ADMINISTER, {}, {303}, {404}),
    ("POST", "/tai-khoan/{account_id}/mo", Right.ADMINISTER, {}, {303}, {404}),
    ("POST", "/tai-khoan/{account_id}/vai-tro", Right.ADMINISTER, {"role": "clerk"}, {303}, {404}),
    # For every person and no machine, as reviewing is.
    ("GET", "/mat-khau", Right.REVIEW, {}, {200}, {200}),
    ("POST", "/mat-khau", Right.REVIEW, {"old": "sai"}, {422}, {422}),
    ("GET", "/tram", Right.ADMINISTER, {}, {200}, {200}),
    ("POST", "/tram", Right.ADMINISTER, {"name": "quay-moi", "agency": COMMUNE}, {200, 409}, {422}),
    ("POST", "/tram/{station_id}/khoa-moi", Right.ADMINISTER, {}, {200}, {404}),
    ("POST", "/tram/{station_id}/thu-hoi", Right.ADMINISTER, {}, {303}, {404}),
]


def test_every_page_of_the_office_is_in_the_table() -> None:
    listed = {(method, path.partition("?")[0]) for method, path, *_ in OFFICE}
    listed |= {("GET", "/bao-cao"), ("GET", "/kiem-dem"), ("POST", "/kiem-dem")}  # tested above
    listed |= {("GET", "/kiem-dem/hop"), ("GET", "/kiem-dem/hop/phieu.pdf")}  # test_box_tickets
    listed |= {("GET", "/kiem-dem/doi-chieu"), ("POST", "/kiem-dem/doi-chieu")}  # so are these
    listed |= {one for one in PAGES if one[1].startswith("/kiem-dem/")}
    routers = (warehouse_pages, audit_pages, admin_pages, report_pages, inventory_pages, box_pages, exception_pages)
    for pages in routers:
        for route in pages.router.routes:
            assert isinstance(route, APIRoute)
            assert {(method, route.path) for method in route.methods or ()} <= listed, route.path


def test_the_office_follows_the_same_table(world: World) -> None:
    holder = {"id_number": "079200000123", "name": "Nguyễn Thị Mẫu"}
    code = world.api.dossier(world.clients["station", COMMUNE], holder=holder)
    world.api.account("nguoi.xa", Role.CLERK, COMMUNE)
    world.api.station("may-xa", COMMUNE)
    with world.api.sessions() as session:
        known = {
            "code": code,
            "key": session.scalars(select(Holder.id).where(Holder.id_number == holder["id_number"])).one(),
            "account_id": session.scalars(select(Account.id).where(Account.name == "nguoi.xa")).one(),
            "station_id": session.scalars(select(Station.id).where(Station.name == "may-xa")).one(),
        }
    for method, template, right, says, done, beyond in OFFICE:
        path = template.format(**known)
        for (role, agency), client in world.clients.items():
            data = {"csrf_token": client.headers.get("X-CSRF-Token", ""), **says}
            answer = client.request(method, path, data=data if method == "POST" else None)
            if not agency:
                assert answer.headers["location"].startswith("/login"), path
                continue
            expected = {403} if not may(Role(role), right) else done if (role, agency) in REACH else beyond
            assert answer.status_code in expected, (role, agency, method, path, answer.text[:300])
            if (role, agency) not in REACH:
                assert not any(one in answer.text for one in ("nguoi.xa", "may-xa", holder["name"])), (role, path)
            if method == "POST" and role != "station":
                assert client.post(path, data=says).status_code == 403, "without the session's own token"


def test_a_returned_paper_is_scanned_again_by_those_who_may(world: World) -> None:
    """Apart from the table: each sends a file for a returned paper of its own, by the API and by the page.

    Last of all: the dossiers that it needs push others off the lists.
    """
    for index, ((role, agency), client) in enumerate(world.clients.items()):
        allowed, reached = bool(agency) and may(Role(role), Right.REVIEW), (role, agency) in REACH
        for page in (False, True):
            paper, _, _ = quality(world.api, world.batch)
            with transaction(world.api.sessions) as session:
                batch = batches.hold(session, world.batch)
                found = check.load_free(session, batch, paper, "account:x")
                check.send_back(session, batch, found, {Fault.CUT_OFF}, "", actor="account:x")
            files = {"file": ("a.pdf", PDF + f"% {index}{page}".encode())}
            path = f"{QUALITY_PAGE}/quet-lai/{paper}" if page else f"{QUALITY}/papers/{paper}/rescan"
            token = {"csrf_token": client.headers.get("X-CSRF-Token", "")}
            answer = client.post(fill(world, path), files=files, data=token if page else {})
            nobody, done = (303, 303) if page else (401, 202)
            expected = nobody if not agency else 403 if not allowed else done if reached else 404
            assert answer.status_code == expected, (role, agency, page, answer.text[:300])
            if page and not agency:
                assert answer.headers["location"].startswith("/login")
