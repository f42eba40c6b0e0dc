"""Examples out of reviewed components, and a new model out of all examples: what the tasks and ``digitize learn`` share."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from sqlalchemy.orm import Session, sessionmaker

from models import examples, learned_models, scans
from models.catalog import Catalog
from models.database import reading
from models.entities import Component, Example, LearnedModel, Page, now
from models.live_catalog import LiveCatalog
from models.page_record import UnknownFormat
from storage.keys import learned_model_key
from storage.objects import ObjectMissing, ObjectStore
from workers.classify import learn
from workers.classify.understand import without_pictures
from workers.classify.versions import example_version
from workers.learned import read_model
from workers.outcome_codec import decode
from workers.page import PageOutcome

log = structlog.get_logger(__name__)

MOST_EXAMPLES: Final = 3000
"""More change little and cost minutes."""


def component_features(store: ObjectStore, pages: Sequence[Page], catalog: Catalog) -> dict[str, Any] | None:
    """The features of a component by the words that were read on its pages; ``None`` when there are none. ``StoreUnavailable``."""
    features = learn.features_of(list(_outcomes(store, pages)), catalog)
    return features if features["buckets"] else None


def _outcomes(store: ObjectStore, pages: Sequence[Page]) -> Iterator[PageOutcome]:
    for page in pages:
        if page.words_key is None:
            continue
        try:
            with store.open(page.words_key) as stream:
                yield without_pictures(decode(stream.read()))
        except (ObjectMissing, UnknownFormat) as error:
            log.info("words not to be had", page=page.number, error=type(error).__name__)


@dataclass(frozen=True, slots=True)
class Training:
    """``model``: its row, not yet saved. ``refreshed``: features of examples that were made for other weights; ``lost``: examples
    of which the words are gone.
    """

    model: LearnedModel
    refreshed: dict[str, dict[str, Any]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    def save(self, session: Session, per_type: int) -> bool:
        """False when it is saved already. Takes what is too old out of the library."""
        if session.get(LearnedModel, self.model.id) is not None:
            return False
        session.add(self.model)
        examples.refresh(session, self.refreshed)
        examples.forget(session, self.lost)
        examples.prune(session, per_type)
        session.flush()
        return True


def train(sessions: sessionmaker[Session], store: ObjectStore, live: LiveCatalog, model_id: str) -> Training:
    """Learn from the library; the weights lie in the store when they won (a second run with the same id writes them again)."""
    at = now()
    with reading(sessions) as session:
        rows = examples.library(session, MOST_EXAMPLES)
        used = learned_models.in_use(session)
        catalog = live.get(session)
    refreshed, lost = _refreshed(sessions, store, catalog, rows)
    base = read_model(store, used.object_key) if used else None
    known = [
        learn.Example(
            row.paper_type, refreshed.get(row.component_id, row.features), bool(used and row.at <= used.made_at)
        )
        for row in rows
        if row.component_id not in lost and _in_catalog(row.paper_type, catalog)
    ]
    trained = learn.train(known, base)
    key = learned_model_key(learned_models.PAPER_TYPE, model_id) if trained.kept else None
    if key and trained.model:
        store.put(key, io.BytesIO(trained.model), overwrite=True)
    figures = trained.figures | {"version": example_version(), "beside": used.id if used and base else None}
    model = LearnedModel(
        id=model_id,
        kind=learned_models.PAPER_TYPE,
        made_at=at,
        object_key=key,
        examples=len(known),
        figures=figures,
        kept=trained.kept,
    )
    return Training(model, refreshed, lost)


def failed(model_id: str, error: str) -> Training:
    """A training that ended in every attempt before its end: on record, so that the next waits for new examples."""
    figures = {"reason": "FAILED", "error": error[:200], "version": example_version()}
    return Training(LearnedModel(id=model_id, kind=learned_models.PAPER_TYPE, examples=0, figures=figures, kept=False))


def learnable(component: Component, catalog: Catalog) -> bool:
    """Whether its type is one that can be guessed."""
    return component.paper_type is None or _in_catalog(component.paper_type, catalog)


def _in_catalog(paper_type: str, catalog: Catalog) -> bool:
    return paper_type == examples.NONE_OF_THE_CATALOG or paper_type in catalog.paper_types


def _refreshed(
    sessions: sessionmaker[Session], store: ObjectStore, catalog: Catalog, rows: Sequence[Example]
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Features of those that were made for other base weights; and the components whose words are gone."""
    refreshed: dict[str, dict[str, Any]] = {}
    lost: list[str] = []
    for row in rows:
        if row.features.get("version") == example_version():
            continue
        with reading(sessions) as session:
            component = session.get(Component, row.component_id)
            pages = scans.pages_of(session, component) if component else []
        features = component_features(store, pages, catalog)
        if features is None:
            lost.append(row.component_id)
        else:
            refreshed[row.component_id] = features
    return refreshed, lost
