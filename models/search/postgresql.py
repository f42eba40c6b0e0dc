"""The index on PostgreSQL: two tsvectors, exact and folded, made of tokens that we cut; no extension, no dictionary. Beside them the order of the words.

The vectors and queries are written in their literal form, so PostgreSQL's own parser (which takes ``kh-ubnd`` for a compound
and ``06/qd`` for a path) has no say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Self

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from models.search.index import MOST_NUMBERED, IndexedPage, SearchQuery, Source, SqlIndex, like
from models.search.newest import BEGUN, BLOCK_BITS, ORDERED, Beside, Checked, Known, Newest, Pages
from models.search.query import Term
from models.search.word_order import WORD, in_order, phrases
from models.vietnamese.numbers import normalise_number, number_key

MAX_POSITION = 16383  # of a tsvector; a page holds a tenth of it
MOST_AGENCIES = 24  # that a query asks the index for by name
MOST_LOOKED = 1000  # of the newest pages with the beginning of a word that are looked at for its marks
MOST_PAPERS = 500  # with a number whose pages are read for it
MOST_BESIDE = 4000  # pages with a query's other words that are read for the beginning of a word, divided by its letters: so much less a longer one stands on
CHUNK = 1000  # pages whose papers are asked about at once
_FIRST, _LATER = "^", "$"  # pages of a paper
_FOLLOWED = "<->"  # between words that follow each other
GAP = 100  # between a page's words and what it is about, so that no phrase spans them

_DATED = re.compile(r"\d{4}-")
_NEXT = """
SELECT nextval(pg_get_serial_sequence('search_page', 'id')), c.agency_id, c.paper_type, {issued_on}, c.first_page FROM component c WHERE c.id = :id
"""
_HITS = """
hit AS MATERIALIZED (
    SELECT id, -ts_rank('{0.1, 0.1, 0.1, 1.0}', folded, CAST(:folded AS tsquery), 1) AS rank,
           CASE WHEN exact @@ CAST(:exact_whole AS tsquery) THEN 0 WHEN exact @@ CAST(:exact AS tsquery) THEN 1 ELSE 2 END AS tier
    FROM search_page WHERE id = ANY(CAST(:standing AS bigint[]))
)
"""


class TsvectorIndex(SqlIndex):
    """``SearchIndex`` on ``search_page.exact`` and ``.folded``."""

    READ_HOLDER = "c.fields #>> ARRAY['holder_id', 'value']"
    ISSUED_ON = "c.fields #>> ARRAY['issued_on', 'value']"
    OF_PAPERS = """SELECT p.id FROM search_page p JOIN component c ON c.id = p.component_id
        WHERE {which} AND c.agency_id IN :agencies {filters} ORDER BY p.id DESC LIMIT :most"""
    OF_THESE = "p.id = ANY(CAST(:ids AS bigint[]))"
    READ = """SELECT id FROM (SELECT id, {column} FROM search_page WHERE id = ANY(CAST(:ids AS bigint[])) OFFSET 0) AS these
        WHERE {column} @@ CAST(:match AS tsquery)"""
    IN_ORDER = "SELECT page_id FROM search_order WHERE page_id = ANY(CAST(:ids AS bigint[])) AND {conditions}"
    NUMBERED = """SELECT p.id FROM (
            SELECT n.component_id FROM (
                SELECT component_id FROM search_number WHERE key LIKE :start ESCAPE '!' ORDER BY key, place LIMIT :most_numbered
            ) AS n JOIN component c ON c.id = n.component_id WHERE c.agency_id IN :agencies LIMIT :most
        ) AS paper JOIN search_page p ON p.component_id = paper.component_id"""
    FOUND = "SELECT id, tier FROM unnest(CAST(:found AS bigint[]), CAST(:tiers AS int[])) AS found (id, tier)"
    STORED_LAST = "-extract(epoch FROM stored.stored_at)"

    def __init__(self) -> None:
        self._asked: dict[tuple[str, ...], Pages] = {}

    def prepared(self, session: Session) -> Self:
        """For one search: it remembers what it has asked.

        The planner is kept from reading whole vectors (it takes them for cheap) where the index knows the answer, and from plans made for no query.
        Memory enough for the pages of a common word: of those that are gathered as whole blocks of the table each page would be read.
        """
        session.execute(
            text(
                "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),"
                " set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '8MB', true)"
            )
        )
        return type(self)()

    def standing_on(
        self, session: Session, expression: str, most: int, query: SearchQuery | None = None
    ) -> Sequence[int]:
        return self._pages(session, "folded", expression, query).some(most)

    def newest_of(self, session: Session, query: SearchQuery, source: Source, most: int) -> Sequence[int]:
        """From the newest back, until enough are the query's."""
        column = "exact" if source.exact else "folded"
        if query.holder_id_number or query.number:  # the papers are known by another index: their pages are read
            narrow = " & ".join([source.expression or _quoted(_FIRST), *_reach(query)])
            return self._of_papers(session, query, f"p.{column} @@ CAST(:match AS tsquery)", {"match": narrow}, most)
        if source.within:
            return self._with_marks(session, query, source, most)
        pages = self._pages(session, column, source.expression or _quoted(_FIRST), query)
        found: list[int] = []
        for ids in pages.chunks(CHUNK):
            found += self._of_papers(session, query, self.OF_THESE, {"ids": ids}, most - len(found))
            if len(found) >= most:
                break
        return found

    def _with_marks(self, session: Session, query: SearchQuery, source: Source, most: int) -> Sequence[int]:
        """Of the newest pages that have the words without their marks, those that have the marks: reading them is cheaper than gathering the beginning again."""
        looked = self._pages(session, "folded", source.within, query).newest(MOST_LOOKED)
        marked = self._read(session, "exact", source.expression, looked)
        return self._of_papers(session, query, self.OF_THESE, {"ids": marked}, most)

    def _read(self, session: Session, column: str, expression: str, ids: Sequence[int]) -> Sequence[int]:
        """Those of these pages that match, by their own words: the index would gather all that match, to know it of a few."""
        ids = self._in_order(session, expression, ids)
        if not ids:
            return ()
        statement = text(self.READ.format(column=column))
        return session.execute(statement, {"match": expression, "ids": list(ids)}).scalars().all()

    def _in_order(self, session: Session, expression: str, ids: Sequence[int]) -> Sequence[int]:
        """Those of these pages that may have the expression's phrases: their words take ten times as long to read as the order of them."""
        parts = {f"words{at}": words for at, words in enumerate(phrases(expression))}
        if not parts or not ids:
            return ids
        conditions = " AND ".join(f"position(:{name} IN words) > 0" for name in parts)
        statement = text(self.IN_ORDER.format(conditions=conditions))
        return session.execute(statement, {**parts, "ids": list(ids)}).scalars().all()

    def _of_papers(
        self, session: Session, query: SearchQuery, which: str, values: dict[str, Any], most: int
    ) -> Sequence[int]:
        """The newest of these pages whose papers are within the query's agencies and filters."""
        conditions, given = self.conditions(query)
        statement = text(self.OF_PAPERS.format(which=which, filters=conditions))
        statement = statement.bindparams(bindparam("agencies", expanding=True))
        return session.execute(statement, {**given, **values, "most": most}).scalars().all()

    def _pages(self, session: Session, column: str, expression: str, query: SearchQuery | None) -> Pages:
        """Pages that match within the query's reach, as far as the index knows it: asked for once in a search."""
        narrow = (expression, *(_reach(query) if query else ()))
        if (column, *narrow) in self._asked:
            return self._asked[column, *narrow]

        def ask(window: Sequence[str], most: int | None) -> Sequence[int]:
            statement = text(f"SELECT id FROM search_page WHERE {column} @@ CAST(:match AS tsquery) LIMIT :most")  # noqa: S608 - of two columns
            return session.execute(statement, {"match": " & ".join([*narrow, *window]), "most": most}).scalars().all()

        def check(ids: Sequence[int]) -> Sequence[int]:
            return self._read(session, column, expression, ids)

        pages: Pages
        if _FOLLOWED in expression:
            anyhow = self._pages(session, column, expression.replace(_FOLLOWED, "&"), query)
            numbered = self._numbered(session, query) if query else ()
            most = ORDERED if phrases(expression) else 0
            pages = Known(anyhow, check, numbered) if numbered else Checked(anyhow, check, most)
        else:
            last = session.execute(text("SELECT COALESCE(max(id), 0) FROM search_page")).scalar_one()
            pages = Newest(ask, last, expression)
            if closed := _closed(expression):
                most = MOST_BESIDE // max(len(word) for word, begun in WORD.findall(expression) if begun)
                pages = Beside(self._pages(session, column, closed, query), check, most, otherwise=pages)
        return self._asked.setdefault((column, *narrow), pages)

    def _numbered(self, session: Session, query: SearchQuery) -> Sequence[int]:
        """Pages of papers that bear or cite the number in the query's words, or one that begins so: a symbol like QĐ-UBND stands on every other page of a
        province, and so does any day of a month.
        """
        number = normalise_number(query.q)
        if not number:
            return ()
        statement = text(self.NUMBERED).bindparams(bindparam("agencies", expanding=True))
        values: dict[str, Any] = {"start": f"{like(number_key(number))}%", "agencies": list(query.agency_ids)}
        values |= {"most_numbered": MOST_NUMBERED, "most": MOST_PAPERS}
        return session.execute(statement, values).scalars().all()

    def found(self, tiers: Mapping[int, int]) -> dict[str, Any]:
        return {"found": list(tiers), "tiers": list(tiers.values())}

    def hits(self, terms: Sequence[Term], standing: Sequence[int]) -> tuple[str, dict[str, Any]]:
        return _HITS, {
            "exact_whole": self.expression(terms, exact=True, whole=True),
            "exact": self.expression(terms, exact=True),
            "folded": self.expression(terms, exact=False),
            "standing": list(standing),  # matching a phrase reads whole vectors: once is enough
        }

    def expression(self, terms: Sequence[Term], *, exact: bool, whole: bool = False) -> str:
        return " & ".join(
            _phrase(term.exact if exact else term.folded, prefix=term.prefix and not whole) for term in terms
        )

    def expression_with(self, terms: Sequence[Term], choices: Sequence[tuple[str, ...]]) -> str:
        every = [self.expression(terms, exact=False)] if terms else []
        return " & ".join([*every, f"({' | '.join(_phrase(words) for words in choices)})"])

    def indexed(self, _session: Session, words: Sequence[str]) -> Sequence[str]:
        return words

    def write_page(self, session: Session, page: IndexedPage) -> None:
        row, *about = session.execute(text(_NEXT.format(issued_on=self.ISSUED_ON)), {"id": page.component_id}).one()
        agency_id, paper_type, issued_on, first_page = about
        marks = marks_of(row, agency_id, paper_type, issued_on, first=page.number == first_page)
        body, about_it = [token.folded for token in page.body], [token.folded for token in page.about]
        session.execute(
            text(
                "INSERT INTO search_page (id, component_id, page, exact, folded) OVERRIDING SYSTEM VALUE"
                " VALUES (:id, :component_id, :page, CAST(:exact AS tsvector), CAST(:folded AS tsvector))"
            ),
            {
                "id": row,
                "component_id": page.component_id,
                "page": page.number,
                "exact": vector([t.exact for t in page.body], [t.exact for t in page.about], marks),
                "folded": vector(body, about_it, marks),
            },
        )
        session.execute(
            text("INSERT INTO search_order (page_id, words) VALUES (:id, :words)"),
            {"id": row, "words": in_order([*body, *about_it])},
        )

    def remove(self, session: Session, component_id: str) -> None:
        for table in ("search_page", "search_number"):
            session.execute(
                text(f"DELETE FROM {table} WHERE component_id = :component_id"),  # noqa: S608 - the two names above
                {"component_id": component_id},
            )


