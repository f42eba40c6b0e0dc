from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from digitize_api.auth.throttle import LoginsThrottled, LoginThrottle
from models.entities import Account, LoginSession, Role, Station
from models.errors import TooManyRequests
from models.settings import sqlite_url
from tests.digitize_api.api import PASSWORD, Api, running_api


def sign_in(client: httpx.Client, password: str = PASSWORD, name: str = "mau", **headers: str) -> httpx.Response:
    return client.post("/api/v1/sessions", json={"name": name, "password": password}, headers=headers)


def test_sign_in_and_out(api: Api) -> None:
    api.account("mau", Role.CLERK)
    client = api.client()
    assert client.get("/api/v1/sessions/current").status_code == 401
    answer = sign_in(client)
    assert answer.status_code == 201
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie, "this one came by http"
    who = client.get("/api/v1/sessions/current").json()
    assert (who["name"], who["role"], who["agency"]) == ("mau", "clerk", "H56.14")
    assert who["csrf_token"] == answer.json()["csrf_token"]
    assert "review" in who["rights"]
    assert "post_backscan" not in who["rights"]
    token = client.cookies["digitize_session"]
    with api.sessions() as session:
        kept = session.scalars(select(LoginSession)).one()
        assert token not in (kept.token_sha256, kept.csrf_token), "only its hash is kept"
    assert client.delete("/api/v1/sessions/current").status_code == 403, "without the CSRF token"
    assert client.delete("/api/v1/sessions/current", headers={"X-CSRF-Token": who["csrf_token"]}).status_code == 204
    again = api.client(Cookie=f"digitize_session={token}")
    assert again.get("/api/v1/sessions/current").status_code == 401, "the session is gone, not only its cookie"


def test_csrf(api: Api) -> None:
    clerk = api.person()
    assert clerk.post("/api/v1/dossiers", json={}).status_code == 201
    for token in ("", "wrong", "ă"):
        answer = clerk.post("/api/v1/dossiers", json={}, headers=[(b"X-CSRF-Token", token.encode())])
        assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")
    other = api.person(name="khac")
    stolen = other.headers["X-CSRF-Token"]
    assert clerk.post("/api/v1/dossiers", json={}, headers={"X-CSRF-Token": stolen}).status_code == 403


def test_another_site_can_not_sign_a_browser_in(api: Api) -> None:
    api.account("mau", Role.CLERK)
    assert sign_in(api.client(), **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert sign_in(api.client(), Origin="https://evil.example").status_code == 403
    assert sign_in(api.client(), Origin=api.url).status_code == 201
    assert sign_in(api.client(), **{"Sec-Fetch-Site": "same-origin"}).status_code == 201


def test_secure_cookie_behind_a_proxy(api: Api) -> None:
    api.account("mau", Role.CLERK)
    answer = sign_in(api.client(), **{"X-Forwarded-Proto": "https"})
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


def test_wrong_password_and_unknown_name_say_the_same(api: Api) -> None:
    api.account("mau", Role.CLERK)
    wrong, unknown = sign_in(api.client(), "not this one"), sign_in(api.client(), name="nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["detail"] == unknown.json()["detail"]
    assert "set-cookie" not in wrong.headers
    for body in (
        {},
        {"name": "", "password": "x"},
        {"name": "x", "password": "x" * 1000},
        {"name": "a", "password": "b", "x": 1},
    ):
        assert api.client().post("/api/v1/sessions", json=body).status_code == 422


def test_guessing_is_slowed_and_never_locks_out(tmp_path: Path) -> None:
    with running_api(tmp_path, sqlite_url(tmp_path), login_failures=2, login_window_seconds=1.5) as api:
        api.account("mau", Role.CLERK)
        client = api.client()
        assert [sign_in(client, "wrong").status_code for _ in range(2)] == [401, 401]
        answer = sign_in(client)
        assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_REQUESTS")
        assert 1 <= int(answer.headers["retry-after"]) <= 2
        api.account("khac", Role.CLERK)
        assert sign_in(client, name="khac").status_code == 201, "another person is not kept out"

        time.sleep(1.6)
        assert sign_in(client).status_code == 201


def test_throttle() -> None:
    now = [100.0]
    throttle = LoginThrottle(2, 4, 60, clock=lambda: now[0])
    for _ in range(2):
        throttle.check("A", "x")
        throttle.failed("A", "x")
    with pytest.raises(LoginsThrottled) as refused:
        throttle.check("a", "x")
    assert refused.value.retry_after == 60
    assert isinstance(refused.value, TooManyRequests)
    throttle.check("a", "y")
    throttle.check("b", "x")
    throttle.failed("b", "x")
    throttle.failed("c", "x")
    with pytest.raises(LoginsThrottled):
        throttle.check("d", "x")
    now[0] += 61
    throttle.check("a", "x")
    throttle.check("d", "x")
    throttle.failed("a", "x")
    throttle.succeeded("a", "x")
    throttle.failed("a", "x")
    throttle.check("a", "x")


def test_keys(api: Api) -> None:
    station = api.station()
    assert station.get("/api/v1/sessions/current").json()["kind"] == "station"
    with api.sessions() as session:
        kept = session.scalars(select(Station)).one()
        assert kept.last_seen_at is not None
        assert api.keys["may-quet-1"] not in kept.key_sha256
    for header in ("Bearer", "Bearer wrong", "Basic eDp5", api.keys["may-quet-1"], "Bearer " + "x" * 5000):
        answer = api.client(Authorization=header).get("/api/v1/dossiers")
        assert (answer.status_code, answer.json()["code"]) == (401, "NOT_AUTHENTICATED"), header[:20]
        assert answer.headers["www-authenticate"].startswith("Bearer")
    with api.sessions.begin() as session:
        session.scalars(select(Station)).one().active = False
    assert station.get("/api/v1/dossiers").status_code == 401, "a closed station"


def test_a_closed_account_is_out_at_once(api: Api) -> None:
    clerk = api.person(name="mau")
    assert clerk.get("/api/v1/dossiers").status_code == 200
    with api.sessions.begin() as session:
        session.scalars(select(Account)).one().active = False
    assert clerk.get("/api/v1/dossiers").status_code == 401
    assert sign_in(api.client()).status_code == 401


def test_a_wrong_key_is_not_saved_by_a_cookie(api: Api) -> None:
    clerk = api.person()
    assert clerk.get("/api/v1/dossiers", headers={"Authorization": "Bearer wrong"}).status_code == 401
