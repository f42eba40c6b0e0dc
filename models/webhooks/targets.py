"""Which addresses may be called: a subscription must not become a way into the network that the server stands in."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from models.errors import WebhookTarget
from models.webhooks.settings import WebhookSettings

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart. ``loopback``: its host says so itself."""

    scheme: str
    host: str
    port: int
    loopback: bool


def parse_target(url: str) -> Target:
    """``https://…``, or ``http://`` to this very machine; no user, no fragment. ``WebhookTarget``."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise WebhookTarget("not a URL") from error
    if len(url) > _LONGEST or not url.isascii() or any(sign <= " " for sign in url):
        raise WebhookTarget("not a URL that can be called")
    if parts.username is not None or parts.password is not None or parts.fragment or not host:
        raise WebhookTarget("a URL without user, password and fragment")
    loopback = host == "localhost" or _is_loopback(host)
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise WebhookTarget("https, or http to this machine")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), loopback)


def check_target(url: str, settings: WebhookSettings) -> Target:
    """:func:`parse_target`, and an address written as such is judged at once. ``WebhookTarget``."""
    target = parse_target(url)
    try:
        address = ipaddress.ip_address(target.host)
    except ValueError:
        return target
    _check(address, target, settings)
    return target


def addresses(target: Target, settings: WebhookSettings) -> list[str]:
    """Where the host is now, every address allowed; the caller connects to one of these and not to the name, which may change.

    ``WebhookTarget`` for an address that may not be called, ``OSError`` when the name is not known.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    known = list(dict.fromkeys(str(one[4][0]) for one in found))
    for text in known:
        _check(ipaddress.ip_address(text.partition("%")[0]), target, settings)
    return known


def _check(address: ipaddress.IPv4Address | ipaddress.IPv6Address, target: Target, settings: WebhookSettings) -> None:
    plain = getattr(address, "ipv4_mapped", None) or address
    if any(plain.version == one.version and plain in one for one in settings.allowed_networks):
        return
    if plain.is_loopback:
        if not target.loopback:
            raise WebhookTarget("a name that leads to this machine")
        return
    if plain.is_multicast or plain.is_unspecified or plain.is_link_local or plain.is_reserved:
        raise WebhookTarget("an address that is nobody's")
    if not plain.is_global and not settings.private_networks:
        raise WebhookTarget("an address of a private network (DIGITIZE_WEBHOOK_PRIVATE_NETWORKS allows them)")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
