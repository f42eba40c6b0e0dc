"""A province's size: index rows say whose and how old they are, and the beginnings of numbers are found by an index.

Revision: 0016, after 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None

# As models.search.postgresql.marks_of has them.
_MARKS = """array_remove(ARRAY[
    '@' || c.agency_id, '#' || lpad(to_hex(p.id >> 10), 8, '0'), '~' || c.paper_type,
    '=' || substring(c.fields #>> ARRAY['issued_on', 'value'] FROM '^(\\d{4})-'), CASE WHEN p.page = c.first_page THEN '^' ELSE '$' END
], NULL)"""
_UNMARKED = "(NOT p.folded @@ CAST('''^'' | ''$''' AS tsquery))"  # neither a first page nor a later one
# What reports and progress ask of these tables, so that they need not be read; the last is the index whose place it takes.
_COVERING: tuple[tuple[str, str, list[str], str | None], ...] = (
    ("scan", "ix_scan_dossier_id_queue", ["dossier_id", "queue"], "ix_scan_dossier_id"),
    ("component", "ix_component_dossier_id_id_slot", ["dossier_id", "id", "slot"], "ix_component_dossier_id"),
    ("component", "ix_component_state_created_at", ["state", "created_at"], None),
    ("result", "ix_result_id_paper_type_issued_on", ["id", "paper_type", "issued_on"], None),
    ("result", "ix_result_stored_at", ["stored_at"], None),
    ("page", "ix_page_read_at", ["read_at"], None),
    (
        "batch_item",
        "ix_batch_item_batch_id_state_sums",
        ["batch_id", "state", "pages", "pages_failed", "bytes"],
        "ix_batch_item_batch_id_state",
    ),
    (
        "batch_item",
        "ix_batch_item_batch_id_settled_at",
        ["batch_id", "settled_at", "state", "pages", "posted_at"],
        None,
    ),
)
_BEFORE = {"ix_batch_item_batch_id_state": ["batch_id", "state"]}
_WORDS = {"exact": "ix_search_page_exact", "folded": "ix_search_page_folded"}


def upgrade() -> None:
    for table, index, columns, before in _COVERING:
        op.create_index(index, table, columns)
        if before:
            op.drop_index(before, table)
    counted = ["year", "agency_id", "procedure", "listed", "scanned_at", "count", "result_id"]
    here = sa.text("withdrawn_at IS NULL")
    op.create_index("ix_inventory_line_counted", "inventory_line", counted, postgresql_where=here, sqlite_where=here)
    postgresql = op.get_bind().dialect.name == "postgresql"
    # Whatever the database's collation is, LIKE '12/%' uses this one; equality does too.
    op.execute("DROP INDEX ix_search_number_key")
    key = "key text_pattern_ops" if postgresql else "key"
    op.execute(f"CREATE INDEX ix_search_number_key ON search_number ({key}, place)")
    if not postgresql:
        return
    _rewrite(
        f"exact = p.exact || array_to_tsvector({_MARKS}), folded = p.folded || array_to_tsvector({_MARKS})",
        of=_UNMARKED,
    )


def downgrade() -> None:
    op.drop_index("ix_inventory_line_counted", "inventory_line")
    for table, index, columns, before in _COVERING:
        if before:
            op.create_index(before, table, _BEFORE.get(before, columns[:1]))
        op.drop_index(index, table)
    op.execute("DROP INDEX ix_search_number_key")
    op.execute("CREATE INDEX ix_search_number_key ON search_number (key)")
    if op.get_bind().dialect.name != "postgresql":
        return
    _rewrite(f"exact = ts_delete(p.exact, {_MARKS}), folded = ts_delete(p.folded, {_MARKS})", of=f"NOT {_UNMARKED}")


def _rewrite(change: str, *, of: str) -> None:
    """Those vectors; their indexes are made anew behind, which takes a tenth of the time. Where there is none nothing is done."""
    if not op.get_bind().execute(sa.text(f"SELECT EXISTS (SELECT 1 FROM search_page p WHERE {of})")).scalar_one():  # noqa: S608 - the texts above
        return
    for index in _WORDS.values():
        op.execute(f"DROP INDEX {index}")
    op.execute(f"UPDATE search_page p SET {change} FROM component c WHERE c.id = p.component_id AND {of}")  # noqa: S608 - the texts above
    for column, index in _WORDS.items():
        op.execute(f"CREATE INDEX {index} ON search_page USING gin ({column})")
