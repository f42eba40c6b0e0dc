from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
import redis

from models.entities import Dispatch, now
from models.settings import sqlite_url
from storage.filesystem import FilesystemStore
from storage.objects import StoreUnavailable
from tests.digitize_api.api import PDF, Api, running_api
from tests.digitize_api.test_upload import post
from tests.services import RedisServer


def test_live_and_ready(api: Api) -> None:
    assert api.client().get("/livez").json() == {"status": "ok"}
    answer = api.client().get("/readyz")
    assert answer.status_code == 200
    body = answer.json()
    assert body["ready"]
    assert {check["name"]: check["ok"] for check in body["checks"]} == {"database": True, "store": True}
    assert all(check["ms"] >= 0 for check in body["checks"])


def test_each_dependency_by_name_and_no_probe_waits_long(tmp_path: Path) -> None:
    class Away(FilesystemStore):
        def ping(self) -> None:
            raise StoreUnavailable("somewhere secret")

    def hangs() -> None:
        time.sleep(2)

    with running_api(
        tmp_path, sqlite_url(tmp_path), store=Away(tmp_path / "x"), broker_ping=hangs, probe_timeout_seconds=0.3
    ) as api:
        started = time.monotonic()
        answer = api.client().get("/readyz")
        assert time.monotonic() - started < 1.5
        assert answer.status_code == 503
        assert not answer.json()["ready"]
        checks = {check["name"]: (check["ok"], check.get("error")) for check in answer.json()["checks"]}
        assert checks == {"database": (True, None), "store": (False, "StoreUnavailable"), "broker": (False, "timeout")}
        assert "secret" not in answer.text
        assert api.client().get("/livez").status_code == 200


@pytest.mark.services
def test_a_real_broker(tmp_path: Path) -> None:
    with RedisServer() as server, redis.Redis.from_url(server.url, socket_timeout=1) as client:

        def ping() -> None:
            client.ping()

        with running_api(tmp_path, sqlite_url(tmp_path), broker_ping=ping) as api:
            assert api.client().get("/readyz").status_code == 200
            server.stop()
            answer = api.client().get("/readyz")
            assert answer.status_code == 503
            assert answer.json()["checks"][2]["name"] == "broker"
            server.start()
            assert api.client().get("/readyz").status_code == 200


def test_metrics(api: Api) -> None:
    station = api.station()
    code = api.dossier(station)
    post(station, code, PDF)
    post(station, code, PDF)
    post(station, code, b"", key="k2")
    with api.sessions.begin() as session:
        session.query(Dispatch).update({"created_at": now() - timedelta(seconds=90)})
    text = api.client().get("/metrics").text
    assert f"digitize_upload_bytes_total {float(2 * len(PDF))}" in text
    assert 'digitize_uploads_total{outcome="created"} 1.0' in text
    assert 'digitize_uploads_total{outcome="repeated"} 1.0' in text
    assert 'digitize_uploads_total{outcome="EMPTY_FILE"} 1.0' in text
    assert 'digitize_scans{state="received"} 1.0' in text
    assert 'digitize_queue_pending{queue="counter"} 1.0' in text
    lag = next(line for line in text.splitlines() if line.startswith('digitize_queue_lag_seconds{queue="counter"}'))
    assert 90 <= float(lag.split()[1]) < 120
    route = 'digitize_http_requests_total{method="POST",route="/api/v1/dossiers/{code}/scans",status="202"} 1.0'
    assert route in text, "one series a route, not one a dossier"
    assert code not in text


def test_metrics_with_a_token(tmp_path: Path) -> None:
    with running_api(tmp_path, sqlite_url(tmp_path), metrics_token="kín") as api:
        assert api.client().get("/metrics").status_code == 401
        assert api.client(Authorization="Bearer wrong").get("/metrics").status_code == 401
        assert api.client().get("/metrics", headers=[(b"Authorization", "Bearer kín".encode())]).status_code == 200


def test_metrics_are_not_for_the_network(api: Api) -> None:
    """A proxy on this machine says for whom it asks."""
    assert api.client().get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 401


@pytest.mark.services
def test_metrics_on_postgresql(province: Api) -> None:
    station = province.station()
    post(station, province.dossier(station), PDF)
    assert 'digitize_scans{state="received"} 1.0' in province.client().get("/metrics").text
    assert province.client().get("/readyz").status_code == 200
