"""How a dossier came in and ended, and the paper results that agencies counted.

Revision: 0010, after 0009
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None

LOCAL = timezone(timedelta(hours=7))


def upgrade() -> None:
    op.add_column("dossier", sa.Column("channel", sa.String(10), nullable=False, server_default="counter"))
    op.add_column("dossier", sa.Column("finished_on", sa.Date()))
    op.add_column("dossier", sa.Column("result_form", sa.String(12)))
    op.create_index("ix_dossier_agency_id_created_at", "dossier", ["agency_id", "created_at"])
    op.create_index("ix_dossier_agency_id_finished_on", "dossier", ["agency_id", "finished_on"])
    _finish_what_was_handed_over()
    op.create_table(
        "inventory_import",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("agency_id", sa.String(32), sa.ForeignKey("agency.id"), nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(110), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
    )
    op.create_table(
        "inventory_columns",
        sa.Column("agency_id", sa.String(32), sa.ForeignKey("agency.id"), primary_key=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "inventory_line",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("agency_id", sa.String(32), sa.ForeignKey("agency.id"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("procedure", sa.String(50), nullable=False),
        sa.Column("code", sa.String(250), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("number_key", sa.String(200), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("paper_type", sa.String(60)),
        sa.Column("holder_name", sa.String(200), nullable=False),
        sa.Column("holder_id_number", sa.String(50), nullable=False),
        sa.Column("issued_on", sa.Date()),
        sa.Column("box", sa.String(60), nullable=False),
        sa.Column("shelf", sa.String(60), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("import_id", sa.String(32), sa.ForeignKey("inventory_import.id"), nullable=False, index=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("result_id", sa.String(32), sa.ForeignKey("result.id")),
        sa.Column("scanned_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint(
            "agency_id", "year", "procedure", "code", name="uq_inventory_line_agency_year_procedure_code"
        ),
    )
    op.create_index("uq_inventory_line_result_id", "inventory_line", ["result_id"], unique=True)
    op.create_index("ix_inventory_line_agency_id_number_key", "inventory_line", ["agency_id", "number_key"])


def _finish_what_was_handed_over() -> None:
    """A dossier whose paper was handed to its holder had ended by then; whether by an electronic result is not known."""
    result = sa.table("result", sa.column("id"), sa.column("returned_at", sa.DateTime(timezone=True)))
    component = sa.table("component", sa.column("id"), sa.column("dossier_id"))
    dossier = sa.table("dossier", sa.column("id"), sa.column("finished_on", sa.Date()), sa.column("result_form"))
    first = (
        sa.select(component.c.dossier_id, sa.func.min(result.c.returned_at, type_=sa.DateTime(timezone=True)))
        .join(component, component.c.id == result.c.id)
        .where(result.c.returned_at.is_not(None))
        .group_by(component.c.dossier_id)
    )
    connection = op.get_bind()
    ended = [{"of": of, "day": _local_day(at)} for of, at in connection.execute(first)]
    if ended:
        change = dossier.update().where(dossier.c.id == sa.bindparam("of"))
        connection.execute(change.values(finished_on=sa.bindparam("day"), result_form="paper"), ended)


def _local_day(at: datetime) -> object:
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)  # SQLite keeps no zone
    return aware.astimezone(LOCAL).date()


def downgrade() -> None:
    op.drop_table("inventory_line")
    op.drop_table("inventory_columns")
    op.drop_table("inventory_import")
    op.drop_index("ix_dossier_agency_id_finished_on", "dossier")
    op.drop_index("ix_dossier_agency_id_created_at", "dossier")
    op.drop_column("dossier", "result_form")
    op.drop_column("dossier", "finished_on")
    op.drop_column("dossier", "channel")
