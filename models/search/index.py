"""The index interface and what its two engines share: what is indexed, who may find it, in what order it comes."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, ClassVar, NamedTuple, Protocol, Self

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session, joinedload

from models.entities import Component, Dossier, Page
from models.paper_facts import value_of
from models.scans import pages_of
from models.search.misread import variants
from models.search.query import Term, parse, without_begun_letter
from models.search.snippets import snippet
from models.search.tokens import Token, tokenise
from models.vietnamese import nfc
from models.vietnamese.folding import fold_in_place
from models.vietnamese.numbers import find_document_numbers, normalise_number, number_key

HEADER = 600  # characters at the top of the first page, where a paper carries its own number (NĐ 30/2020, ô số 3)
OWN, IN_HEADER, CITED = 0, 1, 2  # how near a number is to being the paper's own
WIDE = 500
"""Pages that are weighed against each other. Of words that stand on more, the newest pages come, those with the marks as typed first: where
every other page has the words, how often it has them says nothing, and weighing 100,000 pages takes seconds."""
MOST_NUMBERED = 5000  # papers that bear or cite a number, of which those that bear it come first
MOST_MISREAD = 4  # words of a query of which each in turn may be the misread one
MOST_READ = 250  # pages that are read for it, the newest


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """``q``: words, quoted phrases, numbers. The others are filters; all that are given must hold.

    ``agency_ids``: what the asker may see (``models.scopes``); it has no default, and none means no results. ``year``: of issue, as the paper says it.
    ``kept``: stored in the warehouse. ``not_ended_by``: leaves out what the warehouse knows to be cancelled, replaced or changed by that day; whether
    the rest holds is the rules' word (``models.rules``).
    """

    agency_ids: Collection[str]
    q: str = ""
    holder_id_number: str | None = None
    paper_type: str | None = None
    number: str | None = None
    limit: int = 20
    offset: int = 0
    year: int | None = None
    kept: bool = False
    not_ended_by: date | None = None


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
    """``total``: components found, of which ``hits`` are one slice. ``at_least``: there are more, which nobody counted (``WIDE``).

    ``misread``: nothing has the words as typed; this has them but for one letter of one word.
    """

    hits: tuple[Hit, ...]
    total: int
    at_least: bool = False
    misread: bool = False


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


@dataclass(frozen=True, slots=True)
class Source:
    """Pages that match ``expression``, in the engine's own language, and the tier they come in. ``exact``: by the words as typed; ``within``: then all
    that match have this too, which was asked for before.

    No expression: the first page of every paper. Of the newest pages the tiers are 0 and 1 as in ``_SEARCH``, 2 folded, 3 folded with a prefix.
    """

    expression: str
    tier: int
    exact: bool = False
    within: str = ""


_FIRST_PAGES = Source("", 2)
"""Where nothing but filters is asked."""

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
FROM placed WHERE place <= {pages}
ORDER BY tier, near, rank, created_at DESC, component_id
LIMIT :limit OFFSET :offset
"""
_UNITED = "hit AS (SELECT id, min(tier) AS tier, {rank} AS rank FROM ({sources}) AS found GROUP BY id)"
_LATER_FIRST = "-id"  # where nothing but filters is asked, so that slice follows slice however far somebody reads on
# A law that a million papers cite at their top is no number by which one of them is found: its own come first, and no more than some thousands.
_NUMBERED = """SELECT * FROM (
    SELECT p.id, 2 AS tier
    FROM (SELECT component_id, place FROM search_number WHERE key = :near AND place < 2 ORDER BY place LIMIT :most_numbered) AS n
    JOIN component c ON c.id = n.component_id
    JOIN search_page p ON p.component_id = c.id AND p.page = c.first_page
    WHERE c.agency_id IN :agencies {filters} ORDER BY n.place, p.id DESC LIMIT :most
) AS numbered"""
# Of what is stored the newest are known by when they were: papers that wait to be stored may be most of the newest pages.
_STORED = """hit AS (
    SELECT p.id, 2 AS tier, {rank} AS rank
    FROM (
        SELECT c.id, c.first_page, r.stored_at FROM result r JOIN component c ON c.id = r.id
        WHERE r.agency_id IN :agencies {{filters}} ORDER BY r.stored_at DESC LIMIT :most
    ) AS stored
    JOIN search_page p ON p.component_id = stored.id AND p.page = stored.first_page
)"""
_NEAR = "COALESCE((SELECT n.place FROM search_number n WHERE n.component_id = c.id AND n.key = :near), 9)"
_FILTERS = {
    # A stored paper is its owner's, as the warehouse has it. Before that the paper's own number is only what a machine has read, so the
    # person whose dossier it is finds it too.
    # What an index knows to be theirs is a short list; which of it holds, is asked of these alone.
    "holder": """AND c.id IN (
        SELECT n.component_id FROM search_number n WHERE n.key = :holder_key AND n.place = 0
        UNION SELECT r.id FROM result r JOIN holder h ON h.id = r.holder_id WHERE h.id_number = :holder
        UNION SELECT own.id FROM component own JOIN dossier d ON d.id = own.dossier_id JOIN holder h ON h.id = d.holder_id WHERE h.id_number = :holder
    ) AND CASE WHEN EXISTS (SELECT 1 FROM result r WHERE r.id = c.id)
        THEN EXISTS (SELECT 1 FROM result r JOIN holder h ON h.id = r.holder_id WHERE r.id = c.id AND h.id_number = :holder)
        ELSE {read_holder} = :holder OR EXISTS (
            SELECT 1 FROM dossier d JOIN holder h ON h.id = d.holder_id WHERE d.id = c.dossier_id AND h.id_number = :holder
        ) END""",
    "paper_type": "AND c.paper_type = :paper_type",
    "number": """AND c.id IN (
        SELECT n.component_id FROM search_number n WHERE n.key = :number OR n.key LIKE :number_start ESCAPE '!'
        ORDER BY n.place LIMIT :most_numbered
    )""",
    "year": "AND {issued_on} LIKE :year",
    "kept": "AND EXISTS (SELECT 1 FROM result r WHERE r.id = c.id)",
    "not_ended_by": """AND NOT EXISTS (
        SELECT 1 FROM result r WHERE r.id = c.id AND (r.cancelled_at IS NOT NULL OR r.replaced_by_id IS NOT NULL OR r.ended_on <= :not_ended_by)
    )""",
}


