"""Runs that are scored anew in a job, after an objection was upheld."""

import sqlalchemy as sa
from alembic import op

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None

COUNTS = ("rescores_asked", "rescores_done", "rescored_units")


def upgrade() -> None:
    with op.batch_alter_table("assessments") as table:
        for name in COUNTS:
            table.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        table.create_check_constraint(
            op.f("ck_assessments_rescored_when_asked"), "rescores_done BETWEEN 0 AND rescores_asked"
        )
    with op.batch_alter_table("assessments") as table:
        for name in COUNTS:
            table.alter_column(name, server_default=None)
