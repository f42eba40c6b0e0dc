"""Webhooks to a real receiver on this machine: what it gets, what happens when it is slow, away, redirecting or gone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.x509.oid import NameOID
from sqlalchemy import func, select

from models import conclusions, events, warehouse
from models.agencies import create_agency, find_agency
from models.database import transaction
from models.dossiers import HolderData, create_dossier
from models.entities import ComponentState, Dispatch, DispatchState, Dossier, Event, Result, ResultForm, now
from models.errors import Conflict, WebhookTarget
from models.local_time import local_day
from models.webhooks import book
from models.webhooks.settings import WebhookSettings
from models.webhooks.tables import DeliveryState, Webhook, WebhookDelivery, WebhookEvent, WebhookTry
from models.webhooks.targets import Target, addresses, check_target
from tests.models.stored import Paper, at, store
from tests.workers.runtimes import runtime_in
from workers.jobs import HANDLERS
from workers.names import Queue, TaskName
from workers.runner import run
from workers.runtime import Runtime
from workers.sweeper import Sweeper

HOLDER = HolderData(id_number="079200000123", name="Nguyễn Thị Mẫu")


class Receiver:
    """``answers``: status of each next answer, the last for good; ``got``: (path, headers, body)."""

    def __init__(self, *answers: int, tls: tuple[Path, Path] | None = None, wait: float = 0) -> None:
        self.answers, self.wait = list(answers) or [204], wait
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, {key.lower(): value for key, value in self.headers.items()}, body))
                time.sleep(outer.wait)
                status = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{outer.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        scheme = "http"
        if tls is not None:
            scheme, context = "https", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"{scheme}://localhost:{self.server.server_address[1]}/su-kien?a=1".removesuffix("?a=1")
        self.url = self.url.replace("localhost", "127.0.0.1") if tls is None else self.url
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def receiving(*answers: int, tls: tuple[Path, Path] | None = None, wait: float = 0) -> Iterator[Receiver]:
    made = Receiver(*answers, tls=tls, wait=wait)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    with runtime_in(tmp_path) as made:
        with transaction(made.sessions) as session:
            province = create_agency(session, code="H56", name="UBND tỉnh Mẫu")
            commune = create_agency(session, code="H56.14", name="UBND xã Mẫu", parent=province)
            create_agency(session, code="H57", name="UBND tỉnh Khác")
            create_dossier(session, agency=commune, holder=HOLDER)
        yield made


def subscribe(runtime: Runtime, url: str, agency: str = "H56", *kinds: WebhookEvent) -> Webhook:
    with transaction(runtime.sessions) as session:
        owner = find_agency(session, agency)
        return book.add(session, agency=owner, url=url, kinds=kinds, settings=WebhookSettings(), actor="account:a")


def conclude(runtime: Runtime, *, again: bool = False) -> str:
    """The dossier ends (or is open again); its code."""
    with transaction(runtime.sessions) as session:
        dossier = session.scalars(select(Dossier)).one()
        if again:
            conclusions.reopen(session, dossier, actor="account:a")
        conclusions.conclude(session, dossier, on=local_day(), form=ResultForm.PAPER, actor="account:a")
        return dossier.code


def work(runtime: Runtime, *, early: bool = False) -> int:
    """Run what is due, as a worker that was rung would; ``early``: what waits for a later attempt too. How many rows."""
    with runtime.sessions() as session:
        rows = session.scalars(select(Dispatch).where(Dispatch.state == DispatchState.PENDING)).all()
        assert {(row.task, row.queue) for row in rows} <= {(TaskName.DELIVER_WEBHOOK, Queue.MAINTENANCE)}
    due = [row.id for row in rows if early or row.due_at <= now()]
    return sum(run(runtime, HANDLERS, one) for one in due)


def only(runtime: Runtime) -> WebhookDelivery:
    with runtime.sessions() as session:
        return session.scalars(select(WebhookDelivery)).one()


def test_an_event_arrives_signed_and_without_personal_data(runtime: Runtime) -> None:
    with receiving() as receiver:
        webhook = subscribe(runtime, receiver.url)
        code = conclude(runtime)
        assert only(runtime).state == DeliveryState.PENDING
        assert receiver.got == [], "nothing is sent in the transaction of its cause"
        assert work(runtime) == 1
        path, headers, body = receiver.got[0]
        assert (path, headers["host"]) == ("/su-kien", receiver.url.split("/")[2])
        assert headers["content-type"] == "application/json"
        told = json.loads(body)
        assert told["type"] == "dossier.finished"
        data = {"agency": "H56.14", "dossier": code, "finished_on": local_day().isoformat(), "form": "paper"}
        assert told["data"] == data
        assert told["timestamp"].endswith("+07:00")
        # As a receiver with nothing but the standard's text checks it.
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
        key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert len(key) == 32
        done = only(runtime)
        assert (done.id, done.state, done.attempts, done.status) == (headers["webhook-id"], "delivered", 1, 204)
        assert work(runtime, early=True) == 0


def test_results_stored_returned_and_cancelled(runtime: Runtime) -> None:
    with receiving() as receiver:
        subscribe(runtime, receiver.url)
        with transaction(runtime.sessions) as session:
            dossier = session.scalars(select(Dossier)).one()
            paper = Paper(number="12/2023", issued_on=date(2023, 5, 2), holder="079200000123")
            result = store(session, dossier, paper, at(local_day()))
            component = session.get_one(Result, result.id, populate_existing=True)
            found = warehouse.find_result(session, component.id, {dossier.agency_id})
            data = {"state": ComponentState.STORED.value}
            events.record(session, kind="state", actor="account:a", component=found.component, data=data)
            events.record(session, kind="state", actor="a", component=found.component, data={"state": "coded"})
            events.record(session, kind="reviewed", actor="account:a", component=found.component)
            warehouse.hand_over(session, found, actor="account:a")
            warehouse.cancel(session, found, reason="cấp sai cho Nguyễn Thị Mẫu", actor="account:a")
        assert work(runtime) == 3
        bodies = [json.loads(body) for _, _, body in receiver.got]
        assert {one["type"] for one in bodies} == {"result.stored", "result.returned", "result.cancelled"}
        for _, _, body in receiver.got:
            for secret in ("079200000123", "Nguyễn", "12/2023", "cấp sai"):
                assert secret not in body.decode()
        assert all(one["data"]["result"] == result.id for one in bodies)


def test_only_who_asked_is_told(runtime: Runtime) -> None:
    with receiving() as receiver:
        subscribe(runtime, f"{receiver.url}/khac", "H57")
        subscribe(runtime, f"{receiver.url}/huy", "H56", WebhookEvent.RESULT_CANCELLED)
        subscribe(runtime, f"{receiver.url}/xa", "H56.14", WebhookEvent.DOSSIER_FINISHED)
        subscribe(runtime, f"{receiver.url}/tinh", "H56")
        conclude(runtime)
        assert work(runtime) == 2
        assert sorted(path for path, _, _ in receiver.got) == ["/su-kien/tinh", "/su-kien/xa"]


def test_what_is_rolled_back_is_not_told(runtime: Runtime) -> None:
    subscribe(runtime, "https://portal.example/a")
    with runtime.sessions() as session:
        dossier = session.scalars(select(Dossier)).one()
        conclusions.conclude(session, dossier, on=local_day(), form=ResultForm.PAPER, actor="account:a")
        assert session.scalars(select(func.count()).select_from(WebhookDelivery)).one() == 1
        session.rollback()
    with runtime.sessions() as session:
        assert session.scalars(select(func.count()).select_from(WebhookDelivery)).one() == 0


def test_a_receiver_that_is_down_gets_it_later_under_the_same_id(runtime: Runtime) -> None:
    with receiving(503, 500, 204) as receiver:
        subscribe(runtime, receiver.url)
        conclude(runtime)
        assert work(runtime) == 1
        waiting = only(runtime)
        assert (waiting.state, waiting.attempts, waiting.status, waiting.error) == ("pending", 1, 503, "HTTP 503")
        assert work(runtime) == 0, "not before its time"
        with runtime.sessions() as session:
            row = session.scalars(select(Dispatch).where(Dispatch.state == DispatchState.PENDING)).one()
            assert timedelta(seconds=3) < row.due_at - now() <= timedelta(seconds=5)
        due(runtime)
        assert work(runtime) == 1
        with runtime.sessions() as session:
            row = session.scalars(select(Dispatch).where(Dispatch.state == DispatchState.PENDING)).one()
            assert timedelta(seconds=290) < row.due_at - now() <= timedelta(seconds=300)
        due(runtime)
        assert work(runtime) == 1
        assert only(runtime).state == DeliveryState.DELIVERED
        assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1
        assert len({body for _, _, body in receiver.got}) == 1


def verified(secret: str, headers: Mapping[str, str], body: bytes, *, at: float | None = None) -> bool:
    """As a receiver of another make checks it: OpenSSL's HMAC, any of the signatures, no message older than five minutes."""
    stamp = headers["webhook-timestamp"]
    if abs((time.time() if at is None else at) - int(stamp)) > 300:
        return False
    signed = b".".join([headers["webhook-id"].encode(), stamp.encode(), body])
    for one in headers["webhook-signature"].split(" "):
        version, _, signature = one.partition(",")
        checking = HMAC(base64.b64decode(secret.removeprefix("whsec_")), hashes.SHA256())
        checking.update(signed)
        try:
            checking.verify(base64.b64decode(signature, validate=True))
        except InvalidSignature:
            continue
        if version == "v1":
            return True
    return False


