"""How long a search takes on a generated index: ``python -m benchmarks.search [--pages 100000] [--engines sqlite postgresql] [--keep]``

Generated pages look like a commune's: headings and formulas that stand on every page, sentences of Vietnamese syllables drawn by Zipf's law, names of
people, numbers, dates and id numbers of their own, and some letters wrong as OCR leaves them. Pages come from a pool of sentences that are cut into
tokens once, so that 100,000 pages are made in minutes; the index itself is written by the engine's own ``write_page``.

A kind of query is asked with many different words. Wall time of the whole ``search`` (ranking, snippets), warm, one asker; processor time of this
process and of the database's backend beside it, which a busy machine does not change.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import psutil
from sqlalchemy import Engine, insert, text

from benchmarks.measure import keep, machine
from models.agencies import create_agency
from models.database import make_engine, make_session_factory, reading, transaction, upgrade
from models.entities import Component, Dossier, Holder, Page, Scan
from models.search import SearchIndex, SearchQuery, make_index
from models.search.index import IndexedPage, SqlIndex
from models.search.tokens import Token, tokenise
from models.settings import sqlite_url
from models.vietnamese import fold, nfc
from models.vietnamese.numbers import number_key
from models.vietnamese.syllables import RHYMES, TONES, is_syllable, tone_position
from tests.services import PostgresServer

PAGES_A_PAPER, SENTENCES_A_PAGE, WORDS_A_SENTENCE, POOL = 4, 32, 10, 30_000
PAPERS_A_COMMIT = 500
BUILT_AFTER = {"ix_search_page_exact": "exact", "ix_search_page_folded": "folded"}
ROUNDS = 40  # different queries of a kind
AIM_MS = 150.0
ONSETS = (
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "h",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "nh",
    "ph",
    "qu",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
)
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLE = ("Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Thanh", "Quốc", "Diệu", "Kim")
GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Giang",
    "Hạnh",
    "Hương",
    "Khánh",
    "Lan",
    "Mẫu",
    "Nga",
    "Phúc",
    "Quỳnh",
    "Sơn",
    "Thảo",
    "Uyên",
    "Vinh",
    "Yến",
)
FORMULAS = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
    "Căn cứ Luật Tổ chức chính quyền địa phương; theo đề nghị của công chức Tư pháp - Hộ tịch",
)
KINDS = (
    ("quyet_dinh", "QUYẾT ĐỊNH về việc phê duyệt", "QĐ"),
    ("ke_hoach", "KẾ HOẠCH cải cách thủ tục hành chính", "KH"),
    ("thong_bao", "THÔNG BÁO kết quả giải quyết hồ sơ", "TB"),
    ("giay_khai_sinh", "GIẤY KHAI SINH nơi đăng ký khai sinh", "GKS"),
    ("giay_chung_nhan_ket_hon", "GIẤY CHỨNG NHẬN KẾT HÔN họ chữ đệm tên vợ", "GKH"),
    ("bien_ban", "BIÊN BẢN làm việc", "BB"),
)


def vocabulary(chance: random.Random) -> list[str]:
    """Syllables of the grammar, by falling frequency."""
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


def misread(word: str, chance: random.Random) -> str:
    """The word with one letter wrong."""
    at = chance.randrange(len(word))
    return word[:at] + chance.choice("abcdeghiklmnoprstuvxy") + word[at + 1 :]


@dataclass
class Corpus:
    """What was put in, for the queries. ``known``: (words of a sentence that stands on few pages); ``people``, ``numbers``, ``ids``: of papers."""

    words: list[str]
    agencies: list[str] = field(default_factory=list)
    known: list[list[str]] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    tokens: list[Token]


def sentence(words: str) -> Sentence:
    return Sentence(words, tokenise(nfc(words)))


class Writer:
    """Makes the papers and writes them, as the workers would, by the engine's own index."""

    def __init__(self, engine: Engine, pages: int) -> None:
        self.engine, self.pages, self.chance = engine, pages, random.Random(7)
        self.factory, self.index = make_session_factory(engine), cast("SqlIndex", make_index(engine))
        self.corpus = Corpus(vocabulary(self.chance))
        weights = [1 / (rank + 10) for rank in range(len(self.corpus.words))]
        drawn = iter(self.chance.choices(self.corpus.words, weights, k=POOL * WORDS_A_SENTENCE))
        self.pool = [sentence(" ".join(next(drawn) for _ in range(WORDS_A_SENTENCE))) for _ in range(POOL)]
        self.formulas = [sentence(formula) for formula in FORMULAS]
        self.kinds = [(kind, sentence(title), symbol) for kind, title, symbol in KINDS]

    def fill(self) -> float:
        """Write everything; seconds it took."""
        started = time.perf_counter()
        with transaction(self.factory) as session:
            made = [create_agency(session, code=f"H56.{n}", name=f"UBND xã Mẫu {n}") for n in range(14, 19)]
            self.corpus.agencies = [agency.id for agency in made]
        self.run(*(f"DROP INDEX {name}" for name in BUILT_AFTER))
        papers = self.pages // PAGES_A_PAPER
        for first in range(0, papers, PAPERS_A_COMMIT):
            self.batch(range(first, min(first + PAPERS_A_COMMIT, papers)))
        columns = BUILT_AFTER.items()
        self.run(
            "SET maintenance_work_mem = '256MB'",
            *(f"CREATE INDEX {name} ON search_page USING gin ({column})" for name, column in columns),
        )
        self.run("VACUUM ANALYZE")
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.exec_driver_sql("ANALYZE")
        return time.perf_counter() - started

    def run(self, *statements: str) -> None:
        """On PostgreSQL, each by itself: its two word indexes are built at the end, which is quicker and comes to the same."""
        if self.engine.dialect.name == "postgresql":
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for statement in statements:
                    connection.execute(text(statement))

    def batch(self, papers: range) -> None:
        rows: dict[Any, list[dict[str, Any]]] = {Holder: [], Dossier: [], Scan: [], Page: [], Component: []}
        indexed: list[IndexedPage] = []
        numbers: list[dict[str, Any]] = []
        for paper in papers:
            indexed += self.paper(paper, rows, numbers)
        with transaction(self.factory) as session:
            for entity, values in rows.items():
                session.execute(insert(entity), values)
            for page in indexed:
                self.index.write_page(session, page)
            session.execute(
                text("INSERT INTO search_number (component_id, key, place) VALUES (:component_id, :key, 0)"), numbers
            )

    def paper(
        self, paper: int, rows: dict[Any, list[dict[str, Any]]], numbers: list[dict[str, Any]]
    ) -> Iterator[IndexedPage]:
        chance = self.chance
        agency = self.corpus.agencies[0 if paper % 10 < 6 else 1 + paper % 4]  # one large agency, four small ones
        kind, title, symbol = chance.choice(self.kinds)
        person = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)} {chance.choice(GIVEN)}"
        identity, number = f"079{paper:09d}", f"{paper % 4000 + 1}/{symbol}-UBND"
        issued = date(2010, 1, 1) + timedelta(days=chance.randrange(16 * 365))
        key, code = f"{paper:032x}", f"H56.14-{paper:06d}"
        rows[Holder].append({"id": key, "kind": "person", "id_number": identity, "name": person})
        rows[Dossier].append({"id": key, "agency_id": agency, "code": code, "holder_id": key, "title": ""})
        scan = {
            "id": key,
            "dossier_id": key,
            "agency_id": agency,
            "actor": "station:a",
            "filename": "a.pdf",
            "media_type": "application/pdf",
        }
        rows[Scan].append({**scan, "bytes": 1, "sha256": f"{paper:064x}", "original_key": "originals/x"})
        fields = {
            "number": {"value": number},
            "issued_on": {"value": issued.isoformat()},
            "holder_name": {"value": person},
        }
        component = {"id": key, "scan_id": key, "dossier_id": key, "agency_id": agency, "position": 1, "first_page": 1}
        rows[Component].append(
            {**component, "last_page": PAGES_A_PAPER, "title": title.text, "paper_type": kind, "fields": fields}
        )
        numbers += [
            {"component_id": key, "key": number_key(value)[:200]} for value in dict.fromkeys((number, identity, code))
        ]
        own = agency == self.corpus.agencies[0]
        if own:
            self.corpus.people.append(person)
            self.corpus.numbers.append(number)
            self.corpus.ids.append(identity)
        about = tokenise(nfc(f"{title.text} \n{person} \n{number} \n{identity} \n{code}"))
        for page in range(1, PAGES_A_PAPER + 1):
            body = chance.choices(self.pool, k=SENTENCES_A_PAGE)
            spoilt = " ".join(misread(word, chance) for word in chance.choice(body).text.split()[:3])
            head = (
                [sentence(f"Số: {number} ngày {issued:%d/%m/%Y}"), *self.formulas, title]
                if page == 1
                else self.formulas[1:]
            )
            lines = [*head, *body, sentence(f"{person} {identity} {spoilt}")]
            if own and len(self.corpus.known) < 2000 and paper % 7 == 0:
                self.corpus.known.append(body[0].text.split())
            rows[Page].append({"scan_id": key, "number": page, "text": "\n".join(line.text for line in lines)})
            yield IndexedPage(key, page, [token for line in lines for token in line.tokens], about)


