"""The index on SQLite: FTS5 over tokens that we cut, one column exact and one folded for the page and for what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.search.index import IndexedPage, SqlIndex
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

    def hits(self, terms: Sequence[Term]) -> tuple[str, dict[str, Any]]:
        exact = [(term.exact, term.prefix) for term in terms]
        return _HITS, {
            "exact_whole": _match("exact about_exact", [(words, False) for words, _ in exact]),
            "exact": _match("exact about_exact", exact),
            "folded": _match("folded about_folded", [(term.folded, term.prefix) for term in terms]),
        }

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


def _match(columns: str, terms: Sequence[tuple[Sequence[str], bool]]) -> str:
    """An FTS5 expression: every term, as a quoted phrase (tokens hold letters and digits only, so nothing needs escaping)."""
    phrases = [f'"{" ".join(words)}"{" *" if prefix else ""}' for words, prefix in terms]
    return f"{{{columns}}} : ({' AND '.join(phrases)})"
