"""Signatures as Standard Webhooks writes them (standardwebhooks.com): HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"


def new_secret() -> str:
    """``whsec_`` and 256 random bits in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(secret: str, delivery_id: str, at: int, body: bytes) -> dict[str, str]:
    """What the receiver checks; ``at``: seconds since 1970, of this attempt, so that an old message can't be played again."""
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{signature(secret, delivery_id, at, body)}",
    }


def signature(secret: str, delivery_id: str, at: int, body: bytes) -> str:
    """Base64 of the HMAC."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{delivery_id}.{at}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
