"""Role × agency × route: every route that shows or changes data is in the table, and nobody gets what the table denies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from digitize_api.auth.rights import RIGHTS, Right, may
from digitize_api.scans.service import resume_point
from models.entities import Role
from models.settings import sqlite_url
from tests.digitize_api.api import PDF, Api, running_api
from tests.digitize_api.test_upload import post

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
        yield World(api, clients, code, scan, component, result, code)


LATER = "{later}"  # the dossier that uses the result again
DONE = {  # what those who may are answered; the first of them does it, and it is done when the others come
    "/api/v1/results/{result_id}/reuse": {201, 200},
    "/api/v1/results/{result_id}/cancel": {200, 409},
}
# (method, route, right, what to send). {code} {scan} {component} are the commune's.
ROUTES: list[tuple[str, str, Right, dict[str, Any]]] = [
    ("GET", "/api/v1/dossiers/{code}", Right.READ_DOSSIER, {}),
    ("POST", "/api/v1/dossiers/{code}/scans", Right.POST_SCAN, {"upload": True}),
    ("GET", "/api/v1/scans/{scan_id}", Right.READ_SCAN, {}),
    ("GET", "/api/v1/scans/{scan_id}/events", Right.READ_SCAN, {}),
    ("GET", "/api/v1/components/{component_id}", Right.READ_PAPER, {}),
    ("GET", "/api/v1/components/{component_id}/pdf", Right.READ_PAPER, {}),
    ("HEAD", "/api/v1/components/{component_id}/pdf", Right.READ_PAPER, {}),
    ("GET", "/api/v1/components/{component_id}/pages/{number}.jpg", Right.READ_PAPER, {}),
    ("HEAD", "/api/v1/components/{component_id}/pages/{number}.jpg", Right.READ_PAPER, {}),
    ("PATCH", "/api/v1/components/{component_id}", Right.REVIEW, {"json": {"version": 1}}),
    ("GET", "/api/v1/components/{component_id}/next-step", Right.READ_PAPER, {}),
    ("GET", "/api/v1/components/{component_id}/versions", Right.READ_PAPER, {}),
    ("POST", "/api/v1/components/{component_id}/steps", Right.KEEP, {"json": {"version": 1, "to": "captured"}}),
    ("GET", "/api/v1/dossiers/{code}/completeness", Right.READ_PAPER, {}),
    ("GET", "/api/v1/dossiers/{code}/supplement-slip.pdf", Right.READ_PAPER, {}),
    ("GET", "/api/v1/results/{result_id}", Right.READ_PAPER, {}),
    ("GET", "/api/v1/results/{result_id}/uses", Right.READ_PAPER, {}),
    ("POST", "/api/v1/results/{result_id}/reuse", Right.REUSE, {"json": {"dossier": LATER}}),
    (
        "POST",
        "/api/v1/results/{result_id}/status-end",
        Right.KEEP,
        {"json": {"ended_on": "2999-01-01", "reason": "thử"}},
    ),
    ("POST", "/api/v1/results/{result_id}/hand-over", Right.KEEP, {}),
    ("POST", "/api/v1/results/{result_id}/cancel", Right.CANCEL, {"json": {"reason": "thử hủy"}}),
]
# Not about one object: who may call them at all, and what they show is scoped (tested below).
OTHERS = {
    ("POST", "/api/v1/dossiers"): Right.CREATE_DOSSIER,
    ("GET", "/api/v1/dossiers"): Right.READ_DOSSIER,
    ("GET", "/api/v1/results"): Right.SEARCH,
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
    ("GET", "/dossiers/{code}"),
    ("GET", "/scans/{scan_id}/card"),
    ("GET", "/components/{component_id}/pages/{number}"),
}
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
        code=world.code, scan_id=world.scan, component_id=world.component, result_id=world.result, number=1
    )


def call(
    world: World, client: httpx.Client, method: str, path: str, *, body: dict[str, Any], key: str
) -> httpx.Response:
    if body.get("upload"):
        return post(client, world.code, PDF, key=key)
    if body.get("json", {}).get("dossier") == LATER:
        body = {"json": {"dossier": world.later}}
    return client.request(method, fill(world, path), **body)


def all_routes(app: Any) -> Iterator[tuple[str, str]]:
    document = app.openapi()
    for path, operations in document["paths"].items():
        for method in operations:
            yield method.upper(), path


def test_every_route_is_in_the_table(world: World) -> None:
    listed = {(method, path) for method, path, _, _ in ROUTES} | set(OTHERS) | OPEN | CATALOG
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


def test_pages_follow_the_same_table(world: World) -> None:
    for (role, agency), client in world.clients.items():
        for _, path in sorted(PAGES):
            answer = client.get(fill(world, path))
            expected = 303 if not agency else 200 if (role, agency) in REACH else 404
            assert answer.status_code == expected, (role, agency, path)
            if expected == 404:
                assert world.code not in answer.text


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
