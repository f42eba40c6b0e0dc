"""When a page hears keys."""

from __future__ import annotations

from playwright.sync_api import Page


def wait_until_heard(page: Page) -> None:
    """Until the page has been drawn: Chromium drops keys before that, faster than any person is and later than a busy machine has loaded it."""
    page.wait_for_load_state("load")
    page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
