"""Spot checks are kept while they are filled in, and findings with what was said of them; their jobs and lists are called
by the part of the engine that they belong to now."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_JOBS = {
    "inspections.report_findings": "findings.report_findings",
    "inspections.report_spot_check": "spot_checks.report_check",
}


def upgrade() -> None:
    with op.batch_alter_table("spot_checks") as table:
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("edited_by_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(op.f("fk_spot_checks_edited_by_id_people"), "people", ["edited_by_id"], ["id"])
        table.alter_column("version", server_default=None)
    with op.batch_alter_table("inspection_findings") as table:
        table.add_column(sa.Column("words", sa.String(length=500), nullable=False, server_default=""))
        table.add_column(sa.Column("photos", _JSON, nullable=False, server_default="[]"))
        table.alter_column("words", server_default=None)
        table.alter_column("photos", server_default=None)
    for before, after in _JOBS.items():
        op.execute(sa.text("UPDATE jobs SET name = :after WHERE name = :before").bindparams(before=before, after=after))
    op.execute(
        sa.text(
            "UPDATE saved_filters SET list_name = 'findings', query = replace(query, 'inspection=', 'assignment=') "
            "WHERE list_name = 'inspection_findings'"
        )
    )
