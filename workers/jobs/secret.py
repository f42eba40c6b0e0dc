"""A page bears a mark of secrecy: the scan ends there, and nothing that was read or drawn of it is kept (R2; TT 01/2023 Điều 4, x4).

The original stays in the store, unaltered and not served by any route, until whoever is responsible for state secrets takes it away.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import arrangements, events
from models.entities import Component, Dispatch, Page, PageState, Scan, ScanState
from models.errors import SecretMaterial
from models.lifecycle import SCAN_ENDS, move_scan
from storage.keys import scan_prefix
from workers.runner import Save
from workers.runtime import Runtime


def block_secret(runtime: Runtime, scan_id: str, number: int, level: str) -> Save:
    """Empty every page of the scan and end it. ``level``: the mark as printed (``TỐI MẬT``); ``number``: the page that bears it."""
    forget_pages(runtime, scan_id)

    def save(session: Session) -> Sequence[Dispatch]:
        events.hold_order(session, scan_id)
        scan = session.get(Scan, scan_id, populate_existing=True)
        if scan is None:
            return ()
        emptied = update(Page).where(Page.scan_id == scan_id)
        session.execute(
            emptied.values(
                text="", words_key=None, image_key=None, state=PageState.FAILED, failure_code=SecretMaterial.code
            ),
            execution_options={"synchronize_session": False},
        )
        for component in session.scalars(select(Component).where(Component.scan_id == scan_id)).all():
            if component.state not in arrangements.FIXED:  # only where a page of a scan that was done has been turned
                arrangements.remove(session, component, runtime.index)
        if scan.state not in SCAN_ENDS or scan.state == ScanState.DONE:
            detail = f"page {number} bears the mark {level}"
            move_scan(session, scan, ScanState.BLOCKED_SECRET, data={"code": SecretMaterial.code, "detail": detail})
        # What another worker put there since the first look.
        forget_pages(runtime, scan_id)
        return ()

    return save


def forget_pages(runtime: Runtime, scan_id: str) -> None:
    """Take away everything made of the scan: words, previews, PDFs."""
    for item in list(runtime.store.list(scan_prefix(scan_id))):
        runtime.store.delete(item.key)
