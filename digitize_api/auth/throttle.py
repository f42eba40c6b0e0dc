"""Guessing passwords is made slow, and nobody is ever locked out for good.

Failures are counted in a sliding window, per (account, address) and per address. A full window refuses further attempts
until its oldest failure is old enough; a success clears the account's own count. Kept in memory: with several API
processes each counts for itself, so the limit is at most that many times higher; argon2 remains the real brake.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable

from models.errors import TooManyRequests

_MOST_KEYS = 10_000


class LoginsThrottled(TooManyRequests):
    """``retry_after``: whole seconds until an attempt is taken again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many failed attempts; try again in {retry_after} s.")
        self.retry_after = retry_after


class LoginThrottle:
    """Thread-safe. ``clock`` gives monotonic seconds."""

    def __init__(
        self, per_account: int, per_address: int, window_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = (per_account, per_address)
        self._window = window_seconds
        self._clock = clock
        self._failures: dict[tuple[str, ...], deque[float]] = {}
        self._lock = threading.Lock()

    def check(self, account: str, address: str) -> None:
        """Raises ``LoginsThrottled`` while the window is full."""
        now = self._clock()
        with self._lock:
            for key, limit in zip(self._keys(account, address), self._limits, strict=True):
                recent = self._recent(key, now)
                if len(recent) >= limit:
                    raise LoginsThrottled(max(1, math.ceil(recent[-limit] + self._window - now)))

    def failed(self, account: str, address: str) -> None:
        now = self._clock()
        with self._lock:
            if len(self._failures) >= _MOST_KEYS:
                self._failures = {key: times for key in list(self._failures) if (times := self._recent(key, now))}
            for key in self._keys(account, address):
                self._failures.setdefault(key, deque(maxlen=max(self._limits))).append(now)

    def succeeded(self, account: str, address: str) -> None:
        with self._lock:
            self._failures.pop(self._keys(account, address)[0], None)

    @staticmethod
    def _keys(account: str, address: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return (account.casefold()[:100], address), (address,)

    def _recent(self, key: tuple[str, ...], now: float) -> deque[float]:
        times = self._failures.get(key, deque())
        while times and times[0] <= now - self._window:
            times.popleft()
        return times
