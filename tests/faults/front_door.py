"""The real front door, with a bell that kills it: between the commit and the ring.

python -m tests.faults.front_door PORT
"""

from __future__ import annotations

import os
import signal
import sys

import uvicorn

from commands.settings import deployment
from digitize_api.app import create_app
from digitize_api.settings import ApiSettings
from models.database import make_engine
from storage.factory import make_store


def die(_dispatch_id: str, _task: str, _queue: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    place = deployment()
    engine, store = make_engine(place.database.url), make_store(place.storage)
    uvicorn.run(create_app(ApiSettings(), engine=engine, store=store, ring=die), port=int(sys.argv[1]))
