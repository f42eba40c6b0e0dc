"""PostgreSQL knows the order of a page's words, a byte a word, so that a phrase is found without reading all pages that have its words.

Revision: 0021, after 0020
"""

from __future__ import annotations

from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        """
        CREATE TABLE search_order (
            page_id BIGINT NOT NULL CONSTRAINT fk_search_order_page_id_search_page REFERENCES search_page (id) ON DELETE CASCADE,
            words BYTEA NOT NULL,
            CONSTRAINT pk_search_order PRIMARY KEY (page_id)
        )
        """
    )
    op.execute("ALTER TABLE search_order ALTER COLUMN words SET STORAGE MAIN")
    # Marks have no place among the words, and make no rows.
    op.execute(
        """
        INSERT INTO search_order (page_id, words)
        SELECT id, COALESCE((
            SELECT string_agg(substring(sha256(convert_to(word.lexeme, 'UTF8')) FROM 1 FOR 1), ''::bytea ORDER BY place)
            FROM unnest(folded) AS word, unnest(word.positions) AS place
        ), ''::bytea) FROM search_page
        """
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TABLE search_order")