def _closed(expression: str) -> str:
    """The words beside the beginning of one; nothing where there are none, or no beginning."""
    if BEGUN not in expression or "|" in expression:
        return ""
    return " & ".join(f"'{word}'" for word, begun in WORD.findall(expression) if not begun)


def _reach(query: SearchQuery) -> list[str]:
    """What the index rows of papers that the query may find say of themselves; nothing of agencies where there are too many to ask for each."""
    marks = [f"~{query.paper_type.strip()}"] if query.paper_type and query.paper_type.strip() else []
    marks += [f"={query.year:04d}"] if query.year else []
    found = [_quoted(mark.replace("\0", "\ufffd")) for mark in marks]
    if len(query.agency_ids) <= MOST_AGENCIES:
        found.append(f"({' | '.join(_quoted(f'@{agency}') for agency in sorted(query.agency_ids))})")
    return found


def marks_of(row: int, agency_id: str, paper_type: str | None, issued_on: str | None, *, first: bool) -> list[str]:
    """What an index row says of itself beside the words: whose it is, when it came, its paper's type and year, whether it is the paper's first page.

    No token has such a sign, so no word meets them. They only narrow what the index gives; who may see a paper and which filters hold is asked of
    the paper itself.
    """
    marks = [f"@{agency_id}", f"#{row >> BLOCK_BITS:08x}"]
    marks += [f"~{paper_type}"] if paper_type else []
    marks += [f"={issued_on[:4]}"] if issued_on and _DATED.match(issued_on) else []
    return [
        *marks,
        _FIRST if first else _LATER,
    ]  # as many on every page of a paper: a vector's length counts in its rank


def vector(body: Sequence[str], about: Sequence[str], marks: Sequence[str]) -> str:
    """``'word':1A 'word':2A … '@agency'``: the page's words weigh A, what it is about D, marks have no place among them."""
    words = [f"'{word}':{min(at, MAX_POSITION)}A" for at, word in enumerate(body, 1)]
    start = len(body) + GAP
    words += [f"'{word}':{min(at, MAX_POSITION)}" for at, word in enumerate(about, start)]
    return " ".join([*words, *map(_quoted, marks)])


def _quoted(lexeme: str) -> str:
    doubled = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def _phrase(words: Sequence[str], *, prefix: bool = False) -> str:
    """``('383' <-> 'kh':*)``; tokens hold letters and digits only, so nothing needs escaping."""
    quoted = f" {_FOLLOWED} ".join(f"'{word}'" for word in words)
    return f"({quoted}{BEGUN if prefix else ''})"