def questions(corpus: Corpus) -> dict[str, list[SearchQuery]]:
    """``ROUNDS`` different queries of each kind, by the agency that holds most."""
    chance = random.Random(11)
    mine = frozenset(corpus.agencies[:1])

    def ask(make: Any, **filters: Any) -> list[SearchQuery]:
        return [
            SearchQuery(
                agency_ids=filters.get("agency_ids", mine),
                q=make(),
                **{k: v for k, v in filters.items() if k != "agency_ids"},
            )
            for _ in range(ROUNDS)
        ]

    def some(count: int) -> list[str]:
        words = chance.choice(corpus.known)
        start = chance.randrange(len(words) - count + 1)
        return words[start : start + count]

    def wrong(words: Sequence[str]) -> str:
        """The longest word with one letter wrong."""
        at = max(range(len(words)), key=lambda index: len(words[index]))
        return " ".join(misread(fold(word), chance) if index == at else word for index, word in enumerate(words))

    common = [
        "căn cứ luật",
        "chính quyền địa phương",
        "công chức tư pháp hộ tịch",
        "theo đề nghị của",
        "tổ chức chính quyền",
        "luật",
    ]
    typed = [
        word[:end]
        for word in ("ủy ban nhân dân", "nguyễn văn", "quyet dinh phe duyet", "giấy khai sinh")
        for end in range(2, len(word) + 1)
    ]
    return {
        "words with marks": ask(lambda: " ".join(some(3))),
        "words without marks": ask(lambda: fold(" ".join(some(3)))),
        "a phrase": ask(lambda: f'"{" ".join(some(4))}"'),
        "words of every page, with marks": ask(lambda: chance.choice(common)),
        "words of every page, without marks": ask(lambda: fold(chance.choice(common))),
        "one OCR error in the query": ask(lambda: wrong(some(3))),
        "a number": ask(lambda: chance.choice(corpus.numbers)),
        "a part of a number": ask(lambda: chance.choice(corpus.numbers).partition("/")[0]),
        "an id number": ask(lambda: chance.choice(corpus.ids)),
        "a name": ask(lambda: chance.choice(corpus.people)),
        "a name without marks": ask(lambda: fold(chance.choice(corpus.people))),
        "as it is typed, letter by letter": ask(lambda: chance.choice(typed)),
        "common words, one paper type": ask(lambda: chance.choice(common), paper_type="ke_hoach"),
        "common words, a small agency": ask(lambda: chance.choice(common), agency_ids=frozenset(corpus.agencies[2:3])),
        "words, all agencies": ask(lambda: " ".join(some(2)), agency_ids=frozenset(corpus.agencies)),
        "filters alone": ask(lambda: "", paper_type="quyet_dinh"),
    }


