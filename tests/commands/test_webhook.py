"""``digitize webhook`` as a process."""

from __future__ import annotations

from pathlib import Path

from models.agencies import create_agency, find_agency
from models.database import make_engine, make_session_factory, transaction, upgrade
from models.entities import Dispatch
from models.settings import sqlite_url
from models.webhooks.tables import DeliveryState, Webhook, WebhookDelivery
from tests.commands.machine import digitize


def test_subscribe_look_send_again_end(tmp_path: Path) -> None:
    engine = make_engine(sqlite_url(tmp_path))
    upgrade(engine)
    factory = make_session_factory(engine)
    with transaction(factory) as session:
        create_agency(session, code="H56", name="UBND tỉnh Mẫu")
    where = ("--data", str(tmp_path))
    refused = digitize("webhook", "add", "http://portal.example/a", "--agency", "H56", *where)
    assert (refused.returncode, "WEBHOOK_TARGET" in refused.stderr) == (3, True)
    made = digitize("webhook", "add", "https://portal.example/a", "--agency", "H56", "--event", "result.stored", *where)
    assert (made.returncode, made.stdout[:6]) == (0, "whsec_"), made.stderr
    assert digitize("webhook", "add", "https://portal.example/a", "--agency", "H56", *where).returncode == 3
    with transaction(factory) as session:
        webhook = session.query(Webhook).one()
        agency = find_agency(session, "H56")
        dead = WebhookDelivery(
            webhook_id=webhook.id, agency_id=agency.id, kind="result.stored", body="{}", state=DeliveryState.DEAD
        )
        session.add(dead)
    listed = digitize("webhook", "list", *where).stdout
    assert webhook.id in listed
    assert "whsec_" not in listed
    assert dead.id in digitize("webhook", "dead", *where).stdout
    assert digitize("webhook", "resend", *where).returncode == 2
    assert "sent again: 1" in digitize("webhook", "resend", "--all", *where).stdout
    assert digitize("webhook", "resend", dead.id, *where).returncode == 3
    with transaction(factory) as session:
        assert [row.subject for row in session.query(Dispatch)] == [f"{dead.id}/2.1"]
    assert digitize("webhook", "pause", webhook.id, *where).returncode == 0
    assert "tạm dừng / paused" in digitize("webhook", "list", *where).stdout
    assert "1 thông báo đã giữ" in digitize("webhook", "resume", webhook.id, *where).stdout
    changed = digitize("webhook", "secret", webhook.id, *where)
    assert (changed.returncode, changed.stdout[:6], changed.stdout == made.stdout) == (0, "whsec_", False)
    tried = digitize("webhook", "try", webhook.id, *where)
    assert tried.returncode == 0, tried.stderr
    assert digitize("webhook", "end", webhook.id, *where).returncode == 0
    assert digitize("webhook", "try", webhook.id, *where).returncode == 3
    assert "đã thôi" in digitize("webhook", "list", *where).stdout
    engine.dispose()
