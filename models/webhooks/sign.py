"""Signatures as Standard Webhooks writes them (standardwebhooks.com): HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"


def new_secret() -> str:
    """``whsec_`` and 256 random bits in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(secrets_: Iterable[str], delivery_id: str, at: int, body: bytes) -> dict[str, str]:
    """What the receiver checks; ``at``: seconds since 1970, of this attempt, so that an old message can't be played again. Several secrets (one is
    being changed) make several signatures, of which one must fit.
    """
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{signature(one, delivery_id, at, body)}" for one in secrets_),
    }


def signature(secret: str, delivery_id: str, at: int, body: bytes) -> str:
    """Base64 of the HMAC."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{delivery_id}.{at}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
