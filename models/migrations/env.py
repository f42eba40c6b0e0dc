"""Alembic's environment. From code a connection is handed in; from the ``alembic`` command the settings name the database."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from models.batches import entities as _batch_entities  # noqa: F401 - their tables belong to the metadata
from models.batches.quality import entities as _quality_entities  # noqa: F401 - the same
from models.database import make_engine
from models.entities import Base
from models.settings import DatabaseSettings
from models.webhooks import tables as _webhooks  # noqa: F401 - its tables belong to the same metadata

# The search index belongs to one engine each (FTS5 makes shadow tables of its own); its migration writes plain SQL.
SEARCH_PREFIX = "search_"


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the search engines' tables out of autogenerate's comparison."""
    return not (kind == "table" and name is not None and name.startswith(SEARCH_PREFIX))


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        include_name=include_name,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(DatabaseSettings().url)
    with engine.begin() as own:
        run(own)
    engine.dispose()
