"""The hours in which a batch may post: ``19:00-06:00``, several with commas; pure, by the clock at +07:00.

A span that ends before it begins runs over midnight. No spans: always.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.local_time import LOCAL

_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")
_DAY = 24 * 60
MOST = 6
_HORIZON_DAYS = 4000  # an end farther away is told as none


@dataclass(frozen=True, slots=True)
class Hours:
    """``spans``: (begin, end) in minutes of the day, the end not included, none over midnight."""

    spans: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.spans)

    def open_at(self, at: datetime) -> bool:
        """Whether a batch may post at this (aware) instant."""
        local = at.astimezone(LOCAL)
        minute = local.hour * 60 + local.minute
        return not self.spans or any(begin <= minute < end for begin, end in self.spans)

    def opens_after(self, at: datetime) -> datetime:
        """The instant itself when it is open then, else the next opening."""
        if self.open_at(at):
            return at
        midnight = at.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
        begins = [midnight + timedelta(days=day, minutes=begin) for day in (0, 1) for begin, _ in self.spans]
        return min(begin for begin in begins if begin > at)

    def after_work(self, at: datetime, seconds: float) -> datetime | None:
        """When ``seconds`` of work that goes on only in these hours are done; ``None`` when that is years away."""
        if not self.spans:
            return at + timedelta(seconds=seconds) if seconds < _HORIZON_DAYS * 86400 else None
        a_day = sum(end - begin for begin, end in self.spans) * 60
        whole = max(0, int(seconds // a_day) - 1)
        if whole > _HORIZON_DAYS:
            return None
        at, left = at + timedelta(days=whole), seconds - whole * a_day
        while True:
            at = self.opens_after(at)
            local = at.astimezone(LOCAL)
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
            minute = local.hour * 60 + local.minute
            end = midnight + timedelta(minutes=max(end for begin, end in self.spans if begin <= minute < end))
            room = (end - at).total_seconds()
            if left <= room:
                return at + timedelta(seconds=left)
            left, at = left - room, end


def parse_hours(text: str) -> Hours:
    """``ValueError`` for what is no list of spans, an empty span, or more than ``MOST`` of them."""
    spans: list[tuple[int, int]] = []
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > MOST:
        raise ValueError(f"{MOST} spans of hours at most")
    for part in parts:
        match = _SPAN.fullmatch(part)
        begin, end = (_minutes(match, 1), _minutes(match, 3)) if match else (0, 0)
        if match is None or begin == end or end > _DAY:
            raise ValueError(f"not a span of hours such as 19:00-06:00: {part[:20]}")
        spans += [(begin, end)] if begin < end else [span for span in ((begin, _DAY), (0, end)) if span[0] < span[1]]
    return Hours(_joined(sorted(spans)))


def _minutes(match: re.Match[str], group: int) -> int:
    return int(match[group]) * 60 + int(match[group + 1])


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for begin, end in spans:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple(joined)
