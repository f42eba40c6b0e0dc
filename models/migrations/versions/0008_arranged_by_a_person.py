"""How a person arranged a scan's pages into papers.

Revision: 0008, after 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("scan", sa.Column("arrangement", sa.JSON()))


def downgrade() -> None:
    op.drop_column("scan", "arrangement")
