"""The web pages: Vietnamese first, server-rendered, with small ES modules where a page is live.

Belongs here: templates, styles, scripts, and the words. Does not: any rule or query of its own; pages call the same services
as the API. ``static/vendor`` is fetched at set-up by ``scripts/frontend.py``.
"""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
