"""The index interface and what its two engines share: what is indexed, who may find it, in what order it comes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session, joinedload

from models.entities import Component, Dossier, Page
from models.scans import pages_of
from models.search.query import Term, parse
from models.search.snippets import snippet
from models.search.tokens import Token, tokenise
from models.vietnamese import nfc
from models.vietnamese.numbers import find_document_numbers, normalise_number, number_key

HEADER = 600  # characters at the top of the first page, where a paper carries its own number (NĐ 30/2020, ô số 3)
OWN, IN_HEADER, CITED = 0, 1, 2  # how near a number is to being the paper's own


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """``q``: words, quoted phrases, numbers. The others are filters; all that are given must hold.

    ``agency_ids``: what the asker may see (``models.scopes``); it has no default, and none means no results.
    """

    agency_ids: Collection[str]
    q: str = ""
    holder_id_number: str | None = None
    paper_type: str | None = None
    number: str | None = None
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A component and its best page. ``exact``: found with the marks as typed. ``score``: higher is better, within a result."""

    component_id: str
    page: int
    snippet: str
    score: float
    exact: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``total``: components found, of which ``hits`` are one slice."""

    hits: tuple[Hit, ...]
    total: int


class SearchIndex(Protocol):
    """Everything happens in the caller's transaction; both engines pass ``tests/models/search/test_contract.py``."""

    def index_component(self, session: Session, component_id: str) -> None:
        """(Re-)read the component's pages, dossier and holder into the index; nothing when it is gone."""
        ...

    def remove(self, session: Session, component_id: str) -> None:
        """Take it out; no error when it isn't in."""
        ...

    def search(self, session: Session, query: SearchQuery) -> SearchResult:
        """Components within the agencies, best first: marks as typed before folded, whole words before beginnings."""
        ...


@dataclass(frozen=True, slots=True)
class IndexedPage:
    """``body``: the page's own tokens; ``about``: what is known of the paper (title, holder, codes), found on every page."""

    component_id: str
    number: int
    body: Sequence[Token]
    about: Sequence[Token]


# The engine's part is the common table `hit(id, tier, rank)`: tier 0 exact words, 1 exact with a prefix, 2 folded; rank ascends.
_SEARCH = """
WITH {hits},
placed AS (
    SELECT p.component_id, p.page, hit.tier, hit.rank, c.created_at,
           {near} AS near,
           row_number() OVER (PARTITION BY p.component_id ORDER BY hit.tier, hit.rank, p.page) AS place
    FROM hit
    JOIN search_page p ON p.id = hit.id
    JOIN component c ON c.id = p.component_id
    WHERE c.agency_id IN :agencies {filters}
)
SELECT component_id, page, tier, rank, count(*) OVER () AS total
FROM placed WHERE place = 1
ORDER BY tier, near, rank, created_at DESC, component_id
LIMIT :limit OFFSET :offset
"""
_EVERYTHING = """hit AS (
    SELECT p.id, 2 AS tier, 0.0 AS rank FROM search_page p JOIN component c ON c.id = p.component_id WHERE p.page = c.first_page
)"""
_NEAR = "COALESCE((SELECT n.place FROM search_number n WHERE n.component_id = c.id AND n.key = :near), 9)"
_FILTERS = {
    "holder": """AND EXISTS (
        SELECT 1 FROM dossier d JOIN holder h ON h.id = d.holder_id WHERE d.id = c.dossier_id AND h.id_number = :holder
    )""",
    "paper_type": "AND c.paper_type = :paper_type",
    "number": """AND EXISTS (
        SELECT 1 FROM search_number n WHERE n.component_id = c.id AND (n.key = :number OR n.key LIKE :number_start ESCAPE '!')
    )""",
}