class SqlIndex(ABC):
    """What both engines do the same way, in SQL that both understand.

    ``READ_HOLDER`` and ``ISSUED_ON``: the owner's number and the ISO day of issue that were read off ``component c``. ``FOUND``: rows
    ``id``, ``tier`` of the parameters that :meth:`found` makes. ``STORED_LAST``: a number that is lower the later ``stored.stored_at`` is.
    """

    READ_HOLDER: ClassVar[str]
    ISSUED_ON: ClassVar[str]
    FOUND: ClassVar[str]
    STORED_LAST: ClassVar[str]

    @abstractmethod
    def hits(self, terms: Sequence[Term], standing: Sequence[int]) -> tuple[str, dict[str, Any]]:
        """The common table ``hit`` for these terms, weighed, and its parameters. ``standing``: ids of all pages that have them."""

    @abstractmethod
    def expression(self, terms: Sequence[Term], *, exact: bool, whole: bool = False) -> str:
        """Every term, in the engine's language. ``whole``: no word goes on."""

    @abstractmethod
    def expression_with(self, terms: Sequence[Term], choices: Sequence[tuple[str, ...]]) -> str:
        """Every term and one of the phrases ``choices``, folded, in the engine's language."""

    @abstractmethod
    def indexed(self, session: Session, words: Sequence[str]) -> Sequence[str]:
        """Those folded words that the index has; all of them, where asking costs more than searching for them."""

    def prepared(self, session: Session) -> Self:  # noqa: ARG002 - most engines need nothing
        """What answers one search, before its first query."""
        return self

    @abstractmethod
    def standing_on(
        self, session: Session, expression: str, most: int, query: SearchQuery | None = None
    ) -> Sequence[int]:
        """Ids of index rows (pages) that match, whosoever's; no more than ``most``. With a ``query`` those that it can't find may be left out."""

    @abstractmethod
    def newest_of(self, session: Session, query: SearchQuery, source: Source, most: int) -> Sequence[int]:
        """Ids of the newest ``most`` pages of the source within the query's agencies and filters."""

    @abstractmethod
    def found(self, tiers: Mapping[int, int]) -> dict[str, Any]:
        """The parameters of ``FOUND`` for pages' tiers by id."""

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
        return self.prepared(session)._search(session, query, terms)  # noqa: SLF001 - itself, for this search

    def _search(self, session: Session, query: SearchQuery, terms: Sequence[Term]) -> SearchResult:
        rows, wide = self._rows(session, query, terms)
        if rows or not terms:
            return self._told(session, query, terms, rows, at_least=wide)
        if query.offset and self._rows(session, replace(query, limit=1, offset=0), terms)[0]:
            return self._told(session, query, terms, rows, at_least=wide)
        if before := without_begun_letter(terms):
            rows, wide = self._rows(session, query, before)
            if rows:
                return self._told(session, query, before, rows, at_least=wide)
        rows = self._misread_rows(session, query, terms)
        return self._told(session, query, terms, rows, misread=True) if rows else SearchResult((), 0)

    def _told(
        self,
        session: Session,
        query: SearchQuery,
        terms: Sequence[Term],
        rows: Sequence[Any],
        *,
        at_least: bool = False,
        misread: bool = False,
    ) -> SearchResult:
        texts = _texts(session, [(row.component_id, row.page) for row in rows])
        hits = tuple(
            Hit(
                component_id=row.component_id,
                page=row.page,
                snippet=snippet(texts.get((row.component_id, row.page), ""), terms, misread=misread),
                score=-float(row.rank),
                exact=bool(terms) and row.tier < 2,
            )
            for row in rows
        )
        total = rows[0].total if rows else self._total(session, query)
        # Where filters alone were asked, at_least is known by one more than is told.
        return SearchResult(hits, total - (at_least and not terms), at_least, misread)

    def _total(self, session: Session, query: SearchQuery) -> int:
        """A slice past the end has no row that could carry the total."""
        if not query.offset:
            return 0
        first = replace(query, limit=1, offset=0)
        if query.q.strip():
            return self.search(session, first).total
        rows = self._newest(session, first, [_FIRST_PAGES], most=query.offset)
        return int(rows[0].total) if rows else 0

    def _rows(self, session: Session, query: SearchQuery, terms: Sequence[Term]) -> tuple[Sequence[Any], bool]:
        """The slice, and whether the words stand on so many pages that only the newest were looked at."""
        if not terms:
            most = max(WIDE, query.offset + query.limit)
            narrowed = query.paper_type or query.year or query.number or query.holder_id_number
            if query.kept and not narrowed:
                rows = self._placed(session, query, _STORED.format(rank=self.STORED_LAST), {"most": most + 1})
            else:
                rows = self._newest(session, query, [_FIRST_PAGES], most=most + 1)
            return rows, bool(rows) and rows[0].total > most
        # Whole words are asked for first: all words that begin with two letters stand on so many pages that asking for them takes ten times as long.
        whole, begun = (self.expression(terms, exact=False, whole=one) for one in (True, False))
        if len(self.standing_on(session, whole, WIDE + 1, query)) > WIDE:
            return self._newest(session, query, self._sources(terms, begun=False)), True
        standing = self.standing_on(session, begun, WIDE + 1, query)
        if len(standing) > WIDE:
            return self._newest(session, query, self._sources(terms, begun=True)), True
        hits, parameters = self.hits(terms, standing)
        return self._placed(session, query, hits, parameters), False

    def _sources(self, terms: Sequence[Term], *, begun: bool) -> list[Source]:
        """Of whole words, and of those that begin so where whole ones are too few."""
        marks = any(term.exact != term.folded for term in terms)  # typed without marks, nearly no page has them so
        folded = [self.expression(terms, exact=False, whole=whole) for whole in (True, False)]
        sources: dict[tuple[str, bool], Source] = {}
        for tier, (exact, whole) in enumerate(((True, True), (True, False), (False, True), (False, False))):
            if (marks or not exact) and (begun or whole):
                expression = self.expression(terms, exact=exact, whole=whole)
                within = folded[1] if exact and expression != self.expression(terms, exact=exact, whole=True) else ""
                sources.setdefault((expression, exact), Source(expression, tier, exact=exact, within=within))
        return list(sources.values())

    def _newest(
        self, session: Session, query: SearchQuery, sources: Sequence[Source], *, most: int = 0
    ) -> Sequence[Any]:
        """The slice of the sources' newest ``most`` pages (``WIDE``), none weighed; the paper whose own number is asked for is among them, however old."""
        hits, parameters = self._hits_of(session, query, sources, most or WIDE)
        return self._placed(session, query, hits, parameters)

    def _hits_of(
        self, session: Session, query: SearchQuery, sources: Sequence[Source], most: int
    ) -> tuple[str, dict[str, Any]]:
        """The table ``hit`` of the newest pages, and its parameters. Where the better tiers have enough, all others would come behind them."""
        tiers: dict[int, int] = {}
        for tier, of_tier in groupby(sources, key=lambda source: source.tier):
            for source in of_tier:
                for row in self.newest_of(session, query, source, most):
                    tiers.setdefault(row, tier)
            if len(tiers) >= most:
                break
        parts = [self.FOUND]
        if _near(query):
            parts.append(_NUMBERED.format(filters="{filters}"))
        rank = "0.0" if sources[0].expression else _LATER_FIRST
        hits = _UNITED.format(sources=" UNION ALL ".join(parts), rank=rank)
        return hits, {**self.found(tiers), "most": most}

    def _misread_rows(self, session: Session, query: SearchQuery, terms: Sequence[Term]) -> Sequence[Any]:
        """Pages that have the terms but for one letter of one word; of two such words nothing can be found.

        A word that no page has is that word, wherever its like stands. Where every word stands somewhere, each may be the misread one, but only
        beside the word that it stands beside in the query (nearly every syllable is one letter away from others), and only on the newest pages
        that have all other words: these are read for it.
        """
        words = [(at, place) for at, term in enumerate(terms) for place in range(len(term.folded)) if not term.closed]
        absent = [(at, place) for at, place in words if not self._stands(session, _word(terms[at], place))]
        if len(absent) > 1:
            return ()
        if absent:
            source = self._misread(session, terms, *absent[0])
            return self._newest(session, query, [source]) if source else ()
        if normalise_number(
            query.q
        ):  # each part of a number stands somewhere; all of them one letter apart are other numbers
            return ()
        longest = sorted(words, key=lambda word: -len(terms[word[0]].folded[word[1]]))[:MOST_MISREAD]
        rests = [
            rest for at, place in longest if variants(terms[at].folded[place]) and (rest := _without(terms, at, place))
        ]
        sources = [Source(self.expression(rest, exact=False, whole=True), 2) for rest in rests]
        if not sources:
            return ()
        hits, parameters = self._hits_of(session, query, sources, MOST_READ)
        pages = self._placed(session, replace(query, limit=MOST_READ, offset=0), hits, parameters, pages=WIDE)
        texts = _texts(session, [(row.component_id, row.page) for row in pages])
        ways = _ways(terms, longest)
        best: dict[str, Any] = {}
        for row in pages:
            if _beside(_WORDS.findall(fold_in_place(texts.get((row.component_id, row.page), ""))), ways):
                best.setdefault(row.component_id, row)
        found = list(best.values())[query.offset : query.offset + query.limit]
        return [_Row(row.component_id, row.page, row.tier, row.rank, len(best)) for row in found]

    def _stands(self, session: Session, word: Term) -> bool:
        """Whether any page has the word, or one that begins so, whosoever's."""
        whole, begun = (self.expression([word], exact=False, whole=one) for one in (True, False))
        return any(self.standing_on(session, one, 1) for one in dict.fromkeys((whole, begun)))

    def _misread(self, session: Session, terms: Sequence[Term], at: int, place: int) -> Source | None:
        """The terms with another word, one letter apart, in this place."""
        words = terms[at].folded
        others = self.indexed(session, _others(terms, words[place]))
        choices = [(*words[:place], other, *words[place + 1 :]) for other in others]
        rest = [term for index, term in enumerate(terms) if index != at]
        return Source(self.expression_with(rest, choices), 2) if choices else None

    def _placed(
        self, session: Session, query: SearchQuery, hits: str, parameters: dict[str, Any], *, pages: int = 1
    ) -> Sequence[Any]:
        """The slice, in order: the best page, or ``pages``, of each component."""
        conditions, values = self.conditions(query)
        statement = text(
            _SEARCH.format(
                hits=hits.replace("{filters}", conditions),
                near=_NEAR if "near" in values else "9",
                filters=conditions,
                pages=pages,
            )
        ).bindparams(bindparam("agencies", expanding=True))
        values |= parameters | {"limit": max(0, query.limit), "offset": max(0, query.offset)}
        return session.execute(statement, values).all()

    def conditions(self, query: SearchQuery) -> tuple[str, dict[str, Any]]:
        """The query's filters on ``component c``, and their parameters with ``agencies`` and, where a number is asked for, ``near``."""
        filters = {
            "holder": query.holder_id_number,
            "paper_type": query.paper_type,
            "number": query.number,
            "year": f"{query.year:04d}-%" if query.year else None,
            "kept": "yes" if query.kept else None,
            "not_ended_by": query.not_ended_by.isoformat() if query.not_ended_by else None,
        }
        given: dict[str, Any] = {
            name: value.strip().replace("\0", "\ufffd")  # PostgreSQL takes no NUL, and nothing stored has one
            for name, value in filters.items()
            if value and value.strip()
        }
        conditions = " ".join(
            sql.format(read_holder=self.READ_HOLDER, issued_on=self.ISSUED_ON)
            for name, sql in _FILTERS.items()
            if name in given
        )
        given.pop("kept", None)
        if "holder" in given:
            given["holder_key"] = number_key(given["holder"])[:200]
        if "number" in given:
            key = number_key(given["number"])
            given |= {"number": key, "number_start": like(key) + "/%"}
        if near := _near(query):
            given["near"] = number_key(near)
        return conditions, given | {"agencies": list(query.agency_ids), "most_numbered": MOST_NUMBERED}

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


