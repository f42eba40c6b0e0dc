"""The one-machine broker: a ``redis-server`` of our own on a unix socket, which only this user can open."""

from __future__ import annotations

import time
from pathlib import Path

import structlog

from commands.settings import Deployment
from commands.supervisor import Child
from models.errors import MissingProgram
from workers.tools import redis_server

log = structlog.get_logger(__name__)

CRASHES_UNTIL_SET_ASIDE = 2
APPEND_ONLY = "appendonlydir"


def private_redis(place: Deployment, *, stop_group: int) -> Child:
    """The child to supervise. ``MissingProgram`` when redis-server is not installed.

    The append-only file is synced once a second and not with every message: the database holds every piece of work, and a
    power cut that loses a second of messages costs one round of the sweeper. For the same reason a file that Redis can't
    read after a crash is set aside and a new one begun.
    """
    probe = redis_server.probe()
    if probe.found is None:
        raise MissingProgram(f"redis-server: {probe.install}")
    folder = place.data / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    place.redis_socket.parent.mkdir(mode=0o700, exist_ok=True)
    argv = [
        probe.found,
        *("--port", "0"),
        *("--unixsocket", str(place.redis_socket)),
        *("--unixsocketperm", "700"),
        *("--dir", str(folder)),
        *("--appendonly", "yes"),
        *("--appendfsync", "everysec"),
        *("--appenddirname", APPEND_ONLY),
        *("--save", ""),
        *("--maxmemory-policy", "noeviction"),
        *("--loglevel", "notice"),
        *("--logfile", str(folder / "redis.log")),
        *("--daemonize", "no"),
    ]

    def on_crash(times: int) -> None:
        if times >= CRASHES_UNTIL_SET_ASIDE:
            _set_aside(folder / APPEND_ONLY)

    return Child("redis", argv, stop_group=stop_group, on_crash=on_crash)


def _set_aside(path: Path) -> None:
    if path.exists():
        aside = path.with_name(f"{path.name}.unreadable-{int(time.time())}")
        path.rename(aside)
        log.error("Redis does not start on its file; begun anew, the sweeper sends what was in it", kept=str(aside))
