"""Where on a page its warnings are about.

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    # Pages looked at before have none.
    op.add_column("page", sa.Column("warning_regions", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("page", "warning_regions")
