"""The index on PostgreSQL: two tsvectors, exact and folded, made of tokens that we cut; no extension, no dictionary.

The vectors and queries are written in their literal form, so PostgreSQL's own parser (which takes ``kh-ubnd`` for a compound
and ``06/qd`` for a path) has no say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.search.index import IndexedPage, SqlIndex
from models.search.query import Term

MAX_POSITION = 16383  # of a tsvector; a page holds a tenth of it
GAP = 100  # between a page's words and what it is about, so that no phrase spans them

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
    # OFFSET 0: the matching is done first, by the index, and the newest are picked from what it gives.
    SOURCE = """SELECT * FROM (
        SELECT p.id, {tier} AS tier
        FROM (SELECT id, component_id FROM search_page WHERE {column} @@ CAST(:{name} AS tsquery) OFFSET 0) AS p
        JOIN component c ON c.id = p.component_id WHERE c.agency_id IN :agencies {filters} ORDER BY p.id DESC LIMIT :most
    ) AS source_{name}"""
    MATCHES = "SELECT id FROM search_page WHERE folded @@ CAST(:match AS tsquery)"

    def prepare(self, session: Session) -> None:
        """Keep the planner from reading whole vectors (it takes them for cheap) where the index knows the answer."""
        session.execute(text("SET LOCAL enable_seqscan = off"))

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
        session.execute(
            text(
                "INSERT INTO search_page (component_id, page, exact, folded)"
                " VALUES (:component_id, :page, CAST(:exact AS tsvector), CAST(:folded AS tsvector))"
            ),
            {
                "component_id": page.component_id,
                "page": page.number,
                "exact": _tsvector([t.exact for t in page.body], [t.exact for t in page.about]),
                "folded": _tsvector([t.folded for t in page.body], [t.folded for t in page.about]),
            },
        )

    def remove(self, session: Session, component_id: str) -> None:
        for table in ("search_page", "search_number"):
            session.execute(
                text(f"DELETE FROM {table} WHERE component_id = :component_id"),  # noqa: S608 - the two names above
                {"component_id": component_id},
            )


def _tsvector(body: Sequence[str], about: Sequence[str]) -> str:
    """``'word':1A 'word':2A …``: the page's words weigh A, what it is about D."""
    words = [f"'{word}':{min(at, MAX_POSITION)}A" for at, word in enumerate(body, 1)]
    start = len(body) + GAP
    return " ".join(words + [f"'{word}':{min(at, MAX_POSITION)}" for at, word in enumerate(about, start)])


def _phrase(words: Sequence[str], *, prefix: bool = False) -> str:
    """``('383' <-> 'kh':*)``; tokens hold letters and digits only, so nothing needs escaping."""
    quoted = " <-> ".join(f"'{word}'" for word in words)
    return f"({quoted}{':*' if prefix else ''})"
