"""Việt Nam's clock: the calendar day that the law means."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

LOCAL = timezone(timedelta(hours=7), "+07:00")  # Việt Nam keeps no summer time


def local_day(instant: datetime | None = None) -> date:
    """The calendar day at +07:00 (default: today): what "the day of receipt" means."""
    return (instant or datetime.now(UTC)).astimezone(LOCAL).date()
