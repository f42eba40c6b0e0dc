"""Vietnamese first; English for who asks (``?lang=en``, or ``Accept-Language``)."""

from __future__ import annotations

from typing import Literal

from starlette.requests import HTTPConnection

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
COOKIE = "digitize_lang"


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def negotiate(accept: str, default: Language = "vi") -> Language:
    """The best of ours for an ``Accept-Language`` header (RFC 9110 §12.5.4); ties go to the earlier one."""
    best: tuple[float, Language] = (0.0, default)
    for item in accept.split(",")[:20]:
        tag, *parameters = item.split(";")
        primary = tag.strip().lower().partition("-")[0]
        if primary in LANGUAGES and (weight := _weight(parameters)) > best[0]:
            best = (weight, primary)
    return best[1]


def language_of(connection: HTTPConnection) -> Language:
    """``?lang``, else the choice kept in a cookie, else ``Accept-Language`` (an API's only), else Vietnamese.

    A page's first answer is Vietnamese whatever the browser says: a counter PC often runs an English Windows.
    """
    for choice in (connection.query_params.get("lang"), connection.cookies.get(COOKIE)):
        if choice in LANGUAGES:
            return choice
    default: Language = getattr(connection.app.state, "language", "vi")
    if connection.url.path.startswith("/api/"):
        return negotiate(connection.headers.get("accept-language", ""), default)
    return default
