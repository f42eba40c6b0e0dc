"""One index interface, two engines: SQLite FTS5 on one machine, PostgreSQL in a province."""

from __future__ import annotations

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.entities import Component
from models.search.index import Hit, SearchIndex, SearchQuery, SearchResult
from models.search.postgresql import TsvectorIndex
from models.search.snippets import HIT_END, HIT_START
from models.search.sqlite import Fts5Index

__all__ = ["HIT_END", "HIT_START", "Hit", "SearchIndex", "SearchQuery", "SearchResult", "make_index", "reindex"]


def make_index(engine: Engine) -> SearchIndex:
    """The index of the engine's database."""
    return TsvectorIndex() if engine.dialect.name == "postgresql" else Fts5Index()


def reindex(session: Session, index: SearchIndex) -> int:
    """Index every component anew (after the cut of tokens has changed); how many."""
    ids = session.scalars(select(Component.id)).all()
    for component_id in ids:
        index.index_component(session, component_id)
    return len(ids)