class SqlIndex(ABC):
    """What both engines do the same way, in SQL that both understand."""

    @abstractmethod
    def hits(self, terms: Sequence[Term]) -> tuple[str, dict[str, Any]]:
        """The common table ``hit`` for these terms, and its parameters."""

    @abstractmethod
    def write_page(self, session: Session, page: IndexedPage) -> None:
        """Put one page's tokens in."""

    @abstractmethod
    def remove(self, session: Session, component_id: str) -> None: ...

    def index_component(self, session: Session, component_id: str) -> None:
        self.remove(session, component_id)
        statement = select(Component).where(Component.id == component_id)
        statement = statement.options(joinedload(Component.dossier).joinedload(Dossier.holder))
        component = session.scalar(statement, execution_options={"populate_existing": True})
        if component is None:
            return
        about = _about(component)
        for page in pages_of(session, component):
            self.write_page(session, IndexedPage(component_id, page.number, tokenise(nfc(page.text)), about))
        self._write_numbers(session, component)

    def search(self, session: Session, query: SearchQuery) -> SearchResult:
        terms = parse(query.q)
        if not query.agency_ids or (query.q.strip() and not terms):
            return SearchResult((), 0)
        rows = self._rows(session, query, terms)
        texts = _texts(session, [(row.component_id, row.page) for row in rows])
        hits = tuple(
            Hit(
                component_id=row.component_id,
                page=row.page,
                snippet=snippet(texts.get((row.component_id, row.page), ""), terms),
                score=-float(row.rank),
                exact=bool(terms) and row.tier < 2,
            )
            for row in rows
        )
        return SearchResult(hits, rows[0].total if rows else self._total(session, query))

    def _total(self, session: Session, query: SearchQuery) -> int:
        """A slice past the end has no row that could carry the total."""
        if query.offset == 0:
            return 0
        first = SearchQuery(query.agency_ids, query.q, query.holder_id_number, query.paper_type, query.number, 1, 0)
        return self.search(session, first).total

    def _rows(self, session: Session, query: SearchQuery, terms: Sequence[Term]) -> Sequence[Any]:
        hits, parameters = self.hits(terms) if terms else (_EVERYTHING, {})
        filters = {"holder": query.holder_id_number, "paper_type": query.paper_type, "number": query.number}
        given = {
            name: value.strip().replace("\0", "\ufffd")  # PostgreSQL takes no NUL, and nothing stored has one
            for name, value in filters.items()
            if value and value.strip()
        }
        near = given.get("number") or normalise_number(query.q) or ""
        if "number" in given:
            key = number_key(given["number"])
            given |= {"number": key, "number_start": _like(key) + "/%"}
        statement = text(
            _SEARCH.format(
                hits=hits,
                near=_NEAR if near else "9",
                filters=" ".join(sql for name, sql in _FILTERS.items() if name in given),
            )
        ).bindparams(bindparam("agencies", expanding=True))
        parameters |= given | {"agencies": list(query.agency_ids)} | ({"near": number_key(near)} if near else {})
        parameters |= {"limit": max(0, query.limit), "offset": max(0, query.offset)}
        return session.execute(statement, parameters).all()

    def _write_numbers(self, session: Session, component: Component) -> None:
        places: dict[str, int] = {number_key(value): OWN for value in _own_numbers(component)}
        for page in pages_of(session, component):
            for number in find_document_numbers(page.text):
                top = page.number == component.first_page and number.start < HEADER
                key = number_key(number.value)
                places[key] = min(places.get(key, CITED), IN_HEADER if top else CITED)
        insert = text("INSERT INTO search_number (component_id, key, place) VALUES (:component_id, :key, :place)")
        for key, place in places.items():
            if key:
                session.execute(insert, {"component_id": component.id, "key": key[:200], "place": place})


def _like(text_: str) -> str:
    return "".join(f"!{letter}" if letter in "!%_" else letter for letter in text_)


def _own_numbers(component: Component) -> list[str]:
    """The paper's number as extracted, its dossier's code, its holder's id number."""
    holder = component.dossier.holder
    field = component.fields.get("number") or {}
    values = [field.get("value"), component.dossier.code, holder.id_number if holder else None]
    return [str(value) for value in values if value]


def _about(component: Component) -> list[Token]:
    holder = component.dossier.holder
    words = [component.title, component.dossier.title, holder.name if holder else "", *_own_numbers(component)]
    return tokenise(nfc(" \n".join(words)))


def _texts(session: Session, wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Texts of the pages found (already within the asker's agencies), by component and page number."""
    if not wanted:
        return {}
    statement = (
        select(Component.id, Page.number, Page.text)
        .join(Page, Page.scan_id == Component.scan_id)
        .where(Component.id.in_({component for component, _ in wanted}), Page.number.in_({page for _, page in wanted}))
    )
    return {(component, number): content for component, number, content in session.execute(statement)}
