"""The index on SQLite: FTS5 over tokens that we cut, one column exact and one folded for the page and for what it is about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from models.search.index import IndexedPage, SearchQuery, Source, SqlIndex
from models.search.query import Term

# bm25's weights follow the columns: exact, folded, about_exact, about_folded. A word on the page outweighs one in its title.
_HITS = """
whole AS MATERIALIZED (SELECT rowid AS id FROM search_fts WHERE search_fts MATCH :exact_whole),
begun AS MATERIALIZED (SELECT rowid AS id FROM search_fts WHERE search_fts MATCH :exact),
found AS MATERIALIZED (
    SELECT rowid AS id, bm25(search_fts, 0.0, 1.0, 0.0, 0.2) AS rank FROM search_fts WHERE search_fts MATCH :folded
),
hit AS (
    SELECT id, rank,
           CASE WHEN id IN (SELECT id FROM whole) THEN 0 WHEN id IN (SELECT id FROM begun) THEN 1 ELSE 2 END AS tier
    FROM found
)
"""


class Fts5Index(SqlIndex):
    """``SearchIndex`` on ``search_fts``; its rowid is ``search_page.id``."""

    READ_HOLDER = "json_extract(c.fields, '$.holder_id.value')"
    ISSUED_ON = "json_extract(c.fields, '$.issued_on.value')"
    # In this order, from the newest page back, so that it ends with the last one wanted. The columns stand in the expression.
    SOURCE = """SELECT search_fts.rowid AS id FROM search_fts CROSS JOIN search_page p ON p.id = search_fts.rowid
        CROSS JOIN component c ON c.id = p.component_id
        WHERE search_fts MATCH :match AND c.agency_id IN :agencies {filters} ORDER BY search_fts.rowid DESC LIMIT :most"""
    FIRST_PAGES = """SELECT p.id FROM search_page p CROSS JOIN component c ON c.id = p.component_id
        WHERE p.page = c.first_page AND c.agency_id IN :agencies {filters} ORDER BY p.id DESC LIMIT :most"""
    MATCHES = "SELECT rowid FROM search_fts WHERE search_fts MATCH :match LIMIT :most"
    FOUND = "SELECT value ->> 0 AS id, value ->> 1 AS tier FROM json_each(:found)"
    STORED_LAST = "-julianday(stored.stored_at)"

    def standing_on(
        self,
        session: Session,
        expression: str,
        most: int,
        query: SearchQuery | None = None,  # noqa: ARG002 - its index knows the words alone
    ) -> Sequence[int]:
        return session.execute(text(self.MATCHES), {"match": expression, "most": most}).scalars().all()

    def newest_of(self, session: Session, query: SearchQuery, source: Source, most: int) -> Sequence[int]:
        conditions, values = self.conditions(query)
        pages = (self.SOURCE if source.expression else self.FIRST_PAGES).format(filters=conditions)
        match = {"match": source.expression} if source.expression else {}
        statement = text(pages).bindparams(bindparam("agencies", expanding=True))
        return session.execute(statement, {**values, **match, "most": most}).scalars().all()

    def found(self, tiers: Mapping[int, int]) -> dict[str, Any]:
        return {"found": json.dumps(list(tiers.items()))}

    def hits(self, terms: Sequence[Term], _standing: Sequence[int]) -> tuple[str, dict[str, Any]]:
        return _HITS, {
            "exact_whole": self.expression(terms, exact=True, whole=True),
            "exact": self.expression(terms, exact=True),
            "folded": self.expression(terms, exact=False),
        }

    def expression(self, terms: Sequence[Term], *, exact: bool, whole: bool = False) -> str:
        return f"{{{_EXACT if exact else _FOLDED}}} : ({_every(terms, exact=exact, whole=whole)})"

    def expression_with(self, terms: Sequence[Term], choices: Sequence[tuple[str, ...]]) -> str:
        every = f"{_every(terms, exact=False, whole=False)} AND " if terms else ""
        return f"{{{_FOLDED}}} : ({every}({' OR '.join(_phrase(words) for words in choices)}))"

    def indexed(self, session: Session, words: Sequence[str]) -> Sequence[str]:
        statement = text(
            "SELECT value FROM json_each(:words)"
            " WHERE EXISTS (SELECT 1 FROM search_fts WHERE search_fts MATCH '\"' || value || '\"')"
        )
        return list(session.scalars(statement, {"words": json.dumps(list(words))}))

    def write_page(self, session: Session, page: IndexedPage) -> None:
        row = session.execute(
            text("INSERT INTO search_page (component_id, page) VALUES (:component_id, :page) RETURNING id"),
            {"component_id": page.component_id, "page": page.number},
        ).scalar_one()
        session.execute(
            text(
                "INSERT INTO search_fts (rowid, exact, folded, about_exact, about_folded)"
                " VALUES (:id, :exact, :folded, :about_exact, :about_folded)"
            ),
            {
                "id": row,
                "exact": " ".join(token.exact for token in page.body),
                "folded": " ".join(token.folded for token in page.body),
                "about_exact": " ".join(token.exact for token in page.about),
                "about_folded": " ".join(token.folded for token in page.about),
            },
        )

    def remove(self, session: Session, component_id: str) -> None:
        """The rows of ``search_fts`` go by a trigger on ``search_page``."""
        for table in ("search_page", "search_number"):
            session.execute(
                text(f"DELETE FROM {table} WHERE component_id = :component_id"),  # noqa: S608 - the two names above
                {"component_id": component_id},
            )


_EXACT, _FOLDED = "exact about_exact", "folded about_folded"


def _every(terms: Sequence[Term], *, exact: bool, whole: bool) -> str:
    """An FTS5 expression: every term."""
    return " AND ".join(
        _phrase(term.exact if exact else term.folded, prefix=term.prefix and not whole) for term in terms
    )


def _phrase(words: Sequence[str], *, prefix: bool = False) -> str:
    """Quoted; tokens hold letters and digits only, so nothing needs escaping."""
    return f'"{" ".join(words)}"{" *" if prefix else ""}'
