"""The rows of a generated province, as front door, workers, batches, lists and matching would have left them.

Papers come in the order of their scans: years of counter dossiers beside a back-scan of older results. Every constraint of the schema is put back behind
(``load.without_keys``), and ``check`` has the product's own functions judge some of the rows.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any, Final

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from benchmarks.scale.load import AT_ONCE, Copier, line, without_keys
from benchmarks.scale.province import (
    DISTRICTS_ENDED,
    OF_THE_ARCHIVE,
    OF_THE_CENTRE,
    Unit,
    known_province,
    make_province,
)
from benchmarks.scale.texts import GROUND, LAW, NATION, Person, Text, Writer, number_of
from models.batches import store as batches
from models.batches.entities import Batch, BatchState
from models.catalog import Catalog, CodeTemplate, PaperType, Procedure, default_catalog
from models.database import make_session_factory, transaction
from models.entities import Agency, Component, InventoryImport, new_id
from models.local_time import LOCAL, local_day
from models.paper_facts import validity_of
from models.rules.codes import code_of, code_prefix
from models.search.index import CITED, HEADER, IN_HEADER, OWN
from models.search.postgresql import marks_of, vector
from models.search.word_order import in_order
from models.stored_types import stored_types
from models.vietnamese.numbers import find_document_numbers, number_key

FIRST: Final = date(2023, 1, 3)
OF_DOSSIERS: Final = 0.35
"""Dossiers of counters for each result."""
LINES: Final = 1.1  # of inventories, for each result
TIED: Final = 0.95  # back-scanned papers that a line names
MATCHED: Final = 0.5  # agencies whose papers were matched, so that they have exception records
BATCH: Final = 0.5  # items of the archive's batch, for each result
REUSED: Final = 0.30
UNVERIFIED: Final = 0.02  # papers read and not yet verified, for each result
PAGES: Final = (1,) * 31 + (2,) * 20 + (3,) * 16 + (4,) * 14 + (5,) * 8 + (6,) * 5 + (8,) * 3 + (10,) * 3
"""Of a hundred papers: 299 pages, and one more on the first."""
COLUMNS: Final[dict[str, Sequence[str]]] = {
    "holder": ("id", "kind", "id_number", "name", "birth_date", "created_at"),
    "dossier": (
        "id", "code", "agency_id", "holder_id", "procedure", "title", "created_by", "created_at", "channel", "finished_on", "result_form",
        "backscan", "stored_types",
    ),
    "scan": (
        "id", "dossier_id", "agency_id", "actor", "idempotency_key", "filename", "media_type", "bytes", "sha256", "original_key", "queue", "state",
        "page_count", "created_at", "finished_at",
    ),
    "page": (
        "id", "scan_id", "number", "source_number", "left_out", "state", "width", "height", "dpi", "origin", "rotation", "skew", "blank",
        "warnings", "warning_regions", "grade_mean", "grade_low", "text", "engine", "seconds", "words_key", "image_key", "read_at",
    ),
    "component": (
        "id", "scan_id", "dossier_id", "agency_id", "position", "first_page", "last_page", "paper_type", "paper_type_score",
        "paper_type_alternatives", "title", "fields", "state", "version", "pdf_key", "pdf_bytes", "pdf_sha256", "attributes", "flags", "slot",
        "scope", "signature", "code", "created_at",
    ),
    "result": (
        "id", "dossier_id", "agency_id", "holder_id", "paper_type", "number_key", "issued_on", "valid_until", "expiry_rule", "scope", "stored_at",
        "scanned_at", "returned_at",
    ),
    "issued_code": ("code", "component_id", "template", "at", "actor"),
    "search_page": ("id", "component_id", "page", "exact", "folded"),
    "search_order": ("page_id", "words"),
    "search_number": ("component_id", "key", "place"),
    "reuse_link": ("id", "result_id", "version", "dossier_id", "agency_id", "slot", "state", "actor", "at"),
    "event": ("at", "agency_id", "dossier_id", "scan_id", "component_id", "kind", "actor", "data"),
    "inventory_line": (
        "id", "agency_id", "year", "procedure", "code", "listed", "count", "number", "number_key", "title", "paper_type", "holder_name",
        "holder_id_number", "issued_on", "box", "shelf", "note", "import_id", "row", "withdrawn_at", "result_id", "scanned_at",
    ),
    "inventory_exception": (
        "id", "agency_id", "identity", "kind", "state", "line_id", "component_id", "score", "candidates", "found_at", "reason",
    ),
    "batch_item": (
        "id", "batch_id", "agency_id", "number", "path", "path_key", "filename", "media_type", "bytes", "sha256", "original_key", "content_key",
        "key", "key_from", "state", "reason_code", "reason_detail", "dossier_id", "scan_id", "pages", "pages_failed", "created_at", "posted_at",
        "settled_at", "changed_at",
    ),
    "batch_file": ("id", "batch_id", "item_id", "path", "path_key", "bytes", "stamp", "sha256", "place", "side"),
    "batch_paper": ("component_id", "item_id", "agency_id", "key", "key_from"),
    "counter": ("name", "value"),
}  # fmt: skip
NOBODY: Final = "account:quet-lo"


@dataclass(frozen=True, slots=True)
class Told:
    """A paper as it will be read: its type and what it says."""

    kind: PaperType
    title: Text
    number: str
    issued: date
    person: Person
    slot: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Whose paper it is and in what: unit, dossier's id, code, title and procedure, the dossier's own holder, the scan's id, when and for which queue it came, whether
    its papers are stored."""

    unit: Unit
    dossier: str
    code: str
    title: str
    procedure: str
    holder: Person | None
    scan: str
    at: datetime
    queue: str
    stored: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """Where in its scan a paper stands, and when that had been read."""

    position: int
    first: int
    count: int
    done: datetime


