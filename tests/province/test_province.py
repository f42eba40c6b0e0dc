"""Issue 2, point 8: API, two workers, maintenance, PostgreSQL, Redis and SeaweedFS, driven by docker-compose.yml's variables."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from commands.station_client import ENDS, StationClient
from models.local_time import local_day
from storage.keys import original_key
from tests.paths import SAMPLES
from tests.province.processes import Ours, ProvincePostgres, ProvinceRedis, ProvinceS3, load_model
from tests.services import wait_until
from tests.workers.test_webhooks import receiving, verified

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.timeout(600)]

SET = SAMPLES / "set"
PAGES_IN_PARALLEL = ["--processes", "1"]  # two workers share this machine; a province's hosts use all their cores


@dataclass
class Province:
    services: dict[str, Any]
    postgres: ProvincePostgres
    redis: ProvinceRedis
    s3: ProvinceS3
    api: Ours
    workers: list[Ours]
    key: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.api.port}"

    def ready(self) -> dict[str, Any]:
        answer = httpx.get(f"{self.url}/readyz")
        body: dict[str, Any] = answer.json()
        return body


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    services = load_model(tmp_path_factory.mktemp("compose"))
    with ExitStack() as running:
        postgres = running.enter_context(ProvincePostgres(services["postgres"]))
        redis = running.enter_context(ProvinceRedis(services["redis"]))
        s3 = running.enter_context(ProvinceS3(services["seaweedfs"]))
        addresses = {
            "@postgres:5432": f"@127.0.0.1:{postgres.port}",
            "@redis:6379": f"@127.0.0.1:{redis.port}",
            "seaweedfs:8333": s3.endpoint,
        }

        migrate = Ours("migrate", services["migrate"], addresses)
        migrate.prepare()
        running.callback(migrate.__exit__, None, None, None)
        for _ in range(2):  # a one-shot runs again at each `up`
            done = migrate.run(*services["migrate"]["command"])
            assert done.returncode == 0, done.stdout + done.stderr
        assert migrate.run("agency", "add", "H56.14", "UBND phường Ví Dụ").returncode == 0
        station = migrate.run("station", "add", "quay-1", "--agency", "H56.14")
        assert station.returncode == 0, station.stderr

        api = running.enter_context(Ours("api", services["api"], addresses))
        counter = services["worker-counter"]
        workers = [
            running.enter_context(Ours(f"counter{number}", counter, addresses, extra=PAGES_IN_PARALLEL))
            for number in (1, 2)
        ]
        running.enter_context(Ours("maintenance", services["maintenance"], addresses))
        yield Province(services, postgres, redis, s3, api, workers, station.stdout.strip())


@pytest.fixture
def station(province: Province) -> Iterator[StationClient]:
    with StationClient(province.url, province.key) as client:
        yield client


def birth_dossier(station: StationClient) -> tuple[str, list[Path]]:
    """A new dossier like the first of the sample set, and that one's files."""
    entry = json.loads((SET / "manifest.json").read_text())[0]
    return station.create_dossier(entry["dossier"]), [SET / name for name in entry["files"]]


def wait_for_end(
    station: StationClient, scan: dict[str, Any], province: Province, seconds: float = 180
) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while scan["state"] not in ENDS:
        if time.monotonic() > end:
            logs = "\n".join(f"--- {each.name}\n{each.log()[-3000:]}" for each in [province.api, *province.workers])
            pytest.fail(f"still {scan['state']} after {seconds} s\n{logs}")
        time.sleep(0.3)
        scan = station.scan(scan["id"])
    return scan


def test_everything_the_api_depends_on_answers(province: Province) -> None:
    answer = province.ready()
    assert answer["ready"], answer
    assert {check["name"] for check in answer["checks"]} >= {"database", "store", "broker"}