def test_every_try_is_told(runtime: Runtime) -> None:
    with receiving(503, 204) as receiver:
        webhook = subscribe(runtime, receiver.url)
        conclude(runtime)
        assert work(runtime) == 1
        due(runtime)
        assert work(runtime) == 1
        for _, headers, body in receiver.got:
            assert verified(webhook.secret, headers, body)
            assert not verified(webhook.secret, headers, body + b" ")
            assert not verified(webhook.secret, headers, body, at=time.time() + 301)
        with runtime.sessions() as session:
            (one,) = book.deliveries(session, {webhook.agency_id}, None, webhook_id=webhook.id)
            assert [(each.status, each.error) for each in one.tries] == [(503, "HTTP 503"), (204, None)]
            assert all(0 < each.seconds < 10 for each in one.tries)
            assert book.counts(session, {webhook.agency_id}) == {webhook.id: {"pending": 0, "delivered": 1, "dead": 0}}
            assert book.counts(session, {"other"}) == {}


def test_a_pause_keeps_what_happens_and_sends_it_once(runtime: Runtime) -> None:
    """Also what waited for its next attempt when the pause began: tasks of before are passed over."""
    with receiving(503, 204) as receiver:
        webhook = subscribe(runtime, receiver.url)
        conclude(runtime)
        assert work(runtime) == 1
        change(runtime, book.pause, webhook)
        conclude(runtime, again=True)
        due(runtime)
        assert work(runtime) == 3, "the tasks of the next attempt and of what happened since"
        assert len(receiver.got) == 1, "sent nothing"
        with runtime.sessions() as session:
            states = [one.state for one in session.scalars(select(WebhookDelivery))]
            assert states == [DeliveryState.PENDING] * 3, "ended, opened again, ended"
        assert change(runtime, book.resume, webhook) == 3
        assert change(runtime, book.resume, webhook) is None
        assert work(runtime, early=True) == 3
        assert work(runtime, early=True) == 0
        ids = [headers["webhook-id"] for _, headers, _ in receiver.got]
        assert (len(ids), len(set(ids))) == (4, 3), "the first came twice, as it failed once"
        with runtime.sessions() as session:
            assert {one.state for one in session.scalars(select(WebhookDelivery))} == {DeliveryState.DELIVERED}


