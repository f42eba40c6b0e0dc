"""Fixtures that everybody may ask for; the servers themselves are in ``tests/services.py``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from tests.services import PostgresServer, RedisServer, S3Server


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
def postgres_url(postgres_database: str) -> str:
    return postgres_database


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """``.endpoint``, ``.access_key``, ``.secret_key``, ``.region``, ``.make_bucket()``."""
    with S3Server() as server:
        yield server


@pytest.fixture
def s3_bucket(s3_server: S3Server) -> str:
    """A fresh empty bucket."""
    return s3_server.make_bucket()
