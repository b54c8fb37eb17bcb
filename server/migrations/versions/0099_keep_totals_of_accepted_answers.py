"""What accepted answers come to, kept by the job that adds up; what was sent before is counted once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "rollup_accepted",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("totals", _JSON, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_rollup_accepted")),
    )
    op.execute(
        "INSERT INTO rollup_changes (root_id)"
        " SELECT DISTINCT root_id FROM assignments WHERE kind = 'summary' AND status <> 'draft'"
    )
