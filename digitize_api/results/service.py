"""Searching within the caller's agencies; who was shown what is on record before it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from digitize_api.audit import record_search
from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.results.schemas import ResultOut, ResultsOut
from models import scans
from models.search import SearchQuery


@dataclass(frozen=True, slots=True)
class Asked:
    q: str = ""
    holder_id: str | None = None
    paper_type: str | None = None
    number: str | None = None
    limit: int = 20
    offset: int = 0

    @property
    def empty(self) -> bool:
        return not any(value and value.strip() for value in (self.q, self.holder_id, self.paper_type, self.number))


def search(context: Context, principal: Principal, asked: Asked) -> ResultsOut:
    """Best first; nothing asked, nothing found."""
    if asked.empty:
        return ResultsOut(total=0, results=[])
    query = SearchQuery(
        agency_ids=principal.agency_ids,
        q=asked.q,
        holder_id_number=asked.holder_id,
        paper_type=asked.paper_type,
        number=asked.number,
        limit=asked.limit,
        offset=asked.offset,
    )
    with context.reading() as session:
        found = context.index.search(session, query)
        components = scans.load_components(session, [hit.component_id for hit in found.hits], principal.agency_ids)
    results = [ResultOut.of(hit, components[hit.component_id]) for hit in found.hits if hit.component_id in components]
    record_search(context, principal, [result.component for result in results])
    return ResultsOut(total=found.total, results=results)
