"""A citizen's page at the counter every few seconds, and how long it took: what a back-scan must not be noticed by.

A station that meets a closed door sends again with the same idempotency key, as stations do; its wait counts from the first try.
"""

from __future__ import annotations

import io
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import httpx
import numpy as np
from PIL import Image

from benchmarks.measure import ROOT
from commands.station_client import ENDS

SAMPLE = ROOT / "sample_scans" / "set" / "vb_5_cong_van.jpg"
WIDTH, HEIGHT, DPI = 1654, 2339, 200
GIVE_UP: Final = 180.0
LOOK_EVERY: Final = 0.1


@dataclass(frozen=True, slots=True)
class Probe:
    """Seconds from the first byte sent. ``at``: since the run began. ``accepted``: the 202; ``verdict``: the first look at the page told;
    ``done``: the searchable PDF lies ready. ``tries``: connections that were needed."""

    at: float
    accepted: float
    verdict: float
    done: float
    tries: int
    scan: str


def page(number: int) -> bytes:
    """A letter at 200 dpi as JPEG; a strip of noise at the bottom makes each number's bytes new."""
    with Image.open(SAMPLE) as sample:
        image = sample.convert("RGB").resize((WIDTH, HEIGHT))
    noise = np.random.default_rng(number).integers(200, 255, (14, 280, 3), dtype=np.uint8)
    image.paste(Image.fromarray(noise), (700, HEIGHT - 40))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, dpi=(DPI, DPI))
    return out.getvalue()


class Station:
    """Posts and watches through the HTTP API, over and over until it gets through."""

    def __init__(self, url: Callable[[], str], key: str) -> None:
        self._url, self._headers = url, {"Authorization": f"Bearer {key}"}
        self.lost: list[str] = []

    def probe(self, number: int, began: float) -> Probe:
        """One page in a dossier of its own. ``TimeoutError`` when it is not read in three minutes."""
        data = page(number)
        started = time.perf_counter()
        tries = 0
        dossier: str | None = None
        scan: str | None = None
        key = uuid.uuid4().hex
        while scan is None:
            self._wait_no_longer(started)
            tries += 1
            try:
                if dossier is None:
                    title = {"title": f"Hồ sơ tại quầy {number}"}
                    dossier = self._post("/dossiers", {}, json=title)["code"]
                headers = {"Idempotency-Key": key, "X-Content-SHA256": sha256(data).hexdigest()}
                scan = self._post(f"/dossiers/{dossier}/scans", headers, files={"file": ("quay.jpg", data)})["id"]
            except (httpx.TransportError, httpx.HTTPStatusError) as error:
                if isinstance(error, httpx.HTTPStatusError) and error.response.status_code < 500:
                    raise
                time.sleep(LOOK_EVERY)
        accepted = time.perf_counter() - started
        verdict = None
        for state in self._states(scan, started):
            now = time.perf_counter() - started
            if verdict is None and (state["pages"] or state["state"] in ENDS):
                verdict = now
            if state["state"] in ENDS:
                if state["state"] != "done":
                    self.lost.append(f"{scan} {state['state']}")
                return Probe(started - began, accepted, verdict or now, now, tries, scan)
        raise AssertionError("unreachable")

    def _states(self, scan: str, started: float) -> Iterator[dict[str, Any]]:
        while True:
            self._wait_no_longer(started)
            try:
                answer = httpx.get(f"{self._url()}/api/v1/scans/{scan}", headers=self._headers, timeout=10)
                answer.raise_for_status()
                yield answer.json()
            except (httpx.TransportError, httpx.HTTPStatusError):
                pass
            time.sleep(LOOK_EVERY)

    def _post(self, path: str, headers: dict[str, str], **content: Any) -> dict[str, Any]:
        url = f"{self._url()}/api/v1{path}"
        answer = httpx.post(url, headers={**self._headers, **headers}, timeout=30, **content)
        answer.raise_for_status()
        body: dict[str, Any] = answer.json()
        return body

    @staticmethod
    def _wait_no_longer(started: float) -> None:
        if time.perf_counter() - started > GIVE_UP:
            raise TimeoutError(f"the counter waited {GIVE_UP:g} s")


class Counter(threading.Thread):
    """A page every ``seconds`` (later when the last one is not read yet), until :meth:`close`."""

    def __init__(self, station: Station, began: float, seconds: float, first: int) -> None:
        super().__init__(daemon=True)
        self.station, self.began, self.seconds, self.number = station, began, seconds, first
        self.probes: list[Probe] = []
        self.failed: list[str] = []
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            started = time.perf_counter()
            try:
                self.probes.append(self.station.probe(self.number, self.began))
            except (TimeoutError, httpx.HTTPStatusError) as error:
                self.failed.append(f"{self.number}: {error}")
            self.number += 1
            self._stop_asked.wait(max(0.0, self.seconds - (time.perf_counter() - started)))

    def close(self) -> None:
        self._stop_asked.set()
        self.join()


def quantile(values: list[float], share: float) -> float:
    """Of ``values``, the smallest that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def spread(probes: list[Probe]) -> dict[str, dict[str, float]]:
    """p50, p95 and the most, in seconds, by what was waited for."""
    found = {}
    for name in ("accepted", "verdict", "done"):
        values = [getattr(probe, name) for probe in probes]
        found[name] = {"p50": quantile(values, 0.5), "p95": quantile(values, 0.95), "max": max(values)}
    return json.loads(json.dumps(found), parse_float=lambda text: round(float(text), 3)) if probes else {}
