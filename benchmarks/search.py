"""How long a search takes: 5,000 made-up pages of 350 words on each engine. ``python -m benchmarks.search``

Wall time, and processor time (ours and the database server's), which a busy machine does not change.

Words are syllables of the grammar, drawn by Zipf's law, so that some stand on every page and most on few.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path

import psutil
from sqlalchemy import text

from models.agencies import create_agency
from models.database import make_engine, make_session_factory, reading, transaction, upgrade
from models.dossiers import HolderData, create_dossier
from models.entities import Component, Page, Scan
from models.search import SearchQuery, make_index
from models.settings import sqlite_url
from models.vietnamese import nfc
from models.vietnamese.syllables import RHYMES, TONES, is_syllable, tone_position
from tests.services import PostgresServer

PAGES, PAGES_A_PAPER, WORDS, ROUNDS = 5000, 5, 350, 15
ONSETS = ("b", "ch", "đ", "h", "kh", "l", "m", "ng", "nh", "ph", "qu", "t", "th", "tr", "v")


def vocabulary(chance: random.Random) -> list[str]:
    words = set()
    for onset in ONSETS:
        for rhyme in sorted(RHYMES):
            at, letters = tone_position(onset, rhyme), onset + rhyme
            for tone in ("", *TONES):
                word = nfc(letters[: at + 1] + tone + letters[at + 1 :])
                if is_syllable(word):
                    words.add(word)
    found = sorted(words)
    chance.shuffle(found)
    return found


def fill(url: str) -> tuple[float, str, list[str]]:
    """Index the pages; seconds it took, the agency, the words by falling frequency."""
    engine = make_engine(url)
    upgrade(engine)
    factory, index, chance = make_session_factory(engine), make_index(engine), random.Random(7)
    words = vocabulary(chance)
    weights = [1 / (rank + 10) for rank in range(len(words))]
    seconds = 0.0
    with transaction(factory) as session:
        agency = create_agency(session, code="H56.14", name="UBND xã Mẫu")
    for paper in range(PAGES // PAGES_A_PAPER):
        with transaction(factory) as session:
            holder = HolderData(id_number=f"079{paper:09d}", name="Nguyễn Thị Mẫu")
            dossier = create_dossier(session, agency=agency, holder=holder)
            scan = Scan(
                dossier_id=dossier.id,
                agency_id=agency.id,
                actor="station:a",
                filename="a.pdf",
                media_type="application/pdf",
                bytes=1,
                sha256=f"{paper:064x}",
                original_key="originals/x",
            )
            session.add(scan)
            session.flush()
            for number in range(1, PAGES_A_PAPER + 1):
                body = " ".join(chance.choices(words, weights, k=WORDS))
                session.add(Page(scan_id=scan.id, number=number, text=f"Số: {paper}/KH-UBND\n{body}"))
            component = Component(
                scan_id=scan.id,
                dossier_id=dossier.id,
                agency_id=agency.id,
                position=1,
                first_page=1,
                last_page=PAGES_A_PAPER,
            )
            session.add(component)
            session.flush()
            started = time.perf_counter()
            index.index_component(session, component.id)
            seconds += time.perf_counter() - started
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return seconds, agency.id, words


def processor_seconds(backend: int | None) -> float:
    """Of this process and of PostgreSQL's backend (whose clock ticks every 10 ms)."""
    seconds = time.process_time()
    if backend is not None:
        used = psutil.Process(backend).cpu_times()
        seconds += used.user + used.system
    return seconds


def measure(name: str, url: str) -> None:
    seconds, agency_id, words = fill(url)
    engine = make_engine(url)
    factory, index = make_session_factory(engine), make_index(engine)
    print(f"{name}: {PAGES} pages indexed in {seconds:.1f} s ({1000 * seconds / PAGES:.1f} ms a page)")
    backend = None
    if engine.dialect.name == "postgresql":
        with reading(factory) as session:  # the pool's one connection, which every query below takes again
            backend = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    queries = {
        "the commonest word": words[0],
        "a rare word": f'"{words[-1]}"',
        "three common words": " ".join(words[:3]),
        "two common and a beginning": f"{words[0]} {words[1]} {words[50][:2]}",
        "a phrase": f'"{words[0]} {words[1]}"',
        "a number whole": "383/KH-UBND",
        "a number's symbol": "KH-UBND",
        "a person's id number": "079000000383",
        "two letters being typed": words[40][:2],
        "everything, newest first": "",
    }
    for what, q in queries.items():
        times = []
        busy = processor_seconds(backend)
        for _ in range(ROUNDS):
            started = time.perf_counter()
            with reading(factory) as session:
                total = index.search(session, SearchQuery(agency_ids={agency_id}, q=q)).total
            times.append(1000 * (time.perf_counter() - started))
        cpu = 1000 * (processor_seconds(backend) - busy) / ROUNDS
        median, worst = statistics.median(times), max(times)
        print(
            f"  {what:28} {total:5} papers   median {median:6.1f} ms   worst {worst:6.1f} ms   processor {cpu:6.1f} ms"
        )
    engine.dispose()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite FTS5", sqlite_url(Path(folder)))
    with PostgresServer() as server:
        measure("PostgreSQL", server.create_database())


if __name__ == "__main__":
    main()
