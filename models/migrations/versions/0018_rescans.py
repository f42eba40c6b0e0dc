"""Returned papers of a batch scanned again; what round 2 found of one outlives it.

Revision: 0018, after 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)
_FINDING = "fk_quality_finding_component_id_component"


def _of(table: str, name: str, *, index: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(32), sa.ForeignKey(f"{table}.id"), nullable=False, index=index)


def upgrade() -> None:
    op.create_table(
        "batch_rescan",
        sa.Column("id", sa.String(32), primary_key=True),
        _of("batch", "batch_id"),
        _of("agency", "agency_id"),
        _of("batch_item", "item_id", index=True),
        sa.Column("component_id", sa.String(32), nullable=False),
        _of("scan", "old_scan_id", index=True),
        _of("scan", "scan_id"),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason_code", sa.String(50)),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("asked_by", sa.String(110), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.UniqueConstraint("scan_id", name="uq_batch_rescan_scan_id"),
    )
    op.create_index("ix_batch_rescan_batch_id_component_id", "batch_rescan", ["batch_id", "component_id"])
    _finding("SET NULL", nullable=True)


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM quality_finding WHERE component_id IS NULL"))
    _finding("CASCADE", nullable=False)
    op.drop_table("batch_rescan")


def _finding(on_delete: str, *, nullable: bool) -> None:
    with op.batch_alter_table("quality_finding") as table:
        table.drop_constraint(_FINDING, type_="foreignkey")
        table.alter_column("component_id", existing_type=sa.String(32), nullable=nullable)
        table.create_foreign_key(_FINDING, "component", ["component_id"], ["id"], ondelete=on_delete)
