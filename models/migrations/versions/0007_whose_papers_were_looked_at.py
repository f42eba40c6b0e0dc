"""Whose warehouse a look is about, and what somebody did on a day.

Revision: 0007, after 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    # No constraint: SQLite would have to write the table anew, and it is the longest of all. Events before have none.
    op.add_column("event", sa.Column("holder_id", sa.String(32)))
    op.create_index("ix_event_holder_id", "event", ["holder_id"])
    op.create_index("ix_event_actor_at", "event", ["actor", "at"])
    op.create_index("ix_event_at", "event", ["at"])


def downgrade() -> None:
    op.drop_index("ix_event_at", "event")
    op.drop_index("ix_event_actor_at", "event")
    op.drop_index("ix_event_holder_id", "event")
    op.drop_column("event", "holder_id")
