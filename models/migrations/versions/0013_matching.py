"""What matching papers to the inventory leaves to people, and what they decided.

Revision: 0013, after 0012 (0012 is another branch's; whichever is merged last follows the other)
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "inventory_exception",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("agency_id", sa.String(32), sa.ForeignKey("agency.id"), nullable=False),
        sa.Column("identity", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("line_id", sa.String(32), sa.ForeignKey("inventory_line.id"), index=True),
        sa.Column("component_id", sa.String(32), sa.ForeignKey("component.id", ondelete="SET NULL"), index=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("found_at", _TIME, nullable=False),
        sa.Column("gone_at", _TIME),
        sa.Column("decision", sa.String(10)),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("tied_line_id", sa.String(32), sa.ForeignKey("inventory_line.id"), index=True),
        sa.Column("tied_component_id", sa.String(32), sa.ForeignKey("component.id", ondelete="SET NULL"), index=True),
        sa.Column("settled_by", sa.String(110)),
        sa.Column("settled_at", _TIME),
        sa.UniqueConstraint("identity", name="uq_inventory_exception_identity"),
    )
    op.create_index(
        "ix_inventory_exception_agency_id_state_kind", "inventory_exception", ["agency_id", "state", "kind"]
    )


def downgrade() -> None:
    op.drop_table("inventory_exception")
