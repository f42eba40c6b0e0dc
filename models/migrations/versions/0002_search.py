"""The search index: FTS5 on SQLite, tsvector columns on PostgreSQL.

Revision: 0002, after 0001
"""

from __future__ import annotations

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

NUMBERS = (
    """CREATE TABLE search_number (
        component_id VARCHAR(32) NOT NULL REFERENCES component (id) ON DELETE CASCADE,
        key VARCHAR(200) NOT NULL,
        place INTEGER NOT NULL,
        PRIMARY KEY (component_id, key)
    )""",
    "CREATE INDEX ix_search_number_key ON search_number (key)",
)
SQLITE = (
    """CREATE TABLE search_page (
        id INTEGER PRIMARY KEY,
        component_id VARCHAR(32) NOT NULL REFERENCES component (id) ON DELETE CASCADE,
        page INTEGER NOT NULL,
        UNIQUE (component_id, page)
    )""",
    # The tokens come cut, lower-cased and (for two columns) folded; marks must stay what they are in the others.
    """CREATE VIRTUAL TABLE search_fts USING fts5(
        exact, folded, about_exact, about_folded, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3'
    )""",
    """CREATE TRIGGER search_page_removed AFTER DELETE ON search_page BEGIN
        DELETE FROM search_fts WHERE rowid = old.id;
    END""",
)
POSTGRESQL = (
    """CREATE TABLE search_page (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        component_id VARCHAR(32) NOT NULL REFERENCES component (id) ON DELETE CASCADE,
        page INTEGER NOT NULL,
        exact TSVECTOR NOT NULL,
        folded TSVECTOR NOT NULL,
        UNIQUE (component_id, page)
    )""",
    "CREATE INDEX ix_search_page_exact ON search_page USING gin (exact)",
    "CREATE INDEX ix_search_page_folded ON search_page USING gin (folded)",
)


def upgrade() -> None:
    engine = POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE
    for statement in (*engine, *NUMBERS):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE search_number")
    op.execute("DROP TABLE search_page")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
