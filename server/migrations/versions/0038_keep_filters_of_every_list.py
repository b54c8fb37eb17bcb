"""Keep filters of every list, not of the queue alone: those kept so far are the queue's."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("saved_filters") as table:
        table.add_column(sa.Column("list_name", sa.String(length=30), nullable=False, server_default="queue"))
        table.drop_constraint(op.f("uq_saved_filters_person_id_name"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_saved_filters_person_id_list_name_name"), ["person_id", "list_name", "name"]
        )
    with op.batch_alter_table("saved_filters") as table:
        table.alter_column("list_name", server_default=None)
