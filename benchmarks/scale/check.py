"""Whether generated rows are what the product would have written: its own functions do the work again on some of them and must change nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, joinedload

from models import warehouse
from models.catalog import default_catalog
from models.database import make_session_factory
from models.entities import Agency, Component, Dossier, InventoryLine, Result
from models.inventory import links, matching
from models.search import make_index

SAME = ("holder_id", "paper_type", "number_key", "issued_on", "valid_until", "expiry_rule", "scope")


def check(engine: Engine, count: int = 40, seed: int = 3) -> dict[str, int]:
    """How many were looked at; ``AssertionError`` with the first that differs. Everything is rolled back."""
    chance = random.Random(seed)
    with make_session_factory(engine)() as session:
        ids = _some(session, chance, count)
        for component_id in ids:
            _stored_alike(session, component_id)
            _indexed_alike(session, engine, component_id)
        session.rollback()
        agencies = session.scalars(
            select(Agency.id).where(Agency.id.in_(select(InventoryLine.agency_id))).order_by(Agency.id)
        )
        some = chance.sample(list(agencies), 3)
        tied = links.tie_open(session, some, default_catalog())
        looked = [matching.look(session, agency, default_catalog()) for agency in some]
        session.rollback()
    loosened = sum(len(one.judged.loosened) for one in looked)
    assert loosened == 0, f"matching takes {loosened} generated ties apart"
    return {"papers": len(ids), "lines": sum(one.lines for one in looked), "tied anew by number": tied}


def _some(session: Session, chance: random.Random, count: int) -> Sequence[str]:
    total = session.execute(text("SELECT max(id) FROM search_page")).scalar_one()
    wanted = {"ids": [chance.randrange(1, total + 1) for _ in range(count)]}
    return session.scalars(text("SELECT DISTINCT component_id FROM search_page WHERE id = ANY(:ids)"), wanted).all()


def _stored_alike(session: Session, component_id: str) -> None:
    loaded = (
        select(Component)
        .where(Component.id == component_id)
        .options(joinedload(Component.dossier).joinedload(Dossier.holder))
    )
    component = session.scalars(loaded).one()
    result = session.get(Result, component_id)
    if result is None:
        assert component.state == "extracted"
        return
    before = {name: getattr(result, name) for name in SAME}
    warehouse.keep(session, component, component.dossier, default_catalog())
    after = {name: getattr(result, name) for name in SAME}
    assert before == after, f"{component_id}: {before} is stored as {after}"


def _indexed_alike(session: Session, engine: Engine, component_id: str) -> None:
    def found() -> Any:
        pages = text("SELECT page, exact::text, folded::text FROM search_page WHERE component_id = :id ORDER BY page")
        words = text(
            "SELECT o.words FROM search_order o JOIN search_page p ON p.id = o.page_id WHERE p.component_id = :id ORDER BY p.page"
        )
        numbers = text("SELECT key, place FROM search_number WHERE component_id = :id ORDER BY key")
        of = {"id": component_id}
        rows = [(page, *(_placeless(one) for one in vectors)) for page, *vectors in session.execute(pages, of)]
        return rows, session.scalars(words, of).all(), [tuple(row) for row in session.execute(numbers, of)]

    before = found()
    make_index(engine).index_component(session, component_id)
    assert before == found(), f"{component_id} is indexed otherwise than it was generated"


def _placeless(vector: str) -> list[str]:
    """Without the block, since a page indexed again has another number."""
    return [word for word in vector.split() if not word.startswith("'#")]