def test_what_happens_while_it_goes_on_again_is_sent(runtime: Runtime) -> None:
    """A transaction that began during the pause and commits after it: nothing looks for its delivery any more but its own task."""
    with receiving() as receiver:
        webhook = subscribe(runtime, receiver.url)
        change(runtime, book.pause, webhook)
        conclude(runtime)
        with transaction(runtime.sessions) as session:  # as resume leaves it that could not see the delivery yet
            session.get_one(Webhook, webhook.id).paused_at = None
        assert work(runtime) == 1
        assert len(receiver.got) == 1


def test_a_task_of_before_the_pause_sends_nothing_after_it(runtime: Runtime) -> None:
    with receiving(503, 204) as receiver:
        webhook = subscribe(runtime, receiver.url)
        conclude(runtime)
        assert work(runtime) == 1
        change(runtime, book.pause, webhook)
        change(runtime, book.resume, webhook)
        assert work(runtime, early=True) == 2, "the old task and the new"
        assert len(receiver.got) == 2
        with runtime.sessions() as session:
            assert only(runtime).attempts == 2
            assert session.scalars(select(func.count()).select_from(WebhookTry)).one() == 2


def test_what_waited_for_a_paused_subscription_that_ends_is_dead(runtime: Runtime) -> None:
    with receiving() as receiver:
        webhook = subscribe(runtime, receiver.url)
        change(runtime, book.pause, webhook)
        conclude(runtime)
        change(runtime, book.end, webhook)
        assert work(runtime, early=True) == 1
        assert (only(runtime).state, only(runtime).error) == (DeliveryState.DEAD, "the subscription has ended")
        for what in (book.pause, book.resume, book.rotate, book.trial, book.resend_all):
            with pytest.raises(Conflict):
                change(runtime, what, webhook)
        assert receiver.got == []