def test_a_scan_becomes_a_pdf_that_a_clerk_finds_by_its_words(province: Province, station: StationClient) -> None:
    dossier, files = birth_dossier(station)
    paper = next(path for path in files if "khai_sinh" in path.name)
    scan = wait_for_end(station, station.post_scan(dossier, paper), province)
    assert (scan["state"], scan["pages_failed"]) == ("done", 0), scan
    (component,) = scan["components"]

    with httpx.Client(base_url=province.url, headers={"Authorization": f"Bearer {province.key}"}) as http:
        whole = http.get(component["links"]["pdf"])
        assert whole.status_code == 200
        assert whole.content.startswith(b"%PDF-")
        part = http.get(component["links"]["pdf"], headers={"Range": "bytes=100-199"})
        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole.content)}"
        assert part.content == whole.content[100:200]
        assert http.get(component["links"]["pdf"], headers={"Authorization": "Bearer wrong"}).status_code == 401

    found = station.search("giay khai sinh")  # typed without marks
    assert component["id"] in {hit["component"] for hit in found["results"]}

    data = paper.read_bytes()
    key = original_key(hashlib.sha256(data).hexdigest())
    client, bucket = province.s3.client(), "digitize"
    answer = client.get_object(bucket, key)
    assert answer.data == data
    answer.close()
    answer.release_conn()
    retention = client.get_object_retention(bucket, key)
    assert retention is not None
    assert retention.mode == "GOVERNANCE"


def test_a_host_is_lost_and_its_pages_are_read_by_the_other(province: Province, station: StationClient) -> None:
    dossier, files = birth_dossier(station)
    scans = [station.post_scan(dossier, path) for path in files]
    time.sleep(1.0)
    province.workers[0].kill()  # the host's power fails, with pages in work
    ended = [wait_for_end(station, scan, province) for scan in scans]
    assert [(scan["state"], scan["pages_failed"]) for scan in ended] == [("done", 0)] * len(files)
    assert not any(code in province.workers[1].log() for code in ("Traceback", '"level": "critical"'))


def test_a_worker_stops_in_order_and_comes_back(province: Province, station: StationClient) -> None:
    province.workers[1].stop()
    dossier, files = birth_dossier(station)
    scan = station.post_scan(dossier, files[0])  # accepted while nobody works
    province.workers[0].start()
    assert wait_for_end(station, scan, province)["state"] == "done"


def test_another_system_is_told_though_it_was_down(province: Province, station: StationClient) -> None:
    """Subscribed over HTTP, kept in PostgreSQL, rung over Redis, delivered by Celery's maintenance worker to a receiver that first fails."""
    password = "mật khẩu rất dài 1"
    words = ("account", "add", "quan.tri", "--agency", "H56.14", "--role", "admin", "--password-stdin")
    made = province.api.run(*words, stdin=password)
    assert made.returncode == 0, made.stderr
    with httpx.Client(base_url=province.url) as admin, receiving(503, 204) as receiver:
        told = {"name": "quan.tri", "password": password}
        admin.headers["X-CSRF-Token"] = admin.post("/api/v1/sessions", json=told).json()["csrf_token"]
        subscribed = admin.post("/api/v1/webhooks", json={"url": receiver.url})
        assert subscribed.status_code == 201, subscribed.text
        secret, its = subscribed.json()["secret"], subscribed.json()["id"]
        dossier, _ = birth_dossier(station)
        ended = {"finished_on": local_day().isoformat(), "form": "none"}
        with httpx.Client(base_url=province.url, headers={"Authorization": f"Bearer {province.key}"}) as http:
            assert http.put(f"/api/v1/dossiers/{dossier}/conclusion", json=ended).status_code == 200
        asked = {"webhook": its, "state": "delivered"}
        wait_until(
            lambda: len(admin.get("/api/v1/webhooks/deliveries", params=asked).json()) == 1, "the delivery", seconds=90
        )
        (delivery,) = admin.get("/api/v1/webhooks/deliveries", params=asked).json()
        assert [one["status"] for one in delivery["tries"]] == [503, 204]
        ids = {headers["webhook-id"] for _, headers, _ in receiver.got}
        assert ids == {delivery["id"]}, "both under the id by which the receiver knows repeats"
        for _, headers, body in receiver.got:
            assert verified(secret, headers, body)
            assert not verified(secret, headers, body.replace(dossier.encode(), b"H56.14-990101-0001"))
            assert json.loads(body)["data"]["dossier"] == dossier
        assert "whsec_" not in admin.get("/api/v1/webhooks").text
        assert admin.delete(f"/api/v1/webhooks/{its}").status_code == 200


def test_redis_and_the_store_ask_for_their_passwords(province: Province) -> None:
    assert httpx.get(f"http://{province.s3.endpoint}/digitize").status_code == 403

    with redis.Redis(port=province.redis.port) as client, pytest.raises(redis.AuthenticationError):
        client.ping()
