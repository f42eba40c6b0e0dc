"""What reports count stands beside it: which dossiers are the backlog's, and of which dossier and slot a result is.

Revision: 0017, after 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | None = None
depends_on: str | None = None

_OF_A_YEAR = "ix_result_issued_on_counted"
_OF_RESULTS = "ix_result_dossier_id_paper_type_issued_on_slot"


def upgrade() -> None:
    op.add_column("dossier", sa.Column("backscan", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE dossier SET backscan = true WHERE id IN (SELECT dossier_id FROM scan WHERE queue = 'backscan')")
    op.drop_index("ix_dossier_agency_id_finished_on", "dossier")
    of_postgresql, of_sqlite = sa.text("NOT backscan"), sa.text("backscan = 0")
    for day in ("created_at", "finished_on"):
        name, columns = f"ix_dossier_case_{day}", ["agency_id", day]
        op.create_index(name, "dossier", columns, postgresql_where=of_postgresql, sqlite_where=of_sqlite)
    # Without a foreign key: the component has it, and SQLite adds no such column that must be filled.
    op.add_column("result", sa.Column("dossier_id", sa.String(32), nullable=False, server_default=""))
    op.add_column("result", sa.Column("slot", sa.String(60), nullable=False, server_default=""))
    op.add_column("result", sa.Column("scanned_at", sa.DateTime(timezone=True)))
    op.drop_index("ix_result_id_paper_type_issued_on", "result")
    op.drop_index("ix_result_issued_on", "result")
    op.execute(
        "UPDATE result SET dossier_id = c.dossier_id, slot = COALESCE(c.slot, ''), scanned_at = s.created_at"
        " FROM component c JOIN scan s ON s.id = c.scan_id WHERE c.id = result.id"
    )
    op.create_index(_OF_A_YEAR, "result", ["issued_on", "agency_id", "paper_type", "scanned_at", "id", "dossier_id"])
    op.create_index(_OF_RESULTS, "result", ["dossier_id", "paper_type", "issued_on", "slot"])
    op.create_index("ix_result_agency_id_stored_at", "result", ["agency_id", "stored_at"])
    op.drop_index("ix_result_agency_id", "result")
    op.create_index("ix_reuse_link_agency_id_dossier_id", "reuse_link", ["agency_id", "dossier_id"])
    op.drop_index("ix_reuse_link_agency_id", "reuse_link")


def downgrade() -> None:
    op.create_index("ix_reuse_link_agency_id", "reuse_link", ["agency_id"])
    op.drop_index("ix_reuse_link_agency_id_dossier_id", "reuse_link")
    op.create_index("ix_result_agency_id", "result", ["agency_id"])
    op.drop_index("ix_result_agency_id_stored_at", "result")
    op.drop_index(_OF_RESULTS, "result")
    op.drop_index(_OF_A_YEAR, "result")
    op.create_index("ix_result_issued_on", "result", ["issued_on"])
    for column in ("scanned_at", "slot", "dossier_id"):
        op.drop_column("result", column)
    op.create_index("ix_result_id_paper_type_issued_on", "result", ["id", "paper_type", "issued_on"])
    for day in ("created_at", "finished_on"):
        op.drop_index(f"ix_dossier_case_{day}", "dossier")
    op.create_index("ix_dossier_agency_id_finished_on", "dossier", ["agency_id", "finished_on"])
    op.drop_column("dossier", "backscan")