def test_a_changed_secret_and_the_former_both_sign_for_a_day(runtime: Runtime) -> None:
    with receiving() as receiver:
        webhook = subscribe(runtime, receiver.url)
        fresh = str(change(runtime, book.rotate, webhook))
        assert fresh != webhook.secret
        conclude(runtime)
        work(runtime)
        with transaction(runtime.sessions) as session:
            row = session.get_one(Webhook, webhook.id)
            assert row.former_until is not None
            assert timedelta(hours=23) < row.former_until - now() <= timedelta(hours=24)
            row.former_until = now() - timedelta(seconds=1)
        conclude(runtime, again=True)
        work(runtime)
        (_, first, told), *rest = receiver.got
        assert verified(fresh, first, told)
        assert verified(webhook.secret, first, told)
        assert len(rest) == 2
        for _, headers, body in rest:
            assert verified(fresh, headers, body)
            assert not verified(webhook.secret, headers, body), "the former signs no more"


def test_a_trial_tells_nothing_and_is_tried_once_also_while_paused(runtime: Runtime) -> None:
    with receiving(500, 204) as receiver:
        webhook = subscribe(runtime, receiver.url, "H56", WebhookEvent.RESULT_STORED)
        change(runtime, book.trial, webhook)
        assert work(runtime) == 1
        dead = only(runtime)
        assert (dead.state, dead.attempts, dead.error) == (DeliveryState.DEAD, 1, "HTTP 500")
        assert work(runtime, early=True) == 0, "no second attempt by itself"
        assert change(runtime, book.resend_all, webhook) == 0, "of trials there is nothing to send again"
        change(runtime, book.pause, webhook)
        change(runtime, book.trial, webhook)
        assert work(runtime) == 1
        (_, _, _), (_, headers, body) = receiver.got
        told = json.loads(body)
        assert (told["type"], told["data"]) == ("webhook.trial", {"agency": "H56"})
        assert verified(webhook.secret, headers, body)
        with runtime.sessions() as session:
            kinds = session.scalars(select(Event.kind).where(Event.kind.startswith("webhook_")).order_by(Event.id))
            assert list(kinds) == ["webhook_added", "webhook_tried", "webhook_paused", "webhook_tried"]


def change(runtime: Runtime, what: Callable[..., object], webhook: Webhook) -> object:
    with transaction(runtime.sessions) as session:
        return what(session, session.get_one(Webhook, webhook.id), actor="account:a")


def due(runtime: Runtime) -> None:
    """The time of the next attempt has come."""
    with transaction(runtime.sessions) as session:
        for row in session.scalars(select(Dispatch).where(Dispatch.state == DispatchState.PENDING)):
            row.due_at = now() - timedelta(seconds=1)


