"""A draw whose public value is out is called off by two people: who asked, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0119"
down_revision = "0118"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("supervision_draws") as table:
        table.add_column(sa.Column("cancel_asked_reason", sa.Text(), nullable=True))
        table.add_column(sa.Column("cancel_asked_at", _AT, nullable=True))
        table.add_column(sa.Column("cancel_asked_by_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("cancelled_at", _AT, nullable=True))
        table.create_foreign_key(
            op.f("fk_supervision_draws_cancel_asked_by_id_people"), "people", ["cancel_asked_by_id"], ["id"]
        )
        table.create_check_constraint(
            op.f("ck_supervision_draws_cancel_asked_as_a_whole"),
            "(cancel_asked_by_id IS NULL) = (cancel_asked_at IS NULL)"
            " AND (cancel_asked_by_id IS NULL) = (cancel_asked_reason IS NULL)",
        )
        table.create_check_constraint(
            op.f("ck_supervision_draws_cancelled_when_cancelled"), "cancelled_at IS NULL OR status = 'cancelled'"
        )
