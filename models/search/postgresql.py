"""The index on PostgreSQL: two tsvectors, exact and folded, made of tokens that we cut; no extension, no dictionary.

The vectors and queries are written in their literal form, so PostgreSQL's own parser (which takes ``kh-ubnd`` for a compound
and ``06/qd`` for a path) has no say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from models.search.index import IndexedPage, SearchQuery, Source, SqlIndex
from models.search.query import Term

MAX_POSITION = 16383  # of a tsvector; a page holds a tenth of it
BLOCK_BITS = 10  # pages of a block: 1,024, as they were indexed
MOST_AGENCIES = 24  # that a query asks the index for by name
FEW_BLOCKS, SOME_BLOCKS = (
    (2, 32),
    (32,),
)  # that are asked first; the beginning of a word costs the same however few they are
MOST_BLOCKS = 512  # of the newest that are asked for by name: gathering their pages takes a tenth of a second
_FIRST, _LATER = "^", "$"  # pages of a paper
_BEGUN = ":*"  # behind a word that may go on
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
    # {apart}: OFFSET 0, so that the matching is done first, by the index, and the newest are picked from what it gives.
    SOURCE = """SELECT p.id
        FROM (SELECT id, component_id FROM search_page WHERE {column} @@ CAST(:match AS tsquery) {apart}) AS p
        JOIN component c ON c.id = p.component_id WHERE c.agency_id IN :agencies {filters} ORDER BY p.id DESC LIMIT :most"""
    MATCHES = "SELECT id FROM search_page WHERE folded @@ CAST(:match AS tsquery)"
    FOUND = "SELECT id, tier FROM unnest(CAST(:found AS bigint[]), CAST(:tiers AS int[])) AS found (id, tier)"
    STORED_LAST = "-extract(epoch FROM stored.stored_at)"

    def prepare(self, session: Session) -> None:
        """Keep the planner from reading whole vectors (it takes them for cheap) where the index knows the answer, and from plans made for no query."""
        session.execute(
            text(
                "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),"
                " set_config('plan_cache_mode', 'force_custom_plan', true)"
            )
        )

    def standing_on(
        self, session: Session, expression: str, most: int, query: SearchQuery | None = None
    ) -> Sequence[int]:
        narrow = [expression, *(_reach(query) if query else [])]
        statement = text(f"{self.MATCHES} LIMIT :most")

        def within(window: Sequence[str]) -> Sequence[int]:
            match = " & ".join([*narrow, *window])
            return session.execute(statement, {"match": match, "most": most}).scalars().all()

        return _widening(session, most, within, first=_first(expression))

    def found(self, tiers: Mapping[int, int]) -> dict[str, Any]:
        return {"found": list(tiers), "tiers": list(tiers.values())}

    def newest_of(self, session: Session, query: SearchQuery, source: Source, most: int) -> Sequence[int]:
        """From the newest blocks back: GIN gives whatever matches, in no order, and of a common word that is every page."""
        conditions, values = self.conditions(query)
        few = bool(
            query.holder_id_number or query.number
        )  # the papers are known by another index: their pages are read
        source_of = self.SOURCE.format(
            column="exact" if source.exact else "folded", filters=conditions, apart="" if few else "OFFSET 0"
        )
        statement = text(source_of).bindparams(bindparam("agencies", expanding=True))
        narrow = [source.expression or _quoted(_FIRST), *_reach(query)]

        def within(window: Sequence[str]) -> Sequence[int]:
            match = " & ".join([*narrow, *window])
            return session.execute(statement, {**values, "match": match, "most": most}).scalars().all()

        if few:
            return within([])
        return _widening(session, most, within, even=not query.kept, first=_first(source.expression))

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
                "folded": vector([t.folded for t in page.body], [t.folded for t in page.about], marks),
            },
        )

    def remove(self, session: Session, component_id: str) -> None:
        for table in ("search_page", "search_number"):
            session.execute(
                text(f"DELETE FROM {table} WHERE component_id = :component_id"),  # noqa: S608 - the two names above
                {"component_id": component_id},
            )


def _reach(query: SearchQuery) -> list[str]:
    """What the index rows of papers that the query may find say of themselves; nothing of agencies where there are too many to ask for each."""
    marks = [f"~{query.paper_type.strip()}"] if query.paper_type and query.paper_type.strip() else []
    marks += [f"={query.year:04d}"] if query.year else []
    found = [_quoted(mark.replace("\0", "\ufffd")) for mark in marks]
    if len(query.agency_ids) <= MOST_AGENCIES:
        found.append(f"({' | '.join(_quoted(f'@{agency}') for agency in sorted(query.agency_ids))})")
    return found


def _first(expression: str) -> Sequence[int]:
    return SOME_BLOCKS if _BEGUN in expression else FEW_BLOCKS


def _widening(
    session: Session,
    most: int,
    within: Callable[[Sequence[str]], Sequence[int]],
    *,
    even: bool = True,
    first: Sequence[int] = FEW_BLOCKS,
) -> Sequence[int]:
    """What ``within`` finds in the newest blocks (``first``, one after the other); in more of them, and at last in all, while it is less than ``most``.

    What is left out is older than all that was found. Where so little was found that even many blocks would not have enough, all is asked for at
    once: it is a short list. Not ``even``: the newest say nothing of the others, as papers that wait to be stored say nothing of those that are.
    """
    last = session.execute(text("SELECT COALESCE(max(id), 0) FROM search_page")).scalar_one() >> BLOCK_BITS
    found: Sequence[int] = ()
    blocks = 0
    for wanted in first:
        window, blocks = _newest_blocks(last, wanted)
        if blocks > last:
            return within([])  # nearly all that there is
        found = within(window)
        if len(found) >= most:
            return found
    enough = int(1.5 * blocks * most / max(1, len(found))) if even else MOST_BLOCKS
    window, blocks = _newest_blocks(last, enough)
    if enough <= MOST_BLOCKS and blocks <= last:
        found = within(window)
        if len(found) >= most:
            return found
    return within([])


def _newest_blocks(last: int, wanted: int) -> tuple[list[str], int]:
    """The newest blocks, as an expression that any of them holds, and how many they are: by name while they are few, then sixteen to a name."""
    step, digits, more = (1, 8, "") if wanted < 16 else (16, 7, _BEGUN)
    newest = last // step
    names = [_quoted(f"#{newest - back:0{digits}x}") + more for back in range(min(-(-wanted // step), newest + 1))]
    return [f"({' | '.join(names)})"], (len(names) - 1) * step + last % step + 1


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
    quoted = " <-> ".join(f"'{word}'" for word in words)
    return f"({quoted}{_BEGUN if prefix else ''})"
