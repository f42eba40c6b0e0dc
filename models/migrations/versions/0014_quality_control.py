"""Quality control of batches; and the log outlives papers that are taken away.

Revision: 0014, after 0013
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)


def _id(name: str = "id") -> sa.Column[str]:
    return sa.Column(name, sa.String(32), primary_key=True)


def _of(
    table: str, *, name: str = "", null: bool = False, index: bool = False, on: str | None = None
) -> sa.Column[str]:
    key = sa.ForeignKey(f"{table}.id", ondelete=on)
    return sa.Column(name or f"{table}_id", sa.String(32), key, nullable=null, index=index)


def _text(name: str, length: int, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=null)


def _faults() -> Sequence[sa.Column[str]]:
    return (sa.Column("faults", sa.JSON(), nullable=False), _text("words", 300))


def upgrade() -> None:
    # An id in the log stays when its paper is taken away, which a foreign key would hinder.
    with op.batch_alter_table("event") as event:
        event.drop_constraint("fk_event_component_id_component", type_="foreignkey")
    op.create_table(
        "quality_plan",
        sa.Column("batch_id", sa.String(32), sa.ForeignKey("batch.id"), primary_key=True),
        _of("agency"),
        _text("seed", 64),
        sa.Column("sample_share", sa.Float(), nullable=False),
        sa.Column("error_limit", sa.Float(), nullable=False),
        sa.Column("keyed_fields", sa.JSON(), nullable=False),
        sa.Column("keying_share", sa.Float(), nullable=False),
        sa.Column("drawn_at", _TIME),
        sa.Column("looked_at", _TIME),
        sa.Column("changed_at", _TIME, nullable=False),
        _text("changed_by", 110),
    )
    op.create_table(
        "quality_stratum",
        _id(),
        _of("batch"),
        _of("agency"),
        _text("checker", 110),
        _text("scanner", 110),
        _text("band", 10),
        sa.Column("papers", sa.Integer(), nullable=False),
        _text("state", 10),
        sa.Column("drawn_at", _TIME, nullable=False),
        sa.Column("failed_at", _TIME),
        _text("waived_by", 110, null=True),
        sa.Column("waived_at", _TIME),
        _text("waive_reason", 300),
    )
    op.create_index("ix_quality_stratum_batch_id_state", "quality_stratum", ["batch_id", "state"])
    op.create_table(
        "quality_paper",
        sa.Column("component_id", sa.String(32), sa.ForeignKey("component.id", ondelete="CASCADE"), primary_key=True),
        _of("batch"),
        _of("agency"),
        _text("state", 10),
        sa.Column("version", sa.Integer(), nullable=False),
        *_faults(),
        _text("said_by", 110),
        sa.Column("said_at", _TIME, nullable=False),
        _text("checked_by", 110, null=True),
        sa.Column("checked_at", _TIME),
        _of("quality_stratum", name="stratum_id", null=True, index=True),
        _of("quality_stratum", name="sent_back_id", null=True, index=True),
    )
    op.create_index("ix_quality_paper_batch_id_state", "quality_paper", ["batch_id", "state"])
    op.create_table(
        "quality_finding",
        _id(),
        _of("component", on="CASCADE"),
        _of("quality_stratum", name="stratum_id", index=True),
        _of("batch"),
        _of("agency"),
        _text("rank", 64),
        sa.Column("drawn_at", _TIME, nullable=False),
        _text("state", 10),
        *_faults(),
        sa.Column("critical", sa.Boolean(), nullable=False),
        _text("checked_by", 110, null=True),
        sa.Column("checked_at", _TIME),
        sa.UniqueConstraint("component_id", "stratum_id", name="uq_quality_finding_component_id_stratum_id"),
    )
    op.create_index("ix_quality_finding_batch_id_state", "quality_finding", ["batch_id", "state"])
    op.create_table(
        "quality_deviation",
        _id(),
        _of("component", on="CASCADE"),
        _of("batch"),
        _of("agency"),
        sa.Column("item_number", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        _text("what", 30),
        sa.Column("value", sa.Float()),
        sa.Column("usual", sa.Float()),
        sa.Column("score", sa.Float()),
        _text("state", 10),
        sa.Column("found_at", _TIME, nullable=False),
        _text("words", 300),
        _text("said_by", 110, null=True),
        sa.Column("said_at", _TIME),
        sa.UniqueConstraint("component_id", "page", "what", name="uq_quality_deviation_component_id_page_what"),
    )
    op.create_index("ix_quality_deviation_batch_id_state", "quality_deviation", ["batch_id", "state"])
    op.create_table(
        "quality_keying",
        _id(),
        _of("component", on="CASCADE"),
        _of("batch"),
        _of("agency"),
        _text("field", 60),
        _text("read", 1000, null=True),
        _text("state", 10),
        _text("answer", 10, null=True),
        _text("value", 1000, null=True),
        sa.Column("agreed", sa.Boolean()),
        sa.Column("machine_right", sa.Boolean()),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("settled_at", _TIME),
        sa.UniqueConstraint("component_id", "field", name="uq_quality_keying_component_id_field"),
    )
    op.create_index("ix_quality_keying_batch_id_state", "quality_keying", ["batch_id", "state"])
    op.create_table(
        "quality_entry",
        _id(),
        _of("quality_keying", name="keying_id", on="CASCADE"),
        sa.Column("place", sa.Integer(), nullable=False),
        _text("answer", 10),
        _text("value", 1000, null=True),
        sa.Column("was_right", sa.Boolean()),
        _text("actor", 110),
        sa.Column("at", _TIME, nullable=False),
        sa.UniqueConstraint("keying_id", "place", name="uq_quality_entry_keying_id_place"),
        sa.UniqueConstraint("keying_id", "actor", name="uq_quality_entry_keying_id_actor"),
    )


def downgrade() -> None:
    for table in ("entry", "keying", "deviation", "finding", "paper", "stratum", "plan"):
        op.drop_table(f"quality_{table}")
    lost = "component_id IS NOT NULL AND component_id NOT IN (SELECT id FROM component)"
    op.execute(sa.text(f"UPDATE event SET component_id = NULL WHERE {lost}"))  # noqa: S608 - our own words
    with op.batch_alter_table("event") as event:
        event.create_foreign_key("fk_event_component_id_component", "component", ["component_id"], ["id"])