def sha(text_: str) -> str:
    return hashlib.sha256(text_.encode()).hexdigest()


class Generator:
    """Makes ``results`` results; the same seed, the same province (but for ids that the product itself draws)."""

    def __init__(self, engine: Engine, conninfo: str, results: int, seed: int = 7) -> None:
        self.engine, self.conninfo, self.results = engine, conninfo, results
        self.chance = random.Random(seed)
        self.writer = Writer(self.chance)
        self.catalog: Catalog = default_catalog()
        self.factory = make_session_factory(engine)
        self.end = datetime.now(UTC) - timedelta(minutes=5)
        self.titles = {
            one.id: Text.of(one.titles[0] if one.titles else one.name.upper())
            for one in self.catalog.paper_types.values()
        }
        self.by_level = {
            level: [
                one
                for one in self.catalog.procedures
                if level in {span.level.value for span in one.levels} and one.results
            ]
            for level in ("tinh", "huyen", "xa")
        }
        self.codes = {one.id: self._code_of(one) for one in self.catalog.paper_types.values()}
        self.serials: Counter[tuple[str, ...]] = Counter()
        self.page_id = 0
        self.deck: list[int] = []
        self.archived = 0
        self.last = ""
        self.lately: list[str] = []
        self.cumulated: list[float] = []

    def _code_of(self, kind: PaperType) -> tuple[CodeTemplate, str | None]:
        """The template of its codes, and the one code of results that it has."""
        template = self.catalog.code_template("result" if kind.is_result else "other", local_day())
        assert template is not None
        codes = [one.code for one in self.catalog.codes_for_paper(kind.id) if one.kind == "result"]
        return template, codes[0] if len(codes) == 1 else None

    def fill(self, told: Any = print) -> dict[str, int]:
        """Write everything; how many rows of which table."""
        with transaction(self.factory) as session:
            self.province = make_province(session, self.chance)
            self._books(session)
        with without_keys(self.conninfo, list(COLUMNS), told):
            self.copier = Copier(self.conninfo, COLUMNS)
            self._papers(told)
            self._open_lines()
            self._waiting_items()
            self._counters()
            self._unverified()
            self.copier.close()
            told(f"rows copied: {dict(self.copier.counts)}")
        self._settled()
        return dict(self.copier.counts)

    def add_unverified(self) -> int:
        """On a database that has none: what :meth:`fill` writes last. How many papers."""
        with self.factory() as session:
            self.province = known_province(session)
            self.page_id = session.execute(text("SELECT max(id) FROM search_page")).scalar_one()
        self.chance.seed(self.page_id)  # or ids that :meth:`fill` drew would be drawn again
        self.copier = Copier(self.conninfo, COLUMNS)
        self._unverified()
        self.copier.close()
        self._settled()
        return self.copier.counts["component"]

    def _settled(self) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence('search_page', 'id'), :id)"), {"id": self.page_id}
            )
            connection.execute(text("VACUUM ANALYZE"))

    def _books(self, session: Session) -> None:
        """An import and a batch for each agency, as the product makes them."""
        self.imports: dict[str, str] = {}
        self.batches: dict[str, Batch] = {}
        self.items: Counter[str] = Counter()
        for unit in self.province.units:
            self.imports[unit.id] = new_id()
            values = {
                "id": self.imports[unit.id],
                "agency_id": unit.id,
                "actor": NOBODY,
                "filename": "kiem-dem.xlsx",
                "created": 0,
                "changed": 0,
            }
            session.execute(insert(InventoryImport), [{**values, "unchanged": 0, "withdrawn": 0, "refused": 0}])
            agency = session.get_one(Agency, unit.id)
            batch = batches.create(
                session, agency=agency, name="Kết quả còn hiệu lực", policies=batches.Policies(), actor=NOBODY
            )
            batches.move(session, batch, BatchState.RUNNING, actor=NOBODY)
            batch.started_at = batch.created_at = datetime(2023, 9, 1, tzinfo=UTC)
            self.batches[unit.id] = batch
        self.matched = {unit.id for unit in self.province.units if self.chance.random() < MATCHED} | {
            self.province.archive.id
        }

    def _papers(self, told: Any) -> None:
        dossiers = int(self.results * OF_DOSSIERS)
        made = opened = 0
        start = datetime.combine(FIRST, datetime.min.time(), LOCAL).astimezone(UTC)
        span = self.end - start
        scanned = 0
        while made < self.results:
            share = made / self.results
            # Counters are busier every year; the back-scan began in September 2023.
            at = self._working(start + span * share**0.9)
            left, to_open = self.results - made, dossiers - opened
            if to_open > 0 and (at < datetime(2023, 9, 1, tzinfo=UTC) or self.chance.random() < to_open * 1.05 / left):
                made += self._dossier(at, left)
                opened += 1
            else:
                self._backscan(at)
                made += 1
            scanned += 1
            if scanned % AT_ONCE == 0:
                self.copier.round()
            if scanned % 100_000 == 0:
                told(f"{made} results, {self.page_id} pages")

    def _working(self, at: datetime) -> datetime:
        """The same day between 7:30 and 17:00 at +07:00, but not after the end."""
        clock = timedelta(hours=7, minutes=30, seconds=self.chance.randrange(9 * 3600 + 1800))
        return min(datetime.combine(at.astimezone(LOCAL), datetime.min.time(), LOCAL).astimezone(UTC) + clock, self.end)

    def _pages(self) -> int:
        if not self.deck:
            self.deck = list(PAGES)
            self.deck[0] += 1
            self.chance.shuffle(self.deck)
        return self.deck.pop()

    def _somewhere(self) -> Unit:
        self.cumulated = self.cumulated or list(accumulate(self.province.weights))
        return self.chance.choices(self.province.units, cum_weights=self.cumulated)[0]

    def _procedure(self, unit: Unit) -> Procedure:
        """A few procedures are most of the work."""
        of_level = self.by_level[unit.level]
        place = int(self.chance.paretovariate(0.9)) - 1
        return of_level[place] if place < len(of_level) else self.chance.choice(of_level)

    def _code(self, unit: Unit, at: datetime) -> str:
        day = local_day(at)
        self.serials["dossier", unit.code, day.isoformat()] += 1
        return f"{unit.code}-{day:%y%m%d}-{self.serials['dossier', unit.code, day.isoformat()]:04d}"

    def _person(self, at: datetime) -> Person:
        person, new = self.writer.person()
        if new:
            self.copier.rows["holder"].append(line(person.id, "person", person.number, person.name, person.birth, at))
        return person

    def _number(self, unit: Unit, kind: str, issued: date) -> str:
        self.serials["number", unit.code, kind, str(issued.year)] += 1
        return number_of(kind, self.serials["number", unit.code, kind, str(issued.year)], issued.year)

    # ---- counters

    def _dossier(self, at: datetime, most: int) -> int:
        """A dossier of a counter with its papers; how many of them are stored."""
        chance, rows = self.chance, self.copier.rows
        unit = self.province.centre if chance.random() < OF_THE_CENTRE else self._somewhere()
        while unit.level == "huyen" and local_day(at) > DISTRICTS_ENDED:
            unit = self._somewhere()
        procedure, person = self._procedure(unit), self._person(at)
        code = procedure.code + (".H58" if chance.random() < 0.1 else "")
        place = Place(unit, self.writer.id(), self._code(unit, at), "", code, person, self.writer.id(), at, "counter")
        finished = local_day(at) + timedelta(days=chance.randrange(21)) if chance.random() < 0.9 else None
        if finished is not None and finished > local_day(self.end):
            finished = None
        form = chance.choices(("paper", "electronic", "none"), (50, 42, 8))[0] if finished else None
        channel = "online" if chance.random() < 0.15 + 0.2 * (at.year - 2023) else "counter"
        papers = [
            self._handed_in(unit, procedure, person, at) for _ in range(chance.choices((0, 1, 2), (25, 55, 20))[0])
        ]
        if form == "paper" and finished is not None and chance.random() < 0.8:
            kind = self.catalog.paper_types[chance.choice(procedure.results)]
            papers.append(
                Told(kind, self.titles[kind.id], self._number(unit, kind.id, finished), finished, person, None)
            )
        papers = papers[:most]
        kept = [
            (paper.kind.id, paper.slot or "", paper.issued if "issued_on" in _fields(paper, unit) else None)
            for paper in papers
        ]
        types = stored_types(kept, local_day(at))
        rows["dossier"].append(
            line(
                place.dossier,
                place.code,
                unit.id,
                person.id,
                code,
                "",
                "account:mot-cua",
                at,
                channel,
                finished,
                form,
                False,
                types,
            )
        )
        if papers:
            self._scan(place, papers)
        if self.lately and chance.random() < REUSED:
            result = chance.choice(self.lately)
            rows["reuse_link"].append(
                line(self.writer.id(), result, 1, place.dossier, unit.id, "giay_to", "3", "account:mot-cua", at)
            )
        return len(papers)

    def _handed_in(self, unit: Unit, procedure: Procedure, person: Person, at: datetime) -> Told:
        slots = [slot for slot in procedure.components if not slot.shown_only] or list(procedure.components)
        slot = slots[min(int(self.chance.expovariate(1.0)), len(slots) - 1)] if slots else None
        kind = self.catalog.paper_types[slot.accepts[0] if slot else "to_khai"]
        issued = local_day(at) - timedelta(days=int(self.chance.expovariate(1 / 400)))
        return Told(
            kind, self.titles[kind.id], self._number(unit, kind.id, issued), issued, person, slot.id if slot else None
        )

    # ---- back-scan

    def _backscan(self, at: datetime) -> None:
        """A paper of the years before, in a dossier of its own, with item, file and key, and the line that names it."""
        chance, rows = self.chance, self.copier.rows
        unit = self.province.archive if chance.random() < OF_THE_ARCHIVE / (1 - OF_DOSSIERS) else self._somewhere()
        procedure, person = self._procedure(unit), self._person(at)
        kind = self.catalog.paper_types[procedure.results[0]]
        issued = date(2015, 1, 1) + timedelta(days=int(8.7 * 365 * chance.betavariate(4, 1)))
        told = Told(kind, self.titles[kind.id], self._number(unit, kind.id, issued), issued, person, None)
        batch = self.batches[unit.id]
        self.archived += unit is self.province.archive
        self.items[unit.id] += 1
        n = self.items[unit.id]
        line_code = f"KD-{issued.year}-{n:07d}"
        path = f"/quet/{unit.code}/hop-{n // 200:05d}/{line_code}.pdf"
        place = Place(
            unit, self.writer.id(), self._code(unit, at), line_code, "", None, self.writer.id(), at, "backscan"
        )
        rows["dossier"].append(
            line(place.dossier, place.code, unit.id, None, "", line_code, NOBODY, at, "counter", None, None, True, "")
        )
        pages, size, digest = self._scan(place, [told], batch=batch.id, path=path)
        component = self.last
        item = self.writer.id()
        settled = min(at + timedelta(minutes=chance.randrange(1, 30)), self.end)
        rows["batch_item"].append(
            line(item, batch.id, unit.id, n, path, sha(path), f"{line_code}.pdf", "application/pdf", size, digest, f"originals/{digest}", digest,
                 line_code, "name", "done", None, None, place.dossier, place.scan, pages, 0, at, at, settled, settled)
        )  # fmt: skip
        self._file(batch.id, item, path, size, digest)
        rows["batch_paper"].append(line(component, item, unit.id, line_code, "name"))
        if chance.random() < TIED:
            self._line(unit, told, line_code, procedure.code, n, result=component, at=at)
        elif unit.id in self.matched:
            self._exception(unit, "unlisted", None, component)

    def _file(self, batch: str, item: str, path: str, size: int, digest: str) -> None:
        row = line(self.writer.id(), batch, item, path, sha(path), size, f"{size}:{digest[:16]}", digest, 1, "")
        self.copier.rows["batch_file"].append(row)

    def _line(
        self,
        unit: Unit,
        told: Told,
        code: str,
        procedure: str,
        row: int,
        *,
        result: str | None = None,
        at: datetime | None = None,
    ) -> str:
        id_, person = self.writer.id(), told.person
        box, shelf = f"H{row // 200 + 1}", f"K{row // 4000 + 1}"
        self.copier.rows["inventory_line"].append(
            line(id_, unit.id, told.issued.year, procedure, f"={code.lower()}", True, 1, told.number, number_key(told.number), told.title.text,
                 told.kind.id, person.name, person.number, told.issued, box, shelf, "", self.imports[unit.id], row + 1, None, result, at)
        )  # fmt: skip
        return id_

    def _exception(self, unit: Unit, kind: str, line_id: str | None, component: str | None) -> None:
        """One without candidates."""
        identity = f"{kind}:{line_id or ''}:{component or ''}"
        row = line(self.writer.id(), unit.id, identity, kind, "open", line_id, component, 0, "[]", self.end, "")
        self.copier.rows["inventory_exception"].append(row)

    # ---- a scan with its papers

    def _scan(self, place: Place, papers: Sequence[Told], *, batch: str = "", path: str = "") -> tuple[int, int, str]:
        """The scan, its pages, components, results, codes and index rows; pages, bytes and hash."""
        rows, unit, at = self.copier.rows, place.unit, place.at
        digest = sha(place.scan)
        counts = [self._pages() for _ in papers]
        pages, done = sum(counts), at + timedelta(seconds=20 + 9 * sum(counts))
        size = 180_000 * pages
        actor = NOBODY if batch else f"station:{unit.code}"
        key = f"batch:{batch}:{digest}" if batch else None
        name = path.rpartition("/")[2] or "quet.pdf"
        rows["scan"].append(
            line(place.scan, place.dossier, unit.id, actor, key, name, "application/pdf", size, digest, f"originals/{digest}", place.queue, "done", pages, at, done)
        )  # fmt: skip
        first = 1
        for position, (paper, count) in enumerate(zip(papers, counts, strict=True), 1):
            self._component(place, paper, Span(position, first, count, done))
            first += count
        return pages, size, digest

    def _component(self, place: Place, told: Told, span: Span) -> None:
        first, count, at = span.first, span.count, span.done
        rows, unit, person, kind = self.copier.rows, place.unit, told.person, told.kind
        id_ = self.last = self.writer.id()
        fields = _fields(told, unit)
        number = told.number if "number" in fields else ""
        issued = told.issued if "issued_on" in fields else None
        identified = "holder_id" in fields
        holder = person if identified else place.holder
        code, template = self._issue(place, told, number, holder) if place.stored else (None, "")
        state = "stored" if place.stored else "extracted"
        rows["component"].append(
            line(id_, place.scan, place.dossier, unit.id, span.position, first, first + count - 1, kind.id, 0.97, "[]", told.title.text,
                 json.dumps(fields, ensure_ascii=False), state, 1, f"components/{id_}/v0001.pdf", 180_000 * count, sha(id_), "[]", "[]",
                 told.slot, "{}", "not_required", code, at)
        )  # fmt: skip
        self._index(id_, place, told, fields, span)
        if not place.stored:
            return
        held = validity_of(Component(paper_type=kind.id, fields=fields, created_at=at), self.catalog)
        stored = at + timedelta(minutes=15)
        returned = stored if place.queue == "counter" and told.slot is None else None
        rows["result"].append(
            line(id_, place.dossier, unit.id, holder.id if holder else None, kind.id, number_key(number), issued, held.until, held.basis,
                 str(fields.get("scope", {}).get("value", "")), stored, place.at, returned)
        )  # fmt: skip
        rows["issued_code"].append(line(code, id_, template, stored, "account:mot-cua"))
        rows["event"].append(
            line(stored, unit.id, place.dossier, place.scan, id_, "state", "account:mot-cua", '{"state": "stored"}')
        )
        if self.chance.random() < 0.1:
            self.lately = [*self.lately[-999:], id_]

    def _issue(self, place: Place, told: Told, number: str, holder: Person | None) -> tuple[str, str]:
        """The paper's code, and by which template (``models.lifecycle``)."""
        template, result_code = self.codes[told.kind.id]
        values = {
            "dinh_danh": holder.number if holder else None,
            "ma_loai_ket_qua": result_code,
            "so_ky_hieu": number,
            "ma_tthc": place.procedure,
            "ma_giay_to": told.kind.id,
            "ma_ho_so": place.code,
        }
        prefix = code_prefix(template, values)
        self.serials["code", prefix] += 1
        return code_of(template, prefix, self.serials["code", prefix]), template.id

    def _index(self, id_: str, place: Place, told: Told, fields: dict[str, Any], span: Span) -> None:
        first, count, at = span.first, span.count, span.done
        rows, person = self.copier.rows, told.person
        titles = [told.title.text, place.title]
        names = dict.fromkeys(
            (str(fields.get("holder_name", {}).get("value", "")), place.holder.name if place.holder else "")
        )
        said = [fields.get("number", {}).get("value"), fields.get("holder_id", {}).get("value"), place.code]
        said += [place.holder.number if place.holder else None]
        own = list(dict.fromkeys(str(value) for value in said if value))
        about = Text.of(" \n".join([*titles, *names, *own]))
        issued = fields.get("issued_on", {}).get("value")
        places: dict[str, int] = {number_key(value): OWN for value in own}
        for number in range(first, first + count):
            body = self.writer.body()
            if number == first:
                head = [_NATION, Text.of(f"Số: {told.number} ngày {told.issued:%d/%m/%Y}"), told.title]
                lines = [*head, _LAW, *body, Text.of(f"{person.name} {person.number}")]
            else:
                lines = [*([_GROUND] if number % 2 else []), *body]
            words = "\n".join(one.text for one in lines)
            for found in find_document_numbers(words):
                top = number == first and found.start < HEADER
                key = number_key(found.value)
                places[key] = min(places.get(key, CITED), IN_HEADER if top else CITED)
            low = round(0.6 + 0.39 * self.chance.random(), 3)
            base = f"pages/{place.scan}/{number}"
            rows["page"].append(
                line(self.writer.id(), place.scan, number, number, False, "read", 2480, 3508, 300.0, "raster", 0, 0.1, False, "[]", "[]", 0.97,
                     low, words.replace("\n", "\\n"), "lines 1.0", '{"ocr": 0.4}', f"{base}/words.json", f"{base}/v0001.jpg", at)
            )  # fmt: skip
            self.page_id += 1
            exact = [token for one in lines for token in one.exact]
            folded = [token for one in lines for token in one.folded]
            marks = marks_of(self.page_id, place.unit.id, told.kind.id, issued, first=number == first)
            rows["search_page"].append(
                line(self.page_id, id_, number, vector(exact, about.exact, marks), vector(folded, about.folded, marks))
            )
            rows["search_order"].append(line(self.page_id, rf"\\x{in_order([*folded, *about.folded]).hex()}"))
        for key, near in places.items():
            if key:
                rows["search_number"].append(line(id_, key[:200], near))

    # ---- what waits

    def _open_lines(self) -> None:
        """Lines whose papers did not come yet, and numbers alone."""
        chance = self.chance
        wanted = (
            int(self.results * LINES) - self.copier.counts["inventory_line"] - len(self.copier.rows["inventory_line"])
        )
        day = local_day(self.end)
        for n in range(wanted):
            unit = self.province.archive if chance.random() < OF_THE_ARCHIVE else self._somewhere()
            procedure = self._procedure(unit)
            kind = self.catalog.paper_types[procedure.results[0]]
            issued = min(date(2015, 1, 1) + timedelta(days=int(10.9 * 365 * chance.betavariate(4, 1))), day)
            person, new = self.writer.person()
            if new:  # nobody's dossier: a name on a list makes no holder
                self.writer.people.pop()
            told = Told(kind, self.titles[kind.id], self._number(unit, kind.id, issued), issued, person, None)
            self.items[unit.id] += 1
            row = self.items[unit.id]
            made = self._line(unit, told, f"KD-{issued.year}-{row:07d}", procedure.code, row)
            if unit.id in self.matched:
                self._exception(unit, "missing", made, None)
            if n % 20_000 == 0:
                self.copier.round()
        for unit in self.province.units:
            for year in range(2019, 2026):
                self.copier.rows["inventory_line"].append(
                    line(self.writer.id(), unit.id, year, "", "*", False, chance.randrange(50, 400), "", "", "", None, "", "", None, "", "", "",
                         self.imports[unit.id], 1, None, None, None)
                )  # fmt: skip

    def _waiting_items(self) -> None:
        """The rest of the archive's batch: a few that failed, were refused, skipped or twice there, the others still to be posted."""
        unit = self.province.archive
        batch, at = self.batches[unit.id], self.end
        first = self.items[unit.id] + 1
        for n in range(first, first + max(0, int(self.results * BATCH) - self.archived)):
            state = self.chance.choices(("waiting", "failed", "refused", "skipped"), (94, 3, 2, 1))[0]
            path = f"/quet/{unit.code}/hop-{n // 200:05d}/KD-2024-{n:07d}.pdf"
            digest, id_ = sha(path), self.writer.id()
            code = {"failed": "PAGE_FAILED", "refused": "CORRUPT_FILE", "skipped": "KEY_TAKEN"}.get(state)
            there = state in {"waiting", "failed"}
            self.copier.rows["batch_item"].append(
                line(id_, batch.id, unit.id, n, path, sha("p" + path), f"KD-2024-{n:07d}.pdf", "application/pdf", 500_000, digest if there else None,
                     f"originals/{digest}" if there else None, digest if there else None, f"KD-2024-{n:07d}", "name", state, code, None, None, None,
                     None, 0, at, None, at if code else None, at)
            )  # fmt: skip
            self._file(batch.id, id_, path, 500_000, digest)
            if n % 20_000 == 0:
                self.copier.round()

    def _unverified(self) -> None:
        """Papers of the last weeks' back-scan that nobody has looked at yet."""
        for n in range(int(self.results * UNVERIFIED)):
            unit = self._somewhere()
            at = self._working(self.end - timedelta(days=self.chance.randrange(20)))
            procedure, person = self._procedure(unit), self.writer.person()[0]
            kind = self.catalog.paper_types[procedure.results[0]]
            issued = local_day(at) - timedelta(days=int(self.chance.expovariate(1 / 900)) + 30)
            told = Told(kind, self.titles[kind.id], number_of(kind.id, 900_000 + n, issued.year), issued, person, None)
            code, title = f"{unit.code}-{local_day(at):%y%m%d}-{90_000 + n}", f"CHO-{n:07d}"
            place = Place(unit, self.writer.id(), code, title, "", None, self.writer.id(), at, "backscan", stored=False)
            self.copier.rows["dossier"].append(
                line(place.dossier, code, unit.id, None, "", title, NOBODY, at, "counter", None, None, True, "")
            )
            self._scan(place, [told])
            if n % AT_ONCE == 0:
                self.copier.round()

    def _counters(self) -> None:
        for key, value in self.serials.items():
            if key[0] == "dossier":
                self.copier.rows["counter"].append(line("/".join(key), value))
            elif key[0] == "code":
                self.copier.rows["counter"].append(line(f"code/{sha(key[1])}", value))


