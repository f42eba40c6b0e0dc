"""A scanner station in a few lines: what the demo and the benchmarks use to speak to the HTTP API, as any station would."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

ENDS = frozenset({"done", "refused", "blocked_secret", "failed", "withdrawn"})
UPLOAD_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class ScanEvent:
    """``kind``: state, page, warning or done."""

    kind: str
    data: dict[str, Any]


class StationClient:
    """``key``: the station's. Answers are the API's JSON; an error status raises ``httpx.HTTPStatusError``."""

    def __init__(self, url: str, key: str) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self._http = httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=UPLOAD_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def create_dossier(self, body: dict[str, Any]) -> str:
        """Its mã hồ sơ."""
        code: str = self._json(self._http.post("/dossiers", json=body))["code"]
        return code

    def post_scan(self, dossier: str, path: Path, *, queue: str = "counter") -> dict[str, Any]:
        """Post a file with its checksum, so that what arrives is what was read."""
        data = path.read_bytes()
        headers = {"Idempotency-Key": uuid.uuid4().hex, "X-Content-SHA256": hashlib.sha256(data).hexdigest()}
        url, files = f"/dossiers/{dossier}/scans", {"file": (path.name, data)}
        return self._json(self._sent("POST", url, params={"queue": queue}, headers=headers, files=files))

    def scan(self, scan_id: str) -> dict[str, Any]:
        return self._json(self._sent("GET", f"/scans/{scan_id}"))

    def search(self, words: str) -> dict[str, Any]:
        return self._json(self._sent("GET", "/results", params={"q": words}))

    def events(self, scan_id: str) -> Iterator[ScanEvent]:
        """The scan's server-sent events, from the first one on, as they come; ends when the scan has ended."""
        with self._http.stream("GET", f"/scans/{scan_id}/events") as stream:
            stream.raise_for_status()
            kind = ""
            for line in stream.iter_lines():
                if line.startswith("event:"):
                    kind = line.removeprefix("event:").strip()
                elif line.startswith("data:"):
                    yield ScanEvent(kind, json.loads(line.removeprefix("data:")))

    def _sent(self, method: str, url: str, **content: Any) -> httpx.Response:
        """Once more when the connection was closed while it was at rest. Only for what may arrive twice: reads, keyed posts."""
        try:
            return self._http.request(method, url, **content)
        except httpx.RemoteProtocolError:
            return self._http.request(method, url, **content)

    @staticmethod
    def _json(answer: httpx.Response) -> dict[str, Any]:
        answer.raise_for_status()
        body: dict[str, Any] = answer.json()
        return body
