from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.database import transaction
from models.entities import Scan
from models.events import record
from models.settings import sqlite_url
from tests.digitize_api.api import PDF, Api, running_api
from tests.digitize_api.test_upload import post

Told = tuple[int, str, dict[str, Any]]


def told(lines: Iterator[str]) -> Iterator[Told]:
    """(id, event, data) of each event on the wire; comments are skipped."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield int(fields["id"]), fields["event"], json.loads(fields["data"])
            fields = {}
        else:
            fields = {}


def follow(client: httpx.Client, scan_id: str, **headers: str) -> list[Told]:
    """Every event until the server ends the stream."""
    with client.stream("GET", f"/api/v1/scans/{scan_id}/events", headers=headers) as stream:
        assert stream.status_code == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        return list(told(stream.iter_lines()))


def posted(api: Api) -> tuple[httpx.Client, str]:
    station = api.station()
    return station, str(post(station, api.dossier(station), PDF).json()["id"])


def test_the_whole_life_and_the_resume(api: Api) -> None:
    station, scan_id = posted(api)
    api.read(scan_id, ["một", "hai", "ba"])
    heard = follow(station, scan_id)
    kinds = [kind for _, kind, _ in heard]
    assert kinds == ["state", "state", "page", "page", "page", "state", "state", "done"]
    assert [data["state"] for _, kind, data in heard if kind == "state"] == [
        "received",
        "reading",
        "assembling",
        "done",
    ]
    ids = [id_ for id_, _, _ in heard]
    assert ids == sorted(set(ids))
    for position, last in enumerate(ids[:-1]):
        assert follow(station, scan_id, **{"Last-Event-ID": str(last)}) == heard[position + 1 :]
    over = station.get(f"/api/v1/scans/{scan_id}/events", headers={"Last-Event-ID": str(ids[-1])})
    assert over.status_code == 204, "a browser stops reconnecting"
    assert station.get(f"/api/v1/scans/{scan_id}/events?after={ids[-1]}").status_code == 204
    assert follow(station, scan_id, **{"Last-Event-ID": "nonsense"}) == heard


def live(api: Api, act: Callable[[Api, str], object]) -> None:
    """Followers hear what happens while they listen, all of it, once."""
    _, scan_id = posted(api)
    results: list[list[Told]] = [[], []]
    threads = [
        threading.Thread(target=lambda heard: heard.extend(follow(api.station(), scan_id)), args=(heard,))
        for heard in results
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    act(api, scan_id)
    for thread in threads:
        thread.join(20)
    assert results[0] == results[1]
    assert [kind for _, kind, _ in results[0]].count("page") == 2
    assert results[0][-1][1] == "done"


def test_live(api: Api) -> None:
    live(api, lambda served, scan_id: served.read(scan_id, ["một", "hai"]))


@pytest.mark.services
def test_live_on_postgresql(province: Api) -> None:
    live(province, lambda served, scan_id: served.read(scan_id, ["một", "hai"]))


def test_the_first_event_comes_at_once(tmp_path: Path) -> None:
    with running_api(tmp_path, sqlite_url(tmp_path), sse_poll_seconds=0.2) as api:
        station, scan_id = posted(api)
        started = time.monotonic()
        with station.stream("GET", f"/api/v1/scans/{scan_id}/events") as stream:
            first = next(told(stream.iter_lines()))
            assert time.monotonic() - started < 0.5
            assert first[2]["state"] == "received"


def test_heartbeats_and_looks(tmp_path: Path) -> None:
    """Silence is broken by comments; who looked is not told to who follows."""
    with running_api(tmp_path, sqlite_url(tmp_path), sse_heartbeat_seconds=0.1) as api:
        station, scan_id = posted(api)
        with transaction(api.sessions) as session:
            record(session, kind="viewed", actor="account:x", scan=session.get_one(Scan, scan_id))
        lines: list[str] = []
        with station.stream("GET", f"/api/v1/scans/{scan_id}/events") as stream:
            for line in stream.iter_lines():
                lines.append(line)
                if lines.count(": ping") == 3:
                    break
        assert "viewed" not in "".join(lines)
        assert lines.count("event: state") == 1


def test_a_follower_that_goes_away_is_forgotten(api: Api) -> None:
    station, scan_id = posted(api)
    with station.stream("GET", f"/api/v1/scans/{scan_id}/events") as stream:
        heard = told(stream.iter_lines())  # kept: httpx closes a stream whose iterator is dropped
        next(heard)
        assert watched(api) == {scan_id: 1}
    deadline = time.monotonic() + 10
    while watched(api) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert watched(api) == {}


def watched(api: Api) -> dict[str, int]:
    app: Any = api.server.config.app
    return dict(app.state.context.hub._watched)
