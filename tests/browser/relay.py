"""A wire that can be pulled: relays TCP to a server, and cuts every connection on command."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self


class Relay:
    """``url`` leads to ``port`` of this machine until ``cut()``, and again after ``mend()``."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._pairs: list[socket.socket] = []
        self._lock = threading.Lock()
        self._whole = True
        self._left: int | None = None
        self._unheard: bytes | None = None
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """From this moment nothing passes, though the connections fall one by one."""
        with self._lock:
            self._whole = False
            pairs, self._pairs = self._pairs, []
        for each in pairs:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def cut_after(self, count: int) -> None:
        """Cut when so many more bytes have gone to the server."""
        with self._lock:
            self._left = count

    def cut_before(self, answer: bytes) -> None:
        """Cut when the server's next answer begins so: it is not heard."""
        with self._lock:
            self._unheard = answer

    def _passes(self, chunk: bytes, *, to_server: bool) -> bool:
        with self._lock:
            if self._whole and not self._breaks(chunk, to_server):
                return True
            self._whole = False
        self.cut()
        return False

    def _breaks(self, chunk: bytes, to_server: bool) -> bool:
        if to_server and self._left is not None:
            self._left -= len(chunk)
            if self._left <= 0:
                self._left = None
                return True
        if not to_server and self._unheard is not None and chunk.startswith(self._unheard):
            self._unheard = None
            return True
        return False

    def mend(self) -> None:
        with self._lock:
            self._whole = True

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                with self._lock:
                    if not self._whole:
                        near.close()
                        continue
                    far = socket.create_connection(("127.0.0.1", self._target))
                    self._pairs += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, target, source is near), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, to_server: bool) -> None:
        with suppress(OSError):
            while chunk := source.recv(65536):
                if not self._passes(chunk, to_server=to_server):
                    break
                target.sendall(chunk)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
