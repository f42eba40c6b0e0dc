"""Codes, the warehouse of results, reuse, versions, imported catalog lines, and what the classifier learns from.

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("agency", sa.Column("given_code", sa.String(40)))
    op.add_column("agency", sa.Column("valid_from", sa.Date()))
    op.add_column("agency", sa.Column("valid_to", sa.Date()))
    for column in (
        sa.Column("attributes", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("flags", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("slot", sa.String(60)),
        sa.Column("scope", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("signature", sa.String(20), nullable=False, server_default="not_required"),
        sa.Column("code", sa.String(200)),
    ):
        op.add_column("component", column)
    # An index and not a constraint: SQLite would have to write the table anew, and others point to it.
    op.create_index("uq_component_code", "component", ["code"], unique=True)
    op.create_table(
        "component_version",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("component_id", sa.String(32), sa.ForeignKey("component.id"), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("replaced_at", _TIME, nullable=False),
        sa.Column("replaced_by", sa.String(110), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.UniqueConstraint("component_id", "version", name="uq_component_version_component_id_version"),
    )
    op.create_table(
        "result",
        sa.Column("id", sa.String(32), sa.ForeignKey("component.id"), primary_key=True),
        sa.Column("agency_id", sa.String(32), sa.ForeignKey("agency.id"), nullable=False, index=True),
        sa.Column("holder_id", sa.String(32), sa.ForeignKey("holder.id")),
        sa.Column("paper_type", sa.String(60), nullable=False, index=True),
        sa.Column("number_key", sa.String(200), nullable=False, index=True),
        sa.Column("issued_on", sa.Date(), index=True),
        sa.Column("valid_until", sa.Date()),
        sa.Column("expiry_rule", sa.String(80), nullable=False),
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("stored_at", _TIME, nullable=False),
        sa.Column("returned_at", _TIME),
        sa.Column("ended_on", sa.Date()),
        sa.Column("cancelled_at", _TIME),
        sa.Column("cancelled_by", sa.String(110)),
        sa.Column("cancel_reason", sa.String(300)),
        sa.Column("replaced_by_id", sa.String(32), sa.ForeignKey("result.id")),
    )
    op.create_index("ix_result_holder_id_paper_type", "result", ["holder_id", "paper_type"])
    op.create_table(
        "reuse_link",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("result_id", sa.String(32), sa.ForeignKey("result.id"), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.String(32), sa.ForeignKey("dossier.id"), nullable=False, index=True),
        sa.Column("agency_id", sa.String(32), sa.ForeignKey("agency.id"), nullable=False, index=True),
        sa.Column("slot", sa.String(60), nullable=False),
        sa.Column("state", sa.String(2), nullable=False),
        sa.Column("actor", sa.String(110), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.UniqueConstraint("result_id", "dossier_id", "slot", name="uq_reuse_link_result_dossier_slot"),
    )
    op.create_table(
        "issued_code",
        sa.Column("code", sa.String(200), primary_key=True),
        sa.Column("component_id", sa.String(32), nullable=False, index=True),
        sa.Column("template", sa.String(60), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor", sa.String(110), nullable=False),
    )
    op.create_table(
        "catalog_line",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("imported_at", _TIME, nullable=False),
        sa.Column("imported_by", sa.String(110), nullable=False),
        sa.UniqueConstraint("kind", "code", "valid_from", name="uq_catalog_line_kind_code_valid_from"),
    )
    op.create_table(
        "example",
        sa.Column("component_id", sa.String(32), sa.ForeignKey("component.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("paper_type", sa.String(60), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("guessed", sa.String(60)),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_table(
        "learned_model",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("made_at", _TIME, nullable=False, index=True),
        sa.Column("object_key", sa.String(200)),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    for table in (
        "learned_model",
        "example",
        "catalog_line",
        "issued_code",
        "reuse_link",
        "result",
        "component_version",
    ):
        op.drop_table(table)
    op.drop_index("uq_component_code", "component")
    for column in ("code", "signature", "scope", "slot", "flags", "attributes"):
        op.drop_column("component", column)
    for column in ("valid_to", "valid_from", "given_code"):
        op.drop_column("agency", column)
