"""Fixtures that everybody may ask for; the servers themselves are in ``tests/services.py``."""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import redis
import structlog
from argon2 import PasswordHasher
from playwright.sync_api import Browser
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from benchmarks.chromium import launched_chromium
from models import credentials
from tests.services import PostgresServer, RedisServer, S3Server


class BeyondLoopback(BaseException):
    """A test tried to reach another machine. No ``Exception``, so that code which takes a dead network for granted can't hide it."""


LONG = ("tests/browser", "tests/faults", "tests/province", "tests/commands", "tests/training", "tests/workers/pdf")
"""Where one file takes minutes: begun first, so that no core idles while the other ends the last of them."""
ONE_SYSTEM = {
    f"tests/browser/test_{name}.py" for name in ("arranging", "batches", "counter", "office", "plain_page", "webhooks")
}
"""Whose tests work at the system of ``digitize up``: in one process, since to start it in each takes as long as some of these files."""


class BySystem(LoadFileScheduling):  # type: ignore[misc]  # it has no types
    """A file after the other, but for those that share what takes long to start."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "one system" if file in ONE_SYSTEM else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BySystem:
    return BySystem(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, in the order of ``LONG``; the rest as it was."""
    items.sort(key=lambda item: next((i for i, path in enumerate(LONG) if item.nodeid.startswith(path)), len(LONG)))


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """No test talks to another machine; what a server that a test starts does, that server's own settings say."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
            raise BeyondLoopback(address)
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_tracebacks() -> None:
    """As our processes write them; structlog's own choice shows the values of all variables, and takes seconds for a served request."""
    console = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], console])


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Argon2id in a fraction of a millisecond: its cost is for whoever guesses, and half of what a test that signs in would take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        credentials._decoy.cache_clear()
        yield
    credentials._decoy.cache_clear()


@pytest.fixture(autouse=True)
def _logging_stays_with_its_test() -> Iterator[None]:
    """A command that a test runs in this process sets up logging for its process; the next test must not inherit that."""
    root = logging.getLogger()
    handlers, level, config = list(root.handlers), root.level, structlog.get_config()
    yield
    root.setLevel(level)
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
    structlog.configure(**config)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of a file. Its library runs an event loop as long as it lives: other files' tests could start none of their own."""
    with launched_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="session")
def redis_url(redis_server: RedisServer) -> str:
    """One Redis for the whole run; ask for ``clean_redis`` when leftovers of other tests would disturb."""
    return redis_server.url


@pytest.fixture
def clean_redis(redis_url: str) -> str:
    """The same Redis, emptied."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    return redis_url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL (``postgresql+psycopg://…``) of a fresh empty database."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a fresh database with our tables."""
    url = postgres_server.create_migrated()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """``.endpoint``, ``.access_key``, ``.secret_key``, ``.region``, ``.make_bucket()``."""
    with S3Server() as server:
        yield server


@pytest.fixture
def s3_bucket(s3_server: S3Server) -> str:
    """A fresh empty bucket."""
    return s3_server.make_bucket()
