"""``/noi-nhan`` with plain forms, before the real runner and a receiver on this machine that first fails, then answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from models import conclusions
from models.database import transaction
from models.entities import Dossier, ResultForm, Role
from models.local_time import local_day
from models.webhooks.tables import DeliveryState, Webhook, WebhookDelivery
from tests.digitize_api.api import Api
from tests.workers.runtimes import runtime_in
from tests.workers.test_webhooks import due, receiving, verified, work
from workers.runtime import Runtime

ALL = ["result.stored", "result.returned", "result.cancelled", "dossier.finished", "dossier.reopened"]


@pytest.fixture
def runtime(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    """A worker beside the front door, on the same database; three tries without a wait."""
    monkeypatch.setenv("DIGITIZE_WEBHOOK_RETRY_SECONDS", "[0.01, 0.01]")
    api.dossier(api.station())
    with runtime_in(tmp_path) as made:
        yield made


def sent(client: httpx.Client, path: str, **fields: object) -> httpx.Response:
    return client.post(path, data={"csrf_token": client.headers["X-CSRF-Token"], **fields})


def secret_in(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    assert "no-store" in answer.headers["cache-control"]
    (found,) = re.findall(r'id="secret"[^>]*>(whsec_[^<]+)<', answer.text)
    return str(found)


def added(api: Api, admin: httpx.Client, url: str) -> tuple[str, str]:
    """The path of its page, and its secret."""
    secret = secret_in(sent(admin, "/noi-nhan", url=url, agency="H56.14", kinds=ALL))
    with api.sessions() as session:
        return f"/noi-nhan/{session.scalars(select(Webhook.id).where(Webhook.url == url)).one()}", secret


def conclude(api: Api, count: int = 1) -> None:
    with transaction(api.sessions) as session:
        dossier = session.scalars(select(Dossier)).first()
        assert dossier is not None
        for _ in range(count):
            conclusions.conclude(session, dossier, on=local_day(), form=ResultForm.PAPER, actor="account:a")
            conclusions.reopen(session, dossier, actor="account:a")


def test_what_did_not_arrive_is_sent_again(api: Api, runtime: Runtime) -> None:
    admin = api.person(Role.ADMIN)
    with receiving(503, 503, 503, 503, 503, 503, 204) as receiver:
        path, secret = added(api, admin, receiver.url)
        assert "Chưa có thông báo nào" in admin.get(path).text
        conclude(api)
        assert "2 đang chờ" in admin.get("/noi-nhan").text
        for _ in range(3):
            due(runtime)
            assert work(runtime) == 2
        listed = admin.get("/noi-nhan").text
        assert "2 không tới" in listed
        dead = admin.get(path, params={"trang-thai": "dead"}).text
        assert dead.count("3 lần gửi") == 2
        assert dead.count("HTTP 503") == 2 + 6, "the last of each, and each try"
        one = re.findall(r'action="([^"]+/gui-lai/[0-9a-f]{32})"', dead)
        assert len(one) == 2
        assert sent(admin, one[0]).status_code == 303
        assert work(runtime) == 1
        assert "Gửi lại tất cả (1)" in admin.get(path).text
        assert sent(admin, f"{path}/gui-lai").status_code == 303
        assert work(runtime) == 1
        told = admin.get(path).text
        assert told.count("✓ đã tới") == 2
        assert "Gửi lại" not in told
        assert told.count("4 lần gửi") == 2
        assert {verified(secret, headers, body) for _, headers, body in receiver.got} == {True}
        assert {json.loads(body)["type"] for _, _, body in receiver.got} == {"dossier.finished", "dossier.reopened"}
        assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 2, "under the same ids"
    log = admin.get("/nhat-ky?loai=administration").text
    assert "Gửi lại thông báo tới" in log


def test_try_pause_change_the_secret_and_end(api: Api, runtime: Runtime) -> None:
    admin = api.person(Role.ADMIN)
    with receiving(500, 204) as receiver:
        path, secret = added(api, admin, receiver.url)
        for expected in ("HTTP 500", "✓ đã tới"):
            assert sent(admin, f"{path}/gui-thu").headers["location"] == path
            assert work(runtime) == 1
            assert expected in admin.get(path).text
        assert sent(admin, f"{path}/tam-dung").status_code == 303
        conclude(api)
        assert work(runtime) == 2
        assert len(receiver.got) == 2, "nothing is sent meanwhile"
        shown = admin.get(path).text
        assert "Tạm dừng từ" in shown
        assert "Báo tiếp" in shown
        fresh = secret_in(sent(admin, f"{path}/khoa-moi"))
        assert sent(admin, f"{path}/bao-tiep").status_code == 303
        assert work(runtime) == 2
        for _, headers, body in receiver.got[2:]:
            assert verified(fresh, headers, body)
            assert verified(secret, headers, body)
        assert "Khóa cũ còn ký đến" in admin.get(path).text
        assert sent(admin, f"{path}/thoi").status_code == 303
        assert sent(admin, f"{path}/gui-thu").status_code == 303, "another tab's button: the page tells what it is now"
        conclude(api)
        assert work(runtime) == 0
        ended = admin.get(path).text
        assert "Đã thôi báo từ" in ended
        assert "<button>Gửi thử" not in ended
    for page in ("/noi-nhan", path):
        assert "whsec_" not in admin.get(page).text
    log = admin.get("/nhat-ky?loai=administration").text
    for words in ("Báo sự kiện tới", "Gửi thử tới", "Tạm dừng báo", "Báo tiếp sự kiện", "Đổi khóa ký", "Thôi báo"):
        assert words in log, words


def test_older_deliveries_are_a_page_away(api: Api, runtime: Runtime) -> None:
    admin = api.person(Role.ADMIN)
    path, _ = added(api, admin, "https://portal.example/a")
    with transaction(api.sessions) as session:
        webhook = session.scalars(select(Webhook)).one()
        kept = {"webhook_id": webhook.id, "agency_id": webhook.agency_id, "state": DeliveryState.DELIVERED}
        session.add_all(WebhookDelivery(kind="result.stored", body="{}", **kept) for _ in range(60))
    ids: list[str] = []
    at: str | None = path
    while at:
        text = admin.get(at).text
        ids += re.findall(r'id="delivery-([0-9a-f]{32})"', text)
        after = re.search(r'rel="next" href="([^"]+)"', text)
        at = after[1].replace("&amp;", "&") if after else None
    assert (len(ids), len(set(ids))) == (60, 60)
    assert "delivery-" not in admin.get(path, params={"trang-thai": "dead"}).text


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"url": "http://portal.example/a"}, 422, "Địa chỉ nhận thông báo không được phép"),
        ({"url": "https://10.0.0.5/a"}, 422, "mạng nội bộ cần người quản trị hệ thống cho phép"),
        ({"url": "https://169.254.169.254/latest"}, 422, "Địa chỉ nhận thông báo không được phép"),
        ({"kinds": []}, 422, "Chọn ít nhất một sự kiện"),
        ({"kinds": ["result.gone"]}, 422, "Chọn ít nhất một sự kiện"),
        ({"agency": "H57.1"}, 422, "Không có cơ quan này"),
        ({}, 409, "đã có nơi nhận ở địa chỉ này"),
    ],
)
def test_what_can_not_be_added(api: Api, fields: dict[str, object], status: int, said: str) -> None:
    admin = api.person(Role.ADMIN)
    api.agency("H57.1", "UBND xã Khác")
    added(api, admin, "https://portal.example/a")
    given = {"url": "https://portal.example/a", "agency": "H56.14", "kinds": ALL, **fields}
    refused = sent(admin, "/noi-nhan", **given)
    assert (refused.status_code, said in refused.text) == (status, True), refused.text[:2000]
    assert f'value="{given["url"]}"' in refused.text, "what was typed is there still"
    assert "whsec_" not in refused.text
    with api.sessions() as session:
        assert len(session.scalars(select(Webhook)).all()) == 1