_NATION, _LAW, _GROUND = Text.of(NATION), Text.of(LAW), Text.of(GROUND)
_WORDS_OF: Final = {
    "title": "Đề nghị giải quyết", "summary": "Về việc giải quyết hồ sơ", "scope": "để làm thủ tục", "marital_status": "chưa đăng ký kết hôn với ai",
    "agent_name": "Trần Văn Thử", "event_date": "2023-01-05", "criminal_record": "Không có án tích", "disability_grade": "nặng", "licence_class": "B",
    "business_name": "Hộ kinh doanh Mẫu", "signer": "Lê Văn Ký", "wife_name": "Nguyễn Thị Mẫu", "mother_name": "Nguyễn Thị Mẫu",
}  # fmt: skip


def _fields(told: Told, unit: Unit) -> dict[str, Any]:
    """What was read off the paper: the fields of its type that bear on anything here, and those that it must have."""
    person = told.person
    known = {
        "number": told.number, "issued_on": told.issued.isoformat(), "issuer": unit.name, "holder_name": person.name, "holder_id": person.number,
        "holder_birth_date": person.birth, "husband_name": person.name, "husband_id": person.number,
    }  # fmt: skip
    values = {
        spec.name: known.get(spec.name) or _WORDS_OF.get(spec.name, "")
        for spec in told.kind.fields
        if spec.required or spec.name in {"number", "issued_on", "holder_id", "holder_name", "signer"}
    }
    return {
        name: {"value": value, "confidence": 0.97, "page": 1, "box": [210, 340, 980, 395], "source": "ocr"}
        for name, value in values.items()
        if value
    }
