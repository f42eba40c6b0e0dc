"""uvicorn as we run it: our own access log, and a stop that doesn't wait for browsers that follow a scan for ever."""

from __future__ import annotations

import socket
from typing import Any

import uvicorn
from fastapi import FastAPI

IDLE_SECONDS = 75
"""Longer than proxies and clients keep a connection at rest (60 s and less): who closes first can't be asking at that moment."""
GOODBYE_SECONDS = 10  # for uploads under way; event streams end at once


class Server(uvicorn.Server):
    """Ends the event streams before waiting for connections to close; their clients come back with ``Last-Event-ID``."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        if isinstance(app, FastAPI):
            app.state.context.hub.close()
        await super().shutdown(sockets=sockets)


def make_server(app: FastAPI, *, host: str, port: int, **options: Any) -> Server:
    """``server.run()`` serves until SIGTERM or SIGINT. ``options`` are ``uvicorn.Config``'s."""
    settings: dict[str, Any] = {
        "log_config": None,  # the process has set up its logs
        "access_log": False,  # the application logs requests, with their ids and without query strings
        "server_header": False,
        "timeout_keep_alive": IDLE_SECONDS,
        "timeout_graceful_shutdown": GOODBYE_SECONDS,
    }
    return Server(uvicorn.Config(app, host=host, port=port, **(settings | options)))
