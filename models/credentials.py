"""Secrets: passwords are hashed with argon2id, machine keys and cookies with SHA-256.

A key of 256 random bits can't be guessed, so a fast hash is enough and lets the database find it; a password can, so it gets
a slow one (RFC 9106's low-memory parameters, the library's default).
"""

from __future__ import annotations

import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_PASSWORD_LENGTH = 10  # characters
_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash to store. ``ValueError`` below ``MIN_PASSWORD_LENGTH`` characters."""
    if len(password) < MIN_PASSWORD_LENGTH:
        raise ValueError(f"a password has at least {MIN_PASSWORD_LENGTH} characters")
    return _HASHER.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether it fits; takes as long for an unknown person (``None``), so that names can't be probed by time."""
    try:
        _HASHER.verify(password_hash or _decoy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _decoy() -> str:
    return _HASHER.hash(secrets.token_urlsafe())


def new_secret() -> str:
    """256 random bits, URL-safe text."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256, hex: what is stored of a key or cookie."""
    return hashlib.sha256(secret.encode()).hexdigest()
