"""A real front door for tests: uvicorn in a thread, a real store, a real database, a bell that writes down its rings."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from PIL import Image
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from digitize_api.app import create_app
from digitize_api.context import Ping
from digitize_api.server import make_server
from digitize_api.settings import ApiSettings
from models import accounts, agencies, lifecycle, stations, warehouse
from models.catalog import default_catalog
from models.database import make_engine, make_session_factory, transaction
from models.entities import Account, Agency, Component, ComponentState, Dossier, Page, PageState, Role, Scan, ScanState
from models.events import record
from models.search import make_index
from models.settings import sqlite_url
from storage.filesystem import FilesystemStore
from storage.keys import component_pdf_key, page_image_key
from storage.objects import ObjectStore
from tests.databases import migrated_sqlite

PASSWORD = "mật khẩu rất dài 1"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"


def jpeg(colour: int = 255) -> bytes:
    """A small real JPEG; another ``colour`` is another file."""
    out = io.BytesIO()
    Image.new("RGB", (60, 80), (colour, 200, 200)).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Api:
    """``rings``: what the bell was rung with. ``client`` has no credentials; ``station()`` and ``person()`` do."""

    url: str
    engine: Engine
    sessions: sessionmaker[Session]
    store: FilesystemStore
    settings: ApiSettings
    server: uvicorn.Server
    rings: list[tuple[str, str, str]]
    keys: dict[str, str] = field(default_factory=dict)
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self, **headers: str) -> httpx.Client:
        # No TLS here: reading the authorities that a client would trust takes longer than most tests' requests.
        client = httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False, verify=False)
        self.clients.append(client)
        return client

    def agency(self, code: str, name: str = "UBND xã Mẫu", parent: str | None = None) -> str:
        with transaction(self.sessions) as session:
            above = agencies.find_agency(session, parent) if parent else None
            return agencies.ensure_agency(session, code=code, name=name, parent=above).id

    def station(self, name: str = "may-quet-1", agency: str = "H56.14") -> httpx.Client:
        """A client with the key of that station, which is made when it isn't there."""
        if name not in self.keys:
            self.agency(agency)
            with transaction(self.sessions) as session:
                _, key = stations.create_station(session, agency=agencies.find_agency(session, agency), name=name)
            self.keys[name] = key
        return self.client(Authorization=f"Bearer {self.keys[name]}")

    def account(self, name: str, role: Role, agency: str = "H56.14") -> None:
        self.agency(agency)
        with transaction(self.sessions) as session:
            where = agencies.find_agency(session, agency)
            if session.scalar(select(Account).where(Account.name == name)) is None:
                accounts.create_account(
                    session, agency=where, name=name, password=PASSWORD, role=role, full_name="Trần Mẫu"
                )

    def person(self, role: Role = Role.CLERK, agency: str = "H56.14", name: str | None = None) -> httpx.Client:
        """A client that has signed in, with its CSRF token in every request."""
        name = name or f"{role.value}-{agency}".lower()
        self.account(name, role, agency)
        client = self.client()
        answer = client.post("/api/v1/sessions", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return client

    def dossier(self, client: httpx.Client, **body: object) -> str:
        answer = client.post("/api/v1/dossiers", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["code"])

    def read(self, scan_id: str, texts: list[str], *, pdf: bytes = PDF) -> str:
        """Play the workers: every page read with these texts, one component with its PDF, done. The component's id."""
        with transaction(self.sessions) as session:
            scan = session.get_one(Scan, scan_id)
            lifecycle.move_scan(session, scan, ScanState.READING, data={"page_count": len(texts)})
            scan.page_count = len(texts)
            for number, text in enumerate(texts, 1):
                key = page_image_key(scan_id, number)
                self.store.put(key, io.BytesIO(jpeg(number)), media_type="image/jpeg", overwrite=True)
                session.add(
                    Page(
                        scan_id=scan_id,
                        number=number,
                        state=PageState.READ,
                        width=60,
                        height=80,
                        dpi=300.0,
                        origin="raster",
                        text=text,
                        grade_mean=0.9,
                        grade_low=0.7,
                        image_key=key,
                        warnings=["BLURRED"] if number == 2 else [],
                    )
                )
                record(session, kind="page", actor="system", scan=scan, data={"number": number, "state": "read"})
            lifecycle.move_scan(session, scan, ScanState.ASSEMBLING)
            info = self.store.put(
                component_pdf_key(scan_id, 1, 1), io.BytesIO(pdf), media_type="application/pdf", overwrite=True
            )
            component = Component(
                scan_id=scan_id,
                dossier_id=scan.dossier_id,
                agency_id=scan.agency_id,
                position=1,
                first_page=1,
                last_page=len(texts),
                title="Kế hoạch",
                paper_type="ke_hoach",
                paper_type_score=0.9,
                fields={
                    "number": {
                        "value": "383/KH-UBND",
                        "confidence": 0.9,
                        "page": 1,
                        "box": [1, 2, 3, 4],
                        "source": "ocr",
                    }
                },
                pdf_key=info.key,
                pdf_bytes=info.size,
                pdf_sha256=info.sha256,
            )
            session.add(component)
            session.flush()
            make_index(self.engine).index_component(session, component.id)
            lifecycle.move_scan(session, scan, ScanState.DONE)
            return component.id

    def keep(self, component_id: str, **values: Any) -> None:
        """Put the component into the warehouse as it is; ``values`` are set first. Conditions are ``models.lifecycle``'s matter."""
        with transaction(self.sessions) as session:
            component = session.get_one(Component, component_id)
            for name, value in values.items():
                setattr(component, name, value)
            component.state, component.code = ComponentState.STORED, f"test.{component_id}.01"
            dossier = session.get_one(Dossier, component.dossier_id)
            warehouse.keep(session, component, dossier, default_catalog())


@contextmanager
def running_api(
    folder: Path,
    database_url: str,
    *,
    store: ObjectStore | None = None,
    broker_ping: Ping | None = None,
    fail_ring: bool = False,
    **settings: object,
) -> Iterator[Api]:
    """A served application until the block ends. A database that is not the folder's own must have our tables."""
    if database_url == sqlite_url(folder):
        migrated_sqlite(folder)
    engine = make_engine(database_url)
    files = FilesystemStore(folder / "objects")
    rings: list[tuple[str, str, str]] = []

    def ring(dispatch_id: str, task: str, queue: str) -> None:
        if fail_ring:
            raise ConnectionError("no broker")
        rings.append((dispatch_id, task, queue))

    chosen = ApiSettings.model_validate({"sse_poll_seconds": 0.05, "host": "127.0.0.1", **settings})
    app = create_app(chosen, engine=engine, store=store or files, ring=ring, broker_ping=broker_ping)
    # asyncio sends without delay (TCP_NODELAY) only on what says that it is TCP; else every second answer waits 40 ms for an acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        server = make_server(app, host="127.0.0.1", port=port, log_level="warning")
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline, "the server did not start"
            assert thread.is_alive()
            time.sleep(0.01)
        api = Api(f"http://127.0.0.1:{port}", engine, make_session_factory(engine), files, chosen, server, rings)
        try:
            yield api
        finally:
            for client in api.clients:  # first, since the server looks only ten times a second whether all have gone
                client.close()
            server.should_exit = True
            thread.join(20)
            engine.dispose()
            assert not thread.is_alive(), "the server did not stop"


def dossier_of(api: Api, code: str) -> Dossier:
    with api.sessions() as session:
        return session.scalars(select(Dossier).where(Dossier.code == code)).one()


def agency_of(api: Api, code: str) -> Agency:
    with api.sessions() as session:
        return agencies.find_agency(session, code)