def processor_seconds(backend: int | None) -> float:
    """Of this process and of PostgreSQL's backend (whose clock ticks every 10 ms)."""
    seconds = time.process_time()
    if backend is not None:
        used = psutil.Process(backend).cpu_times()
        seconds += used.user + used.system
    return seconds


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def measure(url: str, pages: int) -> dict[str, Any]:
    engine = make_engine(url)
    upgrade(engine)
    writer = Writer(engine, pages)
    seconds = writer.fill()
    print(f"{engine.dialect.name}: {pages} pages written in {seconds:.0f} s", flush=True)
    factory, index, backend = writer.factory, writer.index, None
    if engine.dialect.name == "postgresql":
        with reading(factory) as session:  # the pool's one connection, which every query below takes again
            backend = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    rows = []
    for what, asked in questions(writer.corpus).items():
        ask_all(factory, index, asked[:5])  # warm
        busy = processor_seconds(backend)
        times, found = ask_all(factory, index, asked)
        cpu = 1000 * (processor_seconds(backend) - busy) / len(asked)
        row = {
            "query": what,
            "p50": statistics.median(times),
            "p95": percentile(times, 0.95),
            "cpu": cpu,
            "found": found,
        }
        rows.append(row)
        print(
            f"  {what:36} found by {100 * found:4.0f} %   p50 {row['p50']:7.1f}   p95 {row['p95']:7.1f}   processor {cpu:7.1f} ms",
            flush=True,
        )
    engine.dispose()
    return {"engine": engine.dialect.name, "pages": pages, "seconds": seconds, "rows": rows}


