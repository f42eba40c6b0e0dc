"""PostgreSQL keeps the words of an indexed page apart from its row, so that reading which pages match reads small rows.

Revision: 0020, after 0019
"""

from __future__ import annotations

from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | None = None
depends_on: str | None = None

_INDEXES = {"exact": "ix_search_page_exact", "folded": "ix_search_page_folded"}
_COLUMNS = "id, component_id, page, exact, folded"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("ALTER TABLE search_page SET (toast_tuple_target = 128)")
    # What is stored stays as it lies until it is written again; words that are copied as they are packed would stay where they are.
    op.execute(f"CREATE TEMPORARY TABLE page_before ON COMMIT DROP AS SELECT {_COLUMNS} FROM search_page")  # noqa: S608 - the text above
    for index in _INDEXES.values():
        op.execute(f"DROP INDEX {index}")
    op.execute("TRUNCATE search_page")
    op.execute(
        f"INSERT INTO search_page ({_COLUMNS}) OVERRIDING SYSTEM VALUE"  # noqa: S608 - the text above
        " SELECT id, component_id, page, exact || ''::tsvector, folded || ''::tsvector FROM page_before ORDER BY id"
    )
    for column, index in _INDEXES.items():
        op.execute(f"CREATE INDEX {index} ON search_page USING gin ({column})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE search_page RESET (toast_tuple_target)")
