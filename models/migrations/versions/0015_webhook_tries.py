"""Webhooks that pause and change their secret, and each try of a delivery.

Revision: 0015, after 0013 (0014 is another topic's)
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("webhook", sa.Column("paused_at", _TIME))
    op.add_column("webhook", sa.Column("former_secret", sa.String(100)))
    op.add_column("webhook", sa.Column("former_until", _TIME))
    op.create_table(
        "webhook_try",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column(
            "delivery_id",
            sa.String(32),
            sa.ForeignKey("webhook_delivery.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("error", sa.String(200)),
    )
    # A subscription's deliveries, newest first; 0012's index of the agency's states serves the rest.
    op.create_index("ix_webhook_delivery_webhook_id_created_at", "webhook_delivery", ["webhook_id", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_webhook_delivery_webhook_id_created_at", "webhook_delivery")
    op.drop_table("webhook_try")
    with op.batch_alter_table("webhook") as table:
        for column in ("former_until", "former_secret", "paused_at"):
            table.drop_column(column)
