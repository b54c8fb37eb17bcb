"""Say which report another one corrects, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bulletins") as table:
        table.add_column(sa.Column("corrects_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("reason", sa.Text(), nullable=True))
        table.create_foreign_key(op.f("fk_bulletins_corrects_id_bulletins"), "bulletins", ["corrects_id"], ["id"])
        table.create_unique_constraint(op.f("uq_bulletins_corrects_id"), ["corrects_id"])
        table.create_check_constraint(
            op.f("ck_bulletins_corrected_with_reason"), "(corrects_id IS NULL) = (reason IS NULL)"
        )
