"""The servers that other tests rely on start, keep data over a restart, and go away."""

from __future__ import annotations

import io

import psycopg
import pytest
import redis

from tests.services import PostgresServer, RedisServer, S3Server, listening

pytestmark = pytest.mark.services


def test_redis_keeps_acknowledged_writes_over_a_kill() -> None:
    with RedisServer(password="s3cret") as server:
        with redis.Redis.from_url(server.url) as client:
            client.set("ring", "1")
        server.kill()
        assert not listening(server.port)
        server.start()
        with redis.Redis.from_url(server.url) as client:
            assert client.get("ring") == b"1"
    assert not server.folder.exists()
    assert not listening(server.port)


def test_postgres_gives_each_test_an_empty_utf8_database(
    postgres_server: PostgresServer, postgres_database: str
) -> None:
    with psycopg.connect(postgres_database.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone() == (0,)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    assert postgres_server.create_database() != postgres_database


def test_s3_keeps_objects_over_a_restart() -> None:
    with S3Server() as server:
        bucket = server.make_bucket()
        server.client().put_object(bucket, "a/b", io.BytesIO(b"bytes"), 5)
        server.stop()
        server.start()
        answer = server.client().get_object(bucket, "a/b")
        assert answer.data == b"bytes"
        answer.close()
        answer.release_conn()
    assert not server.folder.exists()
