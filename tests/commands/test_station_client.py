"""A station's request meets a connection that the server is just closing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from commands.station_client import ENDS, StationClient
from models.lifecycle import SCAN_ENDS

ANSWER = (
    b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{"id": "abc"}'
)


class Closing:
    """Reads each request and closes the first ``silent`` connections without an answer."""

    def __init__(self, silent: int) -> None:
        self.silent, self.requests = silent, list[bytes]()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.requests.append(self._whole(connection))
                if len(self.requests) > self.silent:
                    connection.sendall(ANSWER)

    @staticmethod
    def _whole(connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), 0
        )
        while len(body) < length:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def closing(request: pytest.FixtureRequest) -> Iterator[Closing]:
    server = Closing(request.param)
    yield server
    server.close()


@pytest.mark.parametrize("closing", [1], indirect=True)
def test_a_read_is_asked_again(closing: Closing) -> None:
    with StationClient(closing.url, "key") as station:
        assert station.scan("abc") == {"id": "abc"}
    assert len(closing.requests) == 2


@pytest.mark.parametrize("closing", [1], indirect=True)
def test_a_posted_scan_goes_again_with_the_same_key(closing: Closing, tmp_path: Path) -> None:
    paper = tmp_path / "a.pdf"
    paper.write_bytes(b"%PDF-1.4 synthetic")
    with StationClient(closing.url, "key") as station:
        assert station.post_scan("H56.14-261122-0001", paper) == {"id": "abc"}
    keys = [line for sent in closing.requests for line in sent.lower().split(b"\r\n") if b"idempotency-key" in line]
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert all(b"%PDF-1.4 synthetic" in sent for sent in closing.requests)


@pytest.mark.parametrize("closing", [2], indirect=True)
def test_twice_is_an_error(closing: Closing) -> None:
    with StationClient(closing.url, "key") as station, pytest.raises(httpx.RemoteProtocolError):
        station.scan("abc")


def test_every_end_of_a_scan_is_one() -> None:
    assert {state.value for state in SCAN_ENDS} == ENDS