def _near(query: SearchQuery) -> str:
    """The number that is asked for, as filter or in words, or nothing."""
    return (query.number or "").strip().replace("\0", "\ufffd") or normalise_number(query.q) or ""


class _Row(NamedTuple):
    """A placed page, as the engine's rows are."""

    component_id: str
    page: int
    tier: int
    rank: float
    total: int


def _others(terms: Sequence[Term], word: str) -> list[str]:
    """What ``word`` may have been, but no other word of the query: that one stands there for itself."""
    return sorted(variants(word) - {said for term in terms for said in term.folded})


def _without(terms: Sequence[Term], at: int, place: int) -> list[Term]:
    """The terms but for that word; what was left and right of it in its term becomes two."""
    term = terms[at]
    left = Term(term.exact[:place], term.folded[:place])
    right = Term(term.exact[place + 1 :], term.folded[place + 1 :], term.prefix)
    return [each for each in (*terms[:at], left, right, *terms[at + 1 :]) if each.folded]


_WORDS = re.compile(r"[^\W_]+")


def _ways(terms: Sequence[Term], misread: Sequence[tuple[int, int]]) -> list[tuple[str, int, frozenset[str]]]:
    """(a word, which word from it, what that one may be): how each misread word shows itself beside its neighbours in the query."""
    words = [word for term in terms for word in term.folded]
    ways = []
    for at, place in misread:
        here = sum(len(term.folded) for term in terms[:at]) + place
        others = frozenset(_others(terms, words[here]))
        ways += [(words[here + step], -step, others) for step in (-1, 1) if 0 <= here + step < len(words) and others]
    return ways


