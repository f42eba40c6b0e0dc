"""A dossier tells the types of its stored papers, so that reports read no papers; what a result said for them alone goes.

Revision: 0019, after 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | None = None
depends_on: str | None = None

_OF_RESULTS = "ix_result_dossier_id_paper_type_issued_on_slot"
_DAY = {
    "sqlite": "date(d.created_at, '+7 hours')",
    "postgresql": "CAST(d.created_at AT TIME ZONE INTERVAL '+7 hours' AS DATE)",
}
_LISTED = {"sqlite": "group_concat(DISTINCT token)", "postgresql": "string_agg(DISTINCT token, ',')"}


def upgrade() -> None:
    op.add_column("dossier", sa.Column("stored_types", sa.Text(), nullable=False, server_default=""))
    dialect = op.get_bind().dialect.name
    op.execute(
        f"""
        UPDATE dossier SET stored_types = told.types FROM (
            SELECT dossier_id, {_LISTED[dialect]} AS types FROM (
                SELECT r.dossier_id, CASE
                    WHEN r.paper_type <> '' AND r.slot = '' AND (r.issued_on IS NULL OR r.issued_on >= {_DAY[dialect]}) THEN r.paper_type
                    ELSE '-' END AS token
                FROM result r JOIN dossier d ON d.id = r.dossier_id WHERE NOT d.backscan
            ) AS paper GROUP BY dossier_id
        ) AS told WHERE told.dossier_id = dossier.id
        """  # noqa: S608 - the dialect's own words, from above
    )
    op.drop_index(_OF_RESULTS, "result")
    op.create_index("ix_result_dossier_id", "result", ["dossier_id"])
    op.drop_column("result", "slot")


def downgrade() -> None:
    op.add_column("result", sa.Column("slot", sa.String(60), nullable=False, server_default=""))
    op.execute("UPDATE result SET slot = c.slot FROM component c WHERE c.id = result.id AND c.slot IS NOT NULL")
    op.drop_index("ix_result_dossier_id", "result")
    op.create_index(_OF_RESULTS, "result", ["dossier_id", "paper_type", "issued_on", "slot"])
    op.drop_column("dossier", "stored_types")
