"""Batches of a back-scan: sources, files, documents, and the inventory keys of their papers.

Revision: 0011, after 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)


def _id(target: str = "", *, nullable: bool = False, index: bool = False) -> sa.Column[str]:
    name = f"{target.partition('.')[0]}_id"
    return sa.Column(name, sa.String(32), sa.ForeignKey(target), nullable=nullable, index=index)


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.String(32), primary_key=True),
        _id("agency.id", index=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("state", sa.String(10), nullable=False, index=True),
        sa.Column("state_code", sa.String(50)),
        sa.Column("state_detail", sa.String(300)),
        sa.Column("procedure", sa.String(50), nullable=False),
        sa.Column("layout", sa.String(10), nullable=False),
        sa.Column("duplex", sa.String(12), nullable=False),
        sa.Column("key_pattern", sa.String(200), nullable=False),
        sa.Column("code_pattern", sa.String(200), nullable=False),
        sa.Column("page_failure", sa.String(10), nullable=False),
        sa.Column("existing", sa.String(10), nullable=False),
        sa.Column("max_failure_share", sa.Float()),
        sa.Column("failure_floor", sa.Integer(), nullable=False),
        sa.Column("hours", sa.String(100), nullable=False),
        sa.Column("max_under_way", sa.Integer(), nullable=False),
        sa.Column("yields", sa.Boolean(), nullable=False),
        sa.Column("settle_seconds", sa.Float(), nullable=False),
        sa.Column("created_by", sa.String(110), nullable=False),
        sa.Column("created_at", _TIME, nullable=False, index=True),
        sa.Column("started_at", _TIME),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.UniqueConstraint("agency_id", "name", name="uq_batch_agency_id_name"),
    )
    op.create_table(
        "batch_source",
        sa.Column("id", sa.String(32), primary_key=True),
        _id("batch.id"),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("path_key", sa.String(64), nullable=False),
        sa.Column("refused_code", sa.String(50)),
        sa.Column("refused_detail", sa.String(500)),
        sa.Column("added_at", _TIME, nullable=False),
        sa.UniqueConstraint("batch_id", "path_key", name="uq_batch_source_batch_id_path_key"),
    )
    op.create_table(
        "batch_item",
        sa.Column("id", sa.String(32), primary_key=True),
        _id("batch.id"),
        _id("agency.id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("path_key", sa.String(64), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("media_type", sa.String(50)),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("original_key", sa.String(200)),
        sa.Column("content_key", sa.String(64)),
        sa.Column("key", sa.String(200)),
        sa.Column("key_from", sa.String(10)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason_code", sa.String(50)),
        sa.Column("reason_detail", sa.String(500)),
        sa.Column("duplicate_of_id", sa.String(32), sa.ForeignKey("batch_item.id")),
        _id("dossier.id", nullable=True),
        _id("scan.id", nullable=True, index=True),
        sa.Column("replaces_id", sa.String(32), sa.ForeignKey("scan.id")),
        sa.Column("pages", sa.Integer()),
        sa.Column("pages_failed", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("posted_at", _TIME),
        sa.Column("settled_at", _TIME),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.UniqueConstraint("batch_id", "path_key", name="uq_batch_item_batch_id_path_key"),
        sa.UniqueConstraint("batch_id", "content_key", name="uq_batch_item_batch_id_content_key"),
        sa.UniqueConstraint("batch_id", "number", name="uq_batch_item_batch_id_number"),
    )
    op.create_index("ix_batch_item_batch_id_state", "batch_item", ["batch_id", "state"])
    op.create_index("ix_batch_item_batch_id_changed_at", "batch_item", ["batch_id", "changed_at"])
    op.create_index("ix_batch_item_agency_id_key", "batch_item", ["agency_id", "key"])
    op.create_index("ix_batch_item_state_batch_id", "batch_item", ["state", "batch_id"])
    op.create_table(
        "batch_file",
        sa.Column("id", sa.String(32), primary_key=True),
        _id("batch.id"),
        sa.Column("item_id", sa.String(32), sa.ForeignKey("batch_item.id"), nullable=False, index=True),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("path_key", sa.String(64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("stamp", sa.String(60), nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(5), nullable=False),
        sa.UniqueConstraint("batch_id", "path_key", name="uq_batch_file_batch_id_path_key"),
    )
    op.create_table(
        "batch_paper",
        sa.Column("component_id", sa.String(32), sa.ForeignKey("component.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("item_id", sa.String(32), sa.ForeignKey("batch_item.id"), nullable=False, index=True),
        _id("agency.id"),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("key_from", sa.String(10), nullable=False),
    )
    op.create_index("ix_batch_paper_agency_id_key", "batch_paper", ["agency_id", "key"])


def downgrade() -> None:
    for table in ("batch_paper", "batch_file", "batch_item", "batch_source", "batch"):
        op.drop_table(table)
