"""How long a station waits for its first event, idle and while a back-scan keeps every core busy.

``python -m benchmarks.latency [--probes 20] [--pages 200]`` runs `digitize up` on a fresh folder, posts one-page scans as a
station would (HTTP, server-sent events), first on an idle machine, then while a back-scan of ``--pages`` pages is being read,
and writes ``benchmarks/results/latency.json``. Each probe is a new 300-dpi A4 JPEG in a new dossier. Times are counted from
the start of the upload *and* from its end (the ``202``): to the page count (``state``) and to the first page's verdict
(``page``, with its warnings).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import img2pdf
import numpy as np
import psutil
from PIL import Image

from benchmarks.measure import ROOT, machine
from commands.settings import deployment
from commands.station_client import StationClient
from commands.supervisor import digitize
from commands.up import wait_for_url
from models import stations
from models.agencies import create_agency
from models.database import make_engine, make_session_factory, transaction, upgrade

SAMPLE = ROOT / "sample_scans" / "set" / "vb_5_cong_van.jpg"
RESULT = ROOT / "benchmarks" / "results" / "latency.json"
AIM_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Probe:
    """Seconds. ``upload``: from the first byte sent to the ``202``; the others from the ``202``."""

    upload: float
    state: float
    page: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--probes", type=int, default=20)
    parser.add_argument("--pages", type=int, default=200)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="digitize-latency-") as name,
        _running(Path(name)) as (url, key),
        StationClient(url, key) as station,
    ):
        _probe(station, Path(name), 0)  # the first request of all warms what nobody timed
        idle = [_probe(station, Path(name), number) for number in range(1, arguments.probes + 1)]
        backscan = _start_backscan(station, Path(name), arguments.pages)
        psutil.cpu_percent(percpu=True)
        loaded = [_probe(station, Path(name), 1000 + number) for number in range(arguments.probes)]
        busy = psutil.cpu_percent(percpu=True)
        after = station.scan(backscan)
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "load_average": os.getloadavg(),
        "aim_seconds_after_upload": AIM_SECONDS,
        "idle": _summary(idle),
        "while_backscan": {
            **_summary(loaded),
            "backscan_pages": arguments.pages,
            "backscan_pages_read_by_then": after["pages_read"],
            "cpu_percent_per_core": busy,
        },
        "raw": {"idle": [asdict(probe) for probe in idle], "while_backscan": [asdict(probe) for probe in loaded]},
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps({name: result[name] for name in ("idle", "while_backscan")}, indent=1))


@contextmanager
def _running(folder: Path) -> Iterator[tuple[str, str]]:
    """`digitize up` on ``folder``; its address and a station's key."""
    engine = make_engine(deployment(folder).database.url)
    upgrade(engine)
    with transaction(make_session_factory(engine)) as session:
        agency = create_agency(session, code="H56.14", name="UBND phường Ví Dụ")
        _, key = stations.create_station(session, agency=agency, name="quay-1")
    engine.dispose()
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(digitize("up", "--port", "0", "--data", str(folder)), stdout=log, stderr=log)
        try:
            yield wait_for_url(folder, alive=lambda: process.poll() is None), key
        except BaseException:
            shutil.copy(folder / "up.log", RESULT.with_suffix(".log"))
            raise
        finally:
            process.terminate()
            process.wait(90)


def _page(number: int) -> bytes:
    """The sample at 300 dpi as JPEG; a strip of noise at the bottom makes each number's bytes new."""
    with Image.open(SAMPLE) as sample:
        image = sample.convert("RGB").resize((2480, 3508))
    noise = np.random.default_rng(number).integers(200, 255, (20, 400, 3), dtype=np.uint8)
    image.paste(Image.fromarray(noise), (1000, 3450))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, dpi=(300, 300))
    return out.getvalue()


def _probe(station: StationClient, folder: Path, number: int) -> Probe:
    path = folder / f"probe-{number}.jpg"
    path.write_bytes(_page(number))
    dossier = station.create_dossier({"title": f"Đo {number}"})
    started = time.perf_counter()
    scan = station.post_scan(dossier, path)
    accepted = time.perf_counter()
    events = station.events(scan["id"])
    next(event for event in events if event.kind == "state" and event.data["state"] == "reading")
    counted = time.perf_counter()
    next(event for event in events if event.kind == "page")
    judged = time.perf_counter()
    while station.scan(scan["id"])["state"] != "done":  # the next probe must not meet this one's reading
        time.sleep(0.1)
    return Probe(accepted - started, counted - accepted, judged - accepted)


def _start_backscan(station: StationClient, folder: Path, pages: int) -> str:
    """A stack of ``pages`` pages on the back-scan queue; returns when its reading is under way."""
    images = [_page(10_000 + number % 20) for number in range(pages)]
    path = folder / "backscan.pdf"
    path.write_bytes(img2pdf.convert(images))
    scan_id: str = station.post_scan(station.create_dossier({"title": "Kho"}), path, queue="backscan")["id"]
    while station.scan(scan_id)["pages_read"] < 2:
        time.sleep(0.5)
    return scan_id


def _summary(probes: list[Probe]) -> dict[str, object]:
    return {
        "probes": len(probes),
        "upload": _spread([probe.upload for probe in probes]),
        "page_count_after_upload": _spread([probe.state for probe in probes]),
        "first_verdict_after_upload": _spread([probe.page for probe in probes]),
    }


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(values), 3), "max": round(max(values), 3)}


if __name__ == "__main__":
    main()