def test_dead_after_the_last_attempt_and_sent_again_by_a_person(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITIZE_WEBHOOK_RETRY_SECONDS", "[0.01, 0.01]")
    with receiving(500, 500, 500, 204) as receiver:
        subscribe(runtime, receiver.url)
        conclude(runtime)
        for _ in range(3):
            due(runtime)
            assert work(runtime) == 1
        dead = only(runtime)
        assert (dead.state, dead.attempts) == (DeliveryState.DEAD, 3)
        assert work(runtime) == 0
        with transaction(runtime.sessions) as session:
            reach = {find_agency(session, "H56").id}
            assert [one.id for one in book.deliveries(session, reach, DeliveryState.DEAD)] == [dead.id]
            book.resend(session, dead.id, reach, actor="account:a")
            with pytest.raises(Conflict):
                book.resend(session, dead.id, reach, actor="account:a")
        assert work(runtime) == 1
        assert (only(runtime).state, only(runtime).attempts) == (DeliveryState.DELIVERED, 1)


def test_a_sweeper_forgets_what_arrived_long_ago(runtime: Runtime) -> None:
    with receiving(204, 410) as receiver:
        subscribe(runtime, receiver.url)
        conclude(runtime)
        assert work(runtime) == 1
        with transaction(runtime.sessions) as session:
            session.scalars(select(WebhookDelivery)).one().ended_at = now() - timedelta(days=31)
        Sweeper(runtime).chores()
        with runtime.sessions() as session:
            assert session.scalars(select(WebhookDelivery)).all() == []


def test_gone_means_no_more(runtime: Runtime) -> None:
    with receiving(410) as receiver:
        subscribe(runtime, receiver.url)
        conclude(runtime)
        conclude(runtime, again=True)
        work(runtime)
        assert len(receiver.got) == 1
        with runtime.sessions() as session:
            assert not session.scalars(select(Webhook)).one().active
            states = {one.state for one in session.scalars(select(WebhookDelivery))}
            assert states == {DeliveryState.DEAD}


def test_a_redirect_is_not_followed_and_a_slow_answer_not_waited_for(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITIZE_WEBHOOK_TIMEOUT_SECONDS", "0.3")
    with receiving(302) as receiver, receiving(wait=2) as slow:
        subscribe(runtime, receiver.url)
        subscribe(runtime, slow.url)
        conclude(runtime)
        began = time.monotonic()
        assert work(runtime) == 2
        assert time.monotonic() - began < 2
        assert [path for path, _, _ in receiver.got] == ["/su-kien"]
        with runtime.sessions() as session:
            errors = {one.error for one in session.scalars(select(WebhookDelivery))}
            assert errors == {"HTTP 302", "ReadTimeout"}


def test_nobody_listens(runtime: Runtime) -> None:
    subscribe(runtime, "http://127.0.0.1:1/x")
    conclude(runtime)
    assert work(runtime) == 1
    assert (only(runtime).state, only(runtime).error) == (DeliveryState.PENDING, "ConnectError")


def test_https_under_the_hosts_own_name(runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to an address that was judged, the certificate is still that of the name."""
    good, bad = certificate(tmp_path / "good", "localhost"), certificate(tmp_path / "bad", "other.example")
    for (key, name), state in ((good, DeliveryState.DELIVERED), (bad, DeliveryState.PENDING)):
        monkeypatch.setenv("DIGITIZE_WEBHOOK_CA_FILE", str(name))
        with receiving(tls=(name, key)) as receiver:
            subscribe(runtime, receiver.url)
            conclude(runtime, again=state is DeliveryState.PENDING)
            with runtime.sessions() as session:
                latest = session.scalars(
                    select(WebhookDelivery).join(Webhook).where(Webhook.url == receiver.url)
                ).all()[-1]
            work(runtime)
            with runtime.sessions() as session:
                assert session.get_one(WebhookDelivery, latest.id).state == state
            assert bool(receiver.got) == (state is DeliveryState.DELIVERED)


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A key and a certificate that signs itself."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    moment = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    return folder / "key.pem", folder / "cert.pem"


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example/a",
        "ftp://portal.example",
        "https://",
        "https://user:pass@portal.example/",
        "https://portal.example/#x",
        "https://portal.example/ a",
        "https://10.0.0.5/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[fe80::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "http://127.0.0.1.example/",
        "https://portal.example:99999/",
        "https://cổng.example/",
        "x",
    ],
)
def test_addresses_that_may_not_be_called(url: str) -> None:
    with pytest.raises(WebhookTarget):
        check_target(url, WebhookSettings())


def test_private_networks_by_the_operators_choice() -> None:
    inside = "https://10.20.0.5/x"
    assert check_target(inside, WebhookSettings(private_networks=True)).host == "10.20.0.5"
    one = WebhookSettings(allowed_networks=(ipaddress.ip_network("10.20.0.0/16"),))
    assert check_target(inside, one).port == 443
    for url, chosen in (
        ("https://10.21.0.5/", one),
        ("https://169.254.169.254/", WebhookSettings(private_networks=True)),
    ):
        with pytest.raises(WebhookTarget):
            check_target(url, chosen)


def test_a_name_that_leads_inside_is_refused_when_it_is_called() -> None:
    with pytest.raises(WebhookTarget, match="this machine"):
        addresses(Target("https", "localhost", 443, loopback=False), WebhookSettings())
    assert addresses(Target("http", "localhost", 80, loopback=True), WebhookSettings())
