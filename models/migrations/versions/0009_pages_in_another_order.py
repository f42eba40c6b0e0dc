"""Pages in another order than in the file that came, and pages left out.

Revision: 0009, after 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("page", sa.Column("source_number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("page", sa.Column("left_out", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE page SET source_number = number"))
    # An index and not a constraint: SQLite would have to write the table anew.
    op.create_index("uq_page_scan_source_number", "page", ["scan_id", "source_number"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_page_scan_source_number", "page")
    op.drop_column("page", "left_out")
    op.drop_column("page", "source_number")
