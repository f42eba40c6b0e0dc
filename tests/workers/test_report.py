from __future__ import annotations

from typing import Any

from workers.page import Line, PageOutcome, Word
from workers.report import Source, scan_json, whole

SOURCE = Source("a.png", "0" * 64, 1, "image/png")


def page(*engines: str | None) -> dict[str, Any]:
    lines = tuple(Line((Word("chữ", (0, 0, 1, 1), 0.9),), None, engine) for engine in engines)
    outcome = PageOutcome(1, lines=lines, engine="digitize-reader 1a2b3c4d vie")
    return dict(scan_json(SOURCE, [outcome], whole(1))["pages"][0])


def test_each_page_says_who_read_it() -> None:
    second = "tesserocr 5.5.4 vie"
    found = page(None, second, None, second)
    assert found["engine"] == "digitize-reader 1a2b3c4d vie"
    assert found["second_opinion"] == {"engine": second, "lines": 2}
    assert page(None, None)["second_opinion"] is None
    assert page()["second_opinion"] is None