def ask_all(factory: Any, index: SearchIndex, asked: Sequence[SearchQuery]) -> tuple[list[float], float]:
    """Milliseconds of each, and the share of queries that found something."""
    times, found = [], 0
    for query in asked:
        started = time.perf_counter()
        with reading(factory) as session:
            found += bool(index.search(session, query).total)
        times.append(1000 * (time.perf_counter() - started))
    return times, found / len(asked)


def as_markdown(runs: Sequence[dict[str, Any]], where: dict[str, object]) -> list[str]:
    lines = [
        f"# Search, {where['date']}, commit {where['commit']}",
        "",
        f"{where['processor']}, {where['cores']} cores. Milliseconds of wall time: p50 · p95 (processor time).",
        "",
    ]
    lines += [
        "| query | " + " | ".join(f"{run['engine']}, {run['pages']} pages" for run in runs) + " |",
        "|---|" + "---|" * len(runs),
    ]
    for rows in zip(*(run["rows"] for run in runs), strict=True):
        told = (f"{row['p50']:.0f} · {row['p95']:.0f} ({row['cpu']:.0f})" for row in rows)
        lines.append(f"| {rows[0]['query']} | " + " | ".join(told) + " |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--engines", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql"))
    parser.add_argument("--keep", action="store_true", help="write the figures to benchmarks/results")
    arguments = parser.parse_args()
    runs = []
    if "sqlite" in arguments.engines:
        with tempfile.TemporaryDirectory() as folder:
            runs.append(measure(sqlite_url(Path(folder)), arguments.pages))
    if "postgresql" in arguments.engines:
        with PostgresServer() as server:
            runs.append(measure(server.create_database(), arguments.pages))
    where = machine()
    lines = as_markdown(runs, where)
    if arguments.keep:
        keep("search", {"machine": where, "runs": runs}, lines)
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