def _beside(page: Sequence[str], ways: Sequence[tuple[str, int, frozenset[str]]]) -> bool:
    """Whether one of the ways shows on the page, given as its folded words."""
    for word, step, others in ways:
        at = -1
        for _ in range(page.count(word)):
            at = page.index(word, at + 1)
            if 0 <= at + step < len(page) and page[at + step] in others:
                return True
    return False


def _word(term: Term, place: int) -> Term:
    """One word of the term, alone."""
    last = place == len(term.folded) - 1
    return Term((term.exact[place],), (term.folded[place],), prefix=term.prefix and last)


def like(text_: str) -> str:
    """For ``LIKE … ESCAPE '!'``: these letters alone."""
    return "".join(f"!{letter}" if letter in "!%_" else letter for letter in text_)


def _own_numbers(component: Component) -> list[str]:
    """The paper's number and its owner's as extracted, its dossier's code, the id number of the dossier's holder."""
    holder = component.dossier.holder
    said = [value_of(component, name) for name in ("number", "holder_id")]
    values = (*said, component.dossier.code, holder.id_number if holder else None)
    return list(dict.fromkeys(value for value in values if value))


def _about(component: Component) -> list[Token]:
    holder = component.dossier.holder
    names = dict.fromkeys((value_of(component, "holder_name") or "", holder.name if holder else ""))
    words = [component.title, component.dossier.title, *names, *_own_numbers(component)]
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
