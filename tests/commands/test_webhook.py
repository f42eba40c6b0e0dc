"""``digitize webhook``."""

from __future__ import annotations

from pathlib import Path

from models.agencies import create_agency, find_agency
from models.database import make_engine, make_session_factory, transaction
from models.entities import Dispatch
from models.webhooks.tables import DeliveryState, Webhook, WebhookDelivery
from tests.commands.machine import at_once, digitize
from tests.databases import migrated_sqlite


def test_subscribe_look_send_again_end(tmp_path: Path) -> None:
    engine = make_engine(migrated_sqlite(tmp_path))
    factory = make_session_factory(engine)
    with transaction(factory) as session:
        create_agency(session, code="H56", name="UBND tỉnh Mẫu")
    where = ("--data", str(tmp_path))
    refused = digitize("webhook", "add", "http://portal.example/a", "--agency", "H56", *where)
    assert (refused.returncode, "WEBHOOK_TARGET" in refused.stderr) == (3, True)
    made = at_once("webhook", "add", "https://portal.example/a", "--agency", "H56", "--event", "result.stored", *where)
    assert (made.returncode, made.stdout[:6]) == (0, "whsec_"), made.stderr
    assert at_once("webhook", "add", "https://portal.example/a", "--agency", "H56", *where).returncode == 3
    with transaction(factory) as session:
        webhook = session.query(Webhook).one()
        agency = find_agency(session, "H56")
        dead = WebhookDelivery(
            webhook_id=webhook.id, agency_id=agency.id, kind="result.stored", body="{}", state=DeliveryState.DEAD
        )
        session.add(dead)
    listed = at_once("webhook", "list", *where).stdout
    assert webhook.id in listed
    assert "whsec_" not in listed
    assert dead.id in at_once("webhook", "dead", *where).stdout
    assert at_once("webhook", "resend", *where).returncode == 2
    assert "sent again: 1" in at_once("webhook", "resend", "--all", *where).stdout
    assert at_once("webhook", "resend", dead.id, *where).returncode == 3
    with transaction(factory) as session:
        assert [row.subject for row in session.query(Dispatch)] == [f"{dead.id}/2.1"]
    assert at_once("webhook", "pause", webhook.id, *where).returncode == 0
    assert "tạm dừng / paused" in at_once("webhook", "list", *where).stdout
    assert "1 thông báo đã giữ" in at_once("webhook", "resume", webhook.id, *where).stdout
    changed = at_once("webhook", "secret", webhook.id, *where)
    assert (changed.returncode, changed.stdout[:6], changed.stdout == made.stdout) == (0, "whsec_", False)
    tried = at_once("webhook", "try", webhook.id, *where)
    assert tried.returncode == 0, tried.stderr
    assert at_once("webhook", "end", webhook.id, *where).returncode == 0
    assert at_once("webhook", "try", webhook.id, *where).returncode == 3
    assert "đã thôi" in at_once("webhook", "list", *where).stdout
    engine.dispose()
